"""Where actors are named: shares by finger."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.world import find, make_book, make_entry, make_world
from toolkit.counting import find_attributions
from toolkit.errors import ToolkitError
from toolkit.estimating import estimate_places
from toolkit.estimating.sources import _find_standings
from toolkit.tables import check_table

BOOK = make_book(make_entry("RUS", ["Russia"]), make_entry("UKR", ["Ukraine"]), kind="actors", overlap="dictionary", id="actors")
LINES = [
    ("headline", "Russia warned Ukraine"),
    ("body", "Ukraine agreed."),
    ("body", "It rained."),
    ("body", "Russia slept."),
    ("body", "So."),
    ("body", "So."),
]
PIECES = {**{id: LINES for id in "abcde"}, "f": [("body", "Ukraine slept.")]}


@pytest.fixture(scope="module")
def named():
    return find(*make_world(PIECES), BOOK, ["RUS", "UKR"])


def test_places_of_mentions_by_finger_sum_to_one(named):
    places = estimate_places(named, find_attributions(named))
    rows = check_table(places.table, "Estimates")
    assert rows[["actor", "entry", "n_mentions", "n_articles"]].to_numpy().tolist() == [
        ["RUS", "headline", 5, 5],
        ["RUS", "first third", 0, 5],
        ["RUS", "rest", 5, 5],
        ["UKR", "headline", 5, 6],
        ["UKR", "first third", 6, 6],
        ["UKR", "rest", 0, 6],
    ]
    assert rows.groupby("actor")["estimate"].sum().tolist() == pytest.approx([1, 1])
    assert places.measure.unit == "share of the mentions of the actor" and len(places.behind) == rows["n_mentions"].sum()


def test_articles_with_the_actor_in_the_headline_are_a_share_of_those_that_name_it(named):
    headlines = estimate_places(named, find_attributions(named), of="headline", share="articles")
    assert headlines.table["estimate"].tolist() == pytest.approx([1, 5 / 6]) and headlines.table["n_mentions"].tolist() == [5, 5]


def test_unknown_standing_or_share_is_refused(named):
    speech = find_attributions(named)
    with pytest.raises(ToolkitError, match="share='words' is not allowed"):
        estimate_places(named, speech, share="words")
    with pytest.raises(ToolkitError, match="of='headlines' is not allowed"):
        estimate_places(named, speech, of=["headlines"])
    with pytest.raises(ToolkitError, match=r"of='subject' is not allowed\. Allowed: first third, headline, rest, source"):
        estimate_places(named, speech, of="subject")


NESTED = make_book(
    make_entry("RUS", ["Russia", "Moscow"]), make_entry("UKR", ["Ukraine"]), make_entry("UKR/rada", ["Rada"]), kind="actors",
    overlap="dictionary", id="actors",
)  # fmt: skip
WORLD = {
    "a": [
        ("headline", "Russia helped Ukraine"),
        ("body", "Ukraine was invaded by Russia."),
        ("body", "The Rada said it was sad."),
        ("body", "They met in Moscow with Ukraine."),
        ("boilerplate", "Russia! Share this."),
    ],
    "b": [("body", "Nothing at all.")],
}


def find_all(pieces, entries=()):
    named = find(*make_world(pieces), NESTED, entries)
    return _find_standings(named, find_attributions(named)), named


def test_places_and_sources_by_finger():
    found, _ = find_all(WORLD)
    columns = ["sentence", "surface", "entry", "place", "source"]
    assert found[columns].to_numpy().tolist() == [
        [0, "Russia", "RUS", "headline", False],
        [0, "Ukraine", "UKR", "headline", False],
        [1, "Ukraine", "UKR", "first third", False],
        [1, "Russia", "RUS", "first third", False],
        [2, "Rada", "UKR/rada", "first third", True],  # its first word is the sixth of seventeen: 5 of 17 went before
        [3, "Moscow", "RUS", "rest", False],
        [3, "Ukraine", "UKR", "rest", False],
    ]


def test_only_the_actors_asked_for_are_looked_at():
    assert set(find_all(WORLD, entries=["RUS"])[0]["entry"]) == {"RUS"}
    assert set(find_all(WORLD, entries=["UKR/rada"])[0]["entry"]) == {"UKR/rada"}


def test_no_mention_is_no_standing():
    assert find_all({"b": WORLD["b"]})[0].empty


PHRASES = ("Russia warns Ukraine.", "The Rada spoke.", "It rained.", "Moscow was warned by Ukraine, Russia said.")
worlds = st.dictionaries(
    st.sampled_from("abcd"),
    st.lists(st.tuples(st.sampled_from(["headline", "body", "boilerplate"]), st.sampled_from(PHRASES)), min_size=1, max_size=5),
    min_size=1,
)


@settings(max_examples=10, deadline=None)
@given(worlds)
def test_each_mention_is_in_one_place_and_order_changes_nothing(pieces):
    found, named = find_all(pieces, ["RUS", "UKR"])
    assert len(found) == len(named.measured)
    articles, sentences = (table.iloc[::-1].reset_index(drop=True) for table in make_world(pieces))
    turned = find(articles, sentences, NESTED, ["RUS", "UKR"])
    again = _find_standings(turned, find_attributions(turned))
    pd.testing.assert_frame_equal(again, found)
