"""What is left of a number when the error of the machine that counted is measured: corrected shares, precision, recall."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.coding import Labels
from toolkit.coding.records import KEYS, list_labels
from toolkit.counting import Mentions
from toolkit.counting.counts import Floats, count_entries
from toolkit.counting.mentions import is_of
from toolkit.errors import ToolkitError
from toolkit.estimating.estimates import PLACE, Estimates, Measure, list_groups, make_estimates, name_groups, order_columns, sum_groups
from toolkit.estimating.intervals import Sums, bound_scores, check_level, find_spread, sum_up
from toolkit.tables import check_record

CORRECTED = Measure("corrected", "share of sentences", "sentence")
ACCURACY = Measure("accuracy", "share of sentences", "sentence")
SCORES = ("precision", "recall", "F1")
MIN_CODED = 5
"""Fewest coded sentences of a group with what the machine found, and fewest without, for an interval (our choice)."""


def correct_rates(mentions: Mentions, labels: Labels, *, by: str | Sequence[str] = "outlet", level: float = 0.95) -> Estimates:
    """Correct the share of sentences that hold an entry by what people said of a sample: how often is it really told so?

    A critic would say that a list of words errs, and not alike in every outlet. So each group is corrected by its own coded sentences: of
    the sentences in which the machine found the entry, the share in which coders did too, and of the others the share that it missed, each
    weighted by how many there are. However bad the machine is, this is right on average; a better one makes the interval narrower.

    Args:
        mentions: What the machine found.
        labels: Sentences drawn by chance and coded. Those that are not searched in the corpus of the mentions are left out.
        by: As in `estimate_rates`.
        level: Confidence level.

    Returns:
        One number per group and entry, with the share that the machine found beside it (`raw`) and the number of coded sentences. Where
        fewer than five with or without what it found are coded there is no interval, and the note says how many more are needed.

    Raises:
        ToolkitError: When an argument is of the wrong kind, none of the entries is coded, or a group or the level is not allowed.

    Source: the estimator is that of prediction-powered inference (Angelopoulos et al. 2023) and design-based supervised learning (Egami et
        al. 2023), pseudo-outcomes f + R/p (y - f) with known chances p, where f is the share of the coded that hold it among those that the
        machine answers alike: the best linear use of its answer (PPI++, 2023). Interval: Jeffreys's of each share (Brown, Cai & DasGupta
        2001) and the spread of stories, combined by the squares of their margins (Zou & Donner 2008). Simulated:
        tests/validity/simulate_corrections.py.

    Example:
        >>> from toolkit import find_mentions, read_corpus, sample_sentences
        >>> found = find_mentions(read_corpus("ukraine-korea"), "language", "loaded-words")
        >>> sample = sample_sentences(found, n=10)
        >>> said = sample.sample[KEYS].assign(entry="loaded-words", coder="a", label="yes", note="")  # a coder who says yes to each
        >>> correct_rates(found, replace(sample, rows=said), by="").table[["entry", "estimate", "n_coded"]].values.tolist()
        [['loaded-words', 1.0, 10]]
    """
    groups = list_groups(by)
    coded, counts = find_coded(mentions, labels, groups, "correct_rates"), count_entries(mentions)
    found, size = counts.values["n_sentences_with"], counts.articles["n_sentences"].to_numpy(dtype=np.float64)
    values = {"top": found, "bottom": np.repeat(size[:, None], len(counts.keys), axis=1), "counted": found}
    table, sums = sum_groups(replace(counts, values=values), CORRECTED, groups)
    raw = make_estimates(table, sums, CORRECTED, check_level(level))
    spread = np.full(len(table), np.nan)
    for places in table.groupby("entry", sort=False).indices.values():
        spread[places] = find_spread(Sums(*(array[places][:, None] for array in sums)), level, share=True)[:, 0]
    sizes = np.stack([sums.top, sums.bottom - sums.top], axis=1)
    n, estimate, low, high = correct_shares(sizes, spread, _sum_coded(coded, table, groups), level)
    lacking = np.maximum(np.minimum(MIN_CODED, sizes) - n, 0).sum(axis=1)
    notes = [f"coded: {int(a)} found, {int(b)} not; code {int(more)} more: no interval" for (a, b), more in zip(n, lacking, strict=True)]
    few = raw["note"].str.startswith("fewer").to_numpy()
    sure = (lacking == 0) & ~few
    made = raw.assign(estimate=estimate, low=np.where(sure, low, np.nan), high=np.where(sure, high, np.nan), raw=raw["estimate"])
    made = made.assign(note=np.where(few, raw["note"], np.where(sure, "", notes)), n_coded=n.sum(axis=1).astype(np.int64))
    book = mentions.codebook
    return Estimates(
        order_columns(made),
        CORRECTED,
        mentions.corpus,
        book.id,
        mentions.measured[[*PLACE, "entry"]],
        {"entry": book.labels},
        book.kind,
        level,
    )


def estimate_accuracy(mentions: Mentions, labels: Labels, *, by: str | Sequence[str] = "") -> Estimates:
    """Estimate how far the machine can be trusted: of what it found, how much is right, and of what there is, how much it finds.

    Args:
        mentions: What the machine found.
        labels: Sentences drawn by chance and coded.
        by: As in `estimate_rates`; empty for the whole corpus.

    Returns:
        Per group and entry precision, recall and F1, in sentences, each coded one weighted by one over its chance. Stories vary as one.
        Recall rests on the few coded sentences that the machine missed, so its interval is wide.

    Raises:
        ToolkitError: When an argument is of the wrong kind, none of the entries is coded, or a group is not allowed.

    Source: ratios of weighted sums (Cochran 1977, §6.4); intervals: `toolkit.estimating.intervals.bound_ratios`.

    Example:
        >>> from toolkit import find_mentions, read_corpus, sample_sentences
        >>> found = find_mentions(read_corpus("ukraine-korea"), "language", "loaded-words")
        >>> sample = sample_sentences(found, n=10)
        >>> said = sample.sample[KEYS].assign(entry="loaded-words", coder="a", label="yes", note="")  # a coder who says yes to each
        >>> estimate_accuracy(found, replace(sample, rows=said)).table[["score", "estimate"]].values.tolist()[0]
        ['precision', 1.0]
    """
    groups, rows, sums = list_groups(by), list[tuple[object, ...]](), list[Sums]()
    coded = find_coded(mentions, labels, groups, "estimate_accuracy")
    for key, own in coded.groupby([*groups, "entry"], sort=True):
        weight = 1 / own["probability"].to_numpy(dtype=np.float64)
        yes, hit = own["holds"].to_numpy(dtype=np.float64), own["found"].to_numpy(dtype=np.float64)
        both = weight * yes * hit
        tops, bottoms = np.stack([both, both, 2 * both], axis=1), weight[:, None] * np.stack([hit, yes, hit + yes], axis=1)
        stories = own["story"].to_numpy()
        sums.append(sum_up(*(pd.DataFrame(array).groupby(stories).sum().to_numpy() for array in (tops, bottoms)), share=True))
        sizes = own["article_id"].nunique(), 0, own["story"].nunique(), len(own)
        rows += [(*key[:-1], score, key[-1], int((yes * hit).sum()), *sizes) for score in SCORES]
    columns = [*groups, "score", "entry", "n_mentions", "n_articles", "n_words", "n_stories", "n_coded"]
    whole, book = Sums(*map(np.concatenate, zip(*sums, strict=True))), mentions.codebook
    whole = whole._replace(most=np.where(np.arange(len(rows)) % len(SCORES) == 0, whole.most, np.inf))  # what is missed may weigh more
    behind = pd.concat([coded.loc[coded["holds"] & coded["found"], [*PLACE, "entry"]].assign(score=score) for score in SCORES])
    table = make_estimates(pd.DataFrame(rows, columns=columns), whole, ACCURACY, 0.95)
    return Estimates(table, ACCURACY, mentions.corpus, book.id, behind, {"entry": book.labels}, book.kind)


def find_coded(mentions: Mentions, labels: Labels, groups: Sequence[str], who: str) -> pd.DataFrame:
    """Find the coded sentences that are searched in the corpus: groups, story, place, and whether the machine found the entry.

    Raises:
        ToolkitError: When an argument is of the wrong kind, or no sentence of the corpus is coded for an entry that is measured.
    """
    check_record(mentions, Mentions, who)
    check_record(labels, Labels, who)
    told = labels.settled[labels.settled["probability"].notna() & labels.settled["entry"].isin(mentions.entries)]
    coded = told.merge(mentions.corpus.searched[[*KEYS, "start", "end"]], on=KEYS).sort_values([*KEYS, "entry"], ignore_index=True)
    if coded.empty:
        said = f"{who}: no sentence of {mentions.corpus.name} is coded for {list_labels(mentions.codebook, mentions.entries)}."
        raise ToolkitError(
            f"{said} Coded: {', '.join(sorted(set(labels.settled['entry']))) or 'nothing'}. Give mentions of what was coded."
        )
    named = name_groups(mentions.corpus.articles, groups).assign(story=mentions.corpus.articles["story"])
    named.index = pd.Index(mentions.corpus.articles["article_id"])
    hits = pd.concat([mentions.measured.loc[is_of(mentions.measured["entry"], [one]), KEYS].assign(entry=one) for one in mentions.entries])
    coded = coded.merge(hits.drop_duplicates().assign(found=True), on=[*KEYS, "entry"], how="left").join(named, on="article_id")
    return coded.assign(found=coded["found"].notna())


def _sum_coded(coded: pd.DataFrame, table: pd.DataFrame, groups: Sequence[str]) -> dict[str, Floats]:
    """Sum the coded sentences of each row, found and not: number, weights, their squares, weights of those that hold the entry."""
    weight, keys = 1 / coded["probability"], [*groups, "entry"]
    weights = {"n": 1.0, "weight": weight, "square": weight**2, "yes": weight * coded["holds"]}
    summed = coded.assign(**weights).groupby([*keys, "found"])[list(weights)].sum()
    rows = [(*row, found) for row in table[keys].itertuples(index=False) for found in (True, False)]
    full = summed.reindex(pd.MultiIndex.from_tuples(rows, names=[*keys, "found"]), fill_value=0.0)
    return {name: full[name].to_numpy(dtype=np.float64).reshape(-1, 2) for name in weights}


def correct_shares(sizes: Floats, spread: Floats, coded: dict[str, Floats], level: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Correct: number coded, found and not; estimate and bounds. A class of sentences that the group does not have plays no part."""
    from scipy.special import betaincinv

    tail, n = (1 - level) / 2, coded["n"]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = sizes / sizes.sum(axis=1, keepdims=True)
        right = np.where(sizes == 0, 0, coded["yes"] / coded["weight"])
        trials = coded["weight"] ** 2 / coded["square"] / np.maximum(1 - n / sizes, 1e-9)  # as many as tell as much; all coded: no doubt
        low, high = (betaincinv(right * trials + 0.5, (1 - right) * trials + 0.5, point) for point in (tail, 1 - tail))
        low, high = np.where(right == 0, 0, np.minimum(low, right)), np.where((right == 1) | (sizes == 0), right, np.maximum(high, right))
        estimate = (share * right).sum(axis=1)
        lower, upper = bound_scores(estimate, spread, share=True)
        below = np.sqrt((estimate - lower) ** 2 + (share**2 * (right - low) ** 2).sum(axis=1))
        above = np.sqrt((upper - estimate) ** 2 + (share**2 * (high - right) ** 2).sum(axis=1))
    return n, estimate, np.maximum(estimate - below, 0), np.minimum(estimate + above, 1)
