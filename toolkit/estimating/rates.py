"""Rates and shares of mentions, with intervals."""

from dataclasses import replace

import numpy as np

from toolkit.coding.records import Labels
from toolkit.counting import Mentions, Names
from toolkit.counting.counts import Groups, count_entries
from toolkit.estimating.estimates import MEASURES, PLACE, Estimates, Mix, count_found, estimate_counts
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
