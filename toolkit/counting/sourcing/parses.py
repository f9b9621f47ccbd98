"""Grammatical parses of sentences by spaCy's small English model, kept on disk by content."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from itertools import islice
from typing import Any

from toolkit.errors import ToolkitError
from toolkit.parsing import cache_folder

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
    keys = [hashlib.blake2b(f"{package.__version__}\0{sentence}".encode("utf8", "surrogatepass"), digest_size=16).digest() for sentence in sentences]
    with closing(sqlite3.connect(folder / f"{model}.sqlite", timeout=600)) as store:
        store.execute("CREATE TABLE IF NOT EXISTS parses (key BLOB PRIMARY KEY, tokens BLOB) WITHOUT ROWID")
        kept = {key: _find(store, key) for key in dict.fromkeys(keys)}
        missing = {key: sentence for key, sentence in zip(keys, sentences, strict=True) if kept[key] is None}
        found = zip(missing, _run_model(package, list(missing.values())), strict=True) if missing else iter(())
        while some := dict(islice(found, 40 * _BATCH)):  # a run that is broken off keeps what it has
            with store:
                store.executemany("INSERT OR IGNORE INTO parses VALUES (?, ?)", some.items())
            kept |= some
    return [Parse(*json.loads(zlib.decompress(tokens))) for key in keys if (tokens := kept[key]) is not None]


def _find(store: sqlite3.Connection, key: bytes) -> bytes | None:
    """Find a kept parse."""
    row = store.execute("SELECT tokens FROM parses WHERE key = ?", (key,)).fetchone()
    return None if row is None else row[0]


def _run_model(package: Any, sentences: Sequence[str]) -> Iterator[bytes]:
    """Run the tagger and the parser alone; keep of every sentence what a `Parse` holds, packed."""
    model = package.load(exclude=["ner", "lemmatizer", "attribute_ruler"])
    for doc in model.pipe(sentences, batch_size=_BATCH):
        rows = [[t.idx for t in doc], [t.idx + len(t) for t in doc], [t.head.i for t in doc], [t.dep_ for t in doc], [t.tag_ for t in doc]]
        yield zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 1)
