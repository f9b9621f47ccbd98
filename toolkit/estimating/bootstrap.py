"""Intervals by resampling whole articles, copies of one story together."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from toolkit.errors import ToolkitError

MIN_ARTICLES = 5
"""Below this many articles no interval is given: five values resampled tell more of themselves than of the outlet (our choice)."""
_CELLS = 500_000
"""Resampled counts held at a time: they stay in the processor's cache."""

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Resampling:
    """How intervals are made: the seed, the confidence level, the number of resamples."""

    seed: int
    level: float = 0.95
    n_resamples: int = 2000

    def __post_init__(self) -> None:
        """Refuse what no interval can be made with."""
        if self.seed < 0:
            raise ToolkitError(f"seed={self.seed}: below 0. Allowed: whole numbers from 0. Give another seed.")
        if not 0 < self.level < 1:
            raise ToolkitError(f"level={self.level}: not between 0 and 1. Allowed: a share such as 0.95.")
        if self.n_resamples < 100:
            raise ToolkitError(f"n_resamples={self.n_resamples}: too few for an interval. Allowed: 100 or more; 2000 is usual.")


def estimate_ratios(tops: Floats, bottoms: Floats, resampling: Resampling, group: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    """Estimate ratios of sums, with percentile intervals from resampled stories.

    All entries of a group share the resamples. Percentile, not BCa: for rates of rare words the jackknife acceleration rests on the one
    or two articles that hold them. A percentile may fall beside the estimate where few values are possible; the interval is then
    stretched to hold it.

    Args:
        tops: Numerators, shape (stories, entries), in an order that does not depend on how files were read: an article, or the sum of
            all that tell one story. Shape (factors, stories, entries): the sums of the factors are multiplied.
        bottoms: Denominators, likewise; where all that a resample drew are 0, it does not count.
        resampling: Seed, level and number of resamples.
        group: The group's values: they go into the seed, so that a group's interval does not depend on which others are estimated.

    Returns:
        Estimates, lower and upper bounds, one per entry; NaN where there is no story.

    Source: Efron & Tibshirani 1993, ch. 13 (percentile interval), clusters resampled whole as in Davison & Hinkley 1997, §3.8.

    Example:
        >>> tops, bottoms = np.array([[1.0], [3.0]]), np.array([[100.0], [100.0]])
        >>> [values.round(3).tolist() for values in estimate_ratios(tops, bottoms, Resampling(seed=1), ["tass.com"])]
        [[0.02], [0.01], [0.03]]
    """
    n_stories, n_entries = tops.shape[-2:]
    if n_stories == 0:
        nothing = np.full(n_entries, np.nan)
        return nothing, nothing, nothing
    tops, bottoms = (values.reshape(-1, n_stories, n_entries) for values in (tops, bottoms))
    with np.errstate(invalid="ignore"):
        estimates = tops.sum(axis=1).prod(axis=0) / bottoms.sum(axis=1).prod(axis=0)
    drawn = _draw_stories(resampling, tuple(group), n_stories)
    over, under = ([_find_columns(values) for values in factors] for factors in (tops, bottoms))
    ratios = np.empty((resampling.n_resamples, n_entries))
    step = max(1, _CELLS // n_stories)
    for first in range(0, resampling.n_resamples, step):
        draws = drawn[first : first + step].astype(np.float64)  # sums of whole numbers are exact: the order of adding changes no bit
        with np.errstate(invalid="ignore"):
            some = [np.prod([(draws @ values)[:, places] for values, places in factors], axis=0) for factors in (over, under)]
            ratios[first : first + step] = some[0] / some[1]
    ratios[:, np.isnan(estimates)] = 0.0
    tail = (1 - resampling.level) / 2
    low, high = (np.nanquantile if np.isnan(ratios).any() else np.quantile)(ratios, [tail, 1 - tail], axis=0)
    return estimates, np.minimum(low, estimates), np.maximum(high, estimates)


def _find_columns(values: Floats) -> tuple[Floats, list[int]]:
    """Find the different columns of an array, and which of them each column is: the pairs of an actor share its sentences."""
    places: dict[bytes, int] = {}
    of = [places.setdefault(values[:, column].tobytes(), len(places)) for column in range(values.shape[1])]
    return np.ascontiguousarray(values[:, [of.index(place) for place in range(len(places))]]), of


@lru_cache(maxsize=64)  # the rates, shares and pairs of a page have the same groups
def _draw_stories(resampling: Resampling, group: tuple[str, ...], n_stories: int) -> np.ndarray:
    """Draw stories with replacement: how often each was drawn, a row per resample. All quantities of a group share the draws."""
    key = hashlib.sha256("\x1f".join(group).encode()).digest()[:8]
    generator = np.random.default_rng([resampling.seed, int.from_bytes(key, "big")])
    counts = np.empty((resampling.n_resamples, n_stories), dtype=np.uint8)
    step = max(1, _CELLS // n_stories)
    for first in range(0, resampling.n_resamples, step):
        n = min(step, resampling.n_resamples - first)
        drawn = generator.integers(0, n_stories, size=(n, n_stories), dtype=np.int32) + np.arange(n, dtype=np.int64)[:, None] * n_stories
        counts[first : first + n] = np.bincount(drawn.ravel(), minlength=n * n_stories).reshape(n, n_stories)
    return counts
