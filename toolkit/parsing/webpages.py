"""Read the story of a web page, and what is known of it: headline, outlet, byline, date, address."""

import re
from collections import Counter
from datetime import datetime
from functools import cache
from itertools import compress
from typing import Any

from toolkit.errors import CorpusError
from toolkit.parsing.dates import read_date
from toolkit.parsing.rows import USUAL_NAMES, find_columns
from toolkit.parsing.sources import MARKS, RawArticle, decode
from toolkit.parsing.words import count_words
from toolkit.tables import read_data, read_limits

_LARGEST, _MOST_ELEMENTS, _FEWEST_WORDS, _SHORT = read_limits("webpages")
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*(?!utf-?16)([\w.:-]{1,40})""", re.I)
_CLASSES = {MARKS[field]: re.compile(classes) for field, classes in read_data("layouts")["classes"].items()}


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
    from trafilatura import bare_extraction, extract_metadata

    text = _decode(content, encoding)
    tree, source = _parse_page(text), _parse_page(_pattern("changed").sub(lambda found: found["kept"] or "", text))
    notices = [part for part in _find_parts(tree, "notices") if is_notice(part.text_content())]
    for part in [*notices, *_find_parts(source, "strays")]:
        part.drop_tree()
    for part in _find_parts(tree, "layouts"):
        part.tag = "div"
        part.attrib.clear()
    stated = url or next(iter(_pattern("saved").findall(text)), None)
    body = getattr(bare_extraction(tree, url=stated, include_comments=False), "text", None) or ""
    cards = [re.sub(r"\W", "", part.text_content()) for part in _find_parts(tree, "cards")]
    listed = "\n".join(cards) if len(cards) > 2 else ""
    page = extract_metadata(source, stated, read_data("webpages")["dates"])
    authors = [name for name in _pattern("joins").split(page.author or "") if name != page.sitename and not _pattern("nobody").search(name)]
    paragraphs = list(filter(None, map(str.strip, body.splitlines())))
    found = {"headline": page.title, "outlet": page.sitename, "byline": ", ".join(authors), "url": url or page.url}
    found |= {"published": _find_local(page.date or "", f"{url} {text}").removesuffix("T00:00:00"), "text": "\n\n".join(paragraphs)}
    fields = {field: value.strip() for field, value in found.items() if value and value.strip()}
    title, n_words = fields.get("headline", ""), count_words(body)
    n_listed = count_words(" ".join(part for part in paragraphs if re.sub(r"\W", "", part) in listed))
    heads = (find_columns([cell.text_content().strip() for cell in row], USUAL_NAMES) for row in _find_parts(source, "rows"))
    stories = [" ".join(part.text_content().split())[:60] for part in _find_parts(source, "stories")]
    is_table = any("text" in head and len(head) > 2 for head in heads)
    is_several, n_stories = _pattern("several").search(text), sum(begin in " ".join(body.split()) for begin in stories)
    is_error = (_pattern("errors").match(title) and page.pagetype is None) or (n_words < _SHORT and _pattern("messages").search(body))
    is_asking, is_list = is_notice(body) or (notices and n_words < _FEWEST_WORDS), n_listed * 2 > n_words
    is_so = is_table, is_error, is_several, n_stories > 1, is_list, is_asking, n_words < _FEWEST_WORDS
    for fault in compress(read_data("webpages")["faults"], is_so):
        raise CorpusError(fault.format(title=title[:80]))
    origins = {field: ("trafilatura", "likely") for field in fields if field != "url" or not url}
    if fields.get("published", "")[:10] not in f"{stated} {page.url} ".replace("/", "-") + text:  # perhaps 03/04/2017, taken day first
        origins["published"] = ("htmldate", "guess")
    if re.search(r'"isAccessibleForFree"\s*:\s*"?false', text, re.I) and n_words < _SHORT:
        origins["text"] = ("trafilatura, what a paywall lets through", "guess")
    return RawArticle(None, fields, origins)


def read_page_text(content: bytes, *, encoding: str = "", notes: Counter[tuple[str, str]] | None = None) -> str:
    r"""Read all text of a page, menus and all: for archives that export HTML.

    Args:
        content: Bytes of the page.
        encoding: As in `read_webpage`.
        notes: A guess of the encoding is noted there.

    Returns:
        The text, blocks and cells separated by a blank line, each that an archive's class names after its sign in `MARKS`.

    Raises:
        CorpusError: When it is not text, or too large.

    Example:
        >>> read_page_text(b"<div>Rain</div><p>It <b>rained</b>.<br>Again")
        'Rain\n\nIt rained.\nAgain'
    """
    from lxml import etree

    tree = _parse_page(_decode(content, encoding, notes))
    etree.strip_elements(tree, "head", "script", "style", with_tail=False)
    pieces, blocks = list[str](), read_data("webpages")["blocks"].split()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        text = (element.text if event == "start" else element.tail) or ""
        classes = element.get("class", "") if event == "start" else ""
        gap = "\n" if element.tag == "br" else "\n\n" if element.tag in blocks else ""
        marks = [mark for mark, pattern in _CLASSES.items() if pattern.search(classes)] if classes else []
        pieces.append(("\n\n" if marks else gap * (event == "start" or gap != "\n")) + "".join(marks) + re.sub(r"\s+", " ", text))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", "".join(pieces))).strip()


def _decode(content: bytes, encoding: str, notes: Counter[tuple[str, str]] | None = None) -> str:
    """Decode a page, whose own declaration counts where it is not UTF-8."""
    declared = _DECLARED.search(content[: 1 << 16])
    return decode(content, first=encoding, declared=declared[1].decode() if declared else "", notes=notes)


def _parse_page(text: str) -> Any:
    """Parse a page that readers could read."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    content = _pattern("controls").sub("", text).encode("utf-8", "replace")
    if len(content) > _LARGEST:
        raise CorpusError(f"a page of {len(content):,} bytes; at most {_LARGEST:,} are read")
    try:
        tree = document_fromstring(content, HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True))
    except etree.LxmlError:
        raise CorpusError("no text") from None
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        raise CorpusError(f"a page of more than {_MOST_ELEMENTS:,} elements: it is not a page for readers")
    return tree


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Compile the patterns of one kind of data/webpages.yml, of which one has to match."""
    return re.compile("|".join(f"(?:{one})" for one in read_data("webpages")[name]), re.I)


def _find_parts(tree: Any, kind: str) -> Any:
    """Find the parts of a page to which a path of data/webpages.yml leads."""
    return tree.xpath(read_data("webpages")["paths"][kind], namespaces={"re": "http://exslt.org/regular-expressions"})


def is_notice(text: str) -> bool:
    """Whether a quarter of the words are in sentences that ask for consent, most in such as have to do with it, and nobody is cited.

    Example:
        >>> is_notice("We and our 40 partners use cookies to store data on your device."), is_notice("Cookies are sold on the quay.")
        (True, False)
    """
    if not _pattern("notice_sign").search(text):
        return False
    sentences = _pattern("ends").split(text[:50_000])  # no notice is longer
    asking, near, cited = (count_words(" ".join(filter(_pattern(kind).search, sentences))) for kind in ("notice", "notice_words", "cited"))
    return asking * 4 > count_words(" ".join(sentences)) < near * 2 and not cited


def _find_local(moment: str, text: str) -> str:
    """Find the newsroom's time of a moment in UTC, where the page gives it too: with its offset, or in the words of a tag."""
    if not moment or (moment[4:] == "-01-01T00:00:00" and not re.search(moment[:10].replace("-", "[/-]"), text)):  # of a year alone
        return ""
    if not re.search(rf"{moment[:16]}(?::\d\d)?(?:\.\d+)?(?:Z|[+-]00:?00)", text):
        return moment
    for offset in sorted(set(re.findall(r"T\d\d:\d\d(?::\d\d)?(?:\.\d+)?([+-][01]\d:?[0-5]\d)", text)))[:9]:
        local = datetime.strptime(f"{moment}+0000", "%Y-%m-%dT%H:%M:%S%z").astimezone(datetime.strptime(offset, "%z").tzinfo)
        if local.utcoffset() and re.search(rf"{local:%Y-%m-%dT%H:%M}(?::\d\d)?(?:\.\d+)?{re.escape(offset)}", text):
            return f"{local:%Y-%m-%dT%H:%M:%S}"
    shown = re.search(rf"<time\b[^<>]{{0,300}}{moment[:16]}[^<>]{{0,300}}>([^<>]{{6,60}})<", text)
    return (read_date(shown[1].strip()) if shown else "") or moment
