"""Codebooks in tables."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from .files import entries, losses, read


def workbook(*rows: list[object], more: bool = False) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    if more:
        book.create_sheet("notes").append(["x"])
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "Word;Category;Score;By\nbomb*;war;;me\ntruce;peace/talks;-2;you\n;peace;;\n",
        "term\tsentiment\tvalue\tBy\nbomb*\twar\t1\tme\ntruce\tpeace/talks\t-2\t\n\tpeace\t\n",
    ],
)
def test_a_row_is_a_pattern_with_its_category_and_weight(text):
    book = read(text, "war.csv")
    assert entries(book) == {"war": ["bomb*"], "peace": [], "peace/talks": ["truce"]}
    assert book.entry("peace/talks").patterns[0].weight == -2.0
    assert losses(book) == [
        "war.csv:1: warning: left out: column 'By'. Read are pattern, entry, weight.",
        "war.csv:4: warning: left out: a row without a pattern.",
    ]


def test_a_column_is_a_category():
    assert entries(read('war,peace\nbomb*,truce\nraid,\n"all-out, war",talks\n', "war.csv")) == {
        "war": ["bomb*", "raid", "all-out, war"],
        "peace": ["truce", "talks"],
    }


def test_a_cross_or_a_weight_puts_a_pattern_into_a_category():
    book = read("DicTerm,war,peace\nbomb*,X,\ntruce,0,0.5\ntalks,no,maybe\n", "war.dicx")
    assert entries(book) == {"war": ["bomb*"], "peace": ["truce"]}
    assert book.entry("peace").patterns[0].weight == 0.5
    assert losses(book) == ["war.dicx:4: warning: left out: 'talks' in 'peace', since its weight 'maybe' is not a number."]


def test_a_workbook_is_read_by_its_first_sheet():
    book = read(workbook(["pattern", "entry", "weight"], [1984, "year", 2.5], ["true", "odd", None], more=True), "war.xlsx")
    assert entries(book) == {"year": ["1984"], "odd": ["true"]}
    assert losses(book) == ["war.xlsx:1: warning: left out: sheet 'notes'. Only the first sheet is read."]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"pattern,entry\na,b,c\n", "a.csv", "a.csv:1: not a table: "),
        (b"", "a.csv", "a.csv:1: not a table: "),
        (b"PK\x03\x04 and no more", "a.xlsx", "a.xlsx:1: not an XLSX workbook: "),
        (b"pattern,entry\n", "a.csv", "a.csv:1: no category with a pattern. "),
    ],
)
def test_what_is_no_table_is_refused(content, name, message):
    assert read(content, name).startswith(message)
