"""Charts, numbers that open their sentences, close reading."""

from toolkit.showing.charts import draw
from toolkit.showing.display import Shown
from toolkit.showing.dropped import show_dropped
from toolkit.showing.numbers import show_finding, show_numbers
from toolkit.showing.reading import show_article

__all__ = ["Shown", "draw", "show_article", "show_dropped", "show_finding", "show_numbers"]
