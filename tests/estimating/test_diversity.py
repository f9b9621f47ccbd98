import math
from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.estimating.diversity import measure_diversity, rarefy_hill

COUNTS = st.lists(st.integers(1, 4), min_size=1, max_size=4)


def draw_all(counts, n):
    """The second way: every draw of n attributions, one by one; how often sources are drawn k times, on average."""
    each = [source for source, count in enumerate(counts) for _ in range(count)]
    draws = [Counter(draw) for draw in combinations(range(len(each)), n)]
    draws = [Counter(each[place] for place in draw) for draw in draws]
    often = Counter(k for draw in draws for k in draw.values())
    expected = {k: count / len(draws) for k, count in often.items()}
    shannon = math.exp(-sum(k / n * math.log(k / n) * f for k, f in expected.items()))
    return sum(expected.values()), shannon, 1 / sum((k / n) ** 2 * f for k, f in expected.items())


@given(COUNTS, st.data())
def test_rarefied_numbers_are_those_of_every_draw(counts, data):
    n = data.draw(st.integers(1, sum(counts)))
    assert rarefy_hill(counts, n)[0] == pytest.approx(draw_all(counts, n))


def test_of_all_attributions_they_are_the_plain_hill_numbers():
    shares = np.array([4, 2, 1, 1]) / 8
    by_hand = (4, math.exp(-(shares @ np.log(shares))), 1 / (shares @ shares))
    assert rarefy_hill([4, 2, 1, 1], 8)[0] == pytest.approx(by_hand)
    assert by_hand[2] == pytest.approx(64 / 22)


@given(COUNTS, st.data())
def test_numbers_fall_with_the_order_and_rise_with_the_draw(counts, data):
    n = data.draw(st.integers(1, sum(counts)))
    richness, usual, heavy = rarefy_hill(counts, n)[0]
    assert richness + 1e-9 >= usual >= heavy - 1e-9
    assert rarefy_hill(counts, 1)[0] == pytest.approx((1, 1, 1))
    assert rarefy_hill(counts, sum(counts))[0, 0] + 1e-9 >= richness


def make_named(rows, outlets):
    named = pd.DataFrame(rows, columns=["article_id", "source"], dtype="str").assign(n_words=10)
    return named.assign(outlet=[outlets[id[0]] for id in named["article_id"]])


def test_outlets_are_drawn_down_to_the_smallest_and_few_articles_have_no_interval():
    rows = [(f"a{number}", f"s{number % 3}") for number in range(6)] * 2 + [(f"b{number}", "s0") for number in range(5)] + [("c0", "s1")]
    made = measure_diversity(make_named(rows, {"a": "a.com", "b": "b.com", "c": "c.com"}))
    found = {row[:2]: row[2:] for row in made}
    assert found["a.com", "order-0"][-1] == "at 5 attributions"
    assert found["b.com", "order-0"][:3] == pytest.approx((1, 1, 1))
    assert found["a.com", "order-0"][0] == pytest.approx(rarefy_hill([4, 4, 4], 5)[0, 0])
    assert found["c.com", "order-0"][-1] == "fewer than 5 articles: no interval; at 1 attributions"
    assert np.isnan(found["c.com", "order-0"][1])


def test_nothing_named_gives_no_numbers():
    assert measure_diversity(make_named([], {})) == []
