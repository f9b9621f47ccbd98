from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from datetime import date

from toolkit.codebooks import Near, Pattern, list_codebooks, list_formats, read_codebook
from toolkit.parsing.steps import STEPS
from toolkit.publishing.generated import write_codebook, write_dictionary, write_formats, write_front, write_toc
from toolkit.publishing.plan import Page, Plan
from toolkit.showing.display import Shown
from toolkit.tables import TABLES

from .project import PIXEL

PAGE = Page(slug="a", notebook="x", title="A | B")


def test_every_table_and_column_is_in_the_data_dictionary() -> None:
    written = write_dictionary()
    for table in TABLES.values():
        assert f"## {table.name}\n" in written
        assert all(f"| {column.name.replace('_', chr(92) + '_')} |" in written for column in table.columns)


def test_every_entry_pattern_and_rejection_is_on_its_codebooks_page() -> None:
    for name in list_codebooks():
        book = read_codebook(name)
        written = write_codebook(book).replace("\\", "")
        for body in book.bodies:  # what is made by rule is shown as the rule
            assert all(f"| {body.label} |" in written and pattern.text in written for pattern in body.patterns)
            assert ", ".join(body.of) in written
        for entry in [entry for entry in book.entries if not entry.body]:
            assert f"`{entry.id}`" in written
            assert all(pattern.text in written for pattern in (*entry.patterns, *entry.protects))
            assert all(" ".join(why.split()) in written for why in entry.rejected.values())
        assert book.licence in written


def test_a_pattern_is_shown_with_its_conditions() -> None:
    pattern = Pattern(
        "strike*", "pattern", False, 1, weight=-1.5, near=(Near(("talks", "union*"), 8, negated=True),), start=date(2017, 2, 1)
    )
    book = read_codebook("frames")
    written = write_codebook(replace(book, entries=(replace(book.entries[0], patterns=(pattern,)),)))
    assert "strike* (weight -1.5; not within 8 words of talks, union*; from 2017-02-01)" in written.replace("\\", "")


def test_every_format_is_listed_with_what_it_can_carry() -> None:
    written = write_formats()
    for row in list_formats().itertuples():
        assert f"`{row.format}`" in written
    assert "| nesting | yes |" in written


def test_the_front_page_shows_the_finding_with_its_figure() -> None:
    figure = Shown("rates", "", "", "Rates <b>", {}, 'Two bars: "one"', b64decode(PIXEL))
    finding = Shown("finding-rates", "", "Highest: *A*.\nLowest: B.")
    files = write_front(PAGE, figure, finding, [], 3)
    assert sorted(files) == ["data/a/rates.png", "front.md"]
    assert files["front.md"] == (
        "> Highest\\: \\*A\\*.\n>\n> Lowest\\: B.\n>\n\n"
        ':::{figure} pages/data/a/rates.png\n:alt: "Two bars: \\"one\\""\n:name: front-rates\n\nRates \\<b\\>\n:::\n\n'
        "From the page [A \\| B](pages/a.ipynb).\n"
    )


def test_the_front_page_says_which_pages_failed() -> None:
    written = str(write_front(PAGE, None, None, ["a"], 3)["front.md"])
    assert written.startswith(":::{admonition} 1 of 3 pages failed\n:class: danger\n[a](pages/a.ipynb)\n:::\n")


def test_the_table_of_contents_follows_the_plan() -> None:
    parts = [{"caption": "P", "pages": [PAGE]}, {"caption": "Q", "prose": ["methods", "codebooks", "data-dictionary"]}]
    toc = json.loads(write_toc(Plan.model_validate({"version": 1, "parts": parts})))
    assert toc["root"] == "index"
    assert toc["parts"][0] == {"caption": "P", "chapters": [{"file": "pages/a"}]}
    assert [chapter["file"] for chapter in toc["parts"][1]["chapters"]] == [
        "methods",
        *(f"pages/codebook-{name}" for name in (*list_codebooks(), "formats")),
        "pages/data-dictionary",
    ]


def test_the_dictionary_lists_every_step_of_cleaning():
    text = write_dictionary()
    assert all(f"| {name} |" in text for name in STEPS)
