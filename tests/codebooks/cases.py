"""Run a bundled codebook over the small texts of `tests/cases`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from toolkit import find_mentions, read_corpus

CASES = Path(__file__).parents[1] / "cases"


def fail(case: dict[str, str]) -> pytest.MarkDecorator:
    """A case that must fail, for the reason written beside it."""
    return pytest.mark.xfail(strict=True, reason=case["why"])


def load_cases(name: str) -> list[object]:
    """The cases of a file as test parameters; known failures must fail."""
    groups = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return [
        pytest.param(
            case["text"], [tuple(pair) for pair in case["expect"]], id=case["label"], marks=fail(case) if group == "known_failures" else ()
        )
        for group in ("wild", "synthetic", "negative", "known_failures")
        for case in groups.get(group, [])
    ]


def find_surfaces(text: str, codebook: str, folder: Path) -> list[tuple[str, str]]:
    """What the codebook finds in a text, as surface and entry, from left to right."""
    path = folder / "text.txt"
    path.write_text(f"A headline of no import\n\n{text}\n", encoding="utf-8")
    mentions = find_mentions(read_corpus(path), codebook, uses="all", roles=True).counted
    return list(mentions.sort_values(["start", "entry"])[["surface", "entry"]].itertuples(index=False, name=None))
