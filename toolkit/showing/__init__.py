"""Charts, tables, findings and evidence: everything a reader sees, with its alt text, caption and data."""

from toolkit.showing.audit import draw_audit, show_audit, show_changes, show_suggestions
from toolkit.showing.charts import draw_counts, draw_heatmap, draw_rates, draw_trend
from toolkit.showing.display import MIME, Chart, Shown
from toolkit.showing.dropped import show_corpus, show_dropped
from toolkit.showing.evidence import show_evidence
from toolkit.showing.network import draw_network
from toolkit.showing.numbers import show_finding, show_numbers, show_table
from toolkit.showing.reading import read_closely
from toolkit.showing.sources import draw_sources
from toolkit.showing.stories import compare_versions, draw_shared, show_stories

__all__ = [
    "MIME",
    "Chart",
    "Shown",
    "compare_versions",
    "draw_audit",
    "draw_counts",
    "draw_heatmap",
    "draw_network",
    "draw_rates",
    "draw_shared",
    "draw_sources",
    "draw_trend",
    "read_closely",
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
]
