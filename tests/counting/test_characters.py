from toolkit.counting.characters import HYPHEN_CHAR, KIND_BITS, SMALL_CHAR, SPACE_CHAR, WORD_CHAR, read_unicode
from toolkit.parsing.words import fold, fold_apostrophes, is_word_char


def test_every_character_of_unicode_is_what_it_is_alone():
    kinds, straight, folded, unfolded = read_unicode()
    assert len(kinds) == 0x110000
    wrong = []
    for point in range(0x110000):
        c = chr(point)
        plain = fold_apostrophes(c)
        kind = WORD_CHAR * is_word_char(plain) | SPACE_CHAR * c.isspace() | HYPHEN_CHAR * (c in "-‐‑") | SMALL_CHAR * (c.upper() != c)
        if (kinds[point], straight[point], folded[point]) != (kind, ord(plain), ord(fold(c))):
            wrong.append(c)
    assert wrong == []
    assert unfolded.tolist() == [point for point in range(0x110000) if folded[point] != point]
    assert int(kinds.max()) < 1 << KIND_BITS
