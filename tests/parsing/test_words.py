import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from toolkit.parsing.words import WORD, count_words, fold, fold_apostrophes, is_word_char


def test_word_pattern_and_is_word_char_agree_on_every_character():
    for code in range(sys.maxunicode + 1):
        c = chr(code)
        expected = unicodedata.category(c)[0] == "M" or c.isalnum()
        assert is_word_char(c) == expected == (WORD.fullmatch(c) is not None), hex(code)


@given(st.text())
def test_words_are_the_maximal_runs_of_word_characters(text):
    spaced = "".join(c if is_word_char(c) else " " for c in text)
    assert WORD.findall(text) == spaced.split()
    assert count_words(text) == len(spaced.split())


@given(st.text())
def test_folding_keeps_every_offset(text):
    assert len(fold(text)) == len(text) == len(fold_apostrophes(text))
    assert fold(text) == "".join(fold(c) for c in text)


def test_marks_keep_a_word_together_and_the_underscore_parts_it():
    assert WORD.findall("cafe\u0301 a_b हिन्दी") == ["cafe\u0301", "a", "b", "हिन्दी"]


def test_sigma_and_dotted_i_fold_one_to_one():
    assert fold("ΟΔΟΣ İ") == "οδοσ İ"
