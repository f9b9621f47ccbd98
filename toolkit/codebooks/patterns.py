"""Whether the text of a pattern can match anything at all."""

from __future__ import annotations

import unicodedata

from toolkit.parsing.words import WORD, fold, fold_apostrophes

_ALPHABETS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Alphabets with letters that look like those of another one; first words of Unicode's character names."""


def check_pattern(text: str) -> list[str]:
    """Say why a pattern could never match, or not what it seems to.

    Args:
        text: The pattern, in NFC.

    Returns:
        The faults; none for a good pattern.

    Source: our choice; look-alike letters after Unicode Technical Standard 39, section 5 (mixed scripts).

    Example:
        >>> check_pattern("cease-fire*")
        []
        >>> check_pattern(" war")[0]
        "pattern ' war' has white space that no text matches. Words are parted by one space. Write 'war'."
    """
    faults = []
    spaced = " ".join(text.split())
    for c in sorted({c for c in text if unicodedata.category(c) in ("Cc", "Cf") and not c.isspace()}):
        faults.append(f"holds the invisible character U+{ord(c):04X}. Allowed: letters, digits, punctuation, * and ?. Delete it.")
    if WORD.search(text) is None:
        faults.append("has no letter or digit. A pattern has at least one; * and ? stand for others beside it. Delete it.")
    elif text != spaced:
        faults.append(f"has white space that no text matches. Words are parted by one space. Write {spaced!r}.")
    for word in [] if text.isascii() else WORD.findall(text):
        alphabets = [unicodedata.name(c, "?").split()[0] for c in word]
        found = sorted(set(alphabets) & set(_ALPHABETS), key=lambda name: (alphabets.count(name), name == "LATIN"))
        if len(found) > 1:
            odd = word[alphabets.index(found[0])]
            faults.append(f"mixes alphabets: {odd!r} is {unicodedata.name(odd)}. A word has letters of one. Type it anew.")
    return [f"pattern {text!r} {fault}" for fault in faults]


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
