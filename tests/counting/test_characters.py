import pytest

from toolkit.codebooks.patterns import fold_pattern
from toolkit.counting.characters import HYPHEN_CHAR, KIND_BITS, SMALL_CHAR, SPACE_CHAR, WORD_CHAR, check_spaces, read_unicode
from toolkit.errors import CorpusError
from toolkit.parsing.words import is_word_char


def test_every_character_of_unicode_is_what_it_is_alone():
    kinds, straight, folded, unfolded = read_unicode()
    assert len(kinds) == 0x110000
    wrong = []
    for point in range(0x110000):
        c = chr(point)
        plain = fold_pattern(c, case=True)
        kind = WORD_CHAR * is_word_char(plain) | SPACE_CHAR * c.isspace() | HYPHEN_CHAR * (c in "-‐‑") | SMALL_CHAR * (c.upper() != c)
        if (kinds[point], straight[point], folded[point]) != (kind, ord(plain), ord(fold_pattern(c, case=False))):
            wrong.append(c)
    assert wrong == []
    assert unfolded.tolist() == [point for point in range(0x110000) if folded[point] != point]
    assert int(kinds.max()) < 1 << KIND_BITS


UNSPACED = [
    "印度尼西亚总统周五说，停火协议已经生效。战争终于结束了。",
    "インドネシアの大統領は金曜日に停戦を発表した。",
    "ประธานาธิบดีอินโดนีเซียกล่าวว่าสงครามสิ้นสุดลงแล้ว เมื่อวันศุกร์ที่ผ่านมา",
]
SPACED = [
    "",
    "印度尼西亚 总统 周五 说 ， 停火 协议 已经 生效 。",
    "インドネシア の 大統領 は 金曜日 に 停戦 を 発表 し た 。",
    "ประธานาธิบดี อินโดนีเซีย กล่าว ว่า สงคราม สิ้นสุด ลง แล้ว",
    "인도네시아 대통령은 금요일에 휴전을 발표했다.",
    "The president said 停火协议已经生效 (the truce is in force), as Xinhua reported on Friday evening.",
]


@pytest.mark.parametrize("text", UNSPACED)
@pytest.mark.parametrize("times", [1, 200])
def test_text_without_spaces_between_words_is_refused_with_what_to_do(text, times):
    with pytest.raises(CorpusError) as raised:
        check_spaces(["good", "bad", "worse"], [SPACED[-1], text * times, text])
    assert str(raised.value) == (
        "articles without spaces between words: 2, such as 'bad'. Allowed: words with spaces. "
        "Segment Chinese, Japanese, Thai, Lao, Burmese or Khmer first, for example with jieba, MeCab or PyThaiNLP, or leave them out."
    )


@pytest.mark.parametrize("text", SPACED)
def test_text_with_spaces_is_counted_in_any_script(text):
    check_spaces(["a", "b"], [text, f"{text} " * 200])
