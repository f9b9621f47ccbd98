from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.counting import count_articles, count_mentions, find_mentions, keep_entries, keep_near
from toolkit.counting.counts import choose_company, count_pairs, list_periods, name_periods
from toolkit.errors import CodebookError, ToolkitError
from toolkit.parsing import find_firsts
from toolkit.parsing.corpus import is_searched
from toolkit.tables import check_table, make_table

from .test_matching import codebooks, pieces
from .world import find, make_articles, make_book, make_corpus, make_entry, make_world

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
    counts = count_mentions(find(articles, sentences, BOOK, ["war", "war/arms", "peace"]))
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
    counts = count_mentions(find(articles, sentences, BOOK))
    assert counts["entry"].unique().tolist() == ["war", "peace"]


def test_mentions_outside_the_sentences_given_are_not_counted():
    articles, sentences = make_world(WORLD)
    narrowed = replace(make_corpus(articles, sentences), kept=np.asarray(sentences["sentence"] == 0) & is_searched(sentences))
    assert list_counts(count_mentions(find_mentions(narrowed, BOOK, "war"))) == [
        ["a", "war", 1, 1, 1, 3],
        ["b", "war", 0, 0, 1, 3],
        ["d", "war", 0, 0, 1, 1],
    ]


def test_nothing_searched_gives_no_rows():
    articles, sentences = make_world(WORLD)
    mentions = find(articles, sentences.iloc[:0], BOOK)
    assert check_table(count_mentions(mentions), "Counts").empty
    assert check_table(count_pairs(mentions, mentions).table, "Pairs").empty


def test_unknown_entry_is_refused():
    articles, sentences = make_world(WORLD)
    with pytest.raises(CodebookError, match="Did you mean 'peace'"):
        count_mentions(find(articles, sentences, BOOK, ["peac"]))


@settings(max_examples=100, deadline=None)
@given(pieces, codebooks())
def test_sums_of_counts_are_the_rows_of_mentions(pieces, book):
    articles, sentences = make_world(pieces)
    mentions = find(articles, sentences, book).rows
    # A child may stand without its parent in these codebooks, so the top is every first part of an id.
    tops = sorted({entry.id for entry in book.entries if "/" not in entry.id})
    leaves = sorted({entry.id for entry in book.entries})
    counts = count_mentions(find(articles, sentences, book, leaves))
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
    parts = []
    for id in random.sample(sorted(pieces), len(pieces)):
        some, lines = (table[table["article_id"] == id].reset_index(drop=True) for table in (articles, sentences))
        parts.append(count_mentions(find(some, lines, book, tops)))
    whole = count_mentions(find(articles.iloc[::-1].reset_index(drop=True), sentences.iloc[::-1].reset_index(drop=True), book, tops))
    pd.testing.assert_frame_equal(pd.concat(parts).sort_values("article_id", ignore_index=True), whole)


def test_pairs_by_finger():
    articles, sentences = make_world(WORLD)
    pairs = count_pairs(find(articles, sentences, ACTORS, ["UKR", "RUS"]), find(articles, sentences, BOOK, ["war", "peace"])).table
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
    actors = find(articles, sentences, ACTORS, ["UKR"])
    pairs = count_pairs(actors, keep_entries(actors, ["UKR", "RUS"])).table
    assert pairs["entry"].unique().tolist() == ["RUS"]


def test_mentions_of_two_corpora_are_not_paired():
    articles, sentences = make_world(WORLD)
    fewer = find(articles.iloc[:1], sentences[sentences["article_id"] == "a"].reset_index(drop=True), ACTORS)
    with pytest.raises(ToolkitError, match=r"what is given comes from two corpora: .* Find both in the same corpus\."):
        count_pairs(fewer, find(articles, sentences, BOOK))


def test_sentences_with_an_entry_or_its_children():
    articles, sentences = make_world(WORLD)
    mentions, corpus = find(articles, sentences, BOOK), make_corpus(articles, sentences)
    found = check_table(keep_near(corpus, mentions, "war").searched, "Sentences")
    assert found[["article_id", "sentence"]].to_numpy().tolist() == [["a", 0], ["a", 1], ["a", 2], ["b", 1]]
    assert keep_near(corpus, mentions, "").searched.equals(corpus.searched)
    with pytest.raises(CodebookError):
        keep_near(corpus, mentions, "wa")


def test_what_is_searched_near_an_entry_is_found_and_counted_only_there():
    articles, sentences = make_world(WORLD)
    near = keep_near(make_corpus(articles, sentences), find(articles, sentences, ACTORS), "UKR")
    assert find_mentions(near, BOOK).rows["surface"].tolist() == ["War", "peace"]
    assert count_mentions(find_mentions(near, BOOK, "war"))[["n_mentions", "n_sentences"]].to_numpy().tolist() == [[1, 1], [0, 1]]


def test_articles_by_day_have_a_row_for_each_empty_day():
    dates = ["2017-02-27", None, "2017-03-02", "2017-02-27"]
    articles = make_articles(dict.fromkeys("abcd", "one two"), published=dates, outlet=["x.com", "y.com", None, "x.com"])
    assert count_articles(make_corpus(articles), by="day").to_numpy().tolist() == [
        ["2017-02-27", 2, 4],
        ["2017-02-28", 0, 0],
        ["2017-03-01", 0, 0],
        ["2017-03-02", 1, 2],
        ["unknown", 1, 2],
    ]
    assert count_articles(make_corpus(articles), by="week").to_numpy().tolist() == [["2017-02-27", 3, 6], ["unknown", 1, 2]]
    assert count_articles(make_corpus(articles), by="month").to_numpy().tolist() == [
        ["2017-02", 2, 4],
        ["2017-03", 1, 2],
        ["unknown", 1, 2],
    ]
    assert count_articles(make_corpus(articles), by="outlet").to_numpy().tolist() == [["unknown", 1, 2], ["x.com", 2, 4], ["y.com", 1, 2]]


def test_articles_by_length_have_a_row_for_each_empty_bin():
    articles = make_articles({"a": "w " * 99, "b": "w " * 100, "c": "w " * 350})
    assert count_articles(make_corpus(articles), by="length").to_numpy().tolist() == [
        ["0–99", 1, 99],
        ["100–199", 1, 100],
        ["200–299", 0, 0],
        ["300–399", 1, 350],
    ]


def test_no_articles_give_no_rows():
    for by in ("outlet", "day", "length"):
        assert count_articles(make_corpus(make_articles({})), by=by).shape == (0, 3)


def test_unknown_grouping_is_refused():
    with pytest.raises(ToolkitError) as fault:
        count_articles(make_corpus(make_articles({"a": "w"})), by="weak")
    assert str(fault.value).startswith("by='weak' is not a grouping of articles.") and "week" in str(fault.value)


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


def test_counts_carry_the_story_and_are_made_once_per_story_by_choosing_articles():
    articles, sentences = make_world({id: [("body", "A war.")] for id in "abc"}, story=["a", "a", "c"])
    counts = count_mentions(find(articles, sentences, BOOK, "war"))
    assert counts[["story", "n_mentions"]].to_numpy().tolist() == [["a", 1], ["a", 1], ["c", 1]]
    once = find(articles[find_firsts(articles)].reset_index(drop=True), sentences[sentences["article_id"] != "b"], BOOK, "war")
    assert count_mentions(once)["article_id"].tolist() == ["a", "c"]
    assert count_pairs(once, keep_entries(once, "peace")).table["story"].tolist() == ["a", "c"]


def test_condition_by_finger():
    pieces = {"a": [("body", "It rained."), ("boilerplate", "Share this.")], "b": [("body", "It rained.")], "c": [("body", "It froze.")]}
    articles, sentences = make_world(pieces, story=["a", "a", "c"], outlet=["x.com", None, "x.com"])
    repairs = make_table("Repairs", {"article_id": ["a", "a"], "step": ["x", "y"], "n_changes": [1, 1]})
    flags = make_table("Flags", {"article_id": ["c"], "flag": ["under 50 words"], "detail": [""]})
    corpus = make_corpus(articles, sentences, repairs=repairs, flags=flags)
    assert count_articles(corpus, by="condition").to_numpy().tolist() == [
        ["unknown", 1, 0, 0, 1, 1, 0, 0.0],
        ["x.com", 2, 1, 1, 1, 3, 1, 1 / 3],
    ]


MANY = make_book(*(make_entry(id, [id]) for id in ("Ann", "Bob", "Cid", "Dan")), kind="actors", overlap="dictionary")


def test_company_by_finger():
    articles, sentences = make_world({"a": [("body", "Ann and Bob. Bob, Cid."), ("body", "Ann and Bob and Cid."), ("body", "Dan.")]})
    mentions = find(articles, sentences, MANY, "Bob")
    pairs = check_table(count_pairs(mentions, mentions, choose_company(mentions, 3)).table, "Pairs")
    # Ann and Cid stand twice with Bob, so they come by name; Dan never does.
    assert pairs[["actor", "entry", "n_both", "n_actor", "n_entry"]].to_numpy().tolist() == [
        ["Bob", "Ann", 2, 2, 2],
        ["Bob", "Cid", 2, 2, 2],
        ["Ann", "Cid", 2, 2, 2],
    ]
    assert len(choose_company(mentions, 2)) == 1
    assert choose_company(keep_entries(mentions, "Dan"), 18) == []
    # Named three times and twice, before Cid by name.
    assert choose_company(keep_entries(mentions, ["Ann", "Bob", "Cid", "Dan"]), 2) == [("Bob", "Ann")]
    assert len(choose_company(replace(mentions, rows=mentions.rows.iloc[:0], entries=("Ann", "Dan")), 18)) == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["Ann", "Bob", "Cid", "Dan"]), max_size=4), min_size=1, max_size=5), st.randoms())
def test_company_has_no_direction_and_order_changes_nothing(lines, random):
    articles, sentences = make_world({"a": [("body", " ".join(line) or "None") for line in lines], "b": [("body", "Ann Bob Cid Dan")]})
    mentions = find(articles, sentences, MANY, "Ann")
    pairs = choose_company(mentions, 18)
    mixed = mentions.rows.iloc[random.sample(range(len(mentions.rows)), len(mentions.rows))]
    assert choose_company(replace(mentions, rows=mixed), 18) == pairs
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    table = count_pairs(mentions, mentions, pairs).table
    every = count_pairs(mentions, keep_entries(mentions, ["Bob", "Cid", "Dan"])).table
    keys = ["article_id", "actor", "entry"]
    shared = table.merge(every[keys], on=keys)
    pd.testing.assert_frame_equal(
        shared.sort_values(keys, ignore_index=True), every.merge(table[keys], on=keys).sort_values(keys, ignore_index=True)
    )
