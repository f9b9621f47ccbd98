"""How patterns treat each Unicode character: as part of a word, white space, a hyphen or a lower-case letter; and what it folds to."""

import re
from collections.abc import Iterable
from functools import cache

import numpy as np

from toolkit.errors import CorpusError
from toolkit.parsing.words import WORD, fold, fold_apostrophes

# The kinds, as bits. A small letter is one that `str.upper` changes: a line without one is a line of capitals.
WORD_CHAR, SPACE_CHAR, HYPHEN_CHAR, SMALL_CHAR = 1, 2, 4, 8

KIND_BITS = 4

_HYPHENS = re.compile("[-\u2010\u2011]")  # hyphen-minus, hyphen, non-breaking hyphen; no dash: it parts phrases
_PLANE, _N_PLANES = 1 << 16, 17
_IN_USE = (0, 1, 2, 3, 14)  # planes; in the others nothing is assigned but private characters (a test goes through all of Unicode)

# A clause where words have no spaces between them: longer than most words of Chinese and Japanese; of Thai, Lao, Burmese and Khmer.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]{5,}|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{13,}")

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Points = np.ndarray[tuple[int], np.dtype[np.int32]]
Truths = np.ndarray[tuple[int], np.dtype[np.bool_]]
Table = np.ndarray[tuple[int, int], np.dtype[np.int64]]


@cache
def read_unicode() -> tuple[Points, Points, Points, Points]:
    """Classify all Unicode characters, once.

    Returns:
        By code point: its kinds; what it is with straight apostrophes; what it is folded. And the code points that are not folded already.

    Source: `toolkit.parsing.words`; going through it plane by plane takes a tenth of the time of character by character.

    Example:
        >>> kinds, _, folded, _ = read_unicode()
        >>> int(kinds[ord("é")]) == WORD_CHAR | SMALL_CHAR, chr(folded[ord("É")]), chr(folded[ord("’")])
        (True, 'é', "'")
    """
    points = np.arange(_N_PLANES * _PLANE, dtype=np.int32)
    kinds, straight, folded = np.zeros_like(points), points.copy(), points.copy()
    for first in (number * _PLANE for number in _IN_USE):
        own = slice(first, first + _PLANE)
        plane = points[own].tobytes().decode("utf-32-le", "surrogatepass")
        straightened = fold_apostrophes(plane)
        for kind, pattern in ((WORD_CHAR, WORD), (SPACE_CHAR, re.compile(r"\s")), (HYPHEN_CHAR, _HYPHENS)):
            for run in pattern.finditer(straightened):
                kinds[first + run.start() : first + run.end()] |= kind
        if plane.upper() != plane:
            kinds[own][[c.upper() != c for c in plane]] |= SMALL_CHAR
        straight[own], folded[own] = _spell(straightened), _spell(fold(plane))
    return kinds, straight, folded, points[folded != points]


def _spell(text: str) -> Points:
    """List the code points of a string."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.int32)


def check_spaces(ids: Iterable[str], texts: Iterable[str]) -> None:
    """Refuse articles in which most words have no spaces between them: a whole clause would count as one word.

    Args:
        ids: Their ids.
        texts: Their texts; 200 characters from the middle of each are looked at.

    Raises:
        CorpusError: Names an article, and says what to do.

    Example:
        >>> check_spaces(["a", "b"], ["战争 结束 了 。", "The war (战争) is over."])
        >>> check_spaces(["c"], ["战争终于结束了。"])
        Traceback (most recent call last):
        toolkit.errors.CorpusError: articles without spaces between words: 1, such as 'c'. Allowed: words with spaces. Segment Chinese, ...
    """
    middles = ((id, text[len(text) // 3 : len(text) // 3 + 200]) for id, text in zip(ids, texts, strict=True) if not text.isascii())
    if found := [id for id, middle in middles if 2 * sum(map(len, _UNSPACED.findall(middle))) > len(middle)]:
        how = "Segment Chinese, Japanese, Thai, Lao, Burmese or Khmer first, for example with jieba, MeCab or PyThaiNLP, or leave them out."
        raise CorpusError(f"articles without spaces between words: {len(found):,}, such as {found[0]!r}. Allowed: words with spaces. {how}")
