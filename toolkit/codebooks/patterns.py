"""Whether the text of a pattern can match anything at all."""

from __future__ import annotations

import unicodedata

from toolkit.parsing.words import WORD, fold, fold_apostrophes, is_word_char

_ALPHABETS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Alphabets with letters that look like those of another one; first words of Unicode's character names."""


def check_pattern(text: str) -> list[str]:
    """Say why a pattern could never match, or not what it seems to.

    Args:
        text: The pattern, in NFC.

    Returns:
        The faults; none for a good pattern.

    Source: our choice, after slips found in published dictionaries; look-alike letters are those of Unicode TR 39 §5 (mixed scripts).

    Example:
        >>> check_pattern("cease-fire*")
        []
        >>> check_pattern(" war")[0]
        "pattern ' war' has white space that no text matches. Words are parted by one space. Write 'war'."
    """
    faults = []
    invisible = sorted({c for c in text if unicodedata.category(c) in ("Cc", "Cf") and not c.isspace()})
    if invisible:
        code = f"U+{ord(invisible[0]):04X}"
        faults.append(f"pattern {text!r} holds the invisible character {code}. Allowed: letters, digits, punctuation. Delete it.")
    if not any(is_word_char(c) for c in text):
        faults.append(
            f"pattern {text!r} has no letter or digit. A pattern has at least one; * and ? stand for others beside it. Delete it."
        )
    elif text != " ".join(text.split()):
        faults.append(
            f"pattern {text!r} has white space that no text matches. Words are parted by one space. Write {' '.join(text.split())!r}."
        )
    for word in WORD.findall(text):
        alphabets = [(unicodedata.name(c, "?").split()[0], c) for c in word]
        found = [alphabet for alphabet, _ in alphabets if alphabet in _ALPHABETS]
        rare = min(found, key=lambda alphabet: (found.count(alphabet), alphabet == "LATIN"), default="")
        if len(set(found)) > 1:
            odd = next(c for alphabet, c in alphabets if alphabet == rare)
            faults.append(
                f"pattern {text!r} mixes alphabets: {odd!r} is {unicodedata.name(odd)}. A word has letters of one. Type it anew."
            )
    return faults


def fold_pattern(text: str, *, case: bool) -> str:
    """Fold a pattern so that two that match the same words become equal.

    Args:
        text: The pattern.
        case: Whether it matches in exact case.

    Returns:
        The folded pattern.

    Source: the design's "Meaning of a pattern".

    Example:
        >>> fold_pattern("Trump’s", case=False), fold_pattern("Trump’s", case=True)
        ("trump's", "Trump's")
    """
    return fold_apostrophes(text) if case else fold(text)
