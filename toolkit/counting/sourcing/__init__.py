"""Who says what: cues, parses, spans, sources, voices."""
