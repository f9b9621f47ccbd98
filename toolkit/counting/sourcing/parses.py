"""Grammatical parses of sentences by spaCy's small English model, kept on disk by content."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from toolkit.errors import ToolkitError
from toolkit.parsing import cache_folder

_BATCH = 256  # sentences the model works on at a time
_KEPT = 10_000  # sentences after which they are written down: a run that is broken off keeps what it has


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

    def find_below(self, *tokens: int) -> set[int]:
        """All tokens below some tokens, and these."""
        found = list(tokens)
        for token in found:  # grows while it is walked
            found += self.children[token]
        return set(found)


def parse_sentences(sentences: Sequence[str], model: str) -> list[Parse]:
    """Parse sentences, each on its own: in whichever company it comes, a sentence has the same parse (a test looks).

    Args:
        sentences: Their texts.
        model: Name of an installed package with a spaCy model; tagger and parser alone are run.

    Returns:
        One parse per sentence.

    Raises:
        ToolkitError: When the model is not installed.

    Source: Honnibal et al. 2020 (spaCy); the model's documentation gives the parser's own figures.
    """
    try:
        edition = version(model)
    except PackageNotFoundError as fault:
        raise ToolkitError(
            f"model={model!r}: not installed. Allowed: the package of a spaCy model, or None. "
            "Install framebook[model], or give model=None, which finds fewer indirect statements."
        ) from fault
    folder = cache_folder() / "parses"
    folder.mkdir(parents=True, exist_ok=True)
    keys = [hashlib.sha256(f"{edition}\0{text}".encode("utf8", "surrogatepass")).digest()[:16] for text in sentences]
    with closing(sqlite3.connect(folder / f"{model}.sqlite", timeout=600)) as store:
        store.execute("CREATE TABLE IF NOT EXISTS parses (key BLOB PRIMARY KEY, tokens BLOB) WITHOUT ROWID")
        find = "SELECT tokens FROM parses WHERE key = ?"
        kept = {key: row[0] for key in dict.fromkeys(keys) for row in store.execute(find, (key,))}
        missing = {key: text for key, text in zip(keys, sentences, strict=True) if key not in kept}
        nlp = import_module(model).load(exclude=["ner", "lemmatizer", "attribute_ruler"]) if missing else None
        while nlp is not None and missing:
            some = {key: missing.pop(key) for key in list(missing)[:_KEPT]}
            for key, doc in zip(some, nlp.pipe(some.values(), batch_size=_BATCH), strict=True):
                columns = zip(*((t.idx, t.idx + len(t), t.head.i, t.dep_, t.tag_) for t in doc), strict=True)
                kept[key] = zlib.compress(json.dumps(list(columns)).encode(), 1)
            with store:
                store.executemany("INSERT OR IGNORE INTO parses VALUES (?, ?)", ((key, kept[key]) for key in some))
    return [Parse(*(json.loads(zlib.decompress(kept[key])) or [[]] * 5)) for key in keys]
