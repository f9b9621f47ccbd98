"""The parts of an article that are needed to find who speaks: sentences, quotations, names; and drafts of attributions."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from toolkit.counting.lists import read_regex
from toolkit.parsing import find_quotations
from toolkit.parsing.words import WORD

Span = tuple[int, int]

HAS_WORD = re.compile(r"[^\W_]")


class Line(NamedTuple):
    """A sentence that is searched, in its article."""

    start: int
    end: int
    sentence: int
    paragraph: int


class Named(NamedTuple):
    """An actor mentioned: where, which entry, of which type ("" where not known)."""

    start: int
    end: int
    entry: str
    type: str


def find_range(places: Sequence[tuple[Any, ...]], start: int, end: int) -> range:
    """The numbers of those that overlap a stretch, among things that begin with start and end, in order and apart: without a walk over all.

    Example:
        >>> find_range([(0, 2, "a"), (2, 5, "b"), (7, 9, "c")], 4, 8)
        range(1, 3)
    """
    return range(bisect_right(places, start, key=itemgetter(1)), bisect_left(places, end, key=itemgetter(0)))


@dataclass(frozen=True)
class Page:
    """The parts of an article that are used."""

    original: str
    outlet: str
    lines: Sequence[Line]
    named: Sequence[Named]

    @cached_property
    def text(self) -> str:
        """The text with quotation marks in place of pairs of apostrophes and of backticks; offsets stay."""
        text = re.sub('“([^“”"\\n]*)"', r"“\1”", re.sub('"([^“”"\\n]*)”', r"“\1”", self.original))  # “Mixed"
        return text if "''" not in text else re.sub(r"(?<=[\w.,?!])''(?!')", '" ', re.sub(r"(?:(?<!')''|``)(?=\w)", ' "', text))

    @cached_property
    def quotations(self) -> Sequence[Span]:
        """The quotations that report speech; scare quotes are left out."""
        found = [one for one in find_quotations(self.text) if one.depth == 0 and one.end - one.start > 3]
        # One of three words or fewer without a stop or comma at its end is a word in quotation marks, not somebody's sentence
        return [one[:2] for one in found if one.goes_on or self.text[one.end - 2] in ",.?!" or len(WORD.findall(self.text, *one[:2])) > 3]

    @cached_property
    def full_names(self) -> Mapping[str, str]:
        """Surnames and what looks like one, with the first full name that ends in each."""
        return {found[1]: found[0] for found in reversed(list(read_regex("full_name").finditer(self.text)))}

    @cached_property
    def bearers(self) -> Mapping[str, str]:
        """Who bears each role, in small letters; "" where several do: minister Ann Bo; Ann Bo, the country's minister."""
        found = (((one[2] or one[3]).lower(), (one[1] or one[4]).rpartition(" ")[2]) for one in read_regex("bearer").finditer(self.text))
        pairs = sorted((role, self.full_names[name]) for role, name in found if name in self.full_names)
        first = dict(pairs[::-1])
        return {role: full if first[role] == full else "" for role, full in dict(pairs).items()}

    @cached_property
    def people(self) -> Sequence[tuple[int, int, str]]:
        """Positions and full names of persons who are not actors: named in full, or sharing the surname of an actor."""
        full = {found[1] for found in read_regex("person").finditer(self.text) if not find_range(self.named, *found.span())}
        return [(*one.span(), self.full_names.get(one[0], one[0])) for one in read_regex("capital").finditer(self.text) if one[0] in full]

    def find_named(self, start: int, end: int) -> Sequence[Named]:
        """The actors named in a stretch."""
        return [self.named[at] for at in find_range(self.named, start, end)]


class Draft(NamedTuple):
    """Who says what, before quotations, actors and types: spans in the text; `stands_for` is what a relative pronoun as source means."""

    place: int  # of its sentence in the article
    cue: Span
    kind: str
    source: Span | None
    content: tuple[Span, ...]
    stands_for: Span | None = None


def overlaps(spans: Sequence[Span], others: Sequence[Span]) -> bool:
    """Whether any of some spans overlaps any of others."""
    return any(start < last and end > first for start, end in spans for first, last in others)
