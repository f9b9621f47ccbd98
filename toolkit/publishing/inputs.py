"""What a run depends on, as one key; and the run record's facts: versions, commit, hashes."""

from __future__ import annotations

import ast
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import toolkit
from toolkit.publishing.documents import Notebook, find_tags

_READERS = {"read_corpus": "corpus", "read_article": "corpus", "read_articles": "corpus", "read_codebook": "codebook"}
_TRACKED = ("notebooks", "book", "toolkit", "requirements.lock", "pyproject.toml")  # an edit of these can change a page


@dataclass(frozen=True)
class Provenance:
    """Where a book comes from: version, commit, Python, and the hashes of the toolkit's code and of the lock file."""

    version: str
    commit: str
    python: str
    toolkit_sha256: str
    lock: str


def find_provenance(root: Path) -> Provenance:
    """Find out which code, in which state, builds the book.

    Args:
        root: The project; its git commit is named, and whether its files were changed since.
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        installed = version("framebook")
    except PackageNotFoundError:
        installed = "not installed"
    code = Path(toolkit.__file__).parent
    files = [*code.rglob("*.py"), *(path for path in code.rglob("data/*") if path.is_file())]
    lock = next((path for path in (root / "requirements.lock", code.parent / "requirements.lock") if path.is_file()), None)
    locked = f"SHA-256 {sha256(lock.read_bytes()).hexdigest()}" if lock is not None else "none"
    return Provenance(installed, _find_commit(root), platform.python_version(), hash_files(code, files), locked)


def find_reads(notebook: Notebook, parameters: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Find which corpora and codebooks a notebook reads: what its cells give to `read_corpus`, `read_codebook` and their like.

    Returns:
        Pairs of kind ("corpus" or "codebook") and the name or path, in the order of the cells, each once.

    Example:
        >>> cell = {"cell_type": "code", "source": 'read_corpus(corpus); read_codebook("actors")'}
        >>> find_reads({"cells": [cell]}, {"corpus": "news-2017"})
        (('corpus', 'news-2017'), ('codebook', 'actors'))
    """
    calls = (node for cell in notebook["cells"] if cell["cell_type"] == "code" for node in _walk(cell["source"]))
    found: dict[tuple[str, str], None] = {}
    for node in calls:
        match node:
            case ast.Call(func=ast.Name(id=reader), args=[ast.Constant(value=str() as given), *_]) if reader in _READERS:
                found[_READERS[reader], given] = None
            case ast.Call(func=ast.Name(id=reader), args=[ast.Name(id=name), *_]) if reader in _READERS:
                found[_READERS[reader], str(parameters.get(name, ""))] = None
    return tuple(pair for pair in found if pair[1])


def find_key(notebook: Notebook, parameters: Mapping[str, object], folder: Path, provenance: Provenance) -> str:
    """Make the key of a run: it changes if, and only if, something changes that the outputs may depend on.

    Bundled corpora and codebooks are part of the toolkit's hash (a fetched corpus is pinned there by its SHA-256);
    a file or folder given as one is hashed itself.

    Args:
        notebook: The notebook as it is in git.
        parameters: Every parameter with its value.
        folder: The folder it runs in, where relative paths start.
        provenance: Code, lock and Python.

    Returns:
        40 hexadecimal digits.
    """
    paths = [folder / given for _, given in find_reads(notebook, parameters)]
    parts: list[Any] = [
        [[cell["cell_type"], cell["source"], sorted(find_tags(cell))] for cell in notebook["cells"]],
        dict(parameters),
        [hash_path(path) for path in paths if path.exists()],
        [provenance.toolkit_sha256, provenance.lock, provenance.python],
    ]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:40]


def hash_path(path: Path) -> str:
    """Hash a file, or a folder with all files in it."""
    if path.is_file():
        return sha256(path.read_bytes()).hexdigest()
    return hash_files(path, (inner for inner in path.rglob("*") if inner.is_file()))


def hash_files(folder: Path, files: Iterable[Path]) -> str:
    """Hash files by their name in the folder and their bytes; their order does not matter."""
    named = sorted((path.relative_to(folder).as_posix(), sha256(path.read_bytes()).hexdigest()) for path in files)
    return sha256(json.dumps(named).encode()).hexdigest()


@cache
def _walk(source: str) -> tuple[ast.AST, ...]:
    """Every node of a cell, in the order of the source; none if it is no plain Python."""
    try:
        return tuple(sorted(ast.walk(ast.parse(source)), key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))))
    except SyntaxError:
        return ()


def _find_commit(root: Path) -> str:
    """The commit of the checkout that `root` is in, and whether its files were changed since."""

    def ask(*words: str) -> str | None:
        try:
            return subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            return None

    commit = ask("rev-parse", "HEAD")
    if commit is None:
        return "not a git checkout"
    changed = ask("status", "--porcelain", "--", *(name for name in _TRACKED if (root / name).exists()))
    return f"{commit}, with changes not committed" if changed else commit
