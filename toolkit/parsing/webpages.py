"""Read the story of a web page, and what the page says of it: headline, outlet, byline, date, address."""

from __future__ import annotations

import codecs
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from toolkit.parsing.dates import read_date
from toolkit.parsing.layouts import read_layout
from toolkit.parsing.raw import RawArticle, RawRefusal
from toolkit.parsing.sources import guess_encoding
from toolkit.parsing.words import count_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_Found = tuple[str, str, str]  # value, method, confidence

_LARGEST = 10_000_000  # bytes; libxml2 drops a longer piece of text without a word, and no news page has a tenth
_MOST_ELEMENTS = 30_000  # trafilatura takes three seconds for as many; a long live blog has some 20,000
_DEEPEST = 255  # elements in one another; libxml2 drops the rest of the page without a word, browsers go to 512
_FEWEST_WORDS = 10  # fewer are a caption or a menu; news in brief have 20
_SAMPLE = 200_000  # bytes to guess an encoding from: more takes longer and finds no other
_BLOCKS = frozenset("p div section article header footer aside h1 h2 h3 h4 h5 h6 li dt dd tr td th blockquote pre br hr title".split())
_LOST = 1000  # an encoding fits if it fails at one character in so many at most: a page may be cut off within one
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
          codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # fmt: skip
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*(?!utf-?16)([\w.:-]{1,40})""", re.I)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S{1,2000})")
_PATH = re.compile(r"\s*https?://[^/?#]*([^?#]*).*", re.S)
_ADDRESS_DATE = re.compile(r"/((?:19|20)\d\d[/-]\d{1,2}[/-]\d{1,2})(?=[/_-]|$)")
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report)$")  # NewsArticle, OpinionNewsArticle, LiveBlogPosting, …
_LIST = re.compile(r"(?:CollectionPage|SearchResultsPage)$")
_ERROR = re.compile(r"(?:[45]\d\d\b|error \d|page not found|not found|access denied|just a moment|attention required)", re.I)
_NO_NAME = re.compile(r"https?:|\d|\bago\b", re.I)  # an account, a time: `Minutes Ago Jon Russell`
_TIMES = "//*[@itemprop='datePublished']/@datetime | //time[@pubdate]/@datetime | //article//time/@datetime"


def read_webpage(content: bytes, *, encoding: str | None = None, url: str = "") -> RawArticle | RawRefusal:
    """Read the story of a web page and what is known of it; nothing is fetched.

    What the page states for machines (JSON-LD, then meta tags) is believed before what a program reads out of its text, because the names
    and dates of other stories stand there too. Of several dates the first that can be read for certain is taken.

    Args:
        content: Bytes of the page: HTML as a server sends it or a browser saves it.
        encoding: Its encoding, where something outside of the page says so; None reads it from the page.
        url: Its address; "" takes the one the page states.

    Returns:
        The article, with the method and confidence of its fields; or a refusal: of a page without a story, of more than 10,000,000 bytes
        or 30,000 elements, or with 255 elements in one another.

    Source: our choice; the story by trafilatura (Barbaresi 2021), dates in the last resort by htmldate (Barbaresi 2020), encodings as in
        the WHATWG Encoding Standard.

    Example:
        >>> page = "<meta property='og:site_name' content='The Daily'><article><p>" + "It rained on the town all day. " * 9
        >>> read_webpage(page.encode()).fields["outlet"]
        'The Daily'
    """
    try:
        text = decode_page(content, encoding)
        tree = _parse_page(text)
    except ValueError as fault:
        return RawRefusal(None, str(fault))
    meta = _read_meta(tree)
    items = list(_read_json_ld(tree))
    title = _clean(tree.findtext(".//title") or "")
    shown = " ".join([title, *meta.get("og:title", [])])
    articles = [item for item in items if _has_type(item, _ARTICLE)]
    article = max(articles, key=lambda item: (_clean(str(item.get("headline"))) or "\0") in shown, default={})
    known = {str(item.get("@id")): item for item in reversed(items)}
    candidates = {field: list(_list_stated(field, article, known, meta)) for field in read_layout("webpages")["fields"]}
    candidates["url"] = [(url, "", ""), *_list_addresses(text, tree, candidates["url"])]
    address = _choose(candidates["url"])[0]
    if not article and (reason := _find_reason(title, address, items)):
        return RawRefusal(None, reason)
    candidates["published"] += _list_dates(tree, address)
    for field, more in _extract_story(tree).items():
        if field != "published" or not any(found[0] for found in candidates[field]):  # no guess goes before a date that cannot be told
            candidates.setdefault(field, []).append(more)
    body = "\n\n".join(filter(None, map(_clean, str(article.get("articleBody") or "").splitlines())))
    candidates["text"].append((body, "JSON-LD articleBody", "stated"))
    candidates["published"].sort(key=lambda found: not read_date(found[0]))
    found = {field: _choose(candidates[field]) for field in candidates}
    if count_words(found["text"][0]) < _FEWEST_WORDS:
        return RawRefusal(None, "no story was found in the page: look at it in a browser and save it once the story shows")
    found["published"] = (read_date(found["published"][0]) or found["published"][0], *found["published"][1:])
    return RawArticle(
        None,
        {field: value for field, (value, *_) in found.items() if value},
        {field: (method, confidence) for field, (value, method, confidence) in found.items() if value and confidence},
    )


def read_page_text(content: bytes, *, encoding: str | None = None) -> str:
    r"""Read all text of a page, menus and all: for archives that export HTML.

    Args:
        content: Bytes of the page.
        encoding: As in `read_webpage`.

    Returns:
        The text, blocks and cells parted by a blank line.

    Raises:
        ValueError: When it is not text, or too large.

    Example:
        >>> read_page_text(b"<div>Rain</div><p>It <b>rained</b>.<br>Again")
        'Rain\n\nIt rained.\n\nAgain'
    """
    from lxml import etree

    tree = _parse_page(decode_page(content, encoding))
    etree.strip_elements(tree, etree.Comment, etree.ProcessingInstruction, "head", "script", "style", with_tail=False)
    pieces: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        text = (element.text if event == "start" else element.tail) or ""
        pieces.append(("\n\n" if element.tag in _BLOCKS else "") + re.sub(r"\s+", " ", text))
    return re.sub(r"\s*\n\s*", "\n\n", "".join(pieces)).strip()


def decode_page(content: bytes, encoding: str | None) -> str:
    """Decode a page by the first that fits: the encoding given, a byte order mark, UTF-8, the one declared, the likeliest.

    Args:
        content: Bytes of the page.
        encoding: The encoding, where something outside of the page says it, as a server does; one that is none is passed over.

    Returns:
        The text, U+FFFD for what cannot be decoded.

    Raises:
        ValueError: When none fits.

    Example:
        >>> decode_page("<meta charset=iso-8859-1><p>“Café”".encode("cp1252"), None)
        '<meta charset=iso-8859-1><p>“Café”'
    """
    declared = _DECLARED.search(content[:4096])
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
    for name in (encoding, marked, declared[1].decode() if declared else None):
        try:
            text = content.decode(_read_as(name), "replace") if name else "\ufffd"
        except LookupError:
            continue
        if text.count("\ufffd") * _LOST <= len(text):
            return text
    return content.decode(guess_encoding(content[:_SAMPLE])[0], "replace")


def _read_as(name: str) -> str:
    """Name of the encoding that browsers take for a name; LookupError for none of text."""
    codec = codecs.lookup(name)
    if not codec._is_text_encoding:
        raise LookupError(name)
    return str(read_layout("webpages")["encodings"].get(codec.name, codec.name))


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
            raise ValueError(f"a page of more than {_MOST_ELEMENTS:,} elements, or {_DEEPEST} in one another: it is no page for readers")
    return tree


def _clean(text: str) -> str:
    """Resolve the entities of a value and collapse its white space."""
    return " ".join(html.unescape(text).split())


def _read_meta(tree: HtmlElement) -> dict[str, list[str]]:
    """Read the contents of meta tags, by their names in small letters."""
    meta: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        content = _clean(tag.get("content") or "")
        for name in {(tag.get(key) or "").lower() for key in ("property", "name", "itemprop")}:
            meta.setdefault(name, []).append(content)
    return meta


def _read_json_ld(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield the items of every JSON-LD script, from lists and graphs too; what is no JSON even with its commas mended is left out."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        written = re.sub(r",(?=\s*[\]}])", "", (script.text or "").strip().removeprefix("<!--").removesuffix("-->").strip(" \n;"))
        try:
            waiting = [json.loads(written, strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            item = waiting.pop()
            if isinstance(item, list):
                waiting += reversed(item)
            elif isinstance(item, dict):
                yield item
                waiting += [item[key] for key in ("mainEntity", "@graph") if key in item]


def _has_type(item: dict[str, Any], pattern: re.Pattern[str]) -> bool:
    """Whether one of an item's types ends as the pattern says."""
    types = item.get("@type")
    return any(pattern.search(str(name)) is not None for name in (types if isinstance(types, list) else [types]))


def _list_names(value: Any, known: dict[str, dict[str, Any]]) -> list[str]:
    """Names in a JSON-LD value: a text, a thing with a name, a reference to one, or a list of these; no accounts."""
    names = []
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            one = one.get("name") or known.get(str(one.get("@id")), {}).get("name") or one.get("@id")
        names += [_clean(str(name)) for name in (one if isinstance(one, list) else [one]) if isinstance(name, str)]
    return names


def _list_stated(field: str, article: dict[str, Any], known: dict[str, dict[str, Any]], meta: dict[str, list[str]]) -> Iterator[_Found]:
    """Yield what a page states of a field, the most trusted first; an account is no name."""
    names = read_layout("webpages")["fields"][field]
    sources = [(f"JSON-LD {key}", _list_names(article.get(key), known)) for key in names["json-ld"].split()]
    sources += [(f"meta {name}", meta.get(name, [])) for name in names["meta"].split()]
    for method, values in sources:
        kept = [value for value in values if value and (field == "url" or not value.startswith(("http:", "https:", "#")))]
        yield ", ".join(dict.fromkeys(kept if field == "byline" else kept[:1])), method, "stated"


def _list_addresses(text: str, tree: HtmlElement, stated: list[_Found]) -> list[_Found]:
    """List the addresses that a page states for itself; relative ones cannot be read without the page's own."""
    links = [(link.get("href") or "", "canonical link", "stated") for link in tree.iter("link") if link.get("rel") == "canonical"]
    saved = [(address, "comment of the browser that saved it", "stated") for address in _SAVED_FROM.findall(text)[:1]]
    return [found for found in (*links, *stated, *saved) if _PATH.match(found[0])]


def _list_dates(tree: HtmlElement, address: str) -> list[_Found]:
    """List the dates of time tags in the story and of the address."""
    found = [(str(written), "time tag", "likely") for written in tree.xpath(_TIMES)]
    return found + [(written, "address", "likely") for written in _ADDRESS_DATE.findall(_PATH.sub(r"\1", address))[:1]]


def _find_reason(title: str, address: str, items: Iterable[dict[str, Any]]) -> str:
    """Say why a page that states no article is none: "" if it may be one."""
    if _ERROR.match(title):
        return f"a server's message, no story: '{title[:80]}'"
    if any(_has_type(item, _LIST) for item in items) or (address and not _PATH.sub(r"\1", address).strip("/")):
        return "a page that lists articles, no story: give the pages of the articles"
    return ""


def _extract_story(tree: HtmlElement) -> dict[str, _Found]:
    """Extract the story, and what trafilatura and htmldate read out of it, without comments."""
    from lxml import etree
    from trafilatura import bare_extraction

    etree.strip_elements(tree, "script", "style", with_tail=False)  # read already; trafilatura takes long over the larger ones
    for table in tree.xpath("//table[.//td//p or .//td//br or .//td//table]"):  # one that lays out a page: its story is no table
        for part in table.iter("table", "tbody", "tr", "td", "th"):
            part.tag = "div"
    dates = {"original_date": True, "extensive_search": False, "min_date": "1990-01-01", "max_date": "2100-01-01"}  # no clock in a result
    story = bare_extraction(tree, include_comments=False, with_metadata=True, date_extraction_params=dates)
    if story is None or isinstance(story, dict):
        return {"text": ("", "", "")}
    author = story.author or ""
    return {
        "text": ("\n\n".join(filter(None, map(str.strip, (story.text or "").splitlines()))), "extraction by trafilatura", "likely"),
        "headline": (story.title or "", "trafilatura", "guess"),
        "byline": ("" if _NO_NAME.search(author) else author, "trafilatura", "guess"),
        "published": (story.date or "", "htmldate", "guess"),
    }


def _choose(candidates: Iterable[_Found]) -> _Found:
    """Take the first that says anything."""
    return next((found for found in candidates if found[0].strip()), ("", "", ""))
