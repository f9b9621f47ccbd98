"""WordStat's categories."""

from __future__ import annotations

from .files import entries, losses, read

CAT = "GOOD\n\tKIND WORDS\n\t\tNICE* (1)\n\t\tWELL DONE (2.5)\n\tGREAT (1)\nNEGATION\n\tNOT (1)\n\tNO ONE (1)\n"


def test_tabs_nest_categories_and_the_number_behind_an_item_is_left_out():
    book = read(CAT, "good.cat")
    assert entries(book) == {"GOOD": ["GREAT"], "GOOD/KIND-WORDS": ["NICE*", "WELL DONE"], "NEGATION": ["NOT", "NO ONE"]}
    assert losses(book) == ["good.cat:1: warning: weights are left out: every pattern counts one."]


def test_a_rule_is_left_out_and_told():
    book = read(f"{CAT}BAD\n\t@R [#GOOD NOT NEAR RIVER /S 3] (1)\n\tBANK (1)\n", "good.nfo")
    assert entries(book)["BAD"] == ["BANK"]
    assert losses(book)[1:] == [
        "good.nfo:10: warning: left out: rule @R [#GOOD NOT NEAR RIVER /S 3]. Rules are not read. "
        "Write it as a pattern with near: or unless_near: in YAML."
    ]


def test_words_of_a_phrase_are_joined_by_underscores():
    book = read("TALKS\n\tPEACE_TALK* (1)\n\tCEASE_FIRE (1)\n", "talks.cat")
    assert entries(book) == {"TALKS": ["PEACE TALK*", "CEASE FIRE"]}


def test_an_item_outside_all_categories_is_told():
    assert losses(read("LONE (1)\nGOOD\n\tNICE (1)\n", "good.cat")) == ["good.cat:1: warning: left out: 'LONE (1)' is in no category."]
