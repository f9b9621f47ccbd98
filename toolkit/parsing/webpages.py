"""Read the story of a web page, and what is known of it: headline, outlet, byline, date, address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from toolkit.errors import CorpusError
from toolkit.parsing.layouts import read_data
from toolkit.parsing.sources import MARKS, RawArticle, decode
from toolkit.parsing.words import count_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LARGEST = 10_000_000  # bytes; no news page has a tenth
_MOST_ELEMENTS = 30_000  # trafilatura takes three seconds for as many; a long live blog has some 20,000
_FEWEST_WORDS = 10  # fewer are a caption or a menu; news in brief have 20
_BLOCKS = frozenset("p div section article header footer aside h1 h2 h3 h4 h5 h6 li dt dd tr td th blockquote pre br hr title".split())
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*(?!utf-?16)([\w.:-]{1,40})""", re.I)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S{1,2000})")
_CLASSES = {MARKS[field]: re.compile(classes) for field, classes in read_data("layouts")["classes"].items()}
_FRONT_PAGE = re.compile(r"\s*https?://[^/?#]*/*(?:[?#].*)?", re.S)
_ERROR = re.compile(r"(?:[45]\d\d\b|error \d|page not found|not found|access denied|just a moment|attention required)", re.I)
_DATES = {"original_date": True, "extensive_search": False, "outputformat": "%Y-%m-%dT%H:%M:%S", "min_date": "1990-01-01",
          "max_date": "2100-01-01"}  # fmt: skip  # no clock in a result


def read_webpage(content: bytes, *, encoding: str = "", url: str = "") -> RawArticle:
    """Read the story of a web page and what is known of it; nothing is fetched.

    Story, headline, outlet, byline, date and address are found by trafilatura (Barbaresi 2021) and htmldate (Barbaresi 2020), from what the
    page states for machines (JSON-LD, meta tags) and else from its text. A critic would ask about dates like 03/04/2017: they are taken
    day first.

    Args:
        content: Bytes of the page: HTML as a server sends it or a browser saves it.
        encoding: Its encoding, where something outside of the page says so.
        url: Its address; "" takes the one the page states.

    Returns:
        The article, with the method and confidence of its fields.

    Raises:
        CorpusError: When the page has no story, lists stories, is a server's message, or has more than 10,000,000 bytes or 30,000 elements.

    Example:
        >>> page = "<meta property='og:site_name' content='The Daily'><article><p>" + "It rained on the town all day. " * 9
        >>> read_webpage(page.encode()).fields["outlet"]
        'The Daily'
    """
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    text = _decode(content, encoding)
    saved = _SAVED_FROM.search(text)
    tree = _parse_page(text)
    for table in tree.xpath("//table[.//td//p or .//td//br or .//td//table]"):  # one that lays out a page: its story is not a table
        for part in table.iter("table", "tbody", "tr", "td", "th"):
            part.tag = "div"
    stated = url or (saved[1] if saved else None)
    page: Any = bare_extraction(tree, url=stated, include_comments=False, with_metadata=True, date_extraction_params=_DATES)
    page = page or Document()
    found = {
        "headline": page.title,
        "outlet": page.sitename,
        "byline": (page.author or "").replace("; ", ", "),
        "published": (page.date or "").removesuffix("T00:00:00"),
        "url": url or page.url,
        "text": "\n\n".join(filter(None, map(str.strip, (page.text or "").splitlines()))),
    }
    fields = {field: value.strip() for field, value in found.items() if value and value.strip()}
    if _ERROR.match(fields.get("headline", "")) and page.pagetype is None:
        raise CorpusError(f"a message of a server, not a story: '{fields['headline'][:80]}'")
    if _FRONT_PAGE.fullmatch(fields.get("url", "")) and page.pagetype is None:
        raise CorpusError("a page that lists articles, not a story: give the pages of the articles")
    if count_words(fields.get("text", "")) < _FEWEST_WORDS:
        raise CorpusError("no story was found in the page: look at it in a browser and save it once the story shows")
    origins = {field: ("trafilatura", "likely") for field in fields if field != "url" or not url}
    if not re.search(fields.get("published", "")[:10].replace("-", "[/-]"), f"{url} {text}"):  # perhaps 03/04/2017, taken day first
        origins["published"] = ("htmldate", "guess")
    return RawArticle(None, fields, origins)


def read_page_text(content: bytes, *, encoding: str = "") -> str:
    r"""Read all text of a page, menus and all: for archives that export HTML.

    Args:
        content: Bytes of the page.
        encoding: As in `read_webpage`.

    Returns:
        The text, blocks and cells separated by a blank line, each that an archive's class names after its sign in `MARKS`.

    Raises:
        CorpusError: When it is not text, or too large.

    Example:
        >>> read_page_text(b"<div>Rain</div><p>It <b>rained</b>.<br>Again")
        'Rain\n\nIt rained.\nAgain'
    """
    from lxml import etree

    tree = _parse_page(_decode(content, encoding))
    etree.strip_elements(tree, etree.Comment, etree.ProcessingInstruction, "head", "script", "style", with_tail=False)
    pieces: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        text = (element.text if event == "start" else element.tail) or ""
        classes = element.get("class", "") if event == "start" else ""
        gap = "\n" if element.tag == "br" else "\n\n" if element.tag in _BLOCKS else ""
        marks = [mark for mark, pattern in _CLASSES.items() if pattern.search(classes)] if classes else []
        pieces.append(("\n\n" if marks else gap * (event == "start" or gap != "\n")) + "".join(marks) + re.sub(r"\s+", " ", text))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", "".join(pieces))).strip()


def _decode(content: bytes, encoding: str) -> str:
    """Decode a page, whose own declaration counts where it is not UTF-8."""
    declared = _DECLARED.search(content[:4096])
    return decode(content, first=encoding, declared=declared[1].decode() if declared else "")


def _parse_page(text: str) -> HtmlElement:
    """Parse a page that readers could read."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    content = text.replace("\0", "").encode("utf-8", "replace")
    if len(content) > _LARGEST:
        raise CorpusError(f"a page of {len(content):,} bytes; at most {_LARGEST:,} are read")
    try:
        tree = document_fromstring(content, HTMLParser(encoding="utf-8", no_network=True, huge_tree=True))
    except etree.LxmlError:
        raise CorpusError("no text") from None
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        raise CorpusError(f"a page of more than {_MOST_ELEMENTS:,} elements: it is not a page for readers")
    return tree
