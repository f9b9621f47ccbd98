"""The formats that can be read, as data: what each looks like, and its reader. A file is what its content says, then its name."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from toolkit.errors import CorpusError
from toolkit.parsing.archives import DAMAGE, DEEPEST, look_into_zip, unpack
from toolkit.parsing.dates import settle_dates
from toolkit.parsing.rows import ROWS, USUAL_NAMES, find_columns, read_rows
from toolkit.parsing.sources import CHUNK, EXPORTS, NO_TEXT, Raw, RawArticle, RawRefusal, Source, find_encoding, read_text, read_whole
from toolkit.parsing.warcs import read_warc
from toolkit.tables import read_data, read_pattern

Found = tuple[str, str, Raw]  # path, format and article or refusal


@dataclass(frozen=True)
class Format:
    """A format: its name for people, what it looks like, what is taken from it, and its reader."""

    name: str
    looks: str
    gives: str
    read: Callable[[Source, str], Iterator[Raw]]


def _read_document(source: Source, kind: str) -> Iterator[Raw]:
    """A text, web page, DOCX or RTF: an article, or an archive's export of several."""
    from toolkit.parsing.documents import read_document
    from toolkit.parsing.exports import find_repeated_label, read_export, read_labels, recognise_export
    from toolkit.parsing.webpages import read_page_text, read_webpage

    content, encoding = read_whole(source), source.options.encoding
    is_page = kind == "html" or (kind in EXPORTS and _find_root(content) in _PAGE)
    if content.startswith((b"PK", b"{\\rtf")):
        text = read_document(content)
    else:
        text = read_page_text(content, encoding=encoding, notes=source.notes) if is_page else read_text(source)
    if export := kind if kind in EXPORTS else recognise_export(text):
        if export not in EXPORTS:
            raise CorpusError(f"exports of {export} in one file, by its marks: split it, or say which one --format is to read")
        source.notes["export", export] += 1
        yield from read_export(export, text)
        return
    article = read_webpage(content, encoding=encoding) if is_page else read_labels(text)
    label, again = find_repeated_label(text)
    if label and again in article.fields["text"]:  # not in comments or next to the story
        raise CorpusError(f"several articles, each with '{label[:40]}' and a date, in an unknown layout: split it, or make a table of it")
    yield article


def _read_message(source: Source, _: str) -> Iterator[Raw]:
    """An e-mail, or a page that a browser saved as one file: its HTML, else its text."""
    from email import message_from_bytes, policy

    from toolkit.parsing.webpages import read_webpage

    message = message_from_bytes(read_whole(source), policy=policy.default)
    told = {"headline": str(message.get("Subject", "")), "published": str(message.get("Date", ""))}
    if (part := message.get_body(("html", "plain"))) is None:
        raise CorpusError("a message without a text: save the page or the letter as HTML")
    page: Any = part.get_payload(decode=True)
    charset, url, is_html = part.get_content_charset(""), part.get("Content-Location", ""), part.get_content_subtype() == "html"
    article = read_webpage(page, encoding=charset, url=url) if is_html else RawArticle(None, {"text": part.get_content()})
    # The date of a page that was saved is that of saving
    yield article if "Snapshot-Content-Location" in message else replace(article, fields={**told, **article.fields})


_READERS = {**dict.fromkeys(ROWS, read_rows), "warc": lambda source, _: read_warc(source.stream), "message": _read_message}
_FACTS = read_data("layouts")["formats"]
# The formats, by the name that --format takes.
FORMATS: Mapping[str, Format] = {kind: Format(**facts, read=_READERS.get(kind, _read_document)) for kind, facts in _FACTS.items()}
ARCHIVES = "ZIP, TAR, also packed by gzip, with any of these in it"

# A document's first element, after what may come before it.
_ROOT = re.compile(rb"(?is)\A(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*(?:\[.*?\]\s*)?>)*<([a-z][\w:.-]*)")
_XML = re.compile(rb"(?i)(?:\xef\xbb\xbf)?\s*(?:<\?xml\b|<!doctype\s++(?!html\b))")
_PAGE = frozenset(read_data("layouts")["page"].split())
_JSON, _JSON_LINES = map(read_pattern, ("JSON", "JSON Lines"))


def find_format(source: Source) -> str:
    """Find what a file is, by its content, then by its name.

    Args:
        source: The file.

    Returns:
        A key of `FORMATS`, or "zip", "tar", "gzip".

    Raises:
        CorpusError: When it is known not to be readable; says what to do.

    Example:
        >>> [find_format(Source("a.txt", BytesIO(content))) for content in (b"It rains.", b'{"text": "It rains."}', b"PAR1")]
        ['text', 'json', 'parquet']
    """
    source.stream.seek(0)
    head, ending = source.stream.read(CHUNK), PurePosixPath(source.path.lower().removesuffix(".gz")).suffix
    found = _find_sign("signs", head) or ("tar" if head[257:262] == b"ustar" else "")
    if found == "gzip" and source.path.lower().endswith(".warc.gz"):  # it has records that are packed one by one
        return "warc"
    if found:
        return look_into_zip(source.stream) if found == "zip" else found
    marked = head.decode("utf-16", "replace").encode("utf-8", "replace") if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head
    root, is_xml = _find_root(marked), _XML.match(marked) is not None
    if (root in _PAGE or "-" in root) and not (is_xml and root != "html"):
        return "html"
    if root and (is_xml or b"</" in marked):
        raise CorpusError(read_data("layouts")["xml"].format(root=root[:40]))
    named = next(filter(None, map(read_data("layouts")["endings"].get, (PurePosixPath(source.path).stem.lower(), ending))), "")
    if advice := _find_sign("refused", head) or named * (" " in named):
        raise CorpusError(advice)
    text = head.decode(source.options.encoding or find_encoding(BytesIO(head))[0], "replace").lstrip("\ufeff")
    if _JSON.match(text.lstrip()):
        return "jsonl" if (named == "jsonl" and text.lstrip()[0] != "[") or _JSON_LINES.match(text.lstrip()) else "json"
    return named or ("csv" if _is_delimited(text, source) else "text")


def _find_root(head: bytes) -> str:
    """The name of the first element of a document with mark-up; "" for any other."""
    return found[1].decode().lower() if (found := _ROOT.match(head[: CHUNK >> 4])) else ""


def _find_sign(name: str, head: bytes) -> str:
    """What the first bytes of a file say, by one of the lists of signs."""
    return next((said for sign, said in read_data("layouts")[name].items() if head.startswith(sign.encode("latin-1"))), "")


def _is_delimited(head: str, source: Source) -> bool:
    """Whether a text is a table under a header that we know, with as many fields in its first row."""
    rows = ROWS["csv"](Source(source.path, BytesIO(head.encode("utf-8", "replace"))))
    first = next(rows, "") if len(head[:2001].splitlines()) > 1 else ""  # a longer first line is no header
    known = {} if isinstance(first, str) else find_columns(list(first), USUAL_NAMES) | dict(source.options.columns or {})
    return len(known) > 1 and known.get("text") in first


def read_source(source: Source, *, depth: int = 0) -> Iterator[Found]:
    """Read one input, whatever it is; what is damaged costs itself, not the rest.

    Args:
        source: The input.
        depth: How many archives it is in.

    Yields:
        Path, format and article or refusal; one at least: an empty table is refused.

    Example:
        >>> [(kind, raw.fields) for _, kind, raw in read_source(Source("a.txt", BytesIO(b"It rains.")))]
        [('text', {'text': 'It rains.'})]
    """
    kind, n_found = "unknown", 0
    try:
        kind = find_format(source)
        source.stream.seek(0)
        if kind in FORMATS:
            kind = source.options.format or kind
            raws = settle_dates(FORMATS[kind].read(source, kind), source)
            found: Iterator[Found] = ((source.path, kind, raw) for raw in raws)
        else:
            kind, found = "archive", _read_archive(source, kind, depth)
        for one in found:
            n_found += 1
            yield one
    except CorpusError as fault:
        yield source.path, kind, RawRefusal(None, str(fault))
    except DAMAGE as fault:  # a library's words are for its developers, and may differ from run to run
        yield source.path, kind, RawRefusal(None, read_data("layouts")["damaged"].format(fault=type(fault).__name__))
    else:
        if not n_found:
            yield source.path, kind, RawRefusal(None, NO_TEXT)


def _read_archive(source: Source, kind: str, depth: int) -> Iterator[Found]:
    """Read the members of an archive."""
    if depth == DEEPEST:
        raise CorpusError(f"more than {DEEPEST} archives in each other: unpack it and give the folder")
    for name, member in unpack(kind, source.stream):
        path = f"{source.path}!/{name}" if name else source.path
        if isinstance(member, str):
            yield path, "archive", RawRefusal(None, member)
            continue
        with closing(member):
            yield from read_source(Source(path, member, source.options, source.notes), depth=depth + 1)
