"""Learn a scored codebook from coded sentences: which patterns, or which parts of a sentence vector, are evidence for an entry."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from toolkit.codebooks import Codebook, Entry, Pattern
from toolkit.coding.records import KEYS, Labels
from toolkit.counting.matching import match_articles
from toolkit.counting.mentions import is_of, list_above
from toolkit.counting.vectors import find_vectors, open_model
from toolkit.errors import ToolkitError, name_choices
from toolkit.learning.fitting import Coded, fit_weights, measure_learners
from toolkit.markup import name_ids, write_block, write_count, write_facts, write_frame
from toolkit.parsing.corpus import cut_texts
from toolkit.parsing.words import WORD, fold
from toolkit.tables import check_record, make_table

WAYS = ("words", "vectors")
# Articles with a yes, and with a no, without which nothing is learned: each of five folds then has two
LEAST = 10
# Letters of a word that make a pattern with a star: on BABE one such beginning is worth as much as four, and ends of words nothing
_START = 5
# How much more easily the weight that hand-made patterns share is moved: it stands for hundreds, and a person thought of each
_SHARED = 5.0


@dataclass(frozen=True, eq=False, repr=False)
class Learned:
    """A scored codebook, and how well it tells sentences that it did not learn from.

    Attributes:
        codebook: The codebook: `find_mentions` takes it as any other, `write_codebook` writes it.
        accuracy: Table Accuracies: one row per entry and learner, on the same folds; no article is in two.
        curve: Table Curve: macro F1 by the number of sentences learned from; the last row of an entry is expected of 100 more.
        calibration: Table Calibration: in bins of the predicted probability, the share that coders said yes to.
        labels: What it was learned from.
        refused: By entry, why it was not learned.
    """

    codebook: Codebook
    accuracy: pd.DataFrame
    curve: pd.DataFrame
    calibration: pd.DataFrame
    labels: Labels
    refused: Mapping[str, str]

    def __repr__(self) -> str:
        """One line: what was learned, how well, and what was refused."""
        f1 = self.accuracy.pivot(index="entry", columns="learner", values="macro_f1")[["learned", "hand-made"]]
        told = [f"{self.codebook.labels[str(entry)]} {learned:.2f} ({hand:.2f})" for entry, learned, hand in f1.itertuples()]
        refused = f"; not learned: {', '.join(self.refused)}" if self.refused else ""
        return f"Learned: {self.codebook.id}, {write_count(len(told), 'entry')}; macro F1 (hand-made): {', '.join(told)}{refused}"

    def _repr_html_(self) -> str:
        """What was learned, its accuracy, curve and calibration."""
        tables = {"Accuracy": self.accuracy, "What more sentences bring": self.curve, "Predicted and coded": self.calibration}
        shown = [write_frame(name_ids(table, {"entry": self.codebook.labels}), title) for title, table in tables.items()]
        facts = {"Codebook": repr(self.codebook), "From": repr(self.labels), **self.refused}
        return write_facts(facts, "Learned") + write_block("".join(shown))


def learn_codebook(
    labels: Labels, *, by: str = "words", patterns: Codebook | None = None, most: int = 300, weighted: bool = False
) -> Learned:
    """Learn a scored codebook from coded sentences.

    By words, the predictors are patterns in the sentence: words, pairs of words, beginnings of words, and the hand-made patterns of the
    entry, which share one weight in addition to their own. Every weight can therefore be inspected, checked in its sentences, and deleted.
    By vectors, the predictors are the hand-made patterns and the sentence vector: more accurate, but not open to inspection.

    The threshold is chosen so that as many sentences count as were coded yes, by cross-validated probabilities.

    Args:
        labels: Coded sentences; their codebook is the hand-made one.
        by: `words` or `vectors`.
        patterns: Use only these patterns: a learned codebook that a person has edited. If they were chosen on the same labels, the accuracy
            is overestimated.
        most: Maximum number of patterns with their own weight in an entry; the table of accuracy shows the cost of this limit.
        weighted: Whether sentences are weighted by 1/probability. Off by default: probabilities depend on what the machine found, which is
            a predictor, so the model needs no weights (Solon, Haider & Wooldridge 2015). Set it if strata were drawn in another way.

    Returns:
        The codebook, its accuracy on held-out sentences, its learning curve and its calibration.

    Raises:
        ToolkitError: When an argument is not allowed, or no entry has 10 articles with a yes and 10 with a no.

    Source: penalised logistic regression, C by cross-validation (Hastie, Tibshirani & Friedman 2009, 4.4 and 7.10), scikit-learn's; by
        words, the penalty of a pattern is lower the more it tells by itself (Wang & Manning 2012).

    Example:
        >>> from toolkit import read_corpus
        >>> learn_codebook(read_corpus("ukraine-korea"))
        Traceback (most recent call last):
        toolkit.errors.TableError: learn_codebook: got Corpus, expected Labels. Make one: labels = sample_sentences(mentions), and give
        it to learn_codebook in its place.
    """
    from threadpoolctl import threadpool_limits

    check_record(labels, Labels, "learn_codebook")
    if by not in WAYS or most < 1:
        raise ToolkitError(f"by={by!r}, most={most}: no such way to learn. {name_choices(by, WAYS)} And most from 1; 300 can be read.")
    settled, refused, learned = labels.settled, dict[str, str](), dict[str, tuple[Entry, Sequence[pd.DataFrame]]]()
    for id, coded in ((id, settled[settled["entry"] == id]) for id in labels.entries):
        n_yes, n_no = (coded.loc[coded["holds"] == holds, "article_id"].nunique() for holds in (True, False))
        if min(n_yes, n_no) >= LEAST:
            with threadpool_limits(1):  # small sums: threads would wait for each other, and add in another order
                learned[id] = _learn_entry(labels, coded, id, by=by, given=patterns, most=most, weighted=weighted)
        else:
            found = f"{labels.codebook.labels[id]}: {n_yes} articles with a yes, {n_no} with a no"
            refused[id] = f"{found}. Required: {LEAST} of each. Code more, or find more to code with a wider codebook."
    if not learned:
        raise ToolkitError("learn_codebook: " + " ".join(refused.values()))
    book, id, names = labels.codebook, f"{labels.codebook.id}-learned", ("Accuracies", "Curve", "Calibration")
    source = f"Learned by {by} from {len(labels.sample):,} sentences of {labels.corpus.name}, beside the patterns of {book.id}."
    told = ("frames" if book.kind == "actors" else book.kind, book.version, book.licence, source, "each")
    made = Codebook(id, *told, tuple(entry for entry, _ in learned.values()), "", f"{id}.yml", title=book.title, meaning=book.meaning)
    joined = (pd.concat(parts, ignore_index=True) for parts in zip(*(parts for _, parts in learned.values()), strict=True))
    accuracy, curve, calibration = (make_table(name, one[make_table(name).columns]) for name, one in zip(names, joined, strict=True))
    return Learned(made, accuracy, curve, calibration, labels, refused)


def _find_patterns(labels: Labels, id: str, texts: Sequence[str], given: Codebook | None) -> tuple[list[Pattern], Mapping[str, float]]:
    """List the patterns to weigh, hand-made ones first; and of those the sign: against the entry where they protect from it."""
    family = [entry for entry in labels.codebook.entries if id in list_above(entry.id)]
    signed = [(one, sign) for entry in family for sign, part in ((1.0, entry.patterns), (-1.0, entry.protects)) for one in part]
    hand, signs = {one.text: replace(one, via="pattern") for one, _ in signed}, {one.text: sign for one, sign in signed}
    if given is not None:
        return list({one.text: one for one in given.entry(id.replace("/", "-")).patterns}.values()), signs
    known = {*map(fold, hand)}
    return [*hand.values(), *(Pattern(text, "pattern", False, 0) for text in _list_candidates(texts) if text not in known)], signs


def _list_candidates(texts: Iterable[str]) -> list[str]:
    """List candidate patterns for an entry: words, pairs of words and beginnings of words that occur in at least two sentences.

    Example:
        >>> _list_candidates(["So ruthless!", "So ruthlessly.", "So ruthless."])
        ['ruthless', 'so', 'ruthl*', 'so ruthless']
    """
    met = Counter[str]()
    for text in texts:
        words = [word for word in WORD.findall(fold(text)) if any(map(str.isalnum, word))]
        met.update({*words, *map(" ".join, pairwise(words)), *(f"{word[:_START]}*" for word in words if len(word) > _START)})
    return sorted((text for text, n in met.items() if n > 1), key=lambda text: (" " in text, "*" in text, text))


def _learn_entry(
    labels: Labels, coded: pd.DataFrame, id: str, *, by: str, given: Codebook | None, most: int, weighted: bool
) -> tuple[Entry, Sequence[pd.DataFrame]]:
    """Learn one entry: a row per coded sentence; a column per pattern, the one that hand-made patterns share, then the vector's."""
    from scipy.sparse import csr_array, hstack

    corpus, book = labels.corpus, labels.codebook
    coded = coded.merge(corpus.searched, on=KEYS).sort_values(KEYS).sample(frac=1, random_state=corpus.seed, ignore_index=True)
    spans, index = coded[list(corpus.spans.columns)], pd.MultiIndex.from_frame(coded[KEYS])
    patterns, signs = _find_patterns(labels, id, cut_texts(corpus.articles, coded) if by == "words" else [], given)
    probe = Codebook("probe", "frames", "", "", "", "each", (Entry("probe", "", "", "", tuple(patterns), (), {}, (), "", 0),), "", "")
    found = match_articles(corpus.articles, spans, probe)[[*KEYS, "pattern"]].drop_duplicates()
    column = pd.Index([one.text for one in patterns]).get_indexer(found["pattern"])
    places = index.get_indexer(pd.MultiIndex.from_frame(found[KEYS])), column
    matrix = csr_array((np.ones(len(found)), places), shape=(len(coded), len(patterns)))
    sign = np.array([signs.get(one.text, 0.0) for one in patterns])
    own = [] if by == "vectors" else list(range(len(patterns))) if given else _list_different(matrix)
    vectors = find_vectors(corpus, spans) if by == "vectors" else np.empty((len(coded), 0))
    middle, scale = vectors.mean(0), np.maximum(vectors.std(0), 1e-6) * max(1, vectors.shape[1]) ** 0.5
    parts = [matrix[:, own], csr_array(_SHARED * (matrix @ sign)[:, None]), csr_array((vectors - middle) / scale)]
    hits = match_articles(corpus.articles, spans, book)
    n_hits = hits[is_of(hits["entry"], [id])].groupby(KEYS).size().reindex(index, fill_value=0).to_numpy(dtype=np.float64)
    weight = (1 / coded["probability"].fillna(1.0)).to_numpy() if weighted else np.ones(len(coded))
    features = hstack(parts, format="csr") if by == "words" else hstack(parts).toarray()
    numbers = Coded(features, coded["holds"].to_numpy(dtype=bool), weight, coded["article_id"].to_numpy(), len(own), corpus.seed)
    most = most if given is None else len(own)
    fit = fit_weights(numbers, most)
    weights = _SHARED * fit.weights[len(own)] * sign
    weights[own] += fit.weights[: len(own)]
    vector = np.round(fit.weights[len(own) + 1 :] / scale, 5)
    told = [replace(one, weight=round(float(w), 4), line=0) for one, w in zip(patterns, weights, strict=True) if round(w, 4)]
    told.sort(key=lambda one: (-(one.weight or 0), one.text))
    entry = Entry(id.replace("/", "-"), book.labels[id], book.entry(id).meaning, "", tuple(told), (), {}, (), "", 0, book.entry(id).source)
    entry = replace(entry, vector=tuple(vector.tolist()), model=open_model()[2] if by == "vectors" else "")
    entry = replace(entry, intercept=round(float(fit.intercept - middle @ vector), 4), threshold=round(fit.threshold, 4))
    return entry, [table.assign(entry=entry.id) for table in measure_learners(numbers, most, n_hits, fit.strength)]


def _list_different(matrix: Any) -> list[int]:
    """List the columns that are not empty and not the same as one before."""
    columns = matrix.tocsc().sorted_indices()  # words come first, so a word stays rather than two with it
    held = [columns.indices[start:end].tobytes() for start, end in pairwise(columns.indptr)]
    return sorted({key: at for at, key in reversed([*enumerate(held)]) if key}.values())
