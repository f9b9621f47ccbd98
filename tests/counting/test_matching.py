from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.codebooks import Codebook, Pattern
from toolkit.codebooks.records import Near
from toolkit.counting.matching import match_articles
from toolkit.errors import CorpusError
from toolkit.parsing.words import is_word_char
from toolkit.tables import TABLES, check_table

from .reference import find_slowly
from .world import list_found, make_book, make_entry, make_text, make_world

PARTS = next(column.allowed for column in TABLES["Sentences"].columns if column.name == "part")
CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "matching.yml").read_text("utf-8"))
LISTED = [(group, case) for group in CASES for case in CASES[group]]

# Words that meet in the ways that go wrong: case, apostrophes of three kinds, hyphens of two, marks, letters that fold oddly, surnames.
WORDS = (
    "war War WAR wars a b US us U.S. cafe\u0301 café Trump's Trump’s Koreaʼs cease-fire Kim Park Kim\u2011Park Minister Mr. "
    "President-elect İ ß ΟΔΟΣ οδος x_y 24 हिन्दी don't – ' STRAßE"
).split()
GAPS = [" ", " ", " ", "-", ", ", "  ", "\n", "’", "—", "\u2011", "\u00a0", ". "]
FRAGMENTS = ["war", "wa*", "*ar", "w?r", "*", "?", "a", "b", "US", "us", "U.S.", "U.*", "café", "trump's", "Trump", "cease", "fire", "Kim"]
FRAGMENTS += ["Park", "Minister", "ß", "ΟΔΟΣ", "*o*", "24", "korea*", "don't", "İ", "हि*"]

texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), min_size=1, max_size=7).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
shouted = st.tuples(texts, st.booleans()).map(lambda pair: pair[0].upper() if pair[1] else pair[0])
pieces = st.dictionaries(
    st.sampled_from("abc"), st.lists(st.tuples(st.sampled_from(PARTS), shouted), min_size=1, max_size=4), min_size=1, max_size=3
)
patterns = (
    st.lists(st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from([" ", " ", "-", ", ", "'"])), min_size=1, max_size=3)
    .map(lambda pairs: "".join(word + gap for word, gap in pairs)[: -len(pairs[-1][1])])
    .filter(lambda text: any(is_word_char(c) for c in text))
)
vias = st.sampled_from(["name", "alias", "demonym", "surname", "pattern"])


DAYS = [date(2017, 2, 7), date(2017, 2, 8), date(2017, 2, 9)]

nears = st.builds(Near, st.lists(patterns, min_size=1, max_size=2).map(tuple), st.sampled_from([None, 1, 2, 4]), st.booleans())
sometimes = st.sampled_from([None, None, None, *DAYS])


@st.composite
def conditioned(draw, case: bool) -> Pattern:
    return Pattern(
        draw(patterns),
        draw(vias),
        case,
        1,
        near=draw(st.one_of(st.just(()), st.lists(nears, max_size=2).map(tuple))),
        start=draw(sometimes),
        end=draw(sometimes),
    )


@st.composite
def codebooks(draw, id: str = "book") -> Codebook:
    entries = []
    for entry in draw(st.lists(st.sampled_from(["p", "p/x", "p/y", "q", "r"]), min_size=1, unique=True)):
        case = draw(st.booleans())
        held = draw(st.lists(conditioned(case), max_size=4, unique_by=lambda pattern: pattern.text))
        protects = draw(st.lists(conditioned(case), max_size=2, unique_by=lambda pattern: pattern.text))
        entries.append(make_entry(entry, held, protects=protects, case=case))
    return make_book(*entries, overlap=draw(st.sampled_from(["key", "dictionary"])), id=id)


@st.composite
def worlds(draw) -> tuple[pd.DataFrame, pd.DataFrame]:
    drawn = draw(pieces)
    return make_world(drawn, published=draw(st.lists(st.sampled_from([None, *map(str, DAYS)]), min_size=len(drawn), max_size=len(drawn))))


def list_rows(mentions: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(mentions.drop(columns=["codebook", "use", "left_out"]).itertuples(index=False, name=None))


@settings(max_examples=200, deadline=None)
@given(worlds(), codebooks())
def test_engine_finds_what_the_slow_reference_finds(world, book):
    articles, sentences = world
    mentions = match_articles(articles, sentences, book)
    assert sorted(list_rows(mentions)) == find_slowly(articles, sentences, book)


few = st.lists(st.sampled_from(["a", "b", "c", "ab", "aba", "a-b", "b.", "aab"]), min_size=2, max_size=12).map(" ".join)
plain = st.lists(st.sampled_from(["a", "b", "c", "ab", "a*", "*b", "*a*", "?b", "a*a*b"]), min_size=1, max_size=2).map(" ".join)
close = st.builds(Near, st.lists(plain, min_size=1, max_size=2).map(tuple), st.sampled_from([None, 1, 2, 3]), st.booleans())


@settings(max_examples=200, deadline=None)
@given(
    st.lists(few, min_size=1, max_size=3),
    st.lists(st.builds(Pattern, plain, vias, st.just(False), st.just(1), near=st.tuples(close)), min_size=1, max_size=3),
)
def test_conditions_and_wildcards_are_those_of_the_reference_where_they_often_matter(texts, conditioned):
    articles, sentences = make_text(*texts)
    book = make_book(*(make_entry(f"e{number}", [pattern]) for number, pattern in enumerate(conditioned)))
    assert sorted(list_rows(match_articles(articles, sentences, book))) == find_slowly(articles, sentences, book)


@settings(max_examples=100, deadline=None)
@given(worlds(), codebooks(), st.randoms())
def test_order_of_entries_articles_and_rows_changes_nothing(world, book, random):
    articles, sentences = world
    expected = match_articles(articles, sentences, book)
    entries = [*book.entries]
    random.shuffle(entries)
    rows, lines = random.sample(range(len(articles)), len(articles)), random.sample(range(len(sentences)), len(sentences))
    found = match_articles(articles.iloc[rows], sentences.iloc[lines], make_book(*entries, overlap=book.overlap))
    pd.testing.assert_frame_equal(found, expected)


@settings(max_examples=100, deadline=None)
@given(worlds(), codebooks())
def test_mentions_reproduce_the_text_inside_their_sentence(world, book):
    articles, sentences = world
    mentions = check_table(match_articles(articles, sentences, book), "Mentions")
    held = mentions.merge(articles[["article_id", "text"]]).merge(sentences, on=["article_id", "sentence"])
    assert [text[start:end] for text, start, end in zip(held["text"], held["start_x"], held["end_x"], strict=True)] == [*held["surface"]]
    assert ((held["start_y"] <= held["start_x"]) & (held["end_x"] <= held["end_y"])).all()
    assert not (held["part"] == "boilerplate").any()
    order = mentions[["article_id", "start", "end", "entry"]]
    pd.testing.assert_frame_equal(order, order.sort_values([*order], ignore_index=True))


@settings(max_examples=100, deadline=None)
@given(worlds(), codebooks())
def test_articles_are_searched_each_on_its_own(world, book):
    articles, sentences = world
    parts = [match_articles(articles, sentences[sentences["article_id"] == id], book) for id in sorted(articles["article_id"])]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), match_articles(articles, sentences, book))


@pytest.mark.slow  # numba compiles
def test_compiled_kernels_find_the_same(monkeypatch):
    world = {f"{n:03}": [("body", WORDS[n % len(WORDS)] + GAPS[n % len(GAPS)] + " ".join(WORDS[n:] + WORDS[:n]))] for n in range(60)}
    articles, sentences = make_world(world)
    book = make_book(make_entry("e", [*FRAGMENTS, "a b", "wa* *", "un*ed"], protects=["war *"]), make_entry("f", FRAGMENTS, case=True))
    expected = match_articles(articles, sentences, book)
    monkeypatch.setattr("toolkit.counting.kernels.LITTLE", 0)
    pd.testing.assert_frame_equal(match_articles(articles, sentences, book), expected)
    assert len(expected) > 1000


def test_a_corpus_of_several_pages_is_searched_like_one(monkeypatch):
    articles, sentences = make_world({f"{n:03}": [("body", "War and peace."), ("body", "All-out war!")] for n in range(7)})
    book = make_book(make_entry("war", ["war", "all-out war", "war and peace"]))
    expected = match_articles(articles, sentences, book)
    monkeypatch.setattr("toolkit.counting.matching._PAGE", 60)
    pd.testing.assert_frame_equal(match_articles(articles, sentences, book), expected)
    assert len(expected) == 14


@pytest.mark.parametrize(("group", "case"), LISTED, ids=[case["label"] for _, case in LISTED])
def test_case(group, case, request):
    if group == "known_failures":
        request.applymarker(pytest.mark.xfail(strict=True, reason=case["why"]))
    entry = make_entry("e", case["patterns"], protects=case.get("not", []), case=case.get("case", False))
    articles, sentences = make_world({"a": [(case.get("part", "body"), case["text"])]})
    assert [surface for surface, _ in list_found(match_articles(articles, sentences, make_book(entry)))] == case["expect"]


def test_nothing_to_search_or_to_find_gives_an_empty_table():
    articles, sentences = make_text("War.")
    for some, book in [
        (sentences, make_book(make_entry("e"))),
        (sentences.iloc[:0], make_book(make_entry("e", ["war"]))),
        (sentences, make_book(make_entry("e", ["peace"]))),
        (make_text("…")[1], make_book(make_entry("e", ["war"]))),
    ]:
        assert check_table(match_articles(articles, some, book), "Mentions").empty


def test_boilerplate_is_not_searched_and_no_match_crosses_a_sentence():
    articles, sentences = make_world({"a": [("headline", "No more war"), ("body", "games."), ("boilerplate", "War games.")]})
    assert match_articles(articles, sentences, make_book(make_entry("e", ["war games"]))).empty
    assert list_found(match_articles(articles, sentences, make_book(make_entry("e", ["war"])))) == [["war", "e"]]


def test_a_negated_word_is_left_out_by_unless_near():
    negation = Near(("no", "not", "never", "*n't", "without"), 3, negated=True)
    entry = make_entry("success", [])
    entry = replace(entry, patterns=(Pattern("success*", "pattern", False, 1, near=(negation,)),))
    articles, sentences = make_text(
        "The talks were a success.", "It wasn’t a success.", "It was not, as they had hoped, successful.", "No success."
    )
    assert [surface for surface, _ in list_found(match_articles(articles, sentences, make_book(entry)))] == ["success", "successful"]


def test_articles_without_spaces_between_words_are_refused_not_counted_clause_by_clause():
    with pytest.raises(CorpusError, match=r"^articles without spaces between words: 1, such as 'a'"):
        match_articles(*make_world({"a": [("body", "印度尼西亚总统周五说。")]}), make_book(make_entry("IND", ["印度*"])))
