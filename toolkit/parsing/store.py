"""Tables that are made once and kept in the user's cache, by the content and the code that they were made from."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.markup import write_slug
from toolkit.parsing.outputs import open_aside

if TYPE_CHECKING:
    import pandas as pd

_TOOLKIT = Path(__file__).parents[1]
_MOST_KEPT = 8  # tables of one name: each edit of the code leaves one behind


def cache_folder() -> Path:
    """The folder for what was fetched and made: $FRAMEBOOK_CACHE, else the usual cache folder of the user."""
    from platformdirs import user_cache_path

    return Path(os.environ.get("FRAMEBOOK_CACHE") or user_cache_path("framebook"))


@cache
def hash_rooms(*rooms: str) -> str:
    """Hash the code and data of rooms of the toolkit: what they make is made again after an edit, and only then.

    Args:
        *rooms: Modules or folders of the toolkit, such as `parsing` or `counting/sourcing`.

    Returns:
        SHA-256 in hexadecimal, over the names and bytes of their files and of the schemas of tables.
    """
    files = {_TOOLKIT / "data" / "tables.yml"}
    for room in rooms:
        found = (_TOOLKIT / room).rglob("*") if (_TOOLKIT / room).is_dir() else [_TOOLKIT / f"{room}.py"]
        files |= {file for file in found if file.suffix == ".py" or (file.parent.name == "data" and file.is_file())}
    listed = [f"{file.relative_to(_TOOLKIT).as_posix()}\t{hash_file(file)}" for file in sorted(files)]
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def find_kept(name: str, key: Sequence[object], make: Callable[[], Mapping[str, pd.DataFrame]]) -> Mapping[str, pd.DataFrame]:
    """Read tables from the cache, or make them and keep them. One process makes, others wait for it and then read.

    Args:
        name: What they are, in words: `news-2017 mentions actors`.
        key: All that they depend on.
        make: Makes them. If it is interrupted or killed, nothing is kept.

    Returns:
        The tables by name.
    """
    import pandas as pd

    folder = _find_folder(name, key)
    if not folder.is_dir():
        with _locking(folder):
            if not folder.is_dir():
                made = make()
                _write_kept(folder, made)
                return made
    return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


def is_kept(name: str, key: Sequence[object]) -> bool:
    """Whether tables are in the cache."""
    return _find_folder(name, key).is_dir()


def list_kept() -> pd.DataFrame:
    """List what is in the cache.

    Returns:
        One row per thing kept: `name`, `path` in the cache folder, `n_bytes`, `used` (when it was written); the largest first.
    """
    import pandas as pd

    folder = cache_folder()
    found = [path for part in ("corpora", "tables", "kept") for path in sorted((folder / part).glob("*")) if path.suffix != ".lock"]
    rows = []
    for path in found:
        files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
        size, name = sum(file.stat().st_size for file in files), path.stem.rpartition("-")[0] or path.stem
        rows.append((name, path.relative_to(folder).as_posix(), size, pd.Timestamp(path.stat().st_mtime, unit="s").floor("s")))
    listed = pd.DataFrame(rows, columns=["name", "path", "n_bytes", "used"]).sort_values("n_bytes", ascending=False, ignore_index=True)
    return listed.replace({"name": "-part-.*"}, " (parts)", regex=True)


def clear_kept(*, corpora: bool = False) -> int:
    """Remove what was made, and with `corpora` what was fetched as well.

    Returns:
        Bytes freed.
    """
    listed = list_kept()
    gone = listed[corpora | ~listed["path"].str.startswith("corpora")]
    for target in map(cache_folder().joinpath, gone["path"]):
        shutil.rmtree(target, ignore_errors=True) if target.is_dir() else target.unlink(missing_ok=True)
    return int(gone["n_bytes"].sum())


def _find_folder(name: str, key: Sequence[object]) -> Path:
    """The folder of tables in the cache."""
    hashed = hashlib.sha256(repr([str(part) for part in key]).encode("utf8", "surrogatepass")).hexdigest()
    return cache_folder() / "tables" / f"{write_slug(name)}-{hashed[:16]}"


@contextmanager
def _locking(folder: Path) -> Iterator[None]:
    """One maker for a key; the system frees the lock of a maker that dies."""
    from filelock import FileLock, Timeout

    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_name(f"{folder.name}.lock"))
    try:
        held = lock.acquire(timeout=2)
    except Timeout:
        print(f"Waiting for another process that is making {folder.name.rpartition('-')[0]} …", file=sys.stderr)
        held = lock.acquire()
    with held:
        yield


def _write_kept(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables into the cache, all or none, and forget the oldest of the same name."""
    with open_aside(folder.parent) as made:
        for name, table in tables.items():
            table.to_parquet(made / f"{name}.parquet", index=False)
        made.replace(folder)
    name = folder.name.rpartition("-")[0]
    alike = [path for path in folder.parent.glob(f"{name}-*") if path.is_dir() and path.name.rpartition("-")[0] == name]
    with suppress(FileNotFoundError):  # another process is forgetting them
        for old in sorted(alike, key=lambda path: path.stat().st_mtime)[:-_MOST_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
