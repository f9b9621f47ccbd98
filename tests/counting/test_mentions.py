from dataclasses import replace

import pandas as pd
import pytest

from toolkit import (
    compare_codebooks,
    estimate_places,
    estimate_rates,
    estimate_together,
    estimate_voices,
    find_mentions,
    keep_entries,
    keep_near,
    keep_voice,
    read_codebook,
    read_corpus,
)
from toolkit.counting import count_mentions, find_attributions
from toolkit.errors import CorpusError, TableError, ToolkitError
from toolkit.showing.dropped import list_undecided

from .world import find, make_book, make_entry, make_text

TEXT = ("They met in Kyiv.", "Kyiv agreed.", "Good news, Kyiv!", "Ukraine's president agreed.", "A bridge in Ukraine.")


def find_actors(*sentences, **options):
    return find(*make_text(*sentences), read_codebook("actors"), **options)


@pytest.mark.parametrize(
    ("uses", "expect"),
    [
        ("all", ["Kyiv", "Kyiv", "Kyiv", "Ukraine", "Ukraine"]),
        ("lenient", ["Kyiv", "Kyiv", "Ukraine", "Ukraine"]),
        ("strict", ["Kyiv", "Ukraine"]),
    ],
)
def test_fewer_are_counted_the_stricter_one_is_and_the_others_say_why(uses, expect):
    mentions = find_actors(*TEXT, uses=uses)
    assert mentions.counted["surface"].tolist() == expect
    assert len(mentions.rows) == 5 and set(mentions.rows["left_out"]) <= {"", "place", "undecided"}


def test_offices_are_counted_only_when_asked_for():
    mentions = find_actors("The US president spoke.", uses="lenient")
    assert mentions.rows[["via", "left_out"]].to_numpy().tolist() == [["name", ""], ["role", "office"]]
    assert find_actors("The US president spoke.", uses="lenient", roles=True).counted["entry"].tolist() == ["USA", "trump"]


@pytest.mark.parametrize("uses", ["strict", "lenient", "all"])
def test_mentions_of_other_codebooks_are_all_counted(uses):
    assert len(find(*make_text("a war in Kyiv"), make_book(make_entry("war", ["war"])), uses=uses).counted) == 1


def test_unknown_way_to_count_is_refused():
    with pytest.raises(ToolkitError) as caught:
        find_actors(*TEXT, uses="strickt")
    assert str(caught.value).startswith("uses='strickt' is not a way to count.") and "Did you mean 'strict'?" in str(caught.value)


def test_undecided_names_come_with_counts_and_the_words_around():
    table = list_undecided(find_actors(*TEXT, "Fine, Oslo!"))
    assert table[["name", "actor", "n_undecided", "n_mentions"]].to_numpy().tolist() == [
        ["Kyiv", "Ukraine", 1, 3],
        ["Oslo", "Norway", 1, 1],
    ]
    assert "Good news, Kyiv! Ukraine's president" in table["for_example"].iloc[0]


def test_a_swap_is_answered_with_a_way_out():
    news = read_corpus("ukraine-korea")
    with pytest.raises(TableError) as fault:
        find_mentions(news.articles, "actors")
    assert str(fault.value) == (
        "find_mentions: got DataFrame, expected Corpus. Make one: news = read_corpus(…), and give it to find_mentions in its place."
    )
    with pytest.raises(TableError, match="estimate_rates: got Corpus, expected Mentions"):
        estimate_rates(news)
    named = find_mentions(news, "actors")
    with pytest.raises(TableError, match="keep_voice: got Mentions, expected Attributions"):
        keep_voice(named, named, "own voice")


def test_what_a_newcomer_writes_works():
    news = read_corpus("ukraine-korea")
    by_label = find_mentions(news, "actors", "Ukraine")
    assert by_label.entries == ("UKR",) == find_mentions(news, "actors", ["UKR"]).entries
    assert len(by_label.measured) == 12
    table = by_label.table
    assert all(surface in text for surface, text in zip(table["surface"], table["text"], strict=True))
    assert isinstance(table, pd.DataFrame) and "Ukraine" in repr(by_label)


def test_other_entries_can_be_measured_of_what_was_found():
    mentions = find_actors("Kyiv met Russia.")
    assert keep_entries(mentions, "found").entries == ("RUS", "UKR") or set(keep_entries(mentions, "found").entries) == {"RUS", "UKR"}
    assert len(keep_entries(mentions, "RUS").measured) == 1 and len(mentions.rows) == 2


def test_words_in_another_voice_are_not_counted_and_say_so():
    corpus = find(*make_text("The war goes on.", "“The war is over,” Ann Bo said."), make_book(make_entry("war", ["war"])))
    told = keep_voice(corpus, find_attributions(replace(corpus, codebook=read_codebook("actors"), rows=corpus.rows.iloc[:0])), "own voice")
    assert told.rows["left_out"].tolist() == ["", "voice"] and len(told.counted) == 1


def test_what_was_found_in_two_corpora_is_not_put_together(tmp_path):
    for name, said in (("a", "Ukraine asked for talks, officials said."), ("b", "Russia refused, Ukraine said.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text(f"Headline\n\n{said}\n", "utf8")
    one, other = (find_mentions(read_corpus(tmp_path / name), "actors") for name in ("a", "b"))
    speech = find_attributions(other)
    for put in (
        lambda: keep_voice(one, speech, "own voice"),
        lambda: estimate_voices(one, speech),
        lambda: estimate_places(one, speech),
        lambda: estimate_together(one, other),
        lambda: compare_codebooks(one, other),
        lambda: keep_near(one.corpus, other, "UKR"),
    ):
        with pytest.raises(ToolkitError, match="comes from two corpora"):
            put()


def test_two_parts_of_one_corpus_are_two_corpora(tmp_path):
    rows = {"outlet": ["a.com", "b.com"], "text": ["Ukraine asked for talks.", "Russia refused to talk."]}
    parts = [find_mentions(read_corpus(pd.DataFrame(rows), outlets=outlet), "actors") for outlet in rows["outlet"]]
    with pytest.raises(ToolkitError, match="comes from two corpora"):
        estimate_together(*parts)


def test_a_corpus_is_not_narrowed_to_an_entry_that_nobody_mentions():
    news = read_corpus("ukraine-korea")
    with pytest.raises(CorpusError, match=r"no sentence of ukraine-korea mentions North Korea. Choose another entry."):
        keep_near(news, find_mentions(news, "actors"), "PRK")


@pytest.mark.parametrize("limits", [{}, {"outlets": "bbc.co.uk"}, {"start": "2017-03-01"}])
@pytest.mark.parametrize(("codebook", "entry"), [("actors", "UKR"), ("frames", "conflict"), ("frames-learned", "war-words")])
def test_an_entry_alone_has_the_same_mentions(codebook, entry, limits):
    news = read_corpus("news-2017", **limits)
    every, alone = find_mentions(news, codebook, entry), find_mentions(news, codebook, entry, alone=True)
    pd.testing.assert_frame_equal(alone.measured, every.measured)
    assert len(alone.rows) < len(every.rows)
    assert count_mentions(alone).equals(count_mentions(every))
