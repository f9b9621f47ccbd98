"""Conditions of a pattern beyond its words: nearby words, and the date of the article."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.counting.characters import Truths

Days = np.ndarray[tuple[int], np.dtype[np.datetime64]]
# Ranks of patterns one of which is near, within how many words (None: anywhere in the sentence), and whether none may.
Condition = tuple[Sequence[int], int | None, bool]


def keep_dated(start: Days, end: Days, published: Days) -> Truths:
    """Mark the matches whose article was published within the dates of their pattern.

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
    return (np.isnat(start) | (published >= start)) & (np.isnat(end) | (published <= end))


def keep_near(matches: pd.DataFrame, conditions: Mapping[int, Sequence[Condition]]) -> Truths:
    """Mark the matches with the nearby words that their pattern requires.

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
    rows, columns = matches.groupby("rank").indices if conditions else {}, matches[["sentence", "first", "last"]].to_numpy()
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
