"""Corrections by coded sentences: corrected shares, precision, recall."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.coding.agreement import note_poor
from toolkit.coding.records import KEYS, WHOLE, Labels, list_labels
from toolkit.counting.counts import Floats, Groups, count_entries
from toolkit.counting.mentions import Mentions, is_of
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.estimates import MEASURES, PLACE, Estimates, list_groups, make_estimates, name_groups, order_columns, sum_groups
from toolkit.estimating.intervals import Sums, bound_scores, check_level, find_spread
from toolkit.tables import check_record

SCORES = ("precision", "recall", "F1")
# Fewest coded sentences of a group with what the machine found, and fewest without, for an interval (our choice).
MIN_CODED = 5


def correct_rates(mentions: Mentions, labels: Labels, *, share: str = "sentences", by: Groups = "outlet", level: float = 0.95) -> Estimates:
    """Correct the share of sentences, or of articles, with an entry by a sample that was coded.

    A word list makes errors, and more of them in some outlets than in others. Each group is therefore corrected by its own coded sentences:
    by the share of coded sentences with the entry among those in which the machine found it, and among the others, each weighted by the
    number of such sentences. The result is unbiased however bad the machine is; a better machine makes the interval narrower.

    An article holds an entry if one of its sentences does. Which articles do cannot be told from single sentences without assuming how
    those of an article depend on each other, so the share of articles is corrected in the same way by articles that were coded whole. Once
    a sentence holds the entry, the rest of its article need not be coded for it.

    Args:
        mentions: What the machine found.
        labels: A random sample of coded sentences. Those that are not searched in the corpus of the mentions are left out.
        share: `sentences`; or `articles`, for which whole articles must have been drawn (`sample_sentences(…, whole=True)`).
        by: As in `estimate_rates`.
        level: Confidence level.

    Returns:
        One number per group and entry, with the share that the machine found (`raw`) and the number of coded sentences, or articles. If
        fewer than five with a hit, or fewer than five without, are coded, there is no interval, and the note says how many more are needed;
        so it does while articles are coded in part. The note also marks entries on which coders agree too little.

    Raises:
        ToolkitError: When an argument is of the wrong kind, a share, group or the level is not allowed, or the labels are of the other kind
            of sample.

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
    if share not in MEASURES["corrected"]:
        raise ToolkitError(f"correct_rates: share={share!r} is not corrected. {name_choices(share, MEASURES['corrected'])}")
    _, table, sums, parts = _sum_coded(mentions, labels, list_groups(by), "correct_rates", share)
    raw = make_estimates(table, sums, MEASURES["corrected"][share], check_level(level))
    spread = np.full(len(table), np.nan)
    for places in table.groupby("entry", sort=False).indices.values():
        spread[places] = find_spread(Sums(*(array[places][:, None] for array in sums)), level, share=True)[:, 0]
    sizes = np.stack([sums.top, sums.bottom - sums.top], axis=1)
    estimate, low, high = correct_shares(sizes, spread, parts, level)
    few, (sure, notes) = raw["note"].str.startswith("fewer").to_numpy(), _note_lacking(sizes, parts, share)
    bounds = {name: np.where(sure & ~few, bound, np.nan) for name, bound in (("low", low), ("high", high))}
    made = raw.assign(estimate=estimate, **bounds, raw=raw["estimate"], note=np.where(few, raw["note"], notes))
    made = note_poor(made.assign(n_coded=parts["n"].sum(axis=1).astype(np.int64)), labels)
    return _record(made, "corrected", share, mentions, mentions.measured[[*PLACE, "entry"]], level)


def estimate_accuracy(mentions: Mentions, labels: Labels, *, by: Groups = "") -> Estimates:
    """Estimate precision, recall and F1 of what the machine found, by coded sentences.

    Args:
        mentions: What the machine found.
        labels: A random sample of coded sentences.
        by: As in `estimate_rates`; empty for the whole corpus.

    Returns:
        Precision, recall and F1 per group and entry, counted in sentences; coded sentences are weighted by the inverse of their
        probability. Recall depends on the few coded sentences that the machine missed, each of which represents many, so its interval is
        wide. There is no interval if fewer than five sentences with or without a hit are coded.

    Raises:
        ToolkitError: When an argument is of the wrong kind, none of the entries is coded, or a group is not allowed.

    Source: stratified shares (Cochran 1977, ch. 5); interval of precision: Jeffreys's (Brown, Cai & DasGupta 2001), of recall and F1 from
        those of the two shares that they are made of (Donner & Zou 2012). They are about this corpus: stories do not vary.

    Example:
        >>> from toolkit import find_mentions, read_corpus, sample_sentences
        >>> found = find_mentions(read_corpus("ukraine-korea"), "language", "loaded-words")
        >>> sample = sample_sentences(found, n=10)
        >>> said = sample.sample[KEYS].assign(entry="loaded-words", coder="a", label="yes", note="")  # a coder who says yes to each
        >>> estimate_accuracy(found, replace(sample, rows=said)).table[["score", "estimate"]].values.tolist()[0]
        ['precision', 1.0]
    """
    coded, table, sums, parts = _sum_coded(mentions, labels, list_groups(by), "estimate_accuracy")
    sizes = np.stack([sums.top, sums.bottom - sums.top], axis=1)
    share, right = bound_parts(sizes, parts, 0.95)
    hit, missed = share[:, 0] * right[:, :, 0], share[:, 1] * right[:, :, 1]  # of all sentences: estimate, lower, upper bound
    scores = (right[:, :, 0], 1 / (1 + _divide(missed, hit)[[0, 2, 1]]), 2 / (1 + _divide(missed + share[:, 0], hit)[[0, 2, 1]]))
    sure, notes = _note_lacking(sizes, parts, "sentences")
    base = table.assign(note=notes, n_coded=parts["n"].sum(axis=1).astype(np.int64), n_mentions=parts["n_yes"][:, 0].astype(np.int64))
    bounds = [dict(zip(("low", "high"), np.where(sure, found[1:], np.nan), strict=True)) for found in scores]
    made = [base.assign(score=name, estimate=scores[at][0], **bounds[at]) for at, name in enumerate(SCORES)]
    columns = ["score", *(column for column in made[0].columns if column != "score")]
    behind = pd.concat([coded.loc[coded["holds"] & coded["found"], [*PLACE, "entry"]].assign(score=score) for score in SCORES])
    return _record(pd.concat(made)[columns].sort_index(kind="stable"), "accuracy", "sentences", mentions, behind, 0.95)


def find_coded(mentions: Mentions, labels: Labels, groups: Sequence[str], who: str, share: str = "sentences") -> pd.DataFrame:
    """Find the coded sentences that are searched in the corpus: groups, place, and whether the machine found the entry.

    With the share of articles, a row is an article that was drawn whole; `partial` if neither a sentence holds the entry nor all are coded.

    Raises:
        ToolkitError: When an argument is of the wrong kind, the labels are of the other kind of sample, or no sentence of the corpus is
            coded for an entry that is measured.
    """
    check_record(mentions, Mentions, who)
    check_record(labels, Labels, who)
    told = labels.settled[labels.settled["probability"].notna() & labels.settled["entry"].isin(mentions.entries)].assign(partial=False)
    whole, searched, keys = share == "articles", mentions.corpus.searched[[*KEYS, "start", "end"]], [*KEYS, "entry"]
    is_own = told["stratum"].str.startswith(WHOLE) == whole
    if len(told) and not is_own.any():
        drawn = "single sentences, which do not say what the others hold" if whole else "whole articles, whose sentences go together"
        raise ToolkitError(f"{who}: these labels are of {drawn}. Draw {share}: sample_sentences(mentions, whole={whole}).")
    coded = told[is_own].merge(searched, on=KEYS).sort_values(keys, ignore_index=True)
    if coded.empty and who != "correct_rates":  # where nothing is coded, that says how many to code
        said = f"{who}: no sentence of {mentions.corpus.name} is coded for {list_labels(mentions.codebook, mentions.entries)}. Coded:"
        raise ToolkitError(f"{said} {', '.join(sorted(set(labels.settled['entry']))) or 'nothing'}. Give mentions of what was coded.")
    if whole:
        keys, drawn = ["article_id", "entry"], labels.sample.drop_duplicates("article_id").set_index("article_id")
        coded = coded.groupby(keys, as_index=False).agg(holds=("holds", "any"), n=("holds", "size"), stratum=("stratum", "first"))
        partial = ~coded["holds"] & (coded["n"] < coded["article_id"].map(searched["article_id"].value_counts()))
        part = coded.groupby(["stratum", "entry"])["n"].transform("size") / coded["stratum"].map(drawn["stratum"].value_counts())
        coded = coded.assign(partial=partial, probability=coded["article_id"].map(drawn["probability"]) * part)
    named = name_groups(mentions.corpus.articles.set_index("article_id"), groups)
    hits = mentions.measured
    hits = pd.concat([hits.loc[is_of(hits["entry"], [one]), keys[:-1]].assign(entry=one) for one in mentions.entries])
    coded = coded.merge(hits.drop_duplicates().assign(found=True), on=keys, how="left").join(named, on="article_id")
    return coded.assign(found=coded["found"].notna())


def correct_shares(sizes: Floats, spread: Floats, coded: Mapping[str, Floats], level: float) -> Floats:
    """Correct shares: estimate, lower and upper bound.

    Args:
        sizes: Sentences of each row in which the machine found the entry, and others, shape (rows, 2).
        spread: How far stories let a share be from the truth, as `find_spread` tells.
        coded: Of the coded ones of each kind number (`n`), weights, squares of weights, and weights of those that hold the entry (`yes`).
        level: Confidence level.
    """
    share, (right, low, high) = bound_parts(sizes, coded, level)
    estimate = (share * right).sum(axis=1)
    lower, upper = bound_scores(estimate, spread, share=True)
    below = np.sqrt((estimate - lower) ** 2 + (share**2 * (right - low) ** 2).sum(axis=1))
    above = np.sqrt((upper - estimate) ** 2 + (share**2 * (high - right) ** 2).sum(axis=1))
    return np.array([estimate, np.maximum(estimate - below, 0), np.minimum(estimate + above, 1)])


def bound_parts(sizes: Floats, coded: Mapping[str, Floats], level: float) -> tuple[Floats, Floats]:
    """Share of each kind of sentences, and that of the coded ones which hold the entry, with Jeffreys's interval: (3, rows, kinds)."""
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        right = np.where(sizes == 0, 0, coded["yes"] / coded["weight"])
        trials = coded["weight"] ** 2 / coded["square"] / np.maximum(1 - coded["n"] / sizes, 1e-9)  # where all are coded there is no doubt
        low, high = (betaincinv(right * trials + 0.5, (1 - right) * trials + 0.5, point) for point in (tail, 1 - tail))
    low, high = np.where(right == 0, 0, np.minimum(low, right)), np.where((right == 1) | (sizes == 0), right, np.maximum(high, right))
    return sizes / sizes.sum(axis=1, keepdims=True), np.array([right, low, high])


def _divide(top: Floats, bottom: Floats) -> Floats:
    """Divide independent numbers, each with its bounds (Donner & Zou 2012, eq. 9)."""
    (a, a_low, a_high), (b, b_low, b_high) = top, bottom
    with np.errstate(invalid="ignore", divide="ignore"):
        low = (a * b - np.sqrt((a * b) ** 2 - a_low * b_high * (2 * a - a_low) * (2 * b - b_high))) / (b_high * (2 * b - b_high))
        high = (a * b + np.sqrt((a * b) ** 2 - a_high * b_low * (2 * a - a_high) * (2 * b - b_low))) / (b_low * (2 * b - b_low))
        return np.array([a / b, low, high])


def _sum_coded(
    mentions: Mentions, labels: Labels, by: list[str], who: str, share: str = "sentences"
) -> tuple[pd.DataFrame, pd.DataFrame, Sums, dict[str, Floats]]:
    """The coded sentences; all sentences summed up in every group; and of the coded ones of each row, found and not, number and weights."""
    coded, counts = find_coded(mentions, labels, by, who, share), count_entries(mentions)
    found, size = counts.values["n_sentences_with"], counts.articles["n_sentences"].to_numpy(dtype=np.float64)
    behind = found
    if share == "articles":
        found, size, behind = (found > 0).astype(np.float64), np.ones_like(size), counts.values["n_mentions"]
    values = {"top": found, "bottom": np.repeat(size[:, None], len(counts.keys), axis=1), "counted": behind}
    table, sums = sum_groups(replace(counts, values=values), MEASURES["corrected"][share], by)
    is_known, keys = 1.0 - coded["partial"], [*by, "entry"]
    weight, yes = is_known / coded["probability"], is_known * coded["holds"]
    weights = {"n": is_known, "partial": 1.0 - is_known, "n_yes": yes, "weight": weight, "square": weight**2, "yes": weight * yes}
    summed = coded.assign(**weights).groupby([*keys, "found"])[list(weights)].sum()
    rows = [(*row, found) for row in table[keys].itertuples(index=False) for found in (True, False)]
    full = summed.reindex(pd.MultiIndex.from_tuples(rows, names=[*keys, "found"]), fill_value=0.0)
    return coded, table, sums, {name: full[name].to_numpy(dtype=np.float64).reshape(-1, 2) for name in weights}


def _note_lacking(sizes: Floats, parts: Mapping[str, Floats], share: str) -> tuple[np.ndarray, np.ndarray]:
    """Which rows have enough coded sentences, or articles, of each kind, and what the others lack."""
    lacking, partial = np.maximum(np.minimum(MIN_CODED, sizes) - parts["n"], 0).sum(axis=1), parts["partial"].sum(axis=1)
    more = [f"finish {int(some)}" if some else f"code {int(few)} more" for few, some in zip(lacking, partial, strict=True)]
    of = " articles" if share == "articles" else ""
    counts = [f"{int(found)} with a match, {int(missed)} without" for found, missed in parts["n"]]
    notes = [f"coded: {count}; {say}{of}: no interval" for count, say in zip(counts, more, strict=True)]
    return (lacking + partial) == 0, np.where(lacking + partial == 0, "", notes)


def _record(made: pd.DataFrame, kind: str, share: str, mentions: Mentions, behind: pd.DataFrame, level: float) -> Estimates:
    """The record of a table."""
    book, measure = mentions.codebook, MEASURES[kind][share]
    return Estimates(order_columns(made), measure, mentions.corpus, book.id, behind, {"entry": book.labels}, book.kind, level)
