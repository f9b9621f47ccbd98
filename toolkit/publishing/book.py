"""The book: run what changed, make pages, let Jupyter Book set them, verify."""

import hashlib
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import toolkit
from toolkit import parsing
from toolkit.codebooks import list_codebooks, read_codebook
from toolkit.errors import BuildError, ToolkitError, name_choices
from toolkit.markup import clean_signs
from toolkit.publishing.documents import Notebook, read_notebook, write_file, write_json
from toolkit.publishing.generated import fill_template, write_codebook, write_dictionary, write_front, write_toc
from toolkit.publishing.inputs import Provenance, find_key, find_needs, find_place, find_provenance, find_reads, hash_json, read_manifest
from toolkit.publishing.kernels import prepare
from toolkit.publishing.pages import Source, find_shown, finish_page, write_scrubber
from toolkit.publishing.parameters import check_parameters
from toolkit.publishing.plan import Page, Plan, read_plan
from toolkit.publishing.running import Job, Run, run_jobs
from toolkit.publishing.setting import BUILT, hash_structure, hash_written, list_built, list_written, set_pages, stat_files
from toolkit.publishing.verify import verify_book
from toolkit.showing.display import Shown

_WATCHED = ("notebooks", "codebooks", "corpus")  # next to book/, where `framebook new` has them
_MOST_FAULTS = 20  # said at the end of a build; one fault of a table easily makes a hundred


class _Files(SimpleHTTPRequestHandler):
    """Serves the files of a folder."""

    def log_message(self, *_: object) -> None:
        """Keep no log: what the terminal says is which builds were made."""


@dataclass(frozen=True)
class Build:
    """One build of the book: a sentence or more on how it went, and what failed: slugs of pages, and faults of the book."""

    summary: str
    failed: tuple[str, ...]


@dataclass(frozen=True)
class _Planned:
    """A page with all that its run depends on."""

    page: Page
    path: Path
    source: Notebook
    values: Mapping[str, object]
    key: str


# Of a page: its entry in the manifest, its files by name, and what its outputs hand to the book.
_Made = tuple[dict[str, Any], dict[str, str | bytes], dict[str, Shown]]


def build_book(
    root: Path, *, jobs: int | None = None, only: Sequence[str] = (), force: bool = False, provenance: Provenance | None = None
) -> Build:
    """Run the notebooks whose inputs changed, make every page, have Jupyter Book set what changed, and verify it.

    If nothing changed since the last build without a fault, nothing is done. A failing page does not stop the others: it is published
    saying so, and named in the result.

    Args:
        root: The project: the folder with `notebooks/` and `book/`.
        jobs: Notebooks run at once; one per core if not given.
        only: Slugs of pages to run again even if nothing changed.
        force: Run all of them again.
        provenance: Code and commit that pages name; found if not given.

    Returns:
        What was run and what failed.

    Raises:
        PlanError: When the plan has faults; nothing was run.
        BuildError: When another build is running, or there is no HTML.
    """
    book = _find_book(root)
    with _lock(book):
        plan = read_plan(root)
        slugs = [page.slug for page in plan.pages]
        for slug in sorted({*only} - {*slugs}):
            raise BuildError(f"--only {slug}: no such page. {name_choices(slug, slugs)}")
        provenance = provenance or find_provenance(root)
        planned = [_plan_page(root, page, provenance) for page in plan.pages]
        key = hash_json([plan.model_dump(), [one.key for one in planned], asdict(provenance), hash_written(book)])
        state = book / "_build" / "state.json"
        kept = _read_sound(state, lambda last: last["built"] == list_built(book)) or {}
        if kept.get("key") == key and not only and not force:
            return _say_build(book, slugs, 0, {}, [])
        state.unlink(missing_ok=True)  # until this build has ended well
        before = stat_files(book, [path for name in ("pages", "_build/html") for path in (book / name).rglob("*")] if kept else ())
        again, runs = slugs if force else only, book / "_build" / "runs"
        todo = {one.key: one for one in planned if one.page.slug in again or not _read_run(runs / f"{one.key}.ipynb")}
        _run_changed(runs, planned, todo, jobs)
        sources = _find_sources(planned)
        made = [_finish_run(root, one, sources[one.page.slug], provenance) for one in planned]
        failed = _write_pages(book, plan, made, _write_prose(), provenance)
        structure = hash_structure(book)
        faults = set_pages(book, before, anew=kept.get("structure") != structure)
        # Sphinx copies nothing where no page changed.
        write_file(book / "_build" / "html" / "manifest.json", (book / "manifest.json").read_bytes())
        faults += [fault for fault in verify_book(root, before=before, plan=plan) if "the page failed:" not in fault]
        if not failed and not faults:
            write_file(state, write_json({"key": key, "structure": structure, "built": list_built(book)}))
        return _say_build(book, slugs, sum(one.key in todo for one in planned), failed, faults)


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
    html, seen, now = _find_book(root).resolve() / "_build" / "html", dict[str, tuple[int, int]](), dict[str, tuple[int, int]]()
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Files, directory=html))
    except OSError as fault:
        raise BuildError(f"--port {port}: {fault.strerror}. Give the number of a free one; 0 takes any.") from fault
    with server:
        Thread(target=server.serve_forever, daemon=True).start()
        say(f"http://127.0.0.1:{server.server_port} serves the book, which is built again when its files change. Ctrl-C stops it.")
        while True:
            with suppress(FileNotFoundError):  # an editor takes a file away while it is looked at
                now = stat_files(root, [*list_written(root / "book"), *(path for name in _WATCHED for path in (root / name).rglob("*"))])
            if changed := sorted({name for name, _ in seen.items() ^ now.items()}):
                what = f"{', '.join(changed[:3])}{', …' * (len(changed) > 3)} changed: " if seen else ""
                try:
                    said = build_book(root).summary.splitlines()
                except ToolkitError as fault:
                    said = str(fault).splitlines()
                told = "; ".join(line.strip() for line in said if not line.endswith("index.html"))
                say(f"{time.strftime('%H:%M:%S')} {what}{told}")
            seen = now
            time.sleep(1)


def list_pages(root: Path) -> list[str]:
    """List the pages of the plan, as lines to print: how each last ran and for how long, and whether a build would run it again."""
    plan, provenance, made = read_plan(root), find_provenance(root), root / "book" / "manifest.json"
    entries = {entry["slug"]: entry for entry in (read_manifest(root / "book")["pages"] if made.is_file() else [])}
    lines, n_failed = list[str](), sum(entry["status"] != "ok" for entry in entries.values())
    for page in plan.pages:
        last = entries.get(page.slug, {"status": "not run", "key": ""})
        run = _read_run(root / "book" / "_build" / "runs" / f"{last['key']}.ipynb") or {}
        todo = "unchanged" if run and last["key"] == _plan_page(root, page, provenance).key else "to run"
        lines.append(f"{page.slug:<30} {last['status']:<8} {run.get('seconds', '–'):>6} s  {todo:<10} {page.title}")
    return [*lines, f"{n_failed} of {len(lines)} pages failed"] if n_failed else lines


def clean_book(root: Path, *, runs: bool = False) -> None:
    """Remove what was built; the notebook runs only when asked to, since they cost minutes.

    Raises:
        BuildError: When a build is running.
    """
    book = _find_book(root)
    with _lock(book):
        built = [path for path in (book / "_build").iterdir() if path.name not in ({"lock"} if runs else {"lock", "runs"})]
        for path in (*built, *(book / name for name in BUILT[1:])):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _find_book(root: Path) -> Path:
    """The folder of the book, which has a plan."""
    if not (root / "book" / "plan.yml").is_file():
        raise BuildError(f"{root / 'book' / 'plan.yml'}: not found. Name the project with --root.")
    return root / "book"


@contextmanager
def _lock(book: Path) -> Iterator[None]:
    """Allow one build at a time; a second one fails at once."""
    from filelock import FileLock, Timeout

    (book / "_build").mkdir(exist_ok=True)
    try:
        with FileLock(book / "_build" / "lock", timeout=0):
            yield
    except Timeout as fault:
        raise BuildError(f"{book}: another build is running in this folder. Wait for it, or stop it.") from fault


def _plan_page(root: Path, page: Page, provenance: Provenance) -> _Planned:
    """A page with its values and key."""
    path = root / "notebooks" / f"{page.notebook}.ipynb"
    source, values = read_notebook(path), check_parameters(path, page.parameters)
    return _Planned(page, path, source, values, find_key(source, values, path.parent, provenance))


def _read_sound(path: Path, is_sound: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
    """What a build left for the next: None where it is not there, or is damaged, or somebody changed it."""
    with suppress(FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        kept: dict[str, Any] = json.loads(path.read_bytes())
        return kept if is_sound(kept) else None
    return None


def _read_run(path: Path) -> Notebook | None:
    """A run as it was kept."""
    return _read_sound(path, lambda run: run.pop("sha256") == hash_json(run))


def _say_build(book: Path, slugs: Sequence[str], n_ran: int, failed: Mapping[str, str], faults: Sequence[str]) -> Build:
    """How a build went, in words."""
    told = {"n": len(slugs), "n_ran": n_ran, "failed": failed, "faults": faults, "most": _MOST_FAULTS}
    summary = fill_template("build", **told, index=book / "_build" / "html" / "index.html")
    return Build(summary.rstrip("\n"), (*failed, *faults))


def _write_prose() -> dict[str, str | bytes]:
    """Write what needs no run: prose that no one writes by hand, and the styles and the script that JupyterLab has as well."""
    prose: dict[str, str | bytes] = {"data-dictionary.md": write_dictionary()}
    prose |= {f"codebook-{name}.md": write_codebook(read_codebook(name)) for name in list_codebooks()}
    shared = (next(Path(toolkit.__file__).parent.rglob(name)) for name in ("framebook.css", "exploring.css", "lines.js"))
    return prose | {f"_static/{path.name}": path.read_bytes() for path in shared}


def _finish_run(root: Path, one: _Planned, sources: list[Source], provenance: Provenance) -> _Made:
    """Make a page of its run, good or failed."""
    kept, slug = root / "book" / "_build" / "runs", one.page.slug
    run = _read_run(kept / f"{one.key}.ipynb") or _read_run(kept / f"{one.key}.failed.ipynb")
    if run is None:
        raise BuildError(f"{kept}: the run of page '{slug}' was changed by somebody else. Run framebook book build again.")
    scrub = write_scrubber(root)
    files = finish_page(run, one.page, source=one.source, sources=sources, provenance=provenance, scrub=scrub)
    failure = run["metadata"].get("framebook", {"status": "ok", "reason": ""})
    page = {"slug": slug, "title": one.page.title, "notebook": one.page.notebook, "parameters": dict(one.values), "key": one.key}
    ended = {"status": failure["status"], "reason": scrub(failure["reason"]), "sources": sources}
    sha256 = hashlib.sha256(str(files[f"{slug}.ipynb"]).encode("utf8", "replace")).hexdigest()
    numbers = {Path(name).name: hash_json(text)[:12] for name, text in files.items() if ".csv" in name and "/evidence-" not in name}
    return page | ended | {"sha256": sha256, "numbers": numbers}, files, find_shown(run)


def _write_pages(book: Path, plan: Plan, made: Sequence[_Made], pages: dict[str, str | bytes], provenance: Provenance) -> dict[str, str]:
    """Write everything that Jupyter Book sets: pages, prose, table of contents, manifest. Return failed slugs with reasons."""
    entries = [entry for entry, _, _ in made]
    for _, files, _ in made:
        pages |= files
    failed = {entry["slug"]: entry["reason"] for entry in entries if entry["status"] != "ok"}
    pages |= {"extra/.nojekyll": ""}  # Sphinx wants the folder
    of_page = {page.slug: (page, files, shown) for page, (_, files, shown) in zip(plan.pages, made, strict=True)}
    pages |= write_front([(*of_page[front.page], front.figure) for front in plan.front], list(failed), len(made))
    for name, content in pages.items():
        write_file(book / "pages" / name, content)
    for path in sorted((book / "pages").rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(book / "pages").as_posix() not in pages:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    write_file(book / "_toc.yml", write_toc(plan))
    # No clock and no path: the same bytes for the same book.
    write_file(book / "manifest.json", write_json({"made_with": asdict(provenance), "pages": entries}))
    return failed


def _run_changed(kept: Path, planned: list[_Planned], todo: dict[str, _Planned], n_jobs: int | None) -> None:
    """Run what is to do, keep and tell each as it ends; forget runs that no page has any more."""
    say, done = partial(print, file=sys.stderr, flush=True), iter(range(1, len(todo) + 1))

    def keep(key: str, run: Run) -> None:
        good, bad = kept / f"{key}.ipynb", kept / f"{key}.failed.ipynb"
        made = {**run.notebook, "seconds": round(run.seconds, 1)}
        write_file(good if run.status == "ok" else bad, json.dumps({**made, "sha256": hash_json(made)}, sort_keys=True))
        (bad if run.status == "ok" else good).unlink(missing_ok=True)
        say(clean_signs(f"[{next(done)}/{len(todo)}] {todo[key].page.slug} {run.status} {run.seconds:.1f} s {run.reason}".rstrip()))

    shared = find_needs((one.source, one.values, one.path.parent) for one in todo.values())
    jobs = {key: Job(one.path, one.page.parameters, one.page.timeout, one.page.page_timeout) for key, one in todo.items()}
    if jobs:
        prepare(shared, say)
        run_jobs(jobs, n_jobs=n_jobs, report=keep)
    for path in kept.glob("*.ipynb"):
        if path.name.split(".")[0] not in {one.key for one in planned}:
            path.unlink()


def _find_sources(planned: Sequence[_Planned]) -> dict[str, list[Source]]:
    """What each page is made from, by its slug."""
    find = cache(_find_source)
    return {one.page.slug: [find(*read, one.path.parent) for read in find_reads(one.source, one.values)] for one in planned}


def _find_source(kind: str, given: str, folder: Path) -> Source:
    """One corpus or codebook: version and hash. What cannot be read has failed its page, which says why."""
    place = find_place(kind, given, folder)
    facts = {"kind": kind, "name": given if place == given else Path(place).name, "version": ""}
    with suppress(ToolkitError):
        if kind == "codebook":
            book = read_codebook(place)
            return facts | {"name": book.id, "version": book.version, "sha256": book.sha256}
        return facts | {"sha256": parsing.hash_source(place)}
    return facts | {"sha256": "unknown: it could not be read"}
