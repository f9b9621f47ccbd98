"""Pages and parts of pages that no one writes by hand, from templates in `data/`: codebooks, tables, run record, front page, contents."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolkit.codebooks import FORMATS as CODEBOOK_FORMATS
from toolkit.codebooks import Codebook, list_codebooks
from toolkit.markup import read_templates
from toolkit.parsing.formats import ARCHIVES, FORMATS
from toolkit.parsing.steps import STEPS
from toolkit.publishing.documents import escape_markdown, write_json
from toolkit.publishing.evidence import find_places, link_evidence
from toolkit.publishing.parameters import write_literal
from toolkit.publishing.plan import GENERATED, Page, Part, Plan
from toolkit.showing.display import Shown
from toolkit.tables import TABLES

FIRST = re.compile("<p>.*?</p>", re.DOTALL)
"""The first sentence of a finding: see finding.html."""
_Finding = tuple[Page, Mapping[str, str | bytes], Mapping[str, Shown], str]


def write_dictionary() -> str:
    """Write the data dictionary: every table that crosses a door, from the schemas the code itself is held to.

    Example:
        >>> write_dictionary().splitlines()[0]
        '# Data dictionary'
    """
    return fill_template("dictionary", tables=TABLES.values(), archives=ARCHIVES, steps=STEPS, formats=FORMATS, codebooks=CODEBOOK_FORMATS)


def write_codebook(codebook: Codebook) -> str:
    """Write a codebook's page: what each entry means, its patterns, what was tried and rejected, and why."""
    return fill_template("codebook", codebook=codebook)


def write_front(fronts: Sequence[_Finding], failed: Sequence[str], n_pages: int) -> dict[str, str | bytes]:
    """Write what `index.md` includes: findings in words, the first one's figure, and how many pages failed, if any.

    Args:
        fronts: For each finding its page, the files of that page, what its outputs hand to the book, and the name of the figure.
        failed: Slugs of failed pages.
        n_pages: Pages in the plan.

    Returns:
        File contents by path in `book/pages`; paths in the Markdown start at `book/`.
    """
    firsts = ((page, find_first(shown.get(f"finding-{name}"), files, "evidence/")) for page, files, shown, name in fronts)
    pictured = [(page, shown[name]) for page, _, shown, name in fronts[:1] if name in shown and shown[name].png]
    pictures = [(page, figure, f"data/{page.slug}/{figure.name}.png") for page, figure in pictured]
    front = fill_template("front", findings=[one for one in firsts if one[1]], figures=pictures, failed=failed, n_pages=n_pages)
    return {"front.md": front} | {path: figure.png for _, figure, path in pictures}


def find_first(finding: Shown | None, files: Mapping[str, str | bytes], folder: str) -> str:
    """Find the first sentence of a finding, each number linked to what it counts, on a page of evidence in a folder."""
    first = FIRST.search(finding.html) if finding is not None else None
    return link_evidence(first[0], find_places(files), folder) if first else ""


def list_documents(parts: Iterable[Part]) -> list[str]:
    """List the documents of parts of the plan, in order: paths in `book/` without suffix.

    Example:
        >>> list_documents([Part(caption="How it was made", prose=["methods", "data-dictionary"])])
        ['methods', 'pages/data-dictionary']
    """
    generated = dict(zip(GENERATED, ([f"pages/codebook-{name}" for name in list_codebooks()], ["pages/data-dictionary"]), strict=True))
    named = ([*(f"pages/{page.slug}" for page in part.pages), *part.prose] for part in parts)
    return [written for names in named for name in names for written in generated.get(name, [name])]


def write_toc(plan: Plan) -> str:
    """Write `_toc.yml` (as JSON, which is YAML)."""
    parts = [{"caption": part.caption, "chapters": [{"file": name} for name in list_documents([part])]} for part in plan.parts]
    return write_json({"format": "jb-book", "root": "index", "parts": parts})


def fill_template(name: str, **values: Any) -> str:
    """Fill a template of `data/`: `md` escapes what comes from outside, `yaml` quotes a text."""
    # options of a directive are YAML, where a bare text may not hold a colon
    return str(read_templates("publishing", md=escape_markdown, yaml=write_literal).get_template(f"{name}.md").render(**values))
