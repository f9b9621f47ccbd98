import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from toolkit.errors import ToolkitError
from toolkit.estimating.bootstrap import Resampling, estimate_ratios

RNG = np.random.default_rng(7)
WORDS = RNG.integers(80, 1500, 60).astype(float)[:, np.newaxis]
MENTIONS = RNG.poisson(RNG.gamma(1.0, 0.004, (60, 1)) * WORDS).astype(float)

tables = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 2000)), min_size=1, max_size=30).map(
    lambda rows: (np.array(rows, dtype=float)[:, :1], np.array(rows, dtype=float)[:, 1:])
)


def test_estimate_is_the_ratio_of_sums():
    assert estimate_ratios(np.array([[1.0], [3.0]]), np.array([[100.0], [300.0]]), Resampling(1), [])[0].tolist() == [0.01]


def test_two_articles_have_the_three_means_that_can_be_drawn():
    # Articles with 0 and 1: drawn anew, both are 0 (1/4), one is (1/2), none is (1/4); so the middle half reaches from 0 to 1.
    _, low, high = estimate_ratios(np.array([[0.0], [1.0]]), np.ones((2, 1)), Resampling(1, level=0.4), [])
    assert (low.tolist(), high.tolist()) == ([0.5], [0.5])
    _, low, high = estimate_ratios(np.array([[0.0], [1.0]]), np.ones((2, 1)), Resampling(1, level=0.6), [])
    assert (low.tolist(), high.tolist()) == ([0.0], [1.0])


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_interval_is_that_of_scipy(level):
    _, low, high = estimate_ratios(MENTIONS, WORDS, Resampling(1, level, 20_000), ["x"])
    theirs = stats.bootstrap(
        (MENTIONS[:, 0], WORDS[:, 0]),
        lambda mentions, words, axis: mentions.sum(axis=axis) / words.sum(axis=axis),
        paired=True,
        n_resamples=20_000,
        confidence_level=level,
        method="percentile",
        rng=np.random.default_rng(2),
    ).confidence_interval
    width = theirs.high - theirs.low
    # Two draws of 20,000 differ in a 2.5 % bound by 1 % of the width or so.
    assert abs(low[0] - theirs.low) < 0.04 * width and abs(high[0] - theirs.high) < 0.04 * width


def test_interval_holds_the_truth_about_as_often_as_it_says():
    # 40 articles with rates of their own (mean 4 in 1,000), 300 times. A percentile interval of 40 skewed values is known to hold the
    # truth somewhat less often than 95 %; far less, or always, would be a fault. Seeded, so the share is the same each time.
    generator, held = np.random.default_rng(20170208), 0
    for at in range(300):
        words = generator.integers(100, 1000, (40, 1)).astype(float)
        mentions = generator.poisson(generator.gamma(2.0, 0.002, (40, 1)) * words).astype(float)
        _, low, high = estimate_ratios(mentions, words, Resampling(at, n_resamples=400), ["x"])
        held += int(low[0] <= 0.004 <= high[0])
    assert 0.90 <= held / 300 <= 0.97


@given(tables, st.integers(0, 9))
def test_bounds_enclose_the_estimate(table, seed):
    estimate, low, high = estimate_ratios(*table, Resampling(seed, n_resamples=100), ["x"])
    assert low[0] <= estimate[0] <= high[0]
    assert 0 <= low[0] and high[0] <= (table[0] / table[1]).max() * (1 + 1e-12)


@given(tables, st.integers(2, 9))
def test_bounds_scale_with_the_counts(table, factor):
    tops, bottoms = table
    once = np.array(estimate_ratios(tops, bottoms, Resampling(1, n_resamples=100), ["x"]))
    more = np.array(estimate_ratios(tops * factor, bottoms, Resampling(1, n_resamples=100), ["x"]))
    np.testing.assert_allclose(more, once * factor, rtol=1e-12)


@given(tables)
def test_an_entry_has_the_same_interval_whichever_stand_beside_it(table):
    tops, bottoms = table
    alone = estimate_ratios(tops, bottoms, Resampling(3, n_resamples=100), ["x"])
    beside = estimate_ratios(np.hstack([tops[::-1], tops]), np.hstack([bottoms[::-1], bottoms]), Resampling(3, n_resamples=100), ["x"])
    assert [values[0] for values in alone] == [values[1] for values in beside]


def test_blocks_of_resamples_change_nothing(monkeypatch):
    expected = [values.tolist() for values in estimate_ratios(MENTIONS, WORDS, Resampling(1), ["x"])]
    monkeypatch.setattr("toolkit.estimating.bootstrap._CELLS", 60 * 7)
    assert [values.tolist() for values in estimate_ratios(MENTIONS, WORDS, Resampling(1), ["x"])] == expected


def test_groups_are_resampled_apart():
    first, second = (estimate_ratios(MENTIONS, WORDS, Resampling(1), [name])[1][0] for name in "xy")
    assert first != second


def test_no_article_gives_no_estimate():
    assert np.isnan(estimate_ratios(np.empty((0, 2)), np.empty((0, 2)), Resampling(1), [])).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"level": 1.0}, "level=1.0: not between 0 and 1. Allowed: a share such as 0.95."),
        ({"level": 0.0}, "level=0.0: not between 0 and 1. Allowed: a share such as 0.95."),
        ({"n_resamples": 99}, "n_resamples=99: too few for an interval. Allowed: 100 or more; 2000 is usual."),
        ({"seed": -1}, "seed=-1: below 0. Allowed: whole numbers from 0. Give another seed."),
    ],
)
def test_what_no_interval_can_be_made_with_is_refused(given, message):
    with pytest.raises(ToolkitError) as fault:
        Resampling(**({"seed": 1} | given))
    assert str(fault.value) == message
