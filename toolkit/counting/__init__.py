"""Find mentions, settle overlaps, resolve surnames, count."""

from toolkit.counting.counts import (
    count_articles,
    count_company,
    count_condition,
    count_mentions,
    count_pairs,
    count_shared,
    find_sentences_with,
    name_periods,
)
from toolkit.counting.discovering import find_names, suggest_actors
from toolkit.counting.files import write_counts
from toolkit.counting.matching import find_mentions
from toolkit.counting.offices import list_out_of_office
from toolkit.counting.prominence import STANDING, count_prominence, find_standings
from toolkit.counting.selecting import explain_mention, find_counted, list_undecided
from toolkit.counting.sourcing import find_attributions, find_mentions_by_voice, find_source_mentions, find_voices

__all__ = [
    "STANDING",
    "count_articles",
    "count_company",
    "count_condition",
    "count_mentions",
    "count_pairs",
    "count_prominence",
    "count_shared",
    "explain_mention",
    "find_attributions",
    "find_counted",
    "find_mentions",
    "find_mentions_by_voice",
    "find_names",
    "find_sentences_with",
    "find_source_mentions",
    "find_standings",
    "find_voices",
    "list_out_of_office",
    "list_undecided",
    "name_periods",
    "suggest_actors",
    "write_counts",
]
