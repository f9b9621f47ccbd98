"""What a reader of a format is given, and what it hands on.

It is given one input: a stream of bytes that can be read twice, its path, what the user said, and its encoding. It hands on articles as the
file gives them, before any cleaning, and what could not be read as one.
"""

import codecs
import io
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from toolkit.errors import CorpusError
from toolkit.tables import read_data, read_limits, read_pattern

NO_TEXT = "no text"
EXPORTS = ("nexis", "factiva", "proquest", "europresse")  # the archives whose exports are read
# What comes before a field that the mark-up of a page names: no sign of any text.
MARKS = dict(zip(("headline", "outlet", "published", "byline", "subtitle"), "\ue000\ue001\ue002\ue003\ue004", strict=True))
AGAIN = "the same in everything as an article already read"
CHUNK, LARGEST, _SURE, _SURER, _NEARLY, _SAMPLE, _ZEROS, _FEWEST_ZEROS = read_limits("sources")
_MARKS, _ESCAPES = ({sign.encode("latin-1"): said for sign, said in read_data("layouts")[name].items()} for name in ("marks", "escapes"))
_CANDIDATES, _OLDER, _LARGER = (read_data("layouts")[name] for name in ("encodings", "older encodings", "larger encodings"))
_NO_ENCODING = "not text in any known encoding: if it is text, name its encoding (--encoding)"


@dataclass(frozen=True)
class Options:
    """What a user may say about files; what is left out is looked for.

    `columns` are the file's names by ours, for tables; `outlet` is that of every article that names none; `format` is a key of
    `toolkit.parsing.formats.FORMATS`; `encoding` any that Python knows; `dates` one of
    `toolkit.parsing.dates.ORDERS`. `name_pattern` says what the names of files
    hold: `{outlet}_{published}_{headline}`, `{_}` for what is of no use. `without` are repairs not to make (see `toolkit.parsing.repair`).
    Of delimited tables, `delimiter` is the sign between cells, `quoting` "none" where quotation marks are the text's own, else "minimal";
    `header_row` is the row of the header from 1, also of sheets. With `strict`, nothing is read where a careful person would have stopped.
    """

    columns: Mapping[str, str] | None = None
    outlet: str | None = None
    format: str = ""
    encoding: str = ""
    dates: str = ""
    name_pattern: str = ""
    delimiter: str = ""
    quoting: str = ""
    header_row: int = 0
    strict: bool = False
    without: Collection[str] = ()


@dataclass(frozen=True)
class Source:
    """One input. `notes` counts what the user should be told: a kind (columns, encoding, export) and what was found."""

    path: str
    stream: IO[bytes]
    options: Options = field(default_factory=Options)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class RawArticle:
    """One article as a file gives it.

    `fields` are texts by our names (headline, subtitle, text, published, url, outlet, byline; what is not there is left out), paragraphs
    separated by a blank line. `row` is its place in the file from 1, or None where the file is the article. `origins` says, by field, the
    method and the confidence (see the table Origins) where the file does not plainly give it.
    """

    row: int | None
    fields: Mapping[str, str]
    origins: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class RawRefusal:
    """A part of a file that could not be read as an article: its place from 1 (None: the whole file), and why, and what to do."""

    row: int | None
    reason: str


Raw = RawArticle | RawRefusal


def read_whole(source: Source) -> bytes:
    """All bytes of an input that is read as a whole; CorpusError if that is too much."""
    if source.stream.seek(0, io.SEEK_END) > LARGEST:
        raise CorpusError(f"over {LARGEST >> 20} MB in one document: split it, or give a table (CSV, JSON Lines) with one article a row")
    source.stream.seek(0)
    return source.stream.read()


def open_text(source: Source) -> io.TextIOWrapper:
    """Open an input as text, line breaks as they are; CorpusError if it is not text. A damaged byte becomes U+FFFD."""
    encoding, how = (source.options.encoding, "as you said") if source.options.encoding else find_encoding(source.stream)
    source.notes["encoding", f"{encoding}, {how}"] += bool(how)
    source.stream.seek(0)
    return io.TextIOWrapper(source.stream, source.options.encoding or name_encoding(encoding), "replace", newline="")


def read_text(source: Source) -> str:
    """The text of an input that is read as a whole."""
    return open_text(Source(source.path, io.BytesIO(read_whole(source)), source.options, source.notes)).read()


def decode(content: bytes, *, first: str = "", declared: str = "", notes: Counter[tuple[str, str]] | None = None) -> str:
    """Decode a document by the first that fits: an encoding that surely is its own, UTF-8 or a byte order mark, the one it declares.

    Args:
        content: Bytes of the document.
        first: What a user or a server says; passed over where there is no such encoding or it does not fit.
        declared: What the document says of itself, which is often wrong.
        notes: A guess is noted there.

    Returns:
        The text, U+FFFD for what cannot be decoded.

    Raises:
        CorpusError: When the bytes are no text in any known encoding.

    Example:
        >>> decode("“Café”".encode("cp1252"), declared="iso-8859-1")
        '“Café”'
    """
    from ftfy.fixes import fix_c1_controls

    is_given = bool(first) and name_encoding(first) != "utf-8" and _fits(content, first)
    encoding, how = (first, "") if is_given else find_encoding(io.BytesIO(content), declared)
    if notes is not None and how not in ("", "declared"):
        notes["encoding", f"{encoding}, {how}"] += 1
    return fix_c1_controls(content.decode(name_encoding(encoding), "replace"))  # marks of Windows in an ISO 8859


def _fits(content: bytes, encoding: str) -> bool:
    """Whether an encoding fits: it fails at one character in a thousand at most (a document may be cut off within one), and gives words."""
    text = content.decode(known, "replace") if (known := name_encoding(encoding)) else "\ufffd"
    n_foreign = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") * 1000 <= len(text) and len(read_pattern("misread").findall(text)) * 10 <= n_foreign


def name_encoding(encoding: str) -> str:
    """Name the encoding that browsers take for a name: a larger one of which it is a part (WHATWG Encoding Standard); "" for none.

    Example:
        >>> name_encoding("latin-1"), name_encoding("latin-99")
        ('cp1252', '')
    """
    try:
        name = codecs.lookup(encoding.lower().removeprefix("x-")).name
    except LookupError:
        return ""
    return str(_LARGER.get(name, name))


def find_encoding(stream: IO[bytes], declared: str = "") -> tuple[str, str]:
    """Find the encoding: by byte order mark, as UTF-8, else the likeliest of the bytes that are not UTF-8.

    Args:
        stream: The bytes; read from the start, to the end if they are UTF-8: a first part in ASCII says nothing about the rest.
        declared: An encoding to be taken before any is guessed, if it fits.

    Returns:
        Python's name of the encoding, and how it was found; "" if it is plain.

    Raises:
        CorpusError: When the bytes are no text in any known encoding.

    Example:
        >>> find_encoding(io.BytesIO("Café".encode("utf-16")))
        ('utf-16', 'by its byte order mark')
    """
    stream.seek(0)
    head = stream.read(CHUNK)
    if encoding := next((encoding for mark, encoding in _MARKS.items() if head.startswith(mark)), ""):
        return encoding, "" if encoding == "utf-8-sig" else "by its byte order mark"
    if head.count(0) > max(_FEWEST_ZEROS, _ZEROS * len(head)):
        raise CorpusError(_NO_ENCODING)
    decoder, chunk = codecs.getincrementaldecoder("utf-8")(), head
    try:
        while chunk:
            decoder.decode(chunk)
            chunk = stream.read(CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as fault:
        place = fault.start if chunk else len(head)
        return _guess_encoding((chunk or head)[max(0, place - _SAMPLE) : place + _SAMPLE], declared)
    escaped = next((encoding for sign, encoding in _ESCAPES.items() if sign in head), "")
    return escaped or "utf-8", "by its escapes" * bool(escaped)


def _guess_encoding(sample: bytes, declared: str) -> tuple[str, str]:
    """Guess the encoding of bytes that are not sound UTF-8, and say how; CorpusError where they are no text."""
    decoded = sample.decode("utf-8", "replace")
    if sum(c > "\x7f" for c in decoded) > 4 * decoded.count("\ufffd"):  # three sound characters to a bad one: surely UTF-8
        return "utf-8", "with damaged bytes"
    own, (named, share) = name_encoding(declared) if declared else "", _detect(sample, _CANDIDATES)
    if own not in ("", "utf-8") and _fits(sample, own):
        if share < _SURER or own not in map(name_encoding, _CANDIDATES) or _detect(sample, [own])[1] >= _NEARLY * share:
            return declared, "declared"
    named = named if share >= _SURE or not named else "cp1252"
    if named and not _fits(sample, named):
        named, share = _detect(sample, [*_CANDIDATES, *_OLDER])
    if b"\0" in sample or not named:
        raise CorpusError(_NO_ENCODING)
    return named, "guessed" if share >= _SURE else "guessed and unsure: look at its accents"


def _detect(sample: bytes, listed: Sequence[str]) -> tuple[str, float]:
    """The likeliest of some encodings, "" for none, and how likely it is."""
    from chardet import detect

    written = re.sub(rb"<[^<>]*>", b" ", sample).lstrip(bytes(range(128))) or sample  # ASCII tells nothing, mark-up less
    default = "cp1252" if "cp1252" in listed else listed[0]
    found = detect(written, include_encodings=listed, compat_names=False, no_match_encoding=default)
    return found["encoding"] or "", found["confidence"]
