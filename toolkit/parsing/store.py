"""Tables that are made once and kept in the user's cache, by the content and the code that they were made from."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.markup import write_slug
from toolkit.parsing.outputs import open_aside

if TYPE_CHECKING:
    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]

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


def find_kept(name: str, key: Sequence[object], make: Callable[[], Tables], wanted: Mapping[str, Sequence[str]] | None = None) -> Tables:
    """Read tables from the cache, or make them and keep them.

    Args:
        name: What they are, in words: `news-2017 mentions actors`.
        key: All that they depend on.
        make: Makes them. If it is interrupted or killed, nothing is kept.
        wanted: The rows to read, by column and its values; of a column without values, all.

    Returns:
        The tables by name.
    """
    import pandas as pd

    def write(folder: Path) -> None:
        for name, table in make().items():
            table.to_parquet(folder / f"{name}.parquet", index=False)

    limits = [(column, "in", list(values)) for column, values in (wanted or {}).items() if values]
    return {path.stem: pd.read_parquet(path, filters=limits or None) for path in sorted(keep_folder(name, key, write).glob("*.parquet"))}


def keep_folder(name: str, key: Sequence[object], make: Callable[[Path], object]) -> Path:
    """Find a folder of the cache, or make it, all or nothing, and forget the oldest of the same name.

    One process makes, others wait for it.

    Args:
        name: What is in it, in words.
        key: All that it depends on.
        make: Puts into an empty folder what is to be kept.

    Returns:
        The folder.
    """
    folder = _find_folder(name, key)
    if not folder.is_dir():
        with _locking(folder):
            if not folder.is_dir():
                with open_aside(folder.parent) as made:
                    make(made)
                    made.replace(folder)
                own = folder.name.rpartition("-")[0]
                alike = [path for path in folder.parent.glob(f"{own}-*") if path.is_dir() and path.name.rpartition("-")[0] == own]
                with suppress(FileNotFoundError):  # another process is forgetting them
                    for old in sorted(alike, key=lambda path: (path == folder, path.stat().st_mtime))[:-_MOST_KEPT]:  # clocks jump
                        shutil.rmtree(old, ignore_errors=True)
    return folder


def is_kept(name: str, key: Sequence[object]) -> bool:
    """Whether tables are in the cache."""
    return _find_folder(name, key).is_dir()


def resume_part(part: Any, work: Callable[[Any], Any], run: str) -> Any:  # Any: as `work` has it
    """Work on a part, or take what came of it before the run was stopped.

    Args:
        part: What `work` is called with; its content says which part it is.
        work: A function of a module, or a `partial` of one.
        run: The name of the run; results wait in the cache until `forget_parts`.

    Returns:
        What the function returned.
    """
    path = cache_folder() / "kept" / f"{run}-part-{hashlib.sha256(pickle.dumps(part)).hexdigest()}"
    with suppress(FileNotFoundError):
        return pickle.loads(path.read_bytes())  # written by us, where only the user writes
    made = work(part)
    with open_aside(path.parent) as aside:
        (aside / path.name).write_bytes(pickle.dumps(made))
        (aside / path.name).replace(path)
    return made


def forget_parts(run: str) -> None:
    """Remove the results of a run that wait in the cache."""
    for path in (cache_folder() / "kept").glob(f"{run}-part-*"):
        path.unlink(missing_ok=True)


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
    return listed.replace({"name": "-part(-.*)?$"}, " (parts)", regex=True)


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
