"""The one rule that settles overlapping matches.

Inside a family (a top-level entry with its children): the match of most words first, then the leftmost; a match any of whose words is
taken is dropped. This is quanteda's `nested_scope = "key"` with a parent and its children as one key, so that rolling up never counts a
word twice. At the same words a `not` pattern goes first, then the match with more punctuation, then the entry first in the alphabet.

    all-out war        violence: `all-out war`, `war`             ->  the longer
    war of words war   violence: `war of words`, `words war`      ->  the longer; its last word is taken, so `words war` goes
    cold war on drugs  violence: `cold war`, `war on`             ->  the left one: both have two words
    trade war          conflict: `war`, not: `trade war`          ->  nothing
    arms race          arms: `arms race`, escalation: `arms race` ->  both: two families

Across families, in a codebook with `overlap: dictionary`: a match all of whose words lie in a longer match of another entry is dropped,
which is quanteda's `nested_scope = "dictionary"`; and all of whose words lie in a match of another entry's `not`, longer or not.

    South China Morning Post   scmp, CHN: `China`                ->  scmp alone; under `key` both
    North Korea Times          PRK: `North Korea`, times: `Korea Times`  ->  both: neither lies wholly in the other
    New Mexico                 MEX: `Mexico`, USA not: `New Mexico`      ->  nothing

The order of entries, patterns and files changes nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

Truths = np.ndarray[tuple[int], np.dtype[np.bool_]]


def settle_overlaps(matches: pd.DataFrame, *, dictionary: bool) -> pd.DataFrame:
    """Keep the matches that the overlap rule keeps.

    Args:
        matches: One row per match: `first` and `last`, its words (numbered through all texts, half-open), `length` in characters,
            `family`, `rank` (a number that decides where all else is equal), `protects` (true for a match of a `not` pattern).
        dictionary: Whether a match inside a longer match of another entry is dropped.

    Returns:
        The kept rows, without those that protect, ordered by first word, last word, and rank.

    Source: quanteda's `tokens_lookup`, argument `nested_scope` (Benoit et al. 2018); families are our choice.

    Example:
        >>> matches = pd.DataFrame({"first": [0, 1], "last": [4, 2], "length": [24, 5], "family": ["scmp", "CHN"], "rank": [0, 1],
        ...     "protects": [False, False]})
        >>> settle_overlaps(matches, dictionary=True)["family"].tolist()
        ['scmp']
    """
    matches = matches[_keep_in_families(matches)]
    if dictionary:
        matches = matches[_keep_across(matches)]
    return matches[~matches["protects"]].sort_values(["first", "last", "rank"], ignore_index=True)


def _keep_in_families(matches: pd.DataFrame) -> Truths:
    """Mark what is kept inside each family."""
    family, first, last = (matches[column].to_numpy() for column in ("family", "first", "last"))
    protects, length, rank = (matches[column].to_numpy() for column in ("protects", "length", "rank"))
    keep = np.ones(len(matches), dtype=bool)
    for rows in _find_clusters(pd.factorize(family)[0], first, last):
        taken: set[int] = set()
        for row in sorted(rows, key=lambda row: (first[row] - last[row], first[row], not protects[row], -length[row], rank[row])):
            words = range(first[row], last[row])
            keep[row] = taken.isdisjoint(words)
            if keep[row]:
                taken.update(words)
    return keep


def _keep_across(matches: pd.DataFrame) -> Truths:
    """Mark what does not lie in a longer match, or in a protecting one, of another family."""
    family, first, last, protects = (matches[column].to_numpy() for column in ("family", "first", "last", "protects"))
    keep = np.ones(len(matches), dtype=bool)
    for rows in _find_clusters(np.zeros(len(matches), dtype=np.int64), first, last):
        for row in rows:
            keep[row] = not any(
                first[other] <= first[row]
                and last[row] <= last[other]
                and family[other] != family[row]
                and (protects[other] or last[other] - first[other] > last[row] - first[row])
                for other in rows
            )
    return keep


def _find_clusters(
    scope: np.ndarray[tuple[int], np.dtype[np.int64]],
    first: np.ndarray[tuple[int], np.dtype[np.int64]],
    last: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> list[list[int]]:
    """List the rows of one scope whose words overlap, directly or through others; rows alone are left out: nearly all are."""
    if len(first) == 0:
        return []
    line = scope * int(last.max())  # one number line for all scopes
    order = np.argsort(line + first, kind="stable")
    starts, ends = (line + first)[order], (line + last)[order]
    fresh = np.append(True, starts[1:] >= np.maximum.accumulate(ends)[:-1])
    bounds = np.append(np.flatnonzero(fresh), len(order))
    many = np.flatnonzero(np.diff(bounds) > 1)
    return [order[start:end].tolist() for start, end in zip(bounds[many], bounds[many + 1], strict=True)]
