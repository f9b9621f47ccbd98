"""Pages set as HTML by Jupyter Book: not at all, only the pages that changed, or from nothing."""

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from toolkit.errors import BuildError
from toolkit.publishing.documents import ANSI, Cell, read_notebook
from toolkit.publishing.inputs import hash_files, hash_json
from toolkit.publishing.kernels import QUICK, open_process

_HEADING = re.compile(r"^(?:#|\().*", re.MULTILINE)  # a heading, or the label before it
BUILT = ("_build", "pages", "_toc.yml", "manifest.json")
_SET = f"{QUICK}\nfrom jupyter_book.cli.main import main\nmain()"


def set_pages(book: Path, before: Mapping[str, tuple[int, int]], *, anew: bool) -> list[str]:
    """Set the pages, from nothing or only those that changed.

    Args:
        book: The folder of the book.
        before: What `stat_files` said of its pages when they were set last.
        anew: From nothing.

    Returns:
        Jupyter Book's warnings: faults of the book.
    """
    build = book / "_build"
    for old in ("html", ".doctrees", "jupyter_execute") if anew else ():
        shutil.rmtree(build / old, ignore_errors=True)
    for name in ["index", *dict(stat_files(book, (book / "pages").rglob("*")).items() - before.items())]:  # that includes one of them
        (build / ".doctrees" / name).with_suffix(".doctree").unlink(missing_ok=True)  # Sphinx goes by the clock, which may be set back
    options = ("build", str(book), "-W", "-n", "--keep-going")
    with (build / "sphinx.log").open("wb") as log, open_process(_SET, *options, stdout=log, stderr=subprocess.STDOUT) as setter:
        setter.wait()
    lines = [ANSI.sub("", line).strip() for line in (build / "sphinx.log").read_text("utf8", "replace").splitlines()]
    if not (build / "html" / "index.html").is_file():
        raise BuildError(f"{book}: Jupyter Book made no book:\n" + "\n".join(lines[-20:]))
    faults = [line.replace(f"{book.resolve()}/", "book/") for line in lines if re.search("WARNING:|ERROR:|CRITICAL:", line)]
    return faults or (["Jupyter Book ended with a fault; see book/_build/sphinx.log."] if setter.returncode else [])


def hash_written(book: Path, *left_out: str) -> str:
    """Hash what people write of a book, and with which packages it is set."""
    packages = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    return hash_json([hash_files(book, list_written(book, *left_out)), packages, sys.version])


def list_written(book: Path, *left_out: str) -> list[Path]:
    """List the files of a book that people write."""
    tops = [path for path in book.iterdir() if path.name not in (*BUILT, *left_out)]
    return [path for top in tops for path in (top, *top.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


def hash_structure(book: Path) -> str:
    """Hash what a page can change on other pages: headings, names of figures, generated prose but the front page's finding.

    Sphinx does not see that a title in the table of contents is on every page (sphinx-external-toc 50, jupyter-book 1801).
    """
    generated = [*(path for path in (book / "pages").glob("*.md") if path.name != "front.md"), *(book / "pages" / "_static").glob("*")]
    named = {path.name: [_find_names(cell) for cell in read_notebook(path)["cells"][:-1]] for path in (book / "pages").glob("*.ipynb")}
    return hash_json([hash_written(book, "plan.yml"), hash_files(book, [*generated, book / "_toc.yml"]), named])


def _find_names(cell: Cell) -> Any:
    """Find what of a cell other pages may point to: the name of its figure, or its headings and labels."""
    is_code = cell["cell_type"] == "code"
    return cell["metadata"].get("mystnb", {}).get("figure", {}).get("name") if is_code else _HEADING.findall(cell["source"])


def list_built(book: Path) -> str:
    """Hash the names, sizes and times of what was built: whether anybody touched it since."""
    files = [path for name in ("pages", "_build/html") for path in (book / name).rglob("*")]
    return hash_json(stat_files(book, [*files, book / "_toc.yml", book / "manifest.json"]))


def stat_files(folder: Path, files: Iterable[Path]) -> dict[str, tuple[int, int]]:
    """Size and time of files, by name from a folder; of those that are there, and are no folders."""
    return {str(path.relative_to(folder)): ((stat := path.stat()).st_size, stat.st_mtime_ns) for path in files if path.is_file()}
