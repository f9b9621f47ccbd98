import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import estimate_together, find_mentions, read_corpus
from toolkit.estimating.bootstrap import Resampling
from toolkit.estimating.together import compare_with_chance
from toolkit.tables import check_table, make_table

from .world import make_grid


def make_pairs(rows, *, actor="UKR", entry="war", story=None):
    """Pairs of two things, one article per (sentences with both, with the actor, with the entry, all)."""
    ids = [f"a{at:04}" for at in range(len(rows))]
    given = {"article_id": ids, "outlet": "x.com", "published": "2017-02-08", "story": ids if story is None else story, "actor": actor}
    given |= {"codebook": "book", "entry": entry}
    given |= {name: [row[at] for row in rows] for at, name in enumerate(("n_both", "n_actor", "n_entry", "n_sentences"))}
    return make_table("Pairs", given)


def compare(pairs, *, seed=1, n_resamples=2000):
    return compare_with_chance(make_grid(pairs), Resampling(seed, n_resamples=n_resamples))


SIX = [(1, 2, 1, 10), (0, 1, 2, 10), (2, 2, 3, 10), (0, 0, 1, 10), (0, 1, 1, 10), (1, 2, 2, 10)]


def test_sentences_by_finger():
    (row,) = check_table(compare(make_pairs(SIX), seed=1), "Estimates").to_dict("records")
    assert row["expected"] == pytest.approx(8 * 10 / 60) and row["estimate"] == pytest.approx(4 / (8 * 10 / 60))
    assert (row["n_mentions"], row["n_articles"], row["note"]) == (4, 3, "")
    assert row["low"] < row["estimate"] < row["high"]


def test_interval_is_that_of_articles_drawn_the_slow_way():
    rows = [(n % 3, n % 3 + n % 4, n % 3 + n % 5, 9 + n) for n in range(20)]
    (row,) = compare(make_pairs(rows), seed=1, n_resamples=20_000).to_dict("records")
    sums = np.array(rows)[np.random.default_rng(3).integers(0, 20, (20_000, 20))].sum(axis=1)
    low, high = np.quantile(sums[:, 0] * sums[:, 3] / (sums[:, 1] * sums[:, 2]), [0.025, 0.975])
    assert abs(row["low"] - low) < 0.04 * (high - low) and abs(row["high"] - high) < 0.04 * (high - low)


def test_what_never_meets_has_the_bound_of_poisson_each_story_once():
    apart = [(0, 2, 1, 10)] * 6
    (row,) = compare(make_pairs(apart), seed=1).to_dict("records")
    assert (row["estimate"], row["low"]) == (0, 0) and row["high"] == pytest.approx(-math.log(0.025) / (12 * 6 / 60))
    assert row["note"] == "never together: exact upper bound (Poisson)"
    copied = make_pairs([*apart, apart[0], apart[0]], story=[*(f"a{at:04}" for at in range(6)), "a0000", "a0000"])
    assert compare(copied, seed=1)["high"].tolist() == pytest.approx([row["high"]])


def test_rare_names_have_no_interval():
    rows = [(1, 1, 1, 10)] * 4 + [(0, 0, 1, 10)] * 4
    (row,) = compare(make_pairs(rows), seed=1).to_dict("records")
    assert np.isnan([row["low"], row["high"]]).all() and row["estimate"] == pytest.approx(4 * 80 / (4 * 8))
    assert row["note"] == "one of the two in fewer than 5 articles or stories, or no spread: no interval"
    (nothing,) = compare(make_pairs([(0, 0, 1, 10)] * 8), seed=1).to_dict("records")
    assert np.isnan(nothing["estimate"]) and nothing["note"] == row["note"]


def test_no_pairs_give_an_empty_table():
    assert compare(make_pairs([]), seed=1).columns[[0, -1]].tolist() == ["actor", "expected"]


counted = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)), min_size=5, max_size=9)


@settings(max_examples=30, deadline=None)
@given(counted, st.randoms())
def test_order_and_direction_change_nothing_and_bounds_hold_the_estimate(rows, random):
    full = [(both, both + actor, both + entry, 9) for both, actor, entry in rows]
    pairs = pd.concat([make_pairs(full), make_pairs([(a, b, c, 9) for a, c, b, _ in full], actor="war", entry="UKR")], ignore_index=True)
    found = check_table(compare(pairs, seed=5, n_resamples=100), "Estimates")
    ids = sorted(set(pairs["article_id"]))
    random.shuffle(ids)
    mixed = pd.concat([pairs[pairs["article_id"] == id] for id in ids])
    pd.testing.assert_frame_equal(compare(mixed, seed=5, n_resamples=100), found)
    there, back = found.drop(columns=["actor", "entry"]).to_dict("records")
    assert pd.Series(there).equals(pd.Series(back))
    bounded = found[found["low"].notna()]
    assert ((bounded["low"] <= bounded["estimate"]) & (bounded["estimate"] <= bounded["high"])).all()
    assert (found.loc[found["low"].isna(), "note"] != "").all()
    known = found[found["expected"] > 0]
    assert (known["estimate"] * known["expected"]).tolist() == pytest.approx(known["n_mentions"].tolist())


def test_edges_lie_surely_above_chance_the_surest_first():
    rows = {"near": [(2, 2, 2, 20)] * 9 + [(0, 0, 0, 20)] * 3, "far": [(0, 2, 2, 20)] * 12, "often": [(1, 2, 2, 20)] * 11 + [(0, 2, 2, 20)]}
    pairs = pd.concat([make_pairs(own, entry=entry) for entry, own in rows.items()], ignore_index=True)
    ties = estimate_together(find_mentions(read_corpus("ukraine-korea"), "actors"))
    found = replace(ties, table=compare(pairs))
    assert found.surest().table["entry"].tolist() == ["near", "often"]
    assert found.surest(1).table["entry"].tolist() == ["near"]
    unsure = replace(ties, table=found.table.assign(low=np.nan))
    assert unsure.surest().table["entry"].tolist() == ["near", "often"]  # where none is sure, the most frequent
