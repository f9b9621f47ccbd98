"""Read the story of a web page, and what is known of it: headline, outlet, byline, date, address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from toolkit.parsing.dates import read_date
from toolkit.parsing.layouts import read_layout
from toolkit.parsing.raw import RawArticle, RawRefusal
from toolkit.parsing.sources import decode
from toolkit.parsing.words import count_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LARGEST = 10_000_000  # bytes; libxml2 drops a longer piece of text without a word, and no news page has a tenth
_MOST_ELEMENTS = 30_000  # trafilatura takes three seconds for as many; a long live blog has some 20,000
_DEEPEST = 255  # elements in one another; libxml2 drops the rest of the page without a word, browsers go to 512
_LONGEST_SCRIPT = 500_000  # characters of JSON-LD; trafilatura takes half a second for as many that are not sound
_FEWEST_WORDS = 10  # fewer are a caption or a menu; news in brief have 20
_BLOCKS = frozenset("p div section article header footer aside h1 h2 h3 h4 h5 h6 li dt dd tr td th blockquote pre br hr title".split())
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*(?!utf-?16)([\w.:-]{1,40})""", re.I)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S{1,2000})")
_PATH = re.compile(r"\s*https?://[^/?#]*([^?#]*).*", re.S)
_ADDRESS_DATE = re.compile(r"/((?:19|20)\d\d[/-]\d{1,2}[/-]\d{1,2})(?=[/_-]|$)")
_ERROR = re.compile(r"(?:[45]\d\d\b|error \d|page not found|not found|access denied|just a moment|attention required)", re.I)
_TIMES = "//*[@itemprop='datePublished']/@datetime | //time[@pubdate]/@datetime | //article//time/@datetime"
_JSON_TEXT = r'\s*:\s*("(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+")'  # the value of a key of JSON-LD
_JSON_DATE, _JSON_BODY = re.compile(r'"datePublished"' + _JSON_TEXT), re.compile(r'"articleBody"' + _JSON_TEXT)
_JSON_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"\w*?(?:(Article|BlogPosting|Report)|CollectionPage|SearchResultsPage)"')


def read_webpage(content: bytes, *, encoding: str = "", url: str = "") -> RawArticle | RawRefusal:
    """Read the story of a web page and what is known of it; nothing is fetched.

    Story, headline, outlet, byline and address are found by trafilatura (Barbaresi 2021), from what the page states for machines (JSON-LD,
    meta tags) and else from its text. A wrong date is worse than none, so of the dates that the page states the first is taken that can be
    read for certain; only where it states none, the guess of htmldate (Barbaresi 2020).

    Args:
        content: Bytes of the page: HTML as a server sends it or a browser saves it.
        encoding: Its encoding, where something outside of the page says so.
        url: Its address; "" takes the one the page states.

    Returns:
        The article, with the method and confidence of its fields; or a refusal: of a page without a story, of more than 10,000,000 bytes
        or 30,000 elements, or with 255 elements in one another.

    Example:
        >>> page = "<meta property='og:site_name' content='The Daily'><article><p>" + "It rained on the town all day. " * 9
        >>> read_webpage(page.encode()).fields["outlet"]
        'The Daily'
    """
    try:
        text = _decode(content, encoding)
        tree = _parse_page(text)
    except ValueError as fault:
        return RawRefusal(None, str(fault))
    scripts = _read_scripts(tree)
    saved = _SAVED_FROM.search(text)
    url = url or (saved[1] if saved else "")
    page = _extract(tree)
    body = page.text or "".join(json.loads(found[1], strict=False) for found in list(_JSON_BODY.finditer(scripts))[:1])
    dates = [date for date in _list_dates(tree, scripts, page.url or url) if date.strip()]
    fields = {
        "headline": page.title,
        "outlet": page.sitename,
        "byline": (page.author or "").replace("; ", ", "),
        "published": next(filter(None, map(read_date, dates)), "") or next(iter(dates), "") or page.date,
        "url": url or page.url,
        "text": "\n\n".join(filter(None, map(str.strip, body.splitlines()))),
    }
    reason = _find_reason(page.title or "", fields["url"] or "", scripts)
    if not reason and count_words(fields["text"]) < _FEWEST_WORDS:
        reason = "no story was found in the page: look at it in a browser and save it once the story shows"
    if reason:
        return RawRefusal(None, reason)
    fields = {field: value.strip() for field, value in fields.items() if value and value.strip()}
    origins = {field: ("trafilatura", "likely") for field in fields if field != "url" or not url}
    if "published" in fields:
        origins["published"] = ("the page", "stated") if dates else ("htmldate", "guess")
    return RawArticle(None, fields, origins)


def read_page_text(content: bytes, *, encoding: str = "") -> str:
    r"""Read all text of a page, menus and all: for archives that export HTML.

    Args:
        content: Bytes of the page.
        encoding: As in `read_webpage`.

    Returns:
        The text, blocks and cells separated by a blank line.

    Raises:
        ValueError: When it is not text, or too large.

    Example:
        >>> read_page_text(b"<div>Rain</div><p>It <b>rained</b>.<br>Again")
        'Rain\n\nIt rained.\n\nAgain'
    """
    from lxml import etree

    tree = _parse_page(_decode(content, encoding))
    etree.strip_elements(tree, etree.Comment, etree.ProcessingInstruction, "head", "script", "style", with_tail=False)
    pieces: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        text = (element.text if event == "start" else element.tail) or ""
        pieces.append(("\n\n" if element.tag in _BLOCKS else "") + re.sub(r"\s+", " ", text))
    return re.sub(r"\s*\n\s*", "\n\n", "".join(pieces)).strip()


def _decode(content: bytes, encoding: str) -> str:
    """Decode a page, whose own declaration counts where it is not UTF-8."""
    declared = _DECLARED.search(content[:4096])
    return decode(content, first=encoding, declared=declared[1].decode() if declared else "")


def _parse_page(text: str) -> HtmlElement:
    """Parse a page; ValueError for what libxml2 would cut off without a word or trafilatura would take long over."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    content = text.replace("\0", "").encode("utf-8", "replace")
    if len(content) > _LARGEST:
        raise ValueError(f"a page of {len(content):,} bytes; at most {_LARGEST:,} are read")
    try:
        tree = document_fromstring(content, HTMLParser(encoding="utf-8", no_network=True))
    except etree.LxmlError:
        raise ValueError("no text") from None
    depth = n_elements = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        n_elements += event == "start"
        if depth > _DEEPEST or n_elements > _MOST_ELEMENTS:
            raise ValueError(f"a page of more than {_MOST_ELEMENTS:,} elements, or {_DEEPEST} in one another: it is not a page for readers")
    return tree


def _read_scripts(tree: HtmlElement) -> str:
    """Read the JSON-LD of a page; all other scripts, and what is too long, are taken out of it."""
    kept, n_characters = [], 0
    for script in list(tree.iter("script", "style")):
        n_characters += len(script.text or "")
        if "ld+json" in (script.get("type") or "").lower() and n_characters <= _LONGEST_SCRIPT:
            kept.append(script.text or "")
        else:
            script.drop_tree()
            n_characters -= len(script.text or "")
    return "\n".join(kept)


def _list_dates(tree: HtmlElement, scripts: str, address: str) -> Iterator[str]:
    """List the dates that a page states, the most trusted first: JSON-LD, meta tags, time tags of the story, its address."""
    yield from (json.loads(found[1], strict=False) for found in _JSON_DATE.finditer(scripts))
    meta = [(tag.get(key, "").lower(), tag.get("content", "")) for key in ("property", "name", "itemprop") for tag in tree.iter("meta")]
    for known in read_layout("webpages")["dates"].split():
        yield from (content for name, content in meta if name == known)
    yield from map(str, tree.xpath(_TIMES))
    yield from _ADDRESS_DATE.findall(_PATH.sub(r"\1", address))[:1]


def _find_reason(title: str, address: str, scripts: str) -> str:
    """Say why a page is not an article: "" if it may be one."""
    types = _JSON_TYPE.findall(scripts)
    if any(types):
        return ""
    if _ERROR.match(title):
        return f"a message of a server, not a story: '{title[:80]}'"
    if types or (_PATH.fullmatch(address) and not _PATH.sub(r"\1", address).strip("/")):
        return "a page that lists articles, not a story: give the pages of the articles"
    return ""


def _extract(tree: HtmlElement) -> Any:  # Any: trafilatura's Document
    """Extract the story without comments, and what trafilatura knows of it."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    for table in tree.xpath("//table[.//td//p or .//td//br or .//td//table]"):  # one that lays out a page: its story is not a table
        for part in table.iter("table", "tbody", "tr", "td", "th"):
            part.tag = "div"
    dates = {"original_date": True, "extensive_search": False, "min_date": "1990-01-01", "max_date": "2100-01-01"}  # no clock in a result
    return bare_extraction(tree, include_comments=False, with_metadata=True, date_extraction_params=dates) or Document()
