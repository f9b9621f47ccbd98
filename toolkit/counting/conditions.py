"""What a pattern may ask beyond its words: other words near by, dates of the article. And patterns that are regular expressions."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.counting.characters import Truths
from toolkit.parsing.words import WORD, fold, fold_apostrophes

Days = np.ndarray[tuple[int], np.dtype[np.datetime64]]
Condition = tuple[Sequence[int], int | None, bool]
"""Ranks of patterns one of which stands near, within how many words (None: anywhere in the sentence), and whether none may."""


def keep_dated(start: Days, end: Days, published: Days) -> Truths:
    """Mark the matches whose article was published in the days of their pattern.

    Args:
        start: First day of the pattern of each match; missing where there is none.
        end: Last day.
        published: When its article was published; may be missing.

    Returns:
        True for each match that counts; where a pattern has days and the article has none, it does not.

    Example:
        >>> days = np.array(["2017-02-01", "2017-02-02", "NaT"], dtype="datetime64[D]")
        >>> keep_dated(days, days, np.repeat(days[:1], 3)).tolist()
        [True, False, True]
    """
    keep: Truths = (np.isnat(start) | (published >= start)) & (np.isnat(end) | (published <= end))
    return keep


def keep_near(matches: pd.DataFrame, conditions: Mapping[int, Sequence[Condition]]) -> Truths:
    """Mark the matches whose sentence has near by what their pattern asks for.

    Args:
        matches: `rank` (which pattern), `sentence`, `first` and `last` (words, numbered through all sentences, half-open): the matches of
            all patterns, before any other rule.
        conditions: By rank; all must hold.

    Returns:
        True for each match that counts, and for all those without a condition.

    Example:
        >>> matches = pd.DataFrame({"rank": [0, 0, 1], "sentence": 0, "first": [0, 9, 2], "last": [1, 10, 3]})
        >>> keep_near(matches, {0: [([1], 2, False)]}).tolist()
        [True, False, True]
    """
    keep = np.ones(len(matches), dtype=bool)
    if not conditions:
        return keep
    rows = matches.groupby("rank").indices
    columns = matches[["sentence", "first", "last"]].to_numpy()
    for rank in conditions.keys() & rows.keys():
        for others, within, negated in conditions[rank]:
            near = [columns[rows[other]] for other in others if other in rows]
            keep[rows[rank]] &= _has_near(columns[rows[rank]], np.concatenate([columns[:0], *near]), within) != negated
    return keep


def _has_near(matches: np.ndarray[Any, Any], others: np.ndarray[Any, Any], within: int | None) -> Truths:
    """Mark the matches (sentence, first, last) that have another one within some words, on the left or on the right."""
    sentence, first, last = matches.T
    has = np.zeros(len(matches), dtype=bool)
    by_end, by_start = others[np.argsort(others[:, 2])], others[np.argsort(others[:, 1])]
    left, right = np.searchsorted(by_end[:, 2], first, side="right") - 1, np.searchsorted(by_start[:, 1], last)
    for place, nearest, is_there in ((left, by_end, left >= 0), (right, by_start, right < len(others))):
        other = nearest[place[is_there]]
        distance = np.maximum(first[is_there] - other[:, 2], other[:, 1] - last[is_there]) + 1
        has[is_there] |= (other[:, 0] == sentence[is_there]) & (within is None or distance <= within)
    return has


def compile_regex(text: str, *, case: bool) -> Any:  # Any: re2 has no types
    """Compile a user's regular expression with RE2, whose time grows with the text alone.

    Example:
        >>> compile_regex("a|ab", case=True).search("abc").group()
        'ab'
    """
    import re2

    options = re2.Options()
    options.case_sensitive, options.longest_match, options.log_errors = case, True, False
    return re2.compile(fold_apostrophes(text), options)


def find_regexes(regexes: Mapping[int, tuple[Any, bool]], sentences: Sequence[str]) -> Iterator[tuple[int, int, int, int, int, int]]:
    """Find regular expressions in sentences: hits that do not overlap, hold a word and cut none.

    Args:
        regexes: Compiled, with whether case is exact; by rank.
        sentences: The sentences' texts, apostrophes straight.

    Yields:
        Rank, sentence, start and end in it, first word in it, word after the last.

    Example:
        >>> list(find_regexes({7: (compile_regex("wars?", case=False), False)}, ["Wars in Warsaw"]))
        [(7, 0, 0, 4, 0, 1)]
    """
    for number, straight in enumerate(sentences):
        folded, words = fold(straight), list[re.Match[str]]()
        for rank, (regex, case) in regexes.items():
            for hit in regex.finditer(straight if case else folded):
                words = words or [*WORD.finditer(straight)]
                first, last = (bisect_left(words, place, key=re.Match.start) for place in hit.span())
                is_whole = [first, last] == [bisect_right(words, place, key=re.Match.end) for place in hit.span()]
                if is_whole and first < last:
                    yield rank, number, *hit.span(), first, last
