from pathlib import Path

import pytest
from ruamel.yaml import YAML

from toolkit.parsing import boilerplate

LISTED = YAML(typ="safe").load(Path(boilerplate.__file__).parent / "data" / "boilerplate.yml")


@pytest.mark.parametrize("item", LISTED["pieces"], ids=lambda item: item["cue"])
def test_piece_is_found_in_a_text_by_its_own_pattern(item):
    text = f"They left. {item['example']}"
    found = [text[start:end] for start, end in boilerplate.find_boilerplate_pieces(text)]
    assert item["cue"] in item["example"]
    assert found == [item["example"].removesuffix(" -")]


@pytest.mark.parametrize("item", LISTED["sentences"], ids=lambda item: item["cue"])
def test_sentence_is_known_by_its_own_pattern(item):
    assert boilerplate.find_boilerplate_sentences(item["example"], [0], [len(item["example"])]) == [(0, "known boilerplate")]
