from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tests.publishing.project import write_notebook
from toolkit import explore, read_corpus
from toolkit.errors import PlanError
from toolkit.publishing.plan import read_plan
from toolkit.showing.exploring import add_page

PLAN = """\
# What we publish.
version: 1
parts:
  - caption: Who is in it   # a part
    pages:
      - slug: first
        notebook: actors
        title: The first
        parameters:
          actors: [
            "UKR", "RUS",   # two
          ]
      # after it
      - {slug: second, notebook: framing, title: "How, told"}
  - caption: The rest
    prose: [data-dictionary]
"""
PAGE = '- slug: new\n  notebook: actors\n  title: "New: and *old*"\n  parameters:\n    actors: ["FRA"]\n'
BY_HAND = "Nothing was written. Copy the page from below, and put it in by hand."


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, with its notebooks as the current folder."""
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "plan.yml").write_bytes(PLAN.encode())
    write_notebook(tmp_path / "notebooks" / "actors.ipynb", "pass", parameters='corpus = ""\ncodebook = ""\nactors = ["UKR"]\noutlets = []')
    write_notebook(tmp_path / "notebooks" / "framing.ipynb", "pass", parameters='corpus = ""\ncodebook = ""\nframes = [""]\nvoice = ""')
    monkeypatch.chdir(tmp_path / "notebooks")
    return tmp_path


def add(project: Path, plan: str, page: str = PAGE) -> str:
    (project / "book" / "plan.yml").write_bytes(plan.encode())
    add_page(page)
    return (project / "book" / "plan.yml").read_bytes().decode()


def test_a_page_comes_after_the_last_of_its_notebook_and_nothing_else_changes(project: Path) -> None:
    said = add_page(PAGE)
    assert said == f"Added to {Path('..', 'book', 'plan.yml')}: new, after first. framebook book build makes the page."
    before, after = PLAN.split("      # after it")
    indented = "".join(f"      {line}" for line in PAGE.splitlines(keepends=True))
    assert (project / "book" / "plan.yml").read_text("utf8") == f"{before}{indented}      # after it{after}"
    assert [page.slug for page in read_plan(project).pages] == ["first", "new", "second"]
    assert [path.name for path in (project / "book").iterdir()] == ["plan.yml"]


def test_a_page_of_a_notebook_that_no_page_has_comes_last(project: Path) -> None:
    (project / "notebooks" / "keyness.ipynb").write_text("{}")
    written = add(project, PLAN, PAGE.replace("actors\n  title", "keyness\n  title"))
    assert [page["slug"] for page in yaml.safe_load(written)["parts"][0]["pages"]] == ["first", "second", "new"]


@pytest.mark.parametrize(
    ("plan", "slugs"),
    [
        (PLAN.replace("\n", "\r\n"), ["first", "new", "second"]),
        ("parts:\n- pages:\n  - slug: a\n    notebook: actors\n    title: >\n      Folded\n      over lines\n", ["a", "new"]),
        ("parts:\n- pages:\n  - title: A\n    slug: a\n\n\n    notebook: actors\n# end\n- caption: x\n", ["a", "new"]),
        ("parts:\n- pages:\n  - slug: a\n    notebook: actors", ["a", "new"]),
    ],
)
def test_plans_may_be_written_in_many_ways(project: Path, plan: str, slugs: list[str]) -> None:
    written = add(project, plan)
    assert [page["slug"] for page in yaml.safe_load(written)["parts"][0]["pages"]] == slugs
    assert set(plan.rstrip().splitlines()) <= set(written.splitlines())


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (PLAN.replace("slug: second", "slug: new"), "the slug 'new' is taken. Each page has its own."),
        ("parts: [{pages: [{slug: a, notebook: actors}]}]", "its pages are not a list with a line for each key."),
        ('{"parts": [{"pages": [\n{"slug": "a", "notebook": "actors"}\n]}]}', "its pages are not a list with a line for each key."),
        ("parts:\n- pages:\n  -\n    slug: a\n    notebook: actors\n", "its pages are not a list with a line for each key."),
        ("parts:\n- caption: x\n  prose: [a]\n", "no page in it that another could follow."),
        ("parts:\n- pages: [\n", "no page in it that another could follow."),
        ("- 3", "no page in it that another could follow."),
        ("parts:\n- pages:\n  - x\n", "no page in it that another could follow."),
        ("", "no page in it that another could follow."),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(project: Path, plan: str, reason: str) -> None:
    with pytest.raises(PlanError) as raised:
        add(project, plan)
    assert str(raised.value) == f"{Path('..', 'book', 'plan.yml')}: {reason} {BY_HAND}"
    assert (project / "book" / "plan.yml").read_bytes() == plan.encode()


def test_outside_a_project_there_is_no_plan(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "elsewhere" / "deep").mkdir(parents=True)
    monkeypatch.chdir(project / "elsewhere" / "deep")
    with pytest.raises(PlanError, match=r"^book/plan\.yml: not found\. A page is added in a project: framebook new makes one\. Nothing "):
        add_page(PAGE)
    monkeypatch.chdir(project)
    (project / "notebooks" / "actors.ipynb").unlink()
    with pytest.raises(PlanError, match=r"^notebooks/actors\.ipynb: not found\."):
        add_page(PAGE)


def test_a_view_of_ones_own_corpus_becomes_a_page_that_reads_it(project: Path) -> None:
    (project / "corpus").mkdir()
    pd.DataFrame({"text": ["Ukraine and Russia met.", "It rained."], "outlet": ["a.com", "b.com"]}).to_csv(project / "corpus" / "a.csv")
    view = explore(read_corpus("../corpus/a.csv"), "actors", "UKR")
    copies = view.find({"outlets": ["a.com"]})
    assert "news = read_corpus('../corpus/a.csv', outlets=['a.com'])" in copies["code"]
    assert "-p corpus=corpus/a.csv " in copies["command"]
    assert add_page(copies["plan"]).startswith(f"Added to {Path('..', 'book', 'plan.yml')}: actors-ukr, after first.")
    page = next(page for page in read_plan(project).pages if page.slug == "actors-ukr")
    given = {"corpus": "../corpus/a.csv", "codebook": "actors", "actors": ["UKR"], "outlets": ["a.com"]}
    assert (page.notebook, page.title, page.parameters) == ("actors", "Ukraine", given)


def test_a_corpus_that_no_name_reads_again_is_not_made_up() -> None:
    code = explore(read_corpus(pd.DataFrame({"text": ["Ukraine met Russia."]})), "actors").find({})["code"]
    assert re.search(r"^news = \.\.\.  # the corpus as you read it$", code, re.MULTILINE)
