"""Find what outlets print around their stories: share bars, sources, disclaimers, sign-up boxes. The patterns are data/boilerplate.yml."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_END = r"(?=[\s-]*(?:\n|\Z))"


def find_boilerplate_pieces(text: str) -> list[tuple[int, int]]:
    """Find the pieces of a text that are no part of the story, whatever sentence they stand in.

    Args:
        text: The text of an article.

    Returns:
        Start and end of each piece, in order, without overlap.

    Source: our choice; data/boilerplate.yml says how the patterns were found and gives an example of each.

    Example:
        >>> text = "They left. Source:-Al Jazeera News"
        >>> [text[start:end] for start, end in find_boilerplate_pieces(text)]
        ['Source:-Al Jazeera News']
    """
    found = sorted(
        match.span()
        for cue, pattern, last in _patterns("pieces")
        if cue in text
        for match in pattern.finditer(text, max(0, len(text) - last) if last else 0)
    )
    pieces: list[tuple[int, int]] = []
    for start, end in found:
        start += len(text[start:end]) - len(text[start:end].lstrip())
        if not pieces or start >= pieces[-1][1]:
            pieces.append((start, end))
    return pieces


def find_boilerplate_patterns(text: str) -> list[re.Pattern[str]]:
    """Find the patterns of whole boilerplate sentences that may match one of a text, by their cues.

    Args:
        text: The text of an article.

    Returns:
        The patterns to hold to each sentence.

    Source: our choice; data/boilerplate.yml.

    Example:
        >>> patterns = find_boilerplate_patterns("It rains. This story has been updated.")
        >>> [bool(pattern.fullmatch("This story has been updated.")) for pattern in patterns]
        [True]
    """
    return [pattern for cue, pattern, _ in _patterns("sentences") if cue in text]


@cache
def _patterns(kind: str) -> list[tuple[str, re.Pattern[str], int]]:
    """Read cue, pattern and `last` of each item of one kind; a piece must not begin inside a word."""
    from ruamel.yaml import YAML

    listed = YAML(typ="safe").load((files("toolkit.parsing") / "data" / "boilerplate.yml").read_text("utf-8"))[kind]
    lead = r"(?<!\S)" if kind == "pieces" else ""
    return [(item["cue"], re.compile(f"{lead}(?:{item['pattern']})".replace("END", _END)), item.get("last", 0)) for item in listed]
