"""Some damaged codebooks and confusing texts, the same every time; `make fuzz` reads thousands."""

from __future__ import annotations

import pytest

from tests.fuzzing import make_codebook, make_text, run_cases


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "n"), [("codebooks", 80), ("texts", 30)])
def test_nothing_crashes_or_hangs_and_what_is_found_is_there(kind: str, n: int) -> None:
    assert run_cases(kind, n) == []


def test_a_case_is_the_same_every_time() -> None:
    assert make_codebook(7) == make_codebook(7)
    assert make_text(7) == make_text(7)
