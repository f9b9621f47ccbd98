"""Words near by and days, by finger."""

from datetime import date

import pytest

from toolkit.codebooks import Pattern
from toolkit.codebooks.records import Near
from toolkit.counting.matching import match_articles

from .world import list_found, make_book, make_entry, make_world

TALKS, MISSILE = Near(("talk*", "peace deal"), 4), Near(("missile*",), None, negated=True)

CASES = {
    "near on the right": ([TALKS], "The strike ended after long talks.", ["strike"]),
    "near on the left": ([TALKS], "Talks to end the strike.", ["strike"]),
    "one word too far": ([TALKS], "The strike ended after very long talks.", []),
    "the nearest words of a phrase count": ([TALKS], "A strike ended with a peace deal of sorts.", ["strike"]),
    "not in the next sentence": ([TALKS], "A strike.|Talks.", []),
    "unless near, anywhere in the sentence": ([MISSILE], "A missile, and many words before the strike.|A strike.", ["strike"]),
    "all conditions must hold": ([TALKS, MISSILE], "A strike, talks.|A strike, talks, a missile.", ["strike"]),
    "a match is not near itself": ([Near(("strike*",), 9)], "One strike.|A strike, two strikes.", ["strike"]),
}


@pytest.mark.parametrize("label", CASES)
def test_near(label):
    near, text, expected = CASES[label]
    articles, sentences = make_world({"a": [("body", sentence) for sentence in text.split("|")]})
    book = make_book(make_entry("e", [Pattern("strike", "pattern", False, 1, near=tuple(near))]))
    assert [surface for surface, _ in list_found(match_articles(articles, sentences, book))] == expected


def test_a_match_whose_condition_fails_takes_no_words():
    long = Pattern("trade war", "pattern", False, 1, near=(Near(("tariff*",), None),))
    articles, sentences = make_world({"a": [("body", "A trade war."), ("body", "Tariffs in a trade war.")]})
    found = match_articles(articles, sentences, make_book(make_entry("e", [long, "war"])))
    assert found["surface"].tolist() == ["war", "trade war"]


def test_a_pattern_that_protects_may_have_conditions():
    star = Pattern("star wars", "pattern", False, 1, near=(Near(("film*",), None),))
    articles, sentences = make_world({"a": [("body", "Star wars, a film."), ("body", "Star wars in space.")]})
    found = match_articles(articles, sentences, make_book(make_entry("e", ["wars"], protects=[star])))
    assert found["sentence"].tolist() == [1]


def test_near_patterns_are_looked_for_in_the_case_of_their_pattern():
    may = Pattern("May", "name", True, 1, near=(Near(("PM",), 3),))
    articles, sentences = make_world({"a": [("body", "The PM, Mrs May."), ("body", "At 3 pm in May.")]})
    assert match_articles(articles, sentences, make_book(make_entry("e", [may])))["sentence"].tolist() == [0]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, ["a", "b", "c", "d"]),
        (date(2017, 2, 8), None, ["b", "c"]),
        (None, date(2017, 2, 8), ["a", "b"]),
        (date(2017, 2, 8), date(2017, 2, 8), ["b"]),
        (date(2017, 3, 1), date(2017, 2, 1), []),
    ],
)
def test_days_count_whole_and_articles_without_a_date_do_not_match(start, end, expected):
    published = ["2017-02-07 23:59", "2017-02-08 18:00", "2017-02-09", None]
    articles, sentences = make_world({id: [("body", "War.")] for id in "abcd"}, published=published)
    book = make_book(make_entry("e", [Pattern("war", "pattern", False, 1, start=start, end=end)]))
    assert match_articles(articles, sentences, book)["article_id"].tolist() == expected
