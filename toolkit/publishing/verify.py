"""The built book, checked as a reader's browser would meet it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from toolkit.errors import BuildError
from toolkit.publishing.generated import list_documents
from toolkit.publishing.inputs import read_manifest
from toolkit.publishing.plan import Plan, read_plan
from toolkit.publishing.setting import stat_files
from toolkit.tables import read_data

_FETCHED, *_PATTERNS = read_data("lists", "publishing")["verify"].values()
_OUTSIDE, _CSS_OUTSIDE, _LOCAL = map(re.compile, _PATTERNS)


@dataclass(frozen=True)
class _Found:
    """What a page holds: ids with how often, links, what is fetched by which element, pictures without alt text, styles, its own source."""

    ids: Mapping[str, int]
    links: list[str]
    fetched: list[tuple[str, str]]
    pictures: list[str]
    styles: str
    text: str


def verify_book(root: Path, *, before: Mapping[str, tuple[int, int]] | None = None, plan: Plan | None = None) -> list[str]:
    """Check the built book: what a reader would stumble over, or what would tell on the machine that built it.

    Args:
        root: The project.
        before: What `stat_files` said of files that were checked before: they are checked again only if they changed.
        plan: The plan, if it was read already.

    Returns:
        Every fault in a sentence: a page that is missing or failed; anything fetched from outside; a picture without alt text;
        a link or an id that leads nowhere or appears twice; a path of this machine. Empty if there is none.

    Raises:
        BuildError: When nothing was built yet.
        PlanError: When the plan has faults.
    """
    planned = [f"{name}.html" for name in ("index", *list_documents((plan or read_plan(root)).parts))]
    html, entries = root / "book" / "_build" / "html", read_manifest(root / "book")["pages"]
    if not (html / "index.html").is_file():
        raise BuildError(f"{html}: no built book. Run framebook book build.")
    faults = [f"{name}: planned, but not built." for name in planned if not (html / name).is_file()]
    failed = {f"pages/{entry['slug']}.html": entry["reason"] for entry in entries if entry["status"] != "ok"}
    faults += [f"{name}: the page failed: {reason}" for name, reason in failed.items()]
    changed = sorted(stat_files(root / "book", html.rglob("*")).items() - (before or {}).items())
    new = {name.removeprefix("_build/html/"): root / "book" / name for name, _ in changed if name.endswith((".html", ".css"))}
    read = cache(lambda name: _read_page(html / name))
    for name in [name for name in new if name.endswith(".html") and not name.startswith("_static/")]:
        faults += [f"{name}: {fault}" for fault in dict.fromkeys(_check_page(html, name, read, str(root.resolve())))]
    sheets = {name: path.read_text("utf8", "replace") for name, path in new.items() if name.endswith(".css")}
    return faults + [f"{name}: fetches {address} from outside." for name, text in sheets.items() for address in _CSS_OUTSIDE.findall(text)]


def _read_page(path: Path) -> _Found:
    """Parse one page."""
    from lxml import etree

    content = path.read_bytes()
    page = etree.fromstring(content, etree.HTMLParser(encoding="utf8", huge_tree=True))
    fetched = [(address.getparent().tag, str(address)) for address in page.xpath(_FETCHED)]
    alts = [(one.get("src", "")[:80], one.get("alt", "").strip()) for one in page.xpath("//img")]
    pictures = [source for source, alt in alts if not alt or alt.startswith(("../_images/", "_images/"))]
    ids, links, styles = (page.xpath(path) for path in ("//@id", "//a/@href", "//style/text() | //@style"))
    return _Found(Counter(map(str, ids)), links, fetched, pictures, "\n".join(styles), content.decode("utf8", "replace"))


def _check_page(html: Path, name: str, read: Callable[[str], _Found], root: str) -> Iterable[str]:
    """Faults of one page."""
    page = read(name)
    yield from (f"<{tag}> fetches {address[:120]} from outside." for tag, address in page.fetched if _OUTSIDE.match(address))
    yield from (f"fetches {address[:120]} from outside." for address in _CSS_OUTSIDE.findall(page.styles))
    yield from (f"picture {source} has no alt text." for source in page.pictures)
    yield from (f"id '{id}' appears {n_times} times." for id, n_times in page.ids.items() if n_times > 1)
    paths = _LOCAL.findall(page.text) + [root] * (root.count("/") > 1 and root in page.text)
    yield from (f"shows the path {path} of this machine." for path in paths)
    for address in dict.fromkeys([*page.links, *(address for _, address in page.fetched)]):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or address in ("", "#"):
            continue
        file = ((html / name).parent / unquote(parts.path)).resolve() if parts.path else html / name
        if parts.path and file.is_dir():
            file /= "index.html"
        if parts.path and not file.is_file():
            yield f"link {address} leads nowhere."
            continue
        target = file.relative_to(html.resolve()).as_posix() if parts.path else name
        if parts.fragment and target.endswith(".html") and unquote(parts.fragment) not in read(target).ids:
            yield f"link {address} leads to no place in {target}."
