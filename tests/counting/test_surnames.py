import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from toolkit.codebooks import read_codebook
from toolkit.counting.matching import match_articles
from toolkit.parsing import split_sentences

from .world import list_found, make_articles, make_book, make_entry, make_text, make_world

UMEROV = replace(make_entry("umerov", [("Rustem Umerov", "name"), ("Umerov", "surname")], case=True), type="person")
BROOK, BUSH, PEREZ = (
    replace(make_entry(name, [(name, "name"), (surname, "surname")], case=True), type="person")
    for name, surname in [("Robert Brook", "Brook"), ("George Bush", "Bush"), ("Juan-Luis Perez Vega", "Perez")]
)
MAY = make_entry("may", [("Theresa May", "name"), ("May", "surname")], case=True)
SMITH = make_entry("smith", [("Ann Smith", "name"), ("Smith", "surname")], case=True)
KIM, OTHER_KIM = (
    make_entry(id, [(name, "name"), ("Kim", "surname")], case=True) for id, name in [("kim", "Kim Jong Un"), ("kim-2", "Kim Jong Nam")]
)
MAYER = make_entry("mayer", [("Ann Mayer", "name"), ("Mayer", "surname"), ("Mayer Foundation", "surname")], case=True)
FUND = make_entry("fund", [("Foundation", "name")], case=True)

CASES = {
    "after the full name": ([UMEROV], ["Rustem Umerov came.", "Umerov spoke."], ["Rustem Umerov", "Umerov"]),
    "before the full name": ([UMEROV], ["Umerov spoke.", "Rustem Umerov came."], ["Umerov", "Rustem Umerov"]),
    "alone, where nobody else has it": ([UMEROV], ["Umerov spoke.", "A minister Umerov came."], ["Umerov", "Umerov"]),
    "alone, after another given name": ([UMEROV], ["Olha Umerov spoke."], []),
    "alone, after a word that begins a sentence": ([UMEROV], ["When Umerov spoke."], ["Umerov"]),
    "alone, but a word too": ([MAY], ["May said so."], []),
    "alone, but common": ([SMITH], ["Smith said so."], []),
    "a word, after the full name": ([MAY], ["Theresa May came.", "May said so."], ["Theresa May", "May"]),
    "alone, with two bearers in the codebook": ([KIM, OTHER_KIM], ["Kim spoke."], []),
    "given name after the full name": ([UMEROV], ["Rustem Umerov came.", "Rustem spoke."], ["Rustem Umerov", "Rustem"]),
    "given name alone": ([UMEROV], ["Rustem spoke."], []),
    "given name of another": ([UMEROV], ["Rustem Umerov came.", "Rustem Akhmetov spoke."], ["Rustem Umerov"]),
    "given name at the end of a sentence": ([UMEROV], ["Rustem Umerov saw Rustem", "Olha spoke."], ["Rustem Umerov", "Rustem"]),
    "after a title": ([UMEROV], ["Defense Minister Umerov spoke."], ["Umerov"]),
    "after a title with a dot": ([UMEROV], ["Mr. Umerov and Gen.  Umerov spoke."], ["Umerov", "Umerov"]),
    "after a title to be": ([UMEROV], ["President-elect Umerov spoke."], ["Umerov"]),
    "after a title in capitals": ([UMEROV], ["PRESIDENT UMEROV SPEAKS"], ["UMEROV"]),
    "a title parted by a comma": ([MAY], ["The Minister, May, spoke."], []),
    "a title in the sentence before": ([MAY], ["He met the Minister", "May spoke."], []),
    "two bearers named": ([KIM, OTHER_KIM], ["Kim Jong Un met Kim Jong Nam.", "Kim spoke."], ["Kim Jong Un", "Kim Jong Nam"]),
    "two bearers named apart": (
        [KIM, OTHER_KIM],
        ["Kim Jong Nam left.", "Kim Jong Un stayed.", "Kim spoke to Mr Kim."],
        ["Kim Jong Nam", "Kim Jong Un", "Kim", "Kim"],
    ),
    "two bearers, one named": ([KIM, OTHER_KIM], ["Kim Jong Un came.", "Mr Kim spoke."], ["Kim Jong Un", "Kim"]),
    "two bearers, title only": ([KIM, OTHER_KIM], ["Mr Kim spoke."], []),
    "full name inside a longer name": (
        [UMEROV, make_entry("school", [("Rustem Umerov School", "name")], case=True)],
        ["The Rustem Umerov School.", "Rustem spoke."],
        ["Rustem Umerov School"],
    ),
    "another given name, the full name in the article": (
        [BROOK],
        ["Bob Brook came.", "Ann Brook and Ms. Brook left."],
        ["Bob Brook"],
    ),
    "another name behind it": ([BROOK], ["Robert Brook came to Brook Street.", "Brook left."], ["Robert Brook", "Brook"]),
    "another bearer named before": (
        [BROOK],
        ["Old Ann Brook came.", "Brook left.", "Robert Brook saw it.", "Brook fell."],
        ["Robert Brook"],
    ),
    "another bearer named later": ([BROOK], ["Bob Brook came.", "His wife Ann Brook left.", "Brook fell."], ["Bob Brook", "Brook"]),
    "an abbreviation before it": ([BROOK], ["Bob Brook came.", "CEO Brook left."], ["Bob Brook", "Brook"]),
    "a short name, an initial, a middle name": (
        [BROOK],
        ["Bob Brook met Robert J. Brook, Robert James Brook; Robert saw Brook."],
        ["Bob Brook", "Robert J. Brook", "Robert James Brook", "Robert", "Brook"],
    ),
    "a place with a surname": ([BUSH], ["George Bush came.", "They left Shepherd's Bush."], ["George Bush"]),
    "the elder": ([BUSH], ["George Bush came.", "The elder Bush and the Bush family left."], ["George Bush"]),
    "a second surname, and hyphens": (
        [PEREZ],
        ["Juan-Luis Perez met Juan Luis Perez Vega and Juan Perez Vega.", "Perez left."],
        ["Juan-Luis Perez", "Juan Luis Perez Vega", "Juan Perez Vega", "Perez"],
    ),
    "a surname that does not count takes no words": (
        [MAYER, FUND],
        ["The Ann Mayer Foundation of Bo Mayer."],
        ["Ann Mayer", "Foundation", "Mayer"],
    ),
}


@pytest.mark.parametrize("label", CASES)
def test_surname(label):
    entries, text, expected = CASES[label]
    articles, sentences = make_text(*text)
    found = match_articles(articles, sentences, make_book(*entries, kind="actors", overlap="dictionary"))
    assert [surface for surface, _ in list_found(found)] == expected


def test_full_name_of_another_article_does_not_count():
    articles, sentences = make_world({"a": [("body", "Theresa May came.")], "b": [("body", "May spoke.")]})
    assert match_articles(articles, sentences, make_book(MAY, kind="actors"))["article_id"].tolist() == ["a"]


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("The Free Party of Ruritania (FPR) won. FPR voters cheered the FPR.", ["Free Party of Ruritania", "FPR", "FPR", "FPR"]),
        ("FPR voters cheered. The Free Party of Ruritania (FPR) won.", ["FPR", "Free Party of Ruritania", "FPR"]),
        ("FPR voters cheered the party.", []),
        ("The Fire Protection Register (FPR) is long.", []),
    ],
)
def test_the_abbreviation_of_a_body_counts_in_an_article_that_has_its_full_name(text, expect):
    entry = replace(make_entry("fpr", [("Free Party of Ruritania", "name")], case=True), type="organisation")
    found = match_articles(*make_text(*re.split(r"(?<=\.) ", text)), make_book(entry, kind="actors", overlap="dictionary"))
    assert [surface for surface, _ in list_found(found)] == expect
    assert set(found["pattern"]) <= {"Free Party of Ruritania"}


OWN = yaml.safe_load((Path(__file__).parents[1] / "cases" / "surnames.yml").read_text("utf-8"))


@pytest.mark.parametrize(("group", "case"), [(group, case) for group in ("cases", "known_failures") for case in OWN[group]])
def test_a_codebook_of_ones_own_needs_no_lists_of_others(group, case, request, tmp_path):
    if group == "known_failures":
        request.applymarker(pytest.mark.xfail(strict=True, reason=case["why"]))
    book = {"codebook": "people", "kind": "actors", "version": 1, "licence": "CC0", "source": "for tests", "entries": OWN["entries"]}
    (tmp_path / "people.yml").write_text(yaml.safe_dump(book, allow_unicode=True, sort_keys=False), "utf-8")
    articles = make_articles({"a": case["text"]})
    assert list_found(match_articles(articles, split_sentences(articles), read_codebook(tmp_path / "people.yml"))) == case["expect"]
