"""The rule that resolves overlapping matches.

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

With `overlap: each` nothing is settled: every pattern is found wherever it stands, and `not` patterns protect nothing. That is for scored
entries, in which a pattern against has a weight below 0, and in which of overlapping matches only the longest counts.

The order of entries, patterns and files changes nothing.
"""

import numpy as np
import pandas as pd

from toolkit.counting.characters import Ints, Truths
from toolkit.counting.kernels import run_kernel


def settle_overlaps(matches: pd.DataFrame, *, dictionary: bool) -> pd.DataFrame:
    """Keep the matches that the overlap rule keeps.

    Args:
        matches: One row per match: `first` and `last`, its words (numbered through all texts, half-open), `length` in characters,
            `family`, `rank` (a number that decides where all else is equal), `protects` (true for a match of a `not` pattern).
        dictionary: Whether a match inside a longer match of another entry is dropped.

    Returns:
        The kept rows, without those that protect.

    Source: quanteda's `tokens_lookup`, argument `nested_scope` (Benoit et al. 2018); families are our choice.

    Example:
        >>> matches = pd.DataFrame({"first": [0, 1], "last": [4, 2], "length": [24, 5], "family": ["scmp", "CHN"], "rank": [0, 1],
        ...     "protects": [False, False]})
        >>> settle_overlaps(matches, dictionary=True)["family"].tolist()
        ['scmp']
    """
    columns = ("first", "last", "length", "family", "rank", "protects")
    first, last, length, family, rank, protects = (matches[column].to_numpy() for column in columns)
    keep = _keep_in_families(first, last, length, pd.factorize(family)[0], rank, protects)
    if dictionary:
        keep[keep] = _keep_across(first[keep], last[keep], protects[keep])
    return matches[keep & ~protects]


def _keep_in_families(first: Ints, last: Ints, length: Ints, family: Ints, rank: Ints, protects: Truths) -> Truths:
    """Mark what is kept inside each family."""
    keep = np.ones(len(first), dtype=bool)
    line = family * last.max(initial=0)  # one number line for all families
    order = np.argsort(line + first, kind="stable")
    cluster = np.cumsum(np.append(True, (line + first)[order[1:]] >= np.maximum.accumulate((line + last)[order])[:-1]))
    crowded = np.flatnonzero(np.bincount(cluster)[cluster] > 1)  # few: nearly all matches stand alone
    rows, cluster = order[crowded], cluster[crowded]
    best = np.lexsort((rank[rows], -length[rows], ~protects[rows], first[rows], first[rows] - last[rows], cluster))
    taken = np.zeros(last.max(initial=0), dtype=np.int64)
    keep[rows[best]] = run_kernel(take_words, cluster[best], first[rows[best]], last[rows[best]], taken, size=len(taken))
    return keep


def take_words(cluster: Ints, first: Ints, last: Ints, taken: Ints) -> Truths:
    """Give each match its words if they are free, in the given order (a kernel).

    Args:
        cluster: Numbers from 1 up; matches of two clusters do not disturb each other. In each, the match of most words comes first.
        first: First word of each match.
        last: Word after its last.
        taken: By word: the last cluster that took it; is changed.

    Returns:
        Whether each match got its words.

    Example:
        >>> one = np.array([1, 1, 1])
        >>> take_words(one, np.array([0, 1, 3]), np.array([3, 4, 4]), np.zeros(4, dtype=np.int64)).tolist()
        [True, False, True]
    """
    keep = np.zeros(len(first), dtype=np.bool_)
    for row in range(len(first)):
        if taken[first[row]] != cluster[row] and taken[last[row] - 1] != cluster[row]:
            keep[row] = True
            taken[first[row] : last[row]] = cluster[row]
    return keep


def _keep_across(first: Ints, last: Ints, protects: Truths) -> Truths:
    """Mark the matches that are not inside a longer or a protecting match of another family.

    Inside a family nothing overlaps any more, so whatever else holds all words of a match is of another family.
    """
    order = np.lexsort((~protects, -last, first))  # of the matches that hold a match, all come before it
    fresh = np.append(True, (np.diff(first[order]) != 0) | (np.diff(last[order]) != 0))[: len(order)]
    leaders = order[fresh]  # of each span, one match, a protecting one if there is
    reach = np.append(-1, np.maximum.accumulate(last[leaders]))[:-1]  # of all longer spans before
    keep = np.empty(len(first), dtype=bool)
    keep[order] = ((reach < last[leaders]) & ~protects[leaders])[np.cumsum(fresh) - 1]
    return keep
