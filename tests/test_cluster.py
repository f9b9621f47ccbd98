"""The same numbers on a Dask cluster: a real scheduler and real workers, one of which is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from toolkit.parsing import read_to_file

from .conftest import run_framebook
from .publishing.test_running import wait_until
from .test_faults import read_all, start

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of six parts."""
    folder = tmp_path_factory.mktemp("given")
    said = "Ukraine said that it snows. A delegation in Seoul makes a pressing plea."  # the same everywhere: it is parsed once
    texts = [f"It rains for the {n}th time. {said}" for n in range(5500)]
    pd.DataFrame({"text": texts, "outlet": "x.com"}).to_csv(folder / "a.csv", index=False)
    read_to_file([folder / "a.csv"], folder / "c.parquet")
    return folder


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers of one thread, each with a cache of its own; the address, and the workers."""
    run = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    known = tmp_path / "scheduler.json"
    logs = [(tmp_path / name).open("wb") for name in ("scheduler", "a", "b")]
    started = [
        subprocess.Popen(
            [*run, "--scheduler-file", str(known), "--host", "127.0.0.1", "--port", "0", "--no-dashboard"], stdout=logs[0], stderr=logs[0]
        )
    ]
    try:
        wait_until(known.exists, 60)
        for log in logs[1:]:
            words = ["--scheduler-file", str(known), "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
            own = {**os.environ, "FRAMEBOOK_CACHE": f"{log.name}-cache"}
            command = [sys.executable, "-m", "distributed.cli.dask_worker", *words, "--local-directory", str(tmp_path)]
            started.append(subprocess.Popen(command, env=own, stdout=log, stderr=log))
        address = next(word for word in known.read_text().split('"') if word.startswith("tcp://"))
        wait_until(lambda: (tmp_path / "scheduler").read_bytes().count(b"Register worker") == 2, 60)
        yield address, started[1:]
    finally:
        for one in started:
            one.kill()
            one.wait()
        for log in logs:
            log.close()


def test_a_cluster_reads_counts_and_finds_sources_as_this_machine_does(
    given: Path, cluster: tuple[str, list[object]], tmp_path: Path
) -> None:
    address, _ = cluster
    for place, options in (("here", []), ("there", ["--scheduler", address])):
        out, corpus = tmp_path / place, str(tmp_path / place / "c.parquet")
        for words in (
            ["corpus", "read", str(given / "a.csv"), "--out", corpus],
            ["count", corpus, "--codebook", "frames", "--codebook", "language", "--out", str(out)],
            ["sources", corpus, "--out", str(out)],
        ):
            running = start(*words, *options, log=tmp_path / "log", FRAMEBOOK_CACHE=str(tmp_path / f"{place}-cache"))
            assert running.wait(300) == 0, (tmp_path / "log").read_text()
    assert read_all(tmp_path / "here") == read_all(tmp_path / "there")
    assert any((tmp_path / "a-cache").rglob("*.parquet")) and any((tmp_path / "b-cache").rglob("*.parquet")), "a worker had nothing to do"


def test_a_worker_that_is_killed_costs_its_part_alone(
    given: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = cluster
    words = ["count", str(given / "c.parquet"), "--codebook", "frames", "--codebook", "language", "--out"]
    assert start(*words, str(tmp_path / "here"), log=tmp_path / "log", FRAMEBOOK_CACHE=str(tmp_path / "cache")).wait(300) == 0
    there = [*words, str(tmp_path / "there"), "--scheduler", address]
    running = start(*there, log=tmp_path / "log", FRAMEBOOK_CACHE=str(tmp_path / "other"))
    wait_until(lambda: any((tmp_path / "a-cache").rglob("*.parquet")), 120)
    workers[0].send_signal(signal.SIGKILL)
    assert running.poll() is None, "it was done before the worker was killed"
    assert running.wait(300) == 0, (tmp_path / "log").read_text()
    assert read_all(tmp_path / "here") == read_all(tmp_path / "there")


def test_without_a_scheduler_it_is_said_how_to_start_one(given: Path, tmp_path: Path) -> None:
    done = run_framebook(
        "count", str(given / "c.parquet"), "--codebook", "frames", "--out", str(tmp_path), "--scheduler", "tcp://127.0.0.1:9"
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "framebook: --scheduler tcp://127.0.0.1:9: No Dask scheduler answers there. "
        "Start one with `dask scheduler`, and workers with `dask worker ADDRESS`."
    )


def test_an_open_client_is_used_in_a_notebook_too(given: Path, tmp_path: Path) -> None:
    code = """
from distributed import Client, LocalCluster
from operator import methodcaller
from toolkit.parsing.parallel import map_parts
import os
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster, Client(cluster) as client:
        found = set(map_parts(len, [[n] for n in range(9)])), set(map_parts(methodcaller("__call__"), [os.getpid] * 9))
        assert found[0] == {1} and os.getpid() not in found[1] and len(found[1]) == 2, found
"""
    (tmp_path / "notebook.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "notebook.py"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path.cwd())}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_workers_that_come_later_are_used(tmp_path: Path) -> None:
    """A queue starts them minutes after the scheduler."""
    code = """
import time
from itertools import pairwise
from threading import Timer
from distributed import Client, LocalCluster
from toolkit.parsing.parallel import map_parts

def work(part):
    began = time.time()
    time.sleep(0.5)
    return began, time.time()

if __name__ == "__main__":
    with LocalCluster(n_workers=0, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster, Client(cluster):
        Timer(1, cluster.scale, [2]).start()
        times = sorted(map_parts(work, range(16)))
        assert any(began < ended for (_, ended), (began, _) in pairwise(times)), times
"""
    (tmp_path / "late.py").write_text(code)
    own = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run([sys.executable, "late.py"], cwd=tmp_path, env=own, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
