"""How a format is recognised: by content first."""

from __future__ import annotations

import pytest

from tests.timing import take_seconds
from toolkit.codebooks import read_codebook, write_codebook
from toolkit.codebooks.files import parse_codebook
from toolkit.codebooks.formats.listing import find_format
from toolkit.errors import CodebookError

from .files import entries, losses, read


@pytest.mark.parametrize(
    ("content", "suffix", "expect"),
    [
        ("\n%\n1\ta\n%\nx\t1\n", ".txt", "liwc"),
        ("A\n\tx (1)\n", ".txt", "wordstat"),
        ("A\n\t@R [x NEAR y /S 3] (1)\n", ".txt", "wordstat"),
        ("+A\nx\n", ".txt", "lexicoder"),
        ("<?xml version='1.0'?>\n<!-- dictionary -->\n<dictionary><cnode/></dictionary>", ".xml", "yoshikoder"),
        ("pattern,entry\nx,a\n", ".txt", "csv"),
        ("war,peace\nx,y\n", ".csv", "csv"),
        ("PK\x03\x04", ".zip", "csv"),
        ("a: [x]\n", ".yml", "quanteda"),
        ("a: {b: [x]}\n", ".yaml", "quanteda"),
        ("a: [x]\nkind: frames\n", ".yml", "framebook"),
        ("a: x\n", ".yml", "framebook"),
        ("- x\n", ".yml", "framebook"),
        ("codebook: a\nkind: frames\nentries:\n  a: {patterns: [x]}\n", ".txt", "framebook"),
        ("gibberish", ".lc3", "lexicoder"),
        ("gibberish", ".txt", "framebook"),
    ],
)
def test_a_format_is_recognised_by_content_then_by_suffix(content, suffix, expect):
    assert find_format(content.encode(), suffix) == expect


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"format": "lwic"},
            "format 'lwic' is not known. Allowed: csv, framebook, lexicoder, liwc, quanteda, wordstat, yoshikoder. Did you mean 'liwc'?",
        ),
        ({"kind": "frame"}, "kind 'frame' is not known. Allowed: actors, frames, language. Did you mean 'frames'?"),
    ],
)
def test_an_unknown_format_or_kind_is_refused_with_what_there_is(options, message):
    with pytest.raises(CodebookError) as raised:
        parse_codebook("a.dic", b"", **options)
    assert str(raised.value) == message


def test_names_of_categories_in_any_script_stay_what_they_are():
    book = read("Война:\n  Мир и труд: [мир]\n戦争: [bomb]\nΕιρήνη: [talk]\nनमस्ते: [hello]\n'+/-': [sum]\nMa\u0308rz: [march]\n", "a.yml")
    assert [*entries(book)] == ["Война", "Война/Мир-и-труд", "戦争", "Ειρήνη", "नमस्ते", "entry", "März"]
    assert [entry.label for entry in book.entries] == ["Война", "Мир и труд", "戦争", "Ειρήνη", "नमस्ते", "+/-", "März"]
    assert losses(book) == []


def test_a_codebook_with_names_in_other_scripts_is_written_and_read_again(tmp_path):
    book = read("Война:\n  Мир: [мир]\n戦争: [bomb]\n", "a.yml")
    for name, format in (("a.yml", "framebook"), ("a.dic", "liwc"), ("b.yml", "quanteda")):
        write_codebook(book, tmp_path / name, format=format)
        assert entries(read_codebook(tmp_path / name)) == {"Война": [], "Война/Мир": ["мир"], "戦争": ["bomb"]}


CYRILLIC = "%\n1\tВойна\n2\tМир\n%\nвойн*\t1\nбомб*\t1\nобстрел*\t1\nперемири*\t2\nпереговор*\t2\n"
POLISH = "%\n1\tWojna\n2\tPokój\n%\nżołnierz*\t1\nwściekł*\t1\nśmier*\t1\nrozejm*\t2\npokój*\t2\nzawieszenie broni\t2\n"
JAPANESE = "%\n1\t戦争\n2\t平和\n%\n爆撃\t1\n戦闘\t1\n停戦\t2\nあ*\t2\n"
WELSH = "%\n1\tLATIN\n2\tNON-LATIN\n%\nB\t1\nC\t1\nḂ\t2\nĊ\t2\nDŵr\t2\n"


@pytest.mark.parametrize(("text", "encoding"), [(CYRILLIC, "cp1251"), (CYRILLIC, "koi8-r"), (POLISH, "cp1250"), (POLISH, "iso8859-2")])
def test_cyrillic_and_central_european_files_are_read_as_what_they_are_and_the_guess_is_told(text, encoding):
    book = read(text.encode(encoding), "a.dic")
    assert entries(book) == entries(read(text, "a.dic"))
    assert losses(book) == [f"a.dic:1: warning: read as {encoding}, guessed. Name another: codebook convert --encoding."]


def test_a_guess_from_few_letters_is_told_to_be_unsure():
    book = read("%\n1\tWojna\n%\nżołnierz*\t1\nśmier*\t1\n".encode("cp1250"), "a.dic")
    assert losses(book) == [
        "a.dic:1: warning: read as cp1250, guessed and unsure: look at its accents. Name another: codebook convert --encoding.",
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(CYRILLIC, "iso8859-5"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"), (JAPANESE, "utf-16"), (WELSH, "iso8859-14")],
)
def test_a_file_is_read_in_the_encoding_that_is_named(text, encoding, tmp_path):
    path = tmp_path / "a.dic"
    path.write_bytes(text.encode(encoding))
    assert entries(read_codebook(path, encoding=encoding)) == entries(read(text, "a.dic"))
    assert read_codebook(path, encoding=encoding).losses == ()


@pytest.mark.alone
def test_ten_thousand_categories_are_read_and_written_in_seconds(tmp_path):
    def time_both(n_categories: int, again: int) -> float:
        heads = "".join(f"{chr(9) * (number % 5 > 0)}{number}\tcategory {number}\n" for number in range(n_categories))
        words = "".join(f"word{number}x{place}*\t{number}\n" for number in range(n_categories) for place in range(3))

        def do_both() -> int:
            book = read(f"%\n{heads}%\n{words}", f"{n_categories}-{again}.dic")  # a file of that name was not read before
            write_codebook(book, tmp_path / "a.dic")
            return len(book.entries)

        seconds, n_read = take_seconds(do_both)
        assert n_read == n_categories
        return seconds

    quarter, whole = (min(time_both(n_categories, again) for again in range(3)) for n_categories in (2_500, 10_000))  # the best of three
    assert whole < 20, "it took 97 s when each category was compared with all others"
    assert whole < 2.3**2 * quarter, "four times the categories take four times the time, and some room for chance"


def test_a_pattern_that_is_there_twice_is_a_warning():
    book = read("a: [war, War, 'war']\nb: {c: [bomb], d: [bomb]}\n", "a.yml")
    assert entries(book) == {"a": ["war"], "b": ["bomb"], "b-c": ["bomb"], "b-d": ["bomb"]}
    assert [line.partition(": warning: ")[2].split(".")[0] for line in losses(book)] == [
        "left out: 'War' is in 'a' already, in line 1",
        "left out: 'war' is in 'a' already, in line 1",
        "categories share patterns: read side by side, not nested",
    ]
