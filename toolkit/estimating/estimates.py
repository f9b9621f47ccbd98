"""The record of numbers with intervals, and the one engine that makes them: ratios of sums, resampled by story."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from toolkit.counting import Mentions
from toolkit.counting.counts import PERIODS, Counts, Floats, list_searched, locate, name_periods
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.bootstrap import MIN_ARTICLES, Resampling, estimate_ratios
from toolkit.markup import name_ids, write_count, write_first
from toolkit.parsing import Corpus
from toolkit.tables import make_table

PLACE = ["article_id", "sentence", "start", "end"]
EXACT = "Clopper-Pearson"


@dataclass(frozen=True)
class Measure:
    """What is estimated: all that a chart or table must know of a quantity.

    Attributes:
        name: Its name, which begins those of files: `rates`.
        unit: `mentions per 1,000 words`, `share of articles`.
        counted: What a number counts and opens: `mention`, `sentence`, `article`, `attribution`, `name`.
        per: By how much the ratio is multiplied to have the unit.
        bound: The exact bound where nothing, or everything, was seen; empty for none.
    """

    name: str
    unit: str
    counted: str
    per: float = 1.0
    bound: str = EXACT


@dataclass(frozen=True, eq=False, repr=False)
class Estimates:
    """Numbers with intervals, what they were made of, and what stands behind each.

    Attributes:
        table: Table Estimates: the groups come first.
        measure: What was estimated.
        corpus: In which corpus.
        codebook: Id of the codebook of the entries.
        behind: What was counted, a row per place in the text: `article_id`, `sentence`, `start`, `end`, and those columns of the table that
            tell which number a place belongs to beside its article (`entry`, `actor`, `role`).
        labels: For each of these columns, labels by id.
        kind: How the places behind are marked: actors, frames, language.
        resampling: Seed, level and number of resamples.
        beside: The mentions of the actors in the rows, where a number counts sentences with both.
        suffix: What tells these estimates from others of the same measure and groups.
    """

    table: pd.DataFrame
    measure: Measure
    corpus: Corpus
    codebook: str
    behind: pd.DataFrame
    labels: Mapping[str, Mapping[str, str]]
    kind: str
    resampling: Resampling
    beside: pd.DataFrame | None = None
    suffix: str = ""

    @cached_property
    def groups(self) -> list[str]:
        """The columns that make the groups: those before `entry`."""
        columns = [str(column) for column in self.table.columns]
        return columns[: columns.index("entry")]

    @property
    def known(self) -> pd.DataFrame:
        """The rows that have an estimate."""
        return self.table[self.table["estimate"].notna()]

    @property
    def name(self) -> str:
        """The name that files and figures of these estimates have: rates-by-outlet."""
        return "-".join([self.measure.name, *(["by", *self.groups] if self.groups else []), *([self.suffix] if self.suffix else [])])

    @property
    def is_compared(self) -> bool:
        """Whether the numbers are compared with what chance would give."""
        return "expected" in self.table

    @property
    def is_mutual(self) -> bool:
        """Whether actors are paired each with each."""
        return self.beside is self.behind

    def surest(self, most: int = 30) -> Estimates:
        """Keep the pairs that occur together more often than by chance, the surest first.

        Args:
            most: How many at most.

        Returns:
            Those whose whole interval lies above 1, ordered by its lower bound. If there are none, as in a handful of articles, those that
            occur together at all, the most frequent first.
        """
        by, listed = "low", self.table[self.table["low"] > 1]
        if listed.empty:
            by, listed = "n_mentions", self.table[self.table["n_mentions"] > 0]
        order = [by, *self.groups, "entry"]
        table = listed.sort_values(order, ascending=[False] + [True] * (len(order) - 1), ignore_index=True).head(most)
        return replace(self, table=table, suffix="surest")

    def __repr__(self) -> str:
        """One line: what was estimated of what, and how sure."""
        n_entries = self.table["entry"].nunique()
        by = f" by {' and '.join(self.groups)}" if self.groups else ""
        how = f"{100 * self.resampling.level:.4g}% intervals, {self.resampling.n_resamples:,} resamples, seed {self.resampling.seed}"
        return f"Estimates: {self.measure.unit}{by}, {write_count(len(self.table), 'number')} of {write_count(n_entries, 'entry')} ({how})"

    def _repr_html_(self) -> str:
        """The first numbers, as a table for a notebook."""
        names, numbers = [*self.groups, "entry"], dict.fromkeys(("estimate", "low", "high"), self.measure.unit)
        counted = {"n_mentions": f"n_{self.measure.counted}s"} if self.measure.counted != "article" else {}
        table = self.table[[*names, *numbers, "n_mentions", "n_articles"]].rename(columns=counted)
        return write_first(name_ids(table, self.labels), repr(self), len(names), numbers)


def list_groups(by: str | Sequence[str]) -> list[str]:
    """Check by what numbers are grouped.

    Raises:
        ToolkitError: When there is no such grouping.

    Example:
        >>> list_groups("outlet")
        ['outlet']
    """
    groups = [by] if isinstance(by, str) and by else list(dict.fromkeys(by))
    for column in groups:
        if column not in ("outlet", *PERIODS):
            raise ToolkitError(f"by={column!r} is not a grouping. {name_choices(column, ['outlet', *PERIODS])} Empty for the whole corpus.")
    return groups


def name_groups(articles: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Name the groups of each article."""
    columns = {column: articles["outlet"] if column == "outlet" else name_periods(articles["published"], column) for column in by}
    return pd.DataFrame(columns, index=articles.index).fillna("unknown").astype("str")


def count_found(mentions: Mentions, found: pd.DataFrame, hits: pd.DataFrame, keys: Mapping[str, Sequence[str]]) -> Counts:
    """Count what falls to each entry in each article, and all that was found, by which it is divided.

    Args:
        mentions: Whose corpus and codebook these are.
        found: All that was found, a row each: `article_id`, what it weighs (`n`), and the keys before `entry`.
        hits: What falls to an entry, likewise.
        keys: The values of each key; the last is `entry`.

    Returns:
        Counts by article and combination of keys, as `divide_counts` takes them.
    """
    articles = list_searched(mentions.corpus)
    table = pd.DataFrame(list(product(*keys.values())), columns=list(keys), dtype="str")
    numbered, shape = table.reset_index(names="column"), (len(articles), len(table))

    def add_up(rows: pd.DataFrame, on: Sequence[str]) -> Floats:
        placed = rows.merge(numbered, on=on) if on else rows.merge(numbered, how="cross")
        cells = locate(placed["article_id"], articles) * len(table) + placed["column"].to_numpy(dtype=np.int64)
        return np.bincount(cells, weights=placed["n"], minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)

    *inner, entry = keys
    values = {"top": add_up(hits, [*inner, entry]), "bottom": add_up(found, inner), "counted": add_up(hits.assign(n=1), [*inner, entry])}
    return Counts(articles, table, values, mentions.codebook.id)


def estimate_counts(
    mentions: Mentions, counts: Counts, measure: Measure, by: str | Sequence[str], resampling: Resampling | None = None
) -> Estimates:
    """Divide counts and record the numbers, as numbers about the entries of mentions.

    Raises:
        ToolkitError: When a group is not allowed.
    """
    resampling = resampling or Resampling(mentions.corpus.seed)
    table, book = divide_counts(counts, measure, list_groups(by), resampling), mentions.codebook
    behind, labels = mentions.measured[[*PLACE, "entry"]], {"entry": book.labels, "actor": book.labels}
    return Estimates(table, measure, mentions.corpus, book.id, behind, labels, book.kind, resampling)


def divide_counts(counts: Counts, measure: Measure, by: Sequence[str], resampling: Resampling) -> pd.DataFrame:
    """Divide sums of counts in every group, with intervals.

    A group's articles are those with a count below: all that were searched, or those that mention the actor.

    Args:
        counts: Counts by article and key: what is divided (`top`), by what (`bottom`), and what stands behind the numbers (`counted`).
        measure: What is estimated.
        by: Groups of articles.
        resampling: How intervals are made.

    Returns:
        Table Estimates: groups of articles by name; then keys in their order.

    Source: Efron & Tibshirani 1993, ch. 13. Where none or all is seen: Garwood 1936, Clopper & Pearson 1934, a story one trial.
    """
    tops, bottoms, n_counted = (counts.values[name] for name in ("top", "bottom", "counted"))
    inner = [column for column in counts.keys.columns if column != "entry"]
    blocks = counts.keys.groupby(inner, sort=False).indices.values() if inner else [np.arange(len(counts.keys))]
    named = name_groups(counts.articles, by)
    groups = sorted(named.groupby(list(by)).indices.items(), key=lambda item: item[0]) if by else [((), np.arange(len(named)))]
    words, stories = counts.articles["n_words"].to_numpy(), counts.articles["story"].to_numpy()
    rows: list[tuple[object, ...]] = []
    for values, members in groups:
        key = (values,) if isinstance(values, str) else values
        for columns in blocks:
            own = members[(bottoms[np.ix_(members, columns)] > 0).any(axis=1)]
            sizes, top, bottom = sum_stories(stories[own], *(array[np.ix_(own, columns)] for array in (tops, bottoms)))
            n_words = int(words[members].sum()) if measure.counted in ("mention", "article") and not inner else 0
            behind = n_counted[np.ix_(own, columns)].sum(axis=0)
            found = estimate_ratios(top, bottom, resampling, key)
            for at, column in enumerate(columns):
                given = tuple(float(array[at]) for array in found)
                shown = _bound(given, (top[:, at], bottom[:, at], sizes), measure, resampling, (len(own), int(behind[at])))
                rows.append((*key, *counts.keys.iloc[column], *shown[:3], int(behind[at]), len(own), n_words, shown[3]))
    names = [*by, *inner, *[column for column in make_table("Estimates").columns if column != "expected"]]
    table = make_table("Estimates", {name: [row[at] for row in rows] for at, name in enumerate(names)})
    return table.astype(dict.fromkeys([*by, *inner], "str"))


def sum_stories(stories: np.ndarray, *values: Floats) -> tuple[Floats, ...]:
    """Sum rows of articles by story, in the order in which these come: how many articles each has, then each array summed."""
    codes, ids = pd.factorize(stories)
    summed = [np.zeros((len(ids), array.shape[1])) for array in values]
    for into, array in zip(summed, values, strict=True):
        np.add.at(into, codes, array)
    return np.bincount(codes, minlength=len(ids)).astype(np.float64), *summed


def _bound(
    given: tuple[float, ...], counted: tuple[Floats, Floats, np.ndarray], measure: Measure, resampling: Resampling, n: tuple[int, int]
) -> tuple[float, float, float, str]:
    """Estimate, bounds and note of one number: exact bounds where nothing or all is seen, none where there is too little."""
    estimate, low, high = (value * measure.per for value in given)
    (tops, bottoms, sizes), (n_articles, n_counted) = counted, n
    top, bottom, tail = tops.sum(), bottoms.sum(), (1 - resampling.level) / 2
    if len(sizes) < MIN_ARTICLES:
        few = "articles" if n_articles < MIN_ARTICLES else "stories"
        note = f"fewer than {MIN_ARTICLES} {few}: no interval" if n_articles else "nothing to divide by: no estimate"
        return estimate, math.nan, math.nan, note
    if measure.bound == "Poisson" and top == 0:  # Garwood's limit at zero; the words of a story once: its copies add no evidence
        return estimate, 0.0, -math.log(tail) / (bottoms / sizes).sum() * measure.per, "none seen: exact upper bound (Poisson)"
    if measure.bound == EXACT and top == 0:
        return estimate, 0.0, 1 - tail ** (1 / len(sizes)), f"none seen: exact upper bound ({EXACT})"
    if measure.bound == EXACT and top == bottom:
        return estimate, tail ** (1 / len(sizes)), 1.0, f"all seen: exact lower bound ({EXACT})"
    with np.errstate(invalid="ignore"):
        if np.ptp(tops / bottoms) == 0:
            return estimate, math.nan, math.nan, "the same in every article: no interval" if n_counted else "none seen: no interval"
    return estimate, low, high, ""
