from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from toolkit.publishing import kernels


def prepare(shared: dict[str, tuple[list[str], bool]]) -> list[str]:
    lines: list[str] = []
    kernels.prepare(shared, lines.append)
    return lines


def test_nothing_shared_makes_nothing() -> None:
    assert prepare({}) == []


def test_what_pages_share_is_in_the_cache_before_they_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path))
    lines = prepare({"ukraine-korea": (["actors", "frames"], False)})
    assert lines != [] and [line for line in lines if "not prepared" in line or "early" in line] == []
    assert list(tmp_path.rglob("*.parquet")) != []


def test_what_cannot_be_prepared_is_said_and_left_to_the_pages(tmp_path: Path) -> None:
    lines = prepare({str(tmp_path / "none"): (["actors", str(tmp_path / "none.yml")], False)})
    assert any("not prepared, the pages say why" in line for line in lines)


def test_a_name_of_several_lines_does_not_end_what_is_said(tmp_path: Path) -> None:
    lines = prepare({str(tmp_path / "no\n\ncorpus"): (["actors"], False), "ukraine-korea": (["actors"], False)})
    assert "ukraine-korea: articles" in lines


def test_what_prepares_may_be_killed_and_the_pages_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path))
    lines: list[str] = []

    def kill(line: str) -> None:
        if not lines:
            (process,) = [child for child in psutil.Process().children() if "prepare_corpora" in " ".join(child.cmdline())]
            process.kill()
        lines.append(line)

    kernels.prepare({"ukraine-korea": (["actors"], True)}, kill)
    assert lines[0] == "ukraine-korea: articles"
    assert lines[-1] == "Preparing ended early; the pages make what they need themselves, and say what is wrong."
