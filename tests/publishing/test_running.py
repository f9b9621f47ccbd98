from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from toolkit.errors import BuildError, PlanError
from toolkit.publishing import run_notebook
from toolkit.publishing.running import Job, Run, run_jobs

from .project import ENDINGS, write_notebook, write_project

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("run {n}")  # papermill takes braces in a path for parameters
    for name, (ending, _) in ENDINGS.items():
        write_notebook(folder / f"{name}.ipynb", ending)
    ended: dict[str, Run] = {}
    jobs = {name: Job(folder / f"{name}.ipynb", {"word": "ü {n} %s \\ \"'"}, 3, 60) for name in ENDINGS}
    run_jobs(jobs, report=ended.__setitem__)
    return ended


@pytest.mark.parametrize("name", sorted(ENDINGS))
def test_each_way_to_end_has_its_status(name: str, runs: dict[str, Run]) -> None:
    assert runs[name].status == ENDINGS[name][1]


def test_each_failure_says_what_happened_and_at_which_step(runs: dict[str, Run]) -> None:
    folder = "{n}0/"
    reasons = {name: run.reason.split(folder)[0] for name, run in runs.items()}
    assert reasons["good"] == ""
    assert reasons["raises"].startswith("ValueError: no <b>such</b> thing in ")
    assert reasons["exits"] == "SystemExit: 3."
    assert reasons["exits-quietly"] == "A step ended the notebook before its last step."
    assert reasons["sleeps"] == "A step took longer than 3 seconds."
    assert reasons["killed"] == "The Python process behind the page ended by itself; most often the memory was full."
    failed = [run.notebook for run in runs.values() if run.status != "ok"]
    assert {notebook["cells"][notebook["metadata"]["framebook"]["cell"]]["source"].strip() for notebook in failed} == {
        ending.strip() for ending, status in ENDINGS.values() if status != "ok"
    }


def test_hard_text_reaches_the_notebook_as_it_is(runs: dict[str, Run]) -> None:
    figure = next(cell for cell in runs["good"].notebook["cells"] if "image/png" in cell["source"])
    assert figure["outputs"][0]["data"]["application/vnd.framebook+json"]["caption"] == "Rates, ü {n} %s \\ \"'"


STATE = """
import os, random, sys, json, matplotlib, numpy, pandas, toolkit
print(os.environ.get("LEAK"), json.__dict__.get("leak"), pandas.options.display.max_rows, matplotlib.rcParams["font.size"], hash("a"))
os.environ["LEAK"] = json.leak = word
pandas.options.display.max_rows, matplotlib.rcParams["font.size"] = 7, n
"""


def list_outputs(run: Run) -> list[object]:
    assert run.status == "ok", run.reason
    return [cell["outputs"] for cell in run.notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.alone
def test_pages_see_nothing_of_one_another_in_any_order(tmp_path: Path) -> None:
    write_notebook(tmp_path / "x.ipynb", STATE)
    jobs = {name: Job(tmp_path / "x.ipynb", {"word": name, "n": n}, 60, 60) for n, name in enumerate("abc", start=3)}
    ways: list[dict[str, Run]] = [{}, {}]
    run_jobs(jobs, n_jobs=1, report=ways[0].__setitem__)
    run_jobs(dict(reversed(jobs.items())), n_jobs=1, report=ways[1].__setitem__)
    for name in jobs:
        assert list_outputs(ways[0][name]) == list_outputs(ways[1][name])


@pytest.mark.parametrize("name", ["tempfile", "random", "ipykernel", "json"])
def test_a_file_beside_a_notebook_may_be_called_as_a_module(name: str, tmp_path: Path) -> None:
    write_notebook(tmp_path / "x.ipynb", "import os; print(os.getcwd())")
    (tmp_path / f"{name}.py").write_text("raise RuntimeError('it was imported')\n")
    assert run_notebook(tmp_path / "x.ipynb", {}, tmp_path / "out" / "mine.ipynb").startswith("ok, ")


@pytest.mark.alone
def test_a_page_may_take_only_so_long_in_all(tmp_path: Path) -> None:
    write_notebook(tmp_path / "x.ipynb", "import time; time.sleep(60)")
    ended: dict[str, Run] = {}
    run_jobs({"x": Job(tmp_path / "x.ipynb", {}, 60, 4)}, report=ended.__setitem__)
    assert (ended["x"].status, ended["x"].reason) == ("timeout", "The page took longer than 4 seconds.")


def test_a_researchers_run_keeps_notebook_and_data(tmp_path: Path) -> None:
    write_notebook(tmp_path / "x.ipynb", "pass")
    said = run_notebook(tmp_path / "x.ipynb", {"word": "arms"}, tmp_path / "out" / "mine.ipynb")
    assert said.startswith("ok, ")
    assert said.endswith(", 1 file of data in mine_data/")
    assert (tmp_path / "out" / "mine_data" / "rates.csv").read_text() == "a,b\n1,arms"


def test_a_researchers_run_can_be_one_web_page_that_asks_for_nothing(tmp_path: Path) -> None:
    write_notebook(tmp_path / "x.ipynb", "pass")
    written = (tmp_path / "x.ipynb").read_text("utf8").replace("And prose.", "And prose (see [validity](../validity.md#who)).")
    (tmp_path / "x.ipynb").write_text(written, "utf8")
    run_notebook(tmp_path / "x.ipynb", {"word": "arms"}, tmp_path / "mine.ipynb", html=True)
    page = (tmp_path / "mine.html").read_text("utf8")
    assert "And prose (see validity)." in page
    assert "<title>mine</title>" in page and "data:image/png;base64," in page
    assert "<p>Rates, arms</p>" in page and f"framebook run {tmp_path}/x.ipynb -p word=arms --out mine.ipynb</p>" in page
    (picture,) = re.findall(r"<img[^>]*>", page)
    assert 'alt="Two bars: arms"' in picture and picture.count("alt=") == 1
    fetched = re.findall(r"<(?:script|img|link|iframe)[^>]*(?:src|href)=[\"']?(?!data:)([^\"' >]+)", page)
    assert fetched == []


def test_a_researchers_run_that_fails_keeps_what_was_made(tmp_path: Path) -> None:
    write_notebook(tmp_path / "x.ipynb", "1 / 0")
    out = tmp_path / "mine.ipynb"
    with pytest.raises(BuildError) as raised:
        run_notebook(tmp_path / "x.ipynb", {}, out)
    expected = f"{tmp_path.name}/x.ipynb: ZeroDivisionError: division by zero. What was made before that is in {out}."
    assert str(raised.value) == expected
    assert "image/png" in out.read_text()


def test_a_mistyped_parameter_runs_nothing(tmp_path: Path) -> None:
    write_notebook(tmp_path / "x.ipynb", "pass")
    with pytest.raises(PlanError, match=r"unknown parameter 'wrod'.*Did you mean 'word'"):
        run_notebook(tmp_path / "x.ipynb", {"wrod": "arms"}, tmp_path / "mine.ipynb")
    assert not (tmp_path / "mine.ipynb").exists()


@pytest.mark.alone
def test_ctrl_c_leaves_no_kernel_and_no_part_file_and_a_second_build_is_locked_out(tmp_path: Path) -> None:
    pages = {"one": {}, "two": {"notebook": "sleeps"}, "three": {"notebook": "sleeps", "parameters": {"n": 3}}}
    root = write_project(tmp_path / "project", pages)
    code = f"from pathlib import Path; from toolkit.publishing import build_book; build_book(Path({str(root)!r}), jobs=2)"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "FRAMEBOOK_TEST": str(tmp_path)}
    restore = lambda: signal.signal(signal.SIGINT, signal.default_int_handler)  # noqa: E731 - ignored in background jobs
    build = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE, text=True, preexec_fn=restore)
    kept = root / "book" / "_build" / "runs"
    wait_until(lambda: any(kept.glob("*.ipynb")) and len(find_kernels(tmp_path)) == 2)
    second = subprocess.run([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE, text=True, check=False)
    assert second.stderr.strip().endswith("another build is running in this folder. Wait for it, or stop it.")
    build.send_signal(signal.SIGINT)
    _, said = build.communicate(timeout=20)
    assert said.strip().endswith("KeyboardInterrupt")
    assert find_kernels(tmp_path) == []
    assert list(root.rglob("*.part")) == []
    assert len(list(kept.glob("*.ipynb"))) == 1


def find_kernels(marked: Path) -> list[str]:
    """Process ids of kernels whose environment carries our mark."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"ipykernel.kernelapp" in (process / "cmdline").read_bytes() and str(marked).encode() in (process / "environ").read_bytes():
                found.append(process.name)
        except OSError:
            continue
    return found


def wait_until(happened, seconds: float = 60) -> None:
    """Wait for something, and not forever."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def test_no_class_is_left_for_two_threads_to_look_up_at_once() -> None:
    """Traitlets replaces the name of a class by the class when it is first needed: a thread in the middle of that ended a build."""
    code = """
from types import SimpleNamespace
from toolkit.publishing.kernels import write_manager_class
write_manager_class(SimpleNamespace())
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from papermill.clientwrap import PapermillNotebookClient
for kind in (AsyncKernelClient, AsyncKernelManager, LocalProvisioner, PapermillNotebookClient):
    print(*(name for name, trait in kind.class_traits().items() if isinstance(getattr(trait, "klass", None), str)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
