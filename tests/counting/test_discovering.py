import pandas as pd
import pytest

from toolkit.codebooks import read_codebook
from toolkit.counting import find_names
from toolkit.counting.discovering import find_lacking
from toolkit.estimating import estimate_shares
from toolkit.tables import check_table

from .world import find, make_text, make_world


def suggest(articles, sentences, **options):
    return find_lacking(find_names(find(articles, sentences, read_codebook("actors"))), **options)[0]


def discover(*sentences, least=1):
    articles, pieces = make_text(*sentences)
    found = suggest(articles, pieces, least=least)
    return dict(zip(found["name"], found["n_mentions"], strict=True))


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("We met Bela Nyiri there.", {"Bela Nyiri": 1}),
        ("Then Bela Nyiri and the Bank of Somewhere spoke.", {"Bela Nyiri": 1, "Bank of Somewhere": 1}),
        ("It saw Bela Nyiri's house.", {"Bela Nyiri": 1}),
        ("Bread is dear. Milk is not.", {}),
        ("On Monday, in June, he left Ukraine.", {}),
        ("Mr Umerov met the Ukrainian Defense Ministry.", {}),
        ("BELA NYIRI SPEAKS", {}),
        ("Then I'd say, and I’m sure, that he's Bela O'Nyiri.", {"Bela O'Nyiri": 1}),
    ],
)
def test_names_that_no_mention_covers_are_found(text, expect):
    assert discover(text) == expect


def test_other_spellings_go_with_the_name_and_a_last_word_stays_alone():
    articles, sentences = make_text("We met Bela Nyirsky there.", "We heard Nyirsky speak.", "We left Bela Nyirskyy there.")
    found = suggest(articles, sentences, least=1)
    assert found[["name", "variants", "n_mentions", "n_articles"]].to_numpy().tolist() == [
        ["Bela Nyirsky", "Bela Nyirskyy", 2, 1],
        ["Nyirsky", "", 1, 1],
    ]


def test_rare_names_are_left_out():
    assert discover("We met Bela Nyiri there.", least=2) == {}


def test_coverage_is_the_share_of_names_with_a_mention():
    articles, sentences = make_text("We met Bela Nyiri in Ukraine.")
    names = find_names(find(articles, sentences, read_codebook("actors")))
    assert check_table(names.table, "Names")[["name", "covered"]].to_numpy().tolist() == [["Bela Nyiri", False], ["Ukraine", True]]


def test_as_many_names_are_listed_as_are_asked_for():
    articles, sentences = make_text("We met Bela Nyiri and Egon Grau and Bela Nyiri there.")
    assert suggest(articles, sentences, least=1, most=1)["name"].tolist() == ["Bela Nyiri"]
    assert suggest(*make_text("Nothing."), most=3).empty


def test_order_of_rows_changes_nothing():
    articles, sentences = make_world({id: [("body", "We met Bela Nyiri in Ukraine."), ("body", "Then Egon Grau left.")] for id in "ab"})
    names = find_names(find(articles, sentences, read_codebook("actors")))
    turned = find_names(
        find(articles.iloc[::-1].reset_index(drop=True), sentences.iloc[::-1].reset_index(drop=True), read_codebook("actors"))
    )
    pd.testing.assert_frame_equal(turned.table, names.table)
    pd.testing.assert_frame_equal(find_lacking(turned)[0], find_lacking(names)[0])


def test_coverage_is_estimated_over_articles():
    articles, sentences = make_world({id: [("body", f"We met Bela Nyiri in Ukraine{' and Russia' * (id == 'a')}.")] for id in "abcdef"})
    covered = estimate_shares(find_names(find(articles, sentences, read_codebook("actors"))), by="")
    (row,) = check_table(covered.table, "Estimates").to_dict("records")
    assert row["estimate"] == pytest.approx(7 / 13) and (row["n_mentions"], row["n_articles"]) == (7, 6)
    assert (row["entry"], covered.measure.unit) == ("covered", "share of names") and 0.4 < row["low"] < 7 / 13 < row["high"] < 0.7
