import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.proportion import proportion_confint

from toolkit.errors import ToolkitError
from toolkit.tables import check_table

from .world import estimate, make_counts, make_pairs

SEVEN = [(0, 100), (1, 200), (2, 300), (0, 400), (3, 500), (1, 600), (0, 900)]

counted = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 900)), min_size=1, max_size=12)
outlets = st.sampled_from(["x.com", "y.com", None])


@st.composite
def tables(draw):
    """Counts of several entries, in outlets and weeks, some unknown."""
    rows = draw(counted)
    columns = {
        "outlet": [draw(outlets) for _ in rows],
        "published": [draw(st.sampled_from(["2017-02-08", "2017-02-20", None])) for _ in rows],
    }
    parts = [make_counts(rows, **columns).assign(entry="war")]
    for entry in ("arms", "peace"):
        parts.append(make_counts([(draw(st.integers(0, 3)), words) for _, words in rows], **columns).assign(entry=entry))
    return pd.concat(parts).sort_values("article_id", kind="stable", ignore_index=True)


def score_bounds(rate, spread, quantile):
    """Rates whose distance from the estimate is the quantile times their standard error, whose square is rate times spread."""
    misfit = lambda true: (rate - true) ** 2 - quantile**2 * true * spread  # noqa: E731
    return optimize.brentq(misfit, 1e-9, rate), optimize.brentq(misfit, rate, 1000)


def test_rate_by_finger():
    (row,) = estimate("rates", make_counts(SEVEN), by="outlet").to_dict("records")
    assert (row["outlet"], row["entry"]) == ("x.com", "war")
    assert row["estimate"] == pytest.approx(7 / 3000 * 1000)
    assert (row["n_mentions"], row["n_articles"], row["n_words"], row["note"]) == (7, 7, 3000, "")
    # The slow way. Leaving out one article at a time gives the variance, `effect` times that of a Poisson count. A rate is in the interval
    # when the estimate is not too far from it, in standard errors of that rate. Four articles have it: three degrees of freedom.
    one_out = [(7 - n) / (3000 - words) * 1000 for n, words in SEVEN]
    effect = 6 / 7 * sum((rate - 7 / 3) ** 2 for rate in one_out) / (7 / 3 / 3)
    assert score_bounds(7 / 3, effect / 3, stats.t.ppf(0.975, 3)) == pytest.approx((row["low"], row["high"]), rel=0.03)


def test_share_by_finger():
    (row,) = estimate("shares", make_counts(SEVEN), by=[]).to_dict("records")
    assert row["estimate"] == pytest.approx(4 / 7)
    assert [row["low"], row["high"]] == pytest.approx(proportion_confint(4, 7, method="wilson"))


def test_pairs_by_finger():
    pairs = make_pairs([(1, 2), (0, 1), (2, 2), (0, 0), (0, 3), (1, 4)])
    (row,) = estimate("pairs", pairs).to_dict("records")
    assert row["estimate"] == pytest.approx(4 / 12)
    assert (row["actor"], row["n_mentions"], row["n_articles"]) == ("UKR", 4, 5)  # one article does not mention the actor


def test_actor_without_a_mention_keeps_its_row():
    pairs = pd.concat([make_pairs([(1, 2)] * 3, actor="UKR"), make_pairs([(0, 0)] * 3, actor="RUS")], ignore_index=True)
    rows = estimate("pairs", pairs)
    assert rows["actor"].tolist() == ["UKR", "RUS"]
    assert rows["note"].tolist() == ["fewer than 5 articles: no interval", "nothing to divide by: no estimate"]
    assert rows["estimate"].isna().tolist() == [False, True]


def test_too_few_articles_have_no_interval():
    (row,) = estimate("rates", make_counts(SEVEN[:4]), by="outlet").to_dict("records")
    assert np.isnan([row["low"], row["high"]]).all() and row["estimate"] == 3.0
    assert row["note"] == "fewer than 5 articles: no interval"


def test_no_mention_has_an_upper_bound_from_the_spread_of_the_others():
    rows = [(0, 200)] * 5 + [(0, 200)] * 12 + [(4, 200)] * 4
    rates = estimate("rates", make_counts(rows, outlet=["a.com"] * 5 + ["b.com"] * 16), by="outlet").set_index("outlet")
    effect = 16 / 15 * sum((n - 1) ** 2 for n, _ in rows[5:]) / 16  # of b.com, where the mean is one
    assert rates.loc["a.com", ["estimate", "low", "high"]].tolist() == pytest.approx([0, 0, stats.t.ppf(0.975, 3) ** 2 * effect])
    assert rates["note"].tolist() == ["none seen: an upper bound", ""]


def test_a_rate_of_which_nothing_is_known_has_no_interval():
    (row,) = estimate("rates", make_counts([(0, 200)] * 5), by="outlet").to_dict("records")
    assert row["estimate"] == 0 and np.isnan([row["low"], row["high"]]).all()
    assert row["note"] == "fewer than 3 stories tell how much it varies: no interval"


def test_share_of_none_or_all_has_the_bounds_of_wilson():
    for n_mentions, k, note in [(0, 0, "none seen: an upper bound"), (2, 8, "all seen: a lower bound")]:
        (row,) = estimate("shares", make_counts([(n_mentions, 100)] * 8), level=0.9, by="outlet").to_dict("records")
        assert [row["low"], row["high"]] == pytest.approx(proportion_confint(k, 8, 0.1, method="wilson"))
        assert row["note"] == note


def test_pairs_of_none_or_all_take_articles_as_trials():
    for both, k in [(0, 0), (3, 6)]:
        (row,) = estimate("pairs", make_pairs([(both, 3)] * 6)).to_dict("records")
        assert [row["low"], row["high"]] == pytest.approx(proportion_confint(k, 6, method="wilson"))


def test_the_same_rate_in_every_article_has_no_interval():
    (row,) = estimate("rates", make_counts([(1, 100), (2, 200), (3, 300), (1, 100), (1, 100)]), by="outlet").to_dict("records")
    assert row["estimate"] == pytest.approx(10.0) and np.isnan([row["low"], row["high"]]).all()
    assert row["note"] == "the same in every article: no interval"


def test_unknown_outlets_and_days_are_a_group():
    counts = make_counts(SEVEN, outlet=["x.com"] * 4 + [None] * 3, published=[None] + ["2017-02-08"] * 6)
    assert estimate("rates", counts, by="outlet")["outlet"].tolist() == ["unknown", "x.com"]
    assert estimate("rates", counts, by=["day"])["day"].tolist() == ["2017-02-08", "unknown"]
    assert estimate("rates", counts, by=["week", "outlet"])[["week", "outlet"]].to_numpy().tolist() == [
        ["2017-02-06", "unknown"],
        ["2017-02-06", "x.com"],
        ["unknown", "x.com"],
    ]


@pytest.mark.parametrize(("by", "name"), [("day", "2017-02-08"), ("week", "2017-02-06"), ("month", "2017-02"), ("year", "2017")])
def test_periods_are_named_so_that_they_sort(by, name):
    assert estimate("rates", make_counts(SEVEN), by=[by])[by].tolist() == [name]


@settings(max_examples=20, deadline=None)
@given(tables(), st.randoms())
def test_order_of_articles_changes_nothing(counts, random):
    ids = sorted(set(counts["article_id"]))
    random.shuffle(ids)
    mixed = pd.concat([counts[counts["article_id"] == id] for id in ids])
    for by in (["outlet"], ["week", "outlet"], []):
        expected = estimate("rates", counts, by=by)
        pd.testing.assert_frame_equal(estimate("rates", mixed, by=by), expected)
        assert estimate("rates", mixed, by=by).to_csv() == expected.to_csv()


@settings(max_examples=20, deadline=None)
@given(tables())
def test_intervals_do_not_depend_on_other_entries_nor_estimates_on_other_groups(counts):
    whole = estimate("rates", counts, by="outlet")
    for entry in ("war", "peace"):
        expected = whole[whole["entry"] == entry].reset_index(drop=True)
        pd.testing.assert_frame_equal(estimate("rates", counts[counts["entry"] == entry], by="outlet"), expected)
    known = counts["outlet"].fillna("unknown")
    for outlet in set(known):
        alone = estimate("rates", counts[known == outlet], by="outlet")
        assert alone["estimate"].tolist() == whole.loc[whole["outlet"] == outlet, "estimate"].tolist()


@settings(max_examples=20, deadline=None)
@given(tables(), st.sampled_from(["rates", "shares"]), st.sampled_from([[], ["outlet"], ["month"]]))
def test_estimates_keep_their_promise(counts, kind, by):
    estimates = check_table(estimate(kind, counts, by=by), "Estimates")
    bounded = estimates[estimates["low"].notna()]
    assert ((bounded["low"] <= bounded["estimate"]) & (bounded["estimate"] <= bounded["high"])).all()
    assert (estimates.loc[estimates["low"].isna(), "note"] != "").all()
    assert estimates["n_mentions"].sum() == counts["n_mentions"].sum()
    assert estimates["entry"].drop_duplicates().tolist() == ["war", "arms", "peace"]


@given(counted)
def test_rates_of_all_parts_weighted_by_their_words_are_the_rate_of_the_whole(rows):
    counts = make_counts(rows, outlet=["x.com", "y.com"] * (len(rows) // 2) + ["x.com"] * (len(rows) % 2))
    parts = estimate("rates", counts, by="outlet")
    (whole,) = estimate("rates", counts, by=[])["estimate"]
    assert (parts["estimate"] * parts["n_words"]).sum() / parts["n_words"].sum() == pytest.approx(whole)


def test_no_counts_give_an_empty_table_with_its_columns():
    assert estimate("rates", make_counts([]), by=["outlet", "week"]).columns[:3].tolist() == ["outlet", "week", "entry"]
    assert estimate("pairs", make_pairs([])).columns[:2].tolist() == ["actor", "entry"]


def test_unknown_grouping_is_refused():
    for kind, table in [("rates", make_counts(SEVEN)), ("shares", make_counts(SEVEN)), ("pairs", make_pairs([]))]:
        with pytest.raises(ToolkitError, match=r"by='outlets' is not a grouping\. .*outlet"):
            estimate(kind, table, by=["outlets"])


COPIED = [(0, 100), (3, 500), (3, 520), (1, 200), (2, 300), (0, 400), (1, 600), (3, 480), (0, 900)]
STORIES = ["s0", "s1", "s1", "s3", "s4", "s5", "s6", "s1", "s8"]


def test_copies_count_as_articles_and_vary_as_one():
    (row,) = estimate("rates", make_counts(COPIED, story=STORIES), by="outlet").to_dict("records")
    assert row["estimate"] == pytest.approx(13 / 4000 * 1000) and (row["n_articles"], row["n_words"], row["note"]) == (9, 4000, "")
    summed = [(0, 100), (9, 1500), (1, 200), (2, 300), (0, 400), (1, 600), (0, 900)]
    (as_one,) = estimate("rates", make_counts(summed), by="outlet").to_dict("records")
    assert (row["low"], row["high"]) == (as_one["low"], as_one["high"])
    (alone,) = estimate("rates", make_counts(COPIED), by="outlet").to_dict("records")
    assert row["high"] - row["low"] > 1.1 * (alone["high"] - alone["low"])


def test_copy_elsewhere_changes_no_interval():
    counts = make_counts(SEVEN, story=["zz", *(f"a{at:04}" for at in range(1, 7))])
    pd.testing.assert_frame_equal(estimate("rates", counts, by="outlet"), estimate("rates", make_counts(SEVEN), by="outlet"))


def test_many_copies_of_few_stories_have_no_interval():
    (row,) = estimate("rates", make_counts(COPIED, story=["s0", *STORIES[1:3], "s1", "s4", "s4", "s4", "s1", "s8"]), by="outlet").to_dict(
        "records"
    )
    assert np.isnan(row["low"]) and row["note"] == "fewer than 5 stories: no interval" and row["n_articles"] == 9


def test_copies_of_what_none_has_weigh_as_one_trial_each_by_their_number():
    stories = ["a", "b", "c", "d", "e", "e", "e"]
    (share,) = estimate("shares", make_counts([(0, 9)] * 7, story=stories), by="outlet")["high"]
    assert share == pytest.approx(proportion_confint(0, 7 * 7 / (4 + 9), method="wilson")[1])  # Kish's effective number
