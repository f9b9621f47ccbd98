"""Notebooks run by papermill: several at once, each in a kernel of its own, stopped for good on Ctrl-C.

Threads, since the work is in the kernels. Kernels talk over sockets in a private folder, which ends the races for ports.
"""

import logging
import os
import signal
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from toolkit.errors import BuildError, PlanError, RunError
from toolkit.markup import write_count
from toolkit.parsing.outputs import REPLACING, open_aside
from toolkit.publishing.documents import ANSI, Notebook, find_tags, name_notebook, read_notebook, write_file, write_json
from toolkit.publishing.inputs import find_reads
from toolkit.publishing.kernels import QUICK, write_manager_class
from toolkit.publishing.pages import find_shown, write_command, write_page
from toolkit.publishing.parameters import check_parameters


@dataclass(frozen=True)
class Job:
    """One run to make: a notebook, its checked parameters, and how many seconds a cell and the whole run may take."""

    notebook: Path
    parameters: Mapping[str, object]
    timeout: int
    page_timeout: int


@dataclass(frozen=True)
class Run:
    """One run made. `status`: ok, error, timeout or died. A failed run says in `metadata.framebook` what happened, and where."""

    status: str
    notebook: Notebook
    seconds: float

    @property
    def reason(self) -> str:
        """What happened in one sentence; empty if all went well."""
        return str(self.notebook["metadata"].get("framebook", {}).get("reason", ""))


def run_notebook(
    notebook: Path, parameters: Mapping[str, object], out: Path, *, timeout: int = 600, force: bool = False, html: bool = False
) -> str:
    """Run one notebook with checked parameters, as the book does, and keep the executed notebook and the data of its figures.

    A path given as a parameter (`corpus`, `codebook`) is relative to the current folder, not to the notebook's.

    Args:
        notebook: The notebook.
        parameters: Values by name; those left out keep their defaults.
        out: The executed notebook to write. Data goes into a folder next to it: `mine_data/` for `mine.ipynb`.
        timeout: Seconds a cell may take.
        force: Replace `out` whatever it is.
        html: Write a web page next to it as well, that stands alone.

    Returns:
        How it went, in a few words.

    Raises:
        PlanError: When a parameter is unknown or of a wrong type; nothing was run.
        BuildError: When `out` is a file that was not made so.
        RunError: When a step failed; `out` then holds what was made before.
    """
    values = check_parameters(notebook, parameters)
    if out.exists() and not force and not _was_run(out):
        raise BuildError(f"{out}: there is a file of that name already, and it is no notebook that was run so. {REPLACING}")
    paths = {given: str(Path(given).resolve()) for _, given in find_reads(read_notebook(notebook), values) if Path(given).exists()}
    given = {name: paths.get(value, value) if isinstance(value, str) else value for name, value in parameters.items()}
    runs: list[Run] = []
    run_jobs({out.name: Job(notebook, given, timeout, 100 * timeout)}, report=lambda _, run: runs.append(run))
    runs[0].notebook["metadata"].setdefault("framebook", {"status": "ok", "reason": ""})
    write_file(out, write_json(runs[0].notebook))
    if runs[0].status != "ok":
        more = " Parsed sentences are kept: run it again to go on, or allow more with --timeout." * (runs[0].status == "timeout")
        raise RunError(f"{name_notebook(notebook)}: {runs[0].reason} What was made before that is in {out}.{more}")
    data = {name: text for piece in find_shown(runs[0].notebook).values() for name, text in piece.files.items()}
    for name, text in data.items():
        write_file(out.with_name(f"{out.stem}_data") / name, text)
    if html:
        write_file(out.with_suffix(".html"), write_page(runs[0].notebook, out.stem, write_command(notebook, parameters, out.name)))
    return f"ok, {runs[0].seconds:.1f} s" + (f", {write_count(len(data), 'file')} of data in {out.stem}_data/" if data else "")


def _was_run(path: Path) -> bool:
    """Whether a file is a notebook that `run_notebook` made."""
    with suppress(PlanError):
        return "framebook" in read_notebook(path).get("metadata", {})
    return False


def run_jobs(jobs: Mapping[str, Job], *, n_jobs: int | None = None, report: Callable[[str, Run], object]) -> None:
    """Run notebooks, `n_jobs` at once, and report each as it ends. A failing one does not stop the others.

    Args:
        jobs: What to run, by name.
        n_jobs: Notebooks run at once; one per core if not given.
        report: Called in this thread with name and run.

    Raises:
        KeyboardInterrupt: On Ctrl-C, after every kernel is dead. Runs reported before stay reported.
    """
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # else a kernel "python3" in the user's home could win over this environment's
    with open_aside(Path("/tmp"), "framebook-kernels-") as base:  # socket paths may have 107 bytes at most, and TMPDIR may be long
        exec(QUICK)
        for name in ("papermill", "asyncio"):  # what they log is said by the run's status
            logging.getLogger(name).setLevel(logging.CRITICAL)
        import papermill  # noqa: F401 - takes a second: before threads do it

        manager = write_manager_class(base)
        with ThreadPoolExecutor(min(n_jobs or os.cpu_count() or 1, len(jobs))) as pool:
            futures = {pool.submit(_run, job, manager): name for name, job in jobs.items()}
            try:
                for future in as_completed(futures):
                    report(futures[future], future.result())
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                while not all(future.done() for future in futures):
                    for child in psutil.Process().children():
                        with suppress(psutil.Error, ProcessLookupError):  # it has ended by itself
                            if str(base) in " ".join(child.cmdline()):
                                os.killpg(child.pid, signal.SIGKILL)
                    time.sleep(0.05)
                raise


def _run(job: Job, manager: type) -> Run:
    """Run one notebook; what happened comes from the exception, since papermill's metadata calls cells completed that never ran.

    The steps of `papermill.execute_notebook`, which takes braces in a path for parameters, and saves the notebook twice a cell.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import engines, exceptions, execute, iorw, parameterize

    executed = iorw.load_notebook_node(str(job.notebook))
    if job.parameters:
        executed = parameterize.parameterize_notebook(executed, dict(job.parameters), kernel_name="python3", language="python")
    began, started = time.monotonic(), [-1]

    def limit(_: object) -> int:
        return max(1, min(job.timeout, int(job.page_timeout - (time.monotonic() - began))))

    where = {"metadata": {"path": str(job.notebook.resolve().parent)}}  # as JupyterLab does; cwd= would move all threads
    options: dict[str, Any] = {"resources": where, "kernel_manager_class": manager, "timeout_func": limit, "start_timeout": 60}
    options |= {"shutdown_kernel": "immediate", "progress_bar": False, "autosave_cell_every": 0}
    options["on_cell_execute"] = lambda cell, cell_index: started.__setitem__(0, cell_index)
    status, what, traceback = "ok", "", ""
    try:
        engines.NBClientEngine.execute_notebook(executed, "python3", **options)
        execute.raise_for_execution_errors(executed, None)
    except exceptions.PapermillExecutionError as fault:
        status, what = "error", f"{fault.ename}: {fault.evalue}"
        traceback = ANSI.sub("", "\n".join(fault.traceback))
    except CellTimeoutError:
        over = time.monotonic() - began >= job.page_timeout - 1  # limits of cells are whole seconds
        limit_said = f"The page took longer than {job.page_timeout}" if over else f"A step took longer than {job.timeout}"
        status, what = "timeout", f"{limit_said} seconds"
    except DeadKernelError:
        status, what = "died", "The Python process behind the page ended by itself; most often the memory was full"
    except RuntimeError as fault:
        status, what = "died", f"No Python process could be started: {fault}"
    cells = executed["cells"] = [cell for cell in executed["cells"] if "papermill-error-cell-tag" not in find_tags(cell)]
    code = [number for number, cell in enumerate(cells) if cell["cell_type"] == "code" and cell["source"].strip()]
    if status == "ok" and any(cells[number].get("execution_count") is None for number in code):
        status, what = "error", "A step ended the notebook before its last step"  # papermill takes sys.exit() for success
    if status != "ok":
        reason = what if what.endswith((".", "?")) else f"{what}."
        executed["metadata"]["framebook"] = {"status": status, "reason": reason, "cell": started[0], "traceback": traceback}
    return Run(status, executed, time.monotonic() - began)
