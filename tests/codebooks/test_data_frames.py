"""The bundled `frames` codebook: sound, documented, and right on texts countable by finger."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.codebooks import read_codebook
from toolkit.errors import CodebookError

from .cases import find_surfaces, load_cases

BOOK = read_codebook("frames")
TOP = [
    "war-words",
    "peace-words",
    "conflict",
    "economic-consequences",
    "human-interest",
    "morality",
    "responsibility",
    "aid-and-arms",
    "escalation",
    "de-escalation",
]


def test_frames_are_those_of_the_literature() -> None:
    assert [entry.id for entry in BOOK.top()] == TOP
    assert (BOOK.id, BOOK.kind, BOOK.version, BOOK.licence) == ("frames", "frames", "2026.2", "CC-BY-4.0")
    assert "Galtung" in BOOK.source
    assert "Lee & Maslog (2005)" in BOOK.source
    assert "Semetko & Valkenburg (2000)" in BOOK.source


def test_every_entry_says_what_it_means_and_what_was_rejected() -> None:
    for entry in BOOK.entries:
        assert len(entry.meaning.split()) > 8, entry.id
        assert not entry.patterns or (len(entry.patterns) >= 20 and entry.rejected), entry.id


@pytest.mark.parametrize(("text", "expected"), load_cases("frames.yml"))
def test_frames_find_what_a_reader_finds(text: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    assert find_surfaces(text, "frames", tmp_path) == expected


@pytest.mark.parametrize("old", ["war-journalism", "peace-journalism", "war-journalism/violence"])
def test_ids_of_before_are_answered_with_those_of_now(old: str) -> None:
    meant = old.replace("journalism", "words")
    with pytest.raises(CodebookError, match=f"there is no entry '{old}'. .* Did you mean '{meant}'"):
        read_codebook("frames").entry(old)
