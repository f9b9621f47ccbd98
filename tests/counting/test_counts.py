from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.counting import (
    count_articles,
    count_company,
    count_condition,
    count_mentions,
    count_pairs,
    count_shared,
    find_mentions,
    find_sentences_with,
    name_periods,
)
from toolkit.counting.counts import list_periods
from toolkit.errors import CodebookError, ToolkitError
from toolkit.parsing import Corpus, find_firsts
from toolkit.tables import check_table, make_table

from .test_matching import codebooks, pieces
from .world import make_articles, make_book, make_entry, make_world

BOOK = make_book(make_entry("war", ["war"]), make_entry("war/arms", ["tank*", "tank war"]), make_entry("peace", ["peace"]))
ACTORS = make_book(make_entry("UKR", ["Ukraine"]), make_entry("RUS", ["Russia"]), kind="actors", overlap="dictionary")
WORLD = {
    "a": [("headline", "War in Ukraine"), ("body", "Tanks and a war."), ("body", "Tank war, tank war."), ("boilerplate", "War! Ukraine!")],
    "b": [("body", "Ukraine wants peace."), ("body", "Russia wants war."), ("body", "Nothing.")],
    "c": [("boilerplate", "War and peace")],
    "d": [("body", "Silence.")],
}


def list_counts(counts):
    return counts[["article_id", "entry", "n_mentions", "n_sentences_with", "n_sentences", "n_words"]].to_numpy().tolist()


def test_counts_by_finger():
    articles, sentences = make_world(WORLD)
    counts = count_mentions(find_mentions(articles, sentences, BOOK), sentences, articles, BOOK, entries=["war", "war/arms", "peace"])
    assert list_counts(check_table(counts, "Counts")) == [
        ["a", "war", 5, 3, 3, 11],  # War, Tanks, war, Tank war, tank war
        ["a", "war/arms", 3, 2, 3, 11],
        ["a", "peace", 0, 0, 3, 11],
        ["b", "war", 1, 1, 3, 7],
        ["b", "war/arms", 0, 0, 3, 7],
        ["b", "peace", 1, 1, 3, 7],
        ["d", "war", 0, 0, 1, 1],
        ["d", "war/arms", 0, 0, 1, 1],
        ["d", "peace", 0, 0, 1, 1],
    ]


def test_without_entries_those_at_the_top_are_counted():
    articles, sentences = make_world(WORLD)
    counts = count_mentions(find_mentions(articles, sentences, BOOK), sentences, articles, BOOK)
    assert counts["entry"].unique().tolist() == ["war", "peace"]


def test_mentions_outside_the_sentences_given_are_not_counted():
    articles, sentences = make_world(WORLD)
    mentions = find_mentions(articles, sentences, BOOK)
    first = sentences[sentences["sentence"] == 0]
    assert list_counts(count_mentions(mentions, first, articles, BOOK, entries=["war"])) == [
        ["a", "war", 1, 1, 1, 3],
        ["b", "war", 0, 0, 1, 3],
        ["d", "war", 0, 0, 1, 1],
    ]


def test_nothing_searched_gives_no_rows():
    articles, sentences = make_world(WORLD)
    mentions = find_mentions(articles, sentences, BOOK)
    none = sentences.iloc[:0]
    assert check_table(count_mentions(mentions, none, articles, BOOK), "Counts").empty
    assert check_table(count_pairs(mentions, mentions, none, articles, BOOK, actors=["war"]), "Pairs").empty


def test_unknown_entry_is_refused():
    articles, sentences = make_world(WORLD)
    with pytest.raises(CodebookError, match="Did you mean 'peace'"):
        count_mentions(find_mentions(articles, sentences, BOOK), sentences, articles, BOOK, entries=["peac"])


@settings(max_examples=100, deadline=None)
@given(pieces, codebooks())
def test_sums_of_counts_are_the_rows_of_mentions(pieces, book):
    articles, sentences = make_world(pieces)
    mentions = find_mentions(articles, sentences, book)
    # A child may stand without its parent in these codebooks, so the top is every first part of an id.
    tops = sorted({entry.id for entry in book.entries if "/" not in entry.id})
    leaves = sorted({entry.id for entry in book.entries})
    counts = count_mentions(mentions, sentences, articles, book, entries=leaves)
    searched = sentences[sentences["part"] != "boilerplate"]
    assert len(counts) == searched["article_id"].nunique() * len(leaves)
    by_entry = counts.groupby("entry")["n_mentions"].sum().to_dict()
    for leaf in leaves:
        held = mentions[(mentions["entry"] == leaf) | mentions["entry"].str.startswith(f"{leaf}/")]
        assert by_entry.get(leaf, 0) == len(held)
    orphans = [entry for entry in mentions["entry"] if entry.partition("/")[0] not in tops]
    assert sum(by_entry.get(top, 0) for top in tops) == len(mentions) - len(orphans)
    assert (counts["n_sentences_with"] <= np.minimum(counts["n_sentences"], counts["n_mentions"])).all()
    assert ((counts["n_sentences_with"] == 0) == (counts["n_mentions"] == 0)).all()


@settings(max_examples=60, deadline=None)
@given(pieces, codebooks(), st.randoms())
def test_a_corpus_split_and_added_up_equals_the_corpus(pieces, book, random):
    articles, sentences = make_world(pieces)
    tops = [book.entries[0].id]
    mentions = find_mentions(articles, sentences, book)
    parts = []
    for id in random.sample(sorted(pieces), len(pieces)):
        some, lines = articles[articles["article_id"] == id], sentences[sentences["article_id"] == id]
        parts.append(count_mentions(find_mentions(some, lines, book), lines, some, book, entries=tops))
    whole = count_mentions(mentions.sample(frac=1, random_state=1), sentences.iloc[::-1], articles.iloc[::-1], book, entries=tops)
    pd.testing.assert_frame_equal(pd.concat(parts).sort_values("article_id", ignore_index=True), whole)


def test_pairs_by_finger():
    articles, sentences = make_world(WORLD)
    actors, mentions = find_mentions(articles, sentences, ACTORS), find_mentions(articles, sentences, BOOK)
    pairs = count_pairs(actors, mentions, sentences, articles, BOOK, actors=["UKR", "RUS"], entries=["war", "peace"])
    check_table(pairs, "Pairs")
    rows = pairs[["article_id", "actor", "entry", "n_both", "n_actor", "n_entry", "n_sentences"]].to_numpy().tolist()
    assert rows[:8] == [
        ["a", "UKR", "war", 1, 1, 3, 3],
        ["a", "UKR", "peace", 0, 1, 0, 3],
        ["a", "RUS", "war", 0, 0, 3, 3],
        ["a", "RUS", "peace", 0, 0, 0, 3],
        ["b", "UKR", "war", 0, 1, 1, 3],
        ["b", "UKR", "peace", 1, 1, 1, 3],
        ["b", "RUS", "war", 1, 1, 1, 3],
        ["b", "RUS", "peace", 0, 1, 1, 3],
    ]
    assert len(rows) == 12 and not any(sum(row[3:6]) for row in rows[8:])


def test_actor_is_not_paired_with_itself():
    articles, sentences = make_world(WORLD)
    actors = find_mentions(articles, sentences, ACTORS)
    pairs = count_pairs(actors, actors, sentences, articles, ACTORS, actors=["UKR"], entries=["UKR", "RUS"])
    assert pairs["entry"].unique().tolist() == ["RUS"]


def test_group_of_actors_without_their_codebook_is_refused():
    articles, sentences = make_world(WORLD)
    mentions = find_mentions(articles, sentences, BOOK)
    with pytest.raises(ToolkitError) as fault:
        count_pairs(mentions, mentions, sentences, articles, BOOK, actors=["type:state"])
    assert str(fault.value) == (
        "count_pairs: actors has the group 'type:state'. Allowed: ids of actors. Give actors=codebook.expand(['type:state'])."
    )


def test_sentences_with_an_entry_or_its_children():
    articles, sentences = make_world(WORLD)
    mentions = find_mentions(articles, sentences, BOOK)
    found = check_table(find_sentences_with(sentences, mentions, "war"), "Sentences")
    assert found[["article_id", "sentence"]].to_numpy().tolist() == [["a", 0], ["a", 1], ["a", 2], ["b", 1]]
    assert find_sentences_with(sentences, mentions, "").equals(sentences)
    assert find_sentences_with(sentences, mentions, "wa").empty


def test_articles_by_day_have_a_row_for_each_empty_day():
    dates = ["2017-02-27", None, "2017-03-02", "2017-02-27"]
    articles = make_articles(dict.fromkeys("abcd", "one two"), published=dates, outlet=["x.com", "y.com", None, "x.com"])
    assert count_articles(articles, by="day").to_numpy().tolist() == [
        ["2017-02-27", 2, 4],
        ["2017-02-28", 0, 0],
        ["2017-03-01", 0, 0],
        ["2017-03-02", 1, 2],
        ["unknown", 1, 2],
    ]
    assert count_articles(articles, by="week").to_numpy().tolist() == [["2017-02-27", 3, 6], ["unknown", 1, 2]]
    assert count_articles(articles, by="month").to_numpy().tolist() == [["2017-02", 2, 4], ["2017-03", 1, 2], ["unknown", 1, 2]]
    assert count_articles(articles, by="outlet").to_numpy().tolist() == [["unknown", 1, 2], ["x.com", 2, 4], ["y.com", 1, 2]]


def test_articles_by_length_have_a_row_for_each_empty_bin():
    articles = make_articles({"a": "w " * 99, "b": "w " * 100, "c": "w " * 350})
    assert count_articles(articles, by="length").to_numpy().tolist() == [
        ["0–99", 1, 99],
        ["100–199", 1, 100],
        ["200–299", 0, 0],
        ["300–399", 1, 350],
    ]


def test_no_articles_give_no_rows():
    for by in ("outlet", "day", "length"):
        assert count_articles(make_articles({}), by=by).shape == (0, 3)


def test_unknown_grouping_is_refused():
    with pytest.raises(ToolkitError) as fault:
        count_articles(make_articles({"a": "w"}), by="weak")
    assert str(fault.value) == "by='weak': no such grouping. Allowed: day, length, month, outlet, week, year. Did you mean 'week'?"


def test_week_is_named_by_its_monday():
    days = pd.Series(pd.to_datetime(["2017-01-01 23:59", "2017-01-02 00:00", "2017-01-08 12:00", None]))
    assert name_periods(days, "week").fillna("").tolist() == ["2016-12-26", "2017-01-02", "2017-01-02", ""]


@pytest.mark.parametrize(
    ("by", "values", "filled"),
    [
        ("day", ["2016-12-31", "2017-01-02"], ["2016-12-31", "2017-01-01", "2017-01-02"]),
        ("week", ["2017-02-06", "2017-02-20"], ["2017-02-06", "2017-02-13", "2017-02-20"]),
        ("month", ["2016-12", "2017-02"], ["2016-12", "2017-01", "2017-02"]),
        ("year", ["2015", "2017"], ["2015", "2016", "2017"]),
    ],
)
def test_empty_periods_have_their_place(by, values, filled):
    assert list_periods(pd.Series(values), by) == filled


def test_score_by_finger():
    weighed = make_book(make_entry("tone", ["good", "bad*", "so so"]), make_entry("tone/very", ["very good"]))
    weights = {"good": 1.5, "bad*": -2.0, "so so": 0.0, "very good": 3.0}
    entries = tuple(replace(entry, patterns=tuple(replace(pattern, weight=weights[pattern.text]) for pattern in entry.patterns))
                    for entry in weighed.entries)  # fmt: skip
    weighed = replace(weighed, entries=entries)
    articles, sentences = make_world(
        {"a": [("body", "Good, bad and very good."), ("boilerplate", "Bad!")], "b": [("body", "Badly so so.")]}
    )
    counts = count_mentions(find_mentions(articles, sentences, weighed), sentences, articles, weighed, entries=["tone", "tone/very"])
    assert counts[["n_mentions", "score"]].to_numpy().tolist() == [[3, 2.5], [1, 3.0], [2, -2.0], [0, 0.0]]


def test_score_is_the_number_of_mentions_where_no_pattern_has_a_weight():
    articles, sentences = make_world(WORLD)
    counts = count_mentions(find_mentions(articles, sentences, BOOK), sentences, articles, BOOK)
    assert (counts["score"] == counts["n_mentions"]).all()


def test_mentions_of_another_version_of_the_codebook_are_refused():
    articles, sentences = make_world(WORLD)
    mentions = find_mentions(articles, sentences, BOOK)
    with pytest.raises(CodebookError) as fault:
        count_mentions(mentions, sentences, articles, make_book(make_entry("war", ["war"]), make_entry("peace", ["peace"])))
    assert str(fault.value) == "book.yml: entry 'war/arms' has no pattern 'tank*', as mentions do. Find them anew."


def test_counts_carry_the_story_and_are_made_once_per_story_by_choosing_articles():
    articles, sentences = make_world({id: [("body", "A war.")] for id in "abc"}, story=["a", "a", "c"])
    mentions = find_mentions(articles, sentences, BOOK)
    counts = count_mentions(mentions, sentences, articles, BOOK, entries=["war"])
    assert counts[["story", "n_mentions"]].to_numpy().tolist() == [["a", 1], ["a", 1], ["c", 1]]
    once = articles[find_firsts(articles)]
    assert count_mentions(mentions, sentences, once, BOOK, entries=["war"])["article_id"].tolist() == ["a", "c"]
    assert count_pairs(mentions, mentions, sentences, once, BOOK, actors=["war"], entries=["peace"])["story"].tolist() == ["a", "c"]


def test_condition_by_finger():
    pieces = {"a": [("body", "It rained."), ("boilerplate", "Share this.")], "b": [("body", "It rained.")], "c": [("body", "It froze.")]}
    articles, sentences = make_world(pieces, story=["a", "a", "c"], outlet=["x.com", None, "x.com"])
    repairs = make_table("Repairs", {"article_id": ["a", "a"], "step": ["x", "y"], "n_changes": [1, 1]})
    flags = make_table("Flags", {"article_id": ["c"], "flag": ["under 50 words"], "detail": [""]})
    corpus = Corpus("t", "T", articles, make_table("Refused"), repairs, "", "", flags=flags)
    assert count_condition(corpus, sentences).to_numpy().tolist() == [
        ["unknown", 1, 0, 0, 1, 1, 0, 0.0],
        ["x.com", 2, 1, 1, 1, 3, 1, 1 / 3],
    ]


def test_shared_stories_by_finger():
    articles = make_articles(dict.fromkeys("abcdef", "w"), outlet=["x", "y", "x", "z", "z", None], story=list("aaaddf"))
    assert count_shared(articles).to_numpy().tolist() == [["unknown", 0, 0, 0, 0], ["x", 0, 1, 1, 0], ["y", 0, 1, 0, 0], ["z", 0, 0, 0, 1]]
    assert count_shared(articles.iloc[:0]).empty


MANY = make_book(*(make_entry(id, [id]) for id in ("Ann", "Bob", "Cid", "Dan")), kind="actors", overlap="dictionary")


def test_company_by_finger():
    articles, sentences = make_world({"a": [("body", "Ann and Bob. Bob, Cid."), ("body", "Ann and Bob and Cid."), ("body", "Dan.")]})
    mentions = find_mentions(articles, sentences, MANY)
    pairs = check_table(count_company(mentions, sentences, articles, MANY, actors=["Bob"], most=3), "Pairs")
    # Ann and Cid stand twice with Bob, so they come by name; Dan never does.
    assert pairs[["actor", "entry", "n_both", "n_actor", "n_entry"]].to_numpy().tolist() == [
        ["Bob", "Ann", 2, 2, 2],
        ["Bob", "Cid", 2, 2, 2],
        ["Ann", "Cid", 2, 2, 2],
    ]
    assert len(count_company(mentions, sentences, articles, MANY, actors=["Bob"], most=2)) == 1
    assert count_company(mentions, sentences, articles, MANY, actors=["Dan"]).empty
    everybody = count_company(mentions, sentences, articles, MANY, actors=[], most=2)
    assert everybody[["actor", "entry"]].to_numpy().tolist() == [["Bob", "Ann"]]  # named three times and twice, before Cid by name
    assert len(count_company(mentions.iloc[:0], sentences, articles, MANY, actors=["Ann", "Dan"])) == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["Ann", "Bob", "Cid", "Dan"]), max_size=4), min_size=1, max_size=5), st.randoms())
def test_company_has_no_direction_and_order_changes_nothing(lines, random):
    articles, sentences = make_world({"a": [("body", " ".join(line) or "None") for line in lines], "b": [("body", "Ann Bob Cid Dan")]})
    mentions = find_mentions(articles, sentences, MANY)
    pairs = count_company(mentions, sentences, articles, MANY, actors=["Ann"])
    mixed = mentions.iloc[random.sample(range(len(mentions)), len(mentions))]
    pd.testing.assert_frame_equal(count_company(mixed, sentences.iloc[::-1], articles.iloc[::-1], MANY, actors=["Ann"]), pairs)
    assert not pairs[["actor", "entry"]].apply(frozenset, axis=1)[pairs["article_id"] == "a"].duplicated().any()
    both = count_pairs(mentions, mentions, sentences, articles, MANY, actors=["Ann"], entries=["Bob", "Cid", "Dan"])
    keys = ["article_id", "actor", "entry"]
    pd.testing.assert_frame_equal(
        pairs[pairs["actor"] == "Ann"].sort_values(keys, ignore_index=True), both.sort_values(keys, ignore_index=True)
    )
