"""Check patterns: can one match at all, and do two match the same?"""

import re
import unicodedata
from collections.abc import Sequence

from toolkit.codebooks.nodes import Fault
from toolkit.codebooks.records import Entry, Pattern
from toolkit.parsing.words import fold, fold_apostrophes


def check_pattern(text: str) -> str:
    """Refuse a pattern that could never match, or not what it seems to.

    Args:
        text: The pattern, in NFC.

    Returns:
        The pattern, if it is a good one.

    Raises:
        ValueError: Says what is wrong with it.

    Example:
        >>> check_pattern("cease-fire*")
        'cease-fire*'
        >>> check_pattern(" war")
        Traceback (most recent call last):
        ValueError: pattern ' war' has white space that no text matches. Separate words by one space. Write 'war'.
    """
    spaced = " ".join(text.split())
    hidden = sorted({c for c in text if unicodedata.category(c) in ("Cc", "Cf") and not c.isspace()})
    allowed = "Allowed: letters, digits, punctuation, * and ?. Delete it."
    faults = [f"contains the invisible character U+{ord(c):04X}. {allowed}" for c in hidden]
    if not any(map(str.isalnum, text)):
        faults.append("has no letter or digit. A pattern needs at least one; * and ? only replace others. Delete it.")
    elif text != spaced:
        faults.append(f"has white space that no text matches. Separate words by one space. Write {spaced!r}.")
    if faults:
        raise ValueError(" ".join(f"pattern {text!r} {fault}" for fault in faults))
    return text


def fold_pattern(text: str, *, case: bool) -> str:
    """Fold a pattern so that two that match the same words become equal.

    Args:
        text: The pattern.
        case: Whether it matches in exact case.

    Returns:
        The folded pattern.

    Source: the design's "Meaning of a pattern".

    Example:
        >>> fold_pattern("Trump’s", case=False), fold_pattern("Trump´s", case=True)
        ("trump's", "Trump's")
    """
    return fold_apostrophes(text) if case else fold(text)


def find_meaning(pattern: Pattern) -> object:
    """Find what is equal in two patterns that match the same words on the same conditions.

    Example:
        >>> find_meaning(Pattern("Bomb*", "pattern", False, 1)) == find_meaning(Pattern("bomb**", "name", False, 2))
        True
    """
    text = re.sub(r"\*+", "*", fold_pattern(pattern.text, case=pattern.case))
    return text, pattern.case, frozenset(pattern.near), pattern.start, pattern.end


def find_doubles(entries: Sequence[Entry], *, overlap: str) -> list[Fault]:
    """Find patterns that match the same words, on the same conditions, as one before them.

    An entry and those nested in it may hold a pattern once, among its `not` patterns too. Two top-level entries may share a pattern.

    Args:
        entries: The entries of a codebook.
        overlap: Its overlap rule; under `dictionary` one entry's `not` holds for all.

    Returns:
        A fault for each pattern that appears again.
    """
    first, faults = dict[tuple[object, object], tuple[Entry, Pattern]](), list[Fault]()
    for entry in entries:
        family = entry.id.partition("/")[0]
        listed = [(pattern, False) for pattern in entry.patterns] + [(pattern, True) for pattern in entry.protects]
        for pattern, protects in listed:
            meaning = find_meaning(pattern)
            nested = first.setdefault((family, meaning), (entry, pattern))
            if nested[1] is not pattern:
                faults.append(_say_double(entry, pattern, protects, nested, "in a top-level entry and those nested in it"))
            elif overlap == "dictionary" and (not protects, meaning) in first:
                opposite = first[not protects, meaning]
                faults.append(_say_double(entry, pattern, protects, opposite, "in an entry; one actor's 'not' holds for all"))
            first.setdefault((protects, meaning), (entry, pattern))
    return faults


def _say_double(entry: Entry, pattern: Pattern, protects: bool, first: tuple[Entry, Pattern], where: str) -> Fault:
    """Say that a pattern appears twice."""
    name = "'not' pattern" if protects else "pattern"
    line = f"in line {first[1].line}" if first[1].line else "of the codebook that is extended"
    message = f"{name} {pattern.text!r} appears twice, first as {first[1].text!r} of {first[0].id!r} {line}."
    return Fault(pattern.line, f"{message} Each pattern may appear once {where}. Delete one.", entry.id)
