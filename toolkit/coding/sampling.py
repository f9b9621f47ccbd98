"""Draw sentences for coding, with and without a hit."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.coding.records import KEYS, WHOLE, Labels
from toolkit.counting.counts import count_entries
from toolkit.counting.mentions import Mentions, is_of, score_sentences
from toolkit.errors import ToolkitError
from toolkit.tables import check_record, make_table


def sample_sentences(mentions: Mentions, *, n: int = 200, hits: float = 0.5, undecided: float = 0.0, whole: bool = False) -> Labels:
    """Draw a random sample of the searched sentences for coding, with and without a hit, so that a count can be corrected by it.

    The sample includes sentences that the machine may have missed: the share `hits` contains a mention, the rest does not. Both parts are
    spread evenly over outlets, hits also over entries; a sentence with several entries belongs to the rarest. Within such a stratum each
    sentence has the same probability of being drawn, which is recorded.

    Args:
        mentions: Mentions of the entries to code; their corpus determines what is searched and the seed.
        n: Number of sentences; `toolkit.coding.count_needed` says how many an interval of a given width takes.
        hits: Share of the sample with a mention.
        undecided: Share of the sample that is drawn first, from the tenth of the sentences about which a scored codebook is least certain
            (the probability is closest to a threshold). These are the most informative for learning (Lewis & Gale 1994); their
            probabilities of being drawn are recorded as well.
        whole: Draw articles instead, with all sentences of each: `n` and `hits` are then of articles. Only such a sample corrects the share
            of articles (`correct_rates(…, share="articles")`): one sentence of an article does not say what the others hold.

    Returns:
        Labels without any codes yet, in random order; the sentences of a whole article are together, in their order.

    Raises:
        ToolkitError: When the argument is not Mentions, or a number is not allowed.

    Source: stratified sampling with known inclusion probabilities: Cochran 1977, ch. 5.

    Example:
        >>> from toolkit import find_mentions, read_corpus
        >>> sample_sentences(find_mentions(read_corpus("ukraine-korea"), "language", "loaded-words"), n=6)
        Labels: 6 sentences of ukraine-korea for 1 entry of language: Loaded words (nothing coded yet)
    """
    check_record(mentions, Mentions, "sample_sentences")
    if n < 1:
        raise ToolkitError(f"n={n}: nothing to draw. Allowed: whole numbers from 1; 200 or more are usual.")
    if not (0 <= hits <= 1 and 0 <= undecided <= 1 - whole):
        raise ToolkitError(f"{hits=}, {undecided=}: not a share. Allowed: 0 to 1, such as 0.5; with whole=True, undecided=0.")
    lines, keys = mentions.corpus.searched[[*KEYS, "start", "end"]].sort_values(KEYS, ignore_index=True), KEYS[: 2 - whole]
    every = lines[keys].drop_duplicates(ignore_index=True)
    outlets = every["article_id"].map(mentions.corpus.articles.set_index("article_id")["outlet"]).fillna("unknown").astype("str")
    entry = every.merge(find_rarest(mentions, keys), on=keys, how="left")["rarest"].fillna("")
    near = _find_undecided(mentions, every) if undecided else pd.Series(data=False, index=every.index)
    strata = WHOLE * whole + outlets + ": " + entry.replace("", "no mention").mask(near, "undecided").astype("str")
    held, none, n_near = (entry != "") & ~near, (entry == "") & ~near, min(round(n * undecided), int(near.sum()))
    n_hits = max(min(round((n - n_near) * hits), int(held.sum())), n - n_near - int(none.sum()))
    drawn = []
    for some, wanted in ((near, n_near), (held, n_hits), (none, n - n_near - n_hits)):
        places = every[some].groupby(strata[some])
        for (name, rows), take in zip(places, share_out(places.size().tolist(), wanted), strict=True):
            taken = rows.sample(take, random_state=np.random.default_rng([mentions.corpus.seed, *str(name).encode()]))
            drawn.append(taken.assign(stratum=name, probability=take / len(rows)))
    rows = pd.concat(drawn).sort_values(keys).sample(frac=1, random_state=mentions.corpus.seed).merge(lines, on=keys)
    sample = make_table("Sample", rows[[*lines, "stratum", "probability"]])
    return Labels(sample, make_table("Labels"), mentions.corpus, mentions.codebook, mentions.entries)


def count_needed(mentions: Mentions, *, margin: float, precision: float, recall: float, hits: float = 0.5) -> pd.Series:
    """Count the sentences that must be coded for a corrected share with a 95% interval of `margin` on either side.

    A critic would ask where precision and recall come from before anything is coded: guess low, or code fifty sentences first and take
    those that `estimate_accuracy` finds. What the coding leaves open is counted here; that stories differ adds to the interval, however
    many sentences are coded. Each group that is compared needs as many.

    Args:
        mentions: What was found, of the entries to code.
        margin: Half the width of the interval: 0.02 for a share of 10 ± 2% of sentences.
        precision: Of the sentences in which the machine finds an entry, the share that holds it.
        recall: Of the sentences that hold it, the share that the machine finds.
        hits: Share of the sample that holds a mention, as in `sample_sentences`.

    Returns:
        For each entry the number `n` for `sample_sentences`; at least 10, as fewer give no interval.

    Raises:
        ToolkitError: When the argument is not Mentions, or a share is not allowed.

    Source: variance of a stratified share: Cochran 1977, ch. 5, without the correction for finite strata. Simulated in
        tests/coding/test_sampling.py.

    Example:
        >>> from toolkit import find_mentions, read_corpus
        >>> found = find_mentions(read_corpus("ukraine-korea"), "language", "loaded-words")
        >>> count_needed(found, margin=0.1, precision=0.7, recall=0.5).to_dict()
        {'loaded-words': 104}
    """
    check_record(mentions, Mentions, "count_needed")
    if not (margin > 0 and 0 < precision <= 1 and 0 < recall <= 1 and 0 < hits < 1):
        raise ToolkitError(f"count_needed: {margin=}, {precision=}, {recall=}, {hits=}: not shares. Allowed: above 0, to 1, such as 0.5.")
    counts = count_entries(mentions)
    share = counts.values["n_sentences_with"].sum(axis=0) / counts.articles["n_sentences"].sum()
    missed = np.minimum(share * precision * (1 / recall - 1) / np.maximum(1 - share, 1e-9), 1)  # of the others, the share that holds it
    variance = share**2 * precision * (1 - precision) / hits + (1 - share) ** 2 * missed * (1 - missed) / (1 - hits)
    return pd.Series(np.ceil(np.maximum((1.96 / margin) ** 2 * variance, 10)).astype(int), index=mentions.entries, name="n")


def _find_undecided(mentions: Mentions, every: pd.DataFrame) -> pd.Series:
    """Mark the tenth of the sentences whose probability is nearest to the threshold of an entry measured."""
    scores = score_sentences(mentions)
    scores = scores[scores["entry"].isin(mentions.entries)]
    if scores.empty:
        raise ToolkitError(f"undecided: {mentions.codebook.id} is not scored. Required: a learned codebook. Learn one, or leave it out.")
    away = (scores["probability"] - scores["entry"].map({one.id: one.threshold for one in mentions.codebook.entries})).abs()
    nearest = every[KEYS].merge(scores.assign(away=away).groupby(KEYS)["away"].min().reset_index(), on=KEYS, how="left")["away"]
    return nearest.rank(method="first") <= len(every) / 10


def find_rarest(mentions: Mentions, keys: Sequence[str]) -> pd.DataFrame:
    """Find the rarest measured entry of each sentence, or article, that holds one: the keys, rarest."""
    hits = mentions.measured
    held = pd.concat([hits.loc[is_of(hits["entry"], [id]), keys].drop_duplicates().assign(rarest=id) for id in mentions.entries])
    often = held.groupby("rarest")["rarest"].transform("size")
    return held.assign(often=often).sort_values(["often", "rarest"]).drop_duplicates(keys)[[*keys, "rarest"]]


def share_out(sizes: Sequence[int], n: int) -> list[int]:
    """Divide a sample evenly over strata; what exceeds a small stratum goes to the others.

    Example:
        >>> share_out([2, 100, 100], 20)
        [2, 9, 9]
    """
    turns = sorted((turn, place) for place, size in enumerate(sizes) for turn in range(min(size, n)))  # one from each as long as it has any
    given = Counter(place for _, place in turns[:n])
    return [given[place] for place in range(len(sizes))]
