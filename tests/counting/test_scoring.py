"""Scores that can be added up by hand, and that leave entries without weights as they are."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.counting.world import find, make_book, make_entry, make_text
from toolkit.codebooks import Pattern, read_codebook
from toolkit.counting import score_sentences
from toolkit.errors import CodebookError

TEXT = ("A cruel, cruel war.", "A cruel joke on a calm day.", "A cruelly waged war.", "A calm day.")


def weigh(text: str, weight: float) -> Pattern:
    return Pattern(text, "pattern", False, 1, weight=weight)


SCORED = replace(make_entry("loaded", [weigh("cruel", 2), weigh("cruel*", 0.5), weigh("calm", -3), weigh("war", 1)]), intercept=-1.0)


def test_a_sentence_scores_the_sum_of_its_different_patterns() -> None:
    scores = score_sentences(find(*make_text(*TEXT), make_book(SCORED, overlap="each")))
    sums = [-1 + 2 + 0.5 + 1, -1 + 2 + 0.5 - 3, -1 + 0.5 + 1, -1 - 3]
    assert scores["probability"].tolist() == pytest.approx([1 / (1 + math.exp(-one)) for one in sums])


def test_a_match_counts_in_a_probable_sentence_once_where_several_overlap() -> None:
    found = find(*make_text(*TEXT), make_book(SCORED, overlap="each"))
    assert found.counted[["sentence", "surface"]].to_numpy().tolist() == [
        [0, "cruel"],
        [0, "cruel"],
        [0, "war"],
        [2, "cruelly"],
        [2, "war"],
    ]
    assert set(found.rows.loc[found.rows["sentence"] == 1, "left_out"]) == {"score"}
    strict = replace(SCORED, threshold=0.9)
    assert set(find(*make_text(*TEXT), make_book(strict, overlap="each")).counted["sentence"]) == {0}


def test_an_entry_without_weights_is_as_ever_beside_a_scored_one() -> None:
    plain = make_entry("plain", ["cruel*", "cruel joke"])
    alone = find(*make_text(*TEXT), make_book(plain)).rows
    both = find(*make_text(*TEXT), make_book(plain, SCORED)).rows
    assert both[both["entry"] == "plain"].reset_index(drop=True).equals(alone)


def test_where_each_pattern_counts_none_takes_the_words_of_another() -> None:
    words = make_entry("words", ["cruel joke", "cruel", "joke"])
    assert len(find(*make_text(*TEXT), make_book(words)).rows) == 3
    assert len(find(*make_text(*TEXT), make_book(words, overlap="each")).rows) == 5


YAML = "codebook: a\nkind: frames\nversion: 1\nlicence: MIT\nsource: ours\nentries:\n  b:\n    label: B\n    meaning: b\n"


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        (
            "    patterns:\n    - {pattern: war, weight: 2}\n",
            "a.yml:7, entry 'b': weights without 'intercept'. Required: the score of a sentence without any pattern. Add it, or delete the "
            "weights.",
        ),
        (
            "    intercept: 1\n    patterns:\n    - {pattern: war, weight: much}\n",
            "a.yml:12, entry 'b': 'weight' is 'much'. Allowed: a number, such as 0.5.",
        ),
        ("    intercept: .inf\n    patterns: [war]\n", "a.yml:10, entry 'b': 'intercept' is '.inf'. Allowed: a number, such as 0.5."),
    ],
)
def test_a_fault_of_weights_is_told_with_its_line(rest: str, message: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yml").write_text(YAML + rest, "utf8")
    with pytest.raises(CodebookError, match=re.escape(message)):
        read_codebook("a.yml")
