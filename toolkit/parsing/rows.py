"""Read tables: delimited text, XLSX, Parquet, JSON and JSON Lines. A row is an article; its columns are mapped to ours by name."""

import ast
import csv
import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from typing import Literal

from toolkit.errors import CorpusError, name_choices, raise_faults
from toolkit.parsing.dates import ORDERS, read_date
from toolkit.parsing.sources import CHUNK, NO_TEXT, Options, RawArticle, RawRefusal, Source, decode, open_text, read_text
from toolkit.tables import read_data, read_limits, read_pattern

# The names by which our columns are known.
USUAL_NAMES, _PARTS = ({ours: names.split() for ours, names in read_data("layouts")[name].items()} for name in ("columns", "date in parts"))
_DOUBTS, _JOINED, _DELIMITERS = read_data("layouts")["doubts"], "year, month, day", read_data("layouts")["delimiters"]

Row = Mapping[str, object] | str  # a row by the file's names, or why it is not one

_LONGEST_FIELD, _LONGEST_NAME, _MOST_LISTED, _FIRST_ROWS = read_limits("rows")
_MISSING, _LISTS = (frozenset(read_data("layouts")[name]) for name in ("missing", "lists"))
_MARK_UP, _BARE_CELL, _TOTAL, _END, _ESCAPED = map(read_pattern, ("mark-up", "bare cell", "total", "escaped break", "escaped mark"))


def map_columns(header: Sequence[str], columns: Mapping[str, str] | None, sizes: Mapping[str, int] | None = None) -> dict[str, str]:
    """Find the file's name of each of our columns.

    Args:
        header: The names in the file.
        columns: As the user maps them; the others are looked for under their usual names.
        sizes: Characters in the first rows, by column: of several that may be the text, one with far more than the first is taken.

    Returns:
        The file's names by ours; the text among them.

    Raises:
        CorpusError: When a column that was mapped, or any for the text, is not there.

    Example:
        >>> map_columns(["Title", "mainText", "n"], None)
        {'headline': 'Title', 'text': 'mainText'}
    """
    given, listed = dict(columns or {}), [name[:40] for name in header[:_MOST_LISTED]]
    lost = [f"no column '{theirs}' (our {ours}). {name_choices(theirs, listed)}" for ours, theirs in given.items() if theirs not in header]
    raise_faults(lost, CorpusError)
    mapped = find_columns([name for name in header if name not in given.values()], USUAL_NAMES, sizes) | given
    if "text" not in mapped:
        known = ", ".join(USUAL_NAMES["text"][1:10])
        raise CorpusError(f"no column holds the text. Found: {', '.join(listed)}. Known are {known} and others. Map one: text=NAME.")
    return mapped


def read_rows(source: Source, kind: str) -> Iterator[RawArticle | RawRefusal]:
    r"""Read the rows of a table as articles.

    Args:
        source: The table.
        kind: A key of `ROWS`.

    Yields:
        An article or a refusal for each row, in the file's order; rows are numbered from 1, empty rows left out.

    Raises:
        CorpusError: And others of `DAMAGE`, where the file breaks off.

    Example:
        >>> import io
        >>> [raw.fields for raw in read_rows(Source("a.csv", io.BytesIO(b"title,text,n\nRain,It rains.,1\n")), "csv")]
        [{'headline': 'Rain', 'text': 'It rains.'}]
    """
    return map_rows(ROWS[kind](source), source.options.columns, source.notes)


def map_rows(rows: Iterable[Row], columns: Mapping[str, str] | None, notes: Counter[tuple[str, str]]) -> Iterator[RawArticle | RawRefusal]:
    """Make articles of rows.

    Args:
        rows: The rows.
        columns: As the user maps them.
        notes: What was found is added to it.

    Yields:
        An article or a refusal for each row, numbered from 1.

    Example:
        >>> [raw.fields["text"] for raw in map_rows([{"body": "It rains."}], None, Counter())]
        ['It rains.']
    """
    rows = iter(rows)
    first = list(islice(rows, _FIRST_ROWS))
    tables = [row for row in first if not isinstance(row, str)]
    long = ({name: len(cell) for name, cell in row.items() if isinstance(cell, str | list | bytes)} for row in tables)
    sizes = sum(map(Counter[str], long), Counter[str]())
    parts = [*find_columns([*tables[0]], _PARTS).values()] if tables else []
    dated = _find_dated([_join_date(row, parts) for row in tables])
    if len(parts) == 3 and _JOINED not in dated:  # judged as a whole: one of them is none
        parts, dated = [], {**dated, parts[0]: _DOUBTS["no day"].format(names=", ".join(parts))}

    @lru_cache(maxsize=1)  # rows of JSON may differ, those of other tables do not
    def find(header: tuple[str, ...]) -> tuple[dict[str, str], str]:
        mapped = map_columns(header, columns, sizes)

        def is_used(name: str) -> bool:
            return any(f"{used}.".startswith(f"{name}.") for used in mapped.values())

        outer = {name: name.rpartition(".")[0] for name in header}  # of what is in an object of JSON that is not used, only this is told
        larger = {name: " (twice as much text)" for name in header if sizes[name] > 2 * sizes[mapped["text"]]}
        unused = [name for name in header if not is_used(name) and (outer[name] not in header or is_used(outer[name]))]
        for name in [name for name in unused if name in dated and "published" not in mapped]:
            notes["doubt", dated[name]] += 1
        said = ", ".join(f"{ours}={theirs[:40]}" for ours, theirs in mapped.items())
        listed = ", ".join(f"{name[:40]}{larger.get(name, '')}" for name in unused[:_MOST_LISTED])
        return mapped, said + f"; not used: {listed}" * bool(unused)

    for number, row in enumerate(chain(first, rows), start=1):
        try:
            if isinstance(row, str):
                raise CorpusError(row)
            mapped, said = find(tuple(row := _join_date(row, parts)))
            fields = {ours: write_cell(row[its], "\n\n" if ours == "text" else ", ") for ours, its in mapped.items()}
            if len(fields) > 1 and list(filter(None, fields.values())) == [fields["text"]] and _TOTAL.fullmatch(fields["text"]):
                raise CorpusError(NO_TEXT)  # the sum below a table
            notes["columns", said] += 1
            yield RawArticle(number, fields)
        except CorpusError as fault:  # also of the mark-up in a cell: it ends the row, not the file
            yield RawRefusal(number, str(fault))


def _join_date(row: Mapping[str, object], parts: Sequence[str]) -> Mapping[str, object]:
    """A row with its year, month and day in one column."""
    if len(parts) < 3 or not {*parts} <= row.keys():
        return row
    year, month, day = (write_cell(row[name], "").strip().removesuffix(".0") for name in parts)
    joined = f"{year}-{month}-{day}" if month.isdigit() else f"{day} {month} {year}"
    return {name: cell for name, cell in row.items() if name not in parts} | {_JOINED: joined.strip(" -")}


def _find_dated(rows: Sequence[Mapping[str, object]]) -> Mapping[str, str]:
    """Find the columns that hold nothing but dates, and what is said where none of them is taken."""
    cells = [(name, write_cell(one, "").strip()) for row in rows for name, one in row.items() if isinstance(one, str | date)]
    others = {name for name, cell in cells if cell and not (len(cell) < 40 and read_date(cell, ORDERS[0]))}
    return {name: _DOUBTS["no date taken"].format(name=name[:40], example=cell) for name, cell in cells if cell and name not in others}


@lru_cache(10_000)  # the objects of JSON Lines have the same names again and again
def _fold(name: str) -> str:
    """A column's name without case, spaces, underscores, hyphens."""
    return re.sub(r"[\W_]+", "", name[:100]).lower()


def find_columns(header: Sequence[str], known: Mapping[str, Sequence[str]], sizes: Mapping[str, int] | None = None) -> dict[str, str]:
    """The file's names by ours, of those that are there under a known name; for the text the first, or one that holds twice as much."""
    folded, size = {_fold(theirs): theirs for theirs in reversed(header)}, Counter(sizes)
    found = {ours: [folded[_fold(usual)] for usual in usuals if _fold(usual) in folded] for ours, usuals in known.items()}
    largest = max(found.get("text", ()), key=size.__getitem__, default="")
    if largest and 2 * size[found["text"][0]] < size[largest]:
        found["text"] = [largest]
    return {ours: names[0] for ours, names in found.items() if names}


def write_cell(value: object, glue: str) -> str:
    """Write a cell as text: a list by its items, an object by its text or name, as `authors` often are; mark-up as a page shows it."""
    if isinstance(value, list):
        is_cut = glue == "\n\n" and {str, dict} <= {*map(type, value)}  # a text in pieces, as of Telegram
        return ("" if is_cut else glue).join(filter(None, (write_cell(item, glue) for item in value if not isinstance(item, list))))
    if isinstance(value, dict):
        keys = ("text", "content", "value", "name", "title") if glue == "\n\n" else ("name", "title")
        return next((write_cell(value[key], glue) for key in keys if isinstance(value.get(key), str)), "")
    written = value.isoformat() if isinstance(value, date) else decode(value) if isinstance(value, bytes) else str(value)  # bytes: of Hive
    if len(written) < 20 and written.strip("()<> ").lower() in _MISSING:  # not a number is nan, pandas has <NA> and NaT
        return ""
    written = read_pattern("formula of a text").sub(r"\1", written).replace("_x000D_", "\n")
    if written[:2] in ("['", '["') and written.endswith(("']", '"]')):  # a list, as Python and pandas write it into a cell
        with suppress(ValueError, SyntaxError, RecursionError, MemoryError):
            return write_cell([item for item in ast.literal_eval(written) if isinstance(item, str)], glue)
    written = written.replace("\\r", "").replace("\\n", "\n").replace("\\t", "\t") if "\\n" in written and _END.search(written) else written
    if "&lt;" in written and _MARK_UP.search(unescaped := html.unescape(written)):
        written = unescaped
    if "<" in written and _MARK_UP.search(written):
        from toolkit.parsing.webpages import read_page_text

        return read_page_text(written.encode("utf-8", "replace"), encoding="utf-8")
    return written


def _name_columns(header: Sequence[object]) -> list[str]:
    """The names of columns; the second of a name gets its place next to it, so that the first counts."""
    first = {name: n for n, name in reversed(list(enumerate(header)))}
    return [str(name) if first[name] == n else f"{name} ({n + 1})" for n, name in enumerate(header)]


def _find_header(rows: Sequence[Sequence[object]], given: Options) -> int | None:
    """The place of the header: as the user says, else the row that names a text and most else, if any; titles may come before it."""
    if given.header_row:
        return min(given.header_row, len(rows)) - 1
    texts = set((given.columns or {}).values())
    written = [[*map(str, row)] for row in rows[:_FIRST_ROWS]]
    named = [n for n, row in enumerate(written) if texts & {*row} or (_names_text(*row) and (n == 0 or max(map(len, row)) < _LONGEST_NAME))]
    return max(named, key=lambda n: len(find_columns(written[n], USUAL_NAMES)), default=None)


def _is_header(record: Sequence[str]) -> bool:
    """Whether a row names columns, a text among them: it is the header of another table."""
    return max(map(len, record), default=0) < _LONGEST_NAME and _names_text(*record) and len(find_columns(record, USUAL_NAMES)) > 1


def _delimited_rows(source: Source) -> Iterator[Row]:
    """The rows of CSV or TSV after the header; a quotation mark that never closes ends the file."""
    csv.field_size_limit(_LONGEST_FIELD)  # the default refuses texts over 128 KiB
    given, stream = source.options, open_text(source)
    lines = list(islice(stream, max(_FIRST_ROWS, given.header_row)))
    lines = lines[1:] if lines and lines[0][:4].lower() == "sep=" else lines or [""]  # a line by which Excel is told the delimiter
    delimiters = [given.delimiter or max(_DELIMITERS, key=line.count) for line in lines]
    cut = [next(csv.reader([line[:_LONGEST_FIELD]], delimiter=delimiter), []) for line, delimiter in zip(lines, delimiters, strict=True)]
    place = _find_header(cut, given) or 0
    lines, delimiter = lines[place:], delimiters[place]
    # Some write tabs between cells and no quotation marks around them: then a mark at the start of a cell is the text's own.
    is_bare = delimiter == "\t" and len({line.count("\t") for line in lines}) == 1 and _BARE_CELL.search("".join(lines))
    quoting: Literal[0, 3] = csv.QUOTE_NONE if (given.quoting or "none" * bool(is_bare)) == "none" else csv.QUOTE_MINIMAL
    header, is_escaped, is_over, is_within = list[str](), bool(_ESCAPED.search("".join(lines))), False, False
    undoubled, inner = (re.compile(form.replace("D", re.escape(delimiter))) for form in read_data("layouts")["undoubled"])

    def take() -> Iterator[str]:
        nonlocal is_over, is_within
        for line in chain(lines, stream):
            written = line.replace('\\"', '""') if is_escaped else line
            is_broken, is_within = not (given.quoting or quoting or is_within) and undoubled.match(written), True
            yield inner.sub('""', written) if is_broken else written
        is_over = True

    records = csv.reader(take(), delimiter=delimiter, quoting=quoting)
    try:
        for number, record in enumerate(records):
            is_within = False
            if is_over:  # the reader asked for more within quotation marks, and there was none
                raise csv.Error
            if not header or sorted(record) == sorted(header) or _is_header(record):  # again, where tables were put together
                header = _name_columns(record)
                continue
            if number == 1 and record[:1] == ["1"] and len(record) == len(header) + 1:  # R names rows, but not their column
                header.insert(0, "")
            if len(record) == len(header):
                yield dict(zip(header, record, strict=True))
            elif record:
                yield "the row has another number of fields than the header: check its quotation marks and delimiters"
    except csv.Error:
        yield read_data("layouts")["unclosed"].format(n=_LONGEST_FIELD)


def _sheet_rows(source: Source) -> Iterator[Row]:
    """The rows of every sheet of a workbook after its header; sheets that name no text are left out, and told, where another does."""
    from pandas import ExcelFile, read_excel

    with ExcelFile(source.stream, engine="openpyxl") as book:
        sheets = read_excel(book, sheet_name=None, header=None, dtype=object)
        hidden = {sheet.title for sheet in book.book if sheet.sheet_state != "visible"}
    rows = {name: sheet.dropna(how="all").fillna("").to_numpy().tolist() for name, sheet in sheets.items() if sheet.size}
    places = {name: _find_header(own, source.options) for name, own in rows.items()}
    for name, place in places.items():
        if place is None and {*places.values()} != {None}:
            source.notes["columns", f"sheet '{name[:40]}' not used: no column of it holds a text"] += 1
        else:
            names, body = _name_columns(rows[name][place or 0]), rows[name][(place or 0) + 1 :]
            source.notes["doubt", _DOUBTS["hidden"].format(path=source.path, sheet=name[:40])] += name in hidden
            for column in zip(*body, strict=True):
                days = [cell.day for cell in column if isinstance(cell, date)]
                texts = (cell for cell in column if isinstance(cell, str) and len(cell) < 20 and not cell[:4].isdigit() and read_date(cell))
                if days and max(days) <= 12 and (example := next(texts, "")):
                    source.notes["doubt", _DOUBTS["half read"].format(path=source.path, sheet=name[:40], example=example)] += 1
            yield from (dict(zip(names, row, strict=True)) for row in body)


def _parquet_rows(source: Source) -> Iterator[Row]:
    """The rows of a Parquet file, page by page."""
    import pyarrow.parquet as pq

    table = pq.ParquetFile(source.stream, buffer_size=CHUNK, pre_buffer=False)
    if {"article_id", "n_words"} <= set(table.schema_arrow.names):
        raise CorpusError("already a corpus: name it where a CORPUS is asked for")
    for batch in table.iter_batches(batch_size=256, use_threads=False):
        yield from (dict(_flatten(row)) for row in batch.to_pylist())


def _json_lines(source: Source) -> Iterator[Row]:
    """The objects of JSON Lines."""
    for line in filter(str.strip, open_text(source)):
        try:
            yield from _rows_of(json.loads(line.strip().rstrip(","), strict=False))
        except (ValueError, RecursionError):
            yield "the line is not sound JSON: look at it in an editor"


def _json_rows(source: Source) -> Iterator[Row]:
    """The objects of a JSON file."""
    try:
        value = json.loads(read_text(source), strict=False)
    except json.JSONDecodeError as fault:
        raise CorpusError(f"no sound JSON at line {fault.lineno}, column {fault.colno}: nothing of it was read") from None
    yield from _rows_of(value)


def _flatten(value: Mapping[str, object], within: str = "") -> Iterator[tuple[str, object]]:
    """What is in an object, and in the objects in it, by the names on the way to it."""
    for name, cell in value.items():
        while isinstance(cell, dict) and [key[:1] for key in cell] == ["$"]:  # a type of MongoDB: {"$date": …}
            cell = next(iter(cell.values()))
        if isinstance(cell, dict):
            yield from _flatten(cell, f"{within}{name}.")
        if not isinstance(cell, dict) or write_cell(cell, "\n\n"):
            yield within + name, cell


def _rows_of(value: object) -> Iterator[Row]:
    """The rows that one JSON value is: an article, also what is in its objects; a list, also under a key that services use; a table."""
    if not isinstance(value, dict):
        for item in value if isinstance(value, list) else [value]:
            yield from _rows_of(item) if isinstance(item, dict) else ["a JSON value that is not an object"]
        return
    inner, flat = list(value.values()), dict(_flatten(value))
    listed = [value[key] for key in value if _fold(key) in _LISTS and isinstance(value[key], list | dict)]
    if listed and not _names_text(*flat):
        yield from chain.from_iterable(map(_rows_of, listed))
    elif inner and all(isinstance(column, list) and len(column) == len(inner[0]) for column in inner):
        yield from (dict(zip(value, cells, strict=True)) for cells in zip(*inner, strict=True))
    elif _names_text(*value) and {*map(type, inner)} == {dict} and len({*map(tuple, inner)}) == 1 and all(map(str.isdigit, inner[0])):
        yield from ({name: column.get(row) for name, column in value.items()} for row in inner[0])
    else:  # or objects that each are an article, as of Elasticsearch and pandas
        inner = [value["_source"]] if "_source" in value else inner  # beside it, what was found
        within = [one for one in (dict(_flatten(cell)) for cell in inner if isinstance(cell, dict)) if _names_text(*one)]
        yield from (not _names_text(*flat) and within) or [flat]


@lru_cache(1000)
def _names_text(*names: str) -> bool:
    """Whether one of some names is that of a text."""
    return bool(find_columns(list(names), {"text": USUAL_NAMES["text"]}))


# How the rows of each kind of table are read.
ROWS: dict[str, Callable[[Source], Iterator[Row]]] = {"csv": _delimited_rows, "xlsx": _sheet_rows, "parquet": _parquet_rows}
ROWS |= {"json": _json_rows, "jsonl": _json_lines}
