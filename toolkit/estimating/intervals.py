"""Score intervals for ratios of sums over stories, with correct coverage also in small groups."""

from typing import NamedTuple

import numpy as np

from toolkit.counting.counts import Floats
from toolkit.errors import ToolkitError
from toolkit.tables import read_limits

MIN_ARTICLES, MIN_WITH, _SHARED = read_limits("intervals", "estimating")


class Sums(NamedTuple):
    """Sums over the stories of a group, one per entry.

    Attributes:
        top: What is divided.
        bottom: By what.
        variance: Variance of `top - ratio · bottom`, by jackknife over stories.
        most: The design effect if all units of a story were alike, which is the most that a share can have; without limit for rates.
        n_with: Stories that tell how unevenly it is spread: those with some, and of a share at most as many as are without some.
    """

    top: Floats
    bottom: Floats
    variance: Floats
    most: Floats
    n_with: Floats


def check_level(level: float) -> float:
    """Check a confidence level.

    Raises:
        ToolkitError: When it is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ToolkitError(f"level={level}: not between 0 and 1. Allowed: a share such as 0.95.")
    return level


def sum_up(tops: Floats, bottoms: Floats, *, share: bool) -> Sums:
    """Sum stories up, with the variance of their ratio by the jackknife.

    Args:
        tops: Numerators, shape (stories, entries): a story is the sum of all articles that tell it.
        bottoms: Denominators, likewise.
        share: Whether the top is a part of the bottom.

    Source: Cochran 1977, §6.4 (linearised ratio), each residual divided by one less its leverage as in Davison & Hinkley 1997, §2.7.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        top, bottom, n = _add(tops), _add(bottoms), _add(bottoms > 0)
        left = (tops - np.nan_to_num(top / bottom) * bottoms) / np.maximum(1 - np.nan_to_num(bottoms / bottom), 0.1)
        most = np.nan_to_num(_add(bottoms**2) / bottom) if share else np.full_like(top, np.inf)
    n_with = np.minimum(_add(tops > 0), _add(tops < bottoms)) if share else _add(tops > 0)
    return Sums(top, bottom, np.maximum(n - 1, 0) / np.maximum(n, 1) * _add(left**2), most, n_with)


def bound_ratios(sums: Sums, level: float, *, share: bool) -> tuple[Floats, Floats]:
    """Compute score intervals for ratios of sums, with a design effect that is pooled over the groups of a corpus.

    Args:
        sums: Shape (groups, entries): the groups among which the spread is shared are in the first dimension.
        level: Confidence level.
        share: Whether ratios are shares, from 0 to 1. Where no spread can be known, each story of them is taken as one trial.

    Returns:
        Lower and upper bounds; NaN where there is nothing to make them of.

    Source: Wilson 1927, eq. 4, with an effective number of trials as in Korn & Graubard 1998; for rates its limit for small shares (Rao &
        Scott 1992 for clusters). Chosen by simulation: tests/validity/simulate_intervals.py.

    Example:
        >>> stories = sum_up(np.array([[0.0], [1.0], [0.0], [1.0], [0.0]]), np.ones((5, 1)), share=True)
        >>> low, high = bound_ratios(Sums(*(values[None] for values in stories)), 0.95, share=True)  # Wilson's interval of 2 in 5
        >>> low.round(3).tolist(), high.round(3).tolist()
        ([[0.118]], [[0.769]])
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return bound_scores(sums.top / sums.bottom, find_spread(sums, level, share=share), share=share)


def find_spread(sums: Sums, level: float, *, share: bool) -> Floats:
    """Find the squared margin: the squared quantile, times the design effect, divided by the denominator.

    A count of clustered words varies more than a Poisson count, a share more than a binomial one, by a factor: the design effect. A group
    of a few stories cannot tell its own, and where nothing was seen it has none; so the effect of all groups together weighs as much as ten
    stories beside those of the group. The t quantile has one degree of freedom less than the corpus has stories with the entry.
    """
    from scipy import stats

    z, df = stats.norm.ppf((1 + level) / 2), sums.n_with.sum(axis=0) - 1
    t = np.where(df + 1 < MIN_WITH, np.inf, stats.t.ppf((1 + level) / 2, np.maximum(df, 1)))
    with np.errstate(invalid="ignore", divide="ignore"):
        base = sums.top * (1 - sums.top / sums.bottom) if share else sums.top  # the variance if units were independent
        pooled = sums.variance.sum(axis=0) / np.nansum(base, axis=0)
        effect = (sums.n_with * np.nan_to_num(sums.variance / base) + _SHARED * pooled) / (sums.n_with + _SHARED)
        spread = np.fmin(t**2 * effect, z**2 * sums.most) / sums.bottom
    return np.where(np.isfinite(spread) & ~(effect <= 1e-12), spread, np.nan)


def bound_scores(ratio: Floats, spread: Floats, *, share: bool) -> tuple[Floats, Floats]:
    """All ratios that are compatible with the estimate; the variance is that of the tested ratio, not of the estimate."""
    middle, root = ratio + spread / 2, np.sqrt(spread * (ratio * (1 - ratio) if share else ratio) + spread**2 / 4)
    size = 1 + spread if share else 1
    return np.clip((middle - root) / size, 0, ratio), np.clip((middle + root) / size, ratio, 1 if share else np.inf)


def _add(values: np.ndarray) -> Floats:
    """Sum over stories, so that what is next to a column changes no bit of its sum."""
    return np.asarray(np.ascontiguousarray(values.T, dtype=np.float64).sum(axis=1))
