"""Framebook's toolkit: from a folder of news articles to counts, intervals, charts and the sentences behind them.

A notebook needs nothing but `from toolkit import …`. Data goes one way: parsing and codebooks, counting, estimating, showing, publishing.
"""

from toolkit.codebooks import read_codebook
from toolkit.counting import count_articles, count_condition, count_mentions, count_pairs, count_shared, find_mentions, find_sentences_with
from toolkit.estimating import (
    audit_codebook,
    compare_codebooks,
    estimate_pairs,
    estimate_rates,
    estimate_scores,
    estimate_shares,
    estimate_without,
    suggest_patterns,
)
from toolkit.parsing import read_article, read_articles, read_corpus, split_sentences
from toolkit.showing import (
    compare_versions,
    draw_audit,
    draw_counts,
    draw_heatmap,
    draw_rates,
    draw_shared,
    draw_trend,
    read_closely,
    show_audit,
    show_changes,
    show_corpus,
    show_dropped,
    show_evidence,
    show_finding,
    show_numbers,
    show_stories,
    show_suggestions,
    show_table,
)

__all__ = [
    "audit_codebook",
    "compare_codebooks",
    "compare_versions",
    "count_articles",
    "count_condition",
    "count_mentions",
    "count_pairs",
    "count_shared",
    "draw_audit",
    "draw_counts",
    "draw_heatmap",
    "draw_rates",
    "draw_shared",
    "draw_trend",
    "estimate_pairs",
    "estimate_rates",
    "estimate_scores",
    "estimate_shares",
    "estimate_without",
    "find_mentions",
    "find_sentences_with",
    "read_article",
    "read_articles",
    "read_closely",
    "read_codebook",
    "read_corpus",
    "show_audit",
    "show_changes",
    "show_corpus",
    "show_dropped",
    "show_evidence",
    "show_finding",
    "show_numbers",
    "show_stories",
    "show_suggestions",
    "show_table",
    "split_sentences",
    "suggest_patterns",
]
