"""Patterns that appear twice where each may appear once."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.codebooks.nodes import Fault
from toolkit.codebooks.patterns import find_meaning
from toolkit.codebooks.records import Entry, Pattern


def find_doubles(entries: Sequence[Entry], *, overlap: str) -> list[Fault]:
    """Find patterns that match the same words, on the same conditions, as one before them.

    An entry and those nested in it may hold a pattern once, among its `not` patterns too. Two top-level entries may share a pattern.

    Args:
        entries: The entries of a codebook.
        overlap: Its overlap rule; under `dictionary` one entry's `not` holds for all.

    Returns:
        A fault for each pattern that appears again.
    """
    first: dict[tuple[object, object], tuple[Entry, Pattern]] = {}
    faults = []
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
