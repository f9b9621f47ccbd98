"""How many sentences must be coded: by hand, and in a simulation with known truth."""

from __future__ import annotations

import numpy as np
import pytest

from tests.counting.world import find, make_book, make_corpus, make_entry, make_world
from toolkit.coding import count_needed
from toolkit.counting import find_mentions
from toolkit.errors import TableError, ToolkitError
from toolkit.estimating.corrections import correct_shares

BOOK = make_book(make_entry("war", ["war"]), make_entry("peace", ["peace"]))
GUESS = {"precision": 0.7, "recall": 0.5}


def find_war(n: int, n_war: int):
    """A corpus of so many sentences, of which so many hold the word."""
    return find(*make_world({f"a{at:04}": [("body", "A war." if at < n_war else "A talk.")] for at in range(n)}), BOOK)


def test_number_is_that_of_the_formula_by_hand():
    """Found in a fifth, right in nine of ten, which is three in four of what there is: so 6 % are missed, 7.5 % of the others."""
    needed = count_needed(find_war(100, 20), margin=0.02, precision=0.9, recall=0.75)
    variance = 0.2**2 * 0.9 * 0.1 / 0.5 + 0.8**2 * 0.075 * 0.925 / 0.5
    assert needed.to_dict() == {"war": int(np.ceil((1.96 / 0.02) ** 2 * variance)), "peace": 10}


def test_half_the_margin_asks_for_four_times_as_many():
    found = find_war(100, 20)
    assert count_needed(found, margin=0.01, **GUESS)["war"] == pytest.approx(4 * count_needed(found, margin=0.02, **GUESS)["war"], abs=4)


@pytest.mark.parametrize(
    ("share", "precision", "recall", "hits", "margin"),
    [(0.1, 0.7, 0.5, 0.5, 0.03), (0.3, 0.5, 0.8, 0.5, 0.04), (0.05, 0.9, 0.4, 0.3, 0.02)],
)
def test_simulated_intervals_have_the_width_that_was_asked_for(share, precision, recall, hits, margin):
    """Of 2,000 samples of the number needed, the interval that `correct_rates` gives is as wide as asked, and holds the truth."""
    n = int(count_needed(find_war(1000, round(1000 * share)), margin=margin, precision=precision, recall=recall, hits=hits)["war"])
    random, runs, sizes = np.random.default_rng(2017), 2000, 1e6 * np.array([share, 1 - share])
    truth = np.array([precision, share * precision * (1 / recall - 1) / (1 - share)])
    drawn = np.array([round(n * hits), n - round(n * hits)])
    weight = sizes / drawn
    yes = random.binomial(drawn, truth, (runs, 2)) * weight
    parts = {name: np.broadcast_to(value, (runs, 2)) for name, value in {"n": drawn, "weight": sizes, "square": sizes * weight}.items()}
    estimate, low, high = correct_shares(np.tile(sizes, (runs, 1)), np.zeros(runs), parts | {"yes": yes}, 0.95)
    whole = (truth * sizes).sum() / sizes.sum()
    assert estimate.mean() == pytest.approx(whole, rel=0.02)
    assert (high - low).mean() / 2 == pytest.approx(margin, rel=0.1)
    assert 0.93 <= ((low <= whole) & (whole <= high)).mean() <= 0.975


def test_what_is_no_share_is_refused():
    found = find_war(10, 2)
    with pytest.raises(
        ToolkitError, match=r"^count_needed: margin=0\.1, precision=70, recall=0\.5, hits=0\.5: not shares\. Allowed: above 0"
    ):
        count_needed(found, margin=0.1, precision=70, recall=0.5)
    with pytest.raises(TableError, match="count_needed: got Corpus, expected Mentions"):
        count_needed(found.corpus, margin=0.1, **GUESS)


def test_only_sentences_searched_count():
    pieces = {f"a{at}": [("body", "A war." if at < 2 else "A talk."), ("boilerplate", "War, war.")] for at in range(10)}
    corpus = make_corpus(*make_world(pieces))
    found, plain = find_mentions(corpus, BOOK, "war"), find_war(10, 2)
    assert count_needed(found, margin=0.02, **GUESS)["war"] == count_needed(plain, margin=0.02, **GUESS)["war"]
