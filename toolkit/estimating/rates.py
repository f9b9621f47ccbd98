"""Rates and shares, with intervals that say how far they can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.counting import STANDING, name_periods
from toolkit.counting.prominence import PLACES, ROLES
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.bootstrap import MIN_ARTICLES, Resampling, estimate_ratios
from toolkit.tables import make_table

_COLUMNS = tuple(make_table("Estimates").columns[1:])
_PERIODS = ("day", "week", "month", "year")
_EXACT = "Clopper-Pearson"
_OF = {"mentions": "of", "articles": "that name"}


@dataclass(frozen=True)
class _Quantity:
    """What is estimated: name and unit, the columns it divides, the factor that makes the unit, the bound where nothing is seen."""

    name: str
    unit: str
    top: str
    bottom: str
    factor: float
    mentions: str
    bound: str


_RATE = _Quantity("rate", "mentions per 1,000 words", "n_mentions", "n_words", 1000.0, "n_mentions", "Poisson")
_SCORE = _Quantity("score", "score per 1,000 words", "score", "n_words", 1000.0, "n_mentions", "")
_SHARE = _Quantity("share of articles", "share of articles", "has_mention", "is_article", 1.0, "n_mentions", _EXACT)
_TOGETHER = _Quantity("share of sentences", "share of the sentences that mention the actor", "n_both", "n_actor", 1.0, "n_both", _EXACT)


def estimate_rates(
    counts: pd.DataFrame, *, by: Sequence[str] = ("outlet",), seed: int, level: float = 0.95, n_resamples: int = 2000
) -> pd.DataFrame:
    """Estimate how often each entry is mentioned per 1,000 words searched.

    The rate is a ratio of sums, so that long articles weigh by their length; the interval resamples whole articles inside each group,
    copies of one story together, since neither the words of one article nor two prints of it are independent.

    Args:
        counts: Counts.
        by: Group columns: `outlet`, `day`, `week`, `month`, `year`, or several; none for the whole corpus.
        seed: Seed of the resampling.
        level: Confidence level.
        n_resamples: How often the articles of a group are drawn anew.

    Returns:
        Estimates, one row per group and entry. Fewer than five articles or stories: no bounds, and the note says so. No mention: bounds
        from 0 to the exact Poisson upper bound, the words of each story taken once. The same rate in every article: no bounds, since
        resampling sees no spread. Articles without an outlet or a date are the group "unknown".

    Raises:
        ToolkitError: When a group column, the level or the number of resamples is not allowed.

    Source: Efron & Tibshirani 1993, ch. 13; upper bound for no event: Garwood 1936.

    Example:
        >>> from toolkit.tables import make_table
        >>> counts = make_table("Counts", {"article_id": ["a", "b"], "outlet": ["x", "x"], "published": [None, None],
        ...     "story": ["a", "b"], "codebook": ["c", "c"], "entry": ["war", "war"], "n_mentions": [1, 3], "score": [1, 3],
        ...     "n_sentences_with": [1, 2], "n_sentences": [5, 5], "n_words": [100, 100]})
        >>> estimate_rates(counts, seed=1)[["outlet", "estimate", "n_mentions", "note"]].values.tolist()
        [['x', 20.0, 4, 'fewer than 5 articles: no interval']]
    """
    return _estimate(counts, _RATE, by, Resampling(seed, level, n_resamples))


def estimate_scores(
    counts: pd.DataFrame, *, by: Sequence[str] = ("outlet",), seed: int, level: float = 0.95, n_resamples: int = 2000
) -> pd.DataFrame:
    """Estimate the score of each entry per 1,000 words searched: the sum of the weights of its mentions, as scored lexica are used.

    Weights may be below zero, and mentions may cancel each other out: a score of 0 is an estimate like any other. Where nothing is
    mentioned there is no bound, as how much an unseen mention would weigh is not known.

    Args:
        counts: Counts.
        by: Group columns: `outlet`, `day`, `week`, `month`, `year`, or several; none for the whole corpus.
        seed: Seed of the resampling.
        level: Confidence level.
        n_resamples: How often the articles of a group are drawn anew.

    Returns:
        Estimates, one row per group and entry; intervals as in `estimate_rates`.

    Raises:
        ToolkitError: When a group column, the level or the number of resamples is not allowed.

    Source: Efron & Tibshirani 1993, ch. 13; by words, not by mentions, our choice: a neutral text is not a text without a score.

    Example:
        >>> from toolkit.tables import make_table
        >>> counts = make_table("Counts", {"article_id": ["a", "b"], "outlet": ["x", "x"], "published": [None, None],
        ...     "story": ["a", "b"], "codebook": ["c", "c"], "entry": ["tone", "tone"], "n_mentions": [1, 3], "score": [0.5, -1.5],
        ...     "n_sentences_with": [1, 2], "n_sentences": [5, 5], "n_words": [100, 100]})
        >>> estimate_scores(counts, seed=1)[["estimate", "unit"]].values.tolist()
        [[-5.0, 'score per 1,000 words']]
    """
    return _estimate(counts, _SCORE, by, Resampling(seed, level, n_resamples))


def estimate_shares(
    counts: pd.DataFrame, *, by: Sequence[str] = ("outlet",), seed: int, level: float = 0.95, n_resamples: int = 2000
) -> pd.DataFrame:
    """Estimate in which share of the articles each entry is mentioned at all.

    Args:
        counts: Counts.
        by: Group columns: `outlet`, `day`, `week`, `month`, `year`, or several; none for the whole corpus.
        seed: Seed of the resampling.
        level: Confidence level.
        n_resamples: How often the articles of a group are drawn anew.

    Returns:
        Estimates, one row per group and entry. Where no article or every article holds the entry, the
        bound is Clopper and Pearson's, a story one trial.

    Raises:
        ToolkitError: When a group column, the level or the number of resamples is not allowed.

    Source: Efron & Tibshirani 1993, ch. 13; Clopper & Pearson 1934.

    Example:
        >>> from toolkit.tables import make_table
        >>> counts = make_table("Counts", {"article_id": list("abcdef"), "outlet": ["x"] * 6, "published": [None] * 6,
        ...     "story": list("abcdef"), "codebook": ["c"] * 6, "entry": ["war"] * 6, "n_mentions": [0] * 6, "score": [0] * 6,
        ...     "n_sentences_with": [0] * 6, "n_sentences": [5] * 6, "n_words": [100] * 6})
        >>> estimate_shares(counts, seed=1)[["estimate", "low", "high", "note"]].round(3).values.tolist()
        [[0.0, 0.0, 0.459, 'none seen: exact upper bound (Clopper-Pearson)']]
    """
    marked = counts.assign(has_mention=(counts["n_mentions"] > 0).astype("int64"), is_article=1)
    return _estimate(marked, _SHARE, by, Resampling(seed, level, n_resamples))


def estimate_pairs(pairs: pd.DataFrame, *, by: Sequence[str] = (), seed: int, level: float = 0.95, n_resamples: int = 2000) -> pd.DataFrame:
    """Estimate, of the sentences that mention an actor, the share that also holds an entry.

    Args:
        pairs: Pairs.
        by: Group columns beside the actor: `outlet`, `day`, `week`, `month`, `year`.
        seed: Seed of the resampling.
        level: Confidence level.
        n_resamples: How often the articles of a group are drawn anew.

    Returns:
        Estimates, one row per group, actor and entry; `n_articles` are those that mention the actor. Where none or all of the actor's
        sentences hold the entry, the bound is Clopper and Pearson's over stories, since the sentences of one article are alike.

    Raises:
        ToolkitError: When a group column, the level or the number of resamples is not allowed.

    Source: Efron & Tibshirani 1993, ch. 13; Clopper & Pearson 1934; together means in one sentence, our choice.

    Example:
        >>> from toolkit.tables import make_table
        >>> pairs = make_table("Pairs", {"article_id": ["a"], "outlet": ["x"], "published": [None], "story": ["a"], "actor": ["UKR"],
        ...     "codebook": ["c"], "entry": ["war"], "n_both": [1], "n_actor": [4], "n_entry": [2], "n_sentences": [9]})
        >>> estimate_pairs(pairs, seed=1)[["actor", "entry", "estimate"]].values.tolist()
        [['UKR', 'war', 0.25]]
    """
    return _estimate(pairs.assign(n_words=0), _TOGETHER, by, Resampling(seed, level, n_resamples), ("actor",))


def estimate_prominence(
    prominence: pd.DataFrame, *, standings: Sequence[str] = PLACES, share: str = "mentions", by: Sequence[str] = (), seed: int
) -> pd.DataFrame:
    """Estimate in which share of its mentions, or of the articles that name it, an actor stands in a place or has a role.

    Args:
        prominence: Prominence.
        standings: Some of `headline`, `first third`, `rest`, `source`, `subject`, `object`.
        share: `mentions`: of the actor's mentions. `articles`: of the articles that name it, those that do so at least once so.
        by: Group columns beside the actor: `outlet`, `day`, `week`, `month`, `year`.
        seed: Seed of the resampling.

    Returns:
        Estimates, one row per group, actor and standing; intervals as in `estimate_pairs`.

    Raises:
        ToolkitError: When `share`, a standing or a group column is not allowed.

    Source: our choice; intervals: Efron & Tibshirani 1993, ch. 13.

    Example:
        >>> from toolkit.tables import make_table
        >>> len(estimate_prominence(make_table("Prominence"), seed=1))
        0
    """
    for name, given, allowed in [("share", share, _OF), *(("standings", standing, (*PLACES, *ROLES)) for standing in standings)]:
        if given not in allowed:
            raise ToolkitError(f"{name}={given!r}: no such thing. {name_choices(given, allowed)}")
    tops = [prominence[f"n_{standing.replace(' ', '_')}"] for standing in standings]
    named = prominence.assign(actor=prominence["entry"], codebook=STANDING, n_actor=prominence["n_mentions"], n_words=0)
    long = pd.concat([named.assign(entry=standing, n_both=top, n_found=top) for standing, top in zip(standings, tops, strict=True)])
    if share == "articles":
        long[["n_both", "n_actor"]] = (long[["n_both", "n_actor"]] > 0).astype("int64")
    quantity = _Quantity(f"share of {share}", f"share of the {share} {_OF[share]} the actor", "n_both", "n_actor", 1.0, "n_found", _EXACT)
    return _estimate(long, quantity, by, Resampling(seed), ("actor",))


def _estimate(
    counts: pd.DataFrame, quantity: _Quantity, by: Sequence[str], resampling: Resampling, inner: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Estimate one quantity in every group."""
    if isinstance(by, str):
        raise ToolkitError(f"by={by!r}: a text. Allowed: a list. Write by=[{by!r}].")
    for column in by:
        if column not in ("outlet", *_PERIODS):
            raise ToolkitError(f"by={column!r}: no such grouping. {name_choices(column, ['outlet', *_PERIODS])}")
    groups = [*dict.fromkeys(by), *inner, "codebook"]
    named = counts.assign(**{column: name_group(counts, column) for column in by})
    # Groups by name, but actors, codebooks and entries in the order in which they were asked for.
    order = {column: list(dict.fromkeys(counts[column])) for column in (*inner, "codebook", "entry")}
    named = named.assign(**{column: pd.Categorical(named[column], values) for column, values in order.items()})
    rows = [row for values, part in named.groupby(groups, observed=True) for row in _estimate_group(part, quantity, values, resampling)]
    if not rows:
        return make_table("Estimates", {column: [] for column in (*groups, *_COLUMNS)})
    estimates = make_table("Estimates", {column: [row[at] for row in rows] for at, column in enumerate([*groups, *_COLUMNS])})
    return estimates.astype(dict.fromkeys(groups, "str"))


def name_group(counts: pd.DataFrame, column: str) -> pd.Series:
    """Name the group of each row."""
    names = counts["outlet"] if column == "outlet" else name_periods(counts["published"], column)
    return names.fillna("unknown")


def _estimate_group(part: pd.DataFrame, quantity: _Quantity, values: tuple[str, ...], resampling: Resampling) -> list[tuple[object, ...]]:
    """Estimate every entry of one group; each row holds the group's values and the columns after them."""
    wide = part.pivot(index=["story", "article_id"], columns="entry", values=[quantity.top, quantity.bottom]).fillna(0)
    wide = wide[(wide[quantity.bottom] > 0).any(axis=1)].sort_index(level="article_id")
    by_story = wide.groupby(level="story", sort=False)  # copies are not independent: a story is drawn whole
    tops, bottoms = (by_story.sum()[column].to_numpy(dtype=np.float64) for column in (quantity.top, quantity.bottom))
    n_articles, n_stories, sizes = len(wide), len(tops), by_story.size().to_numpy()
    estimates, lows, highs = estimate_ratios(tops, bottoms, resampling, [quantity.name, *values])
    sums = part.groupby("entry", observed=True)[[quantity.mentions, "n_words"]].sum()
    usual = f"bootstrap over articles, copies drawn together, percentile, {resampling.n_resamples:,} resamples"
    rows = []
    for at, entry in enumerate(wide[quantity.top].columns):
        low, high, method, note = lows[at] * quantity.factor, highs[at] * quantity.factor, usual, ""
        n_mentions, top, bottom = int(sums.loc[entry, quantity.mentions]), tops[:, at].sum(), bottoms[:, at].sum()
        if n_stories < MIN_ARTICLES:
            low = high = np.nan
            few = "articles" if n_articles < MIN_ARTICLES else "stories"
            note = f"fewer than {MIN_ARTICLES} {few}: no interval" if n_articles else "nothing to divide by: no estimate"
        elif quantity.bound and (top == 0 or (quantity is not _RATE and top == bottom)):
            once = (bottoms[:, at] / sizes).sum()  # the words of each story once: its copies add no evidence
            low, high = _bound_exactly(top, once, n_stories, quantity, resampling.level)
            method = f"exact ({quantity.bound})"
            note = f"{'none seen: exact upper' if top == 0 else 'all seen: exact lower'} bound ({quantity.bound})"
        elif np.ptp(tops[:, at] / bottoms[:, at]) == 0:
            low = high = np.nan
            note = f"the same {quantity.name} in every article: no interval" if n_mentions else "none seen: no interval"
        shown = (estimates[at] * quantity.factor, low, high, resampling.level)
        behind = (n_mentions, n_articles, int(sums.loc[entry, "n_words"]))
        rows.append((*values, entry, quantity.name, quantity.unit, *shown, *behind, method, resampling.seed, note))
    return rows


def _bound_exactly(top: float, bottom: float, n_stories: int, quantity: _Quantity, level: float) -> tuple[float, float]:
    """Bound a quantity of which nothing, or everything, was seen; the sentences of one story are one trial.

    Garwood's and Clopper and Pearson's limits have these short forms at zero and at n.
    """
    tail = (1 - level) / 2
    if quantity is _RATE:
        return 0.0, -math.log(tail) / bottom * quantity.factor
    return (0.0, 1 - tail ** (1 / n_stories)) if top == 0 else (tail ** (1 / n_stories), 1.0)
