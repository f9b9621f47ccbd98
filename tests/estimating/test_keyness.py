"""What sets groups apart and what is near an actor: by finger, against scipy, and against worked examples."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from tests.counting.world import find, make_book, make_corpus, make_entry, make_world
from toolkit.errors import TableError, ToolkitError
from toolkit.estimating import estimate_collocates, estimate_keyness
from toolkit.estimating.keyness import compare_uses, list_words
from toolkit.showing import show_numbers
from toolkit.tables import check_table

ONE, TWO = [f"a{at}" for at in range(5)], [f"b{at}" for at in range(5)]
OUTLETS = ["x.com"] * 5 + ["y.com"] * 5


def make_news(one: Sequence[str], two: Sequence[str], **columns: Sequence[object]):
    """Five articles of x.com, then five of y.com, each of one sentence."""
    pieces = {id: [("body", text)] for id, text in zip([*ONE, *TWO], [*one, *two], strict=True)}
    return make_corpus(*make_world(pieces, outlet=OUTLETS, **columns))


NEWS = make_news(["The war, the WAR goes on."] * 5, ["The talks go on."] * 5)


def compare(counts: Mapping[str, tuple[Sequence[int], Sequence[int]]], sizes: tuple[Sequence[int], Sequence[int]]) -> pd.DataFrame:
    """Compare terms of which each story of two places has so many, with so many words."""
    places = [(where, f"{where}{at}", at, row) for row, where in enumerate("xy") for at in range(len(sizes[row]))]
    rows = [(term, where, story) for term, n in counts.items() for where, story, at, row in places for _ in range(n[row][at])]
    uses = pd.DataFrame(rows, columns=["term", "where", "story"]).assign(article_id="a", sentence=0, start=0, end=1)
    uses = uses.assign(where=pd.Categorical(uses["where"], ["x", "y"]))
    words = pd.DataFrame([(where, story, sizes[row][at]) for where, story, at, row in places], columns=["where", "story", "n"])
    words = words.assign(where=pd.Categorical(words["where"], ["x", "y"])).groupby(["where", "story"], observed=True)["n"].sum()
    return compare_uses(uses, words, 1, 100)[0].set_index("term")


def test_words_are_counted_by_finger():
    table = check_table(estimate_keyness(NEWS, pair=["x.com", "y.com"], least=1).table, "Keyness").set_index(["where", "term"])
    assert table.loc["x.com"]["n_mentions"].to_dict() == {"war": 10, "goes": 5, "the": 10}
    assert table.loc["y.com"]["n_others"].to_dict() == {"talks": 0, "go": 0, "on": 5}
    war = table.loc[("x.com", "war")]
    assert war[["rate", "rate_others", "n_stories"]].tolist() == [pytest.approx(1000 * 10 / 30), 0, 5]
    assert war["log_ratio"] == pytest.approx(math.log2((10 / 30) / (0.5 / 20)))  # half an occurrence for none
    assert table.loc[("x.com", "the"), "log_ratio"] == pytest.approx(math.log2((10 / 30) / (5 / 20)))
    assert war["bic"] == pytest.approx(war["g2"] - math.log(50))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=10, max_size=10), st.integers(10, 500), st.integers(10, 500))
def test_g2_is_that_of_a_contingency_table(counts, one, two):
    first, second = counts[:5], counts[5:]
    made = compare({"war": (first, second)}, ([one] * 5, [two] * 5)).loc["war"]
    a, b = sum(first), sum(second)
    expected = chi2_contingency([[a, b], [5 * one - a, 5 * two - b]], correction=False, lambda_="log-likelihood").statistic
    assert made["g2"] == pytest.approx(expected, abs=1e-9)


def test_log_odds_and_z_are_those_of_the_formula_word_by_word():
    counts = {"war": ([4, 3, 2, 1, 5], [1, 1, 1, 1, 1]), "talks": ([1, 1, 1, 1, 1], [9, 9, 9, 9, 9])}
    table = compare(counts, ([100] * 5, [200] * 5))
    for term, (one, two) in counts.items():
        y, n, prior = (sum(one), sum(two)), (500, 1000), 150  # a story of mean length has 150 words
        alpha = prior * sum(y) / sum(n)
        odds = [math.log((y[at] + alpha) / (n[at] + prior - y[at] - alpha)) for at in (0, 1)]  # Monroe, Colaresi & Quinn 2008
        z = (odds[0] - odds[1]) / math.sqrt(1 / (y[0] + alpha) + 1 / (y[1] + alpha))
        assert table.loc[term, ["log_odds", "z"]].tolist() == [pytest.approx(abs(odds[0] - odds[1])), pytest.approx(abs(z))]
        assert table.loc[term, "where"] == ("x" if z > 0 else "y")


def test_dispersion_is_that_of_the_published_example():
    """Gries 2008 (International Journal of Corpus Linguistics 13), five parts of 9, 10, 10, 10, 11 words: DP of `a` is .18."""
    table = compare({"aa": ([1, 2, 3, 4, 5], [0] * 5)}, ([9, 10, 10, 10, 11], [100] * 5))
    assert table.loc["aa", "dispersion"] == pytest.approx(0.18)


def test_dispersion_of_a_word_that_some_stories_lack():
    table = compare({"war": ([1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [0])}, ([10] * 10, [100]))
    assert table.loc["war", "dispersion"] == pytest.approx(0.5 * (5 * abs(1 / 5 - 1 / 10) + 5 * 1 / 10))


def test_what_is_in_few_stories_is_left_out_and_copies_are_one_story():
    burst = make_news(["war " * 20, "on", "on", "on", "on"], ["The talks go on."] * 5)
    assert "war" not in set(estimate_keyness(burst, pair="x.com", least=1).table["term"])
    copies = make_news(["The war goes on."] * 5, ["The talks go on."] * 5, story=["a0"] * 5 + TWO)
    assert set(estimate_keyness(copies, pair="x.com", least=1).table["where"]) == {"the others"}


def test_rare_words_and_more_than_wanted_are_left_out():
    assert estimate_keyness(NEWS, pair="x.com", least=6).table["term"].tolist() == ["war", "the", "on"]
    table = estimate_keyness(NEWS, pair="x.com", least=1, most=1).table
    assert table[["where", "term"]].values.tolist() == [["x.com", "war"], ["the others", "go"]]


def test_boilerplate_is_not_read():
    pieces = {id: [("body", "War."), ("boilerplate", "Subscribe now.")] for id in ONE} | {id: [("body", "Talks.")] for id in TWO}
    news = make_corpus(*make_world(pieces, outlet=OUTLETS))
    assert set(estimate_keyness(news, pair="x.com", least=1).table["term"]) == {"war", "talks"}


def test_entries_of_a_codebook_are_compared_as_words_are():
    book = make_book(make_entry("war", ["war"]), make_entry("war/on", ["goes on"]), make_entry("talks", ["talks"]))
    found = find(NEWS.articles, NEWS.spans, book)
    table = estimate_keyness(found, pair=["x.com", "y.com"], least=1).table.set_index("term")
    words = estimate_keyness(NEWS, pair=["x.com", "y.com"], least=1).table.set_index("term")
    assert table["n_mentions"].to_dict() == {"war": 15, "talks": 5}  # an entry counts those nested in it
    assert table.loc["talks"].equals(words.loc["talks"])


def test_order_of_articles_changes_nothing():
    turned = make_corpus(NEWS.articles[::-1].reset_index(drop=True), NEWS.spans[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(*(estimate_keyness(one, pair="x.com", least=1).table for one in (NEWS, turned)))


def test_groups_may_be_periods():
    news = make_news(["War."] * 5, ["Talks."] * 5, published=["2017-02-08"] * 5 + ["2017-03-08"] * 5)
    assert estimate_keyness(news, pair="2017-03", by="month", least=1).table["where"].tolist() == ["2017-03", "the others"]


@pytest.mark.parametrize("pair", [["z.com"], [], ["x.com", "x.com"], ["x.com", "y.com", "z.com"]])
def test_groups_that_are_not_there_are_refused(pair):
    with pytest.raises(ToolkitError, match=r"pair='.*' is not one group with others beside it, or two\. Allowed: x\.com, y\.com\."):
        estimate_keyness(NEWS, pair=pair)
    with pytest.raises(ToolkitError, match="by='place' is not a grouping"):
        estimate_keyness(NEWS, pair=pair, by="place")
    with pytest.raises(TableError, match="estimate_keyness: got str 'news', expected Corpus"):
        estimate_keyness("news", pair=pair)


def test_words_are_those_that_the_corpus_counts_and_stand_where_they_say():
    news = make_corpus(
        *make_world({"b": [("body", "Don’t go, Erdoğan — NOW!")], "a": [("headline", "12 US-led raids"), ("body", "İt is.")]})
    )
    words = list_words(news)
    assert words["article_id"].tolist() == ["a"] * 6 + ["b"] * 5
    assert words["term"].tolist() == ["12", "us", "led", "raids", "İt", "is", "don", "t", "go", "erdoğan", "now"]
    cut = [news.texts[id][start:end].lower() for id, start, end in zip(words["article_id"], words["start"], words["end"], strict=True)]
    assert [text.replace("i̇", "İ") for text in cut] == words["term"].tolist() and len(words) == news.searched["n_words"].sum()


BOOK = make_book(make_entry("kim", ["kim jong un", "kim"]))


def find_near(*sentences: str, **options: int) -> dict[str, list[int]]:
    """What is near Kim in five articles of these sentences: by word, occurrences near and elsewhere."""
    news = make_world({id: [("body", text) for text in sentences] for id in ONE})
    table = check_table(estimate_collocates(find(*news, BOOK), least=1, **options).table, "Keyness")
    assert set(table["where"]) <= {"kim"}
    return {row.term: [row.n_mentions, row.n_others] for row in table.itertuples()}


def test_company_ends_with_the_sentence_and_the_window():
    assert find_near("No alarm.", "Then Kim tests big missiles again.", "Calm here.", window=2) == {
        "then": [5, 0],
        "tests": [5, 0],
        "big": [5, 0],
    }
    assert set(find_near("No alarm.", "Then Kim tests.", "Calm here.", window=9)) == {"then", "tests"}


def test_a_word_near_two_mentions_counts_once_and_a_name_is_not_its_own_company():
    near = find_near("Kim Jong Un met Kim there.", "Elsewhere they met calmly.", window=3)
    assert near == {"there": [5, 0], "met": [5, 5]}


def test_each_entry_has_its_own_company_and_one_without_mentions_has_none():
    book = make_book(make_entry("kim", ["kim"]), make_entry("moon", ["moon"]), make_entry("abe", ["abe"]))
    news = make_world({id: [("body", "Kim tests."), ("body", "Moon talks.")] for id in ONE})
    table = estimate_collocates(find(*news, book), least=1).table
    assert table[["where", "term"]].values.tolist() == [["kim", "tests"], ["moon", "talks"]]
    assert estimate_collocates(find(*news, book, ["abe"])).table.empty
    assert estimate_collocates(find(*news, book), window=0).table.empty


def test_company_is_compared_as_groups_are():
    news = make_world({id: [("body", "Kim tests missiles."), ("body", "The tests end.")] for id in ONE})
    row = estimate_collocates(find(*news, BOOK), least=1, window=1).table.set_index("term").loc["tests"]
    expected = chi2_contingency([[5, 5], [0, 15]], correction=False, lambda_="log-likelihood").statistic  # 5 words near, 20 elsewhere
    assert row["g2"] == pytest.approx(expected) and row["rate"] == 1000 and row["rate_others"] == 250


def test_numbers_open_their_sentences():
    keyness = estimate_keyness(NEWS, pair="x.com", least=1)
    behind = keyness.behind.merge(NEWS.articles[["article_id", "text"]])
    said = {text[start:end].lower() for text, start, end in zip(behind["text"], behind["start"], behind["end"], strict=True)}
    counted = keyness.table.set_index(["where", "term"])["n_mentions"]
    assert said == set(keyness.table["term"]) and behind.groupby(["where", "term"]).size().to_dict() == counted.to_dict()
    shown = show_numbers(keyness)
    assert "What sets x.com apart from the others" in shown.html and shown.html.count("<ul>") == len(keyness.table)
    news = make_world({id: [("body", "Kim tests missiles."), ("body", "The tests end.")] for id in ONE})
    assert show_numbers(estimate_collocates(find(*news, BOOK), least=1)).html.count("<ul>") == 2


def test_nothing_is_named_twice():
    assert not np.intersect1d(*(part["term"] for _, part in estimate_keyness(NEWS, pair="x.com", least=1).table.groupby("where"))).size
