from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from toolkit.publishing import verify_book
from toolkit.publishing.inputs import Provenance

from .project import write_project

MADE_WITH = asdict(Provenance("", "", (), "", "", ""))
GOOD = '<html><body><h1 id="top">A</h1><a href="#top">up</a><a href="https://example.org">out</a><img src="x.png" alt="Bars"></body></html>'


@pytest.fixture
def html(tmp_path: Path) -> Path:
    """A book as if it were built, in which nothing is wrong."""
    root = write_project(tmp_path / "project", {"one": {}})
    folder = root / "book" / "_build" / "html"
    (folder / "pages").mkdir(parents=True)
    for name in ("index", "pages/one", "pages/data-dictionary"):
        (folder / f"{name}.html").write_text(GOOD)
    for picture in ("x.png", "pages/x.png"):
        (folder / picture).write_bytes(b"")
    (root / "book" / "manifest.json").write_text(
        json.dumps({"made_with": MADE_WITH, "pages": [{"slug": "one", "status": "ok", "reason": ""}]})
    )
    return folder


def verify(html: Path) -> list[str]:
    return verify_book(html.parents[2])


def test_a_good_book_has_no_fault(html: Path) -> None:
    assert verify(html) == []


@pytest.mark.parametrize(
    ("added", "fault"),
    [
        ('<script src="https://cdn.example/x.js"></script>', "<script> fetches https://cdn.example/x.js from outside."),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', "<link> fetches //cdn.example/x.css from outside."),
        ("<style>@import 'https://cdn.example/x.css';</style>", "fetches @import 'https://cdn.example/x.css from outside."),
        ('<p style="background: url(http://cdn.example/x.png)">', "fetches url(http://cdn.example/x.png) from outside."),
        ('<img src="x.png">', "picture x.png has no alt text."),
        ('<img src="x.png" alt="../_images/3f.png">', "picture x.png has no alt text."),
        ('<img src="none.png" alt="Bars">', "link none.png leads nowhere."),
        ('<a href="two.html">two</a>', "link two.html leads nowhere."),
        ('<a href="#evidence-1">1</a>', "link #evidence-1 leads to no place in pages/one.html."),
        ('<a href="../index.html#none">1</a>', "link ../index.html#none leads to no place in index.html."),
        ('<p id="top">', "id 'top' appears 2 times."),
        ("<p>/home/me/x.py and https://a.org/home/me</p>", "shows the path /home/me of this machine."),
    ],
)
def test_each_fault_is_found_and_named(html: Path, added: str, fault: str) -> None:
    (html / "pages" / "one.html").write_text(GOOD + added)
    assert verify(html) == [f"pages/one.html: {fault}"]


def test_a_missing_page_a_failed_page_and_a_style_sheet_from_outside_are_found(html: Path) -> None:
    (html / "pages" / "one.html").unlink()
    (html.parents[1] / "manifest.json").write_text(
        json.dumps({"made_with": MADE_WITH, "pages": [{"slug": "one", "status": "died", "reason": "Full."}]})
    )
    (html / "_static").mkdir()
    (html / "_static" / "x.css").write_text('@import "https://cdn.example/font.css";')
    assert verify(html) == [
        "pages/one.html: planned, but not built.",
        "pages/one.html: the page failed: Full.",
        '_static/x.css: fetches @import "https://cdn.example/font.css from outside.',
    ]
