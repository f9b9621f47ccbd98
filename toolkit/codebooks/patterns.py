"""Check patterns: can one match at all, and does it match everything another one matches?"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from toolkit.codebooks.records import Pattern
from toolkit.parsing.words import WORD, fold, fold_apostrophes

_ALPHABETS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Alphabets with letters that look like those of another one; first words of Unicode's character names."""
_LOOK_ALIKES = frozenset("АВЕЅІЈКМНОРСТХаеорсухіјѕһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο")
"""Cyrillic and Greek letters that look like Latin ones; after Unicode's table of confusables, only those that differ in nothing."""
_HYPHENS = "-\u2010\u2011"  # what a space in a pattern matches besides white space
_WORDS = re.compile(f"((?:{WORD.pattern}|[*?])+)")
_WILDCARDS = {"*": "[^ ]*", "?": "[^ *]"}


def check_pattern(text: str) -> list[str]:
    """Say why a pattern could never match, or not what it seems to.

    Args:
        text: The pattern, in NFC.

    Returns:
        The faults; none for a good pattern.

    Example:
        >>> check_pattern("cease-fire*")
        []
        >>> check_pattern(" war")[0]
        "pattern ' war' has white space that no text matches. Separate words by one space. Write 'war'."
    """
    spaced = " ".join(text.split())
    hidden = sorted({c for c in text if unicodedata.category(c) in ("Cc", "Cf") and not c.isspace()})
    allowed = "Allowed: letters, digits, punctuation, * and ?. Delete it."
    faults = [f"contains the invisible character U+{ord(c):04X}. {allowed}" for c in hidden]
    if WORD.search(text) is None:
        faults.append("has no letter or digit. A pattern needs at least one; * and ? only replace others. Delete it.")
    elif text != spaced:
        faults.append(f"has white space that no text matches. Separate words by one space. Write {spaced!r}.")
    for word in [] if text.isascii() else WORD.findall(text):
        alphabets = [unicodedata.name(c, "?").split()[0] for c in word]
        found = sorted(set(alphabets) & set(_ALPHABETS), key=lambda name: (alphabets.count(name), name == "LATIN"))
        if len(found) > 1:
            odd = word[alphabets.index(found[0])]
            faults.append(f"mixes alphabets: {odd!r} is {unicodedata.name(odd)}. Use the letters of one alphabet in a word. Type it again.")
        elif found and found[0] != "LATIN" and _LOOK_ALIKES.issuperset(c for c in word if c.isalpha()) and re.search("[A-Za-z]", text):
            faults.append(f"has Latin words and {word!r}, which looks Latin and is not. Alphabets do not match one another. Type it again.")
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


def find_meaning(pattern: Pattern) -> object:
    """Find what is equal in two patterns that match the same words on the same conditions.

    Example:
        >>> find_meaning(Pattern("Bomb*", "pattern", False, 1)) == find_meaning(Pattern("bomb**", "name", False, 2))
        True
    """
    text = pattern.text if pattern.is_regex else re.sub(r"\*+", "*", fold_pattern(pattern.text, case=pattern.case))
    return text, pattern.case, pattern.is_regex, frozenset(pattern.near), pattern.start, pattern.end


def check_regex(text: str) -> list[str]:
    r"""Say why a regular expression cannot be used.

    Only RE2 is used, whose time grows with the text and never explodes; it has no look-around and no back-references.

    Args:
        text: The regular expression.

    Returns:
        The faults; none for a good one.

    Example:
        >>> check_regex(r"\d+ (dead|killed)")
        []
        >>> check_regex("(bomb)?")
        ["regex '(bomb)?' matches the empty text. Allowed: what matches a word or more. Ask for one letter at least."]
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(text, options)
    except re2.error as fault:
        why = fault.args[0].decode("utf-8", "replace")
        hint = "It knows no look-around and no back-reference. Write out the alternatives, or use near: and unless_near:."
        return [f"regex {text!r} is refused by RE2: {why}. {hint}"]
    if compiled.search("") is not None:
        return [f"regex {text!r} matches the empty text. Allowed: what matches a word or more. Ask for one letter at least."]
    return []


def split_pattern(text: str) -> list[str]:
    """Split a pattern into its words, at odd places, and what is before, between and after them.

    Source: the design's "Meaning of a pattern".

    Example:
        >>> split_pattern("all-out war*")
        ['', 'all', '-', 'out', ' ', 'war*', '']
    """
    return _WORDS.split(text)


def covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether a pattern matches all that another one matches, at the same place and on the same days.

    Example:
        >>> strikes = Pattern("air strike*", "pattern", False, 1)
        >>> covers(strikes, Pattern("Air-strikes", "pattern", True, 1))
        True
        >>> covers(Pattern("bomb?", "pattern", False, 1), Pattern("bomb*", "pattern", False, 1))
        False
    """
    if (wide.case and not narrow.case) or not {*wide.near} <= {*narrow.near}:
        return False
    if (wide.start or date.min) > (narrow.start or date.min) or (narrow.end or date.max) > (wide.end or date.max):
        return False
    if wide.is_regex or narrow.is_regex or wide.via == "surname":  # a surname counts only after the full name
        return (wide.text, wide.is_regex) == (narrow.text, narrow.is_regex)
    ours, theirs = (split_pattern(fold_pattern(pattern.text, case=wide.case)) for pattern in (wide, narrow))
    if len(ours) != len(theirs) or (ours[0], ours[-1]) != (theirs[0], theirs[-1]):
        return False  # `U.S` matches at the words of `U.S.`, but not its last character
    gaps = zip(ours[2:-1:2], theirs[2:-1:2], strict=True)
    if not all(mine == other or (mine == " " and other in _HYPHENS) for mine, other in gaps):
        return False
    words = "".join(_WILDCARDS.get(c) or re.escape(c) for c in " ".join(ours[1::2]))
    return re.fullmatch(words, " ".join(theirs[1::2])) is not None
