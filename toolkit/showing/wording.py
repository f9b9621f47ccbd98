"""How numbers are written, everywhere: one format, with unit, interval and number of articles; and the words around charts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from toolkit.codebooks.records import Codebook
from toolkit.errors import TableError
from toolkit.tables import check_table

Row = Mapping[Hashable, Any]  # one row of Estimates
Labels = Mapping[tuple[str, str], str]  # (codebook id, entry id) -> label; an actor's stands under "actor" and "sources" too

PERIODS = ("day", "week", "month", "year")
EVIDENCE = "The sentences behind each number stand under Evidence."
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PLURAL = {"entry": "entries", "story": "stories", "day": "days"}


def write_number(value: float, unit: str = "") -> str:
    """Write a number: a share as a percentage with one decimal, a whole number in full, any other with three significant figures.

    Example:
        >>> write_number(12.345), write_number(0.04567), write_number(1234567), write_number(0.5, "share of articles")
        ('12.3', '0.0457', '1,234,567', '50.0%')
    """
    if pd.isna(value):
        return "none"
    if is_share(unit):
        return f"{100 * value:.1f}%"
    if isinstance(value, int) or value == 0:
        return f"{value:,.0f}"
    return f"{value:,.{min(6, max(0, 2 - math.floor(math.log10(abs(value)))))}f}"


def write_interval(low: float, high: float, unit: str = "") -> str:
    """Write an interval with an en dash, the unit once; "no interval" when a bound is missing.

    Example:
        >>> write_interval(1.04, 12.3), write_interval(0.1, 0.25, "share of articles")
        ('1.04–12.3', '10.0–25.0%')
    """
    if pd.isna(low) or pd.isna(high):
        return "no interval"
    first = write_number(low, unit)
    return f"{first.removesuffix('%')}–{write_number(high, unit)}"


def write_estimate(row: Row) -> str:
    """Write one row of Estimates with unit, interval, level and number of articles.

    Example:
        >>> write_estimate(dict(estimate=0.5, low=0.25, high=0.75, unit="share of articles", level=0.95, n_articles=8))
        '50.0% of articles (95% interval 25.0–75.0%; 8 articles)'
    """
    unit = str(row["unit"])
    number = f"{write_number(row['estimate'], unit)} {unit.removeprefix('share ')}"
    interval = write_interval(row["low"], row["high"], unit)
    named = interval if interval == "no interval" else f"{write_number(row['level'] * 100).removesuffix('.0')}% interval {interval}"
    return f"{number} ({named}; {write_count(int(row['n_articles']), 'article')})"


def write_count(n: int, thing: str) -> str:
    """Write how many of a thing there are.

    Example:
        >>> write_count(1, "outlet"), write_count(2000, "entry")
        ('1 outlet', '2,000 entries')
    """
    return f"{n:,} {thing if n == 1 else _PLURAL.get(thing, thing + 's')}"


def is_share(unit: str) -> bool:
    """Whether a unit is a share, which is written as a percentage."""
    return unit.startswith("share of ")


def write_period(value: str) -> str:
    """Write a day, month or year of a table for a reader, in English whatever the machine speaks.

    Example:
        >>> write_period("2017-02-06"), write_period("2017-02"), write_period("2017")
        ('6 Feb 2017', 'Feb 2017', '2017')
    """
    year, *rest = value.split("-")
    return " ".join([*(str(int(day)) for day in rest[1:]), *(_MONTHS[int(month) - 1] for month in rest[:1]), year])


def find_labels(codebooks: Sequence[Codebook]) -> Labels:
    """Map the entries of codebooks to their labels, a nested one after its parent's; one that stands twice gets its entry's id added.

    Example:
        >>> find_labels([])
        {}
    """
    labels: dict[tuple[str, str], str] = {}
    for book in codebooks:
        full: dict[str, str] = {}
        for entry in book.entries:
            full[entry.id] = f"{full[entry.parent]}: {entry.label}" if entry.parent in full else entry.label
        often = Counter(full.values())
        for id, label in full.items():
            for scope in (book.id, "actor", "sources") if book.kind == "actors" else (book.id,):
                labels[scope, id] = label if often[label] == 1 else f"{label} ({id})"
    return labels


def write_entry(row: Row, labels: Labels) -> str:
    """Write the entry of a row of Estimates: its label, or its id where no codebook gives one.

    Example:
        >>> write_entry({"codebook": "frames", "entry": "conflict"}, {("frames", "conflict"): "Conflict"})
        'Conflict'
    """
    book, entry = str(row["codebook"]), str(row["entry"])
    return labels.get((book, entry)) or labels.get((book, entry.partition("/")[2]), entry)  # stance/UKR is Ukraine's


def write_group(row: Row, groups: Sequence[str], labels: Labels) -> str:
    """Write the group of a row of Estimates; the empty string where the whole corpus is the group.

    Example:
        >>> write_group({"outlet": "tass.com", "week": "2017-02-06"}, ["outlet", "week"], {})
        'tass.com, week of 6 Feb 2017'
    """
    words: list[str] = []
    for group in groups:
        value = row[group]
        if value == "unknown":
            words.append(f"unknown {group}")
        elif group in PERIODS:
            words.append(("week of " if group == "week" else "") + write_period(str(value)))
        else:
            words.append(labels.get((group, str(value)), str(value)))
    return ", ".join(words)


def find_groups(estimates: pd.DataFrame) -> list[str]:
    """List the columns that make the groups of a table of Estimates: those before `codebook`.

    Source: `toolkit.tables`.

    Example:
        >>> find_groups(pd.DataFrame(columns=["outlet", "codebook", "entry"]))
        ['outlet']
    """
    columns = [str(column) for column in estimates.columns]
    return columns[: columns.index("codebook")]


def check_one_quantity(estimates: pd.DataFrame, who: str) -> pd.DataFrame:
    """Hold a table to Estimates of one quantity with at least one row; return the rows that have an estimate, which may be none.

    Raises:
        TableError: When the schema does not fit, quantities are mixed, or no row is there.
    """
    check_table(estimates, "Estimates")
    units = sorted(set(estimates["unit"]))
    if len(units) > 1:
        raise TableError(f"{who}: the table holds {len(units)} units: {', '.join(units)}. Expected one. Give one quantity at a time.")
    if estimates.empty:
        raise TableError(f"{who}: the table holds no estimate. Expected at least one row. Widen the outlets, dates or focus.")
    return estimates[estimates["estimate"].notna()]


def write_name(estimates: pd.DataFrame) -> str:
    """Make the name of what is drawn from a table: rates-by-outlet.

    Example:
        >>> write_name(pd.DataFrame({"week": ["2017-02-06"], "codebook": ["frames"], "quantity": ["rate"]}))
        'rates-by-week'
    """
    names = {"rate": "rates", "score": "scores", "share of articles": "shares", "share of mentions": "mentions"}
    quantity = str(estimates["quantity"].iloc[0])
    quantity = names.get(quantity) or (quantity.replace(" ", "-") if quantity.startswith("together") else "sentences")
    return "-".join([quantity, *(["by", *find_groups(estimates)] if find_groups(estimates) else [])])


def write_extremes(estimates: pd.DataFrame, labels: Labels) -> str:
    """Say the highest and the lowest number of a table, with group and interval.

    Example:
        >>> one = {"codebook": ["a"], "entry": ["aid"], "unit": ["n"], "estimate": [2.5], "low": [1.0], "high": [3.0]}
        >>> write_extremes(pd.DataFrame(one), {})
        'The one value: aid, 2.50 (1.00–3.00).'
    """
    sure, groups = estimates[estimates["low"].notna()], find_groups(estimates)
    rows = (estimates if sure.empty else sure).to_dict("records")
    high, low = max(rows, key=lambda row: row["estimate"]), min(rows, key=lambda row: row["estimate"])

    def say(row: Row) -> str:
        where = ", ".join(word for word in (write_entry(row, labels), write_group(row, groups, labels)) if word)
        return f"{where}, {write_number(row['estimate'], row['unit'])} ({write_interval(row['low'], row['high'], row['unit'])})"

    return f"The one value: {say(high)}." if len(rows) == 1 else f"Highest: {say(high)}; lowest: {say(low)}."


def write_basis(estimates: pd.DataFrame) -> str:
    """Say level and method of the intervals, how many articles stand behind, and where the evidence is.

    Example:
        >>> write_basis(pd.DataFrame({"codebook": ["a"], "low": [1.0], "level": [0.95], "method": ["bootstrap"], "n_articles": [1200]}))
        'Intervals: 95%, bootstrap. 1,200 articles. The sentences behind each number stand under Evidence.'
    """
    groups = [group for group in find_groups(estimates)]
    sizes = estimates.groupby(groups, dropna=False)["n_articles"].max() if groups else estimates["n_articles"].agg(["max"])
    small, large, total = int(sizes.min()), int(sizes.max()), int(sizes.sum())
    articles = (
        write_count(total, "article")
        if "actor" not in groups or len(sizes) == 1
        else f"{small:,} to {write_count(large, 'article')} per actor"
    )
    if "expected" in estimates:
        articles = "Expected by chance: as if each were strewn over all that was searched"
    levels = ", ".join(f"{100 * level:.4g}%" for level in sorted(set(estimates["level"])))
    intervals = f"Intervals: {levels}, {'; '.join(sorted(set(estimates['method'])))}."
    return f"{intervals if estimates['low'].notna().any() else 'No intervals: too few articles.'} {articles}. {EVIDENCE}"
