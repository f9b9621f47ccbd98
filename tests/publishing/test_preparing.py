from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.publishing.preparing import prepare_shared


def test_nothing_shared_starts_nothing() -> None:
    lines: list[str] = []
    prepare_shared({}, lines.append)
    assert lines == []


def test_what_pages_share_is_in_the_cache_before_they_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path))
    lines: list[str] = []
    prepare_shared({"ukraine-korea": (["actors", "frames"], False)}, lines.append)
    assert [line for line in lines if "not prepared" in line] == []
    assert list(tmp_path.rglob("*.parquet")) != []


def test_what_cannot_be_prepared_is_said_and_left_to_the_pages(tmp_path: Path) -> None:
    lines: list[str] = []
    prepare_shared({str(tmp_path / "none"): (["actors"], False)}, lines.append)
    assert any("not prepared, the pages say why" in line for line in lines)
