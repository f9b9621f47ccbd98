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
    found = sorted(match.span() for cue, pattern in _patterns("pieces") if cue in text for match in pattern.finditer(text))
    pieces: list[tuple[int, int]] = []
    for start, end in found:
        if not pieces or start >= pieces[-1][1]:
            pieces.append((start, end))
    return pieces


def is_boilerplate(sentence: str) -> bool:
    """Whether a whole sentence is no part of the story.

    Source: our choice; data/boilerplate.yml.

    Example:
        >>> is_boilerplate("This story has been updated."), is_boilerplate("This story has been told.")
        (True, False)
    """
    return any(cue in sentence and pattern.fullmatch(sentence) for cue, pattern in _patterns("sentences"))


def has_boilerplate_cue(text: str) -> bool:
    """Whether any sentence of a text may be boilerplate: a quick look that saves the slow one.

    Source: our choice.

    Example:
        >>> has_boilerplate_cue("It rains.")
        False
    """
    return any(cue in text for cue, _ in _patterns("sentences"))


@cache
def _patterns(kind: str) -> list[tuple[str, re.Pattern[str]]]:
    """Read the cues and patterns of one kind; a piece must not begin inside a word."""
    from ruamel.yaml import YAML

    listed = YAML(typ="safe").load((files("toolkit.parsing") / "data" / "boilerplate.yml").read_text("utf-8"))[kind]
    lead = r"(?<!\S)" if kind == "pieces" else ""
    return [(item["cue"], re.compile(f"{lead}(?:{item['pattern']})".replace("END", _END))) for item in listed]
