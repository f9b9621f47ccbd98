from pathlib import Path

import pytest
from ruamel.yaml import YAML

from toolkit.codebooks import read_codebook
from toolkit.counting import find_mentions

from .world import list_found, make_text

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "cases" / "actors.yml")
LISTED = [(group, case) for group in CASES for case in CASES[group]]


@pytest.mark.parametrize(("group", "case"), LISTED, ids=[case["label"] for _, case in LISTED])
def test_case(group, case, request):
    if group == "known_failures":
        request.applymarker(pytest.mark.xfail(strict=True, reason=case["why"]))
    assert list_found(find_mentions(*make_text(case["text"]), read_codebook("actors"))) == case["expect"]
