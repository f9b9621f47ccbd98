"""Pages and files that no one writes by hand: codebooks, data dictionary, front page's finding, table of contents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from toolkit.codebooks import Codebook, Entry, Pattern, list_codebooks, list_formats
from toolkit.parsing.formats import ARCHIVES, FORMATS
from toolkit.parsing.steps import STEPS
from toolkit.publishing.documents import escape_markdown, write_json
from toolkit.publishing.pages import write_table
from toolkit.publishing.plan import GENERATED, Page, Part, Plan
from toolkit.showing.display import Shown
from toolkit.tables import TABLES

_TYPES = {"state": "States", "organisation": "Organisations", "person": "People", "medium": "Media", "group": "Groups", "": "Others"}


def write_dictionary() -> str:
    """Write the data dictionary: every table that crosses a door, from the schemas the code itself is held to.

    Example:
        >>> write_dictionary().splitlines()[0]
        '# Data dictionary'
    """
    blocks = [
        "# Data dictionary",
        "Every table of the toolkit, and so every file it writes, has one of these shapes. The code is held to the same list.",
    ]
    for table in TABLES.values():
        grain = f"{table.grain[:1].upper()}{table.grain[1:]}."
        unique = f" Unique: {', '.join(table.unique)}." if table.unique else ""
        rows = [
            (
                escape_markdown(column.name),
                escape_markdown(column.type),
                escape_markdown(column.meaning + (f" One of: {', '.join(column.allowed)}." if column.allowed else "")),
                escape_markdown(column.unit),
                "yes" if column.missing else "the column" if column.optional else "no",
            )
            for column in table.columns
        ]
        head = ("Column", "Type", "Meaning", "Unit", "May be missing")
        blocks += [f"## {table.name}", escape_markdown(grain + unique), write_table(head, rows)]
    formats = [(kind, known.name, known.looks, known.gives) for kind, known in FORMATS.items()]
    written = [tuple(map(escape_markdown, row)) for row in formats]
    blocks += ["## Formats that are read", escape_markdown(f"Known by their content. Archives: {ARCHIVES}.")]
    blocks += [write_table(("--format", "Format", "Looks like", "Gives"), written)]
    blocks += ["## Steps of cleaning", "Each can be switched off by name: `--without`, or `without=` in Python."]
    blocks += [write_table(("Step", "What it does, and why"), [(name, escape_markdown(why)) for name, why in STEPS.items()])]
    return "\n\n".join(blocks) + "\n"


def write_codebook(codebook: Codebook) -> str:
    """Write a codebook's page: what each entry means, its patterns, what was tried and rejected, and why."""
    facts = [
        ("Id", codebook.id),
        ("Version", codebook.version),
        ("Source", codebook.source),
        ("Licence", codebook.licence),
        ("Notice", codebook.notice),
        ("SHA-256", codebook.sha256),
    ]
    blocks = [f"# {escape_markdown(codebook.title or f'Codebook: {codebook.id}')}"]
    blocks += [escape_markdown(text) for text in (codebook.meaning, codebook.comment) if text]
    blocks.append(write_table(("What", "Which"), [(name, escape_markdown(value)) for name, value in facts if value]))
    if codebook.kind == "actors":
        for kind, heading in _TYPES.items():
            entries = [entry for entry in codebook.entries if entry.type == kind and not entry.body]
            if entries:
                blocks += [f"## {heading}", _write_actors(entries)]
        if codebook.bodies:
            how = "Each makes an entry for each state, of Ukraine `UKR-MFA`; one that stands above too has these patterns beside its own."
            cells = [
                (body.label, ", ".join(pattern.text for pattern in body.patterns), ", ".join(body.of) or "all") for body in codebook.bodies
            ]
            rows = [(f"`…-{body.id}`", *map(escape_markdown, row)) for body, row in zip(codebook.bodies, cells, strict=True)]
            blocks += ["## Bodies by rule", how, write_table(("Id", "Label", "Patterns", "Of the states"), rows)]
    else:
        blocks += [block for entry in codebook.entries for block in _write_entry(entry)]
    return "\n\n".join(blocks) + "\n"


def write_formats() -> str:
    """Write the page of codebook formats: which are read, which are written, and what each can carry, as tried by the code itself.

    Example:
        >>> write_formats().splitlines()[0]
        '# Codebooks of other tools'
    """
    formats = list_formats()
    things = list(formats.columns[4:])
    blocks = [
        "# Codebooks of other tools",
        "`read_codebook` and `framebook codebook convert` read all of these, and write those that say so. What a format cannot say is"
        " listed on the way out, what we could not understand on the way in; nothing is dropped silently.",
        write_table(
            ("Format", "Name", "Files", "Written"),
            [
                (escape_markdown(title), f"`{name}`", escape_markdown(suffixes), "yes" if written else "no")
                for name, title, suffixes, written in formats[["format", "title", "suffixes", "written"]].itertuples(index=False)
            ],
        ),
        "## What each can carry",
        "Found by writing a codebook with each of these things and reading it back.",
        write_table(
            ("Thing", *(f"`{name}`" for name in formats["format"])),
            [(escape_markdown(thing), *(value or "–" for value in formats[thing])) for thing in things],
        ),
    ]
    return "\n\n".join(blocks) + "\n"


def write_front(page: Page, figure: Shown | None, finding: Shown | None, failed: Sequence[str], n_pages: int) -> dict[str, str | bytes]:
    """Write what `index.md` includes: one finding in words with its figure, and how many pages failed, if any.

    Args:
        page: The page the plan's `front` names.
        figure: Its figure; None if the page has none, or failed.
        finding: The words of the finding.
        failed: Slugs of failed pages.
        n_pages: Pages in the plan.

    Returns:
        File contents by path in `book/pages`; paths in the Markdown start at `book/`.
    """
    blocks, files = [], dict[str, str | bytes]()
    if failed:
        links = ", ".join(f"[{slug}](pages/{slug}.ipynb)" for slug in failed)
        blocks.append(f":::{{admonition}} {len(failed)} of {n_pages} pages failed\n:class: danger\n{links}\n:::")
    if finding is not None:
        blocks.append("\n".join(f"> {escape_markdown(line)}\n>" for line in finding.text.splitlines() if line.strip()))
    if figure is not None and figure.png:
        path = f"data/{page.slug}/{figure.name}.png"
        files[path] = figure.png
        alt = json.dumps(figure.alt, ensure_ascii=False)  # options are YAML, where a bare text may not hold a colon
        blocks.append(f":::{{figure}} pages/{path}\n:alt: {alt}\n:name: front-{figure.name}\n\n{escape_markdown(figure.caption)}\n:::")
    blocks.append(f"From the page [{escape_markdown(page.title)}](pages/{page.slug}.ipynb).")
    return files | {"front.md": "\n\n".join(blocks) + "\n"}


def list_documents(parts: Iterable[Part]) -> list[str]:
    """List the documents of parts of the plan, in order: paths in `book/` without suffix.

    Example:
        >>> list_documents([Part(caption="How it was made", prose=["methods", "data-dictionary"])])
        ['methods', 'pages/data-dictionary']
    """
    codebooks = [f"pages/codebook-{name}" for name in (*list_codebooks(), "formats")]
    generated = dict(zip(GENERATED, (codebooks, ["pages/data-dictionary"]), strict=True))
    return [
        document
        for part in parts
        for document in (
            *(f"pages/{page.slug}" for page in part.pages),
            *(written for name in part.prose for written in generated.get(name, [name])),
        )
    ]


def write_toc(plan: Plan) -> str:
    """Write `_toc.yml` (as JSON, which is YAML)."""
    parts = [{"caption": part.caption, "chapters": [{"file": name} for name in list_documents([part])]} for part in plan.parts]
    return write_json({"format": "jb-book", "root": "index", "parts": parts})


def _write_entry(entry: Entry) -> list[str]:
    """One entry of a frames or language codebook."""
    blocks = [f"##{'#' * entry.id.count('/')} {escape_markdown(entry.label)}", f"`{entry.id}`"]
    blocks += [escape_markdown(entry.meaning)] if entry.meaning else []
    listed = {
        "Patterns": [_say_pattern(pattern) for pattern in entry.patterns],
        "Never counted": [_say_pattern(pattern) for pattern in entry.protects],
    }
    blocks += [f"**{name}:** {_write_patterns(texts)}" for name, texts in listed.items() if texts]
    blocks += [escape_markdown(entry.comment)] if entry.comment else []
    if entry.rejected:
        blocks.append(write_table(("Tried and rejected", "Why"), _write_pairs(entry.rejected)))
    return blocks


def _write_actors(entries: Sequence[Entry]) -> str:
    """Actors of one type, a row each."""
    rows = []
    for entry in entries:
        notes = [entry.meaning, *(f"not {text}: {why}" for text, why in entry.rejected.items())]
        rows.append(
            (
                f"`{entry.id}`",
                escape_markdown(entry.label),
                _write_patterns([f"{_say_pattern(pattern)} ({pattern.via})" for pattern in entry.patterns]),
                _write_patterns([pattern.text for pattern in entry.protects]),
                escape_markdown("; ".join(filter(None, notes))),
            )
        )
    return write_table(("Id", "Label", "Patterns", "Never counted", "Notes"), rows)


def _say_pattern(pattern: Pattern) -> str:
    """A pattern with its conditions, in words."""
    near = []
    for one in pattern.near:
        place = "in the sentence with" if one.within is None else f"within {one.within} words of"
        near.append(f"{'not ' if one.negated else ''}{place} {', '.join(one.patterns)}")
    days = [f"{word} {day}" for word, day in (("from", pattern.start), ("to", pattern.end)) if day is not None]
    more = [
        *(["regular expression"] if pattern.is_regex else []),
        *([f"weight {pattern.weight:g}"] if pattern.weight != 1 else []),
        *near,
        *days,
    ]
    return pattern.text + (f" ({'; '.join(more)})" if more else "")


def _write_patterns(texts: Sequence[str]) -> str:
    """Patterns in a row."""
    return ", ".join(escape_markdown(text) for text in texts)


def _write_pairs(pairs: Mapping[str, str]) -> list[tuple[str, str]]:
    """Rejected patterns and reasons."""
    return [(escape_markdown(text), escape_markdown(why)) for text, why in pairs.items()]
