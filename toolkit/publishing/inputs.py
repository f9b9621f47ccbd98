"""What a run depends on, as one key; what several pages share; and the facts of the run record: versions, commit, hashes."""

import ast
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import toolkit
from toolkit import parsing
from toolkit.codebooks import list_codebooks
from toolkit.errors import BuildError, CorpusError
from toolkit.parsing.fetch import is_remote
from toolkit.parsing.store import hash_file, hash_rooms
from toolkit.publishing.documents import Notebook, find_tags
from toolkit.tables import read_data

_READERS, _TRACKED, _NOT_RUN = read_data("lists", "publishing")["inputs"].values()


@dataclass(frozen=True)
class Provenance:
    """Where a book comes from: version, commit and files changed since, Python, hashes of the code and of the lock file.

    `rooms_sha256` leaves out the code that no page's notebook runs.
    """

    version: str
    commit: str
    changed: tuple[str, ...]
    python: str
    toolkit_sha256: str
    rooms_sha256: str
    lock: str = "none"

    def say_commit(self, notebook: str) -> str:
        """Say which commit a notebook's page is made from, and whether that notebook or the code was changed since.

        Example:
            >>> Provenance("", "1f0c", ("notebooks/actors.ipynb",), "", "", "", "").say_commit("corpus")
            '1f0c'
        """
        own = [path for path in self.changed if "notebooks/" not in path or path.endswith(f"notebooks/{notebook}.ipynb")]
        return f"{self.commit}, with changes not committed" if own else self.commit


def find_provenance(root: Path) -> Provenance:
    """Find out which code, in which state, builds the book.

    Args:
        root: The project; its git commit is named, and which of its files were changed since.
    """
    code = Path(toolkit.__file__).parent
    rooms = [path.stem for path in code.iterdir() if path.suffix in ("", ".py") and path.stem not in _NOT_RUN]
    locks = [f"SHA-256 {hash_file(path)}" for path in (root / "requirements.lock", code.parent / "requirements.lock") if path.is_file()]
    commit = _ask_git(root, "rev-parse", "HEAD") or "not a git checkout"
    said = _ask_git(root, "status", "--porcelain", "--untracked-files=all", "--", *(name for name in _TRACKED if (root / name).exists()))
    changed = tuple(line[2:].strip() for line in (said or "").splitlines())
    return Provenance(toolkit.__version__, commit, changed, platform.python_version(), hash_rooms("."), hash_rooms(*rooms), *locks[:1])


def read_manifest(book: Path) -> dict[str, Any]:
    """Read the manifest that a build leaves in the folder of the book: `made_with`, and what each of its `pages` was made from.

    Raises:
        BuildError: When nothing was built yet, or the file is damaged.

    Example:
        >>> read_manifest(Path("none"))
        Traceback (most recent call last):
        ...
        toolkit.errors.BuildError: none/manifest.json: no built book. Run framebook book build.
    """
    path = book / "manifest.json"
    try:
        manifest = json.loads(path.read_bytes())
        pages = [page | {name: str(page[name]) for name in ("slug", "status", "reason")} for page in manifest["pages"]]
        return {"made_with": Provenance(**manifest["made_with"]), "pages": pages}
    except FileNotFoundError as fault:
        raise BuildError(f"{path}: no built book. Run framebook book build.") from fault
    except (ValueError, TypeError, KeyError, RecursionError) as fault:
        raise BuildError(f"{path}: not what a build writes. Make it again: framebook book build.") from fault


def find_reads(notebook: Notebook, parameters: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Find which corpora and codebooks a notebook reads: what its cells give, as a text or a parameter, to `read_corpus` and its like.

    Returns:
        Pairs of kind ("corpus", "codebook" or "labels") and the name or path, in the order of the cells, each once.

    Example:
        >>> cell = {"cell_type": "code", "source": 'news = read_corpus(corpus); find_mentions(news, "actors")'}
        >>> find_reads({"cells": [cell]}, {"corpus": "news-2017"})
        (('corpus', 'news-2017'), ('codebook', 'actors'))
    """
    found: dict[tuple[str, str], None] = {}
    for name, arguments in _list_calls(notebook):
        kind, place = _READERS.get(name, ("", 0))
        match arguments[place : place + 1] if kind else []:
            case [ast.Constant(value=str() as given)]:
                found[kind, given] = None
            case [ast.Name(id=name)]:
                found[kind, str(parameters.get(name, ""))] = None
    return tuple(pair for pair in found if pair[1])


def find_needs(pages: Iterable[tuple[Notebook, Mapping[str, object], Path]]) -> dict[str, tuple[list[str], bool]]:
    """Find what pages make of corpora before they count: it may be made once, for all of them.

    Args:
        pages: Notebook, parameters and folder of each page.

    Returns:
        By corpus: the codebooks that are searched in it, and whether any page looks for attributions.
    """
    shared = dict[str, tuple[list[str], bool]]()
    for notebook, parameters, folder in pages:
        reads = [(kind, find_place(kind, given, folder)) for kind, given in find_reads(notebook, parameters)]
        speech = any(name == "find_attributions" for name, _ in _list_calls(notebook))
        for corpus in [place for kind, place in reads if kind == "corpus"]:
            codebooks, spoken = shared.get(corpus, ([], False))
            shared[corpus] = (list(dict.fromkeys([*codebooks, *(place for kind, place in reads if kind == "codebook")])), spoken or speech)
    return shared


def find_place(kind: str, given: str, folder: Path) -> str:
    """Resolve what a notebook gives for a corpus or codebook as reading does: a known name, else a path from the notebook's folder."""
    known = {"corpus": parsing.list_corpora, "codebook": list_codebooks}.get(kind, list)()
    return given if given in known or is_remote(given) else str((folder / given).resolve())


def find_key(notebook: Notebook, parameters: Mapping[str, object], folder: Path, provenance: Provenance) -> str:
    """Make the key of a run: it changes if, and only if, something changes that the outputs may depend on.

    Bundled corpora and codebooks are part of the code's hash (a fetched corpus is pinned there by its SHA-256); others are hashed.

    Args:
        notebook: The notebook as it is in git.
        parameters: Every parameter with its value.
        folder: The folder it runs in, where relative paths start.
        provenance: Code, lock and Python.

    Returns:
        40 hexadecimal digits.
    """
    places = [(find_place(kind, given, folder), given) for kind, given in find_reads(notebook, parameters)]
    cells = [[cell["cell_type"], cell["source"], sorted(find_tags(cell))] for cell in notebook["cells"]]
    contents = list[str]()
    for place in [place for place, given in places if place != given or is_remote(place)]:
        with suppress(CorpusError, OSError):  # its page says that it is gone
            contents.append(parsing.hash_source(place))
    return hash_json([cells, dict(parameters), contents, [provenance.rooms_sha256, provenance.lock, provenance.python]])[:40]


def hash_json(value: object) -> str:
    """Hash a value by its JSON."""
    return sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def hash_files(folder: Path, files: Iterable[Path]) -> str:
    """Hash files by their name in the folder and their bytes; their order does not matter."""
    return hash_json(sorted((path.relative_to(folder).as_posix(), hash_file(path)) for path in files))


def _list_calls(notebook: Notebook) -> list[tuple[str, list[ast.expr]]]:
    """Calls of plain names in the cells, with their positional arguments, in the order of the source."""
    return [call for cell in notebook["cells"] if cell["cell_type"] == "code" for call in _parse_calls(cell["source"])]


@cache
def _parse_calls(source: str) -> list[tuple[str, list[ast.expr]]]:
    """Calls in a cell; none if it is no plain Python."""
    nodes: list[ast.Call] = []
    with suppress(SyntaxError):
        nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    nodes.sort(key=lambda node: (node.lineno, node.col_offset))
    return [(node.func.id, node.args) for node in nodes if isinstance(node.func, ast.Name)]


def _ask_git(root: Path, *words: str) -> str | None:
    """What git says of the checkout that `root` is in; None without one."""
    with suppress(OSError, subprocess.CalledProcessError):
        return subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=True).stdout.rstrip()
    return None
