from __future__ import annotations

import filecmp
import json
import re
import shutil
from pathlib import Path

import pytest

from toolkit.errors import BuildError, PlanError
from toolkit.parsing import hash_source
from toolkit.publishing import Build, build_book, clean_book, list_pages, verify_book


def write_page(root: Path, slug: str, **changed: object) -> None:
    """Change one page of the plan."""
    path = root / "book" / "plan.yml"
    plan = json.loads(path.read_text())
    next(page for page in plan["parts"][0]["pages"] if page["slug"] == slug).update(changed)
    path.write_text(json.dumps(plan))


def list_files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def copy_project(built: tuple[Path, Build], to: Path) -> Path:
    """Copy a project with its runs, and nothing else that was built."""
    shutil.copytree(built[0], to, ignore=shutil.ignore_patterns("html", ".doctrees", "pages", "_toc.yml", "manifest.json", "lock"))
    return to


def test_a_failing_page_does_not_stop_the_book_and_is_named(built: tuple[Path, Build]) -> None:
    root, build = built
    assert build.failed == ("failing",)
    assert build.summary.splitlines()[0] == "3 pages: 3 run, 0 unchanged."
    assert "1 of 3 pages failed:" in build.summary
    assert "1 of 3 pages failed" in (root / "book" / "_build" / "html" / "index.html").read_text()
    assert "This page did not finish" in (root / "book" / "_build" / "html" / "pages" / "failing.html").read_text()
    assert list_pages(root)[-1] == "1 of 3 pages failed"


def test_verification_finds_the_failed_page_and_nothing_else(built: tuple[Path, Build]) -> None:
    assert verify_book(built[0]) == ["pages/failing.html: the page failed: ValueError: no <b>such</b> thing in ./notebooks."]


def test_hostile_text_stays_text_in_the_built_page(built: tuple[Path, Build]) -> None:
    for name in ("index", "pages/hostile", "search"):
        page = (built[0] / "book" / "_build" / "html" / f"{name}.html").read_text()
        assert "<script>window.hacked" not in page
        assert "<img src=x" not in page


def test_a_page_has_its_data_its_downloads_and_its_formula(built: tuple[Path, Build]) -> None:
    html = built[0] / "book" / "_build" / "html"
    assert [path.name for path in (html / "_downloads").rglob("*") if "good-page" in path.name] == ["good-page-source.ipynb"]
    assert '<math alttext="a^2"' in (html / "index.html").read_text()
    assert "thebe" not in (html / "index.html").read_text()
    assert json.loads((html / "manifest.json").read_text())["pages"][0]["slug"] == "good-page"


def test_a_folder_has_one_fingerprint_in_record_manifest_and_corpus(built: tuple[Path, Build]) -> None:
    root = built[0]
    sha256 = hash_source(str(root / "notebooks" / "texts"))
    manifest = json.loads((root / "book" / "manifest.json").read_text())
    assert manifest["pages"][0]["sources"] == [{"kind": "corpus", "name": "texts", "version": "", "sha256": sha256}]
    assert f"texts, SHA-256 {sha256}" in (root / "book" / "_build" / "html" / "pages" / "good-page.html").read_text()


def test_elsewhere_the_same_runs_make_the_same_bytes_and_only_what_changed_or_failed_runs(
    built: tuple[Path, Build], tmp_path: Path
) -> None:
    root = copy_project(built, tmp_path / "else where")
    again = build_book(root)
    assert again.summary.splitlines()[0] == "3 pages: 1 run, 2 unchanged."
    for folder in ("book/pages", "book/_build/html"):
        names = list_files(root / folder)
        assert names == list_files(built[0] / folder)
        assert filecmp.cmpfiles(built[0] / folder, root / folder, names, shallow=False)[1:] == ([], [])


def list_times(root: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (root / "book" / "_build" / "html").rglob("*.html")}


def read_all(root: Path) -> dict[str, bytes]:
    folder = root / "book" / "_build" / "html"
    return {name: (folder / name).read_bytes() for name in list_files(folder)}


def test_only_what_changed_is_run_and_set_with_the_same_bytes_as_from_nothing(built: tuple[Path, Build], tmp_path: Path) -> None:
    root = copy_project(built, tmp_path / "changed")
    write_page(root, "failing", notebook="good", parameters={"n": 7})
    build = build_book(root)
    assert build.summary.splitlines()[0] == "3 pages: 1 run, 2 unchanged."
    assert build.failed == ()
    assert verify_book(root) == []
    before = list_times(root)
    assert build_book(root).summary.splitlines()[0] == "3 pages: 0 run, 3 unchanged."
    assert list_times(root) == before, "Jupyter Book ran although nothing had changed"

    write_page(root, "failing", parameters={"word": "arms"})
    assert build_book(root).summary.splitlines()[0] == "3 pages: 1 run, 2 unchanged."
    after = list_times(root)
    assert after["failing.html"] != before["failing.html"]
    assert after["good-page.html"] == before["good-page.html"]
    in_part = read_all(root)
    (root / "book" / "_build" / "html" / "index.html").unlink()  # what was touched is built from nothing
    build_book(root)
    assert list_times(root)["good-page.html"] != after["good-page.html"]
    assert read_all(root) == in_part

    write_page(root, "failing", title="Another title")  # it is on every page
    assert build_book(root).failed == ()
    assert b"Another title" in read_all(root)["pages/good-page.html"]

    clean_book(root)
    assert sorted(path.name for path in (root / "book" / "_build").iterdir() if path.name != "lock") == ["runs"]
    with pytest.raises(BuildError, match=r"no built book\. Run framebook book build\."):
        verify_book(root)
    clean_book(root, runs=True)
    assert not (root / "book" / "_build" / "runs").exists()


def test_a_wrong_plan_builds_nothing(built: tuple[Path, Build], tmp_path: Path) -> None:
    root = copy_project(built, tmp_path / "wrong")
    write_page(root, "good-page", parameters={"wrod": "x"})
    with pytest.raises(PlanError, match="unknown parameter 'wrod'"):
        build_book(root)
    assert not (root / "book" / "pages").exists()


def test_a_folder_without_a_plan_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as raised:
        build_book(tmp_path)
    assert str(raised.value) == f"{tmp_path / 'book' / 'plan.yml'}: not found. Name the project with --root."


def test_an_unknown_page_cannot_be_run_anew(built: tuple[Path, Build], tmp_path: Path) -> None:
    with pytest.raises(BuildError) as raised:
        build_book(copy_project(built, tmp_path / "only"), only=["good-pag"])
    assert str(raised.value) == "--only good-pag: no such page. Allowed: failing, good-page, hostile. Did you mean 'good-page'?"


def test_an_edition_that_was_kept_is_compared_and_a_repository_gives_launch_buttons(built: tuple[Path, Build], tmp_path: Path) -> None:
    root = copy_project(built, tmp_path / "edition")
    book = root / "book"
    write_page(root, "failing", notebook="good", parameters={"n": 7})
    build_book(root)
    html = book / "_build" / "html"
    assert "New since" not in (html / "index.html").read_text()
    assert not any("launch-buttons" in path.read_text() for path in html.rglob("*.html"))
    (book / "editions").mkdir()
    shutil.copy(book / "manifest.json", book / "editions" / "2026-10.json")
    config = (book / "_config.yml").read_text()
    (book / "_config.yml").write_text(config.replace('repository_url: ""', 'repository_url: "https://github.com/ann/demo"'))
    assert build_book(root).failed == ()
    assert "Since 2026-10, no page is new and no number moved." in (html / "index.html").read_text()
    assert "?urlpath=lab/tree/notebooks/good.ipynb" in (html / "pages" / "good-page.html").read_text()
    assert "launch-buttons" not in (html / "index.html").read_text()

    write_page(root, "failing", parameters={"word": "arms"})
    build_book(root)
    said = re.sub("<[^>]+>", "", (html / "index.html").read_text())
    assert "New since 2026-10: numbers moved on Page failing (1 table, as parameters changed)." in said
    in_part = read_all(root)
    clean_book(root)
    build_book(root)
    assert read_all(root) == in_part
    assert verify_book(root) == []
