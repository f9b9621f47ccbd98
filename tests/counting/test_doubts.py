"""The phrases of dated roles, found in texts; and who is named out of office."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.codebooks import Role
from toolkit.counting.doubts import list_out_of_office
from toolkit.counting.matching import match_articles
from toolkit.parsing import split_sentences

from .world import find, make_articles, make_book, make_entry

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


COLUMNS = ["actor", "n_outside", "n_mentions", "first_day", "last_day", "offices"]
NEVER = replace(make_entry("never", [("Cy Never", "name")], case=True), type="person", roles=(Role("Poet", "", None, None),))
UNTIL = replace(
    make_entry("until", [("Di Until", "name")], case=True), type="person", roles=(Role("Envoy", "ABC", None, date(2016, 1, 1)),)
)
PEOPLE = make_book(STATE, OLD, NEW, NEVER, UNTIL, kind="actors", overlap="dictionary")


def list_outside(texts, published):
    articles = make_articles(texts, published=published)
    return list_out_of_office(find(articles, None, PEOPLE))


def test_person_is_listed_where_named_on_days_outside_every_office():
    texts = {
        "a": "Ann Old met Bo New, Cy Never and Di Until.",
        "b": "Ann Old met Bo New, and Ann Old met Di Until.",
        "c": "Ann Old met Bo New.",
    }
    assert list_outside(texts, ["2015-12-31", "2017-01-20", "2018-05-01"]).to_numpy().tolist() == [
        ["old", 2, 4, "2015-12-31", "2018-05-01", "Prime Minister of ABC (2016-01-01 to 2017-01-20)"],
        ["new", 1, 3, "2015-12-31", "2015-12-31", "Prime Minister of ABC (from 2017-01-20)"],
        ["until", 1, 2, "2017-01-20", "2017-01-20", "Envoy of ABC (to 2016-01-01)"],
    ]


def test_article_without_a_day_and_person_without_a_dated_office_are_no_warning():
    table = list_outside({"a": "Ann Old met Cy Never.", "b": "Cy Never."}, [None, "2017-02-08"])
    assert (list(table.columns), len(table)) == (COLUMNS, 0)


def test_any_of_several_offices_will_do():
    both = replace(NEW, roles=(*OLD.roles, Role("Speaker", "", date(2019, 1, 1), None)))
    book = make_book(STATE, both, kind="actors", overlap="dictionary")
    articles = make_articles(dict.fromkeys("abc", "Bo New."), published=["2016-05-01", "2018-01-01", "2020-01-01"])
    table = list_out_of_office(find(articles, None, book))
    assert table[["n_outside", "n_mentions", "first_day"]].to_numpy().tolist() == [[1, 3, "2018-01-01"]]
    assert table["offices"].item() == "Prime Minister of ABC (2016-01-01 to 2017-01-20); Speaker (from 2019-01-01)"


@settings(deadline=None, max_examples=30)
@given(days=st.lists(st.dates(date(2015, 6, 1), date(2018, 1, 1)), min_size=1, max_size=6))
def test_what_is_outside_is_counted_as_by_hand_and_a_corpus_in_parts_adds_up(days):
    texts = {f"{number:02}": "Ann Old came." for number in range(len(days))}
    n_outside = sum(not OLD.roles[0].start <= day <= OLD.roles[0].end for day in days)
    assert list_outside(texts, list(map(str, days)))["n_outside"].sum() == n_outside
    parts = [list_outside({id: text}, [str(day)]) for (id, text), day in zip(texts.items(), days, strict=True)]
    assert pd.concat(parts)["n_outside"].sum() == n_outside
