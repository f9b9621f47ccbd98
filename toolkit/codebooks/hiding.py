"""Patterns against one another: which appear twice, which another one hides, which entries are contained in another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from toolkit.codebooks.nodes import Fault
from toolkit.codebooks.patterns import covers, fold_pattern, split_pattern
from toolkit.codebooks.records import Entry, Pattern


class _Listed(NamedTuple):
    """A pattern in its entry; `place` is its number in the file."""

    place: int
    entry: Entry
    pattern: Pattern
    protects: bool


def check_entries(entries: Sequence[Entry], *, overlap: str) -> list[Fault]:
    """Say which patterns appear twice (an error), which do nothing, and which entries are part of another (warnings).

    A pattern is hidden where another one of the same family always takes its words: `bomb*` hides `bombing`, and a `not` pattern
    hides what it covers. Two top-level entries may share patterns; that all of one's are in another is worth a second look.

    Args:
        entries: The entries of a codebook.
        overlap: Its overlap rule; under `dictionary` one entry's `not` holds for all.

    Returns:
        The faults. Time grows with the number of patterns, not with its square.
    """
    kinds = [(entry, protects, entry.protects if protects else entry.patterns) for entry in entries for protects in (False, True)]
    every = [(entry, pattern, protects) for entry, protects, patterns in kinds for pattern in patterns]
    listed = [_Listed(place, *one) for place, one in enumerate(every)]
    index: dict[str, list[_Listed]] = defaultdict(list)
    keys = [_find_key(one.pattern) for one in listed]
    for one, key in zip(listed, keys, strict=True):
        index[key].append(one)
    faults = []
    hosts: dict[str, set[str]] = {}  # by entry, the other ones that match all its patterns so far
    for one, key in zip(listed, keys, strict=True):
        found = [other for begin in {key, *(key[:stop] for stop in range(len(key)))} for other in index.get(begin, ())]
        wider = [other for other in sorted(found) if other is not one and covers(other.pattern, one.pattern)]
        faults += [fault for fault in [_compare(one, other, overlap) for other in wider] if fault is not None][:1]
        if not one.protects:
            others = [other for other in wider if _find_family(other) != _find_family(one) and other.pattern.near == one.pattern.near]
            around = {other.entry.id for other in others if not other.protects}
            hosts[one.entry.id] = hosts.get(one.entry.id, around) & around
    for entry in entries:
        for host in sorted(hosts.get(entry.id, ()))[:1]:
            message = f"all patterns of this entry are also matched by {host!r}. If that is intended, say so in a comment."
            faults.append(Fault(entry.line, message, entry.id, is_warning=True))
    return faults


def _find_key(pattern: Pattern) -> str:
    """Find under what a pattern is looked up: what its words begin with before a wildcard, or all of them and a sign that they end."""
    if pattern.is_regex:
        return f"{pattern.text}\n"
    words = " ".join(split_pattern(fold_pattern(pattern.text, case=False))[1::2])
    begin = re.split("[*?]", words)[0]
    return begin if begin != words else f"{words}\n"


def _find_family(one: _Listed) -> str:
    """Find the top-level entry, whose words are taken once for all nested in it."""
    return one.entry.id.partition("/")[0]


def _compare(one: _Listed, other: _Listed, overlap: str) -> Fault | None:
    """Say that a pattern is the same as another one before it, or hidden by it."""
    nested, alike = _find_family(one) == _find_family(other), one.protects == other.protects
    same_entry, line = one.entry is other.entry, one.pattern.line
    name = ("'not' pattern" if one.protects else "pattern") + f" {one.pattern.text!r}"
    line_of = f"in line {other.pattern.line}" if other.pattern.line else "of the codebook that is extended"
    place = f"{other.pattern.text!r} of {other.entry.id!r} {line_of}"
    if covers(one.pattern, other.pattern):
        if other.place > one.place or not (nested or (overlap == "dictionary" and not alike)):
            return None
        where = "" if same_entry and one.pattern.text == other.pattern.text else f", first as {place}"
        more = "" if same_entry else " and those nested in it" if nested else "; one actor's 'not' holds for all"
        return Fault(line, f"{name} appears twice{where}. Each pattern may appear once in an entry{more}. Delete one.", one.entry.id)
    if other.protects and not one.protects and (nested or overlap == "dictionary"):
        return Fault(
            line, f"{name} never counts: the 'not' pattern {place} takes all its words. Delete one.", one.entry.id, is_warning=True
        )
    equal = other.pattern.weight == one.pattern.weight
    first = (other.entry.id, other.pattern.text) < (one.entry.id, one.pattern.text)  # of two at the same words this one is kept
    if alike and nested and (first or (same_entry and equal)):
        weight = "" if equal else f", and its weight {one.pattern.weight:g} is never used"
        return Fault(line, f"{name} adds nothing: {place} matches wherever it does{weight}. Delete it.", one.entry.id, is_warning=True)
    return None
