"""Corpora that are elsewhere: a real server of S3 in a process of its own, that goes away, refuses, and changes under the hands."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pandas as pd
import pytest
import s3fs

from toolkit import read_corpus
from toolkit.errors import TableError
from toolkit.parsing import hash_source, list_parts, read_to_file
from toolkit.parsing.fetch import find_file
from toolkit.publishing.inputs import Provenance, find_key

from .conftest import ROOT, run_framebook, serve
from .publishing.test_running import wait_until
from .test_cluster import cluster
from .test_faults import LEFT, TEXT, read_all, start

__all__ = ["cluster"]  # a fixture
BOOKS = ["--codebook", "frames", "--codebook", "language"]
NETWORK = f"Check the network, and what you may do there. {LEFT}"


class Store:
    """A server of S3 with one bucket, `news`, and a client of it."""

    def __init__(self, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port, self.log = free.getsockname()[1], log
        self.address = f"http://127.0.0.1:{self.port}"
        self.begin()

    def begin(self) -> None:
        with self.log.open("wb") as stream:
            command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
            self.process = subprocess.Popen(command, stdout=stream, stderr=stream)

        def answers() -> bool:
            try:
                return urlopen(f"{self.address}/moto-api/").status == 200
            except URLError:
                assert self.process.poll() is None, self.log.read_text()
                return False

        wait_until(answers, 60)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()

    def put(self, source: Path, place: str) -> None:
        self.write(source.read_bytes(), place)

    def write(self, content: bytes, place: str) -> None:
        files = s3fs.S3FileSystem(skip_instance_cache=True)
        if not files.exists("news"):
            files.mkdir("news")
        files.pipe(place.removeprefix("s3://"), content)

    def refuse(self, n_allowed: int) -> None:
        """Let only so many requests through from now on."""
        headers = {"Content-Type": "text/plain"}
        urlopen(Request(f"{self.address}/moto-api/reset-auth", str(n_allowed).encode(), headers, method="POST")).close()

    def count_reads(self) -> int:
        return self.log.read_bytes().count(b'"GET /news/c.parquet')


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    server = Store(tmp_path_factory.mktemp("store") / "log")
    yield server
    server.end()


@pytest.fixture
def store(server: Store, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The server with nothing in it, and what is needed to reach it in the environment."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    own = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": server.address}
    cache = str(tmp_path_factory.mktemp("cache"))
    for name, value in {**own, "AWS_EC2_METADATA_DISABLED": "true", "FRAMEBOOK_CACHE": cache}.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()  # one that was made for another server knows its port
    if server.process.poll() is None:
        server.refuse(1_000_000)
        urlopen(Request(f"{server.address}/moto-api/reset", method="POST")).close()
    else:
        server.begin()
    return server


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of six parts, and a folder of other formats."""
    folder = tmp_path_factory.mktemp("given")
    said = "Ukraine said that it snows. A delegation in Seoul makes a pressing plea."
    outlets = [f"{'xyz'[n // 2000]}.com" for n in range(5500)]
    pd.DataFrame({"text": [f"It rains for the {n}th time. {said}" for n in range(5500)], "outlet": outlets}).to_csv(folder / "a.csv")
    read_to_file([folder / "a.csv"], folder / "c.parquet")
    raw = folder / "raw"
    (raw / "more").mkdir(parents=True)
    (raw / "a.txt").write_text(TEXT, "utf8")
    (raw / "more" / "b.jsonl").write_text('{"text": "It snows in Kyiv.", "outlet": "y.com"}\n', "utf8")
    (raw / "more" / "c.csv").write_text("text,outlet\nRussia said that it rains.,z.com\n", "utf8")
    return folder


def put_all(store: Store, folder: Path, place: str) -> None:
    for name, content in read_all(folder).items():
        store.write(content, f"{place}/{name}")


def list_copies() -> list[str]:
    return [path.name for path in Path(os.environ["FRAMEBOOK_CACHE"]).glob("tables/*-copy-*") if path.is_dir()]


@pytest.mark.slow
def test_a_corpus_elsewhere_gives_the_same_bytes_and_only_its_parts_are_fetched(store: Store, given: Path, tmp_path: Path) -> None:
    store.put(given / "c.parquet", "s3://news/c.parquet")
    for place, corpus in (("here", str(given / "c.parquet")), ("there", "s3://news/c.parquet")):
        for words in (["count", corpus, *BOOKS], ["sources", corpus]):
            done = run_framebook(*words, "--out", str(tmp_path / place))
            assert done.returncode == 0, done.stderr
    assert read_all(tmp_path / "here") == read_all(tmp_path / "there")
    assert not list_copies(), "it was copied whole"
    n_all, parts = store.count_reads(), list_parts("s3://news/c.parquet", outlets=["z.com"])
    assert [len(part().articles) for part in parts] == [1000, 500] and store.count_reads() - n_all < 12


@pytest.mark.slow
def test_the_workers_of_a_cluster_read_it_themselves(store: Store, given: Path, cluster: tuple[str, list[Any]], tmp_path: Path) -> None:
    store.put(given / "c.parquet", "s3://news/c.parquet")
    (tmp_path / "elsewhere").mkdir()
    for place, words in (("here", [str(given / "c.parquet")]), ("there", ["s3://news/c.parquet", "--scheduler", cluster[0]])):
        done = run_framebook("count", *words, *BOOKS, "--out", str(tmp_path / place), cwd=tmp_path / "elsewhere")
        assert done.returncode == 0, done.stderr
    assert read_all(tmp_path / "here") == read_all(tmp_path / "there")
    assert any((tmp_path / "a-cache").rglob("*.parquet")) and any((tmp_path / "b-cache").rglob("*.parquet")), "a worker had nothing to do"
    assert not [*tmp_path.glob("?-cache/tables/*-copy-*")]


@pytest.mark.parametrize("place", ["raw", "raw/", "raw/more/c.csv", "raw/more/b.jsonl", "raw/a.txt"])
def test_files_and_folders_of_any_format_are_read_from_there(place: str, store: Store, given: Path, tmp_path: Path) -> None:
    put_all(store, given / "raw", "s3://news/raw")
    here, there = str(given / place), f"s3://news/{place}"
    for number, source in enumerate((here, there)):
        for words in (["corpus", "read", source, "--out", f"{tmp_path}/{number}/c.parquet"], ["count", source, *BOOKS, "--out", "OUT"]):
            done = run_framebook(*words[:-1], words[-1].replace("OUT", f"{tmp_path}/{number}"))
            assert done.returncode == 0, done.stderr
    assert read_all(tmp_path / "0") == read_all(tmp_path / "1")
    assert hash_source(here) == hash_source(there) == read_corpus(there).sha256
    assert read_corpus(there).source == there and read_corpus(here).name == read_corpus(there).name


def test_the_key_of_a_page_sees_a_change_and_nothing_else(store: Store, given: Path, tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": "read_corpus('s3://news/raw')", "metadata": {}}]
    key = lambda: find_key({"cells": cells}, {}, tmp_path, Provenance("", "", (), "", "", ""))  # noqa: E731
    put_all(store, given / "raw", "s3://news/raw")
    first, whole = key(), read_corpus("s3://news/raw")
    assert key() == first and len(list_copies()) == 1
    store.write(TEXT.replace("rains", "snows").encode(), "s3://news/raw/a.txt")  # as long
    assert key() != first and read_corpus("s3://news/raw").sha256 != whole.sha256
    put_all(store, given / "raw", "s3://news/raw")
    assert key() == first
    store.end()
    assert key() not in (first, ""), "a page whose corpus is gone is run, and says so"


SENTENCES = {
    "no bucket": ("s3://none/c.parquet", 2, "there is no such file, folder or bucket. Check the address."),
    "no file": ("s3://news/none.csv", 2, "there is no such file, folder or bucket. Check the address."),
    "no protocol": ("nfs9://news/c.parquet", 2, "Protocol not known: nfs9. Check the address, or install what is missing: "),
    "not installed": ("s3://news/c.parquet", 2, "Install s3fs to access S3. Check the address, or install what is missing: "),
    "nothing installed": (
        "s3://news/c.parquet",
        2,
        "no fsspec. Check the address, or install what is missing: pip install framebook[remote]",
    ),
    "no rights": ("s3://news/a.csv", 3, "it cannot be reached (Forbidden). Check the network"),
    "nobody": ("s3://news/a.csv", 3, "it cannot be reached (Unable to locate credentials). Check the network"),
    "foreign": ("s3://news/foreign.parquet", 2, "not one article in it."),
    "damaged": ("s3://news/damaged.parquet", 2, "a corpus that cannot be read ("),
    "leads out": ("s3://news/out", 2, "'news/out/../../../b.txt' leads out of its folder. Rename it."),
}


@pytest.mark.parametrize("what", list(SENTENCES))
def test_what_is_in_the_way_is_one_sentence(what: str, store: Store, given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address, code, said = SENTENCES[what]
    store.put(given / "a.csv", "s3://news/a.csv")
    content = bytearray((given / "c.parquet").read_bytes())
    place = content.index(b"It rains")
    content[place : place + 8] = b"Et rains"  # the same length: only the checksum of the page tells
    for name, bad in {
        "foreign.parquet": b"PAR1 and no more",
        "damaged.parquet": bytes(content),
        "out/../../../b.txt": b"It rains.",
    }.items():
        store.write(bad, f"s3://news/{name}")
    if what == "no rights":
        store.refuse(0)
    if what == "nobody":
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.setenv("HOME", str(tmp_path))
    if "installed" in what:
        name = "s3fs" if what == "not installed" else "fsspec"
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('no {name}')")
    own = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "toolkit", "count", address, *BOOKS, "--out", str(tmp_path / "out")]
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == code, done
    line = done.stderr.strip()
    assert line.startswith(f"framebook: {'foreign.parquet' if what == 'foreign' else address}: {said}"), done
    assert "Traceback" not in line and (code == 2 or line.endswith(NETWORK))
    assert not read_all(tmp_path / "out") and not (tmp_path.parent / "b.txt").exists()


@pytest.mark.parametrize("words", [["corpus", "read", "a.csv"], ["count", "ukraine-korea", *BOOKS], ["sources", "ukraine-korea"]])
def test_writing_there_is_refused_in_plain_words(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\nIt rains.\n")
    done = run_framebook(*words, "--out", "s3://news/x", cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.startswith("framebook: s3:/news")
    assert done.stderr.endswith(": Framebook writes on this machine only. Write here, and copy the files there.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    with pytest.raises(TableError, match="writes on this machine only"):
        read_to_file([tmp_path / "a.csv"], "s3://news/x")


def test_files_of_a_web_server_are_read_from_there(given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path / "cache"))
    read_to_file([given / "raw"], tmp_path / "web" / "c.parquet")
    with serve(tmp_path / "web") as address:
        for place, corpus in (("here", f"{tmp_path}/web/c.parquet"), ("there", f"{address}/c.parquet")):
            done = run_framebook("count", corpus, *BOOKS, "--out", str(tmp_path / place))
            assert done.returncode == 0, done.stderr
        assert read_all(tmp_path / "here") == read_all(tmp_path / "there")
        done = run_framebook("count", f"{address}/none.csv", *BOOKS, "--out", str(tmp_path / "none"))
    assert (done.returncode, done.stderr) == (
        2,
        f"framebook: {address}/none.csv: there is no such file, folder or bucket. Check the address.\n",
    )


@pytest.mark.slow
def test_after_a_lost_connection_the_same_command_goes_on_to_the_same_bytes(store: Store, given: Path, tmp_path: Path) -> None:
    store.put(given / "c.parquet", "s3://news/c.parquet")
    assert run_framebook("count", str(given / "c.parquet"), *BOOKS, "--out", str(tmp_path / "here")).returncode == 0
    cache = {"FRAMEBOOK_CACHE": str(tmp_path / "cache"), "FRAMEBOOK_JOBS": "1"}
    words = ["count", "s3://news/c.parquet", *BOOKS, "--out", str(tmp_path / "there")]
    running = start(*words, log=tmp_path / "log", **cache)
    wait_until(lambda: any((tmp_path / "cache").rglob("*.parquet")), 120)
    store.end()
    assert running.wait(300) == 3
    said = (tmp_path / "log").read_text().splitlines()[-1]
    assert said.startswith("framebook: s3://news/c.parquet: it cannot be reached (") and said.endswith(NETWORK)
    assert not read_all(tmp_path / "there")
    store.begin()
    store.put(given / "c.parquet", "s3://news/c.parquet")
    assert start(*words, log=tmp_path / "log", **cache).wait(300) == 0, (tmp_path / "log").read_text()
    assert read_all(tmp_path / "here") == read_all(tmp_path / "there")


@pytest.mark.slow
def test_a_corpus_that_changes_there_during_a_run_is_refused(store: Store, given: Path, tmp_path: Path) -> None:
    store.put(given / "c.parquet", "s3://news/c.parquet")
    words = ["count", "s3://news/c.parquet", *BOOKS, "--out", str(tmp_path / "out")]
    running = start(*words, log=tmp_path / "log", FRAMEBOOK_CACHE=str(tmp_path / "cache"), FRAMEBOOK_JOBS="1")
    wait_until(lambda: any((tmp_path / "cache").rglob("*.parquet")), 120)
    running.send_signal(signal.SIGSTOP)
    read_to_file([given / "a.csv"], tmp_path / "c.parquet", outlet="elsewhere.com", without=["known boilerplate"])
    store.put(tmp_path / "c.parquet", "s3://news/c.parquet")
    running.send_signal(signal.SIGCONT)
    assert running.wait(300) == 2
    said = (tmp_path / "log").read_text().splitlines()[-1]
    assert said == "framebook: s3://news/c.parquet: it changed while it was read. Run it again when nobody writes to it."
    assert not read_all(tmp_path / "out")


def test_a_copy_is_made_once_and_again_after_a_change(store: Store) -> None:
    store.write(b"It rains.", "s3://news/a.txt")
    first = find_file("s3://news/a.txt")
    assert find_file("s3://news/a.txt") == first and first.read_bytes() == b"It rains."
    store.write(b"It snows.", "s3://news/a.txt")
    assert find_file("s3://news/a.txt").read_bytes() == b"It snows." and first.read_bytes() == b"It rains."
