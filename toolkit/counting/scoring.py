"""Scored entries: the probability that a sentence contains what an entry means, and which matches count."""

import numpy as np
import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.counting.vectors import find_vectors
from toolkit.parsing import Corpus
from toolkit.parsing.corpus import cut_texts
from toolkit.tables import make_table

_KEYS, _CELL = ["article_id", "sentence"], ["article_id", "sentence", "entry"]


def mark_scores(rows: pd.DataFrame, corpus: Corpus, codebook: Codebook) -> pd.DataFrame:
    """Leave out the matches of scored entries that do not count, and add the sentences that count by their vector.

    A match counts where its sentence reaches the threshold, its weight is above 0, and no match before that counts lies over its words.
    Where an entry weighs vectors, the sentence counts, not the words.
    """
    scored = {entry.id: entry for entry in codebook.entries if entry.intercept is not None}
    if not scored:
        return rows
    scores = score_rows(rows, corpus, codebook)
    reached = scores[scores["probability"] >= scores["entry"].map({id: entry.threshold for id, entry in scored.items()})]
    speak = [(id, one.text) for id, entry in scored.items() if not entry.vector for one in entry.patterns if (one.weight or 0) > 0]
    counts = pd.MultiIndex.from_frame(rows[["entry", "pattern"]]).isin(speak)
    counts &= pd.MultiIndex.from_frame(rows[_CELL]).isin(pd.MultiIndex.from_frame(reached[_CELL]))
    tops = rows["end"].where(counts, 0).groupby([rows["article_id"], rows["entry"]])
    counts &= rows["start"] >= tops.cummax().groupby([rows["article_id"], rows["entry"]]).shift(fill_value=0)
    rows = rows.assign(left_out=rows["left_out"].mask(rows["entry"].isin(list(scored)) & ~counts, "score"))
    spans = reached[reached["entry"].isin([id for id, entry in scored.items() if entry.vector])].merge(corpus.searched, on=_KEYS)
    told = dict.fromkeys(rows.columns, "") | {name: spans[name].array for name in (*_CELL, "start", "end")}
    told |= {"surface": cut_texts(corpus.articles, spans), "codebook": codebook.id, "pattern": "vector", "via": "vector"}
    every = pd.concat([rows, make_table("Mentions", told)], ignore_index=True)
    return every.sort_values(["article_id", "start", "end", "entry"], kind="stable", ignore_index=True)


def score_rows(rows: pd.DataFrame, corpus: Corpus, codebook: Codebook) -> pd.DataFrame:
    """Score the searched sentences by the matches in them and, where an entry weighs vectors, by their vectors."""
    index, tables = pd.MultiIndex.from_frame(corpus.searched[_KEYS]), [make_table("Scores")]
    for entry in [entry for entry in codebook.entries if entry.intercept is not None]:
        found = rows.loc[rows["entry"] == entry.id, [*_KEYS, "pattern"]].drop_duplicates()
        weights = found["pattern"].map({pattern.text: pattern.weight or 0.0 for pattern in entry.patterns}).fillna(0.0)
        score = entry.intercept + weights.groupby([found[key] for key in _KEYS]).sum().reindex(index, fill_value=0.0).to_numpy()
        if entry.vector:
            score = score + find_vectors(corpus, corpus.searched, entry.model) @ np.array(entry.vector)
        told = {key: corpus.searched[key].array for key in _KEYS} | {"entry": entry.id, "probability": 1 / (1 + np.exp(-score))}
        tables.append(make_table("Scores", told))
    return pd.concat(tables, ignore_index=True)
