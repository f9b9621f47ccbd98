"""Patterns against one another: which appear twice, and which another one of the same entry hides."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from toolkit.codebooks.nodes import Fault
from toolkit.codebooks.patterns import covers, find_meaning, fold_pattern, split_pattern
from toolkit.codebooks.records import Entry, Pattern

_Listed = tuple[Entry, bool, Pattern]  # whether it is one of the entry's `not` patterns


def check_entries(entries: Sequence[Entry], *, overlap: str) -> list[Fault]:
    """Say which patterns appear twice (an error), and which do nothing because another one of their entry takes their words (a warning).

    Args:
        entries: The entries of a codebook.
        overlap: Its overlap rule; under `dictionary` one entry's `not` holds for all.

    Returns:
        The faults. Time grows with the number of patterns, not with its square.
    """
    faults: list[Fault] = []
    same: dict[object, list[_Listed]] = defaultdict(list)
    begun: dict[tuple[str, str], list[_Listed]] = defaultdict(list)
    kinds = [(entry, protects, entry.protects if protects else entry.patterns) for entry in entries for protects in (False, True)]
    listed = [(entry, protects, pattern) for entry, protects, patterns in kinds for pattern in patterns]
    for one in listed:
        begun[one[0].id, _find_beginning(one[2])].append(one)
    for one in listed:
        twins = same[find_meaning(one[2])]
        begin = _find_beginning(one[2])
        found = (other for stop in range(len(begin) + 1) for other in begun.get((one[0].id, begin[:stop]), ()))
        faults += [*_find_double(one, twins, overlap), *_find_wider(one, found)][:1]
        twins.append(one)
    return faults


def _find_beginning(pattern: Pattern) -> str:
    """Find under what a pattern is looked up: what its words begin with before a wildcard, or all of them and a sign that they end."""
    if pattern.is_regex:
        return f"{pattern.text}\n"
    words = " ".join(split_pattern(fold_pattern(pattern.text, case=False))[1::2])
    begin = re.split("[*?]", words)[0]
    return begin if begin != words else f"{words}\n"


def _name(protects: bool, pattern: Pattern) -> str:
    """Name a pattern in a message."""
    return ("'not' pattern" if protects else "pattern") + f" {pattern.text!r}"


def _name_place(other: _Listed) -> str:
    """Say where another pattern is."""
    entry, _, pattern = other
    return f"{pattern.text!r} of {entry.id!r} " + (f"in line {pattern.line}" if pattern.line else "of the codebook that is extended")


def _find_double(one: _Listed, twins: Sequence[_Listed], overlap: str) -> Iterator[Fault]:
    """Say that a pattern is the same as one before it, in its entry or those nested with it, or as another actor's `not`."""
    entry, protects, pattern = one
    for other in twins:
        nested = other[0].id.partition("/")[0] == entry.id.partition("/")[0]
        if nested or (overlap == "dictionary" and other[1] != protects):
            where = "" if other[0] is entry and other[2].text == pattern.text else f", first as {_name_place(other)}"
            more = "" if other[0] is entry else " and those nested in it" if nested else "; one actor's 'not' holds for all"
            message = f"{_name(protects, pattern)} appears twice{where}. Each pattern may appear once in an entry{more}. Delete one."
            yield Fault(pattern.line, message, entry.id)


def _find_wider(one: _Listed, found: Iterator[_Listed]) -> Iterator[Fault]:
    """Say that a pattern does nothing, since another one of its entry matches wherever it does."""
    entry, protects, pattern = one
    for other in found:
        wide, equal = other[2], other[2].weight == pattern.weight
        if not covers(wide, pattern) or find_meaning(wide) == find_meaning(pattern):
            continue
        if other[1] and not protects:
            why = f"never counts: the 'not' pattern {_name_place(other)} takes all its words. Delete one."
        elif other[1] == protects and (equal or wide.text < pattern.text):  # of two at the same words this one is kept
            weight = "" if equal else f", and its weight {pattern.weight:g} is never used"
            why = f"adds nothing: {_name_place(other)} matches wherever it does{weight}. Delete it."
        else:
            continue
        yield Fault(pattern.line, f"{_name(protects, pattern)} {why}", entry.id, is_warning=True)
