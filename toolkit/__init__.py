"""Framebook's toolkit: from a folder of news articles to counts, intervals, charts and the sentences behind them.

A notebook needs nothing but `from toolkit import …`. Data goes one way: parsing and codebooks, counting, estimating, showing, publishing.
"""

from toolkit.codebooks import read_codebook
from toolkit.counting import (
    count_articles,
    count_mentions,
    count_pairs,
    explain_mention,
    find_counted,
    find_mentions,
    find_sentences_with,
    list_undecided,
)
from toolkit.estimating import estimate_pairs, estimate_rates, estimate_shares
from toolkit.parsing import read_article, read_articles, read_corpus, split_sentences
from toolkit.showing import (
    draw_counts,
    draw_heatmap,
    draw_rates,
    draw_trend,
    read_closely,
    show_corpus,
    show_dropped,
    show_evidence,
    show_finding,
    show_numbers,
    show_table,
)

__all__ = [
    "count_articles",
    "count_mentions",
    "count_pairs",
    "draw_counts",
    "draw_heatmap",
    "draw_rates",
    "draw_trend",
    "estimate_pairs",
    "estimate_rates",
    "estimate_shares",
    "explain_mention",
    "find_counted",
    "find_mentions",
    "find_sentences_with",
    "list_undecided",
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
    "show_table",
    "split_sentences",
]
