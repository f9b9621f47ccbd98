"""One pattern of a codebook, ready to be matched.

A pattern is a row of words with something between them, and so is a text. Each word of the pattern stands for one whole word: `*` is any
run of word characters (none too, beside a letter), `?` is one. Between words a space is any white space or one hyphen; other punctuation
is itself. Curly and straight apostrophes are equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.parsing.words import WORD, fold, fold_apostrophes

HYPHENS = "-\u2010\u2011"  # hyphen-minus, hyphen, non-breaking hyphen; no dash: it parts phrases

_WORDS = re.compile(f"((?:{WORD.pattern}|[*?])+)")
_WILDCARDS = {"*": "[^ ]*", "?": "[^ ]"}


@dataclass(frozen=True)
class CompiledPattern:
    """A pattern, taken apart.

    Its words, with one space before, between and after them, are looked for in the words of a text written likewise (`" a b c "`).
    """

    anchor: str  # the longest stretch of the words without a wildcard: what a fast search finds
    shift: int  # words before the one the anchor starts in
    n_words: int
    words: re.Pattern[str] | None  # all words; None where finding the anchor has found them
    before: str  # punctuation before the first word
    gaps: tuple[re.Pattern[str], ...] | None  # what stands between the words; None where it is spaces
    after: str  # punctuation after the last word


def compile_pattern(text: str, *, case: bool) -> CompiledPattern:
    r"""Make a pattern ready for matching.

    Args:
        text: The pattern as it stands in the codebook.
        case: Whether letters must match in case.

    Returns:
        The compiled pattern.

    Source: quanteda's glob patterns (Benoit et al. 2018), with words as in `toolkit.parsing.words`.

    Example:
        >>> compile_pattern("cease fire*", case=False).anchor
        ' cease fire'
        >>> compile_pattern("U.S.", case=True).gaps
        (re.compile('\\.'),)
    """
    parts = _WORDS.split(fold_apostrophes(text) if case else fold(text))
    gaps, words = parts[::2], f" {' '.join(parts[1::2])} "
    anchor = max(re.split("[*?]", words), key=lambda piece: (len(piece.strip()), len(piece)))
    return CompiledPattern(
        anchor=anchor,
        shift=words.count(" ", 0, words.index(anchor) + 1) - 1,
        n_words=len(parts) // 2,
        words=None if words in (anchor, f"{anchor}* ") else re.compile("".join(_WILDCARDS.get(c) or re.escape(c) for c in words)),
        before=gaps[0],
        gaps=None if set(gaps[1:-1]) <= {" "} else tuple(re.compile(_write_gap(gap)) for gap in gaps[1:-1]),
        after=gaps[-1],
    )


def _write_gap(gap: str) -> str:
    """Write what stands between two words of a pattern as a regular expression."""
    return "".join(rf"(?:\s+|[{HYPHENS}])" if c == " " else re.escape(c) for c in gap)
