"""Keep on disk what takes long to find, by the content it was found in."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from toolkit.parsing import cache_folder

_AT_ONCE = 5000  # values written down together: a run that is broken off keeps what it has


def find_kept(name: str, keys: Sequence[str], work: Callable[[Sequence[int]], Iterable[object]]) -> list[Any]:
    """Find values by key, in the store of that name in the cache; work for those that are not there, once for each key.

    Args:
        name: Of the store, a file; two programs may use it at once.
        keys: All that a value depends on, as text.
        work: Gives the values, such as JSON can hold, for some places among the keys, in their order.

    Returns:
        One value per key.
    """
    (cache_folder() / "kept").mkdir(parents=True, exist_ok=True)
    hashes = [hashlib.sha256(key.encode("utf8", "surrogatepass")).digest()[:16] for key in keys]
    with closing(sqlite3.connect(cache_folder() / "kept" / f"{name}.sqlite", timeout=600)) as store:
        store.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        find = "SELECT value FROM kept WHERE key = ?"
        kept = {key: row[0] for key in dict.fromkeys(hashes) for row in store.execute(find, (key,))}
        missing = {key: place for place, key in enumerate(hashes) if key not in kept}
        made = zip(missing, work(list(missing.values())), strict=True) if missing else iter(())
        while some := {key: zlib.compress(json.dumps(value).encode(), 1) for key, value in islice(made, _AT_ONCE)}:
            with store:
                store.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?)", some.items())
            kept |= some
    return [json.loads(zlib.decompress(kept[key])) for key in hashes]
