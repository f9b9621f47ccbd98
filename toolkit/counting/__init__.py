"""Find mentions, settle overlaps, resolve surnames, count."""

from toolkit.counting.counts import count_articles, count_mentions, count_pairs, find_sentences_with, name_periods
from toolkit.counting.files import write_counts
from toolkit.counting.matching import find_mentions

__all__ = ["count_articles", "count_mentions", "count_pairs", "find_mentions", "find_sentences_with", "name_periods", "write_counts"]
