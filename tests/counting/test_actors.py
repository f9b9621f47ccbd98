from pathlib import Path

import pytest
import yaml

from toolkit.codebooks import read_codebook
from toolkit.counting.matching import match_articles

from .world import list_found, make_text

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "actors.yml").read_text("utf-8"))
LISTED = [(group, case) for group in CASES for case in CASES[group]]


@pytest.mark.parametrize(("group", "case"), LISTED, ids=[case["label"] for _, case in LISTED])
def test_case(group, case, request):
    if group == "known_failures":
        request.applymarker(pytest.mark.xfail(strict=True, reason=case["why"]))
    assert list_found(match_articles(*make_text(case["text"]), read_codebook("actors"))) == case["expect"]
