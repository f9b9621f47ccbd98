from pathlib import Path

import numpy as np
import pytest
import yaml

from toolkit.codebooks import read_codebook
from toolkit.counting.characters import read_unicode
from toolkit.counting.kernels import run_kernel
from toolkit.counting.matching import match_articles
from toolkit.counting.uses import read_around

from .world import make_book, make_entry, make_text, make_world

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "uses.yml").read_text("utf-8"))
LISTED = [(group, case) for group in CASES for case in CASES[group]]


@pytest.mark.parametrize(("group", "case"), LISTED, ids=[case["label"] for _, case in LISTED])
def test_case(group, case, request):
    if group == "known_failures":
        request.applymarker(pytest.mark.xfail(strict=True, reason=case["why"]))
    mentions = match_articles(*make_text(case["text"]), read_codebook("actors"))
    assert mentions[["surface", "use"]].to_numpy().tolist() == case["expect"]


def test_name_in_a_dateline_is_a_place():
    articles, sentences = make_world({"a": [("dateline", "MOSCOW"), ("body", "Moscow said so.")]})
    assert match_articles(articles, sentences, read_codebook("actors"))["use"].tolist() == ["place", "actor"]


def test_words_of_the_sentence_before_say_nothing():
    articles, sentences = make_text("They arrived in", "Warsaw, no less.")
    assert match_articles(articles, sentences, read_codebook("actors"))["use"].tolist() == ["undecided"]


def test_other_codebooks_have_no_use():
    assert match_articles(*make_text("in Moscow"), make_book(make_entry("m", ["moscow"])))["use"].tolist() == [""]


@pytest.mark.parametrize("text", ["", "in the Kyiv", "“Kyiv”s", "Kyiv’s é–x", "ﬁ É Kyiv-led 🙂 in Kyiv"])
def test_kernel_finds_the_same_compiled_or_not(text):
    starts = np.array([at for at in range(len(text)) if text.startswith("Kyiv", at)], dtype=np.int64)
    points = np.array([ord(letter) for letter in text], dtype=np.int32)
    for start, end in ((starts, np.zeros_like(starts)), (starts + 4, np.full_like(starts, len(text)))):
        spans = read_unicode()[0][points], points, start, end, 3
        plain, compiled = (run_kernel(read_around, *spans, size=size) for size in (0, 10**9))
        assert [values.tolist() for values in plain] == [values.tolist() for values in compiled]


def test_nothing_asked_is_nothing_decided():
    mentions = match_articles(*make_text("Nobody came."), read_codebook("actors"))
    assert mentions.empty and set(mentions["use"]) == set()
