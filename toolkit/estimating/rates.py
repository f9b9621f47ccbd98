"""Rates and shares of mentions, and of sentences with two of them, with intervals."""

from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.coding.records import Labels
from toolkit.counting import Mentions, Names
from toolkit.counting.counts import Counts, Groups, choose_company, count_entries, count_pairs
from toolkit.estimating.estimates import (
    MEASURES,
    PLACE,
    Estimates,
    Mix,
    count_found,
    divide_counts,
    estimate_counts,
    order_columns,
    sum_stories,
)
from toolkit.estimating.intervals import MIN_ARTICLES, Sums, bound_ratios
from toolkit.tables import check_record


def estimate_rates(
    mentions: Mentions, *, by: Groups = "outlet", over: Mix = "", labels: Labels | None = None, level: float = 0.95
) -> Estimates:
    """Estimate how often each entry is mentioned per 1,000 words searched.

    Args:
        mentions: What was found.
        by: `outlet`, `day`, `week`, `month` or `year`, or several of these; empty for the whole corpus.
        over: What is held fixed; the number without it is given as `raw`. `outlet` or a period: by week over outlets, each outlet has the
            same weight in every week, so that a change does not come from the collection; only weeks with all outlets get a number.
            Mentions of actors: each article belongs to the actor that it names most often, and each actor has the same weight in every
            outlet, so that a difference does not come from whom outlets write about; only actors that are the main one in enough articles
            of every group count, and the note says how many do.
        labels: Coded sentences. Numbers do not change, but the note marks entries on which coders agree too little, and no finding ranks
            them.
        level: Confidence level.

    Returns:
        One number per group and entry. The spread of words over stories is estimated from all groups together as well as from each. So an
        interval is wider if mentions are concentrated in a few stories, and there is an upper bound even without a mention.

    Raises:
        ToolkitError: When the argument is not Mentions, or a group or the level is not allowed.

    Source: score interval with a design effect, `toolkit.estimating.intervals.bound_ratios`.

    Example:
        >>> from toolkit import find_mentions, read_corpus
        >>> estimate_rates(find_mentions(read_corpus("ukraine-korea"), "actors", "UKR"), by="").table[["entry", "n_mentions", "n_words"]]
          entry  n_mentions  n_words
        0   UKR          12      362
    """
    check_record(mentions, Mentions, "estimate_rates")
    counts = count_entries(mentions)
    words = np.repeat(counts.articles["n_words"].to_numpy(dtype=np.float64)[:, None], len(counts.keys), axis=1)
    values = {"top": counts.values["n_mentions"], "bottom": words, "counted": counts.values["n_mentions"]}
    return estimate_counts(mentions, replace(counts, values=values), MEASURES["mentions"]["rates"], by, level, over, labels)


def estimate_shares(
    found: Mentions | Names, *, by: Groups = "outlet", over: Mix = "", labels: Labels | None = None, level: float = 0.95
) -> Estimates:
    """Estimate the share of articles that mention each entry at all; for names, the share that a codebook covers.

    Args:
        found: Mentions, or Names.
        by: As in `estimate_rates`.
        over: As in `estimate_rates`; only for mentions.
        labels: Likewise.
        level: Confidence level.

    Returns:
        One number per group and entry. Copies of a story are not independent, and the interval takes this into account.

    Raises:
        ToolkitError: As `estimate_rates`.

    Source: Wilson 1927, with a design effect: `toolkit.estimating.intervals.bound_ratios`.

    Example:
        >>> from toolkit import find_mentions, find_names, read_corpus
        >>> named = find_mentions(read_corpus("ukraine-korea"), "actors", "UKR")
        >>> estimate_shares(named, by="").table["note"].tolist(), estimate_shares(find_names(named), by="").table["estimate"].tolist()
        (['fewer than 5 articles: no interval'], [1.0])
    """
    check_record(found, Names if isinstance(found, Names) else Mentions, "estimate_shares")
    if isinstance(found, Names):
        names = found.table.assign(entry="covered", n=1)
        covered = names[names["covered"]]
        counts = count_found(found.actors, names, covered, {"entry": ["covered"]})
        made = estimate_counts(found.actors, counts, MEASURES["mentions"]["coverage"], by, level)
        return replace(made, behind=covered[[*PLACE, "entry"]], labels={"entry": {"covered": f"covered by {made.codebook}"}})
    counts = count_entries(found)
    has = (counts.values["n_mentions"] > 0).astype(np.float64)
    values = {"top": has, "bottom": np.ones_like(has), "counted": counts.values["n_mentions"]}
    return estimate_counts(found, replace(counts, values=values), MEASURES["mentions"]["shares"], by, level, over, labels)


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
