import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.counting import find_attributions
from toolkit.counting.standings import find_standings
from toolkit.tables import check_table

from .world import find, make_book, make_entry, make_world

BOOK = make_book(
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
    named = find(*make_world(pieces), BOOK, entries)
    return find_standings(named, find_attributions(named)), named


def test_places_and_sources_by_finger():
    found, named = find_all(WORLD)
    surfaces = found.merge(named.rows[["article_id", "start", "surface"]], on=["article_id", "start"])
    columns = ["sentence", "surface", "entry", "place", "source"]
    assert check_table(found, "Standings") is found and surfaces[columns].to_numpy().tolist() == [
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
    assert check_table(find_all({"b": WORLD["b"]})[0], "Standings").empty


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
    turned = find(articles, sentences, BOOK, ["RUS", "UKR"])
    again = find_standings(turned, find_attributions(turned))
    pd.testing.assert_frame_equal(again, found)
