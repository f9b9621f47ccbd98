"""The phrases of dated roles, found in texts."""

from dataclasses import replace
from datetime import date

import pytest

from toolkit.codebooks import Role
from toolkit.counting.matching import match_articles
from toolkit.parsing import split_sentences

from .world import make_articles, make_book, make_entry

STATE = replace(make_entry("ABC", [("Abcland", "name"), ("Abcish", "demonym"), ("Abctown", "metonym")], case=True), type="state")
OLD, NEW = (
    replace(make_entry(id, [(name, "name")], case=True), type="person", roles=(Role("Prime Minister", "ABC", start, end),))
    for id, name, start, end in [("old", "Ann Old", date(2016, 1, 1), date(2017, 1, 20)), ("new", "Bo New", date(2017, 1, 20), None)]
)
BOOK = make_book(STATE, OLD, NEW, kind="actors", overlap="dictionary")


def find_roles(text, published="2017-02-08"):
    articles = make_articles({"a": text}, published=[published])
    mentions = match_articles(articles, split_sentences(articles), BOOK)
    return mentions.loc[mentions["via"] == "role", ["surface", "entry"]].to_numpy().tolist()


@pytest.mark.parametrize(
    "office",
    ["Abcish prime minister", "Abcish Prime Minister", "Abcland's prime minister", "Abctown’s premier", "prime minister of Abcland"],
)
def test_office_stands_for_its_holder(office):
    assert find_roles(f"We saw the {office} there.") == [[office, "new"]]


@pytest.mark.parametrize(
    "text",
    [
        "The Abcish Prime Minister Bo New came.",
        "The former Abcish prime minister came.",
        "The ex-Abcish prime minister came.",
        "The Abcish prime minister-designate came.",
        "She ran for prime minister of Abcland.",
        "The prime minister came.",
        "The Abcish parliament came.",
    ],
)
def test_office_of_another_or_beside_a_name_is_none(text):
    assert find_roles(text) == []


@pytest.mark.parametrize(("published", "expect"), [("2015-12-31", []), ("2016-01-01", ["old"]), ("2017-01-21", ["new"]), (None, [])])
def test_holder_is_that_of_the_day(published, expect):
    assert [entry for _, entry in find_roles("The Abcish prime minister came.", published)] == expect


def test_day_on_which_an_office_changes_hands_is_nobodys():
    assert find_roles("The Abcish prime minister came.", "2017-01-20") == []


def test_office_takes_no_words_from_the_state():
    articles = make_articles({"a": "The Abcish prime minister came."})
    assert match_articles(articles, split_sentences(articles), BOOK)["entry"].tolist() == ["ABC", "new"]


def test_pattern_of_a_mention_is_the_title_in_the_codebook():
    articles = make_articles({"a": "Abctown's premier came."})
    mentions = match_articles(articles, split_sentences(articles), BOOK)
    assert mentions.loc[mentions["via"] == "role", "pattern"].tolist() == ["Prime Minister"]
