"""Codebooks and plans made to do harm: refused fast and with the reason, or harmless."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.publishing.project import write_project
from toolkit import find_mentions, read_codebook, read_corpus
from toolkit.errors import CodebookError, PlanError
from toolkit.publishing.plan import read_plan

HEAD = "codebook: own\nkind: frames\nversion: 1\nlicence: CC0\nsource: made up\n"
BOMB = "\n".join(
    ['a: &a ["x"]', *(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefghi", "bcdefghij", strict=True))]
)
ELSEWHERE = ["../frames", "/etc/passwd", "frames.yml", "frames\0", "file:///etc/passwd", "https://evil.example/x", "..\\frames", "~/x"]


def write(path: Path, text: str) -> str:
    path.write_text(text, "utf8")
    return str(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{BOMB}\n{HEAD}entries: {{e: {{label: e, patterns: *j}}}}", "not YAML: 'a' is an alias or anchor."),
        ("a: " + "[" * 100_000, "nested too deep to read."),
        (f"{HEAD}entries: !!python/object/apply:os.system [ls]", "Allowed: a mapping"),
    ],
    ids=["bomb", "deep", "code"],
)
def test_a_bomb_is_refused_at_once(text: str, message: str, tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(CodebookError, match=re.escape(message)):
        read_codebook(write(tmp_path / "own.yml", text))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_codebook_extends_a_bundled_one_and_no_file(name: str, tmp_path: Path) -> None:
    write(tmp_path / "frames.yml", f"{HEAD}entries: {{e: {{label: e, patterns: [secret]}}}}")
    with pytest.raises(CodebookError, match=r"which is not a bundled codebook\. Allowed: actors, frames, "):
        read_codebook(write(tmp_path / "own.yml", f"{HEAD}extends: {json.dumps(name)}\n"))


def test_patterns_that_would_never_end_as_regular_expressions_are_words(tmp_path: Path) -> None:
    patterns = ["a*a*a*a*a*a*a*b", "a* a* a* a* a* a* b", "(a+)+$", "(.*)*x"]
    book = read_codebook(write(tmp_path / "own.yml", f"{HEAD}entries: {{e: {{label: e, patterns: {json.dumps(patterns)}}}}}"))
    news = read_corpus(pd.DataFrame({"text": ["a" * 50_000 + " " + "a a " * 20_000 + ". It rains on the town."]}))
    began = time.monotonic()
    assert len(find_mentions(news, book).rows) == 0
    assert time.monotonic() - began < 20


@pytest.mark.slow
def test_a_hundred_thousand_patterns_are_read_and_found(tmp_path: Path) -> None:
    listed = "".join(f"      - word{at}\n" for at in range(100_000))
    began = time.monotonic()
    book = read_codebook(write(tmp_path / "own.yml", f"{HEAD}entries:\n  e:\n    label: e\n    patterns:\n{listed}"))
    news = read_corpus(pd.DataFrame({"text": ["Not word100000, but word7 and word99999 stand in this text."]}))
    assert find_mentions(news, book).rows["surface"].tolist() == ["word7", "word99999"]
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("slug", ["../x", "a/b", "/tmp/x", "..", "a\n", "a\0", "A", "%2e%2e", ".hidden", "", "con:x"])
def test_a_slug_is_no_path(slug: str, tmp_path: Path) -> None:
    root = write_project(tmp_path / "project", {"good": {}, "other": {"slug": slug}, "third": {"notebook": f"../{slug}"}})
    with pytest.raises(PlanError, match=r"parts 1 pages 2 slug: String should match pattern") as raised:
        read_plan(root)
    assert "parts 1 pages 3 notebook: String should match pattern" in str(raised.value)
