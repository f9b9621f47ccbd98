"""Coding by keyboard: each keystroke is saved, whatever ends; in a real JupyterLab, in a real browser."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.coding.toy import BOOK, make_labels, make_sample
from tests.conftest import serve_lab
from toolkit import code_sentences, read_labels
from toolkit.coding.asking import Coding
from toolkit.coding.files import read_lines
from toolkit.errors import TableError, ToolkitError

ROOT = Path(__file__).parents[2]


def press(coding: Coding, at: int, label: str, note: str = "") -> None:
    """What the script sends."""
    coding._handle_msg({"content": {"data": {"method": "custom", "content": {"at": at, "label": label, "note": note}}}, "buffers": []})


def list_said(coding: Coding) -> list[str]:
    return [question["label"] for question in coding.questions]


def test_the_entries_of_a_sentence_are_asked_one_after_the_other(tmp_path: Path) -> None:
    asked = code_sentences(make_sample(3, ("war", "peace")), file=tmp_path / "a.jsonl").questions
    assert [(one["article_id"], one["sentence"], one["entry"]) for one in asked][:3] == [
        ("art000", 0, "war"),
        ("art000", 0, "peace"),
        ("art000", 1, "war"),
    ]


def test_the_machine_is_not_heard(tmp_path: Path) -> None:
    labels = make_labels({"bob": "yny"})
    sent = json.dumps(code_sentences(labels, "ann", file=tmp_path / "a.jsonl").get_state(), default=str)
    assert "no mention" not in sent and "probability" not in sent and "bob" not in sent


def test_a_keystroke_is_saved_before_it_counts(tmp_path: Path) -> None:
    path, labels = tmp_path / "a.jsonl", make_sample(2)
    coding = code_sentences(labels, "ann", file=path)
    press(coding, 1, "yes", "hm")
    last = json.loads(path.read_text().splitlines()[-1])
    when = pd.Timestamp(last.pop("coded_at"))
    assert when.tz is not None and abs(pd.Timestamp.now("UTC") - when) < pd.Timedelta(minutes=1)
    assert last == {"article_id": "art000", "sentence": 1, "entry": "war", "start": 20, "coder": "ann", "label": "yes", "note": "hm"}
    assert coding.labels.rows.values.tolist() == [["art000", 1, "war", "ann", "yes", "hm"]]
    assert path.read_text().count("\n") == len(labels.sample) + 1


@given(strokes=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["yes", "no", "unsure", ""]), st.text(max_size=5))))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_said_is_there_after_a_restart(strokes: list[tuple[int, str, str]], tmp_path: Path) -> None:
    path, labels = tmp_path / "a.jsonl", make_sample(3, ("war", "peace"))
    path.unlink(missing_ok=True)
    coding = code_sentences(labels, "ann", file=path)
    for at, label, note in strokes:
        press(coding, at, label or coding.questions[at]["label"], note)  # a note goes with the answer that is there
    again = code_sentences(labels, "ann", file=path)
    assert [(one["label"], one["note"]) for one in again.questions] == [(one["label"], one["note"]) for one in coding.questions]
    pd.testing.assert_frame_equal(again.labels.rows, coding.labels.rows)
    read = read_labels(path, labels.corpus, BOOK, entries=["war", "peace"])
    pd.testing.assert_frame_equal(read.sample, labels.sample)
    key = ["article_id", "sentence", "entry"]
    pd.testing.assert_frame_equal(*(one.rows.sort_values(key, ignore_index=True) for one in (read, coding.labels)))


def test_two_coders_may_share_a_file(tmp_path: Path) -> None:
    path, labels = tmp_path / "both.jsonl", make_sample(3)
    ann, bob = (code_sentences(labels, coder, file=path) for coder in ("ann", "bob"))
    for at in range(3):
        press(ann, at, "yes")
        press(bob, at, "no")
    assert list_said(code_sentences(labels, "ann", file=path)) == ["yes"] * 3
    assert list_said(code_sentences(labels, "bob", file=path)) == ["no"] * 3
    assert read_labels(path, labels.corpus, BOOK).rows["coder"].value_counts().to_dict() == {"ann": 3, "bob": 3}


WRITER = """
import sys
from pathlib import Path
from toolkit.coding.files import add_lines
for number in range(300):
    add_lines(Path(sys.argv[1]), [{"coder": sys.argv[2], "number": number, "note": "x" * 500}])
"""


def test_two_processes_write_to_one_file_and_nothing_mixes(tmp_path: Path) -> None:
    path = tmp_path / "both.jsonl"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), coder], env=environment) for coder in ("ann", "bob")]
    assert [one.wait(120) for one in running] == [0, 0]
    rows = list(read_lines(path))
    assert len(rows) == 600
    for coder in ("ann", "bob"):
        assert [row["number"] for row in rows if row["coder"] == coder] == list(range(300))


def test_a_line_cut_off_by_a_kill_is_told_and_nothing_else_is_lost(tmp_path: Path) -> None:
    path, labels = tmp_path / "a.jsonl", make_sample(3)
    press(code_sentences(labels, "ann", file=path), 0, "yes")
    path.write_bytes(path.read_bytes() + b'{"article_id": "art000", "sen')
    coding = code_sentences(labels, "ann", file=path)
    assert coding.told == "line 5 is cut off or damaged"
    press(coding, 1, "no")
    assert list_said(code_sentences(labels, "ann", file=path)) == ["yes", "no", ""]


@given(at=st.integers(1, 300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_kill_while_the_file_is_begun_does_no_harm(at: int, tmp_path: Path) -> None:
    path, labels = tmp_path / "a.jsonl", make_sample(3)
    path.unlink(missing_ok=True)
    code_sentences(labels, "ann", file=path)
    path.write_bytes(path.read_bytes()[:-at])
    press(code_sentences(labels, "ann", file=path), 2, "yes")
    assert list_said(code_sentences(labels, "ann", file=path)) == ["", "", "yes"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the damaged line
        pd.testing.assert_frame_equal(read_labels(path, labels.corpus, BOOK).sample, labels.sample)


def test_labels_given_count_as_coded(tmp_path: Path) -> None:
    coding = code_sentences(make_labels({"ann": "y-n", "bob": "yyy"}), "ann", file=tmp_path / "a.jsonl")
    assert list_said(coding) == ["yes", "", "no"]
    press(coding, 1, "unsure")
    assert sorted(coding.labels.rows["coder"]) == ["ann"] * 3 + ["bob"] * 3


def test_what_is_disputed_is_settled_and_who_said_what_is_kept(tmp_path: Path) -> None:
    labels = make_labels({"ann": "ynuy", "bob": "yyun"})
    coding = code_sentences(labels, "settled", file=tmp_path / "s.jsonl")
    assert [one["said"] for one in coding.questions] == ["ann: no · bob: yes", "ann: unsure · bob: unsure", "ann: yes · bob: no"]
    press(coding, 0, "yes")
    assert coding.labels.coders == ("ann", "bob", "settled")
    assert coding.labels.settled["holds"].tolist() == [True, True]
    assert len(coding.labels.rows) == len(labels.rows) + 1


def test_the_file_is_named_by_corpus_codebook_and_coder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    labels = make_sample(2)
    code_sentences(replace(labels, corpus=replace(labels.corpus, name="../News 2017")), "Änn/../x")
    assert [path.name for path in tmp_path.iterdir()] == ["labels-news-2017-toy-frames-nn-x.jsonl"]


def test_a_file_of_another_sample_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    code_sentences(make_sample(3), file=path)
    before = path.read_bytes()
    with pytest.raises(ToolkitError) as fault:
        code_sentences(make_sample(2), file=path)
    assert str(fault.value) == f"{path}: was begun with another sample. Give the labels that it was begun with, or another file=…."
    assert path.read_bytes() == before


@pytest.mark.parametrize("coder", ["", " "])
def test_a_coder_without_a_name_is_refused_before_a_file_is_begun(coder: str, tmp_path: Path) -> None:
    with pytest.raises(ToolkitError) as fault:
        code_sentences(make_sample(2), coder, file=tmp_path / "a.jsonl")
    told = f"code_sentences: coder={coder!r} is no name. Allowed: any name, such as 'anna'. Say who codes."
    assert str(fault.value) == told
    assert not (tmp_path / "a.jsonl").exists()


def test_a_sample_without_chances_is_coded_on_after_a_restart(tmp_path: Path) -> None:
    labels = make_sample(3)
    labels = replace(labels, sample=labels.sample.assign(probability=float("nan"), stratum=""))
    press(code_sentences(labels, "ann", file=tmp_path / "a.jsonl"), 0, "yes")
    assert list_said(code_sentences(labels, "ann", file=tmp_path / "a.jsonl")) == ["yes", "", ""]
    assert "NaN" not in (tmp_path / "a.jsonl").read_text()
    pd.testing.assert_frame_equal(read_labels(tmp_path / "a.jsonl", labels.corpus, BOOK).sample, labels.sample)


def test_only_labels_are_coded() -> None:
    with pytest.raises(TableError, match="code_sentences: got str 'news', expected Labels"):
        code_sentences("news")  # type: ignore[arg-type]


def test_the_script_asks_for_nothing_and_writes_no_markup() -> None:
    for text in (Coding._esm, Coding._css):
        assert "http" not in str(text) and "@import" not in str(text) and "url(" not in str(text)
    assert "innerHTML" not in str(Coding._esm) and "import " not in str(Coding._esm).replace("// ", "")


# --- in JupyterLab

N = 60
HOSTILE = "<img src=x onerror=alert(1)> & $x$"
CELLS = [
    "import pandas as pd\n"
    "from toolkit import code_sentences, find_mentions, read_corpus, read_labels, sample_sentences\n"
    f"texts = [f'The army shelled {HOSTILE} town number {{n}} on Monday. Peace came to {HOSTILE} {{n}} people.' for n in range({N})]\n"
    "news = read_corpus(pd.DataFrame({'text': texts}))\n"
    "drawn = sample_sentences(find_mentions(news, 'frames', ['war-words']), n=60)",
    "coding = code_sentences(drawn, 'anna', file='anna.jsonl')\ncoding",
    "print(len(coding.labels.rows))",
]
READY = "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
COUNT = ".fb-coding .fb-c-count"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    folder = tmp_path_factory.mktemp("coding")
    with serve_lab(folder) as (address, token):
        yield address, token, folder


class Desk:
    """A page of JupyterLab with a notebook that codes."""

    def __init__(self, lab: tuple[str, str, Path], browser, name: str, *, dark: bool = False) -> None:
        address, token, folder = lab
        self.folder, self.faults = folder / name, []
        self.folder.mkdir()
        cells = [nbformat.v4.new_code_cell(source, id=f"cell-{at}") for at, source in enumerate(CELLS)]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), self.folder / "coding.ipynb")
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", lambda dialog: self.faults.append(dialog.message))
        self.page.on("request", lambda request: self.faults.append(request.url) if self.is_outside(request.url, address) else None)
        self.page.goto(f"{address}/doc/tree/{name}/coding.ipynb?reset&token={token}")
        self.page.wait_for_function(READY)
        if dark:
            self.page.evaluate("jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
            self.page.wait_for_selector('body[data-jp-theme-light="false"]', state="attached")

    @staticmethod
    def is_outside(url: str, address: str) -> bool:
        return not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))

    def run(self) -> None:
        """Run the first two cells by keyboard; the widget has the focus then."""
        self.page.evaluate(
            "jupyterapp.shell.currentWidget.content.activeCellIndex = 0; jupyterapp.shell.currentWidget.content.mode = 'command'"
        )
        self.page.evaluate("jupyterapp.shell.currentWidget.content.node.focus()")
        self.page.evaluate("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
        self.page.keyboard.press("Shift+Enter")
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_selector(COUNT)
        self.page.wait_for_function("document.activeElement.classList.contains('fb-coding')")

    def wait(self, n: int) -> None:
        self.page.wait_for_function("([at, n]) => document.querySelector(at)?.textContent.startsWith(`${n} of`)", arg=[COUNT, n])

    def press(self, *keys: str) -> None:
        for key in keys:
            n = self.count()
            self.page.keyboard.press(key)
            self.wait(n + 1)

    def count(self) -> int:
        return int(self.page.inner_text(COUNT).split()[0])

    def strokes(self) -> list[dict[str, object]]:
        rows = [json.loads(line) for line in (self.folder / "anna.jsonl").read_text("utf8").splitlines()]
        return [row for row in rows if "coder" in row]

    def find_kernel(self) -> int:
        """The process of the kernel."""
        code = "import os; print(os.getpid())"
        return int(
            self.page.evaluate(
                """async code => new Promise(done => {
                  const future = jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code});
                  future.onIOPub = one => { if (one.header.msg_type === 'stream') done(one.content.text); };
                })""",
                code,
            )
        )


@pytest.mark.slow
def test_sixty_sentences_are_coded_by_keyboard_alone(lab, browser) -> None:
    desk = Desk(lab, browser, "sixty")
    desk.run()
    begun = time.monotonic()
    for at in range(N):
        desk.press("ynu"[at % 3])
        assert ("about 1 min left" in desk.page.inner_text(COUNT)) == (3 <= at < N - 1)
    took = time.monotonic() - begun
    assert "All 60 answers are saved in anna.jsonl." in desk.page.inner_text(".fb-coding")
    assert [row["label"] for row in desk.strokes()] == ["yes", "no", "unsure"] * 20  # one keystroke an answer
    assert took < 60, f"{took:.1f} s for {N} answers leaves a coder less than nine minutes to read"
    kinds = desk.page.evaluate("jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(cell => cell.cell_type)")
    assert kinds == ["code"] * 3, "m and y did not reach JupyterLab"
    assert desk.faults == []
    print(f"{N} keystrokes in {took:.1f} s, {1000 * took / N:.0f} ms each")
    desk.page.close()


@pytest.mark.slow
def test_back_note_and_a_held_key(lab, browser) -> None:
    desk = Desk(lab, browser, "keys")
    desk.run()
    first = desk.page.inner_text(".fb-c-text")
    desk.press("y")
    assert desk.page.inner_text(".fb-c-text") != first
    for key in ("ArrowLeft", "ArrowRight", "b"):
        desk.page.keyboard.press(key)
    assert desk.page.inner_text(".fb-c-text") == first
    assert desk.page.get_attribute(".fb-coding button >> nth=0", "aria-pressed") == "true"
    desk.page.keyboard.press("m")
    desk.page.keyboard.type("my note, no y")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_function("document.activeElement.classList.contains('fb-coding')")
    desk.page.keyboard.press("n")
    desk.page.wait_for_function("first => document.querySelector('.fb-c-text').textContent !== first", arg=first)
    assert (desk.strokes()[-1]["label"], desk.strokes()[-1]["note"]) == ("no", "my note, no y")
    n = len(desk.strokes())
    desk.page.keyboard.down("y")
    for _ in range(5):
        desk.page.keyboard.down("y")  # repeats, as of a key held down
    desk.page.keyboard.up("y")
    desk.wait(2)
    assert len(desk.strokes()) == n + 1
    assert HOSTILE in desk.page.inner_text(".fb-c-text") and HOSTILE in desk.page.inner_text(".fb-c-near >> visible=true")
    assert desk.page.locator(".fb-coding img, .fb-coding b").count() == 0
    assert desk.faults == []
    desk.page.close()


@pytest.mark.slow
def test_a_reload_a_restart_and_a_kill_lose_nothing(lab, browser) -> None:
    desk = Desk(lab, browser, "lasting")
    desk.run()
    desk.press("y", "n", "u")
    desk.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    desk.page.reload()
    desk.page.wait_for_selector(COUNT)  # the kernel is alive: the widget is back by itself
    desk.wait(3)
    desk.page.focus(".fb-coding")
    desk.press("y")

    desk.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    desk.page.wait_for_function(READY)
    desk.run()
    desk.wait(4)
    desk.press("n")

    os.kill(desk.find_kernel(), signal.SIGKILL)
    desk.page.focus(".fb-coding")
    desk.page.keyboard.press("u")
    desk.page.wait_for_function("document.querySelector('.fb-c-told').textContent.startsWith('Not saved')")
    assert desk.count() == 5
    desk.page.wait_for_selector(".jp-Dialog")  # JupyterLab says that the kernel has died, and starts another
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector(".jp-Dialog", state="detached")
    desk.page.wait_for_function(READY)
    desk.run()
    desk.wait(5)
    desk.press("u")
    assert [row["label"] for row in desk.strokes()] == ["yes", "no", "unsure", "yes", "no", "unsure"]
    places = [(row["article_id"], row["sentence"]) for row in desk.strokes()]
    assert len(set(places)) == 6
    desk.page.close()


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_widget_is_accessible(theme: str, lab, browser, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    desk = Desk(lab, browser, theme, dark=theme == "dark")
    desk.run()
    desk.press("y")
    desk.page.keyboard.press("ArrowLeft")
    faults = []
    for width in (1280, 800):
        desk.page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(desk.page, context=".fb-coding", options={"preload": False}).response
        faults += [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]
        assert found["passes"]
        wide = desk.page.evaluate("(el => el.scrollWidth - el.clientWidth)(document.querySelector('.fb-coding'))")
        assert wide <= 0
        desk.page.screenshot(path=Path(os.environ.get("FRAMEBOOK_SCREENSHOTS", tmp_path)) / f"coding-{theme}-{width}.png")
    assert faults == []
    outline = "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"
    assert desk.page.evaluate(outline) == "solid3px"
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.activeElement.textContent") == "Yesy"
    assert desk.page.evaluate(outline) == "solid3px"
    live = desk.page.locator(".fb-coding [aria-live=polite]").all_inner_texts()
    assert live[0].startswith("Does the sentence hold this: Words of war?") and live[1]
    desk.page.close()
