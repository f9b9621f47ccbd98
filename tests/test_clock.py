"""The clock jumps, and corpora change during a run: nothing is lost, and nothing old is taken for new."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from toolkit import read_corpus, read_labels
from toolkit.parsing import hash_source
from toolkit.parsing.store import keep_folder, list_kept
from toolkit.publishing import verify_book
from toolkit.publishing.setting import stat_files

from .conftest import ROOT
from .publishing import project
from .publishing.conftest import built
from .publishing.test_book import write_page
from .publishing.test_running import wait_until
from .test_faults import read_all, start

__all__ = ["built"]  # a fixture
DAY = 86_400
JUMPS = {"back": -DAY, "forward": DAY, "to 1970": 1 - int(time.time())}
CLOCK = """
import os, time
ahead, ahead_ns = int(os.environ["AHEAD"]), int(os.environ["AHEAD"]) * 10**9
time.time, time.time_ns = (lambda now=time.time: now() + ahead), (lambda now=time.time_ns: now() + ahead_ns)
"""


def shift(folder: Path, seconds: int) -> None:
    """Give all files and folders another time, as if they had been made before the clock was set."""
    for path in [folder, *folder.rglob("*")]:
        stat = path.stat()
        os.utime(path, ns=(stat.st_atime_ns + seconds * 10**9, stat.st_mtime_ns + seconds * 10**9))


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("jump", list(JUMPS))
def test_what_was_just_made_is_kept_whatever_the_times_of_older_things(jump: str, own_cache: Path) -> None:
    made: list[int] = []

    def make(folder: Path) -> None:
        made.append(1)
        (folder / "a.txt").write_text("a")

    for number in range(12):
        keep_folder("things", [number], make)
    shift(own_cache / "tables", JUMPS[jump])
    for number in (20, 21, 20, 21):
        assert (keep_folder("things", [number], make) / "a.txt").is_file()
    if jump != "forward":  # those of a future that was none go last: what is made meanwhile is made again, and is there when it is needed
        assert len(made) == 14
    assert len([path for path in (own_cache / "tables").iterdir() if path.is_dir()]) <= 8


@pytest.mark.parametrize("when", [1, 2_000_000_000, 9_000_000_000, 40_000_000_000])
def test_the_cache_is_listed_whatever_its_times(when: int, own_cache: Path) -> None:
    keep_folder("things", [1], lambda folder: (folder / "a.txt").write_text("a"))
    for path in own_cache.rglob("*"):
        os.utime(path, (when, when))
    assert list_kept()["name"].tolist() == ["things"]


def test_a_corpus_is_known_by_its_content_and_not_by_its_time(own_cache: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("text,outlet\nIt rains on Kyiv.,x.com\n")
    first, stat = read_corpus(file), file.stat()
    kept = sorted(own_cache.rglob("*.parquet"))
    for seconds in JUMPS.values():
        os.utime(file, (stat.st_atime + seconds, stat.st_mtime + seconds))
        assert read_corpus(file).sha256 == first.sha256 and sorted(own_cache.rglob("*.parquet")) == kept, "it was read again"
    file.write_text("text,outlet\nIt snows on Kyiv.,x.com\n")  # as long
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert hash_source(file) != first.sha256 and "snows" in read_corpus(file).articles["text"][0]


def test_the_last_answer_counts_and_not_the_one_of_the_latest_hour(tmp_path: Path) -> None:
    news = read_corpus("ukraine-korea")
    place = {"article_id": news.articles["article_id"][0], "sentence": int(news.searched["sentence"][3])}
    lines = [
        {**place, "entry": "UKR", "coder": "ann", "label": label, "note": "", "coded_at": at}
        for label, at in (("yes", "2026-12-02T10:00:00.000+00:00"), ("no", "2026-12-01T10:00:00.000+00:00"))
    ]
    (tmp_path / "ann.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert read_labels(tmp_path / "ann.jsonl", news, "actors").rows["label"].tolist() == ["no"]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of six parts."""
    folder = tmp_path_factory.mktemp("large")
    texts = [f"Ukraine said that it rains for the {n}th time. A delegation makes a plea. " * 8 for n in range(5500)]
    pd.DataFrame({"text": texts, "outlet": "x.com"}).to_csv(folder / "a.csv", index=False)
    done = start("corpus", "read", str(folder / "a.csv"), "--out", str(folder / "c.parquet"), log=folder / "log")
    assert done.wait() == 0
    return folder


def write_count(corpus: Path, out: Path) -> list[str]:
    return ["count", str(corpus), "--codebook", "frames", "--codebook", "language", "--out", str(out)]


@pytest.mark.slow
@pytest.mark.parametrize("jump", list(JUMPS))
def test_after_a_kill_and_a_jump_of_the_clock_the_rest_is_done_with_the_same_bytes(jump: str, large: Path, tmp_path: Path) -> None:
    cache, words = tmp_path / "cache", write_count(large / "c.parquet", tmp_path / "out")
    assert start(*write_count(large / "c.parquet", tmp_path / "whole"), log=tmp_path / "log").wait() == 0
    running = start(*words, log=tmp_path / "log", FRAMEBOOK_CACHE=str(cache), FRAMEBOOK_JOBS="1")
    wait_until(lambda: len([*cache.rglob("*.parquet")]) >= 2)
    running.kill()
    running.wait()
    kept = {path: path.read_bytes() for path in cache.rglob("*.parquet") if ".writing-" not in str(path)}
    shift(cache, JUMPS[jump])
    shift(tmp_path / "out", JUMPS[jump])
    times = {path: path.stat().st_mtime_ns for path in kept}
    assert start(*words, log=tmp_path / "log", FRAMEBOOK_CACHE=str(cache), FRAMEBOOK_JOBS="1").wait() == 0, (tmp_path / "log").read_text()
    assert read_all(tmp_path / "out") == read_all(tmp_path / "whole")
    assert {path: path.stat().st_mtime_ns for path in kept} == times, "a part that was done was done again"
    assert not [*tmp_path.rglob(".writing-*")]


@pytest.mark.slow
def test_a_page_that_changed_after_the_clock_was_set_back_is_set_and_checked(tmp_path: Path) -> None:
    """Sphinx holds the time when it read a page against the time of the page's file."""
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(CLOCK)
    root = project.write_project(tmp_path / "project", {"good-page": {}, "other": {}})
    html = root / "book" / "_build" / "html"

    def build(ahead: int) -> None:
        own = {**os.environ, "PYTHONPATH": f"{tmp_path / 'clock'}{os.pathsep}{ROOT}", "AHEAD": str(ahead)}
        command = [sys.executable, "-m", "toolkit", "book", "build", "--root", str(root)]
        done = subprocess.run(command, env=own, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    build(DAY)
    other = (html / "pages" / "other.html").stat().st_mtime_ns
    write_page(root, "good-page", parameters={"word": "arms"})
    build(0)
    assert "Two bars: arms" in (html / "pages" / "good-page.html").read_text("utf8")
    assert "Two bars: arms" in (html / "index.html").read_text("utf8")
    assert (html / "pages" / "other.html").stat().st_mtime_ns == other, "a page that did not change was set again"
    in_part = read_all(html)
    shutil.rmtree(root / "book" / "_build" / "html")
    build(0)
    assert read_all(html) == in_part


def test_what_changed_is_checked_whatever_its_time(built: tuple[Path, object], tmp_path: Path) -> None:
    shutil.copytree(built[0], tmp_path / "project", copy_function=shutil.copy2)
    root = tmp_path / "project"
    html = root / "book" / "_build" / "html"
    before = stat_files(root / "book", html.rglob("*"))
    page = html / "pages" / "good-page.html"
    page.write_text(page.read_text("utf8").replace("</body>", '<img src="https://outside.example/x.png" alt="x"></body>'), "utf8")
    shift(page, -DAY)
    assert [fault for fault in verify_book(root, before=before) if "good-page.html: " in fault and "outside.example" in fault]
    assert not [fault for fault in verify_book(root, before=stat_files(root / "book", html.rglob("*"))) if "outside" in fault]


WAYS: dict[str, Callable[[Path, Path], object]] = {
    "replaced": lambda new, old: new.replace(old),
    "written over": lambda new, old: old.write_bytes(new.read_bytes()),
    "gone": lambda new, old: old.unlink(),
}


@pytest.mark.slow
@pytest.mark.parametrize("way", list(WAYS))
def test_a_corpus_that_changes_while_it_is_counted_is_refused(way: str, large: Path, tmp_path: Path) -> None:
    file, cache = tmp_path / "c.parquet", tmp_path / "cache"
    shutil.copy(large / "c.parquet", file)
    shutil.copy(large / "c.parquet", tmp_path / "new.parquet")
    running = start(*write_count(file, tmp_path / "out"), log=tmp_path / "log", FRAMEBOOK_CACHE=str(cache), FRAMEBOOK_JOBS="1")
    wait_until(lambda: any(cache.rglob("*.parquet")))
    running.send_signal(signal.SIGSTOP)
    WAYS[way](tmp_path / "new.parquet", file)
    running.send_signal(signal.SIGCONT)
    assert running.wait() == 2
    said = (tmp_path / "log").read_text().splitlines()[-1]
    assert said == f"framebook: {file}: it changed while it was read. Run it again when nobody writes to it."
    assert not read_all(tmp_path / "out")


@pytest.mark.slow
def test_an_input_that_changes_while_it_is_read_is_told(large: Path, tmp_path: Path) -> None:
    shutil.copy(large / "a.csv", tmp_path)
    running = start("corpus", "read", str(tmp_path / "a.csv"), "--out", str(tmp_path / "out" / "c.parquet"), log=tmp_path / "log")
    wait_until(lambda: any((tmp_path / "out").rglob(".writing-*/new/draft")))
    running.send_signal(signal.SIGSTOP)
    with (tmp_path / "a.csv").open("a") as stream:
        stream.write("It snows.,y.com\n")
    running.send_signal(signal.SIGCONT)
    assert running.wait() == 1, (tmp_path / "log").read_text()
    assert "a.csv: it changed while it was read, and parts of both may be in the corpus." in (tmp_path / "log").read_text()
