"""Labels of a toy corpus, that can be counted by finger."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.counting.world import make_book, make_entry, make_world
from tests.showing.toy import make_news
from toolkit.coding import Labels
from toolkit.parsing import Corpus
from toolkit.parsing.corpus import is_searched
from toolkit.tables import make_table

ANSWERS = {"y": "yes", "n": "no", "u": "unsure"}
BOOK = make_book(make_entry("war", ["shelled"]), make_entry("peace", ["peace"]), id="toy-frames")


def make_corpus(n: int, **fields: object) -> Corpus:
    """A corpus of n sentences, two to an article; each is another."""
    pieces = {f"art{at:03}": [("body", f"Sentence {2 * at + turn} is told.") for turn in range(2)] for at in range((n + 1) // 2)}
    articles, spans = make_world(pieces)
    return make_news(articles=articles, spans=spans, kept=is_searched(spans), **fields)


def make_sample(n: int, entries: tuple[str, ...] = ("war",), *, corpus: Corpus | None = None) -> Labels:
    """Labels with n sentences drawn, and nothing coded."""
    corpus = corpus or make_corpus(n)
    drawn = corpus.searched.head(n)[["article_id", "sentence", "start", "end"]]
    columns = {name: drawn[name].array for name in drawn} | {
        "stratum": ["x.com: war", "x.com: no mention"] * n,
        "probability": np.full(n, 1 / 3),
    }
    return Labels(make_table("Sample", columns | {"stratum": columns["stratum"][:n]}), make_table("Labels"), corpus, BOOK, entries)


def make_labels(said: Mapping[str, str], entry: str = "war", *, notes: Mapping[str, str] | None = None) -> Labels:
    """Labels of coders by their answers in a row: y, n, u, or - for none."""
    from dataclasses import replace

    labels = make_sample(max(map(len, said.values())), (entry,))
    keys = list(labels.sample[["article_id", "sentence"]].itertuples(index=False, name=None))
    rows = [
        (*key, entry, coder, ANSWERS[answer], (notes or {}).get(coder, ""))
        for coder, answers in said.items()
        for key, answer in zip(keys, answers, strict=False)
        if answer != "-"
    ]
    columns = make_table("Labels").columns
    return replace(labels, rows=make_table("Labels", dict(zip(columns, zip(*rows, strict=True), strict=True))))
