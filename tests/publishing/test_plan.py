from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.errors import PlanError
from toolkit.publishing.plan import read_plan

from .project import write_notebook


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_notebook(tmp_path / "notebooks" / "actors.ipynb", "pass", parameters='actors = ["UKR"]\nstart = ""')
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "methods.md").write_text("# Methods")
    return tmp_path


def write_plan(root: Path, text: str) -> None:
    (root / "book" / "plan.yml").write_text(text, "utf8")


def test_a_plan_keeps_the_order_of_its_pages_and_a_date_is_text(root: Path) -> None:
    write_plan(
        root,
        """
version: 1
front: {page: b, figure: rates}
parts:
  - {caption: One, pages: [{slug: b, notebook: actors, title: B, parameters: {start: 2017-02-01}}]}
  - {caption: Two, pages: [{slug: a, notebook: actors, title: A}], prose: [methods, codebooks]}
""",
    )
    plan = read_plan(root)
    assert [(page.slug, page.parameters) for page in plan.pages] == [("b", {"start": "2017-02-01"}), ("a", {})]


def test_what_has_no_quotes_is_the_number_or_truth_that_yaml_takes_it_for(root: Path) -> None:
    write_notebook(root / "notebooks" / "other.ipynb", "pass", parameters='seed = 1\nis_new = False\nname = ""\nsome = [0.5]')
    given = '{seed: 7, is_new: true, name: "7", some: [1.5]}'
    write_plan(root, f"version: 1\nparts: [{{caption: One, pages: [{{slug: a, notebook: other, title: A, parameters: {given}}}]}}]")
    (page,) = read_plan(root).pages
    assert page.parameters == {"seed": 7, "is_new": True, "name": "7", "some": [1.5]} and page.parameters["is_new"] is True


def test_a_path_of_the_plan_counts_from_the_root_of_the_project(root: Path) -> None:
    (root / "corpus").mkdir()
    (root / "corpus" / "a.csv").write_text("text\nIt rains.\n")
    write_notebook(root / "notebooks" / "other.ipynb", "pass", parameters='a = ""\nb = ""\nc = ""\nd = ""\ne = ""')
    given = f"{{a: corpus/a.csv, b: ../corpus/a.csv, c: corpus/b.csv, d: corpus, e: {root}/corpus/a.csv}}"
    write_plan(root, f"version: 1\nparts: [{{caption: One, pages: [{{slug: a, notebook: other, title: A, parameters: {given}}}]}}]")
    (page,) = read_plan(root).pages
    assert list(page.parameters.values()) == ["../corpus/a.csv", "../corpus/a.csv", "corpus/b.csv", "corpus", f"{root}/corpus/a.csv"]


def test_every_wrong_page_is_said_at_once(root: Path) -> None:
    write_plan(
        root,
        """
version: 1
front: {page: ukrain, figure: rates}
parts:
  - caption: Who
    pages:
      - {slug: ukraine, notebook: actor, title: A}
      - {slug: ukraine, notebook: actors, title: B, parameters: {actor: [RUS], start: 3}}
      - {slug: front, notebook: actors, title: C}
  - {caption: More, prose: [method]}
""",
    )
    with pytest.raises(PlanError) as raised:
        read_plan(root)
    assert str(raised.value).splitlines() == [
        "book/plan.yml, page 'ukraine': the slug appears 2 times. Slugs are unique. Rename one.",
        "book/plan.yml, page 'front': the build writes a page of that name itself. Rename it.",
        "book/plan.yml, page 'ukraine': notebooks/actor.ipynb: no such notebook. Allowed: actors. Did you mean 'actors'?",
        "book/plan.yml, page 'ukraine': notebooks/actors.ipynb: unknown parameter 'actor'. Declared: actors, start. Did you mean 'actors'?",
        "book/plan.yml, page 'ukraine': notebooks/actors.ipynb: parameter 'start' is 3 (int). Expected str, as in start = \"\".",
        "book/plan.yml: no prose page book/method.md. Allowed: codebooks, data-dictionary, methods. Did you mean 'methods'?",
        "book/plan.yml, front: no page 'ukrain'. Allowed: front, ukraine. Did you mean 'ukraine'?",
    ]


def test_unknown_keys_and_wrong_types_are_said_by_page(root: Path) -> None:
    write_plan(
        root,
        """
version: 1
parts:
  - caption: Who
    pages:
      - {slug: Ukraine, notebook: actors, titel: A}
    notes: x
  - {caption: More, prose: [on]}
editoin: x
""",
    )
    with pytest.raises(PlanError) as raised:
        read_plan(root)
    assert str(raised.value).splitlines() == [
        "book/plan.yml:6, parts 1 pages 1 slug: String should match pattern '^[a-z0-9]+(-[a-z0-9]+)*$'. Found 'Ukraine'.",
        "book/plan.yml:6, parts 1 pages 1 title: Field required.",
        "book/plan.yml:6, parts 1 pages 1 titel: unknown key. "
        "Allowed: author, lead, notebook, page_timeout, parameters, slug, timeout, title. Did you mean 'title'?",
        "book/plan.yml:7, parts 1 notes: unknown key. Allowed: caption, pages, prose.",
        "book/plan.yml:8, parts 2 prose 1: Input should be a valid string. Found True.",
        "book/plan.yml:9, editoin: unknown key. Allowed: front, parts, version.",
    ]


def test_what_yaml_would_let_pass_is_refused_by_its_line(root: Path) -> None:
    for text, said in {
        "version: 1\nversion: 1": "book/plan.yml:2: key 'version' appears twice, first in line 1. Each key may appear once. Delete one.",
        "version: 1\nparts: [{caption: *a}]": "book/plan.yml:2: not YAML: 'a' is an alias or anchor. Indent with spaces; "
        "put texts that begin with * or & or contain ': ' into quotes.",
        "": "book/plan.yml:1: 0 YAML documents. Allowed: one. Make it one document.",
        "[]": "book/plan.yml:1, plan: Input should be a valid dictionary or instance of Plan. Found [].",
    }.items():
        write_plan(root, text)
        with pytest.raises(PlanError) as raised:
            read_plan(root)
        assert str(raised.value) == said


@pytest.mark.parametrize("text", ["parts: [", "[]", "", "version: 2\nparts: []", "version: 1\nversion: 1", "parts: 3"])
def test_what_is_no_plan_is_refused(root: Path, text: str) -> None:
    write_plan(root, text)
    with pytest.raises(PlanError, match=r"^book/plan\.yml"):
        read_plan(root)


def test_the_plan_of_the_book_fits_its_notebooks() -> None:
    assert len(read_plan(Path(__file__).parents[2]).pages) >= 12
