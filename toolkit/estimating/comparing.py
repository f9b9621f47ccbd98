"""Groups beside one another, all at once: whether they differ at all, and each from the others and from each other."""

from collections.abc import Hashable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from toolkit.errors import ToolkitError
from toolkit.estimating.estimates import Estimates, Measure, order_columns
from toolkit.tables import check_record

OTHERS = "the others"
COUNTS = ("n_mentions", "n_articles", "n_words")


def compare_groups(estimates: Estimates, *, ratio: bool = True) -> Estimates:
    """Compare the numbers of all groups: each with the mean of the others, and each with every other one.

    Of 36 pairs, two differ by chance at the 5% level. Therefore the p-values of the pairs, and those of the groups compared with the mean
    of the others, are adjusted, and one test asks first whether there is any difference. Groups may also differ in their mix: for numbers
    at a fixed mix (`over=`) or corrected numbers, the ratio of the raw numbers is given as well.

    Args:
        estimates: Estimates for independent groups in one column: outlets, or periods.
        ratio: Ratios; False for differences, in the unit of the numbers.

    Returns:
        One number per entry and pair of groups (`against`): first each group compared with the unweighted mean of the others, then all
        pairs; `p` is adjusted. The first row of an entry tests whether all groups are equal. Groups without an interval are left out.

    Raises:
        ToolkitError: When there is not exactly one grouping, or no entry has two groups with an interval.

    Source: margins of differences by their squares, of ratios on the log scale (Zou & Donner 2008); Holm 1979; Cochran's Q on the scale of
        square roots (Hedges & Olkin 1985, ch. 6), both by statsmodels.

    Example:
        >>> from toolkit import estimate_shares, find_mentions, read_corpus
        >>> compare_groups(estimate_shares(find_mentions(read_corpus("ukraine-korea"), "actors", "UKR")))
        Traceback (most recent call last):
        ...
        toolkit.errors.ToolkitError: compare_groups: no entry has two groups with an interval. Widen the outlets or dates.
    """
    from scipy import stats
    from statsmodels.stats.meta_analysis import combine_effects
    from statsmodels.stats.multitest import multipletests

    check_record(estimates, Estimates, "compare_groups")
    if len(estimates.groups) != 1:
        raise ToolkitError(f"compare_groups: numbers are by {estimates.groups or 'nothing'}. Estimate them by one, such as by='outlet'.")
    (by,), made, z = estimates.groups, list[pd.DataFrame](), stats.norm.ppf((1 + estimates.level) / 2)
    sure = estimates.table[estimates.table["low"].notna() & ~estimates.is_mixed]
    sure = sure[sure.groupby("entry")["entry"].transform("size") > 1]
    if sure.empty:
        raise ToolkitError("compare_groups: no entry has two groups with an interval. Widen the outlets or dates.")
    for _, own in sure.groupby("entry", sort=False):
        values, n = own.reindex(columns=["estimate", "low", "high", "raw"]).to_numpy(), len(own)
        pairs = [(at, OTHERS, _average(np.delete(values, at, axis=0))) for at in range(n)]
        pairs += [(one, own[by].iloc[two], values[two]) for one, two in combinations(range(n), 2)]
        found = np.array([_compare(values[at], other, ratio=ratio, z=z) for at, _, other in pairs])
        p = np.concatenate([multipletests(some, method="holm")[1] for some in (found[:n, 4], found[n:, 4]) if len(some)])
        rows = own.iloc[[at for at, *_ in pairs]].assign(against=[who for _, who, _ in pairs], p=p, note="")
        rows = rows.assign(**dict(zip(("estimate", "low", "high", "raw"), found.T, strict=False)))
        root = np.sqrt(values[:, :3])
        alike = combine_effects(root[:, 0], ((root[:, 2] - root[:, 1]) / (2 * z)) ** 2).test_homogeneity().pvalue
        counts, numbers = (dict.fromkeys(names, value) for names, value in ((COUNTS, 0), (("estimate", "low", "high", "raw"), np.nan)))
        made += [rows.head(1).assign(against="each other", p=alike, note="whether all are alike", **{by: "all"}, **counts, **numbers), rows]
    columns = [by, "against", *(column for column in estimates.table.columns if column != by), "p"]
    unit = f"times the {estimates.measure.unit} of the others" if ratio else f"{estimates.measure.unit} more than the others"
    measure = Measure("compared", unit, estimates.measure.counted, part=False)
    return replace(estimates, table=order_columns(pd.concat(made)[columns]), measure=measure)


def compare_pair(table: pd.DataFrame, one: Hashable, other: Hashable, *, level: float) -> tuple[float, float, float]:
    """The ratio of the numbers of two groups, which are the index of a table of Estimates, with its bounds."""
    from scipy import stats

    values = table.loc[[one, other], ["estimate", "low", "high", "estimate"]].to_numpy(dtype=np.float64)
    ratio, low, high, *_ = _compare(values[0], values[1], ratio=True, z=stats.norm.ppf((1 + level) / 2))
    return float(ratio), float(low), float(high)


def _average(values: np.ndarray) -> np.ndarray:
    """The mean of independent numbers, with its bounds; and of the raw ones."""
    mean = values.mean(axis=0)
    below, above = np.sqrt(((values[:, 1:3] - values[:, :1]) ** 2).sum(axis=0)) / len(values)
    return np.array([mean[0], mean[0] - below, mean[0] + above, mean[3]])


def _compare(one: np.ndarray, other: np.ndarray, *, ratio: bool, z: float) -> np.ndarray:
    """Compare two independent numbers with their bounds: estimate, low, high, the same of the raw ones, p."""
    from scipy import stats

    gap, low, high = _subtract(one, other)
    p = 2 * stats.norm.sf(z * abs(gap) / (gap - low if gap > 0 else high - gap))
    if not ratio:
        return np.array([gap, low, high, one[3] - other[3], p])
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = np.log(one), np.log(np.maximum(other, 0))
        found = np.exp([*_subtract(one, other), one[3] - other[3]])
    return np.append(np.where(np.isfinite(found), found, np.nan), p)


def _subtract(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float]:
    """A difference of independent numbers, with its bounds."""
    gap = one[0] - other[0]
    return gap, gap - np.hypot(one[0] - one[1], other[2] - other[0]), gap + np.hypot(one[2] - one[0], other[0] - other[1])
