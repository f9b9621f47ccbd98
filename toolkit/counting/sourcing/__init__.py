"""Who says what: cues, parses, spans, sources, voices."""

from toolkit.counting.sourcing.attributions import MODEL, find_attributions
from toolkit.counting.sourcing.voices import VOICES, find_mentions_by_voice, find_second_hand, find_source_mentions, find_voices

__all__ = ["MODEL", "VOICES", "find_attributions", "find_mentions_by_voice", "find_second_hand", "find_source_mentions", "find_voices"]
