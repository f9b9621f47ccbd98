"""The bundled `language` codebook: sound, documented, and right on texts countable by finger."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.codebooks import read_codebook

from .cases import find_surfaces, load_cases

BOOK = read_codebook("language")


def test_language_entries_are_those_of_the_literature() -> None:
    assert [entry.id for entry in BOOK.top()] == ["loaded-words", "intensifiers", "hedges", "boosters", "reporting-verbs"]
    assert (BOOK.id, BOOK.kind, BOOK.version, BOOK.licence) == ("language", "language", "2026.2", "CC-BY-4.0")
    assert "Hyland (2005)" in BOOK.source
    assert {"loaded-words/negative", "loaded-words/positive", "reporting-verbs/neutral", "reporting-verbs/evaluative"} <= {
        entry.id for entry in BOOK.entries
    }


def test_every_entry_says_what_it_means_and_what_was_rejected() -> None:
    for entry in BOOK.entries:
        assert len(entry.meaning.split()) > 5, entry.id
        assert not entry.patterns or (len(entry.patterns) >= 20 and entry.rejected), entry.id


@pytest.mark.parametrize(("text", "expected"), load_cases("language.yml"))
def test_language_finds_what_a_reader_finds(text: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    assert find_surfaces(text, "language", tmp_path) == expected
