"""Codebooks in tables."""

from __future__ import annotations

import pytest

from .files import entries, losses, read


@pytest.mark.parametrize(
    "text",
    [
        "Word;Category;Score;By\nbomb*;war;;me\ntruce;peace/talks;-2;you\n;peace;;\n",
        "term\tsentiment\tvalue\tBy\nbomb*\twar\t1\tme\ntruce\tpeace/talks\t-2\t\n\tpeace\t\n",
    ],
)
def test_a_row_is_a_pattern_with_its_category_and_other_columns_are_told(text):
    book = read(text, "war.csv")
    assert entries(book) == {"war": ["bomb*"], "peace": [], "peace/talks": ["truce"]}
    weight = text.splitlines()[0].replace(";", "\t").split("\t")[2]
    assert losses(book) == [
        "war.csv:1: warning: left out: column 'By'. Read are pattern, entry.",
        f"war.csv:1: warning: left out: column '{weight}'. Read are pattern, entry.",
        "war.csv:4: warning: left out: a row without a pattern.",
    ]


def test_a_column_is_a_category():
    assert entries(read('war,peace\nbomb*,truce\nraid,\n"all-out, war",talks\n', "war.csv")) == {
        "war": ["bomb*", "raid", "all-out, war"],
        "peace": ["truce", "talks"],
    }


@pytest.mark.parametrize("head", ["Begriff;Kategorie", "Mot;Catégorie", "palabra;categoría", "Kategorie;Begriff"])
def test_names_of_columns_in_other_languages_are_no_categories(head):
    rows = ["Bombe*;Krieg", "Ruhe;Frieden"] if not head.startswith("Kategorie") else ["Krieg;Bombe*", "Frieden;Ruhe"]
    assert entries(read("\n".join([head, *rows]), "war.csv")) == {"Krieg": ["Bombe*"], "Frieden": ["Ruhe"]}


def test_a_cross_or_a_number_but_zero_puts_a_pattern_into_a_category():
    book = read("DicTerm,war,peace\nbomb*,X,\ntruce,0,0.5\ntalks,no,maybe\n", "war.dicx")
    assert entries(book) == {"war": ["bomb*"], "peace": ["truce"]}
    assert losses(book) == [
        "war.dicx:1: warning: weights are left out: every pattern counts one.",
        "war.dicx:4: warning: left out: 'talks' in 'peace', since 'maybe' is neither a cross nor a number.",
    ]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"pattern,entry\na,b,c\n", "a.csv", "a.csv:1: not a table: "),
        (b"", "a.csv", "a.csv:1: not a table: "),
        (b"PK\x03\x04 and no more", "a.xlsx", "a.xlsx:1: an XLSX workbook or another ZIP file. Allowed: CSV. Save the sheet as CSV."),
        (b"pattern,entry\n", "a.csv", "a.csv:1: no category with a pattern. "),
    ],
)
def test_what_is_no_table_is_refused(content, name, message):
    assert read(content, name).startswith(message)
