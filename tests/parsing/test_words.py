import sys
import unicodedata
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from toolkit.parsing.words import WORD, count_words, count_words_from, fold, fold_apostrophes, is_word_char


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


@given(st.text(min_size=1) | st.text("a b’é\u0301\U0001f600_", min_size=1), st.data())
def test_words_counted_at_once_are_those_counted_piece_by_piece(text, data):
    starts = sorted(data.draw(st.sets(st.integers(0, len(text) - 1), max_size=5)))
    pieces = [text[start:end] for start, end in pairwise([*starts, len(text)])]
    assert count_words_from(text, np.array(starts, dtype=np.int64)).tolist() == [count_words(piece) for piece in pieces]


def test_words_counted_at_once_hold_for_every_character():
    text = " ".join(chr(code) for code in range(sys.maxunicode + 1))
    found = count_words_from(text, np.arange(0, len(text), 2))
    assert found.tolist() == [is_word_char(c) for c in text[::2]]
