"""WordStat's categories, weights and rules."""

from __future__ import annotations

import pytest

from toolkit.codebooks.records import Near

from .files import entries, losses, read

CAT = "GOOD\n\tKIND WORDS\n\t\tNICE* (1)\n\t\tWELL DONE (2.5)\n\tGREAT (1)\nNEGATION\n\tNOT (1)\n\tNO ONE (1)\n"


def test_tabs_nest_categories_and_the_number_behind_an_item_is_its_weight():
    book = read(CAT, "good.cat")
    assert entries(book) == {"GOOD": ["GREAT"], "GOOD/KIND-WORDS": ["NICE*", "WELL DONE"], "NEGATION": ["NOT", "NO ONE"]}
    assert [pattern.weight for pattern in book.entry("GOOD/KIND-WORDS").patterns] == [1.0, 2.5]
    assert losses(book) == []


@pytest.mark.parametrize(
    ("rule", "near", "said"),
    [
        ("#GOOD NEAR #NEGATION /S 3", Near(("NOT", "NO ONE"), 3), []),
        ("#GOOD NOT NEAR #NEGATION /S3", Near(("NOT", "NO ONE"), 3, negated=True), []),
        ("#GOOD NEAR RIVER /S", Near(("RIVER",), None), []),
        ("#GOOD AND RIVER /S 9", Near(("RIVER",), 9), []),
        ("#GOOD NOT AFTER #NEGATION /S 3", Near(("NOT", "NO ONE"), 3, negated=True), ["is read as NEAR in a sentence: the side of"]),
        ("#GOOD BEFORE RIVER /P", Near(("RIVER",), None), ["is read as NEAR in a sentence: the side of the word, or a wider"]),
        ("#GOOD NEAR RIVER", Near(("RIVER",), None), ["is read as NEAR in a sentence: "]),
    ],
)
def test_rules_become_conditions_and_what_is_lost_of_them_is_told(rule, near, said):
    book = read(f"{CAT}BAD\n\t@NOT_GOOD [{rule}] (1)\n", "good.cat")
    assert {pattern.text: pattern.near for pattern in book.entry("BAD").patterns} == dict.fromkeys(["NICE*", "WELL DONE", "GREAT"], (near,))
    assert len(losses(book)) == len(said)
    for line, words in zip(sorted(losses(book)), said, strict=True):
        assert line.startswith(f"good.cat:10: warning: rule @NOT_GOOD [{rule}] {words}")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("BANK NEAR RIVER AND SHORE /S 3", "Understood: [A NEAR B /S 3], with NOT, AFTER, BEFORE, AND, /P, /C."),
        ("BANK NEAR RIVER /P 3 /C", "Understood: [A NEAR B /S 3], with NOT, AFTER, BEFORE, AND, /P, /C."),
        ("BANK", "Understood: [A NEAR B /S 3], with NOT, AFTER, BEFORE, AND, /P, /C."),
        ("#GONE NEAR RIVER /S 3", "which refers to a category that is empty or not there."),
    ],
)
def test_a_rule_that_is_not_understood_is_left_out_and_told(rule, message):
    book = read(f"{CAT}BAD\n\t@R [{rule}] (1)\n\tBANK (1)\n", "good.nfo")
    assert entries(book)["BAD"] == ["BANK"]
    assert len(losses(book)) == 1
    assert losses(book)[0].startswith("good.nfo:10: warning: left out: rule @R")
    assert losses(book)[0].endswith(message)


def test_words_of_a_phrase_are_joined_by_underscores():
    book = read("TALKS\n\tPEACE_TALK* (1)\n\t@R [CEASE_FIRE NEAR PEACE_DEAL /S 3] (1)\n", "talks.cat")
    assert entries(book) == {"TALKS": ["PEACE TALK*", "CEASE FIRE"]}
    assert book.entry("TALKS").patterns[1].near == (Near(("PEACE DEAL",), 3),)


def test_an_item_outside_all_categories_is_told():
    assert losses(read(f"LONE (1)\n{CAT}", "good.cat")) == ["good.cat:1: warning: left out: 'LONE (1)' is in no category."]
