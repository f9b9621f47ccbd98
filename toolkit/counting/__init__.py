"""Find mentions, settle overlaps, resolve surnames, count."""

from toolkit.counting.counts import (
    count_articles,
    count_condition,
    count_mentions,
    count_pairs,
    count_shared,
    find_sentences_with,
    name_periods,
)
from toolkit.counting.matching import find_mentions

__all__ = [
    "count_articles",
    "count_condition",
    "count_mentions",
    "count_pairs",
    "count_shared",
    "find_mentions",
    "find_sentences_with",
    "name_periods",
]
