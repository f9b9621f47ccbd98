"""How numbers are put into words, everywhere: one format, with unit, interval and number of articles; and the words around charts."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from toolkit.coding.agreement import POOR
from toolkit.counting.counts import PERIODS
from toolkit.errors import TableError
from toolkit.estimating import Estimates
from toolkit.estimating.comparing import OTHERS
from toolkit.markup import name_ids, read_templates, write_count, write_csv, write_interval, write_number
from toolkit.tables import read_data

Row = Mapping[Hashable, Any]  # one row of a table

# Share of an outlet's articles with repaired quotation marks from which it is marked: at a tenth, what repair misses can move a number.
DAMAGED = 0.1
_WORDS = read_data("findings", "showing")
_ARTICLE = re.compile(_WORDS["article"])


def word_numbers(table: pd.DataFrame, estimates: Estimates, groups: Sequence[str] | None = None) -> pd.DataFrame:
    """Put numbers into words: the rows, with `who` (the entry), `where` (the group), `number` and `interval`.

    Args:
        table: Rows of the estimates.
        estimates: The estimates.
        groups: The groups named in `where`; None: all.
    """
    unit, labels = estimates.measure.unit, estimates.names
    named = estimates.groups if groups is None else groups
    where = [write_group(row, named, labels) for row in table.to_dict("records")]
    numbers = [write_number(value, unit) for value in table["estimate"]]
    intervals = [write_interval(low, high, unit) for low, high in zip(table["low"], table["high"], strict=True)]
    known = {"entry": _WORDS["titles"] | dict(labels.get("entry", {}))}
    return table.assign(who=name_ids(table, known)["entry"], where=where, number=numbers, interval=intervals)


def write_period(value: str) -> str:
    """Write a day, month or year of a table for a reader, in English whatever language the machine has.

    Example:
        >>> write_period("2017-02-06"), write_period("2017-02"), write_period("2017")
        ('6 Feb 2017', 'Feb 2017', '2017')
    """
    year, *rest = value.split("-")
    return " ".join([*(str(int(day)) for day in rest[1:]), *(_WORDS["months"][int(month) - 1] for month in rest[:1]), year])


def write_group(row: Row, groups: Sequence[str], labels: Mapping[str, Mapping[str, str]]) -> str:
    """Write the group of a number; the empty string where the whole corpus is the group.

    Example:
        >>> write_group({"outlet": "tass.com", "week": "2017-02-06"}, ["outlet", "week"], {})
        'tass.com, the week of 6 Feb 2017'
    """

    def say(group: str, value: str) -> str:
        if value == "unknown":
            return f"unknown {group}"
        period = "the week of " if group == "week" else ""
        return period + write_period(value) if group in PERIODS else labels.get(group, {}).get(value, value)

    return ", ".join(say(group, str(row[group])) for group in groups)


def write_extremes(estimates: Estimates) -> str:
    """Say the highest and the lowest number, with group and interval."""
    known = word_numbers(estimates.known, estimates)
    rows = known[known["low"].notna()] if known["low"].notna().any() else known
    high, low = rows.loc[rows["estimate"].idxmax()], rows.loc[rows["estimate"].idxmin()]

    def say(row: pd.Series) -> str:
        return f"{', '.join(filter(None, (row['who'], row['where'])))}, {row['number']} ({row['interval']})"

    return f"The one value: {say(high)}." if len(rows) == 1 else f"Highest: {say(high)}; lowest: {say(low)}."


def fill_words(name: str, **told: object) -> str:
    """Fill a template of data/ that is words alone; how its lines are broken does not matter."""
    return " ".join(read_templates("showing", count=write_count).get_template(f"{name}.txt").render(told).split())


def word_finding(estimates: Estimates, **told: Any) -> str:
    """Word a finding of estimates, by their measure and kind of entries: a sentence, or two, that begin with a capital."""
    said = fill_words("finding", **told, **_WORDS, estimates=estimates, the=lambda name: _ARTICLE.sub("the ", name))
    return said if "." in said.split(" ")[0] else said[:1].upper() + said[1:]  # an outlet may have no name but its host's


def write_caption(form: str, estimates: Estimates, **told: object) -> str:
    """Write the caption of a chart: unit and groups, what dots, lines and shades are, what was left out; a unit may name the group."""
    unit, counted, table = estimates.measure.unit, estimates.measure.counted, estimates.table
    poor = [estimates.labels["entry"][one] for one in table.loc[table["note"].str.contains(POOR), "entry"].unique()]
    told |= {"form": form, "unit": unit, "groups": [group for group in estimates.groups if group not in unit], "poor": poor, "doubt": POOR}
    told |= {"coded": counted * ("n_coded" in table), "is_listed": estimates.kind in ("frames", "language"), "raw": "raw" in table}
    return fill_words("caption", **told, level=estimates.level, is_sure=bool(estimates), is_compared=estimates.is_compared)


def write_basis(estimates: Estimates) -> str:
    """Say level and method of the intervals, how many articles are behind them, and where the evidence is."""
    known, groups = estimates.table if estimates.known.empty else estimates.known, estimates.groups
    inner = [group for group in groups if group not in ("outlet", "against", *PERIODS)]
    sizes = known.groupby(inner or sorted({*groups} - {"against"}))["n_articles"].max() if groups else known["n_articles"].head(1)
    coded, is_sure = estimates.measure.counted * ("n_coded" in estimates.table), known["low"].notna().any()
    told = {"n": int(sizes.max() if inner else sizes.sum()), "least": int(sizes.min()), "is_compared": estimates.is_compared}
    return fill_words("basis", **told, inner=inner, level=estimates.level, coded=coded, is_sure=is_sure)


def write_data(estimates: Estimates, name: str = "") -> dict[str, str]:
    """Write the data file of estimates: the table, with unit, level and seed in each row."""
    told = {"codebook": estimates.codebook, "unit": estimates.measure.unit, "level": estimates.level, "seed": estimates.corpus.seed}
    return {f"{name or estimates.name}.csv": write_csv(estimates.table.assign(**told))}


def find_damaged(estimates: Estimates) -> set[str]:
    """Find the outlets of numbers about quotations in which quotation marks were repaired in more than a tenth of the articles."""
    if "outlet" not in estimates.groups or not (estimates.kind == "sources" or estimates.measure.name == "voices"):
        return set()
    corpus = estimates.corpus
    repaired = set(corpus.repairs.loc[corpus.repairs["step"] == "quotation marks", "article_id"])
    shares = corpus.articles["article_id"].isin(repaired).groupby(corpus.articles["outlet"]).mean()
    return {str(outlet) for outlet in shares.index[shares > DAMAGED]} & set(estimates.known["outlet"])


def keep_others(estimates: Estimates, who: str) -> Estimates:
    """Of groups that are compared keep each next to the others, without the pairs; hold the rest to at least one row.

    Raises:
        TableError: When there is no row.
    """
    if "against" in estimates.table:
        estimates = replace(estimates, table=estimates.table[estimates.table["against"] == OTHERS].drop(columns="against"))
    if estimates.table.empty:
        raise TableError(f"{who}: there is no estimate. Widen the outlets, dates or focus.")
    return estimates
