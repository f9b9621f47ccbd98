from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest

from tests.counting.world import make_articles, make_book, make_corpus, make_entry
from toolkit.counting import Attributions, Mentions
from toolkit.counting.sourcing.voices import find_voices, keep_voice
from toolkit.errors import ToolkitError
from toolkit.estimating import estimate_sources, estimate_voices
from toolkit.tables import TABLES, make_table


def make_attributions(rows: Sequence[tuple[str, str | None]], **columns: Sequence[object]) -> pd.DataFrame:
    """Attributions by article and name of the source; ten words each, unless columns say otherwise."""
    numbers: dict[str, int] = {}
    order = [numbers.update({article: numbers.get(article, -1) + 1}) or numbers[article] for article, _ in rows]
    given: dict[str, object] = dict.fromkeys(column.name for column in TABLES["Attributions"].columns if column.missing)
    given |= {
        "article_id": [article for article, _ in rows],
        "attribution": order,
        "sentence": order,
        "source_name": [name for _, name in rows],
    }
    given |= {"source_type": "named person", "withheld": False, "cue_kind": "neutral", "content_start": 0, "content_end": 9}
    given |= {"content_kind": "indirect", "n_words": 10, **columns}
    return make_table("Attributions", {column.name: given[column.name] for column in TABLES["Attributions"].columns})


CORPUS = make_corpus(make_articles({f"a{number}": "x " * 50 for number in range(6)}))
BOOK = make_book(make_entry("bo", ["Bo"]), make_entry("post", ["Post"]), make_entry("other", ["Other"]), kind="actors", id="actors")
NOBODY = Mentions(make_table("Mentions"), CORPUS, BOOK, ("bo", "post"))
# In every article: a named person says ten words, a medium hands on thirty of an unnamed official, nobody says twenty.
ROWS = [(f"a{number}", name) for number in range(6) for name in ("Ann Bo", "Post", None, None)]
FOUND = make_attributions(
    ROWS,
    source_type=["named person", "media", "unnamed official", "none"] * 6,
    source_entry=["bo", "post", None, None] * 6,
    cue_kind=["stance", "neutral", "neutral", "hearsay"] * 6,
    n_words=[10, 0, 30, 20] * 6,
    via_attribution=[None, None, 1, None] * 6,
    content_start=[0, 20, 20, 60] * 6,
    content_end=[10, 50, 50, 80] * 6,
)


SPEECH = Attributions(FOUND, NOBODY)


def estimate(share, **options):
    made = estimate_sources(SPEECH, share=share, by="", **options)
    table, name = made.table, "actor" if "actor" in made.table else "entry"
    return {entry: (round(number, 4), n) for entry, number, n in zip(table[name], table["estimate"], table["n_mentions"], strict=True)}


def test_words_are_shared_out_by_type_and_sum_to_one():
    shares = estimate("types")
    assert shares["named person"] == (0.1667, 6) and shares["unnamed official"] == (0.5, 6) and shares["media"] == (0.0, 6)
    assert sum(number for number, _ in shares.values()) == pytest.approx(1, abs=1e-3)
    assert estimate("types", of=["none"]) == {"none": (0.3333, 6)}


def test_second_hand_is_what_a_medium_says_or_hands_on():
    assert estimate("second-hand") == {"second-hand": (0.75, 12)}  # 30 of the 40 words that have a source


def test_unnamed_is_divided_by_persons_and_stance_by_speech():
    assert estimate("unnamed") == {"unnamed": (0.5, 6)}
    assert estimate("stance") == {"stance": (0.3333, 6)}
    assert estimate("stance", of=["bo", "post"]) == {"bo": (1.0, 6), "post": (0.0, 0)}


def test_actors_have_their_share_of_all_attributed_words():
    assert estimate("actors", of=["post", "bo"]) == {"post": (0.0, 6), "bo": (0.1667, 6)}


def test_every_number_has_as_many_places_behind_it_as_it_says():
    for share in ("types", "second-hand", "unnamed", "stance", "actors"):
        made = estimate_sources(SPEECH, share=share, by="")
        behind = made.behind["entry"].value_counts()
        assert [behind.get(entry, 0) for entry in made.table["entry"]] == made.table["n_mentions"].tolist(), share


def test_another_share_or_type_is_refused():
    with pytest.raises(ToolkitError, match=r"share='type' is not a share of sources\. .*types"):
        estimate("type")
    with pytest.raises(ToolkitError, match="of='named' is not a type of source"):
        estimate("types", of="named")


def make_mentions(spans):
    n = len(spans)
    names = ("sentence", "surface", "codebook", "pattern", "via")
    given = dict(zip(names, ([0] * n, ["x"] * n, ["frames"] * n, ["x"] * n, ["pattern"] * n), strict=True))
    given |= {"article_id": ["a0"] * n, "start": [start for start, _ in spans], "end": [end for _, end in spans], "entry": ["war"] * n}
    order = "article_id sentence start end surface codebook entry pattern via".split()
    return make_table("Mentions", {name: given[name] for name in order} | {"use": [""] * len(spans), "left_out": [""] * len(spans)})


def test_a_mention_has_the_voice_of_the_attribution_around_it():
    mentions = make_mentions([(2, 5), (22, 25), (62, 65), (90, 95), (8, 12)])
    assert find_voices(mentions, FOUND).tolist() == ["named source", "second-hand", "unnamed source", "own voice", "own voice"]
    found = Mentions(mentions, CORPUS, make_book(make_entry("war", ["war"]), id="frames"), ("war",))
    assert keep_voice(found, SPEECH, "own voice").counted["start"].tolist() == [90, 8]
    assert len(keep_voice(found, SPEECH, "all").counted) == 5
    shares = estimate_voices(found, SPEECH, by="").table.set_index("entry")["estimate"]
    assert shares.to_dict() == {"own voice": 0.4, "named source": 0.2, "unnamed source": 0.2, "second-hand": 0.2}


def test_what_stands_in_the_gap_is_no_content():
    found = make_attributions([("a0", "Ann Bo")], content_start=[0], content_end=[30], gap_start=[10], gap_end=[20])
    assert find_voices(make_mentions([(2, 5), (12, 15), (22, 25)]), found).tolist() == [
        "named source",
        "own voice",
        "named source",
    ]


def test_actors_are_compared_as_named_and_as_speaking():
    mentions = make_mentions([(0, 1), (1, 2), (2, 3), (3, 4)]).assign(entry=["bo", "post", "post", "other"])
    table = estimate_sources(Attributions(FOUND, replace(NOBODY, rows=mentions)), share="presence").table
    found = {(row.role, row.entry): row.estimate for row in table.itertuples()}
    named = {("is named", "bo"): pytest.approx(1 / 3), ("is named", "post"): pytest.approx(2 / 3)}
    assert found == named | {("speaks", "bo"): 1.0, ("speaks", "post"): 0.0}


def test_the_order_of_rows_changes_nothing():
    turned = Attributions(FOUND.sample(frac=1, random_state=1).reset_index(drop=True), NOBODY)
    for share in ("types", "stance"):
        pd.testing.assert_frame_equal(*(estimate_sources(found, share=share).table for found in (SPEECH, turned)))
