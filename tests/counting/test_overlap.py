"""The overlap rule, by finger. The first cases say in our words what quanteda's documentation of `nested_scope` shows."""

import pytest

from toolkit.counting.matching import match_articles

from .world import list_found, make_book, make_entry, make_text

CITY = make_entry("city", ["New York"])
PAPER = make_entry("paper", ["New York Times"])
TEXT = "The New York Times is a paper of New York."

CASES = {
    "key: each entry counts for itself": (
        [CITY, PAPER],
        "key",
        TEXT,
        [["New York", "city"], ["New York Times", "paper"], ["New York", "city"]],
    ),
    "dictionary: what lies in a longer match of another entry goes": (
        [CITY, PAPER],
        "dictionary",
        TEXT,
        [["New York Times", "paper"], ["New York", "city"]],
    ),
    "inside an entry the longest goes first": (
        [make_entry("e", ["united", "united states", "united states senate"])],
        "key",
        "The United States Senate is united.",
        [["United States Senate", "e"], ["united", "e"]],
    ),
    "a match any of whose words is taken goes": (
        [make_entry("e", ["a b c", "c d"])],
        "key",
        "a b c d",
        [["a b c", "e"]],
    ),
    "a parent and its children are one key": (
        [make_entry("war", ["war"]), make_entry("war/cold", ["cold war"]), make_entry("war/star", ["war"])],
        "key",
        "cold war, war",
        [["cold war", "war/cold"], ["war", "war"]],
    ),
    "dictionary: overlap without one lying in the other leaves both": (
        [make_entry("prk", ["North Korea"]), make_entry("times", ["Korea Times"])],
        "dictionary",
        "North Korea Times",
        [["North Korea", "prk"], ["Korea Times", "times"]],
    ),
    "dictionary: the same words leave both": (
        [make_entry("usa", ["Washington"]), make_entry("george", ["Washington"])],
        "dictionary",
        "Washington",
        [["Washington", "george"], ["Washington", "usa"]],
    ),
    "not: in another family protects in a dictionary": (
        [make_entry("mex", ["Mexico"]), make_entry("usa", ["USA"], protects=["New Mexico"])],
        "dictionary",
        "New Mexico and Mexico",
        [["Mexico", "mex"]],
    ),
    "not: in another family does nothing under key": (
        [make_entry("mex", ["Mexico"]), make_entry("usa", ["USA"], protects=["New Mexico"])],
        "key",
        "New Mexico",
        [["Mexico", "mex"]],
    ),
    "not: of a parent protects its children": (
        [make_entry("war", protects=["war on drugs"]), make_entry("war/w", ["war"])],
        "key",
        "the war on drugs, a war",
        [["war", "war/w"]],
    ),
    "not: a longer pattern wins over it": (
        [make_entry("e", ["trade war truce"], protects=["trade war"])],
        "key",
        "a trade war truce",
        [["trade war truce", "e"]],
    ),
    "not: the same words with less punctuation go first all the same": (
        [make_entry("e", ["U.S."], protects=["U.S"])],
        "key",
        "the U.S. Navy",
        [],
    ),
    "the same words with more punctuation go first": (
        [make_entry("e", ["U.S", "U.S."])],
        "key",
        "the U.S. Navy",
        [["U.S.", "e"]],
    ),
}


@pytest.mark.parametrize("label", CASES)
def test_overlap(label):
    entries, overlap, text, expected = CASES[label]
    for ordered in (entries, entries[::-1]):
        articles, sentences = make_text(text)
        assert list_found(match_articles(articles, sentences, make_book(*ordered, overlap=overlap))) == expected
