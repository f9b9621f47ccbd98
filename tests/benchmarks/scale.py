"""How long do 10,000 or 1,000,000 articles take, and how much memory? By hand: python -m tests.benchmarks.scale 10000 100000 1000000

Writes JSON Lines of so many articles, made of news-2017 by a seed, into the temporary folder: each has the headline, date and outlet of an
article of the sample and as many sentences as that, drawn from all sentences of its outlet. Then it reads them into a corpus and counts
`frames` and `language` in it, each in a process of its own with an empty cache, and prints wall and CPU time of all processes, MB of the
input a CPU second, and the peak of resident memory of the largest process and of all together (looked at ten times a second).

--only read,count,sources runs these steps; --scheduler tcp://… counts on a Dask cluster; --dask 2 counts with two processes of this machine
and then with a Dask cluster of two workers on it, and prints wall and CPU seconds of both (of the cluster, those of client, scheduler and
workers, once they are up) and what Dask adds; --write writes the table of the book. What was made is removed in the end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psutil

from toolkit import read_corpus

TABLE = Path(__file__).parents[2] / "book" / "_figures" / "scale.md"


def write_articles(file: Path, n: int, seed: int = 2017) -> None:
    """Write so many articles as JSON Lines."""
    news, chance = read_corpus("news-2017"), random.Random(seed)
    articles, body = news.articles, news.sentences[news.spans["part"] == "body"].merge(news.articles[["article_id", "outlet"]])
    pools = {outlet: [" ".join(text.split()) for text in texts] for outlet, texts in body.groupby("outlet")["text"]}
    rows = articles[["outlet", "headline"]].assign(
        day=articles["published"].dt.strftime("%Y-%m-%d"),
        size=body.groupby("article_id").size().reindex(articles["article_id"], fill_value=1).to_numpy(),
    )
    told = [row for row in rows.fillna("").to_dict("records") if row["outlet"] in pools]
    with file.open("w", encoding="utf-8") as stream:
        for number in range(n):
            row = told[number % len(told)]
            drawn = chance.choices(pools[row["outlet"]], k=row["size"])
            text = "\n\n".join(" ".join(drawn[at : at + 3]) for at in range(0, len(drawn), 3))
            told_of = {"headline": row["headline"], "outlet": row["outlet"], "published": row["day"], "text": text}
            stream.write(json.dumps({**told_of, "url": f"https://{row['outlet']}/{number}"}, ensure_ascii=False) + "\n")


def run_timed(command: list[str], cache: Path) -> tuple[float, float, float, float]:
    """Run a command with an empty cache; wall and CPU seconds, peak MB of the largest process and of all together."""
    shutil.rmtree(cache, ignore_errors=True)
    began, largest, together = time.monotonic(), 0.0, 0.0
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env=os.environ | {"FRAMEBOOK_PROGRESS": "0", "FRAMEBOOK_CACHE": str(cache)}
    )
    family = psutil.Process(process.pid)
    while True:
        try:
            held = [one.memory_info().rss / 1e6 for one in [family, *family.children(recursive=True)]]
            largest, together = max(largest, *held), max(together, sum(held))
        except psutil.Error:
            pass
        done, status, used = os.wait4(process.pid, os.WNOHANG)
        if done:
            break
        time.sleep(0.1)
    if os.waitstatus_to_exitcode(status) not in (0, 1):  # 1: done, but texts of the sample hold lost characters
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, largest, together


@contextmanager
def start_cluster(n_workers: int, folder: Path, cache: Path) -> Iterator[tuple[str, list[psutil.Process]]]:
    """Start a scheduler and workers of one thread in processes of their own; the address, and all of them."""
    known, log, own = folder / "scheduler.json", (folder / "dask.log").open("wb"), os.environ | {"FRAMEBOOK_CACHE": str(cache)}
    known.unlink(missing_ok=True)
    started: list[subprocess.Popen[bytes]] = []

    def begin(what: str, *words: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(known), "--no-dashboard", *words]
        started.append(subprocess.Popen(command, env=own, stdout=log, stderr=log))

    try:
        begin("scheduler", "--host", "127.0.0.1", "--port", "0")
        for _ in range(n_workers):
            begin("worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
        while (folder / "dask.log").read_bytes().count(b"Register worker") < n_workers:
            time.sleep(0.1)
            if any(one.poll() is not None for one in started):
                sys.exit((folder / "dask.log").read_text("utf8"))
        address = next(word for word in known.read_text().split('"') if word.startswith("tcp://"))
        yield address, [psutil.Process(one.pid) for one in started]
    finally:
        for one in started:
            one.kill()
            one.wait()
        log.close()


def count_cpu(processes: list[psutil.Process]) -> float:
    """CPU seconds of processes up to now."""
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def compare_dask(n: int, n_workers: int, command: list[str], folder: Path) -> None:
    """Count with as many processes and workers, and print what Dask adds; the tables must be the same, to the byte."""
    cache, out = folder / "cache", Path(command[-1])
    os.environ["FRAMEBOOK_JOBS"] = str(n_workers)
    wall, cpu, *_ = run_timed(command, cache)
    expected = {path.name: path.read_bytes() for path in out.iterdir()}
    with start_cluster(n_workers, folder, cache) as (address, processes):
        before = count_cpu(processes)
        wall_there, cpu_there, *_ = run_timed([*command, "--scheduler", address], cache)
        cpu_there += count_cpu(processes) - before
    if {path.name: path.read_bytes() for path in out.iterdir()} != expected:
        sys.exit("The tables of the cluster are others.")
    print(f"{n:,} | count | {n_workers} processes | {wall:.1f} s | {cpu:.1f} CPU s")
    print(f"{n:,} | count | {n_workers} Dask workers | {wall_there:.1f} s | {cpu_there:.1f} CPU s")
    print(f"{n:,} | count | Dask adds | {wall_there / wall - 1:+.0%} time | {cpu_there / cpu - 1:+.0%} CPU", flush=True)


def write_table(measured: Mapping[tuple[int, str], list[str]]) -> None:
    """Write the table of the book; rows of sizes that were not measured now stay as they are."""
    lines = TABLE.read_text("utf8").splitlines()[2:] if TABLE.exists() else []
    rows = {
        (int(cells[0].replace(",", "")), cells[1]): cells
        for cells in ([one.strip() for one in line.strip("| ").split("|")] for line in lines)
    }
    rows |= measured
    head = "Articles | Command | Minutes | CPU seconds | MB per CPU second | Memory, MB | Date"
    marks = "--: | --- | --: | --: | --: | --: | ---"
    kept = [rows[key] for key in sorted(rows, key=lambda key: (key[0], ("read", "count", "sources").index(key[1])))]
    TABLE.write_text("\n".join(f"| {' | '.join(cells)} |" for cells in ([head], [marks], *kept)) + "\n", "utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--only", default="read,count")
    parser.add_argument("--scheduler", default="")
    parser.add_argument("--dask", type=int, default=0, metavar="N", help="Compare N processes with N local Dask workers, and nothing else.")
    parser.add_argument("--write", action="store_true", help="Write the table of the book.")
    parser.add_argument("--folder", type=Path, help="Keep what is made here, and use what is here.")
    given = parser.parse_args()
    run, shift = [sys.executable, "-m", "toolkit"], ["--scheduler", given.scheduler] if given.scheduler else []
    measured: dict[tuple[int, str], list[str]] = {}
    for n in given.sizes:
        with tempfile.TemporaryDirectory() as made:
            folder = given.folder or Path(made)
            texts, corpus = folder / f"{n}.jsonl", folder / f"{n}.parquet"
            if not texts.exists():
                write_articles(texts, n)
            size = texts.stat().st_size / 1e6
            steps = {
                "read": [*run, "corpus", "read", str(texts), "--out", str(corpus)],
                "count": [*run, "count", str(corpus), "--codebook", "frames", "--codebook", "language", "--out", f"{folder}/{n}", *shift],
                "sources": [*run, "sources", str(corpus), "--out", f"{folder}/{n}", *shift],
            }
            if given.dask:
                if not corpus.exists():
                    run_timed(steps["read"], folder / "cache")
                compare_dask(n, given.dask, steps["count"], folder)
            for step in given.only.split(",") if not given.dask else ():
                wall, cpu, largest, together = run_timed(steps[step], folder / "cache")
                measured[n, step] = [f"{n:,}", step, f"{wall / 60:.1f}", f"{cpu:,.0f}", f"{size / cpu:.2f}"]
                measured[n, step] += [f"{largest:,.0f}; {together:,.0f}", str(date.today())]
                print(" | ".join(measured[n, step]), flush=True)
    if given.write:
        write_table(measured)


if __name__ == "__main__":
    main()
