"""A small corpus of coded sentences: whoever is cruel, vile or ruthless is written about in loaded words, mostly."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from toolkit import read_corpus
from toolkit.codebooks import Codebook, Entry, Pattern
from toolkit.coding import Labels
from toolkit.parsing import Corpus
from toolkit.tables import make_table

WHO = ("The minister", "A banker", "The union", "Our mayor", "The committee")
DID = ("met the press", "opened a school", "left the talks", "signed the budget")
LOADED = ("in a cruel way", "with vile words", "like a ruthless ruler", "as a ruthlessly led gang")
PLAIN = ("on Monday", "after lunch", "in the old town", "with two guests")


def make_coded(n: int = 120, *, noise: float = 0.1) -> tuple[Corpus, np.ndarray]:
    """A corpus of articles of two sentences, and what coders said of each first one; the second is never coded."""
    chance = np.random.default_rng(7)
    holds = chance.permutation(np.arange(n) % 2 == 0)
    kinds = itertools.product(WHO, DID)
    starts = [" ".join(one) for one, _ in zip(itertools.cycle(kinds), range(n), strict=False)]
    ends = [chance.choice(LOADED if hold != (chance.random() < noise) else PLAIN) for hold in holds]
    texts = [
        f"{start} {end}.\nThe weather stayed fine and nobody in town complained about it." for start, end in zip(starts, ends, strict=True)
    ]
    frame = pd.DataFrame(
        {"text": [f"{text} Number {at}." for at, text in enumerate(texts)], "outlet": [f"outlet {at % 3}" for at in range(n)]}
    )
    return read_corpus(frame, text="text", outlet="outlet"), holds


def make_labels(corpus: Corpus, holds: np.ndarray, *patterns: str, ids: tuple[str, ...] = ("loaded",)) -> Labels:
    """Labels of the first sentence of each article, in the order of the articles."""
    listed = tuple(Pattern(text, "pattern", False, 0) for text in patterns)
    entries = tuple(Entry(id, id.title(), "It judges.", "", listed, (), {}, (), "", 0) for id in ids)
    book = Codebook("words", "language", "1", "CC0-1.0", "ours", "key", entries, "", "words.yml")
    order = {id: at for at, id in enumerate(corpus.articles["article_id"])}
    spans = corpus.searched.drop_duplicates("article_id").sort_values("article_id", key=lambda ids: ids.map(order))
    told = {name: spans[name].array for name in ("article_id", "sentence", "start", "end")}
    sample = make_table("Sample", told | {"stratum": "all", "probability": 1.0})
    keys = {"article_id": spans["article_id"].array, "sentence": spans["sentence"].array, "coder": "a", "note": ""}
    rows = [pd.DataFrame(keys | {"entry": id, "label": np.where(holds, "yes", "no")}) for id in ids]
    joined = pd.concat(rows, ignore_index=True)
    return Labels(sample, make_table("Labels", {name: joined[name] for name in make_table("Labels").columns}), corpus, book, ids)
