import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import compare_groups, estimate_rates, estimate_sources, estimate_together, find_attributions, find_mentions, read_corpus
from toolkit.markup import CHANGE, write_interval, write_number
from toolkit.showing.wording import write_basis

from .toy import ACTORS, find, make_many

CASES = [
    (0, "", "0"), (0.0, "", "0"), (7, "", "7"), (1234, "", "1,234"), (0.0345, "", "0.0345"), (2.1, "", "2.10"), (12.34, "", "12.3"),
    (123.4, "", "123"),
    (12345.6, "", "12,346"), (math.nan, "", "none"), (0.3456, "share of articles", "34.6%"), (0.0, "share of x", "0.0%"),
    (-0.5, CHANGE, "-50%"), (math.nan, CHANGE, "new"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "unit", "written"), CASES)
def test_number_is_written(value: float, unit: str, written: str) -> None:
    assert write_number(value, unit) == written


@given(st.floats(0.001, 1e6))
def test_number_written_is_the_number_to_three_figures(value: float) -> None:
    assert float(write_number(value).replace(",", "")) == pytest.approx(value, rel=0.006)


@given(st.floats(0, 1), st.floats(0, 1))
def test_interval_has_one_en_dash_and_its_unit_once(low: float, high: float) -> None:
    assert re.fullmatch(r"\d+\.\d–\d+\.\d%", write_interval(low, high, "share of articles"))


def test_missing_bound_is_no_interval() -> None:
    assert write_interval(1.0, math.nan) == "no interval"


def test_articles_of_actors_are_not_added_up() -> None:
    pairs = estimate_together(find(ACTORS, ["UKR"]), find())
    both = replace(pairs, table=pairs.table.assign(actor=["UKR", "RUS"], n_articles=[2, 30]))
    assert "2 to 30 articles per actor." in write_basis(both)


def test_articles_of_an_outlet_that_is_compared_with_several_are_counted_once() -> None:
    rates = estimate_rates(find(ACTORS, ["UKR"], make_many(24)), by="outlet")
    assert " 24 articles." in write_basis(compare_groups(rates))


def test_a_corpus_of_one_article_has_one_article_in_every_caption() -> None:
    speech = find_attributions(find_mentions(read_corpus("ukraine-korea"), "actors", ["umerov", "zelensky"]))
    for share in ("types", "presence", "unnamed"):
        basis = write_basis(estimate_sources(speech, share=share))
        assert " 1 article." in basis or " 1 article per" in basis, basis
