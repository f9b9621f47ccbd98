"""Find mentions, settle overlaps, resolve surnames, count."""

from toolkit.counting.counts import count_articles, count_mentions, count_pairs, find_sentences_with, name_periods
from toolkit.counting.matching import find_mentions
from toolkit.counting.sourcing import find_attributions, find_mentions_by_voice, find_source_mentions, find_voices

__all__ = [
    "count_articles",
    "count_mentions",
    "count_pairs",
    "find_attributions",
    "find_mentions",
    "find_mentions_by_voice",
    "find_sentences_with",
    "find_source_mentions",
    "find_voices",
    "name_periods",
]
