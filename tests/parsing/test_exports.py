from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from toolkit.parsing.exports import read_export, recognise_export
from toolkit.parsing.sources import RawRefusal

CASES = yaml.load((Path(__file__).parents[1] / "cases" / "exports.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
KINDS = ("nexis", "factiva", "proquest")
LINES = """
End of Document|Body|1 of 2 DOCUMENTS|Documents (9)|1. Rain|Length: 3 words|BYLINE: Ann|Load-Date: 7 May 2017|7 May 2017|3 words|HD|
HD\tRain|PD\t1/2/2017|TD|It rained.|English|© 2017 X|Document DAILY00020170207ed27000ab|1) Rain|____________________|
Full text: It rained.|Title: Rain|Copyright 2017|Graphic|Page 1 of 2|Classification|\t|
"""
TEXTS = st.lists(st.sampled_from(LINES.replace("|\n", "|").split("|")) | st.text(max_size=9), max_size=30).map("\n".join) | st.text(
    max_size=200
)


def named(kind):
    return [pytest.param(case, id=case["label"]) for case in CASES[kind]]


def summary(found):
    if isinstance(found, RawRefusal):
        return found.reason
    fields = {name: value for name, value in found.fields.items() if name != "text"}
    return fields | {"text": found.fields["text"].split("\n\n")}


@pytest.mark.parametrize("case", named("wild"))
def test_export_is_recognised_and_read(case):
    assert recognise_export(case["text"]) == case["kind"]
    found = list(read_export(case["kind"], case["text"]))
    assert [summary(one) for one in found] == case["expect"]
    for field, origin in case.get("origins", {}).items():
        assert list(found[0].origins[field]) == origin


@pytest.mark.parametrize("case", named("wild"))
def test_extra_blank_lines_and_windows_line_ends_change_nothing(case):
    text = case["text"].replace("\n\n", "\r\n\r\n \r\n")
    assert list(read_export(case["kind"], text)) == list(read_export(case["kind"], case["text"]))


@pytest.mark.parametrize("case", named("negative"))
def test_another_text_is_no_export(case):
    assert recognise_export(case["text"]) == ""


@given(st.sampled_from(KINDS), TEXTS)
def test_any_text_gives_articles_or_refusals_numbered_in_order(kind, text):
    recognise_export(text)
    found = list(read_export(kind, text))
    assert [one.row for one in found if one.row is not None] == list(range(1, 1 + sum(one.row is not None for one in found)))
    assert all(one.row is not None for one in found[:-1])
    assert all(set(one.origins) <= set(one.fields) and one.fields["text"].strip() for one in found if not isinstance(one, RawRefusal))


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=3, max_size=8), min_size=1, max_size=6, unique=True))
def test_every_article_written_is_read(words):
    pieces = [f"The {w}\n\nOutlet {w}\n\n7 May 2017\n\nLength: 2 words\n\nBody\n\nText {w}.\n\nEnd of Document\n" for w in words]
    assert [article.fields["text"] for article in read_export("nexis", "\n".join(pieces))] == [f"Text {word}." for word in words]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("piece", ["9" * 10, "a: ", "\n", "1. ", "HD\t", "_", "x\n\n", "Full text: x\n", "7 May 2017\n\n", "Body\n\n"])
def test_a_long_file_of_anything_is_read_or_refused(kind, piece):
    text = piece * (100_000 // len(piece))
    recognise_export(text)
    assert all(one.row != 0 for one in read_export(kind, text))
