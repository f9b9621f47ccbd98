"""Framebook's toolkit: from a folder of news articles to counts, intervals, charts and the sentences behind them.

A notebook needs nothing but `from toolkit import …`. Data goes one way: parsing and codebooks, counting, estimating, showing, publishing.
"""

from toolkit.codebooks import read_codebook
from toolkit.counting import count_articles, count_condition, count_mentions, count_pairs, count_shared, find_mentions, find_sentences_with
from toolkit.estimating import estimate_pairs, estimate_rates, estimate_scores, estimate_shares
from toolkit.parsing import read_article, read_articles, read_corpus, split_sentences
from toolkit.showing import (
    compare_versions,
    draw_counts,
    draw_heatmap,
    draw_rates,
    draw_shared,
    draw_trend,
    read_closely,
    show_corpus,
    show_dropped,
    show_evidence,
    show_finding,
    show_numbers,
    show_stories,
    show_table,
)

__all__ = [
    "compare_versions",
    "count_articles",
    "count_condition",
    "count_mentions",
    "count_pairs",
    "count_shared",
    "draw_counts",
    "draw_heatmap",
    "draw_rates",
    "draw_shared",
    "draw_trend",
    "estimate_pairs",
    "estimate_rates",
    "estimate_scores",
    "estimate_shares",
    "find_mentions",
    "find_sentences_with",
    "read_article",
    "read_articles",
    "read_closely",
    "read_codebook",
    "read_corpus",
    "show_corpus",
    "show_dropped",
    "show_evidence",
    "show_finding",
    "show_numbers",
    "show_stories",
    "show_table",
    "split_sentences",
]
