"""One pattern of a codebook, ready to be matched.

A pattern is a row of words with something between them, and so is a text. Each word of the pattern stands for one whole word: `*` is any
run of word characters (none too, next to a letter), `?` is one. Between words a space is any white space or one hyphen; other punctuation
is itself. Curly and straight apostrophes are equal.
"""

import re

from toolkit.codebooks.patterns import fold_pattern
from toolkit.parsing.words import WORD, is_word_char

# The characters of a compiled pattern that do not stand for themselves.
SPACE, ONE, RUN = " ", "?", "*"

_WORDS = re.compile(f"(?:{WORD.pattern}|[*?])+")


def compile_pattern(text: str, *, case: bool) -> str:
    """Make a pattern ready for matching: one character for each step that a text must take.

    Args:
        text: The pattern as written in the codebook.
        case: Whether letters must match in case.

    Returns:
        The pattern, folded as the text will be, with single spaces and stars.

    Source: quanteda's glob patterns (Benoit et al. 2018), with words as in `toolkit.parsing.words`.

    Example:
        >>> compile_pattern("Cease fire**", case=False)
        'cease fire*'
    """
    return re.sub(r"\*+", RUN, " ".join(fold_pattern(text, case=case).split()))


def count_pattern_words(text: str) -> int:
    """Count the words that a pattern stands for.

    Example:
        >>> count_pattern_words("U.S. * cease-fire")
        5
    """
    return len(_WORDS.findall(text))


def is_word_step(step: str) -> bool:
    """Whether a step of a compiled pattern, if any, stands for part of a word.

    Example:
        >>> [is_word_step(step) for step in "a*. "]
        [True, True, False, False]
    """
    return step in (ONE, RUN) or (step != "" and is_word_char(step))
