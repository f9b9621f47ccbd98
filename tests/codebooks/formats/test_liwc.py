"""LIWC's dictionaries of 2007, 2015 and 2022."""

from __future__ import annotations

import pytest

from .files import entries, losses, read

OLD = "%\n01\tTalk\n02   Fight\n%\n\nsay*\t01\nblink 182\t01\nraid  \t02 01\nwar\t\t02\t01\n"
NEW = "%\n1\tAffect\n\t2\tGlad\n\t3\tSad\n\t\t4\tGrief\n5\tTime\n%\njoy*\t1\t2\nin tears\t1\t3\t4\ngloom\t1\t3\nmood\t1\nnow\t5\n"


def test_words_go_to_the_categories_of_their_numbers_whatever_parts_them():
    book = read(OLD, "talk.dic")
    assert entries(book) == {
        "Talk": ["say*", "blink 182", "raid", "war"],
        "Fight": ["raid", "war"],
    }
    assert losses(book) == []
    assert book.entry("Talk").patterns[2].line == 8


def test_categories_nest_by_tabs_and_a_word_stays_in_the_innermost():
    assert entries(read(NEW, "mood.dic")) == {
        "Affect": ["mood"],
        "Affect/Glad": ["joy*"],
        "Affect/Sad": ["gloom"],
        "Affect/Sad/Grief": ["in tears"],
        "Time": ["now"],
    }


def test_categories_that_share_a_word_are_laid_side_by_side_each_with_all_its_words():
    book = read(NEW.replace("gloom\t1\t3", "gloom\t1\t3\t2"), "mood.dic")
    assert entries(book) == {
        "Affect": ["joy*", "in tears", "gloom", "mood"],
        "Affect-Glad": ["joy*", "gloom"],
        "Affect-Sad": ["in tears", "gloom"],
        "Affect-Sad-Grief": ["in tears"],
        "Time": ["now"],
    }
    assert losses(book)[0].startswith("mood.dic:10: warning: categories share patterns: read side by side, not nested. pattern 'gloom'")


def test_what_is_not_understood_is_told_by_line():
    book = read("%\n1\tTalk\nodd\n%\nsay*\t1\t9\n:)\t1\nsay*\t1\nlone\nlike\t(1 2)3/4\t1\nkind\t<of>1/1\t1\n", "talk.dic")
    assert entries(book) == {"Talk": ["say*", "like", "kind"]}
    assert losses(book) == [
        "talk.dic:3: warning: left out: category 'odd' has no pattern.",
        "talk.dic:5: warning: left out: 'say*' is of category 9, which is not declared.",
        "talk.dic:6: warning: left out: pattern ':)' has no letter or digit. A pattern needs at least one; * and ? only replace others.",
        "talk.dic:7: warning: left out: 'say*' is in 'Talk' already, in line 5.",
        "talk.dic:8: warning: 'lone' is not a pattern with numbers of categories.",
        "talk.dic:9: warning: left out: 'like' is of category 3, which is not declared.",
        "talk.dic:9: warning: left out: 'like' is of category 4, which is not declared.",
        "talk.dic:9: warning: left out: the condition (1 2) of 'like'.",
        "talk.dic:10: warning: left out: the condition <of> of 'kind'.",
    ]


def test_numbers_in_parentheses_are_left_out_and_the_others_of_the_line_are_read():
    book = read("%\n1\tSay\n02\tPast\n125\tFeel\n464\tDoubt\n%\nlike\t(02 134)125/464\t1\nwent\t1 (464) 2\n(sic)\t1\n", "talk.dic")
    assert entries(book) == {"Say": ["like", "went", "(sic)"], "Past": ["went"], "Feel": ["like"], "Doubt": ["like"]}
    assert losses(book) == [
        "talk.dic:7: warning: left out: the condition (02 134) of 'like'.",
        "talk.dic:8: warning: left out: the condition (464) of 'went'.",
    ]


def test_a_category_without_a_number_holds_those_below_it():
    book = read(
        "%\nMood\n\t1\tGlad\n\tBad mood\n\t\t2\tSad\n\t\t3\tCross\n\t4\tMixed\n5\tTime\n%\njoy\t1\ntears\t2\nrage\t3\nhm\t4\nnow\t5\n",
        "m.dic",
    )
    assert entries(book) == {
        "Mood": [],
        "Mood/Glad": ["joy"],
        "Mood/Bad-mood": [],
        "Mood/Bad-mood/Sad": ["tears"],
        "Mood/Bad-mood/Cross": ["rage"],
        "Mood/Mixed": ["hm"],
        "Time": ["now"],
    }
    assert losses(book) == []


@pytest.mark.parametrize("name", ["LIWC.dic", "LIWC.dicx"])
@pytest.mark.parametrize("content", [b"OAJ4RF0pKltTSThpAj07XzklLkpuAgA5AG8BPTtfOSQn\n", bytes(range(256))])
def test_an_encrypted_dictionary_is_named_as_such(name, content):
    assert read(content, name) == (
        f"{name}:1: no two lines of a single '%' around the categories. Allowed: a plain LIWC dictionary. "
        "A dictionary that came with LIWC is encrypted and proprietary: only LIWC reads it. Take its plain text, or your own."
    )


def test_old_line_ends_and_encodings_are_read():
    assert entries(read("%\r1\tÄrger\r%\rwütend*\t1\r".encode("cp1252"), "a.dic")) == {"Ärger": ["wütend*"]}
    assert entries(read("%\r\n1\tA\r\n%\r\nwütend*\t1\r\n".encode("utf-16"), "a.dic")) == {"A": ["wütend*"]}
