"""Tables (`.csv`): a row a pattern with its category; a column a category; or, as LIWC-22 writes them, a cross for each."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence

from toolkit.codebooks.formats.rows import NO_WEIGHTS, Row, decode_text, lose, make_row
from toolkit.codebooks.nodes import Fault
from toolkit.parsing.layouts import read_data

_NAMES: Mapping[str, Sequence[str]] = read_data("checks", "codebooks")["columns"]
_CROSS = re.compile(r"(?P<out>(?:false|no|0(?:\.0*)?)?)|x|true|yes|1(?:\.0*)?|(?P<weight>-?\d*\.?\d+)", re.IGNORECASE)


def read_csv(content: bytes) -> Iterator[Row | Fault]:
    """Read a CSV file, separated by commas, semicolons or tabs, with names in the first row."""
    import pandas as pd

    if content.startswith(b"PK"):
        yield Fault(1, "an XLSX workbook or another ZIP file. Allowed: CSV. Save the sheet as CSV.")
        return
    text = decode_text(content)
    separator = max(",;\t", key=text.partition("\n")[0].count)
    try:
        table = pd.read_csv(io.StringIO(text), sep=separator, header=None, dtype=str, keep_default_na=False, skip_blank_lines=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        yield Fault(1, f"not a table: {' '.join(str(fault).split())}. Allowed: as many cells in a row as there are names.")
        return
    head, *body = [[str(cell).strip() for cell in row] for row in table.itertuples(index=False)] or [[]]
    known = [name.casefold() for name in head]
    found = {ours: next((known.index(name) for name in names if name in known), None) for ours, names in _NAMES.items()}
    pattern, entry = found.values()
    for name in [name for place, name in enumerate(head) if name and entry is not None and place not in found.values()]:
        yield lose(1, f"left out: column {name!r}. Read are {', '.join(_NAMES)}.")
    for line, cells in enumerate(body, start=2):
        named = [(name or f"column {place}", cell) for place, (name, cell) in enumerate(zip(head, cells, strict=True), start=1)]
        if pattern is None:
            yield from (make_row(name.split("/"), line, cell) for name, cell in named if cell)
        elif not cells[pattern]:
            yield from [lose(line, "left out: a row without a pattern.")] * any(cells)
        elif entry is not None:
            yield make_row((cells[entry] or "no category").split("/"), line, cells[pattern])
        else:
            for name, cell in [*named[:pattern], *named[pattern + 1 :]]:
                yield from _read_cross(name, cell, line, cells[pattern])


def _read_cross(name: str, cell: str, line: int, text: str) -> Iterator[Row | Fault]:
    """Read whether a cell puts a pattern into the category of its column."""
    cross = _CROSS.fullmatch(cell)
    left = lose(line, f"left out: {text!r} in {name!r}, since {cell!r} is neither a cross nor a number.")
    if cross is None or cross["out"] is None:
        yield make_row(name.split("/"), line, text) if cross else left
        yield from [NO_WEIGHTS] * bool(cross and cross["weight"])
