"""How many different sources: Hill numbers, rarefied to equal numbers of attributions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.estimating.bootstrap import MIN_ARTICLES

ORDERS = {0: "different sources", 1: "sources in use", 2: "sources in heavy use"}
_Z = 1.959964  # two-sided 95 % of the normal distribution


def rarefy_hill(counts: Sequence[int] | np.ndarray, n: int) -> np.ndarray:
    r"""Hill numbers of order 0, 1 and 2 that a random draw of n of all attributions is expected to have.

    With f_k the expected number of sources drawn k times, the number of order q is (Σ_k (k/n)^q f_k)^(1/(1−q)); of order 1 its limit,
    exp(−Σ_k k/n log(k/n) f_k).

    Args:
        counts: Attributions to each source; or a row of them for each of several cases with the same total.
        n: How many are drawn; at most all.

    Returns:
        Effective numbers of sources: every source alike, by its share, by its share squared; a row for each case.

    Source: Hill 1973; Chao et al. 2014, equation 5 (f_k is hypergeometric).

    Example:
        >>> rarefy_hill([2, 2], 4).round(3).tolist(), rarefy_hill([2, 2], 2).round(3).tolist()
        ([[2.0, 2.0, 2.0]], [[1.667, 1.587, 1.5]])
    """
    counts = np.atleast_2d(counts)
    total, top = int(counts[0].sum()), int(counts.max()) + 1
    often = np.bincount((counts + top * np.arange(len(counts))[:, None]).ravel(), minlength=top * len(counts)).reshape(-1, top)
    values = np.flatnonzero(often[:, 1:].any(axis=0)) + 1
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, total + 1)))])  # of factorials
    chances = np.zeros((len(values), n + 1))
    for place, value in enumerate(values.tolist()):
        k = np.arange(max(1, n - total + value), min(value, n) + 1)
        ways = logs[value] - logs[k] - logs[value - k] + logs[total - value] - logs[n - k] - logs[total - value - n + k]
        chances[place, k] = np.exp(ways - logs[total] + logs[n] + logs[total - n])  # hypergeometric
    expected, shares = (often[:, values] @ chances)[:, 1:], np.arange(1, n + 1) / n
    return np.stack([expected.sum(axis=1), np.exp(expected @ -(shares * np.log(shares))), 1 / (expected @ shares**2)], axis=1)


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
    tables = {str(outlet): _count_sources(part) for outlet, part in named.groupby("outlet")}
    n_words = named.groupby("outlet")["n_words"].sum().to_dict()
    large = [int(table.sum()) for table in tables.values() if len(table) >= MIN_ARTICLES]
    rows: list[tuple[object, ...]] = []
    for outlet, by_article in tables.items():
        counts, n_articles = by_article.sum(axis=0), len(by_article)
        n = min([int(counts.sum()), *large])
        numbers, note = np.log(rarefy_hill(counts, n)[0]), f"at {n:,} attributions"
        spread = np.full(3, np.nan)
        if n_articles >= MIN_ARTICLES:
            sizes, left = by_article.sum(axis=1), np.empty((n_articles, 3))
            for size in np.unique(sizes):
                left[sizes == size] = np.log(rarefy_hill(counts - by_article[sizes == size], min(n, int(counts.sum() - size))))
            spread = _Z * np.sqrt((n_articles - 1) / n_articles * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
        else:
            note = f"fewer than {MIN_ARTICLES} articles: no interval; {note}"
        for order in ORDERS:
            shown = np.exp([numbers[order], numbers[order] - spread[order], numbers[order] + spread[order]]).tolist()
            rows.append((outlet, f"order-{order}", *shown, int(counts.sum()), n_articles, int(n_words[outlet]), note))
    return rows


def _count_sources(named: pd.DataFrame) -> np.ndarray:
    """Count each source, a column, in each article, a row."""
    (row, articles), (column, sources) = (pd.factorize(named[name], sort=True) for name in ("article_id", "source"))
    counts = np.bincount(row * len(sources) + column, minlength=len(articles) * len(sources))
    return counts.reshape(len(articles), len(sources))
