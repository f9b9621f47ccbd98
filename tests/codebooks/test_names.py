from dataclasses import replace

import pytest

from toolkit.codebooks import Entry, Pattern, read_codebook
from toolkit.codebooks.names import list_spellings, spell_names

FOUND = {
    "Volodymyr Zelensky": ["Volodymyr Zelenskiy", "Volodymyr Zelenskyy"],
    "Recep Tayyip Erdoğan": ["Recep Tayyip Erdogan", "Recep Erdogan"],
    "Sergei Lavrov": ["Sergey Lavrov"],
    "Shin Won-sik": ["Shin Wonsik", "Shin Won Sik"],
    "Kim Jong-un": ["Kim Jong Un", "Kim Jong-Un"],
    "Abdel Fattah el-Sisi": ["Abdel Fattah El-Sisi", "Abdel Fattah el-Sissi", "Abdul Fattah el-Sisi"],
    "J. K. Rowling": ["JK Rowling", "J.K. Rowling"],
    "Štefan Füle": ["Stefan Fule"],
}


@pytest.mark.parametrize("name", FOUND)
def test_spellings_that_news_uses_are_found(name):
    assert set(FOUND[name]) <= set(list_spellings(name))


@pytest.mark.parametrize("name", ["Theresa May", "Angela Merkel"])
def test_plain_name_has_no_other_spelling(name):
    assert list_spellings(name) == []


@pytest.mark.parametrize("name", [*FOUND, "Ли Си Цин", "Umerov"])
def test_spellings_are_sorted_whole_and_not_the_name(name):
    spellings = list_spellings(name)
    assert spellings == sorted(set(spellings) - {name})
    assert all(len(spelled.split()) > 1 for spelled in spellings)


def test_spelling_that_is_another_pattern_is_left_alone():
    book = read_codebook("actors")
    known = {pattern.text for entry in book.entries for pattern in (*entry.patterns, *entry.protects)}
    more, origin = spell_names(book)
    assert origin
    assert known.isdisjoint(text for _, text in origin)
    assert {(entry, pattern) for (entry, _), pattern in origin.items()} <= {
        (entry.id, one.text) for entry in book.entries for one in entry.patterns
    }
    assert [entry.id for entry in more.entries] == [entry.id for entry in book.entries]


def test_only_persons_are_spelled_and_only_bodies_have_initials():
    book = read_codebook("actors")
    more, origin = spell_names(book)
    assert all(more.entry(entry.id) == entry for entry in book.entries if entry.type == "state")
    added = {text: origin[id, text] for id, text in origin if book.entry(id).type in ("organisation", "medium", "group")}
    assert added["PACE"] == "Parliamentary Assembly of the Council of Europe"
    assert all(len(text) > 2 and text.isalpha() and set(text.casefold()) <= set(name.casefold()) for text, name in added.items())


def test_initials_are_those_of_all_words_or_of_the_capitalised_ones():
    names = ("Bank of Ruritania", "People's Party of Ruritania", "Ruritanian ?oreign ?inistry", "Grand Co-operative League", "Red Guard")
    entries = [
        Entry(f"e{n}", name, "", "organisation", (Pattern(name, "name", True, 1),), (), {}, (), "", 1) for n, name in enumerate(names)
    ]
    more, _ = spell_names(replace(read_codebook("actors"), entries=tuple(entries)))
    assert [[pattern.text for pattern in entry.patterns[1:]] for entry in more.entries] == [
        ["BOR", "BoR"],
        ["PPOR", "PPR", "PPoR"],
        [],
        ["GCL", "GCOL", "GCoL"],
        [],
    ]
