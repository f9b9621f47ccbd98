"""How numbers are put into words, everywhere: one format, with unit, interval and number of articles; and the words around charts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from toolkit.counting.counts import PERIODS
from toolkit.errors import TableError
from toolkit.estimating import Estimates
from toolkit.markup import write_count, write_csv, write_interval, write_number

Row = Mapping[Hashable, Any]  # one row of a table

EVIDENCE = "Each number in the table opens what it counts."
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_estimate(row: Row, estimates: Estimates) -> str:
    """Write one number with unit, interval, level and number of articles."""
    unit = estimates.measure.unit
    interval = write_interval(row["low"], row["high"], unit)
    level = write_number(estimates.resampling.level * 100).removesuffix(".0")
    named = interval if interval == "no interval" else f"{level}% interval {interval}"
    return (
        f"{write_number(row['estimate'], unit)} {unit.removeprefix('share ')} ({named}; {write_count(int(row['n_articles']), 'article')})"
    )


def write_period(value: str) -> str:
    """Write a day, month or year of a table for a reader, in English whatever language the machine has.

    Example:
        >>> write_period("2017-02-06"), write_period("2017-02"), write_period("2017")
        ('6 Feb 2017', 'Feb 2017', '2017')
    """
    year, *rest = value.split("-")
    return " ".join([*(str(int(day)) for day in rest[1:]), *(_MONTHS[int(month) - 1] for month in rest[:1]), year])


def write_entry(row: Row, estimates: Estimates) -> str:
    """Write the entry of a number: its label, or its id where it has none."""
    return estimates.labels.get("entry", {}).get(str(row["entry"]), str(row["entry"]))


def write_group(row: Row, groups: Sequence[str], labels: Mapping[str, Mapping[str, str]]) -> str:
    """Write the group of a number; the empty string where the whole corpus is the group.

    Example:
        >>> write_group({"outlet": "tass.com", "week": "2017-02-06"}, ["outlet", "week"], {})
        'tass.com, week of 6 Feb 2017'
    """
    words: list[str] = []
    for group in groups:
        value = str(row[group])
        if value == "unknown":
            words.append(f"unknown {group}")
        elif group in PERIODS:
            words.append(("week of " if group == "week" else "") + write_period(value))
        else:
            words.append(labels.get(group, {}).get(value, value))
    return ", ".join(words)


def check_some(estimates: Estimates, who: str) -> pd.DataFrame:
    """Hold estimates to at least one row; return the rows that have an estimate, of which there may be none.

    Raises:
        TableError: When there is no row.
    """
    if estimates.table.empty:
        raise TableError(f"{who}: there is no estimate. Widen the outlets, dates or focus.")
    return estimates.known


def write_extremes(estimates: Estimates) -> str:
    """Say the highest and the lowest number, with group and interval."""
    known = estimates.known
    sure = known[known["low"].notna()]
    rows = (known if sure.empty else sure).to_dict("records")
    high, low = max(rows, key=lambda row: row["estimate"]), min(rows, key=lambda row: row["estimate"])

    def say(row: Row) -> str:
        named = (write_entry(row, estimates), write_group(row, estimates.groups, estimates.labels))
        unit = estimates.measure.unit
        where = ", ".join(word for word in named if word)
        return f"{where}, {write_number(row['estimate'], unit)} ({write_interval(row['low'], row['high'], unit)})"

    return f"The one value: {say(high)}." if len(rows) == 1 else f"Highest: {say(high)}; lowest: {say(low)}."


def write_basis(estimates: Estimates) -> str:
    """Say level and method of the intervals, how many articles are behind them, and where the evidence is."""
    known, groups, resampling = estimates.known, estimates.groups, estimates.resampling
    known = estimates.table if known.empty else known
    of_articles = [group for group in groups if group in ("outlet", *PERIODS)]
    inner = [group for group in groups if group not in of_articles]
    if estimates.is_compared:
        articles = "Expected by chance: if the two were distributed independently over all that was searched"
    elif inner:
        sizes = known.groupby(inner)["n_articles"].max()
        articles = f"{sizes.min():,} to {write_count(int(sizes.max()), 'article')} per {inner[0]}"
        articles = f"{write_count(int(sizes.max()), 'article')}" if sizes.min() == sizes.max() else articles
    else:
        sizes = known.groupby(of_articles)["n_articles"].max() if of_articles else known["n_articles"].head(1)
        articles = write_count(int(sizes.sum()), "article")
    exact = sorted({note.partition("(")[2].rstrip(")") for note in known["note"] if "bound (" in note})
    resamples = f", {resampling.n_resamples:,} resamples" if "bootstrap" in estimates.measure.method else ""
    how = "; ".join([f"{estimates.measure.method}{resamples}", *(f"exact ({bound})" for bound in exact)])
    intervals = f"Intervals: {100 * resampling.level:.4g}%, {how}."
    return f"{intervals if known['low'].notna().any() else 'No intervals: too few articles.'} {articles}. {EVIDENCE}"


def write_data(estimates: Estimates, name: str = "") -> dict[str, str]:
    """Write the data file of estimates: the table, with unit, level and seed in each row."""
    resampling, measure = estimates.resampling, estimates.measure
    facts: dict[str, object] = {"codebook": estimates.codebook, "unit": measure.unit, "level": resampling.level}
    facts |= {"seed": resampling.seed} if "bootstrap" in measure.method else {}
    return {f"{name or estimates.name}.csv": write_csv(estimates.table.assign(**facts))}
