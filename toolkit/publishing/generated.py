"""Pages and parts of pages that no one writes by hand, from templates in `data/`: codebooks, tables, run record, front page, contents."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolkit.codebooks import FORMATS as CODEBOOK_FORMATS
from toolkit.codebooks import Codebook, list_codebooks
from toolkit.markup import clean_text, read_templates
from toolkit.parsing.formats import ARCHIVES, FORMATS
from toolkit.parsing.repair import STEPS
from toolkit.publishing.documents import Cell, escape_markdown, write_json
from toolkit.publishing.parameters import write_literal
from toolkit.publishing.plan import GENERATED, Page, Part, Plan
from toolkit.showing.display import Shown
from toolkit.tables import TABLES, read_data

FOLDER, MOST, *_PATTERNS = read_data("lists", "publishing")["generated"].values()
FIRST, _BEHIND, _ID, _EMPTY, _OF_FINDING, _SAID_ONCE, _LINK = map(re.compile, _PATTERNS)
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


def move_evidence(cells: Sequence[Cell], slug: str, title: str) -> dict[str, str]:
    """Move the sentences out of the outputs of a page, and let each number lead to them.

    Args:
        cells: The cells of the page; the HTML of their outputs is changed.
        slug: Of the page.
        title: Of the page.

    Returns:
        Pages of evidence, by path in `book/pages`.

    Example:
        >>> html = '<a href="#evidence-a">3</a><section class="fb-behind"><p class="fb-h" id="evidence-a">Three:</p></section>'
        >>> cell = {"cell_type": "code", "outputs": [{"data": {"text/html": html}}]}
        >>> list(move_evidence([cell], "actors", "Actors")), cell["outputs"][0]["data"]["text/html"]
        (['extra/evidence/actors-1.html'], '<a href="../evidence/actors-1.html#evidence-a">3</a>')
    """
    shown = [output["data"] for cell in cells for output in cell.get("outputs", ()) if "text/html" in output.get("data", {})]
    sections = {_ID.search(html)[1]: _SAID_ONCE.sub("", html) for data in shown for html in _BEHIND.findall(data["text/html"])}  # type: ignore[index]
    pages: list[str] = []
    for html in sections.values():
        if not pages or len(pages[-1]) + len(html) > MOST:
            pages.append("")
        pages[-1] += html
    template = read_templates("publishing", text=clean_text).get_template("evidence.html")
    raw = {f"{slug}-{at}.html": html for at, html in enumerate(pages, start=1)}
    places = {anchor: name for name, html in raw.items() for anchor in _ID.findall(html)}
    for data in shown:
        short = _EMPTY.sub(r'<p><a href="#\1">\2</a></p>', _OF_FINDING.sub("", _BEHIND.sub("", data["text/html"])))
        data["text/html"] = link_evidence(short, places, "../evidence/")
    told = {"slug": slug, "title": title, "names": list(raw)}
    return {f"{FOLDER}/{name}": template.render(told, body=link_evidence(html, places, ""), name=name) for name, html in raw.items()}


def find_places(files: Mapping[str, str | bytes]) -> dict[str, str]:
    """Find on which page of evidence each number's sentences are.

    Example:
        >>> find_places({"extra/evidence/actors-1.html": '<p class="fb-h" id="evidence-a">', "actors.ipynb": ""})
        {'evidence-a': 'actors-1.html'}
    """
    pages = [(name.rpartition("/")[2], html) for name, html in files.items() if name.startswith(FOLDER) and isinstance(html, str)]
    return {anchor: name for name, html in pages for anchor in _ID.findall(html)}


def link_evidence(html: str, places: Mapping[str, str], folder: str) -> str:
    """Let the numbers of some HTML lead to their sentences; one that has none is text.

    Example:
        >>> link_evidence('<a href="#evidence-a">3</a> <a href="#evidence-b">4</a>', {"evidence-a": "actors-1.html"}, "../evidence/")
        '<a href="../evidence/actors-1.html#evidence-a">3</a> 4'
    """

    def link(found: re.Match[str]) -> str:
        return f'<a href="{folder}{places[found[1]]}#{found[1]}"{found[2]}>{found[3]}</a>' if found[1] in places else found[3]

    return _LINK.sub(link, html)
