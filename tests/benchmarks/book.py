"""How long the book takes, part by part, in a clone of the last commit: `python -m tests.benchmarks.book`, with nothing else running.

With `--cold` also from nothing, with an empty cache (the sample corpus is downloaded). Seconds of wall time; of pages CPU seconds of their
cells, in a process that has imported what it needs, as kernels are.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
CELLS = """
import ast, json, sys, time
from toolkit.publishing.kernels import QUICK
from toolkit.publishing.preparing import warm_up
exec(QUICK)  # as kernels are
name, parameters = sys.argv[1], json.loads(sys.argv[2])
warm_up(["actors", "frames", "language"])
cells = [cell for cell in json.load(open(f"notebooks/{name}.ipynb"))["cells"] if cell["cell_type"] == "code"]
start, space = time.process_time(), {}
for cell in cells:
    *first, last = ast.parse("".join(cell["source"])).body
    exec(compile(ast.Module(first, []), name, "exec"), space)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), name, "eval"), space)
        getattr(value, "_repr_mimebundle_", None) and value._repr_mimebundle_() or value._repr_html_()
    else:
        exec(compile(ast.Module([last], []), name, "exec"), space)
    if "parameters" in cell["metadata"].get("tags", []):
        space |= parameters
print(time.process_time() - start)
"""
FIVE = """
import time
from toolkit import *
start = time.perf_counter()
news = read_corpus("news-2017")
named = find_mentions(news, "actors", ["UKR", "RUS"])
draw(estimate_rates(named, by="outlet"))
show_numbers(estimate_shares(named, by="outlet"))
named
print(time.perf_counter() - start)
"""


def run(clone: Path, *words: str, cache: Path | None = None) -> float:
    """Run Python in the clone and time it; what it prints last, if that is a number, is its own time."""
    environment = {**os.environ, "PYTHONPATH": str(clone), "MPLBACKEND": "agg"} | ({"FRAMEBOOK_CACHE": str(cache)} if cache else {})
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *words], cwd=clone, env=environment, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    assert done.returncode == 0, done.stdout + done.stderr
    try:
        return float(done.stdout.split()[-1])
    except ValueError:
        return took


def best(times: int, measure: Callable[[], float], before: Callable[[], object] = lambda: None) -> float:
    """The best of several."""
    taken = []
    for _ in range(times):
        before()
        taken.append(measure())
    return min(taken)


def forget(clone: Path) -> None:
    """Remove what was built, runs as well."""
    for name in ("_build", "pages"):
        shutil.rmtree(clone / "book" / name, ignore_errors=True)


def change(path: Path, old: str, new: str) -> None:
    """Put the one in place of the other, or back."""
    text = path.read_text("utf8")
    path.write_text(text.replace(old, new) if old in text else text.replace(new, old), "utf8")


def measure(cold: bool) -> None:
    """Print the table."""
    build = ("-m", "toolkit", "book", "build")
    with tempfile.TemporaryDirectory() as folder:
        clone, empty = Path(folder) / "clone", Path(folder) / "cache"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        print("| | seconds | bound |\n| --- | --: | --: |")
        if cold:
            fetched = run(clone, "-m", "toolkit", "corpus", "fetch", "news-2017", cache=empty)
            print(f"| from nothing, empty cache | {fetched + run(clone, *build, cache=empty):.0f} | 240 |", flush=True)
        run(clone, *build)  # the tables that pages share are in the cache from here on
        everything = best(2, lambda: run(clone, *build), lambda: forget(clone))
        print(f"| all pages, warm cache, best of two | {everything:.0f} | 60 |", flush=True)
        print(f"| nothing changed, best of three | {best(3, lambda: run(clone, *build)):.1f} | 2 |", flush=True)
        plan, charts = clone / "book" / "plan.yml", clone / "toolkit" / "showing" / "charts.py"
        frames = "[aid-and-arms, escalation, de-escalation]", "[aid-and-arms, escalation]"
        one = best(3, lambda: run(clone, *build), lambda: change(plan, *frames))
        print(f"| one parameter of one page, best of three | {one:.1f} | 8 |", flush=True)
        line = best(2, lambda: run(clone, *build), lambda: charts.write_text(charts.read_text("utf8") + "# one more line\n", "utf8"))
        print(f"| one line of showing/, best of two | {line:.0f} | 70 |", flush=True)
        subprocess.run(["git", "checkout", "--quiet", "."], cwd=clone, check=True)
        print(f"| five lines in a warm process, best of three | {best(3, lambda: run(clone, '-c', FIVE)):.2f} | 3 |", flush=True)
        print("\n| page | CPU seconds, best of two |\n| --- | --: |")
        for part in yaml.safe_load(plan.read_text("utf8"))["parts"]:
            for page in part.get("pages", []):
                given = [page["notebook"], json.dumps(page.get("parameters", {}), default=str)]
                print(f"| {page['slug']} | {best(2, lambda given=given: run(clone, '-c', CELLS, *given)):.1f} |", flush=True)


if __name__ == "__main__":
    measure("--cold" in sys.argv)
