"""Files that are elsewhere: whatever `fsspec` reaches under an address such as s3://bucket/news.parquet."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from toolkit.errors import CorpusError, ToolkitError, name_choices
from toolkit.parsing.fetch import list_corpora
from toolkit.parsing.store import keep_folder


def is_remote(name: object) -> bool:
    """Whether a name is an address, and not that of a file here.

    Example:
        >>> is_remote("s3://bucket/news.parquet"), is_remote("news.parquet")
        (True, False)
    """
    return "://" in str(name)


def find_file(name: Path | str) -> Path:
    """Find a file or folder here; of one that is elsewhere, a copy in the cache, which is made again when that changes.

    Args:
        name: A path, or an address.

    Returns:
        The file or folder.

    Raises:
        CorpusError: When there is none; when what is needed to reach it is not installed; when it changes while it is copied.
        ConnectionError: When it cannot be reached.

    Example:
        >>> import fsspec
        >>> fsspec.filesystem("memory").pipe("/news/a.txt", b"It rains.")
        >>> find_file("memory://news/a.txt").read_text(), [path.name for path in find_file("memory://news").iterdir()]
        ('It rains.', ['a.txt'])
    """
    if not is_remote(name):
        if Path(name) == Path() or not Path(name).exists():
            choices = name_choices(str(name), list_corpora())
            raise CorpusError(f"No corpus or file '{Path(name)}'. {choices} A file or folder of any format works too.")
        return Path(name)
    with _reach(str(name)) as (files, place):
        found, own = _list_files(files, place), PurePosixPath(place.partition("?")[0]).name
        below = {key: PurePosixPath(key).relative_to(place) for key in found}
        if out := [key for key, path in below.items() if ".." in path.parts]:
            raise CorpusError(f"{name}: '{out[0]}' leads out of its folder. Rename it.")

        def make(folder: Path) -> None:
            files.get([*found], [str(folder / own / path) for path in below.values()])
            if _list_files(files, place) != found:
                raise CorpusError(f"{name}: it changed while it was copied. Run it again when nobody writes to it.")

        return keep_folder(f"{PurePosixPath(own).stem} copy", (name, found), make) / own


def stamp_file(path: Path | str) -> str:
    """Say in which state a file is: what is different after a change. Empty where there is none.

    Example:
        >>> stamp_file(Path("none"))
        ''
    """
    if isinstance(path, Path):
        return f"{(known := path.stat()).st_mtime_ns} {known.st_size}" if path.exists() else ""
    with _reach(path) as (files, place):
        return repr(_list_files(files, place))


@contextmanager
def open_file(path: Path | str) -> Iterator[Any]:
    """Open a file for pyarrow, which reads of one that is elsewhere only what it needs."""
    if isinstance(path, Path):
        yield path
    else:
        with _reach(path) as (files, place), files.open(place, cache_type="none") as stream:
            yield stream


@contextmanager
def _reach(address: str) -> Iterator[tuple[Any, str]]:
    """Open what holds an address, and say in a sentence what is in the way; its files, and the place among them."""
    try:
        from fsspec.core import url_to_fs

        files, place = url_to_fs(address.rstrip("/"))
    except (ImportError, ValueError) as fault:  # ValueError: no such protocol
        how = "pip install framebook[remote] for s3:// and https://, gcsfs for gs://, adlfs for abfs://"
        raise CorpusError(f"{address}: {fault}. Check the address, or install what is missing: {how}.") from fault
    try:
        files.invalidate_cache()  # of a listing that it made earlier
        yield files, place
    except FileNotFoundError as fault:
        raise CorpusError(f"{address}: there is no such file, folder or bucket. Check the address.") from fault
    except Exception as fault:  # each kind of store has faults of its own
        is_damage = (type(fault) is OSError and fault.errno is None) or isinstance(fault, ValueError)  # as pyarrow says it
        if is_damage or isinstance(fault, ToolkitError):
            raise
        raise ConnectionError(errno.EIO, f"it cannot be reached ({str(fault).rstrip('.')})", address) from fault


def _list_files(files: Any, place: str) -> dict[str, Any]:
    """List a file, or all below a folder, each with all that is said of it."""
    told = files.info(place)
    return dict(files.find(place, detail=True)) if told["type"] == "directory" else {place: told}
