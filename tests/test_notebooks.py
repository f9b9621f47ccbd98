"""Notebooks run with other parameters: by papermill's own command line, by `framebook run`, and in JupyterLab."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import serve_lab
from toolkit import find_mentions, read_corpus, sample_sentences
from toolkit.coding import write_labels
from toolkit.publishing.documents import read_notebook, write_json
from toolkit.publishing.parameters import write_parameters
from toolkit.publishing.running import Job, Run, run_jobs

ROOT = Path(__file__).parents[1]
OWN = ("explore", "validation", "robustness", "keyness")  # these have tests of their own
NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if path.stem not in OWN)
WEEK = {"start": "2017-03-06", "end": "2017-03-12"}
SAID = [
    "Ukraine asked South Korea for arms, President Volodymyr Zelensky said on Monday. Peace talks will go on.",
    "Russia attacked Ukraine again. \u201cWe will not stop,\u201d the Kremlin said. Civilians died in the shelling.",
    "The United States and China disagree about sanctions. NATO allies discussed military aid and a ceasefire.",
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of eighteen short articles of three outlets in three weeks."""
    path = tmp_path_factory.mktemp("small") / "small.csv"
    with path.open("w", newline="", encoding="utf8") as file:
        rows = csv.writer(file)
        rows.writerow(["outlet", "published", "headline", "text"])
        for number in range(18):
            text = " ".join(SAID[(number + turn) % 3] for turn in range(1 + number % 4))
            rows.writerow([f"outlet-{number % 3}.org", f"2017-02-{number + 3:02d}", f"{SAID[number % 3].split('.')[0]} ({number})", text])
    return path


@pytest.mark.slow
def test_every_notebook_runs_on_a_small_corpus_and_on_two_short_texts_without_a_date(small: Path, tmp_path: Path) -> None:
    for number, said in enumerate(("Ukraine and Russia met, officials said. They did not agree.", "Russia attacked Ukraine, France said.")):
        (tmp_path / f"{number}.txt").write_text(f"Headline {number}\n\n{said}\n", "utf8")
    jobs = {
        f"{name} {given.stem}": Job(ROOT / "notebooks" / f"{name}.ipynb", {"corpus": str(given)}, 300, 600)
        for name in NAMES
        for given in (small, tmp_path)
    }
    runs: dict[str, Run] = {}
    run_jobs(jobs, report=runs.__setitem__)
    assert {name: run.reason for name, run in runs.items() if run.status != "ok"} == {}
    for name, run in runs.items():
        cells = [cell for cell in run.notebook["cells"] if cell["cell_type"] == "code"]
        kinds = {kind for cell in cells for output in cell["outputs"] for kind in output.get("data", {})}
        assert {"image/png", "text/html"} <= kinds or name.endswith(tmp_path.stem), name


@pytest.mark.slow
def test_validation_and_robustness_run_on_a_corpus_that_was_coded(tmp_path: Path) -> None:
    war, other = "The troops attacked town {n} with bombs.", "Rain fell on field {n}, and nobody in house {n} slept."
    wars = {"a.org": 24, "b.org": 14, "c.org": 9}  # articles of thirty that tell of war
    texts = [
        (outlet, f"{(war if n < most else other).format(n=f'{outlet[0]}{n}')} {other.format(n=f'{outlet[0]}{n}x')}")
        for outlet, most in wars.items()
        for n in range(30)
    ]
    pd.DataFrame(texts, columns=["outlet", "text"]).to_csv(tmp_path / "coded.csv", index=False)
    news = read_corpus(small := tmp_path / "coded.csv")
    drawn = sample_sentences(find_mentions(news, "frames", "war-words"), n=120)
    said = news.sentences.merge(drawn.sample[["article_id", "sentence"]]).assign(entry="war-words", note="")
    said["label"] = said["text"].str.contains("attacked|house a1").map({True: "yes", False: "no"})
    rows = pd.concat([said.assign(coder=coder) for coder in ("ann", "bob")])[drawn.rows.columns]
    write_labels(replace(drawn, rows=rows), tmp_path / "labels.csv", texts=False)
    given = {"corpus": str(small), "labels": str(tmp_path / "labels.csv")}
    own = {"validation": {"entries": ["war-words"], "start": ""}, "robustness": {"entry": "war-words"}}
    jobs = {name: Job(ROOT / "notebooks" / f"{name}.ipynb", {**given, **values}, 300, 600) for name, values in own.items()}
    runs: dict[str, Run] = {}
    run_jobs(jobs, report=runs.__setitem__)
    assert {name: run.reason for name, run in runs.items() if run.status != "ok"} == {}


@pytest.mark.slow
def test_keyness_runs_where_there_are_several_outlets(small: Path) -> None:
    given = {"corpus": str(small), "pair": ["outlet-0.org", "outlet-1.org"], "actors": ["UKR"], "least": 1}
    runs: dict[str, Run] = {}
    run_jobs({"keyness": Job(ROOT / "notebooks" / "keyness.ipynb", given, 300, 600)}, report=runs.__setitem__)
    assert (runs["keyness"].status, runs["keyness"].reason) == ("ok", "")
    told = json.dumps(runs["keyness"].notebook)
    assert "What sets outlet-0.org apart from outlet-1.org" in told and "Words around Ukraine" in told


@pytest.mark.slow
def test_papermills_own_command_line_runs_a_notebook_on_the_sample_corpus(tmp_path: Path, news_2017: Path) -> None:
    out = tmp_path / "out.ipynb"
    week = [word for name, day in WEEK.items() for word in ("-p", name, day)]
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", "-k", "python3", "notebooks/actors.ipynb", str(out), *week]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    cells = [cell for cell in json.loads(out.read_text("utf8"))["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    kinds = {kind for cell in cells for output in cell["outputs"] for kind in output.get("data", {})}
    assert {"image/png", "text/html"} <= kinds


@pytest.mark.slow
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
def lab(tmp_path_factory: pytest.TempPathFactory, news_2017: Path, small: Path):
    """A real JupyterLab on a loopback port, with nothing of the user's settings; notebooks read the small corpus, one a real one."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "notebooks").mkdir()
    given: dict[str, dict[str, object]] = {name: {"corpus": str(small)} for name in NAMES} | {"actors-week": dict(WEEK)}
    for name, values in given.items():
        notebook = read_notebook(ROOT / "notebooks" / f"{name.removesuffix('-week')}.ipynb")
        (folder / "notebooks" / f"{name}.ipynb").write_text(write_json(write_parameters(notebook, values, name)), "utf8")
    with serve_lab(folder) as served:
        yield served


RUN_ALL = """async () => {
  const w = jupyterapp.shell.currentWidget;
  await w.context.ready; await w.revealed; await w.sessionContext.ready; await w.sessionContext.session.kernel.info;
  await jupyterapp.commands.execute('notebook:run-all-cells');
  const cells = w.content.model.sharedModel.cells.map(c => c.toJSON()).filter(c => c.cell_type === 'code');
  return {n: cells.length, run: cells.filter(c => c.execution_count).length,
          errors: cells.flatMap(c => c.outputs).filter(o => o.output_type === 'error').map(o => o.evalue)};
}"""


@pytest.mark.slow
@pytest.mark.parametrize("name", [*NAMES, "actors-week"])
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
