"""What stands together more, or less, often than chance would put it together."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.bootstrap import MIN_ARTICLES, Floats, Resampling, estimate_ratios
from toolkit.tables import make_table

_COLUMNS = {"n_both": "both", "n_actor": "actor", "n_entry": "entry", "n_sentences": "all"}


def estimate_association(
    pairs: pd.DataFrame, *, within: str = "sentences", seed: int, level: float = 0.95, n_resamples: int = 2000
) -> pd.DataFrame:
    """Estimate how many times as often an actor and an entry stand together as they would by chance.

    By chance, if each were strewn over all sentences (or articles) searched without regard to the other: n_actor · n_entry / n_sentences.
    A critic would say that no two names of one topic are independent; so the ratio measures topic as well as company.

    Args:
        pairs: Pairs.
        within: What they stand in together: `sentences` or `articles`.
        seed: Seed of the resampling.
        level: Confidence level.
        n_resamples: How often the articles are drawn anew, copies of one story together.

    Returns:
        Estimates with the column `expected`, one row per actor and entry: observed / expected; `n_mentions` are the sentences (articles)
        with both, `n_articles` the articles that have such. Where one of the two stands in fewer than five stories: no bounds. Where they
        never meet: bounds from 0 to the Poisson upper bound, each story taken once.

    Raises:
        ToolkitError: When `within` is neither, or the level or the number of resamples is not allowed.

    Source: expected frequency under independence: Evert 2008; interval: Efron & Tibshirani 1993, ch. 13; Garwood 1936.

    Example:
        >>> from toolkit.tables import make_table
        >>> pairs = make_table("Pairs", {"article_id": ["a"], "outlet": ["x"], "published": [None], "story": ["a"], "actor": ["UKR"],
        ...     "codebook": ["c"], "entry": ["war"], "n_both": [2], "n_actor": [4], "n_entry": [2], "n_sentences": [8]})
        >>> estimate_association(pairs, seed=1)[["estimate", "n_mentions", "expected"]].values.tolist()
        [[2.0, 2.0, 1.0]]
    """
    if within not in ("sentences", "articles"):
        raise ToolkitError(f"within={within!r}: no such thing. {name_choices(within, ['sentences', 'articles'])}")
    resampling, keys = Resampling(seed, level, n_resamples), ["actor", "codebook", "entry"]
    if pairs.empty:
        return make_table("Estimates", dict.fromkeys(["actor", *make_table("Estimates").columns, "expected"], ()))
    counted = pairs
    if within == "articles":
        has = pairs[["n_actor", "n_entry"]] > 0
        counted = pairs.assign(n_both=has.all(axis=1), n_actor=has["n_actor"], n_entry=has["n_entry"], n_sentences=1)
    order = list(pairs[keys].drop_duplicates().itertuples(index=False, name=None))
    wide = counted.pivot(index=["story", "article_id"], columns=keys, values=list(_COLUMNS)).sort_index(level="article_id")
    n_articles = [int((wide["n_both"][key] > 0).sum()) for key in order]
    sizes = wide.groupby(level="story", sort=False).size().to_numpy()[:, None]
    sums = wide.groupby(level="story", sort=False).sum()
    both, actor, entry, every = (sums[column].reindex(columns=order).to_numpy(dtype=np.float64) for column in _COLUMNS)
    estimates, low, high = estimate_ratios(np.stack([both, every]), np.stack([actor, entry]), resampling, [f"together in {within}"])
    expected, once = _expect(actor, entry, every), _expect(actor / sizes, entry / sizes, every / sizes)
    is_rare = np.minimum((actor > 0).sum(axis=0), (entry > 0).sum(axis=0)) < MIN_ARTICLES
    never = ~is_rare & (both.sum(axis=0) == 0)
    is_rare |= (low == high) & ~never
    bound = np.divide(-math.log((1 - level) / 2), once, where=never, out=np.full_like(once, np.nan))
    usual = f"bootstrap over articles, copies drawn together, percentile, {n_resamples:,} resamples"
    met = "never together: exact upper bound (Poisson)"
    rare = f"one of the two in fewer than {MIN_ARTICLES} articles or stories, or no spread: no interval"
    return make_table(
        "Estimates",
        dict(zip(keys, zip(*order, strict=True), strict=True))
        | {"quantity": f"together in {within}", "unit": f"times as many {within} as by chance", "estimate": estimates}
        | {"low": np.where(is_rare, np.nan, low), "high": np.where(is_rare, np.nan, np.where(never, bound, high)), "level": level}
        | {"n_mentions": both.sum(axis=0), "n_articles": n_articles, "n_words": 0, "method": np.where(never, "exact (Poisson)", usual)}
        | {"seed": seed, "note": np.where(is_rare, rare, np.where(never, met, "")), "expected": expected},
    )


def list_edges(association: pd.DataFrame, *, most: int = 30) -> pd.DataFrame:
    """List the pairs that stand together more often than by chance, the surest first.

    Args:
        association: What `estimate_association` gives.
        most: How many at most.

    Returns:
        Some rows of Estimates: those whose whole interval lies above 1, ordered by its lower bound. Where there is none, as in a handful of
        articles, those that stand together at all, the most frequent first.

    Example:
        >>> columns = {"actor": ["a", "b", "c"], "entry": ["x", "y", "z"], "low": [0.9, 1.5, 2.5], "n_mentions": [9, 8, 7]}
        >>> list_edges(pd.DataFrame(columns))["actor"].tolist()
        ['c', 'b']
    """
    by, listed = "low", association[association["low"] > 1]
    if listed.empty:
        by, listed = "n_mentions", association[association["n_mentions"] > 0]
    return listed.sort_values([by, "actor", "entry"], ascending=[False, True, True], ignore_index=True).head(most)


def _expect(actor: Floats, entry: Floats, every: Floats) -> Floats:
    """What chance would give: the product of the two shares, of all."""
    expected: Floats = actor.sum(axis=0) * entry.sum(axis=0) / every.sum(axis=0)
    return expected
