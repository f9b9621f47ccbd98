import pytest

from toolkit.codebooks import read_codebook
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


def test_only_persons_are_spelled():
    book = read_codebook("actors")
    more, _ = spell_names(book)
    assert all(more.entry(entry.id) == entry for entry in book.entries if entry.type != "person")
