"""What is behind the numbers of a page, on small pages of its own: each number opens its sentences there, and the page stays short."""

import re
from collections.abc import Mapping, Sequence

from toolkit.markup import clean_text, read_templates
from toolkit.publishing.documents import Cell

FOLDER = "extra/evidence"  # in book/pages; Sphinx copies what is in extra/ as it is
MOST = 250_000  # code points of such a page, so that a phone on a slow line has it at once
_BEHIND = re.compile(r'<section class="fb-behind">.*?</section>', re.DOTALL)
_ID = re.compile(r' id="([\w-]+)"')
_EMPTY = re.compile(r'<details><summary><span data-jupyter-id="([\w-]+)"></span>(?:<span[^>]*></span>)*([^<]*)</summary></details>')
# Of a finding, whose numbers lead there themselves
_OF_FINDING = re.compile(r"<details><summary>(?:<span[^>]*></span>)*Sentences behind \d+ numbers?</summary></details>")
# By the head of the page and its style; and ends that HTML leaves out
_SAID_ONCE = re.compile(r' rel="noopener noreferrer nofollow"|(?<=<mark) class="fb-frames"| tabindex="-1"|</(?:li|t[drh])>')
_LINK = re.compile(r'<a href="#(evidence-[\w-]+)"([^>]*)>(.*?)</a>', re.DOTALL)


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
