"""Who says what: parses, spans, sources, voices."""
