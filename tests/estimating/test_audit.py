"""What patterns find and what changes without them, by finger and against the audit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.world import find, make_book, make_entry, make_world
from toolkit.codebooks import read_codebook
from toolkit.counting import count_mentions
from toolkit.estimating import audit_codebook, compare_codebooks
from toolkit.tables import check_table

PIECES = {
    "a": [("body", "An all-out war, a war of words."), ("body", "Talks on a truce.")],
    "b": [("body", "The war goes on."), ("boilerplate", "war war war")],
    "c": [("body", "A truce holds; the truce talks.")],
}
OUTLETS = ["x.com", "y.com", "y.com"]
BOOK = make_book(
    make_entry("war", ["war", "all-out war", "shell*"]), make_entry("talk", ["talks", "truce talks"]), make_entry("end", ["truce"])
)


def found_in(pieces=PIECES, book=BOOK, entries=()):
    return find(*make_world(pieces, outlet=OUTLETS[: len(pieces)]), book, entries)


def audit(book=BOOK, pieces=PIECES):
    return audit_codebook(found_in(pieces, book)).table


def test_each_pattern_has_its_row_also_where_it_found_nothing():
    rows = audit().set_index("pattern")
    assert rows["n_mentions"].to_dict() == {"war": 2, "all-out war": 1, "shell*": 0, "talks": 1, "truce talks": 1, "truce": 3}
    assert rows["share"].round(3).to_dict()["war"] == 0.667 and rows["share"]["shell*"] == 0
    assert rows.loc["war", ["n_articles", "n_outlets"]].tolist() == [2, 2]


def test_words_shared_with_another_entry_are_told():
    rows = audit().set_index("pattern")
    assert rows.loc["truce talks", ["n_shared", "shared_with"]].tolist() == [1, "end"]
    assert rows.loc["truce", ["n_shared", "shared_with"]].tolist() == [1, "talk"]
    assert rows.loc["war", ["n_shared", "shared_with"]].tolist() == [0, ""]


def test_an_entry_without_a_mention_has_no_shares():
    assert audit(make_book(make_entry("peace", ["peace"])))["share"].isna().all()


def test_without_a_pattern_all_that_it_found_is_gone():
    without = compare_codebooks(found_in(entries="war")).table.set_index(["pattern", "outlet"])
    assert without["n_before"].groupby("outlet").first().to_dict() == {"x.com": 2, "y.com": 1}
    assert without["n_after"].to_dict() == {  # also where `war` would take the place of `all-out war`
        ("war", "x.com"): 1,
        ("war", "y.com"): 0,
        ("all-out war", "x.com"): 1,
        ("all-out war", "y.com"): 1,
    }
    assert without.loc[("war", "y.com"), "change"] == -1


def test_without_a_pattern_of_a_nested_entry_it_and_what_it_is_in_lose_the_same():
    book = make_book(make_entry("war", ["war"]), make_entry("war/arms", ["shell*", "truce"]))
    changes = compare_codebooks(found_in(book=book, entries=["war", "war/arms"])).table
    lost = (changes["n_before"] - changes["n_after"]).groupby([changes["entry"], changes["pattern"]]).sum().to_dict()
    assert lost == {("war", "war"): 3, ("war", "truce"): 3, ("war/arms", "truce"): 3}
    alone = compare_codebooks(found_in(book=book, entries="war/arms")).table
    assert set(alone["pattern"]) == {"truce"} and (alone["n_before"] - alone["n_after"]).sum() == 3


def test_two_codebooks_are_compared_by_number():
    second = make_book(make_entry("war", ["war", "shell*"]), make_entry("end", ["truce", "holds"]))
    changes = compare_codebooks(found_in(), found_in(book=second)).table
    moved = changes[changes["n_before"] != changes["n_after"]]
    assert moved[["outlet", "entry", "n_before", "n_after"]].to_numpy().tolist() == [
        ["x.com", "talk", 1, 0],
        ["y.com", "end", 2, 3],
        ["y.com", "talk", 1, 0],
    ]


def test_a_codebook_beside_itself_moves_nothing():
    changes = compare_codebooks(found_in(), found_in()).table
    assert (changes["n_before"] == changes["n_after"]).all()


words = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=8).map(" ".join)
patterns = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=3).map(" ".join), min_size=1, max_size=3, unique=True)


@settings(max_examples=15, deadline=None)
@given(st.lists(words, min_size=1, max_size=3), patterns, patterns, st.sampled_from(["key", "dictionary"]))
def test_what_is_gone_without_each_pattern_is_what_the_audit_says_it_found(texts, first, second, overlap):
    pieces = {f"a{at}": [("body", text)] for at, text in enumerate(texts)}
    book = make_book(make_entry("one", first), make_entry("two", second), overlap=overlap)
    mentions = found_in(pieces, book)
    found = audit_codebook(mentions).table
    assert found["n_mentions"].sum() == len(mentions.counted)
    without = check_table(compare_codebooks(mentions).table, "Changes")
    gone = (without["n_before"] - without["n_after"]).groupby([without["entry"], without["pattern"]]).sum()
    assert gone.to_dict() == found[found["n_mentions"] > 0].set_index(["entry", "pattern"])["n_mentions"].to_dict()


def test_spellings_go_with_their_pattern_and_offices_are_no_pattern():
    pieces = {"a": [("body", "Rustem Umerov came."), ("body", "Rustem spoke, then Umerov.")]}
    without = compare_codebooks(found_in(pieces, read_codebook("actors"), ["umerov"])).table
    assert without[["pattern", "n_before", "n_after"]].to_numpy().tolist() == [["Rustem Umerov", 3, 1], ["Umerov", 3, 2]]


@pytest.mark.parametrize("name", ["frames", "language", "actors"])
def test_an_audit_of_a_bundled_codebook_adds_up_to_its_count(name, news_2017):
    from toolkit import find_mentions, read_corpus

    mentions = find_mentions(read_corpus("news-2017"), name)
    audit, counted = audit_codebook(mentions).table, count_mentions(mentions)
    by_entry = audit.assign(top=audit["entry"].str.split("/").str[0]).groupby("top")["n_mentions"].sum()
    by_count = counted.groupby("entry")["n_mentions"].sum()
    assert by_count[by_count > 0].to_dict() == by_entry[by_entry > 0].to_dict()
    assert audit["n_left_out"].sum() == (mentions.rows["left_out"] != "").sum()


@pytest.mark.parametrize("name", ["frames", "language"])
def test_no_entry_of_a_bundled_codebook_is_one_pattern_without_a_word_about_it(name, news_2017):
    from toolkit import find_mentions, read_corpus

    book = read_codebook(name)
    table = audit_codebook(find_mentions(read_corpus("news-2017"), name)).table
    heavy = table[(table["share"] > 0.6) & (table["n_mentions"] >= 10)]
    unsaid = [(row.entry, row.pattern) for row in heavy.itertuples() if not book.entry(row.entry).comment]
    assert unsaid == []
