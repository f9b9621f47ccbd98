"""How often actors and entries occur together, also compared with chance."""

from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.counting import Mentions
from toolkit.counting.counts import Counts, choose_company, count_pairs
from toolkit.estimating.estimates import MEASURES, PLACE, Estimates, divide_counts, order_columns, sum_stories
from toolkit.estimating.intervals import MIN_ARTICLES, Sums, bound_ratios
from toolkit.tables import check_record


def estimate_together(actors: Mentions, others: Mentions | None = None, *, chance: bool = False, most: int = 18) -> Estimates:
    """Estimate how often actors occur together with entries, or with each other.

    With `others`: of the sentences that mention the actor, the share that also mention the entry. With `chance`, or without `others`: the
    number of shared sentences divided by the number expected if the two were distributed independently, n_actor · n_entry / n_sentences.
    Names of the same topic are never independent, so a high ratio may only show a shared topic.

    Args:
        actors: Mentions of the actors.
        others: Mentions of the entries in the same corpus. None: the actors that most often share a sentence with the measured ones, each
            with each.
        chance: Whether to compare with chance.
        most: Maximum number of actors if `others` is None.

    Returns:
        One number per actor and entry. Ratios have no interval if one of the two is in fewer than five stories; if the two never share a
        sentence, the interval runs from 0 to the Poisson upper bound, with each story counted once.

    Raises:
        ToolkitError: When the two were not found in the same corpus.

    Source: expected frequency under independence: Evert 2008; intervals: `toolkit.estimating.intervals.bound_ratios`.

    Example:
        >>> from toolkit import find_mentions, keep_entries, read_corpus
        >>> named = find_mentions(read_corpus("ukraine-korea"), "actors", "umerov")
        >>> estimate_together(named, keep_entries(named, "KOR")).table[["actor", "entry", "n_mentions"]].values.tolist()
        [['umerov', 'KOR', 1]]
    """
    check_record(actors, Mentions, "estimate_together")
    if others is not None:
        check_record(others, Mentions, "estimate_together")
    found = others or actors
    counts = count_pairs(actors, found, choose_company(actors, most) if others is None else ())
    if chance or others is None:
        measure, table = MEASURES["mentions"]["chance"], compare_with_chance(counts)
    else:
        both = counts.values["n_both"]
        counts = replace(counts, values={"top": both, "bottom": counts.values["n_actor"], "counted": both})
        measure = MEASURES["mentions"]["together"]
        table = divide_counts(counts, measure, (), 0.95)
    behind = found.counted[[*PLACE, "entry"]]
    beside = behind if found is actors else actors.counted[[*PLACE, "entry"]]
    book, labels = found.codebook, {"actor": actors.codebook.labels, "entry": found.codebook.labels}
    return Estimates(table, measure, found.corpus, book.id, behind, labels, book.kind, beside=beside)


def compare_with_chance(counts: Counts, level: float = 0.95) -> pd.DataFrame:
    """Divide the number observed by the number expected; its variance is linearised, in all four numbers that it is made of."""
    both, actor, entry = (counts.values[name] for name in ("n_both", "n_actor", "n_entry"))
    every = np.repeat(counts.articles["n_sentences"].to_numpy(dtype=np.float64)[:, None], len(counts.keys), axis=1)
    sizes, *parts = sum_stories(counts.articles["story"].to_numpy(), both, actor, entry, every)
    sums = n_both, n_actor, n_entry, n_every = [part.sum(axis=0) for part in parts]
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = n_actor * n_entry / n_every
        n, relative = len(sizes), [part / whole for part, whole in zip(parts, sums, strict=True)]
        variance = n / max(n - 1, 1) * n_both**2 * ((relative[0] + relative[3] - (relative[1] + relative[2])) ** 2).sum(axis=0)
        estimates = n_both / expected
    own = Sums(n_both, expected, np.nan_to_num(variance), np.full_like(expected, np.inf), (parts[0] > 0).sum(axis=0))
    low, high = (values[:, 0] for values in bound_ratios(Sums(*(values[:, None] for values in own)), level, share=False))
    is_rare = (np.minimum(*((part > 0).sum(axis=0) for part in parts[1:3])) < MIN_ARTICLES) | np.isnan(low)
    rare = f"one of the two in fewer than {MIN_ARTICLES} articles or stories, or no spread: no interval"
    shown = {"estimate": estimates, "low": np.where(is_rare, np.nan, low), "high": np.where(is_rare, np.nan, high), "expected": expected}
    note = np.where(is_rare, rare, np.where(n_both == 0, "never together: an upper bound", ""))
    return order_columns(counts.keys.assign(**shown, n_mentions=n_both, n_articles=(both > 0).sum(axis=0), n_words=0, note=note))
