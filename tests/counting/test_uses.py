from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from toolkit.codebooks import read_codebook
from toolkit.counting.kernels import run_kernel
from toolkit.counting.matching import match_articles
from toolkit.counting.uses import RULES, decide_uses, read_around, read_characters_of
from toolkit.tables import USES

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


def test_every_use_that_a_rule_decides_for_is_one_of_the_table():
    assert {use for use, _ in RULES} == {"", "actor", "place"} < set(USES)


@pytest.mark.parametrize("text", ["", "in the Kyiv", "“Kyiv”s", "Kyiv’s é–x", "ﬁ É Kyiv-led 🙂 in Kyiv"])
def test_kernel_finds_the_same_compiled_or_not(text):
    starts = [at for at in range(len(text)) if text.startswith("Kyiv", at)]
    spans = [
        np.array(column, dtype=np.int64) for column in (starts, [at + 4 for at in starts], [0] * len(starts), [len(text)] * len(starts))
    ]
    listed = np.array([0, 53555]), np.array([0, 4]), 0  # "in"
    for plain, compiled in zip(
        *(run_kernel(read_around, *read_characters_of(text), *spans, *listed, size=size) for size in (0, 10**9)), strict=True
    ):
        assert plain.tolist() == compiled.tolist()


def test_nothing_asked_is_nothing_decided():
    asked = pd.DataFrame(
        {column: np.empty(0, dtype=np.int64) for column in ("start", "end", "floor", "ceiling", "is_dateline", "entry", "asks")}
    )
    assert [values.tolist() for values in decide_uses(asked, read_characters_of(""), "")] == [[], []]
