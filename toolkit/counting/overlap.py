"""The one rule that settles overlapping matches.

Inside a family (a top-level entry with its children): longest first, then leftmost; a match any of whose words is taken is dropped. This
is quanteda's `nested_scope = "key"`, with a parent and its children as one key, so that rolling up never counts a word twice.
Across families, in codebooks with `overlap: dictionary`: a match that lies wholly inside a longer match of another entry is dropped,
which is quanteda's `nested_scope = "dictionary"`. `not` patterns take part in both as matches that are thrown away in the end.

    South China Morning Post   media: scmp [0, 24), states: CHN [6, 11)  ->  scmp alone under `dictionary`, both under `key`
    all-out war                one entry with `all out war` and `war`    ->  the longer one
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def settle_overlaps(matches: pd.DataFrame, *, dictionary: bool) -> pd.DataFrame:
    """Keep the matches that the overlap rule keeps.

    Args:
        matches: One row per match: `start`, `end` (in one offset space), `entry`, `family`, `via_rank`, `pattern`, `protects` (true
            for a match of a `not` pattern).
        dictionary: Whether a match inside a longer match of another entry is dropped.

    Returns:
        The kept rows, without those that protect, ordered by start, end and entry.

    Source: quanteda's `tokens_lookup`, argument `nested_scope` (Benoit et al. 2018); families are our choice.

    Example:
        >>> matches = pd.DataFrame({"start": [0, 6], "end": [24, 11], "entry": ["scmp", "CHN"], "family": ["scmp", "CHN"],
        ...     "via_rank": [0, 0], "pattern": ["South China Morning Post", "China"], "protects": [False, False]})
        >>> settle_overlaps(matches, dictionary=True)["entry"].tolist()
        ['scmp']
    """
    if matches.empty:
        return matches
    ordered = matches.assign(length=matches["start"] - matches["end"], counts=~matches["protects"]).sort_values(
        ["family", "start", "length", "counts", "via_rank", "entry", "pattern"], kind="stable", ignore_index=True
    )
    ordered = ordered[_keep_in_families(ordered)]
    if dictionary:
        ordered = ordered.sort_values(["start", "length", "counts"], kind="stable", ignore_index=True)
        ordered = ordered[_keep_across(ordered)]
    kept = ordered[~ordered["protects"]]
    return kept.sort_values(["start", "end", "entry"], kind="stable", ignore_index=True).drop(columns=["length", "counts"])


def _keep_in_families(ordered: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark what is kept inside each family; rows come by family, start and falling length."""
    family, _ = pd.factorize(ordered["family"])
    starts, ends = ordered["start"].to_numpy(), ordered["end"].to_numpy()
    # One number line for all families, so that a cluster of overlapping matches never crosses a family.
    shift = family * (int(ends.max()) + 1)
    reach = np.maximum.accumulate(ends + shift)
    cluster = np.concatenate([[0], np.cumsum(starts[1:] + shift[1:] >= reach[:-1])])
    keep = np.ones(len(ordered), dtype=bool)
    sizes = np.bincount(cluster)
    firsts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    for first, size in zip(firsts[sizes > 1], sizes[sizes > 1], strict=True):
        taken: list[tuple[int, int]] = []
        rows = range(first, first + size)
        for row in sorted(rows, key=lambda row: (starts[row] - ends[row], starts[row], row)):
            keep[row] = all(starts[row] >= end or ends[row] <= start for start, end in taken)
            if keep[row]:
                taken.append((starts[row], ends[row]))
    return keep


def _keep_across(ordered: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark what no longer (or protecting) match of another entry holds; rows come by start and falling length."""
    starts, ends = ordered["start"].to_numpy(), ordered["end"].to_numpy()
    protects = ordered["protects"].to_numpy()
    reach = np.maximum.accumulate(ends)
    keep = np.ones(len(ordered), dtype=bool)
    # A match can only be held by an earlier row that reaches as far: few rows have one, so a walk over these is cheap.
    for row in np.flatnonzero(ends[1:] <= reach[:-1]) + 1:
        before = row - 1
        while before >= 0 and reach[before] >= ends[row]:
            longer = ends[before] - starts[before] > ends[row] - starts[row]
            if ends[before] >= ends[row] and (longer or protects[before]):
                keep[row] = False
                break
            before -= 1
    return keep
