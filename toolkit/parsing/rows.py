"""Read tables: delimited text, XLSX, Parquet, JSON and JSON Lines. A row is an article; its columns are mapped to ours by name."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import TextIO

from toolkit.errors import CorpusError, name_choices
from toolkit.parsing.raw import RawArticle, RawRefusal
from toolkit.parsing.sources import CHUNK, Source, open_text

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "headline": ("headline", "title", "web_title"),
    "subtitle": ("subtitle", "standfirst", "deck"),
    "text": ("text", "body", "content", "article", "full_text", "article_text", "maintext", "body_text", "story"),
    "published": ("published", "publish_date", "published_at", "pub_date", "date", "datetime", "date_publish", "publication_date",
                  "published_date", "web_publication_date"),
    "url": ("url", "link", "article_source_link", "canonical_link", "web_url"),
    "outlet": ("outlet", "source", "publisher", "publication", "newspaper", "medium", "media_name", "source_domain", "meta_site_name",
               "site_name"),
    "byline": ("byline", "author", "authors"),
}  # fmt: skip
"""What a column may mean, and the names by which it is known where none is mapped; the first that is there is taken. Case, spaces and
underscores do not matter. They are those of corpora in Dataverse and of the JSON of news-please, newspaper4k, NewsAPI, the Guardian."""

Row = Mapping[str, object] | str
"""A row by the file's names, or why it is none."""

_LONGEST_RECORD = 1 << 25  # characters: three times a ten-megabyte line; a quotation mark that never closes is held to it
_MOST_UNCLOSED = 20  # in one file; each costs reading up to the longest record again
_LONGEST_VALUE = 1 << 29  # characters of one JSON value, in memory: an object of lists is one, an article in a list of them far less
_MOST_LISTED = 30  # names of columns in a message


def map_columns(header: Sequence[str], columns: Mapping[str, str] | None) -> dict[str, str]:
    """Find the file's name of each of our columns.

    Args:
        header: The names in the file.
        columns: As the user maps them; None looks for the usual ones.

    Returns:
        The file's names by ours; the text among them.

    Raises:
        ValueError: When a column that was mapped, or any for the text, is not there.

    Example:
        >>> map_columns(["Title", "mainText", "n"], None)
        {'headline': 'Title', 'text': 'mainText'}
    """
    if columns is not None:
        listed = [name[:40] for name in header[:_MOST_LISTED]]
        faults = [
            f"no column '{theirs}' (our {ours}). {name_choices(theirs, listed)}" for ours, theirs in columns.items() if theirs not in header
        ]
        if faults:
            raise ValueError("\n".join(faults))
        return dict(columns)
    mapped = _find_columns(header, USUAL_NAMES)
    if "text" not in mapped:
        found = ", ".join(name[:40] for name in header[:_MOST_LISTED])
        raise ValueError(f"no column holds the text. Found: {found}. Known names: {', '.join(USUAL_NAMES['text'])}. Map one: text=NAME.")
    return mapped


def check_columns(columns: Mapping[str, str] | None) -> None:
    """Hold a user's mapping to the columns we have.

    Raises:
        CorpusError: Lists every fault.
    """
    faults = [f"'{ours}' is no column of ours. {name_choices(ours, USUAL_NAMES)}" for ours in columns or () if ours not in USUAL_NAMES]
    if columns is not None and "text" not in columns:
        faults.append("No column is mapped to 'text'. Map one: text=NAME.")
    if faults:
        raise CorpusError("\n".join(faults))


def read_rows(source: Source, kind: str) -> Iterator[RawArticle | RawRefusal]:
    r"""Read the rows of a table as articles.

    Args:
        source: The table.
        kind: A key of `ROWS`.

    Yields:
        An article or a refusal for each row, in the file's order; rows are numbered from 1, an empty one is none.

    Raises:
        ValueError: And others of `DAMAGE`, where the file breaks off.

    Example:
        >>> import io
        >>> [raw.fields for raw in read_rows(Source("a.csv", io.BytesIO(b"title,text,n\nRain,It rains.,1\n")), "csv")]
        [{'headline': 'Rain', 'text': 'It rains.'}]
    """
    header: tuple[str, ...] | None = None
    mapped: dict[str, str] = {}
    fault = label = ""
    for number, row in enumerate(ROWS[kind](source), start=1):
        if isinstance(row, str):
            yield RawRefusal(number, row)
            continue
        if tuple(row) != header:
            header = tuple(row)
            try:
                mapped, fault = map_columns(header, source.options.columns), ""
                label = ", ".join(f"{ours}={theirs[:40]}" for ours, theirs in mapped.items())
            except ValueError as found:
                fault = str(found)
        if fault:
            yield RawRefusal(number, fault)
        else:
            source.notes["columns", label] += 1
            yield RawArticle(number, {ours: _write(row[theirs], "\n\n" if ours == "text" else ", ") for ours, theirs in mapped.items()})


def _fold(name: str) -> str:
    """A column's name without case, spaces, underscores, hyphens."""
    return re.sub(r"[\W_]+", "", name[:100]).lower()


def _find_columns(header: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The file's names by ours, of those that are there under a known name."""
    folded = {_fold(theirs): theirs for theirs in reversed(header)}
    return {ours: folded[_fold(usual)] for ours, usuals in known.items() for usual in reversed(usuals) if _fold(usual) in folded}


def _write(value: object, glue: str) -> str:
    """Write a cell as text: a list by its items, an object by its name, as `source` and `authors` often are."""
    if isinstance(value, list):
        return glue.join(filter(None, (_write(item, glue) for item in value if not isinstance(item, list))))
    if isinstance(value, dict):
        named = [value[key] for key in ("name", "title") if isinstance(value.get(key), str)]
        return named[0] if named else ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None or value != value else str(value)  # not a number is not itself


def _name_columns(header: Iterable[object]) -> list[str]:
    """The names of columns; the second of a name gets its place beside it, so that the first counts."""
    seen: set[str] = set()
    return [str(name) if str(name) not in seen and not seen.add(str(name)) else f"{name} ({n})" for n, name in enumerate(header, start=1)]  # type: ignore[func-returns-value]


def _delimited_rows(source: Source) -> Iterator[Row]:
    """The rows of CSV or TSV after the header."""
    csv.field_size_limit(2**31 - 1)  # the default refuses texts over 128 KiB
    stream = open_text(source)
    first = stream.readline(_LONGEST_RECORD)
    if first[:4].lower() == "sep=":  # a line by which Excel is told the delimiter
        first = stream.readline(_LONGEST_RECORD)
    delimiter = max(",;\t|", key=first.count)
    records = _read_records(chain([first], _read_lines(stream)), delimiter)
    found = next(records, [])
    if isinstance(found, str):
        raise ValueError("a quotation mark opens in the header and never closes")
    header = _name_columns(found)
    for record in records:
        if isinstance(record, str):
            yield record
        elif len(record) != len(header):
            yield "the row has another number of fields than the header: check its quotation marks and delimiters"
        else:
            yield dict(zip(header, record, strict=True))


def _read_lines(stream: TextIO) -> Iterator[str]:
    """Lines, those that are longer than memory should hold in pieces."""
    return iter(lambda: stream.readline(_LONGEST_RECORD), "")


def _read_records(lines: Iterator[str], delimiter: str) -> Iterator[list[str] | str]:
    """The records of delimited text. A quotation mark that never closes costs its line, not all that follows."""
    taken: list[str] = []
    broke_off = False

    def take(given: Iterable[str]) -> Iterator[str]:
        nonlocal broke_off
        n_characters = 0
        for line in given:
            n_characters = n_characters + len(line) if taken else len(line)
            taken.append(line)
            yield line
            if n_characters > _LONGEST_RECORD and taken:  # still in the same record
                break
        broke_off = True

    for _ in range(_MOST_UNCLOSED):
        broke_off = False
        for record in csv.reader(take(lines), delimiter=delimiter):
            if broke_off:  # the reader asked for more, in a quotation, and there was none
                break
            taken.clear()
            if record:
                yield record
        if not taken:
            return
        yield "a quotation mark opens in this row and never closes"
        lines, taken = chain(taken[1:], lines), []
    yield "too many quotation marks never close: the rest was not read. Mend the file, or save it as XLSX or JSON"


def _sheet_rows(source: Source) -> Iterator[Row]:
    """The rows of every sheet of a workbook; each sheet has its header in its first row that is not empty."""
    from openpyxl import load_workbook

    for sheet in load_workbook(source.stream, read_only=True, data_only=True).worksheets:
        sheet.reset_dimensions()  # what a file says of its size is often wrong
        rows = (row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row))
        header = _name_columns(next(rows, ()))
        for row in rows:
            yield dict(zip(header, (*row, *(None,) * len(header)), strict=False))


def _parquet_rows(source: Source) -> Iterator[Row]:
    """The rows of a Parquet file; only the columns that are asked for are read, page by page."""
    import pyarrow.parquet as pq

    table = pq.ParquetFile(source.stream, buffer_size=CHUNK, pre_buffer=False)
    header = table.schema_arrow.names
    if "article_id" in header and "n_words" in header:
        raise CorpusError("already a corpus: name it where a CORPUS is asked for")
    try:
        wanted = list(map_columns(header, source.options.columns).values())
    except ValueError:
        wanted = header  # the fault is found again, and told for each row
    batches = table.iter_batches(batch_size=256, columns=wanted, use_threads=False)
    yield from (row for batch in batches for row in batch.to_pylist())


def _json_lines(source: Source) -> Iterator[Row]:
    """The objects of JSON Lines."""
    for line in _read_lines(open_text(source)):
        if line.strip():
            try:
                yield from _rows_of(json.loads(line, strict=False))
            except (ValueError, RecursionError):
                yield "the line is not sound JSON: look at it in an editor"


def _json_rows(source: Source) -> Iterator[Row]:
    """The objects of a JSON file: those of a list, at the top or under a key that services use, as a stream; else the objects in it."""
    stream = open_text(source)
    text = stream.read(CHUNK)
    found = _JSON_LIST.search(text)
    at = found.end() if found else 0
    while True:
        at = _JSON_SPACE.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing as well
        if found and text.startswith("]", at):
            return
        try:
            value, at = _JSON.raw_decode(text, at)
        except json.JSONDecodeError as fault:
            is_cut = fault.msg.startswith("Unterminated") or fault.pos > len(text) - 16
            more = stream.read(max(CHUNK, len(text) - at)) if is_cut and len(text) - at < _LONGEST_VALUE else ""
            if not more and at == len(text) and not found:
                return
            if not more:
                raise ValueError("no sound JSON from here on: the rest was not read") from None
            text, at = text[at:] + more, 0
            continue
        yield from _rows_of(value)


_JSON = json.JSONDecoder(strict=False)
_JSON_SPACE = re.compile(r"[\s,]*")
_JSON_LIST = re.compile(
    r"""\A\s*\[|(?<!\\)"(?:articles|hits|results|docs|documents|data|items|records|response|news|stories)"\s*:\s*\[\s*(?=[{\]])"""
)


def _rows_of(value: object) -> Iterator[Row]:
    """The rows that one JSON value is: an article; a table as an object of lists or of objects (pandas' `columns` and `index`)."""
    if not isinstance(value, dict):
        yield "a JSON value that is no object"
        return
    inner = list(value.values())
    if isinstance(value.get("_source"), dict):  # Elasticsearch
        yield value["_source"]
    elif inner and all(isinstance(column, list) and len(column) == len(inner[0]) for column in inner):
        yield from (dict(zip(value, cells, strict=True)) for cells in zip(*inner, strict=True))
    elif inner and all(isinstance(column, dict) for column in inner):
        if any(_fold(name) in map(_fold, value) for name in USUAL_NAMES["text"]):
            yield from ({name: column.get(row) for name, column in value.items()} for row in inner[0])
        else:
            yield from inner
    else:
        yield value


ROWS: Mapping[str, Callable[[Source], Iterator[Row]]] = {
    "csv": _delimited_rows,
    "xlsx": _sheet_rows,
    "parquet": _parquet_rows,
    "json": _json_rows,
    "jsonl": _json_lines,
}
"""How the rows of each kind of table are read."""


FILE_NAMES = ("file", "filename", "file_name", "path", "source_path", "doc_id", "document", "id")
"""How a column is called that names the files of a table beside the texts."""


def read_metadata(source: Source, kind: str) -> dict[str, dict[str, str]]:
    """Read a table beside the texts: what is known of each file, by its name."""
    listed: dict[str, dict[str, str]] = {}
    for row in ROWS[kind](source):
        found = row if isinstance(row, str) else f"no column names the files. Found: {', '.join(row)}. Known names: {', '.join(FILE_NAMES)}"
        named = _find_columns([] if isinstance(row, str) else list(row), {"file": FILE_NAMES, **USUAL_NAMES})
        if isinstance(row, str) or "file" not in named:
            raise CorpusError(f"{source.path}: {found}.")
        listed[_write(row[named.pop("file")], "")] = {ours: _write(row[theirs], ", ") for ours, theirs in named.items() if ours != "text"}
    return listed
