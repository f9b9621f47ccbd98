"""Find what outlets print around their stories: share bars, sources, disclaimers, sign-up boxes. The patterns are data/boilerplate.yml."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
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


def find_boilerplate_sentences(
    text: str, starts: Sequence[int], ends: Sequence[int], *, learned: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
) -> list[tuple[int, str]]:
    """Find which sentences of a text are boilerplate as a whole; only those that hold a cue are looked at.

    Args:
        text: The text of an article.
        starts: Where its sentences start, in order.
        ends: Where they end.
        learned: Lines of its outlet that were learned to be boilerplate, white space collapsed.
        without: Steps of `toolkit.parsing.steps.STEPS` not to take.

    Returns:
        Number of the sentence in `starts`, and the step, in order.

    Source: our choice; data/boilerplate.yml.

    Example:
        >>> find_boilerplate_sentences("It rains. This story has been updated.", [0, 10], [9, 38])
        [(1, 'known boilerplate')]
    """
    found: dict[int, str] = {}
    for cue, pattern, _ in () if "known boilerplate" in without else _patterns("sentences"):
        at = text.find(cue)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            if number >= 0 and at < ends[number] and pattern.fullmatch(text, starts[number], ends[number]):
                found[number] = "known boilerplate"
            at = text.find(cue, at + 1)
    return sorted(found.items())


@cache
def _patterns(kind: str) -> list[tuple[str, re.Pattern[str], int]]:
    """Read cue, pattern and `last` of each item of one kind; a piece must not begin inside a word."""
    from ruamel.yaml import YAML

    listed = YAML(typ="safe").load((files("toolkit.parsing") / "data" / "boilerplate.yml").read_text("utf-8"))[kind]
    lead = r"(?<!\S)" if kind == "pieces" else ""
    return [(item["cue"], re.compile(f"{lead}(?:{item['pattern']})".replace("END", _END)), item.get("last", 0)) for item in listed]
