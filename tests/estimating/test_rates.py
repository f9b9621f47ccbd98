import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

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


def test_rate_by_finger():
    (row,) = estimate("rates", make_counts(SEVEN), seed=1, by="outlet").to_dict("records")
    assert (row["outlet"], row["entry"]) == ("x.com", "war")
    assert row["estimate"] == pytest.approx(7 / 3000 * 1000)
    assert (row["n_mentions"], row["n_articles"], row["n_words"], row["note"]) == (7, 7, 3000, "")
    assert 0 <= row["low"] < row["estimate"] < row["high"] <= 1000 * 2 / 300


def test_share_by_finger():
    (row,) = estimate("shares", make_counts(SEVEN), by=[], seed=1).to_dict("records")
    assert row["estimate"] == pytest.approx(4 / 7)
    # Means of seven draws of 0 or 1: the bounds are sevenths, those of the binomial distribution with p = 4/7.
    assert [row["low"], row["high"]] == pytest.approx([stats.binom.ppf(p, 7, 4 / 7) / 7 for p in (0.025, 0.975)], abs=0.01)


def test_pairs_by_finger():
    pairs = make_pairs([(1, 2), (0, 1), (2, 2), (0, 0), (0, 3), (1, 4)])
    (row,) = estimate("pairs", pairs, seed=1).to_dict("records")
    assert row["estimate"] == pytest.approx(4 / 12)
    assert (row["actor"], row["n_mentions"], row["n_articles"]) == ("UKR", 4, 5)  # one article does not mention the actor


def test_actor_without_a_mention_keeps_its_row():
    pairs = pd.concat([make_pairs([(1, 2)] * 3, actor="UKR"), make_pairs([(0, 0)] * 3, actor="RUS")], ignore_index=True)
    rows = estimate("pairs", pairs, seed=1)
    assert rows["actor"].tolist() == ["UKR", "RUS"]
    assert rows["note"].tolist() == ["fewer than 5 articles: no interval", "nothing to divide by: no estimate"]
    assert rows["estimate"].isna().tolist() == [False, True]


def test_too_few_articles_have_no_interval():
    (row,) = estimate("rates", make_counts(SEVEN[:4]), seed=1, by="outlet").to_dict("records")
    assert np.isnan([row["low"], row["high"]]).all() and row["estimate"] == 3.0
    assert row["note"] == "fewer than 5 articles: no interval"


def test_no_mention_has_an_exact_poisson_bound():
    (row,) = estimate("rates", make_counts([(0, 200)] * 5), seed=1, by="outlet").to_dict("records")
    # The mean at which nothing is seen with a chance of 2.5 %: exp(-mean) = 0.025.
    assert [row["estimate"], row["low"], row["high"]] == pytest.approx([0, 0, -np.log(0.025)])
    assert row["note"] == "none seen: exact upper bound (Poisson)"


def test_share_of_none_or_all_has_the_bounds_of_clopper_and_pearson():
    for n_mentions, k, note in [(0, 0, "none seen: exact upper bound"), (2, 8, "all seen: exact lower bound")]:
        (row,) = estimate("shares", make_counts([(n_mentions, 100)] * 8), seed=1, level=0.9, by="outlet").to_dict("records")
        exact = stats.binomtest(k, 8).proportion_ci(0.9, method="exact")
        assert [row["low"], row["high"]] == pytest.approx([exact.low, exact.high])
        assert row["note"] == f"{note} (Clopper-Pearson)"


def test_pairs_of_none_or_all_take_articles_as_trials():
    for both, k in [(0, 0), (3, 6)]:
        (row,) = estimate("pairs", make_pairs([(both, 3)] * 6), seed=1).to_dict("records")
        exact = stats.binomtest(k, 6).proportion_ci(0.95, method="exact")
        assert [row["low"], row["high"]] == pytest.approx([exact.low, exact.high])


def test_the_same_rate_in_every_article_has_no_interval():
    (row,) = estimate("rates", make_counts([(1, 100), (2, 200), (3, 300), (1, 100), (1, 100)]), seed=1, by="outlet").to_dict("records")
    assert row["estimate"] == pytest.approx(10.0) and np.isnan([row["low"], row["high"]]).all()
    assert row["note"] == "the same in every article: no interval"


def test_unknown_outlets_and_days_are_a_group():
    counts = make_counts(SEVEN, outlet=["x.com"] * 4 + [None] * 3, published=[None] + ["2017-02-08"] * 6)
    assert estimate("rates", counts, seed=1, by="outlet")["outlet"].tolist() == ["unknown", "x.com"]
    assert estimate("rates", counts, by=["day"], seed=1)["day"].tolist() == ["2017-02-08", "unknown"]
    assert estimate("rates", counts, by=["week", "outlet"], seed=1)[["week", "outlet"]].to_numpy().tolist() == [
        ["2017-02-06", "unknown"],
        ["2017-02-06", "x.com"],
        ["unknown", "x.com"],
    ]


@pytest.mark.parametrize(("by", "name"), [("day", "2017-02-08"), ("week", "2017-02-06"), ("month", "2017-02"), ("year", "2017")])
def test_periods_are_named_so_that_they_sort(by, name):
    assert estimate("rates", make_counts(SEVEN), by=[by], seed=1)[by].tolist() == [name]


@settings(max_examples=20, deadline=None)
@given(tables(), st.randoms())
def test_order_of_articles_changes_nothing(counts, random):
    ids = sorted(set(counts["article_id"]))
    random.shuffle(ids)
    mixed = pd.concat([counts[counts["article_id"] == id] for id in ids])
    for by in (["outlet"], ["week", "outlet"], []):
        expected = estimate("rates", counts, by=by, seed=5, n_resamples=100)
        pd.testing.assert_frame_equal(estimate("rates", mixed, by=by, seed=5, n_resamples=100), expected)
        assert estimate("rates", mixed, by=by, seed=5, n_resamples=100).to_csv() == expected.to_csv()


@settings(max_examples=20, deadline=None)
@given(tables(), st.integers(0, 99))
def test_intervals_do_not_depend_on_other_groups_and_entries(counts, seed):
    whole = estimate("rates", counts, seed=seed, n_resamples=100, by="outlet")
    known = counts["outlet"].fillna("unknown")
    for outlet in set(known):
        for entry in ("war", "peace"):
            part = counts[(known == outlet) & (counts["entry"] == entry)]
            expected = whole[(whole["outlet"] == outlet) & (whole["entry"] == entry)].reset_index(drop=True)
            pd.testing.assert_frame_equal(estimate("rates", part, seed=seed, n_resamples=100, by="outlet"), expected)


@settings(max_examples=20, deadline=None)
@given(tables(), st.sampled_from(["rates", "shares"]), st.sampled_from([[], ["outlet"], ["month"]]))
def test_estimates_keep_their_promise(counts, kind, by):
    estimates = check_table(estimate(kind, counts, by=by, n_resamples=100), "Estimates")
    bounded = estimates[estimates["low"].notna()]
    assert ((bounded["low"] <= bounded["estimate"]) & (bounded["estimate"] <= bounded["high"])).all()
    assert (estimates.loc[estimates["low"].isna(), "note"] != "").all()
    assert estimates["n_mentions"].sum() == counts["n_mentions"].sum()
    assert estimates["entry"].drop_duplicates().tolist() == ["war", "arms", "peace"]


@given(counted)
def test_rates_of_all_parts_weighted_by_their_words_are_the_rate_of_the_whole(rows):
    counts = make_counts(rows, outlet=["x.com", "y.com"] * (len(rows) // 2) + ["x.com"] * (len(rows) % 2))
    parts = estimate("rates", counts, seed=1, n_resamples=100, by="outlet")
    (whole,) = estimate("rates", counts, by=[], seed=1, n_resamples=100)["estimate"]
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


def test_copies_count_as_articles_and_are_resampled_as_one():
    (row,) = estimate("rates", make_counts(COPIED, story=STORIES), seed=1, n_resamples=20_000, by="outlet").to_dict("records")
    assert row["estimate"] == pytest.approx(13 / 4000 * 1000) and (row["n_articles"], row["n_words"], row["note"]) == (9, 4000, "")
    # The slow way: draw seven stories with replacement, write out their articles, divide.
    members = {story: [pair for pair, told in zip(COPIED, STORIES, strict=True) if told == story] for story in STORIES}
    generator, rates = np.random.default_rng(5), []
    for _ in range(20_000):
        drawn = [pair for story in generator.choice(sorted(members), len(members)) for pair in members[story]]
        rates.append(1000 * sum(n for n, _ in drawn) / sum(words for _, words in drawn))
    low, high = np.quantile(rates, [0.025, 0.975])
    assert abs(row["low"] - low) < 0.04 * (high - low) and abs(row["high"] - high) < 0.04 * (high - low)
    (alone,) = estimate("rates", make_counts(COPIED), seed=1, n_resamples=20_000, by="outlet").to_dict("records")
    assert row["high"] - row["low"] > 1.1 * (alone["high"] - alone["low"])


def test_copy_elsewhere_changes_no_interval():
    counts = make_counts(SEVEN, story=["zz", *(f"a{at:04}" for at in range(1, 7))])
    pd.testing.assert_frame_equal(
        estimate("rates", counts, seed=1, by="outlet"), estimate("rates", make_counts(SEVEN), seed=1, by="outlet")
    )


def test_many_copies_of_few_stories_have_no_interval():
    (row,) = estimate(
        "rates", make_counts(COPIED, story=["s0", *STORIES[1:3], "s1", "s4", "s4", "s4", "s1", "s8"]), seed=1, by="outlet"
    ).to_dict("records")
    assert np.isnan(row["low"]) and row["note"] == "fewer than 5 stories: no interval" and row["n_articles"] == 9


def test_copies_add_nothing_to_an_exact_bound():
    stories = ["a", "b", "c", "d", "e", "e", "e"]
    rates = estimate("rates", make_counts([(0, 200)] * 7, story=stories), seed=1, by="outlet")
    assert rates["high"].tolist() == pytest.approx([-np.log(0.025)])  # as of five articles of 200 words
    shares = estimate("shares", make_counts([(0, 9)] * 7, story=stories), seed=1, by="outlet")
    assert shares["high"].tolist() == pytest.approx([stats.binomtest(0, 5).proportion_ci(0.95, method="exact").high])
