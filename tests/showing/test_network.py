import itertools

import numpy as np
import pandas as pd
import pytest

from toolkit.errors import TableError
from toolkit.estimating import estimate_association
from toolkit.showing import draw_heatmap, draw_network, draw_rates, show_evidence, show_finding, show_numbers
from toolkit.showing.network import _lay_out
from toolkit.tables import make_table

from .tables import make_world

NAMES = ("Ann", "Bob", "Cid", "Dan")


def make_pairs():
    """Forty articles of ten sentences: Ann and Bob together in every second one, Cid with Bob in every fifth, Dan alone."""
    rows = []
    for number, (actor, entry) in itertools.product(range(40), itertools.combinations(NAMES, 2)):
        shares = {"Ann": number % 2 == 0, "Bob": number % 2 == 0 or number % 5 == 0, "Cid": number % 5 == 0, "Dan": number % 14 == 1}
        rows.append((f"a{number:02}", actor, entry, shares[actor] and shares[entry], shares[actor], shares[entry]))
    names = ("article_id", "actor", "entry", "n_both", "n_actor", "n_entry")
    given = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    given |= {"outlet": "x.com", "published": "2017-02-08", "story": given["article_id"], "codebook": "actors", "n_sentences": 10}
    order = "article_id outlet published story actor codebook entry n_both n_actor n_entry n_sentences".split()
    return make_table("Pairs", {name: given[name] for name in order})


PAIRS = make_pairs()
FOUND = estimate_association(PAIRS, seed=1, n_resamples=200)


def test_network_says_in_words_what_it_draws() -> None:
    chart = draw_network(FOUND, PAIRS, actors=["Ann"], seed=1)
    assert chart.alt.startswith("Network of 3 actors and 3 lines. Surest, times as many sentences as by chance: Ann and Bob, 16.7 (")
    assert "3 lines of 6 pairs" in chart.caption and "Not tied to any: Dan." in chart.caption
    assert chart.files["network-sentences.csv"].count("\n") == 7
    assert chart.files["network-sentences-actors.csv"] == "actor,n_articles\nAnn,20\nBob,24\nCid,8\nDan,3\n"


def test_only_the_surest_lines_are_drawn_and_said() -> None:
    chart = draw_network(FOUND, PAIRS, most=1, seed=1)
    assert "1 line, the surest, of 6 pairs" in chart.caption and "Not tied to any: Cid, Dan." in chart.caption


def test_same_seed_makes_the_same_bytes_whatever_the_order() -> None:
    first = draw_network(FOUND, PAIRS, seed=1)
    assert draw_network(FOUND, PAIRS, seed=1).png == first.png
    assert draw_network(FOUND, PAIRS, seed=2).png != first.png


def test_no_label_lies_on_another() -> None:
    nodes = [f"A rather long name {number}" for number in range(20)]
    edges = pd.DataFrame({"actor": nodes[:-1], "entry": nodes[1:]})
    for seed in range(5):
        places = np.array(_lay_out(nodes, edges, ["A rather\nlong name"] * 20, np.full(20, 0.2), 6.8, seed))
        across, up = (np.abs(places[:, None] - places[None])[..., axis] for axis in (0, 1))
        on = (across < 0.79) & (up < 0.74)  # nine letters wide; a dot and two lines high
        assert not (on & ~np.eye(20, dtype=bool)).any()
        assert places.min() > 0 and (places <= [5.6, 6.8]).all()


def test_where_nothing_is_sure_all_are_drawn_and_no_line() -> None:
    chart = draw_network(FOUND.assign(low=0.5), PAIRS, seed=1)
    assert chart.alt == "Network of 4 actors and 0 lines." and "0 lines of 6 pairs" in chart.caption
    with pytest.raises(TableError, match=r"^draw_network: the table holds no estimate\."):
        draw_network(FOUND.iloc[:0], PAIRS, seed=1)


def test_what_has_no_estimate_says_so_and_ends_no_page() -> None:
    bare = FOUND.assign(estimate=np.nan, low=np.nan, high=np.nan)
    shown = [draw_network(bare, PAIRS, seed=1), draw_heatmap(bare), draw_rates(bare)]
    assert {chart.alt for chart in shown} == {"Too few mentions: there is nothing to compare."}
    assert show_finding(bare).text == "No numbers: nothing of the kind was found."
    assert show_numbers(bare).html.count('<a href="#evidence-') == len(bare)


def test_heat_map_of_what_is_compared_with_chance_says_its_colours() -> None:
    chart = draw_heatmap(FOUND)
    assert "Blue: more than by chance; orange: less; white: the interval holds 1, or there is none." in chart.caption
    assert chart.name == "together-in-sentences-by-actor"
    white = draw_heatmap(FOUND.assign(low=0.5, high=2.0))
    assert white.png != chart.png and draw_heatmap(FOUND.assign(low=0.1, high=9.0)).png == white.png  # white whatever the number


def test_numbers_show_what_is_expected() -> None:
    shown = show_numbers(FOUND)
    assert '<th scope="col" class="fb-n">Together</th>' in shown.html and '<th scope="col" class="fb-n">Expected</th>' in shown.html
    assert '<td class="fb-n">20</td><td class="fb-n">20</td><td class="fb-n">1.20</td>' in shown.html  # 20 · 24 / 400


TEXTS = {
    "a": ("a.com", "2017-02-06", None, ["Troops shelled Kyiv.", "Kyiv asked for peace."]),
    "b": ("a.com", "2017-02-07", None, ["Kyiv waits.", "Peace is far."]),
}


@pytest.mark.parametrize(("within", "n", "shown"), [("sentences", 1, 1), ("articles", 2, 2)])
def test_each_number_opens_the_sentences_or_articles_with_both(within: str, n: int, shown: int) -> None:
    articles, sentences, mentions = make_world(TEXTS)
    columns = {"actor": "UKR", "codebook": "frames", "entry": ["peace"], "quantity": f"together in {within}", "unit": "x", "estimate": 1.0}
    columns |= {"low": 0.5, "high": 2.0, "level": 0.95, "n_mentions": n, "n_articles": n, "n_words": 0, "method": "x", "seed": 1}
    estimates = make_table("Estimates", columns | {"note": "", "expected": 1.0})
    frames, actors = (mentions[mentions["codebook"] == book].reset_index(drop=True) for book in ("frames", "actors"))
    html = show_evidence([estimates], frames, sentences, articles, actors=actors, seed=1).html
    assert html.count("<li>") == shown and f"of {n} {within[: -1 if n == 1 else None]} shown" in html


def test_a_place_opens_the_mentions_of_its_actor_alone() -> None:
    articles, sentences, mentions = make_world(TEXTS)
    kyiv = mentions[mentions["surface"] == "Kyiv"]
    standings = pd.concat([kyiv.assign(codebook="standing", entry="rest/UKR"), kyiv.iloc[:1].assign(codebook="standing", entry="rest/RUS")])
    columns = {"actor": "UKR", "codebook": "standing", "entry": ["rest"], "quantity": "share of mentions", "unit": "share of the mentions"}
    columns |= {"estimate": 1.0, "low": 0.5, "high": 1.0, "level": 0.95, "n_mentions": 3, "n_articles": 2, "n_words": 0, "method": "x"}
    estimates = make_table("Estimates", columns | {"seed": 1, "note": ""})
    html = show_evidence([estimates], standings.reset_index(drop=True), sentences, articles, seed=1).html
    assert html.count("<li>") == 3 and "3 of 3 mentions shown." in html


def test_a_mention_that_counts_twice_is_two_of_the_mentions_behind_a_number() -> None:
    articles, sentences, mentions = make_world()
    twice = pd.concat([mentions.assign(codebook="sources", entry="own voice")] * 2, ignore_index=True)
    columns = {"codebook": "sources", "entry": ["own voice"], "quantity": "share of sources", "unit": "share of mentions", "estimate": 1.0}
    columns |= {"low": 0.5, "high": 1.0, "level": 0.95, "n_mentions": len(twice), "n_articles": 3, "n_words": 0, "method": "x", "seed": 1}
    estimates = make_table("Estimates", columns | {"note": ""})
    assert f"of {len(twice)} mentions shown" in show_evidence([estimates], twice, sentences, articles, seed=1).html
