"""How many different sources: Hill numbers, rarefied to equal numbers of attributions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from toolkit.estimating.bootstrap import MIN_ARTICLES

ORDERS = {0: "different sources", 1: "sources in use", 2: "sources in heavy use"}
_Z = 1.959964  # two-sided 95 % of the normal distribution
_Counts = Sequence[int] | np.ndarray[tuple[int], np.dtype[np.int64]]


def rarefy_hill(counts: _Counts, n: int) -> tuple[float, float, float]:
    r"""Hill numbers of order 0, 1 and 2 that a random draw of n of all attributions is expected to have.

    With f_k the expected number of sources drawn k times, the number of order q is (Σ_k (k/n)^q f_k)^(1/(1−q)); of order 1 its limit,
    exp(−Σ_k k/n log(k/n) f_k).

    Args:
        counts: Attributions to each source.
        n: How many are drawn; at most all.

    Returns:
        Effective numbers of sources: every source alike, by its share, by its share squared.

    Source: Hill 1973; Chao et al. 2014, equation 5 (f_k is hypergeometric).

    Example:
        >>> [round(number, 3) for number in rarefy_hill([2, 2], 4)], [round(number, 3) for number in rarefy_hill([2, 2], 2)]
        ([2.0, 2.0, 2.0], [1.667, 1.587, 1.5])
    """
    values, often = np.unique(np.asarray(counts), return_counts=True)
    total, expected = int(values @ often), np.zeros(n + 1)
    for value, times in zip(values.tolist(), often.tolist(), strict=True):
        drawn, chance = _draw_often(value, total, n)
        expected[drawn] += times * chance
    k = np.arange(1, n + 1)
    shares, expected = k / n, expected[1:]
    return float(expected.sum()), math.exp(-(shares * np.log(shares)) @ expected), 1 / float(shares**2 @ expected)


@lru_cache(maxsize=100_000)  # the jackknife asks for the same few again and again
def _draw_often(value: int, total: int, n: int) -> tuple[slice, np.ndarray]:
    """Chances that a source with `value` of all attributions is drawn k times among n, for each k that can be: hypergeometric."""
    k = np.arange(max(1, n - total + value), min(value, n) + 1)
    logs = _log_factorials(1 << max(10, total.bit_length()))
    ways = logs[value] - logs[k] - logs[value - k] + logs[total - value] - logs[n - k] - logs[total - value - n + k]
    return slice(int(k[0]), int(k[-1]) + 1) if len(k) else slice(0, 0), np.exp(ways - logs[total] + logs[n] + logs[total - n])


@lru_cache(maxsize=1)
def _log_factorials(size: int) -> np.ndarray:
    """Logarithms of factorials up to a power of two."""
    logs: np.ndarray = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, size + 1)))])
    return logs


def measure_diversity(named: pd.DataFrame) -> list[tuple[object, ...]]:
    """Measure how many different sources each outlet gives the word to, at equal numbers of attributions.

    The number is the smallest that an outlet with five articles or more has. Intervals: the logarithm's standard error by a jackknife over
    articles.

    Args:
        named: Attributions with a source: `article_id`, `outlet`, `source`, `n_words`.

    Returns:
        For each outlet and order the columns of Estimates, the outlet first.

    Source: Hill 1973; Chao, Gotelli et al. 2014 (rarefaction); jackknife: Efron & Tibshirani 1993, ch. 11.
    """
    tables = {str(outlet): pd.crosstab(part["article_id"], part["source"]).sort_index() for outlet, part in named.groupby("outlet")}
    n_words = named.groupby("outlet")["n_words"].sum().to_dict()
    large = [int(table.to_numpy().sum()) for table in tables.values() if len(table) >= MIN_ARTICLES]
    rows: list[tuple[object, ...]] = []
    for outlet, table in tables.items():
        by_article = table.to_numpy()
        counts, n_articles = by_article.sum(axis=0), len(table)
        n = min([int(counts.sum()), *large])
        numbers, note = np.log(rarefy_hill(counts, n)), f"at {n:,} attributions"
        spread = np.full(3, np.nan)
        if n_articles >= MIN_ARTICLES:
            without = [counts - own for own in by_article]
            left = np.log([rarefy_hill(some[some > 0], min(n, int(some.sum()))) for some in without])
            spread = _Z * np.sqrt((n_articles - 1) / n_articles * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
        else:
            note = f"fewer than {MIN_ARTICLES} articles: no interval; {note}"
        for order in ORDERS:
            shown = np.exp([numbers[order], numbers[order] - spread[order], numbers[order] + spread[order]]).tolist()
            rows.append((outlet, f"order-{order}", *shown, int(counts.sum()), n_articles, int(n_words[outlet]), note))
    return rows
