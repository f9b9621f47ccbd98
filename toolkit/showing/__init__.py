"""Charts, tables, findings and evidence: everything a reader sees, with its alt text, caption and data."""

from toolkit.showing.charts import draw_counts, draw_heatmap, draw_rates, draw_trend
from toolkit.showing.display import MIME, Chart, Shown
from toolkit.showing.dropped import show_corpus, show_dropped
from toolkit.showing.evidence import show_evidence
from toolkit.showing.numbers import show_finding, show_numbers, show_table
from toolkit.showing.reading import read_closely
from toolkit.showing.sources import draw_sources

__all__ = [
    "MIME",
    "Chart",
    "Shown",
    "draw_counts",
    "draw_heatmap",
    "draw_rates",
    "draw_sources",
    "draw_trend",
    "read_closely",
    "show_corpus",
    "show_dropped",
    "show_evidence",
    "show_finding",
    "show_numbers",
    "show_table",
]
