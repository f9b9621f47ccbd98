from toolkit.counting.patterns import compile_pattern, count_pattern_words, is_word_step


def test_a_pattern_is_folded_as_its_text_unless_its_case_is_exact():
    assert compile_pattern("Trump’s WALL", case=False) == "trump's wall"
    assert compile_pattern("Trump’s WALL", case=True) == "Trump's WALL"


def test_white_space_and_stars_are_single():
    assert compile_pattern(" all\u00a0 out\twar** ", case=False) == "all out war*"


def test_words_of_a_pattern_are_those_of_a_text_and_wildcards():
    texts = ("war", "war*", "war * peace", "U.S.", "(U.S.)", "cease-fire", "*gate", "19?? 2?*", "cafe\u0301")
    assert [count_pattern_words(text) for text in texts] == [1, 1, 3, 2, 2, 2, 1, 2, 1]


def test_steps_of_words():
    assert [is_word_step(step) for step in ("a", "\u0301", "?", "*", " ", ".", "")] == [True] * 4 + [False] * 3
