from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, run_framebook
from toolkit.errors import BuildError, CorpusError
from toolkit.parsing import read_to_file
from toolkit.publishing import build_book, list_pages, recount_book, start_project, update_project

TITLE = 'Ann\'s news: "one" {x} $5'


def write_articles(folder: Path, n: int = 20) -> Path:
    """Text files whose names give date and outlet."""
    folder.mkdir()
    for number in range(n):
        said = f"Ukraine and Russia disagree about case {number}. Donald Trump said that the plan will cost {number + 2} jobs."
        text = f"Case {number}\n\n{said}\n\nThe ministry must act, a spokesman in Kyiv said. Nobody at the river {number} was afraid."
        (folder / f"2017-02-{number % 9 + 10}_paper-{number % 3}.example_{number}.txt").write_text(text, "utf8")
    return folder


@pytest.mark.slow
def test_three_commands_lead_from_text_files_to_an_own_book(tmp_path: Path) -> None:
    articles, project = write_articles(tmp_path / "articles"), tmp_path / "demo"
    words = ("new", str(project), "--articles", str(articles), "--name-pattern", "{published}_{outlet}_{_}", "--title", TITLE)
    made = run_framebook(*words)
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[-1] == f"{project}: 20 articles, notebooks, plan and book. Next: cd {project}, then make book"
    command = f"env PYTHONPATH={ROOT} {sys.executable} -m toolkit"
    found = project.parent / "framebook"  # on the path, as an installed command is
    found.write_text(f'#!/bin/sh\nexec {command} "$@"\n', "utf8")
    found.chmod(0o755)
    built = subprocess.run(["make", "book", f"FRAMEBOOK={found}"], cwd=project, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    index = (project / "book" / "_build" / "html" / "index.html").read_text("utf8")
    assert "20 articles by paper-0.example, paper-1.example, paper-2.example." in index
    assert "news-2017" not in index


def test_one_article_gets_the_page_of_one_article(tmp_path: Path) -> None:
    start_project(tmp_path / "one", [write_articles(tmp_path / "articles", 1)])
    assert [line.split()[0] for line in list_pages(tmp_path / "one")] == ["article", "sourcing"]


def test_notebooks_of_a_project_begin_with_its_corpus_and_say_nothing_of_ours(tmp_path: Path) -> None:
    start_project(tmp_path / "own")
    notebooks = "".join(path.read_text("utf8") for path in (tmp_path / "own" / "notebooks").glob("*.ipynb"))
    assert "sample corpus" not in notebooks and "(see " not in notebooks and '"news-2017' not in notebooks
    assert notebooks.count('corpus = \\"../corpus/corpus.parquet\\"') == 11


def test_names_of_files_that_hold_dates_are_asked_for(tmp_path: Path) -> None:
    made = start_project(tmp_path / "demo", [write_articles(tmp_path / "articles")])
    assert made.failed and made.summary.count("--name-pattern '{published}_{outlet}_{_}'") == 1


def test_a_project_without_articles_says_what_to_do_next(tmp_path: Path) -> None:
    assert start_project(tmp_path / "demo").summary.endswith(
        "framebook corpus read YOUR-ARTICLES --out corpus/corpus.parquet, then make book"
    )


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf8")
    with pytest.raises(BuildError, match=r"there is something already\. Give the name of a new folder"):
        start_project(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_articles_that_cannot_be_read_leave_no_folder_and_doubtful_ones_end_with_one(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.docx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(CorpusError):
        start_project(tmp_path / "demo", [tmp_path / "bad"])
    assert not (tmp_path / "demo").exists()
    mixed = write_articles(tmp_path / "mixed", 6)
    shutil.copy(tmp_path / "bad" / "a.docx", mixed)
    made = run_framebook("new", str(tmp_path / "demo"), "--articles", str(mixed))
    assert made.returncode == 1 and "demo: 6 articles, " in made.stdout


def test_an_update_changes_what_is_ours_and_keeps_what_people_changed(tmp_path: Path) -> None:
    project = tmp_path / "demo"
    start_project(project, title=TITLE, author="Ann Bo")
    kept, css, notebook = (
        project / "book" / ".framebook.json",
        project / "book" / "_static" / "book.css",
        project / "notebooks" / "actors.ipynb",
    )
    theirs = notebook.read_text("utf8").replace("lenient", "strict")
    notebook.write_text(theirs, "utf8")
    written, new = json.loads(kept.read_text("utf8")), css.read_text("utf8")
    css.write_text("old", "utf8")  # as an earlier version wrote it
    written["files"]["book/_static/book.css"] = __import__("hashlib").sha256(b"old").hexdigest()
    kept.write_text(json.dumps(written), "utf8")
    said = update_project(project).summary
    assert css.read_text("utf8") == new and notebook.read_text("utf8") == theirs
    assert [line for line in said.splitlines() if line.startswith(("book/", "notebooks/"))] == [
        "book/_static/book.css: brought up to date",
        "notebooks/actors.ipynb: yours is kept; ours differs",
    ]
    assert json.dumps(TITLE) in (project / "book" / "_config.yml").read_text("utf8")
    assert update_project(project).summary.splitlines()[0] == "notebooks/actors.ipynb: yours is kept; ours differs"


def test_an_update_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no project that was made by framebook new"):
        update_project(tmp_path)


@pytest.mark.slow
def test_an_installed_package_carries_what_a_project_needs(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "_build", "pages", "__pycache__", "*.egg-info", ".mypy_cache")
    )
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(tmp_path),
        str(copy),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    import zipfile

    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    for name in ("notebooks/actors.ipynb", "book/_config.yml", "book/_ext/bookfix.py", "book/_static/book.css"):
        assert any(one.endswith(f"share/framebook/{name}") for one in names), name
    assert "toolkit/publishing/data/project/plan.yml" in names


PLAN = """version: 1
parts:
  - {caption: Before, prose: [how-to-read]}
  - caption: One
    pages:
      - slug: own
        notebook: framing
        title: Own
        parameters: {corpus: corpus/corpus.parquet, codebook: codebooks/own.yml, frames: [], actors: [UKR]}
"""


@pytest.mark.slow
def test_a_recount_finds_a_changed_byte_in_page_table_corpus_and_codebook(tmp_path: Path) -> None:
    project = tmp_path / "demo"
    start_project(project, [write_articles(tmp_path / "articles")], name_pattern="{published}_{outlet}_{_}")
    (project / "book" / "plan.yml").write_text(PLAN, "utf8")
    assert build_book(project).failed == ()
    assert recount_book(project) == []
    table = next((project / "book" / "pages" / "data").rglob("rates-by-outlet.csv"))
    page = project / "book" / "_build" / "html" / "pages" / "own.html"
    for path in (table, page):
        kept = path.read_bytes()
        path.write_bytes(kept.replace(b"risk", b"rusk", 1))
        (said,) = recount_book(project)
        assert said.startswith(f"book/{path.relative_to(project / 'book')}: ")
        path.write_bytes(kept)
    assert "1 row moved; the first was " in (said := _recount_with(table, b",risk,", b",rusk,", project)) and "rusk" in said
    codebook = project / "codebooks" / "own.yml"
    assert " moved; the first was " in _recount_with(codebook, b"danger, ", b"anger, cost, ", project)
    articles = write_articles(tmp_path / "others", 19)
    shutil.rmtree(project / "corpus")
    read_to_file([articles], project / "corpus" / "corpus.parquet", name_pattern="{published}_{outlet}_{_}")
    assert "rates-by-outlet.csv: " in "\n".join(recount_book(project))
    shutil.rmtree(project / "corpus")
    assert "own" in recount_book(project)  # the page failed, and the rest is compared all the same


def _recount_with(path: Path, old: bytes, new: bytes, project: Path) -> str:
    kept = path.read_bytes()
    assert old in kept
    path.write_bytes(kept.replace(old, new, 1))
    said = "\n".join(recount_book(project))
    path.write_bytes(kept)
    return said
