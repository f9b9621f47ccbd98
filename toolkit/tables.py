"""What is data, not code: the schema of every table that crosses a door between two rooms, lists, limits and patterns.

The schemas are data (`data/tables.yml`): `check_table` holds tables to them and the book's data dictionary is generated from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from toolkit.errors import TableError, raise_faults

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Column:
    """One column: its name, pandas dtype, meaning, unit, whether a value or the whole column may be missing, and the values allowed."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    missing: bool = False
    optional: bool = False
    allowed: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """One table: its grain, its columns in order, and the columns that together are unique."""

    name: str
    grain: str
    columns: Sequence[Column]
    unique: Sequence[str] = ()
    open_left: bool = False  # further (group) columns may come before the first one


@cache
def read_data(name: str, room: str = "parsing") -> dict[Any, Any]:
    """Read one of the files in data/ of a room; each says in its comments what is in it.

    Example:
        >>> read_data("layouts")["months"][3].split()[0]
        'march'
        >>> list(read_data("boilerplate"))
        ['pieces', 'tails', 'sentences', 'lines']
    """
    return dict(yaml.load((files("toolkit") / room / "data" / f"{name}.yml").read_text("utf-8"), Loader=yaml.CSafeLoader))


def read_limits(module: str, room: str = "parsing") -> tuple[Any, ...]:
    """Read the limits and thresholds of a module, in their order: data/limits.yml of its room gives the reason for each.

    Example:
        >>> read_limits("learning")
        (5, 0.01)
    """
    return tuple(read_data("limits", room)[module].values())


@cache
def read_pattern(name: str, room: str = "parsing") -> re.Pattern[str]:
    """Compile one of the patterns of data/patterns.yml of a room; white space is no part of those that begin with (?x).

    Example:
        >>> read_pattern("said").match("Ann Bo asked") is not None
        True
    """
    return re.compile(_put_together(name, room))


def _put_together(name: str, room: str) -> str:
    """A pattern with those that it names in their places."""
    return re.sub("<<(.+?)>>", lambda other: _put_together(other[1], room), str(read_data("patterns", room)[name]).strip())


_WRITTEN = read_data("tables", ".")
TABLES: Mapping[str, Table] = {
    name: Table(**{"name": name, **table, "columns": [Column(column, **facts) for column, facts in table["columns"].items()]})
    for name, table in _WRITTEN.items()
}
SEARCHED_PARTS = ("headline", "dateline", "body")
VIA, USES = (tuple[str, ...](_WRITTEN["Mentions"]["columns"][column]["allowed"]) for column in ("via", "use"))
SOURCE_TYPES = tuple[str, ...](_WRITTEN["Attributions"]["columns"]["source_type"]["allowed"])


def make_table(name: str, columns: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Build the table called `name` with the dtypes of its schema; without columns, an empty one.

    Args:
        name: A key of `TABLES`.
        columns: Values by column name; for an open table the group columns come first.

    Returns:
        The table, checked.

    Raises:
        TableError: When the values do not fit the schema.

    Example:
        >>> make_table("Refused", {"source_path": ["a.txt"], "source_row": [None], "reason": ["empty"]}).shape
        (1, 3)
    """
    import pandas as pd

    schema = TABLES[name]
    given = dict(columns) if columns is not None else {column.name: [] for column in schema.columns if not column.optional}
    table = pd.DataFrame(given)
    for column in schema.columns:
        if column.name in table:
            try:
                table[column.name] = table[column.name].astype(column.type)
            except (TypeError, ValueError) as fault:
                raise TableError(f"table {name}, column '{column.name}': {fault}. Expected {column.type}. Convert it first.") from fault
    return check_table(table, name)


def check_table(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Hold a table to its schema and return it unchanged.

    Args:
        table: The table to check.
        name: A key of `TABLES`.

    Returns:
        The same table.

    Raises:
        TableError: Lists every fault: missing, extra or misordered columns, wrong dtypes, missing or disallowed values, doubles.

    Example:
        >>> import pandas as pd
        >>> check_table(pd.DataFrame({"source_path": ["a.txt"]}), "Refused")
        Traceback (most recent call last):
        ...
        toolkit.errors.TableError: table Refused: columns are source_path; expected source_path, source_row, reason.
    """
    schema, found = TABLES[name], [str(column) for column in table.columns]
    columns = [column for column in schema.columns if not column.optional or column.name in found]
    expected = [column.name for column in columns]
    if (found[-len(expected) :] if schema.open_left else found) != expected:
        raise TableError(f"table {name}: columns are {', '.join(found)}; expected {', '.join(expected)}.")
    faults = [fault for column in columns for fault in _column_faults(table[column.name], column)]
    if schema.unique and table.duplicated(list(schema.unique)).any():
        double = table.loc[table.duplicated(list(schema.unique)), list(schema.unique)].iloc[0].tolist()
        faults.append(f"{', '.join(schema.unique)} must be unique; {double} stands twice")
    raise_faults([f"table {name}: {fault}." for fault in faults], TableError)
    return table


def _column_faults(values: pd.Series, column: Column) -> Iterator[str]:
    """Say what is wrong with one column."""
    if str(values.dtype) != column.type:
        yield f"column '{column.name}' is {values.dtype}; expected {column.type}"
    if not column.missing and values.isna().any():
        yield f"column '{column.name}' lacks a value in row {int(values.isna().to_numpy().argmax())}; it may not be missing"
    if column.allowed and (odd := sorted(set(values.dropna().unique()) - set(column.allowed))):
        yield f"column '{column.name}' holds {odd[0]!r}; allowed: {', '.join(column.allowed)}"


def check_record(value: object, kind: type, who: str) -> None:
    """Hold an argument to the record that a verb wants.

    Args:
        value: What was given.
        kind: The class wanted.
        who: The verb.

    Raises:
        TableError: Says what was given, what is wanted, and how to make it.

    Example:
        >>> check_record("news", Column, "find_mentions")
        Traceback (most recent call last):
        ...
        toolkit.errors.TableError: find_mentions: got str 'news', expected Column.
    """
    if not isinstance(value, kind):
        given = f" {value[:60]!r}" if isinstance(value, str) else ""
        way = read_data("records", ".").get(kind.__name__)
        hint = f" Make one: {way}, and give it to {who} in its place." if way else ""
        raise TableError(f"{who}: got {type(value).__name__}{given}, expected {kind.__name__}.{hint}")
