from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from toolkit import estimate_together, find_mentions, read_corpus
from toolkit.estimating.rates import compare_with_chance
from toolkit.tables import check_table, make_table

from .world import make_grid


def make_pairs(rows, *, actor="UKR", entry="war", story=None):
    """Pairs of two things, one article per (sentences with both, with the actor, with the entry, all)."""
    ids = [f"a{at:04}" for at in range(len(rows))]
    given = {"article_id": ids, "outlet": "x.com", "published": "2017-02-08", "story": ids if story is None else story, "actor": actor}
    given |= {"codebook": "book", "entry": entry}
    given |= {name: [row[at] for row in rows] for at, name in enumerate(("n_both", "n_actor", "n_entry", "n_sentences"))}
    return make_table("Pairs", given)


def compare(pairs):
    return compare_with_chance(make_grid(pairs))


SIX = [(1, 2, 1, 10), (0, 1, 2, 10), (2, 2, 3, 10), (0, 0, 1, 10), (0, 1, 1, 10), (1, 2, 2, 10)]


def test_sentences_by_finger():
    (row,) = check_table(compare(make_pairs(SIX)), "Estimates").to_dict("records")
    assert row["expected"] == pytest.approx(8 * 10 / 60) and row["estimate"] == pytest.approx(4 / (8 * 10 / 60))
    assert (row["n_mentions"], row["n_articles"], row["note"]) == (4, 3, "")
    assert row["low"] < row["estimate"] < row["high"]


def test_interval_is_near_that_of_articles_drawn_anew():
    rows = [(n % 3, n % 3 + n % 4, n % 3 + n % 5, 9 + n) for n in range(200)]
    (row,) = compare(make_pairs(rows)).to_dict("records")
    drawn = np.array(rows)[np.random.default_rng(3).integers(0, 200, (20_000, 200))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] * drawn[:, 3] / (drawn[:, 1] * drawn[:, 2]), [0.025, 0.975])
    assert abs(row["low"] - low) < 0.06 * (high - low) and abs(row["high"] - high) < 0.06 * (high - low)


def test_what_never_meets_has_a_bound_from_the_spread_of_other_pairs():
    apart, met = [(0, 2, 1, 10)] * 6, [(1, 2, 1, 10), (0, 2, 1, 10)] * 3
    both = pd.concat([make_pairs(apart), make_pairs(met, entry="peace")], ignore_index=True)
    never, other = compare(both).to_dict("records")
    # Of the other pair, 3 of 6: the relative variance is 6/5 · (3 · (1/3 - 1/6)² + 3 · (1/6)²) = 0.2, so that of 3 is 0.6 times 3.
    assert (never["estimate"], never["low"]) == (0, 0)
    assert never["high"] == pytest.approx(stats.t.ppf(0.975, 2) ** 2 * 0.6 / (12 * 6 / 60))
    assert never["note"] == "never together: an upper bound" and other["note"] == ""
    (alone,) = compare(make_pairs(apart)).to_dict("records")
    assert np.isnan(alone["high"])


def test_rare_names_have_no_interval():
    rows = [(1, 1, 1, 10)] * 4 + [(0, 0, 1, 10)] * 4
    (row,) = compare(make_pairs(rows)).to_dict("records")
    assert np.isnan([row["low"], row["high"]]).all() and row["estimate"] == pytest.approx(4 * 80 / (4 * 8))
    assert row["note"] == "one of the two in fewer than 5 articles or stories, or no spread: no interval"
    (nothing,) = compare(make_pairs([(0, 0, 1, 10)] * 8)).to_dict("records")
    assert np.isnan(nothing["estimate"]) and nothing["note"] == row["note"]


def test_no_pairs_give_an_empty_table():
    assert compare(make_pairs([])).columns[[0, -1]].tolist() == ["actor", "expected"]


counted = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)), min_size=5, max_size=9)


@settings(max_examples=30, deadline=None)
@given(counted, st.randoms())
def test_order_and_direction_change_nothing_and_bounds_hold_the_estimate(rows, random):
    full = [(both, both + actor, both + entry, 9) for both, actor, entry in rows]
    pairs = pd.concat([make_pairs(full), make_pairs([(a, b, c, 9) for a, c, b, _ in full], actor="war", entry="UKR")], ignore_index=True)
    found = check_table(compare(pairs), "Estimates")
    ids = sorted(set(pairs["article_id"]))
    random.shuffle(ids)
    mixed = pd.concat([pairs[pairs["article_id"] == id] for id in ids])
    pd.testing.assert_frame_equal(compare(mixed), found)
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
