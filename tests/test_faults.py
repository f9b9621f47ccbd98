"""When things break: real processes on full and read-only disks, killed and interrupted, and fed with what is damaged or hostile."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from .conftest import ROOT, run_framebook
from .publishing import project
from .publishing.test_running import find_kernels, wait_until

# A shell says 130 of both. Python ends itself by the signal, after ours is said, where it came within an `exec` of a text, as in imports.
INTERRUPTED = (130, -signal.SIGINT)
LEFT = "What was there before is unchanged, and what was finished is kept: run the same command again."
TEXT = "Talks fail\n\nUkraine said on Monday that it rains. “It snows in Kyiv,” said Emmanuel Macron.\n"

COMMANDS: dict[str, list[str]] = {
    "read": ["corpus", "read", "IN/a.txt", "--out", "OUT/c.parquet"],
    "count": ["count", "IN/c.parquet", "--codebook", "actors", "--out", "OUT/counts"],
    "sources": ["sources", "IN/c.parquet", "--out", "OUT/sources"],
    "convert": ["codebook", "convert", "frames", "OUT/frames.yml"],
    "diff": ["codebook", "diff", "frames", "frames", "--corpus", "IN/c.parquet", "--out", "OUT/moves"],
    "new": ["new", "OUT/mine", "--articles", "IN/a.txt"],
    "run": ["run", "IN/good.ipynb", "--out", "OUT/good.ipynb"],
}


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text, the corpus made of it, and a notebook."""
    folder = tmp_path_factory.mktemp("in")
    (folder / "a.txt").write_text(TEXT, "utf8")
    done = run_framebook("corpus", "read", str(folder / "a.txt"), "--out", str(folder / "c.parquet"))
    assert done.returncode == 0, done.stderr
    project.write_notebook(folder / "good.ipynb", "pass")
    return folder


def write_command(name: str, given: Path, out: Path) -> list[str]:
    return [word.replace("IN/", f"{given}/").replace("OUT/", f"{out}/") for word in COMMANDS[name]]


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def check_said(done: subprocess.CompletedProcess[str], said: str) -> None:
    """One sentence in place of a traceback, with what is left and what to do."""
    assert done.returncode == 3, done
    line = [line for line in done.stderr.splitlines() if line.startswith("framebook: ")]
    assert len(line) == 1 and said in line[0] and line[0].endswith(f"Give it room or permission, or write elsewhere. {LEFT}")
    assert "Traceback" not in done.stderr


def mount(folder: Path, options: str) -> None:
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a disk")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    mount(tmp_path / "disk", "size=4m")
    yield tmp_path / "disk"
    subprocess.run(["umount", str(tmp_path / "disk")], check=True)


@pytest.mark.parametrize("name", ["read", "count", "sources", "convert", "diff", "run"])
def test_on_a_full_disk_what_was_there_stays_and_one_sentence_is_said(name: str, given: Path, disk: Path) -> None:
    command = write_command(name, given, disk)
    assert run_framebook(*command).returncode == 0
    before = read_all(disk)
    assert before
    if name == "run":  # what is the same is not written again
        command += ["-p", "word=arms"]
    with (disk / "full").open("wb", buffering=0) as stream, pytest.raises(OSError, match="No space left"):
        while True:
            stream.write(bytes(1 << 12))
    done = run_framebook(*command)
    check_said(done, "full" if name == "read" else "No space left on device")
    (disk / "full").unlink()
    assert read_all(disk) == before


def test_on_a_full_disk_no_project_is_begun(given: Path, disk: Path) -> None:
    (disk / "full").write_bytes(bytes((4 << 20) - (1 << 14)))
    check_said(run_framebook(*write_command("new", given, disk)), "full")
    assert [path.name for path in disk.iterdir()] == ["full"]


def test_where_files_may_not_grow_the_cache_says_so(given: Path, tmp_path: Path) -> None:
    """A quota, which needs no leave to mount."""
    import resource

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FRAMEBOOK_CACHE": str(tmp_path / "cache")}
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))  # noqa: E731
    command = [sys.executable, "-m", "toolkit", *write_command("count", given, tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, preexec_fn=limit)
    check_said(done, "File too large")
    assert all(place.endswith(".lock") and not content for place, content in read_all(tmp_path).items())


@pytest.mark.parametrize("name", list(COMMANDS))
def test_in_a_folder_that_is_read_only_one_sentence_is_said(name: str, given: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if os.geteuid():
        out.mkdir(mode=0o500)
    else:
        mount(out, "ro")
    done = run_framebook(*write_command(name, given, out))
    if not os.geteuid():
        subprocess.run(["umount", str(out)], check=True)
    check_said(done, "Permission denied" if os.geteuid() else "Read-only file system")
    assert f"framebook: {out}" in done.stderr


FOREIGN = {"a": [1, 2]}


@pytest.mark.parametrize("command", ["count", "sources", "diff"])
@pytest.mark.parametrize("how", ["cut", "foreign", "empty", "changed"])
def test_a_damaged_or_foreign_corpus_is_wrong_input(how: str, command: str, given: Path, tmp_path: Path) -> None:
    file = tmp_path / "c.parquet"
    content = bytearray((given / "c.parquet").read_bytes())
    place = content.index(b"Ukraine")
    content[place : place + 7] = b"Russia!"  # the same length: only the checksum of the page tells
    whole = {"cut": content[:900], "empty": b"", "changed": content}
    file.write_bytes(whole.get(how, b""))
    if how == "foreign":
        pd.DataFrame(FOREIGN).to_parquet(file)
    done = run_framebook(*write_command(command, tmp_path, tmp_path / "out"))
    assert done.returncode == 2 and "Traceback" not in done.stderr, done
    assert done.stderr.startswith(f"framebook: {file}: {'a corpus that cannot be read' if how == 'changed' else 'not one article in it'}")
    assert not read_all(tmp_path / "out")


def start(*words: str, log: Path, **environment: str) -> subprocess.Popen[str]:
    """Start the command line so that it can be interrupted, as in a terminal."""
    restore = lambda: signal.signal(signal.SIGINT, signal.default_int_handler)  # noqa: E731 - ignored in background jobs
    own = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with log.open("w") as stream:
        command = [sys.executable, "-m", "toolkit", *words]
        return subprocess.Popen(command, env=own, stdout=stream, stderr=stream, text=True, preexec_fn=restore, cwd=ROOT)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus that takes some seconds."""
    folder = tmp_path_factory.mktemp("large")
    texts = [f"Ukraine said that it rains for the {n}th time. " * 40 for n in range(3000)]
    pd.DataFrame({"text": texts, "outlet": "x.com"}).to_csv(folder / "a.csv", index=False)
    assert run_framebook("corpus", "read", str(folder / "a.csv"), "--out", str(folder / "c.parquet")).returncode == 0
    return folder


STAGES: dict[str, list[str]] = {
    "read": ["corpus", "read", "IN/a.csv", "--out", "OUT/c.parquet"],
    "count": COMMANDS["count"],
    "sources": COMMANDS["sources"],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(STAGES))
def test_after_kills_at_any_moment_the_same_command_makes_the_same_bytes_and_nothing_stays_behind(
    name: str, large: Path, given: Path, tmp_path: Path
) -> None:
    source = given if name == "sources" else large
    words = [word.replace("IN/", f"{source}/").replace("OUT/", f"{tmp_path}/out/") for word in STAGES[name]]
    cache = str(tmp_path / "cache")
    began = time.monotonic()
    assert start(*words, log=tmp_path / "log", FRAMEBOOK_CACHE=cache).wait() == 0, (tmp_path / "log").read_text()
    took, expected = time.monotonic() - began, read_all(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    generator, writing = random.Random(11), 0
    for number in range(6):
        shutil.rmtree(cache, ignore_errors=True)
        running = start(*words, log=tmp_path / "log", FRAMEBOOK_CACHE=cache)
        if number % 2:
            time.sleep(generator.uniform(0.3, 0.95) * took)
        else:
            wait_until(lambda running=running: running.poll() is not None or any((tmp_path / "out").rglob(".writing-*/new/*")))
        running.kill()
        running.wait()
        writing += any(tmp_path.rglob(".writing-*/new"))
        whole = {place: content for place, content in read_all(tmp_path / "out").items() if ".writing-" not in place}
        assert whole in ({}, expected)
    assert writing or name == "sources", "no kill met it while it was writing"  # sources writes for some milliseconds alone
    assert start(*words, log=tmp_path / "log", FRAMEBOOK_CACHE=cache).wait() == 0, (tmp_path / "log").read_text()
    assert read_all(tmp_path / "out") == expected
    assert not [*tmp_path.rglob(".writing-*")]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["read", "count"])
def test_after_ctrl_c_it_is_said_what_is_left(name: str, large: Path, tmp_path: Path) -> None:
    words = [word.replace("IN/", f"{large}/").replace("OUT/", f"{tmp_path}/out/") for word in STAGES[name]]
    running = start(*words, log=tmp_path / "log")
    wait_until(lambda: any((tmp_path / "out").rglob(".writing-*/new/*")))
    running.send_signal(signal.SIGINT)
    assert running.wait() in INTERRUPTED
    said = (tmp_path / "log").read_text()
    assert said.splitlines()[-1] == f"framebook: interrupted. {LEFT}" and "Traceback" not in said
    assert not read_all(tmp_path / "out") and not [*tmp_path.rglob(".writing-*")]


@pytest.mark.slow
def test_a_worker_that_the_system_kills_is_no_fault_of_the_input(tmp_path: Path) -> None:
    pd.DataFrame({"text": [f"It rains on {n} towns. " * 400 for n in range(6000)]}).to_csv(tmp_path / "a.csv", index=False)
    words = ["corpus", "read", str(tmp_path / "a.csv"), "--out", str(tmp_path / "out" / "c.parquet"), "--jobs", "2"]
    running = start(*words, log=tmp_path / "log", FRAMEBOOK_CACHE=str(tmp_path / "cache"))

    def list_workers() -> list[str]:
        return [pid for pid in list_processes(tmp_path) if b"LokyProcess" in (Path("/proc") / pid / "cmdline").read_bytes()]

    wait_until(lambda: len(list_workers()) >= 2)
    os.kill(int(list_workers()[0]), signal.SIGKILL)
    assert running.wait() == 3
    assert (tmp_path / "log").read_text().endswith(f"Give it room or permission, or write elsewhere. {LEFT}\n")
    assert not read_all(tmp_path / "out")
    wait_until(lambda: not list_processes(tmp_path), 10)


@pytest.mark.slow
def test_a_project_that_is_interrupted_is_not_half_there(given: Path, tmp_path: Path) -> None:
    words = ["new", str(tmp_path / "mine"), "--articles", str(given / "a.txt")]
    running = start(*words, log=tmp_path / "log")
    wait_until(lambda: (tmp_path / "mine" / "corpus" / "corpus.parquet").exists())
    running.send_signal(signal.SIGINT)
    assert running.wait() in INTERRUPTED
    assert not (tmp_path / "mine").exists()
    assert run_framebook(*words).returncode == 0


@pytest.mark.slow
def test_two_runs_in_one_folder_do_not_disturb_each_other(large: Path, tmp_path: Path) -> None:
    words = [word.replace("IN/", f"{large}/").replace("OUT/", f"{tmp_path}/out/") for word in STAGES["count"]]
    both = [start(*words, log=tmp_path / f"log{number}") for number in range(2)]
    assert [one.wait() for one in both] == [0, 0], [(tmp_path / f"log{number}").read_text() for number in range(2)]
    assert sorted(read_all(tmp_path / "out")) == ["counts/counts.csv", "counts/counts.parquet", "counts/mentions.parquet"]


@pytest.mark.slow
def test_a_file_that_vanishes_while_others_are_read_is_refused_and_the_run_goes_on(large: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(large / "a.csv", tmp_path / "in")
    (tmp_path / "in" / "z.txt").write_text(TEXT, "utf8")
    running = start("corpus", "read", str(tmp_path / "in"), "--out", str(tmp_path / "out" / "c.parquet"), log=tmp_path / "log")
    wait_until(lambda: any((tmp_path / "out").rglob(".writing-*/new/draft")))
    (tmp_path / "in" / "z.txt").unlink()
    assert running.wait() == 1
    said = (tmp_path / "log").read_text()
    assert "3,000 articles read, 1 refused" in said and "cannot be opened: No such file or directory" in said


@pytest.mark.slow
def test_a_folder_that_changes_while_it_is_read_is_not_kept_as_what_it_was(large: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(large / "a.csv", tmp_path / "in")
    cache = tmp_path / "cache"
    words = ["count", str(tmp_path / "in"), "--codebook", "actors", "--out", str(tmp_path / "counts")]
    running = start(*words, log=tmp_path / "log", FRAMEBOOK_CACHE=str(cache))
    wait_until(lambda: any(cache.rglob("*.lock")))  # it was hashed, and is being read
    (tmp_path / "in" / "b.txt").write_text(TEXT, "utf8")
    assert running.wait() == 2
    said = (tmp_path / "log").read_text().splitlines()[-1]
    assert said == "framebook: in: its files changed while they were read. Run it again when nobody writes to them."
    done = run_framebook(*words)
    assert done.returncode == 0 and done.stdout.startswith("3,001 articles")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("read", "c.parquet"),
        ("count", "counts/counts.csv"),
        ("count", "counts/mentions.parquet"),
        ("sources", "sources/attributions.csv"),
        ("convert", "frames.yml"),
        ("diff", "moves/changes.csv"),
        ("run", "good.ipynb"),
    ],
)
def test_a_file_of_others_is_replaced_by_force_alone_and_one_of_ours_always(name: str, place: str, given: Path, tmp_path: Path) -> None:
    theirs, command = tmp_path / place, write_command(name, given, tmp_path)
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("text,outlet\nprecious,x\n")
    done = run_framebook(*command)
    assert done.returncode == 2 and str(theirs) in done.stderr and "--force" in done.stderr, done
    assert read_all(tmp_path) == {place: b"text,outlet\nprecious,x\n"}
    assert run_framebook(*command, "--force").returncode == 0
    assert b"precious" not in theirs.read_bytes()
    assert run_framebook(*command).returncode == 0


def test_no_input_is_written_over(given: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("text\nIt rains.\n")
    (tmp_path / "counts").mkdir()
    shutil.copy(given / "c.parquet", tmp_path / "counts" / "counts.parquet")
    shutil.copy(given / "good.ipynb", tmp_path)
    before, inside = read_all(tmp_path), str(tmp_path / "counts")
    for words in (
        ["corpus", "read", str(tmp_path / "x.csv"), "--out", str(tmp_path / "x.csv"), "--force"],
        ["count", f"{inside}/counts.parquet", "--codebook", "actors", "--out", inside],
        ["run", str(tmp_path / "good.ipynb"), "--out", str(tmp_path / "good.ipynb")],
    ):
        assert run_framebook(*words).returncode == 2
        assert read_all(tmp_path) == before


def test_a_cell_that_a_spreadsheet_would_run_is_defused_in_every_csv(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["Ukraine said it rains. “It snows,” said =HYPERLINK Smith."], "outlet": ["=1+1"]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    for words in (["count", "--codebook", "frames"], ["sources"]):
        done = run_framebook(words[0], str(tmp_path / "a.csv"), *words[1:], "--out", str(tmp_path / "out"))
        assert done.returncode == 0, done.stderr
    assert "'=1+1" in (tmp_path / "out" / "counts.csv").read_text()
    for file in ("counts.csv", "attributions.csv"):
        assert not re.search(r'(?:^|,)"?[=@]', (tmp_path / "out" / file).read_text())
    assert "=1+1" in set(pd.read_parquet(tmp_path / "out" / "counts.parquet")["outlet"])


def test_a_link_to_a_file_outside_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text("A secret of Ukraine.", "utf8")
    (tmp_path / "in" / "a.txt").write_text(TEXT, "utf8")
    (tmp_path / "in" / "inside.csv").symlink_to("b/c.csv")
    (tmp_path / "in" / "b").mkdir()
    (tmp_path / "in" / "b" / "c.csv").write_text("text\nIt rains.\n")
    (tmp_path / "in" / "link.txt").symlink_to("../secret.txt")
    (tmp_path / "in" / "gone.txt").symlink_to("../gone.txt")
    done = run_framebook("corpus", "read", str(tmp_path / "in"), "--out", str(tmp_path / "c.parquet"))
    assert done.returncode == 1 and "a link to a file outside the folder: give that file or its folder by name" in done.stdout
    assert sorted(pd.read_parquet(tmp_path / "c.parquet")["source_path"]) == ["a.txt", "b/c.csv"]
    by_name = run_framebook("corpus", "read", str(tmp_path / "in" / "link.txt"), "--out", str(tmp_path / "d.parquet"))
    assert by_name.returncode == 0, by_name


def test_three_thousand_entries_over_one_file_are_refused_at_once(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "one.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "It rains on the town. " * 50_000)
    content, n = (tmp_path / "one.zip").read_bytes(), 3000
    start, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    local, entry = content[:start], content[start:end]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, n, n, n * len(entry), len(local), 0)
    (tmp_path / "bomb.zip").write_bytes(local + n * entry + tail)
    began = time.monotonic()
    done = run_framebook("corpus", "read", str(tmp_path / "bomb.zip"), "--out", str(tmp_path / "c.parquet"))
    assert done.returncode == 2 and "1 refused: its entries share the same bytes (a bomb?)" in done.stderr, done
    assert time.monotonic() - began < 30


def test_a_text_in_place_of_an_outlet_is_refused(tmp_path: Path) -> None:
    outlets = ["x.com", "y" * 200, "A" * 5000]
    pd.DataFrame({"text": [f"It rains {n} times." for n in range(3)], "outlet": outlets}).to_csv(tmp_path / "a.csv", index=False)
    done = run_framebook("corpus", "read", str(tmp_path / "a.csv"), "--out", str(tmp_path / "c.parquet"))
    assert done.returncode == 1
    assert "its outlet has over 200 characters: name the column that holds the outlet (--column outlet=NAME)" in done.stdout
    assert sorted(pd.read_parquet(tmp_path / "c.parquet")["outlet"]) == ["x.com", "y" * 200]


BOMB = "\n".join(
    ['a: &a ["x"]', *(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefghi", "bcdefghij", strict=True))]
)
PLANS: dict[str, tuple[bytes, str]] = {
    "not UTF-8": ("version: 1  # café".encode("cp1252"), " it cannot be read: 'utf-8' codec"),
    "bomb": (f"{BOMB}\nversion: *j\nparts: []".encode(), "1: not YAML: 'a' is an alias or anchor. "),
    "itself": (b"version: 1\nparts: &a [*a]", "2: not YAML: 'a' is an alias or anchor. "),
    "deep": (b"[" * 100_000, "1: nested too deep to read. "),
    "code": (b"version: !!python/object/apply:os.system [ls]", " it cannot be read: could not determine a constructor"),
    "NUL": (b"version: \0", "1: not YAML: "),
}


@pytest.mark.parametrize("name", list(PLANS))
def test_a_plan_that_is_none_is_refused_fast(name: str, tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "plan.yml").write_bytes(PLANS[name][0])
    began = time.monotonic()
    done = run_framebook("book", "list", "--root", str(tmp_path))
    assert done.returncode == 2 and done.stderr.startswith("framebook: book/plan.yml:"), done
    assert PLANS[name][1] in done.stderr
    assert time.monotonic() - began < 30


READS = "from toolkit import read_corpus\nread_corpus('texts')"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book, built: one page that reads a corpus, one that does not."""
    root = tmp_path_factory.mktemp("book") / "project"
    project.write_project(root, {"plain": {}, "reading": {"notebook": "reads"}})
    project.write_notebook(root / "notebooks" / "good.ipynb", "pass")
    project.write_notebook(root / "notebooks" / "reads.ipynb", READS)
    done = run_framebook("book", "build", "--root", str(root))
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture
def own(book: Path, tmp_path: Path) -> Path:
    shutil.copytree(book, tmp_path / "project", copy_function=shutil.copy2)
    return tmp_path / "project"


@pytest.mark.parametrize("broken", ["{", "[]", '{"pages": 3}', '{"pages": [{}]}', '{"pages": [], "made_with": {"by": 1}}', "\udce9"])
def test_a_broken_manifest_is_said_and_made_again(broken: str, own: Path) -> None:
    manifest = own / "book" / "manifest.json"
    manifest.write_text(broken, "utf8", "surrogateescape")
    for words in (["list"], ["verify"], ["verify", "--recount"]):
        done = run_framebook("book", *words, "--root", str(own))
        assert done.returncode == 2
        assert done.stderr == f"framebook: {manifest}: not what a build writes. Make it again: framebook book build.\n"
    assert run_framebook("book", "build", "--root", str(own)).returncode == 0
    assert "The book verifies." in run_framebook("book", "verify", "--root", str(own)).stdout


@pytest.mark.parametrize("broken", ["{", "[]", "3", "{}"])
def test_a_broken_note_of_the_last_build_is_no_note(broken: str, own: Path) -> None:
    (own / "book" / "_build" / "state.json").write_text(broken)
    done = run_framebook("book", "build", "--root", str(own))
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "2 pages: 0 run, 2 unchanged."), done


@pytest.mark.parametrize(
    "change", [lambda text: text.replace("a,b\\\\n1", "a,b\\\\n9"), lambda text: text[:-9], lambda text: '{"cells": []}']
)
def test_a_run_that_somebody_changed_is_made_again_and_not_published(change: Callable[[str], str], own: Path) -> None:
    for run in (own / "book" / "_build" / "runs").glob("*.ipynb"):
        text = run.read_text("utf8")
        assert change(text) != text
        run.write_text(change(text), "utf8")
    (own / "book" / "_build" / "state.json").unlink()
    done = run_framebook("book", "build", "--root", str(own))
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "2 pages: 2 run, 0 unchanged."), done
    assert {path.read_text() for path in (own / "book" / "pages").rglob("rates.csv")} == {"a,b\n1,aid"}


@pytest.mark.parametrize("way", ["gone", "empty", "damaged"])
def test_a_corpus_that_is_gone_fails_its_page_and_no_other(way: str, own: Path) -> None:
    texts = own / "notebooks" / "texts"
    shutil.rmtree(texts)
    if way == "empty":
        texts.mkdir()
    if way == "damaged":
        texts.write_bytes(b"PAR1 and no more")
    done = run_framebook("book", "build", "--root", str(own))
    assert done.returncode == 1, done
    assert done.stdout.splitlines()[0] == "2 pages: 1 run, 1 unchanged."
    assert [line.split(":")[0] for line in done.stdout.splitlines() if "CorpusError" in line] == ["  reading"]
    pages = json.loads((own / "book" / "manifest.json").read_text())["pages"]
    assert [(page["slug"], page["status"]) for page in pages] == [("plain", "ok"), ("reading", "error")]


@pytest.mark.alone
@pytest.mark.parametrize("stage", ["preparing", "running", "setting"])
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_a_build_that_is_ended_leaves_no_process_and_no_folder(
    stage: str, sign: signal.Signals, own: Path, large: Path, tmp_path: Path
) -> None:
    if stage == "preparing":  # what two pages share
        shutil.copy(large / "a.csv", own / "notebooks" / "texts")
        project.write_notebook(own / "notebooks" / "good.ipynb", f"{READS}\nprint('again')")
    if stage == "running":
        project.write_notebook(own / "notebooks" / "good.ipynb", "while True: pass")
    if stage == "setting":
        (own / "book" / "_build" / "state.json").unlink()
        (own / "book" / "_build" / "sphinx.log").write_text("")
    words, log = ("book", "build", "--root", str(own)), tmp_path / "log"
    kernels = set(Path("/tmp").glob("framebook-kernels-*"))
    running = start(*words, log=log, FRAMEBOOK_CACHE=str(tmp_path / "cache"))
    wait_until(
        {
            "preparing": lambda: "texts: articles" in log.read_text(),
            "running": lambda: find_kernels(tmp_path),
            "setting": lambda: "Sphinx" in (own / "book" / "_build" / "sphinx.log").read_text("utf8"),
        }[stage]
    )
    folders = set(Path("/tmp").glob("framebook-kernels-*")) - kernels
    assert list_processes(tmp_path)
    running.send_signal(sign)
    assert running.wait() == (130 if sign == signal.SIGINT else -9)
    if sign == signal.SIGINT:
        assert log.read_text().splitlines()[-1] == f"framebook: interrupted. {LEFT}"
    wait_until(lambda: not list_processes(tmp_path), 2)
    project.write_notebook(own / "notebooks" / "good.ipynb", "print('the next run clears away')")
    done = run_framebook(*words)
    assert done.returncode == 0, done
    assert not [path for path in folders if (path / "new").exists()]
    assert not [*own.rglob("*.part")]


def list_processes(marked: Path) -> list[str]:
    """Ids of processes whose environment carries our mark."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(marked).encode() in (process / "environ").read_bytes():
                found.append(process.name)
        except OSError:
            continue
    return found


def test_the_exit_codes_are_in_the_help() -> None:
    told = run_framebook("--help").stdout
    listed = {int(code) for code in re.findall(r"(?m)^ +(\d+)  +\S", told.partition("Exit codes:")[2])}
    assert listed == {0, 1, 2, 3, 130}


BREAKS = "import toolkit.__main__ as framebook; framebook.cli.command('break')(lambda: {}['key']); framebook.main()"


def test_a_fault_of_our_own_is_not_taken_for_done() -> None:
    done = subprocess.run([sys.executable, "-c", BREAKS, "break"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "KeyError: 'key'\n" in done.stderr
    assert done.stderr.endswith(f"framebook: a fault in Framebook (KeyError). Please report the lines above. {LEFT}\n")


def test_a_notebook_that_fails_is_done_with_something_to_look_at(tmp_path: Path) -> None:
    project.write_notebook(tmp_path / "bad.ipynb", "1 / 0")
    done = run_framebook("run", str(tmp_path / "bad.ipynb"), "--out", str(tmp_path / "out.ipynb"))
    assert done.returncode == 1 and "ZeroDivisionError: division by zero. What was made before that is in" in done.stderr
    assert (tmp_path / "out.ipynb").is_file()
