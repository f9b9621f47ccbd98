"""The book made once more, from corpus and codebooks alone, and held to what is published; and two books compared."""

import csv
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from unittest.mock import patch

from toolkit.markup import write_count
from toolkit.parsing.outputs import open_aside
from toolkit.parsing.store import cache_folder
from toolkit.publishing.book import build_book
from toolkit.publishing.inputs import find_provenance, read_manifest
from toolkit.publishing.setting import BUILT


def recount_book(root: Path, *, jobs: int | None = None) -> list[str]:
    """Make every published number again and compare: in another folder, without the cache, earlier runs or anything that was built.

    Args:
        root: The project.
        jobs: Notebooks run at once; one per core if not given.

    Returns:
        What differs from the published book, a sentence each: numbers that moved, with both values, and files that are other ones. Empty if
        every byte is the same.

    Raises:
        BuildError: When nothing was built yet.
        PlanError: When the plan has faults.
    """
    book = root / "book"
    made_with = read_manifest(book)["made_with"]
    then, now = asdict(made_with), asdict(find_provenance(root))
    parts = {name: name.partition("_")[0] for name in ("toolkit_sha256", "lock", "python") if then[name] != now[name]}
    said = [f"made with another {part}: {then[name]}, here {now[name]}." for name, part in parts.items()]
    fetched = (cache_folder() / "corpora").resolve()
    with open_aside(Path(tempfile.gettempdir()), "framebook-again-") as scratch, patch.dict(os.environ, FRAMEBOOK_CACHE=f"{scratch}/cache"):
        cache_folder().mkdir()  # empty but for the corpora that were fetched, whose hash is checked when they are read
        (cache_folder() / "corpora").symlink_to(fetched)
        (copy := scratch / "project").mkdir()
        for path in root.resolve().iterdir():
            if path.name != "book":
                (copy / path.name).symlink_to(path)
        shutil.copytree(book, copy / "book", ignore=lambda folder, names: [*BUILT] if Path(folder) == book else [])
        said += build_book(copy, jobs=jobs, provenance=made_with).failed
        return said + [fault for name in ("pages", "_build/html", "manifest.json") for fault in _compare(book, copy / "book", name)]


def compare_books(old: Path, new: Path) -> list[str]:
    """Say which numbers moved between two builds of a book, page by page, and what else did: data, codebook, parameter or code.

    Args:
        old: The folder `book/` of one, as its build left it.
        new: That of the other.

    Returns:
        For each page with numbers that moved: what else changed, then each table with the first row that moved. Empty if none moved.

    Raises:
        BuildError: When one of them was not built.
    """
    manifests = [read_manifest(book) for book in (old, new)]
    made = [asdict(manifest["made_with"]) for manifest in manifests]
    pages = [{page["slug"]: page for page in manifest["pages"]} for manifest in manifests]
    code = [name for key, name in (("toolkit_sha256", "code"), ("lock", "packages"), ("python", "Python")) if made[0][key] != made[1][key]]
    said = list[str]()
    for slug in sorted({*pages[0], *pages[1]}):
        then, now = (one.get(slug, {"notebook": "", "parameters": {}, "sources": []}) for one in pages)
        causes = [name for name in ("notebook", "parameters") if then[name] != now[name]]
        sources = [one for one in then["sources"] + now["sources"] if (one in then["sources"]) != (one in now["sources"])]
        causes += sorted({f"{one['kind']} {one['name']}" for one in sources})
        moved = [f"  {line}" for line in _compare(old, new, f"pages/data/{slug}") if ".csv: " in line]
        said += [f"{slug}: {', '.join([*causes, *code]) or 'nothing that is known of'} changed", *moved] if moved else []
    return said


def _compare(published: Path, again: Path, name: str) -> Iterator[str]:
    """Say what differs below a path of two books."""
    places = {path.relative_to(book) for book in (published, again) for path in (book / name, *(book / name).rglob("*")) if path.is_file()}
    for place in sorted(places):
        both = (published / place, again / place)
        if not all(path.is_file() for path in both):
            yield f"book/{place}: {'published, but not made again' if both[0].is_file() else 'made again, but not published'}."
        elif both[0].read_bytes() != both[1].read_bytes():
            yield f"book/{place}: {_say_rows(*both) if place.suffix == '.csv' else 'is another when it is made again'}."


def _say_rows(published: Path, again: Path) -> str:
    """Say how many rows of a table moved, and the first of them."""
    tables = [list(csv.reader(path.read_text("utf8", "replace").splitlines())) for path in (published, again)]
    moved = [(one, other) for one, other in zip_longest(*tables, fillvalue=[]) if one != other]
    if not moved:
        return "bytes"
    return f"{write_count(len(moved), 'row')} moved; the first was {', '.join(moved[0][0])}, and is {', '.join(moved[0][1])}"
