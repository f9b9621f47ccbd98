from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from toolkit import (
    draw,
    estimate_rates,
    estimate_robustness,
    find_attributions,
    find_mentions,
    keep_voice,
    read_corpus,
    show_finding,
    show_numbers,
)
from toolkit.counting import Attributions, Mentions
from toolkit.errors import ToolkitError

WAR, OTHER = "The troops attacked the town {n}, and an envoy slept.", "It rained on the fields of the town {n}."


@pytest.fixture(scope="module")
def found() -> tuple[Mentions, Attributions]:
    """Three outlets of twenty articles; a.com tells of war in eighteen, b.com in two, c.com in two."""
    texts = [
        (outlet, (WAR if n < wars else OTHER).format(n=f"{outlet[0]}{n}"))
        for outlet, wars in (("a.com", 18), ("b.com", 3), ("c.com", 5))
        for n in range(20)
    ]
    news = read_corpus(pd.DataFrame(texts, columns=["outlet", "text"]))
    return find_mentions(news, "frames", "war-words"), find_attributions(find_mentions(news, "actors"))


def test_the_first_way_is_that_of_the_pages(found: tuple[Mentions, Attributions]) -> None:
    ways = estimate_robustness(*found).table
    rates = estimate_rates(keep_voice(*found, "own voice")).table.set_index("outlet")["estimate"]
    assert ways["specification"].iloc[0] == "rate, own voice, all articles"
    assert ways["estimate"].iloc[0] == pytest.approx(rates["a.com"] / rates["b.com"])  # the highest and the lowest


def test_a_pair_may_be_given_and_turned_round(found: tuple[Mentions, Attributions]) -> None:
    one = estimate_robustness(*found, pair=["a.com", "c.com"]).table
    other = estimate_robustness(*found, pair=["c.com", "a.com"]).table
    assert (one["estimate"] * other["estimate"]).tolist() == pytest.approx([1] * len(one))
    assert (one["low"] * other["high"]).dropna().tolist() == pytest.approx([1] * one["low"].notna().sum())


def test_each_part_of_the_entry_is_left_out_once(found: tuple[Mentions, Attributions]) -> None:
    mentions, _ = found
    parts = [entry.label for entry in mentions.codebook.entries if entry.parent == "war-words"]
    ways = estimate_robustness(*found).table["specification"].tolist()
    assert [way for way in ways if "without" in way] == [f"rate, without {part}" for part in parts]
    assert len(ways) == len(set(ways)) == 10 + len(parts)


def test_a_finding_says_in_how_many_ways_it_stands(found: tuple[Mentions, Attributions]) -> None:
    ways = estimate_robustness(*found)
    stands = int((ways.table["low"] > 1).sum())
    said, n = show_finding(ways).text, len(ways.table)
    assert re.match(r"Words of war are [\d.]+ to [\d.]+ times as frequent in a\.com as in b\.com, depending on how one counts\. The", said)
    assert stands == n and said.endswith(f"The whole interval lies above 1 in all {n} ways of counting.")
    one = ways.table.assign(low=ways.table["low"].where(ways.table.index != 3, 0.9))
    told = show_finding(replace(ways, table=one)).text
    assert f"above 1 in {n - 1} of {n} ways of counting. The exception is “{one['specification'][3]}”." in told
    assert show_numbers(ways).html.count("times as frequent in a.com") > 1 and draw(ways).png


def test_an_unknown_outlet_is_named(found: tuple[Mentions, Attributions]) -> None:
    for pair, said in ((["a.com", "a.org"], "a.com, a.org"), (["a.com"], "a.com"), (["a.com", "a.com"], "a.com, a.com")):
        with pytest.raises(ToolkitError) as fault:
            estimate_robustness(*found, pair=pair)
        assert f"pair='{said}' is not two outlets. Allowed: a.com, b.com, c.com." in str(fault.value)
