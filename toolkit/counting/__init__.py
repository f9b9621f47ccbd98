"""Find mentions, names and who says what; count."""

from toolkit.counting.articles import count_articles
from toolkit.counting.counts import count_mentions
from toolkit.counting.discovering import Names, find_names
from toolkit.counting.mentions import Mentions, find_mentions, keep_entries, keep_near
from toolkit.counting.preparing import prepare_corpus
from toolkit.counting.sourcing.attributions import Attributions, find_attributions
from toolkit.counting.sourcing.voices import keep_voice

__all__ = [
    "Attributions",
    "Mentions",
    "Names",
    "count_articles",
    "count_mentions",
    "find_attributions",
    "find_mentions",
    "find_names",
    "keep_entries",
    "keep_near",
    "keep_voice",
    "prepare_corpus",
]
