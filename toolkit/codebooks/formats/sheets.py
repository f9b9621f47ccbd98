"""Tables (`.csv`, `.xlsx`): a row a pattern with its category; a column a category; or, as LIWC-22 writes them, a cross for each."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from toolkit.codebooks.formats.rows import Row, decode_text, lose, make_row
from toolkit.codebooks.nodes import Fault

if TYPE_CHECKING:
    import pandas as pd

_NAMES = {
    "pattern": ("pattern", "word", "term", "dicterm", "phrase", "token", "keyword"),
    "entry": ("entry", "category", "sentiment", "code", "class", "dimension", "frame"),
    "weight": ("weight", "score", "value", "valence"),
}
_CROSSES = {**dict.fromkeys(("x", "true", "yes"), "1"), **dict.fromkeys(("", "false", "no"), "0")}


def read_csv(content: bytes) -> Iterator[Row | Fault]:
    """Read a CSV file, separated by commas, semicolons or tabs, with names in the first row."""
    import pandas as pd

    text = decode_text(content)
    separator = max(",;\t", key=text.partition("\n")[0].count)
    try:
        table = pd.read_csv(io.StringIO(text), sep=separator, header=None, dtype=str, keep_default_na=False, skip_blank_lines=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        yield Fault(1, f"not a table: {' '.join(str(fault).split())}. Allowed: as many cells in a row as there are names.")
        return
    yield from _read_table(table)


def read_xlsx(content: bytes) -> Iterator[Row | Fault]:
    """Read the first sheet of an XLSX workbook, as `read_csv`."""
    import pandas as pd

    try:
        sheets = pd.read_excel(io.BytesIO(content), sheet_name=None, header=None, dtype=str, keep_default_na=False, engine="openpyxl")
    except (BadZipFile, KeyError, ValueError, TypeError, SyntaxError) as fault:  # what openpyxl lets through
        yield Fault(1, f"not an XLSX workbook: {' '.join(str(fault).split())}. Save the table again.")
        return
    yield from (lose(1, f"left out: sheet {name!r}. Only the first sheet is read.") for name in [*sheets][1:])
    yield from _read_table(next(iter(sheets.values())))


def _read_table(table: pd.DataFrame) -> Iterator[Row | Fault]:
    """Read the rows of a table by the names in its first one."""
    import pandas as pd

    head, *body = [[str(cell).strip() for cell in row] for row in table.itertuples(index=False)] or [[]]
    known = [name.casefold() for name in head]
    found = {ours: next((known.index(name) for name in names if name in known), None) for ours, names in _NAMES.items()}
    pattern, entry, weight = found.values()
    for name in [name for place, name in enumerate(head) if name and entry is not None and place not in found.values()]:
        yield lose(1, f"left out: column {name!r}. Read are {', '.join(_NAMES)}.")
    for line, cells in enumerate(body, start=2):
        named = [(name or f"column {place}", cell) for place, (name, cell) in enumerate(zip(head, cells, strict=True), start=1)]
        if pattern is None:
            rows = [(name, cell, "1") for name, cell in named if cell]
        elif not cells[pattern]:
            rows = []
            yield from [lose(line, "left out: a row without a pattern.")] * any(cells)
        elif entry is not None:
            rows = [(cells[entry] or "no category", cells[pattern], cells[weight] or "1" if weight is not None else "1")]
        else:
            rows = [
                (name, cells[pattern], _CROSSES.get(cell.casefold(), cell)) for place, (name, cell) in enumerate(named) if place != pattern
            ]
        for name, text, number in rows:
            value = float(pd.to_numeric(number, errors="coerce"))
            if not math.isfinite(value):
                yield lose(line, f"left out: {text!r} in {name!r}, since its weight {number!r} is not a number.")
            elif value or entry is not None:
                yield make_row(name.split("/"), line, text, weight=value)
