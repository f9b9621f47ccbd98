import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.codebooks import read_codebook
from toolkit.counting import count_prominence, find_attributions, find_mentions, find_standings
from toolkit.counting.prominence import PLACES, ROLES
from toolkit.tables import check_table

from .world import make_book, make_entry, make_world

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


def find(pieces, entries=(), book=BOOK):
    articles, sentences = make_world(pieces)
    mentions = find_mentions(articles, sentences, book)
    attributions = find_attributions(articles, sentences, mentions, book)
    return find_standings(mentions, sentences, articles, attributions, book, entries=entries), sentences, articles


def test_places_and_roles_by_finger():
    found, _, _ = find(WORLD)
    assert check_table(found, "Mentions")[["sentence", "surface", "entry"]].to_numpy().tolist() == [
        [0, "Russia", "headline/RUS"],
        [0, "Russia", "subject/RUS"],
        [0, "Ukraine", "headline/UKR"],
        [0, "Ukraine", "object/UKR"],
        [1, "Ukraine", "first third/UKR"],
        [1, "Ukraine", "object/UKR"],  # of a passive verb
        [1, "Russia", "first third/RUS"],
        [1, "Russia", "subject/RUS"],  # its agent
        [2, "Rada", "first third/UKR/rada"],  # its first word is the sixth of seventeen: 5 of 17 went before
        [2, "Rada", "source/UKR/rada"],
        [2, "Rada", "subject/UKR/rada"],
        [3, "Moscow", "rest/RUS"],
        [3, "Ukraine", "rest/UKR"],
    ]


def test_prominence_by_finger():
    found, sentences, articles = find(WORLD)
    counted = count_prominence(found, sentences, articles, BOOK, entries=["RUS", "UKR", "UKR/rada"])
    assert check_table(counted, "Prominence").drop(columns=["outlet", "published", "story", "codebook"]).to_numpy().tolist() == [
        ["a", "RUS", 3, 3, 1, 1, 1, 0, 2, 0],
        ["a", "UKR", 4, 4, 1, 2, 1, 1, 1, 2],
        ["a", "UKR/rada", 1, 1, 0, 1, 0, 1, 1, 0],
        *(["b", entry, *[0] * 8] for entry in ("RUS", "UKR", "UKR/rada")),
    ]


def test_only_the_actors_asked_for_are_looked_at():
    assert set(find(WORLD, entries=["RUS"])[0]["entry"].str.partition("/")[2]) == {"RUS"}
    assert set(find(WORLD, entries=["UKR/rada"])[0]["entry"]) == {"first third/UKR/rada", "source/UKR/rada", "subject/UKR/rada"}


def test_no_mention_is_no_standing():
    found, sentences, articles = find({"b": WORLD["b"]})
    assert check_table(found, "Mentions").empty
    assert count_prominence(found, sentences, articles, BOOK, entries=["RUS"]).iloc[0, 6:].tolist() == [0] * 8


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Germany and France met.", "subject"),
        ("The US praised Germany and France.", "object"),
        ("France, an ally, agreed.", "subject"),
        ("The ambassador of France agreed.", ""),
        ("France's ambassador agreed.", ""),
        ("The French ambassador agreed.", ""),
        ("They talked with France.", ""),
    ],
)
def test_who_acts_and_who_is_acted_upon(text, role):
    found, _, _ = find({"a": [("body", text)]}, ["FRA"], read_codebook("actors"))
    assert found["entry"].tolist() == ["first third/FRA", *([f"{role}/FRA"] if role else [])]


PHRASES = ("Russia warns Ukraine.", "The Rada spoke.", "It rained.", "Moscow was warned by Ukraine, Russia said.")
worlds = st.dictionaries(
    st.sampled_from("abcd"),
    st.lists(st.tuples(st.sampled_from(["headline", "body", "boilerplate"]), st.sampled_from(PHRASES)), min_size=1, max_size=5),
    min_size=1,
)


@settings(max_examples=25, deadline=None)
@given(worlds)
def test_each_mention_stands_in_one_place_and_order_changes_nothing(pieces):
    found, sentences, articles = find(pieces)
    entries = ["RUS", "UKR"]
    counted = count_prominence(found, sentences, articles, BOOK, entries=entries)
    assert (counted[["n_headline", "n_first_third", "n_rest"]].sum(axis=1) == counted["n_mentions"]).all()
    assert (counted[[f"n_{role}" for role in ROLES]].max(axis=1) <= counted["n_mentions"]).all()
    assert counted["n_mentions"].sum() == len(find_mentions(articles, sentences, BOOK))
    assert not found.duplicated(["article_id", "start", "entry"]).any()
    assert {entry.partition("/")[0] for entry in found["entry"]} <= {*PLACES, *ROLES}
    mentions, turned = find_mentions(articles, sentences, BOOK).iloc[::-1], sentences.iloc[::-1]
    attributions = find_attributions(articles, sentences, mentions, BOOK)
    again = find_standings(mentions, turned, articles.iloc[::-1], attributions.iloc[::-1], BOOK, entries=entries)
    pd.testing.assert_frame_equal(again, found)
    pd.testing.assert_frame_equal(count_prominence(again, turned, articles, BOOK, entries=entries), counted)
