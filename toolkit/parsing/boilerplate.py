"""Find what outlets print around their stories: share bars, sources, disclaimers, sign-up boxes. The patterns are data/boilerplate.yml."""

import re
from bisect import bisect_right
from collections import namedtuple
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from toolkit.parsing.layouts import read_data, read_limits

LONGEST_LINE, N_CLOSING, _MOST_CUES, _TAIL = read_limits("boilerplate")


_STOPS = '.!"”’'  # a line that ends with one is a sentence


_Pattern = namedtuple("_Pattern", "kind cue regex before step")  # one item of data/boilerplate.yml


def find_boilerplate_pieces(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Find the pieces and whole lines of a text that are no part of the story, whatever sentence they are in.

    Args:
        text: The text of an article.
        paragraphs: Start and end of its paragraphs, in order.

    Returns:
        Start, end and step of each piece, in order of the text; they may overlap.

    Example:
        >>> text = "They left. Source:-Al Jazeera News"
        >>> [text[start:end] for start, end, _ in find_boilerplate_pieces(text, [(0, len(text))])]
        ['Source:-Al Jazeera News']
    """
    tail = max(0, len(text) - _TAIL)
    tails = (item for item in _list("tails") if text.find(item.cue, tail) >= 0)
    found = [(*match.span(), item.step) for item in tails for match in item.regex.finditer(text, tail)]
    for start, end in paragraphs:
        if len("Share") <= end - start <= LONGEST_LINE and text[end - 1] not in _STOPS:
            found += [(start, end, item.step) for item in _list("lines") if item.regex.fullmatch(text, start, end)][:1]
    done: dict[_Pattern, int] = {}
    for at, item in _find_cues(text):
        if item.kind == "pieces":
            starts = range(max(done.get(item, 0), at - item.before), at + 1)
            matches = (item.regex.match(text, start) for start in starts if not start or text[start - 1].isspace())
            if match := next((match for match in matches if match and match.end() > at), None):
                found.append((*match.span(), item.step))
                done[item] = match.end()
    return sorted((end - len(text[start:end].lstrip()), start + len(text[start:end].rstrip()), step) for start, end, step in found)


def find_boilerplate_sentences(
    text: str, starts: Sequence[int], ends: Sequence[int], *, learned: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
) -> list[tuple[int, str]]:
    """Find which sentences of a text are boilerplate as a whole; only those that hold a cue, and the closing ones, are looked at.

    Args:
        text: The text of an article.
        starts: Where its sentences start, in order.
        ends: Where they end.
        learned: Lines of its outlet that were learned to be boilerplate, white space collapsed.
        without: Steps of `toolkit.parsing.steps.STEPS` not to take.

    Returns:
        Number of the sentence in `starts`, and the step, in order.

    Example:
        >>> find_boilerplate_sentences("It rains. This story has been updated.", [0, 10], [9, 38])
        [(1, 'known boilerplate')]
    """
    found: dict[int, str] = {}
    if learned and "learned boilerplate" not in without:
        for number in range(max(0, len(starts) - N_CLOSING), len(starts)):
            if ends[number] - starts[number] <= LONGEST_LINE and " ".join(text[starts[number] : ends[number]].split()) in learned:
                found[number] = "learned boilerplate"
    for at, item in _find_cues(text):
        if item.kind == "sentences" and item.step not in without:
            number = bisect_right(starts, at) - 1
            if number >= 0 and at < ends[number] and item.regex.fullmatch(text, starts[number], ends[number]):
                found[number] = item.step
    return sorted(found.items())


@lru_cache(maxsize=1)  # pieces and sentences of a text are asked for one after the other
def _find_cues(text: str) -> list[tuple[int, _Pattern]]:
    """Find every cue in a text, in the order of their ends."""
    items, cues = _list_cues()
    whole = text.encode("utf-8", "replace").decode()  # no half of a character
    hits = sorted(cues.find_matches_as_indexes(whole, overlapping=True), key=lambda hit: (hit[2], hit[0]))
    return [(start, items[number]) for number, start, _ in hits[:_MOST_CUES]]


@cache
def _list_cues() -> tuple[list[_Pattern], Any]:
    """List the pieces and sentences, and what finds all their cues in one pass."""
    from ahocorasick_rs import AhoCorasick

    items = _list("pieces") + _list("sentences")
    return items, AhoCorasick([item.cue for item in items])


@cache
def _list(kind: str) -> list[_Pattern]:
    """Read the patterns of one kind; none may begin inside a word."""
    patterns = []
    for item in read_data("boilerplate")[kind]:
        written = re.sub("END|STARTER|NAMES", lambda name: str(read_data("patterns")[name[0]]), item["pattern"])
        regex = re.compile(rf"(?<!\S)(?:{written})")
        patterns.append(_Pattern(kind, item.get("cue", ""), regex, item.get("before", 0), item.get("step", "known boilerplate")))
    return patterns
