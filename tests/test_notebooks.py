"""Notebooks run with other parameters: by papermill's own command line, by `framebook run`, and in JupyterLab."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]
WEEK = ["-p", "start", "2017-03-06", "-p", "end", "2017-03-12"]
OTHERS = {"article": ["-p", "seed", "5"], "corpus": WEEK, "actors": WEEK, "framing": WEEK, "sourcing": WEEK}


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_papermills_own_command_line_runs_each_notebook(name: str, tmp_path: Path, news_2017: Path) -> None:
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", "-k", "python3", f"notebooks/{name}.ipynb", str(out), *OTHERS[name]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    cells = [cell for cell in json.loads(out.read_text("utf8"))["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    kinds = {kind for cell in cells for output in cell["outputs"] for kind in output.get("data", {})}
    assert {"image/png", "text/html"} <= kinds


@pytest.mark.parametrize("name", ["actors", "article", "codebook", "corpus", "framing", "sourcing"])
def test_two_short_texts_without_a_date_go_through_each_notebook(framebook, name: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, said in enumerate(("Ukraine and Russia met, officials said. They did not agree.", "Russia attacked Ukraine, France said.")):
        (tmp_path / "in" / f"{number}.txt").write_text(f"Headline {number}\n\n{said}\n", "utf8")
    done = framebook("run", f"notebooks/{name}.ipynb", "-p", f"corpus={tmp_path / 'in'}", "--out", str(tmp_path / "x.ipynb"))
    assert done.returncode == 0, done.stderr


def test_run_takes_lists_and_keeps_the_figures_data(framebook, tmp_path: Path, news_2017: Path) -> None:
    out = tmp_path / "x.ipynb"
    words = ["run", "notebooks/actors.ipynb", "-p", 'outlets=["tass.com"]', "-p", "start=2017-03-01", "--out", str(out)]
    done = framebook(*words)
    assert done.returncode == 0, done.stderr
    data = sorted(path.name for path in (tmp_path / "x_data").iterdir())
    assert "rates-by-outlet.csv" in data
    rows = (tmp_path / "x_data" / "rates-by-outlet.csv").read_text("utf8").splitlines()
    assert [line.split(",")[0] for line in rows[1:]] == ["tass.com", "tass.com"]


def test_run_refuses_a_mistyped_name_before_anything_runs(framebook, tmp_path: Path) -> None:
    done = framebook("run", "notebooks/actors.ipynb", "-p", 'outlet=["tass.com"]', "--out", str(tmp_path / "x.ipynb"))
    assert done.returncode == 2
    assert "unknown parameter 'outlet'" in done.stderr and "Did you mean 'outlets'?" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_run_refuses_a_value_of_the_wrong_type(framebook, tmp_path: Path) -> None:
    done = framebook("run", "notebooks/actors.ipynb", "-p", "seed=soon", "--out", str(tmp_path / "x.ipynb"))
    assert done.returncode == 2
    assert "seed" in done.stderr and "soon" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, news_2017: Path):
    """A real JupyterLab on a loopback port, with nothing of the user's settings."""
    folder, token = tmp_path_factory.mktemp("lab"), secrets.token_hex(8)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    environment = {**os.environ, "JUPYTER_TOKEN": token, **{name: str(folder / name.lower()) for name in names}}
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    command += [f"--ServerApp.root_dir={folder}", "--allow-root", "--LabApp.expose_app_in_browser=True"]
    (folder / "notebooks").mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        (folder / "notebooks" / path.name).write_bytes(path.read_bytes())
    log = (folder / "log").open("w")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urlopen(f"{address}/api").close()
                break
            except URLError:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.5)
        yield address, token
    finally:
        server.terminate()
        server.wait(20)
        log.close()


RUN_ALL = """async () => {
  const w = jupyterapp.shell.currentWidget;
  await w.context.ready; await w.revealed; await w.sessionContext.ready; await w.sessionContext.session.kernel.info;
  await jupyterapp.commands.execute('notebook:run-all-cells');
  const cells = w.content.model.sharedModel.cells.map(c => c.toJSON()).filter(c => c.cell_type === 'code');
  return {n: cells.length, run: cells.filter(c => c.execution_count).length,
          errors: cells.flatMap(c => c.outputs).filter(o => o.output_type === 'error').map(o => o.evalue)};
}"""


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_jupyterlab_runs_all_cells(name: str, lab, browser) -> None:
    address, token = lab
    page = browser.new_page()
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else None)
    page.set_default_timeout(180_000)
    page.goto(f"{address}/doc/tree/notebooks/{name}.ipynb?reset&token={token}")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
    done = page.evaluate(RUN_ALL)
    assert done["errors"] == []
    assert done["run"] == done["n"]
    page.wait_for_selector(".jp-RenderedImage img", state="attached")
    page.wait_for_selector(".jp-RenderedHTMLCommon .fb", state="attached")
    assert [url for url in outside if not url.startswith("ws")] == []
    page.close()
