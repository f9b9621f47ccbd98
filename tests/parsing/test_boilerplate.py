from pathlib import Path

import pytest
import yaml

from tests.parsing.splitting import split_text
from toolkit.parsing import parts
from toolkit.parsing.parts import cut_suffix, find_boilerplate_pieces, find_boilerplate_sentences, split_paragraphs

LISTED = yaml.load((Path(parts.__file__).parent / "data" / "boilerplate.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
CASES = yaml.load((Path(__file__).parents[1] / "cases" / "boilerplate.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def listed(kind):
    return [pytest.param(item, id=str(item.get("cue", item["example"]))) for item in LISTED[kind]]


def named(kind):
    return [pytest.param(case, id=case["label"]) for case in CASES[kind]]


def left_out(case):
    headline = case.get("headline", "")
    text = f"{headline}\n\n{case['text']}" if headline else case["text"]
    return [text[start:end] for _, part, start, end, _, _ in split_text(text, headline) if part == "boilerplate"]


@pytest.mark.parametrize("item", listed("pieces") + listed("tails"))
def test_piece_is_found_in_a_text_by_its_own_pattern(item):
    text = f"They left. {item['example']}"
    found = [text[start:end] for start, end, _ in find_boilerplate_pieces(text, split_paragraphs(text))]
    assert item.get("cue", "") in item["example"]
    assert item["example"].removesuffix(" -") in found


@pytest.mark.parametrize("item", listed("lines"))
def test_line_is_found_between_paragraphs_by_its_own_pattern(item):
    text = f"They left.\n\n{item['example']}\n\nThey came back."
    found = [(text[start:end], step) for start, end, step in find_boilerplate_pieces(text, split_paragraphs(text))]
    assert (item["example"], item.get("step", "known boilerplate")) in found


@pytest.mark.parametrize("item", listed("sentences"))
def test_sentence_is_known_by_its_own_pattern(item):
    assert item["cue"] in item["example"]
    found = find_boilerplate_sentences(item["example"], [0], [len(item["example"])])
    assert found == [(0, item.get("step", "known boilerplate"))]
    assert find_boilerplate_sentences(item["example"], [0], [len(item["example"])], without=frozenset({found[0][1]})) == []


@pytest.mark.parametrize("case", named("wild") + named("synthetic"))
def test_what_is_no_story_is_left_out(case):
    assert left_out(case) == case["expect"]


@pytest.mark.parametrize("case", named("negative"))
def test_story_stays(case):
    assert left_out(case) == []


@pytest.mark.parametrize("case", named("known_failures"))
def test_known_failure(case, request):
    request.applymarker(pytest.mark.xfail(strict=True, reason=case["why"]))
    assert left_out(case) == case["expect"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["headline"]) for case in CASES["headlines"]])
def test_outlet_is_cut_from_a_headline(case):
    assert cut_suffix(case["headline"], case["outlet"]) == case["expect"]
