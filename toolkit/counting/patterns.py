"""One pattern of a codebook, ready to be matched.

A pattern is made into an *anchor* (the literal text it starts with, which a fast search finds) and what must follow it. The meaning is
that of design.md: whole words; `*` is any run of word characters, `?` one; a space is any white space or one hyphen; other punctuation
is itself; curly and straight apostrophes are equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.parsing.words import WORD, fold, fold_apostrophes

_WORD_CHAR = WORD.pattern.removesuffix("+")
_TOKEN = re.compile(r"\s+|[*?]")
_GAP = r"(?:\s+|[-‐‑])"  # hyphen-minus, hyphen, non-breaking hyphen


@dataclass(frozen=True)
class CompiledPattern:
    """A pattern with its anchor; `rest` is "" (the anchor is all), "*" (the anchor's word goes on) or "regex"."""

    text: str
    anchor: str
    rest: str
    folded: re.Pattern[str] | None
    exact: re.Pattern[str] | None


def compile_pattern(text: str, *, case: bool) -> CompiledPattern:
    r"""Make a pattern ready for matching.

    Args:
        text: The pattern as it stands in the codebook.
        case: Whether letters must match in case.

    Returns:
        The compiled pattern; its regexes are None where comparing strings will do.

    Source: quanteda's glob patterns (Benoit et al. 2018), with words as in `toolkit.parsing.words`.

    Example:
        >>> compile_pattern("escalat*", case=False).rest
        '*'
        >>> compile_pattern("cease fire", case=False).folded.pattern
        'cease(?:\\s+|[-‐‑])fire'
    """
    folded = fold(text)
    anchor = _TOKEN.split(folded, maxsplit=1)[0]
    exact_text = fold_apostrophes(text)
    if anchor == folded:
        return CompiledPattern(text, anchor, "", None, None)
    if anchor and anchor + "*" == folded and anchor[-1].isalnum():
        return CompiledPattern(text, anchor, "*", None, None)
    exact = re.compile(_make_regex(exact_text)) if case else None
    return CompiledPattern(text, anchor, "regex", re.compile(_make_regex(folded)), exact)


def _make_regex(text: str) -> str:
    """Write a folded pattern as a regular expression without boundaries."""
    pieces, at = [], 0
    for token in _TOKEN.finditer(text):
        pieces.append(re.escape(text[at : token.start()]))
        pieces.append({"*": f"(?:{_WORD_CHAR})*", "?": f"(?:{_WORD_CHAR})"}.get(token.group(), _GAP))
        at = token.end()
    return "".join(pieces) + re.escape(text[at:])
