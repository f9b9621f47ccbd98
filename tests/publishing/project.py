"""A book of tiny notebooks, one for each way a page can go, in a folder of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

BOOK = Path(__file__).parents[2] / "book"

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
HOSTILE = """<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1"> {x} {{y}} $5 `z` | \\u202e [a](b)"""
FIGURE = f"""\
from IPython.display import display
entry = {{"version": 1, "name": "rates", "alt": "Two bars: " + word, "caption": "Rates, " + word}}
entry["files"] = {{"rates.csv": "a,b\\n1," + word}}
display({{"image/png": "{PIXEL}", "text/plain": "x", "application/vnd.framebook+json": entry}}, raw=True)"""
FINDING = """\
said = {"version": 1, "name": "finding-rates", "alt": "", "caption": "", "files": {}}
display({"text/html": "<p>Found</p>", "text/plain": "Found: " + word, "application/vnd.framebook+json": said}, raw=True)"""

# What the last cell of each notebook does, and how its page should end.
ENDINGS = {
    "good": ("print('done')\n0 and read_corpus('texts')", "ok"),  # a folder beside the notebooks; read in name only
    "raises": ("raise ValueError('no <b>such</b> thing in ' + __import__('os').getcwd())", "error"),
    "exits": ("import sys; sys.exit(3)", "error"),
    "exits-quietly": ("import sys; sys.exit()\n", "error"),
    "sleeps": ("import time; time.sleep(60)", "timeout"),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "died"),
}


def write_notebook(path: Path, ending: str, *, parameters: str = 'word = "aid"  # a word\nn = 2  # how many') -> None:
    """Write a notebook with a figure, a finding, an ending and a step after it."""
    sources = [
        ("markdown", "# A question\n\nAnd prose.", []),
        ("code", parameters, ["parameters"]),
        ("code", FIGURE, []),
        ("code", FINDING, []),
        ("markdown", "## The end", []),
        ("code", ending, []),
        ("code", "print('after')", []),
    ]
    cells = [
        {"cell_type": kind, "id": f"c{number}", "metadata": {"tags": tags} if tags else {}, "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for number, (kind, source, tags) in enumerate(sources)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf8")


def write_project(root: Path, pages: dict[str, dict[str, object]]) -> Path:
    """Write a project whose pages have the slugs and the plan entries given; a page's notebook is one of `ENDINGS`."""
    for name, (ending, _) in ENDINGS.items():
        write_notebook(root / "notebooks" / f"{name}.ipynb", ending)
    (root / "notebooks" / "texts").mkdir()
    (root / "notebooks" / "texts" / "one.txt").write_text("One\n\nA text.", "utf8")
    book = root / "book"
    for folder in ("_ext", "_static"):
        shutil.copytree(BOOK / folder, book / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(BOOK / "_config.yml", book)
    (book / "refs.bib").write_text("", "utf8")
    (book / "index.md").write_text("# A book\n\n```{include} pages/front.md\n```\n\nA formula: $a^2$\n", "utf8")
    entries = [{"slug": slug, "notebook": "good", "title": f"Page {slug}", **given} for slug, given in pages.items()]
    parts = [{"caption": "Pages", "pages": entries}, {"caption": "More", "prose": ["data-dictionary"]}]
    plan = {"version": 1, "front": {"page": entries[0]["slug"], "figure": "rates"}, "parts": parts}
    (book / "plan.yml").write_text(json.dumps(plan), "utf8")
    return root
