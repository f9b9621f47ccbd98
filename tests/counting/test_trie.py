"""Texts and codebooks made to be slow: time grows with the length of the text; with its square, these tests would take many minutes."""

import pytest

from toolkit.counting.matching import match_articles
from toolkit.counting.trie import build_trie

from .world import make_book, make_entry, make_text

N = 40_000  # characters

TEXTS = {
    "one word": "a" * N,
    "no words": "(" * N,
    "white space": "a" + " " * N + "a",
    "hyphens": "-" * N + "a",
    "short words": "a " * (N // 2),
    "NUL": "a\x00" * (N // 2),
    "beyond the first plane": "𝐚" * N,
    "marks": "a" + "\u0301" * N,
}
PATTERNS = ["a*a*a*a*b", "*a*a", "*b", "a *", "* a", "(*", "- *", "a a a a a b", "?*?*?b", "((((b", "a*"]


def find(text, patterns):
    articles, sentences = make_text(text)
    return match_articles(articles, sentences, make_book(make_entry("e", patterns)))


@pytest.mark.parametrize("label", TEXTS)
def test_no_text_is_slow(label):
    found = find(TEXTS[label], PATTERNS)
    assert [TEXTS[label][start:end] for start, end in zip(found["start"], found["end"], strict=True)] == found["surface"].tolist()


def test_a_pattern_of_fifty_words_is_found_among_thousands_of_overlapping_ones():
    words = [f"w{number}" for number in range(50)]
    patterns = [" ".join(words[first:last]) for first in range(50) for last in range(first + 1, 51)]
    found = find(" ".join(words), patterns)
    assert found["pattern"].tolist() == [" ".join(words)]


def test_clusters_of_thousands_of_matches_are_settled():
    found = find("a " * 5000, ["a a", "a a a", "a * a", "a"])
    assert found["pattern"].tolist() == ["a * a"] * 1666 + ["a a"]


def test_twenty_thousand_patterns():
    patterns = [f"{first}{second}{number}*" for first in "abcdefghij" for second in "klmnopqrst" for number in range(200)]
    found = find("ak1x, jt199 and kk0", patterns)
    assert found["surface"].tolist() == ["ak1x", "jt199"]


def test_patterns_that_begin_alike_share_their_path():
    alone, _ = build_trie([("war", False)])
    both, _ = build_trie([("war", False), ("war*", False)])
    assert len(both.edges) == len(alone.edges)
    assert len(both.hits) == len(alone.hits) + 1
