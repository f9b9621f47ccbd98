"""Grammatical parses of sentences by spaCy's small English model, kept on disk by content."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np

from toolkit.errors import ToolkitError
from toolkit.parsing import cache_folder

# The labels that our rules look at; any other is kept as "".
RELATIONS = (
    "",
    *"""ROOT acl acomp advcl advmod agent amod appos attr aux auxpass cc ccomp compound conj csubj dative dep det dobj expl mark meta neg nmod
    npadvmod nsubj nsubjpass nummod oprd parataxis pcomp pobj poss preconj predet prep prt punct quantmod relcl xcomp case""".split(),
)
TAGS = ("", *"CD DT EX IN JJ JJR JJS MD NN NNP NNPS NNS POS PRP PRP$ RB TO VB VBD VBG VBN VBP VBZ WDT WP WP$ WRB".split())
_RELATION, _TAG = ({label: place for place, label in enumerate(labels)} for labels in (RELATIONS, TAGS))
_BATCH = 256  # sentences the model works on at a time


@dataclass(frozen=True)
class Parse:
    """One sentence as a tree: per token where it stands in the sentence, its head, its relation to it, its part of speech."""

    starts: Sequence[int]
    ends: Sequence[int]
    heads: Sequence[int]
    relations: Sequence[str]
    tags: Sequence[str]

    @cached_property
    def children(self) -> Sequence[Sequence[int]]:
        """The tokens right below each token, in order."""
        below: list[list[int]] = [[] for _ in self.heads]
        for token, head in enumerate(self.heads):
            if head != token:
                below[head].append(token)
        return below

    def find_below(self, token: int) -> set[int]:
        """All tokens below a token, and itself."""
        found, open = {token}, [token]
        while open:
            below = self.children[open.pop()]
            found.update(below)
            open += below
        return found


def parse_sentences(sentences: Sequence[str], model: str) -> list[Parse]:
    """Parse sentences, each on its own: in whichever company it comes, a sentence has the same parse.

    Raises:
        ToolkitError: When the model is not installed.

    Source: Honnibal et al. 2020 (spaCy); the parser's own figures are in the model's documentation.
    """
    try:
        package = import_module(model)
    except ModuleNotFoundError as fault:
        raise ToolkitError(
            f"find_attributions: model={model!r} is not installed. Allowed: an installed spaCy model, or None. "
            f"Install framebook[model], or give model=None, which finds fewer indirect statements."
        ) from fault
    folder = cache_folder() / "parses"
    folder.mkdir(parents=True, exist_ok=True)
    recipe = f"{package.__version__} {RELATIONS} {TAGS}"
    keys = [hashlib.blake2b(f"{recipe}\0{sentence}".encode("utf8", "surrogatepass"), digest_size=16).digest() for sentence in sentences]
    with closing(sqlite3.connect(folder / f"{model}.sqlite", timeout=600)) as store:
        store.execute("CREATE TABLE IF NOT EXISTS parses (key BLOB PRIMARY KEY, tokens BLOB) WITHOUT ROWID")
        kept = {key: _find(store, key) for key in dict.fromkeys(keys)}
        missing = {key: sentence for key, sentence in zip(keys, sentences, strict=True) if kept[key] is None}
        for some in _cut(sorted(missing), 40 * _BATCH):  # a run that is broken off keeps what it has
            found = dict(zip(some, _run_model(package, [missing[key] for key in some]), strict=True))
            with store:
                store.executemany("INSERT OR IGNORE INTO parses VALUES (?, ?)", found.items())
            kept |= found
    return [_read(tokens) for key in keys if (tokens := kept[key]) is not None]


def _find(store: sqlite3.Connection, key: bytes) -> bytes | None:
    """Find a kept parse."""
    row = store.execute("SELECT tokens FROM parses WHERE key = ?", (key,)).fetchone()
    return None if row is None else row[0]


def _cut(keys: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    """Cut a list into pieces."""
    for first in range(0, len(keys), size):
        yield keys[first : first + size]


def _run_model(package: Any, sentences: Sequence[str]) -> Iterator[bytes]:
    """Run the tagger and the parser alone; one row of numbers per property of the tokens."""
    model = package.load(exclude=["ner", "lemmatizer", "attribute_ruler"])
    for doc in model.pipe(sentences, batch_size=_BATCH):
        rows = [(t.idx, t.idx + len(t), t.head.i, _RELATION.get(t.dep_, 0), _TAG.get(t.tag_, 0)) for t in doc]
        yield np.array(rows, dtype="<u4").reshape(-1, 5).T.tobytes()


def _read(tokens: bytes) -> Parse:
    """Read a kept parse."""
    starts, ends, heads, relations, tags = np.frombuffer(tokens, dtype="<u4").reshape(5, -1).tolist()
    return Parse(starts, ends, heads, [RELATIONS[place] for place in relations], [TAGS[place] for place in tags])
