"""The tiny book of `project`, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.publishing import Build, build_book

from .project import HOSTILE, write_project


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Build]:
    """A book with a good page, one of hostile text, and one that fails; where it is, and how its build went."""
    pages = {
        "good-page": {},
        "hostile": {"title": HOSTILE, "parameters": {"word": HOSTILE}},
        "failing": {"notebook": "raises"},
    }
    root = write_project(tmp_path_factory.mktemp("tiny") / "project", pages)
    return root, build_book(root)
