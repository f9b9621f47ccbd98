"""The book on a loopback address, built again whenever something changes that it is made of."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from toolkit.errors import BuildError, PlanError, ToolkitError
from toolkit.publishing.book import build_book
from toolkit.publishing.documents import read_notebook
from toolkit.publishing.inputs import find_place, find_reads
from toolkit.publishing.parameters import check_parameters
from toolkit.publishing.plan import read_plan
from toolkit.publishing.setting import list_written, stat_files

_PAUSE = 1.0  # seconds between two looks at the files
_MOST_NAMES = 3  # files that changed, named in a line


def serve_book(root: Path, *, port: int = 8000, say: Callable[[str], object]) -> None:
    """Serve the built book on loopback until Ctrl-C, and build it again when its plan, notebooks, codebooks, prose or corpora change.

    Args:
        root: The project: the folder with `notebooks/` and `book/`.
        port: Of the address 127.0.0.1; 0 takes any that is free.
        say: Called with the address, and with a line for each build: what changed, and what was run or what is wrong.

    Raises:
        BuildError: When the port cannot be had, or there is no plan.
        KeyboardInterrupt: On Ctrl-C; no server and no kernel is left.
    """
    if not (root / "book" / "plan.yml").is_file():
        raise BuildError(f"{root / 'book' / 'plan.yml'}: not found. Name the project with --root.")
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Quiet, directory=root.resolve() / "book" / "_build" / "html"))
    except OSError as fault:
        raise BuildError(f"--port {port}: {fault.strerror}. Give the number of a free one; 0 takes any.") from fault
    with server:
        Thread(target=server.serve_forever, daemon=True).start()
        say(f"http://127.0.0.1:{server.server_port} is the book, built again on each change of what it is made of. Ctrl-C ends this.")
        seen, sources = dict[str, tuple[int, int]](), list[Path]()
        while True:
            now = _look(root, sources)
            if changed := {name for name, _ in seen.items() ^ now.items()}:
                sources = _find_sources(root) or sources
                now = _look(root, sources)  # as they are before the build, which may take minutes
                more = f" and {len(changed) - _MOST_NAMES} more" if len(changed) > _MOST_NAMES else ""
                what = f"{', '.join(sorted(changed)[:_MOST_NAMES])}{more} changed: " if seen else ""
                say(f"{time.strftime('%H:%M:%S')} {what}{_build(root)}")
            seen = now
            time.sleep(_PAUSE)


class _Quiet(SimpleHTTPRequestHandler):
    """Serves the files of its folder, and keeps no log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _build(root: Path) -> str:
    """Build the book; how it went, in a line."""
    try:
        said = build_book(root).summary.splitlines()
    except ToolkitError as fault:
        said = str(fault).splitlines()
    return "; ".join(line.strip() for line in said if not line.endswith("index.html"))


def _look(root: Path, sources: Iterable[Path]) -> dict[str, tuple[int, int]]:
    """Sizes and times of the files that the book is made of."""
    files = [path for place in (root / "notebooks", *sources) for path in (place, *place.rglob("*")) if path.is_file()]
    return stat_files(root, [*list_written(root / "book"), *files])


def _find_sources(root: Path) -> list[Path]:
    """The corpora, codebooks and labels of this project that pages read; none where the plan has a fault."""
    with suppress(PlanError):
        planned = [(root / "notebooks" / f"{page.notebook}.ipynb", page.parameters) for page in read_plan(root).pages]
        read = [(path, pair) for path, given in planned for pair in find_reads(read_notebook(path), check_parameters(path, given))]
        return list(dict.fromkeys(Path(find_place(*pair, path.parent)) for path, pair in read))
    return []
