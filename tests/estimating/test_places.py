"""Where actors are named: shares by finger."""

import pytest

from tests.counting.world import find, make_book, make_entry, make_world
from toolkit.counting import find_attributions
from toolkit.errors import ToolkitError
from toolkit.estimating import estimate_places
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
