"""Find mentions, settle overlaps, resolve surnames, count."""

from toolkit.counting.counts import count_articles, count_mentions, count_pairs, find_sentences_with, name_periods
from toolkit.counting.matching import find_mentions
from toolkit.counting.selecting import explain_mention, find_counted, list_undecided

__all__ = [
    "count_articles",
    "count_mentions",
    "count_pairs",
    "explain_mention",
    "find_counted",
    "find_mentions",
    "find_sentences_with",
    "list_undecided",
    "name_periods",
]
