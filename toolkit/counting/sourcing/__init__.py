"""Who says what: cues, parses, spans, sources."""

from toolkit.counting.sourcing.attributions import find_attributions

__all__ = ["find_attributions"]
