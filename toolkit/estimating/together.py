"""What occurs together: how often, and whether more or less often than by chance."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.counting import Mentions
from toolkit.counting.counts import Counts, Floats, choose_company, count_pairs
from toolkit.estimating.bootstrap import MIN_ARTICLES, Resampling, estimate_ratios
from toolkit.estimating.estimates import PLACE, Estimates, Measure, divide_counts, sum_stories
from toolkit.tables import check_record, make_table

TOGETHER = Measure("together", "share of the sentences that mention the actor", "sentence")
BY_CHANCE = Measure("together-in-sentences", "times as many sentences as by chance", "sentence", bound="Poisson")


def estimate_together(actors: Mentions, others: Mentions | None = None, *, chance: bool = False, most: int = 18) -> Estimates:
    """Estimate how often actors occur together with entries, or with each other.

    With others: of the sentences that mention the actor, the share that also mention the entry. With `chance`, or without others: how many
    times as often as if the two were distributed independently over all that was searched, n_actor · n_entry / n_sentences. A critic would
    say that no two names of one topic are independent; so this ratio measures topic as well as company.

    Args:
        actors: Mentions of the actors.
        others: Mentions of the entries in the same corpus. None: the actors most often in a sentence with those measured, each with each.
        chance: Compare with chance.
        most: How many actors there are at most where none are given.

    Returns:
        One number per actor and entry. Compared with chance: without bounds where one of the two is in fewer than five stories; where they
        never meet, from 0 to the Poisson upper bound, each story taken once.

    Raises:
        ToolkitError: When the two were not found in the same corpus.

    Source: expected frequency under independence: Evert 2008; intervals: Efron & Tibshirani 1993, ch. 13; Garwood 1936.

    Example:
        >>> from toolkit import find_mentions, keep_entries, read_corpus
        >>> named = find_mentions(read_corpus("ukraine-korea"), "actors", "umerov")
        >>> estimate_together(named, keep_entries(named, "KOR")).table[["actor", "entry", "n_mentions"]].values.tolist()
        [['umerov', 'KOR', 1]]
    """
    check_record(actors, Mentions, "estimate_together")
    if others is not None:
        check_record(others, Mentions, "estimate_together")
    found, resampling = others or actors, Resampling(actors.corpus.seed)
    counts = count_pairs(actors, found, choose_company(actors, most) if others is None else ())
    if chance or others is None:
        measure, table = BY_CHANCE, compare_with_chance(counts, resampling)
    else:
        both = counts.values["n_both"]
        counts = replace(counts, values={"top": both, "bottom": counts.values["n_actor"], "counted": both})
        measure, table = TOGETHER, divide_counts(counts, TOGETHER, (), resampling)
    behind = found.counted[[*PLACE, "entry"]]
    beside = behind if found is actors else actors.counted[[*PLACE, "entry"]]
    book, labels = found.codebook, {"actor": actors.codebook.labels, "entry": found.codebook.labels}
    return Estimates(table, measure, found.corpus, book.id, behind, labels, book.kind, resampling, beside=beside)


def compare_with_chance(counts: Counts, resampling: Resampling) -> pd.DataFrame:
    """Divide the number observed by the number expected."""
    both, actor, entry = (counts.values[name] for name in ("n_both", "n_actor", "n_entry"))
    every = np.repeat(counts.articles["n_sentences"].to_numpy(dtype=np.float64)[:, None], len(counts.keys), axis=1)
    met = (both > 0).sum(axis=0)
    sizes, both, actor, entry, every = sum_stories(counts.articles["story"].to_numpy(), both, actor, entry, every)
    sizes = sizes[:, None]
    estimates, low, high = estimate_ratios(np.stack([both, every]), np.stack([actor, entry]), resampling, ())
    expected, once = _expect(actor, entry, every), _expect(actor / sizes, entry / sizes, every / sizes)
    is_rare = np.minimum((actor > 0).sum(axis=0), (entry > 0).sum(axis=0)) < MIN_ARTICLES
    never = ~is_rare & (both.sum(axis=0) == 0)
    is_rare |= (low == high) & ~never
    bound = np.divide(-math.log((1 - resampling.level) / 2), once, where=never, out=np.full_like(once, np.nan))
    rare = f"one of the two in fewer than {MIN_ARTICLES} articles or stories, or no spread: no interval"
    keys = {name: counts.keys[name].array for name in ("actor", "entry")}
    shown = {"estimate": estimates, "low": np.where(is_rare, np.nan, low), "high": np.where(is_rare, np.nan, np.where(never, bound, high))}
    behind = {"n_mentions": both.sum(axis=0).astype(np.int64), "n_articles": met, "n_words": 0}
    notes = {"note": np.where(is_rare, rare, np.where(never, "never together: exact upper bound (Poisson)", "")), "expected": expected}
    return make_table("Estimates", keys | shown | behind | notes)


def _expect(actor: Floats, entry: Floats, every: Floats) -> Floats:
    """What chance would give: the product of the two shares, of all."""
    with np.errstate(invalid="ignore"):
        expected: Floats = actor.sum(axis=0) * entry.sum(axis=0) / every.sum(axis=0)
    return expected
