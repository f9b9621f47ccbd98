"""Intervals by resampling whole articles."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.errors import ToolkitError

MIN_ARTICLES = 5
"""Below this many articles no interval is given: five values resampled tell more of themselves than of the outlet (our choice)."""

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Resampling:
    """How intervals are made: the seed, the confidence level, the number of resamples."""

    seed: int
    level: float = 0.95
    n_resamples: int = 2000

    def __post_init__(self) -> None:
        """Refuse what no interval can be made with."""
        if not 0 < self.level < 1:
            raise ToolkitError(f"level={self.level}: not between 0 and 1. Allowed: a share such as 0.95.")
        if self.n_resamples < 100:
            raise ToolkitError(f"n_resamples={self.n_resamples}: too few for an interval. Allowed: 100 or more; 2000 is usual.")


def estimate_ratios(tops: Floats, bottoms: Floats, resampling: Resampling, group: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    """Estimate ratios of sums, with percentile intervals from resampled articles.

    Percentile, not BCa: for rates of rare words the jackknife acceleration rests on the one or two articles that hold them.

    Args:
        tops: Numerators, shape (articles, entries), in an order that does not depend on how files were read.
        bottoms: Denominators, the same shape.
        resampling: Seed, level and number of resamples.
        group: The group's values: they go into the seed, so that a group's interval does not depend on which others are estimated.

    Returns:
        Estimates, lower and upper bounds, one per entry; NaN where the denominators sum to 0.

    Source: Efron & Tibshirani 1993, ch. 13 (percentile interval), clusters resampled as in Davison & Hinkley 1997, §3.8.

    Example:
        >>> tops, bottoms = np.array([[1.0], [3.0]]), np.array([[100.0], [100.0]])
        >>> [values.round(3).tolist() for values in estimate_ratios(tops, bottoms, Resampling(seed=1), ["tass.com"])]
        [[0.02], [0.01], [0.03]]
    """
    key = hashlib.sha256("\x1f".join(group).encode()).digest()[:8]
    generator = np.random.default_rng([resampling.seed, int.from_bytes(key, "big")])
    n_articles = len(tops)
    with np.errstate(invalid="ignore", divide="ignore"):
        estimates = tops.sum(axis=0) / bottoms.sum(axis=0)
        if n_articles == 0:
            return estimates, estimates, estimates
        draws = generator.multinomial(n_articles, np.full(n_articles, 1 / n_articles), size=resampling.n_resamples).astype(
            np.float64
        )
        ratios = (draws @ tops) / (draws @ bottoms)
    tail = 100 * (1 - resampling.level) / 2
    drawn = np.isfinite(ratios).any(axis=0)
    bounds = np.full((2, tops.shape[1]), np.nan)
    bounds[:, drawn] = np.nanpercentile(ratios[:, drawn], [tail, 100 - tail], axis=0)
    # A percentile of few distinct values can fall beside the estimate by an interpolation; the interval holds its estimate.
    return estimates, np.fmin(bounds[0], estimates), np.fmax(bounds[1], estimates)
