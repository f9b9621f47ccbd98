from toolkit.counting.patterns import compile_pattern


def test_plain_words_and_a_last_star_need_no_regex():
    for text, anchor in [("South Korea", " South Korea "), ("Korea*", " Korea"), ("war *", " war ")]:
        compiled = compile_pattern(text, case=True)
        assert (compiled.anchor, compiled.shift, compiled.words, compiled.gaps) == (anchor, 0, None, None)


def test_anchor_is_the_longest_stretch_without_wildcard():
    assert [compile_pattern(text, case=False).anchor for text in ("*gate scandal", "a* b", "?r", "un*ted")] == [
        "gate scandal ",
        " b ",
        "r ",
        "ted ",
    ]


def test_shift_counts_the_words_before_the_anchor():
    assert [compile_pattern(text, case=False).shift for text in ("*gate scandal", "a? bcd", "w * peace")] == [0, 1, 2]


def test_punctuation_is_kept_apart_from_words():
    compiled = compile_pattern("(U.S.)", case=True)
    assert (compiled.before, compiled.after, compiled.n_words, len(compiled.gaps or ())) == ("(", ".)", 2, 1)
