from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import PlanError
from toolkit.publishing.documents import name_notebook, read_notebook
from toolkit.publishing.parameters import check_parameters, find_parameters, parse_parameters, write_literal, write_parameters

from .project import write_notebook

CELL = """\
corpus = "news-2017"  # a corpus
outlets = []  # all if empty
days: list[int] = [1, 2]
level = 0.95
seed = 2017  # whole number
strict = True"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "notebooks" / "framing.ipynb"
    write_notebook(path, "pass", parameters=CELL)
    return path


def test_names_defaults_and_kinds_are_read(notebook: Path) -> None:
    assert [(found.name, found.default, found.kind) for found in find_parameters(read_notebook(notebook), name_notebook(notebook))] == [
        ("corpus", "news-2017", "str"),
        ("outlets", [], "list[str]"),
        ("days", [1, 2], "list[int]"),
        ("level", 0.95, "float"),
        ("seed", 2017, "int"),
        ("strict", True, "bool"),
    ]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("seed = int(3)", "line 1: 'seed = int(3)' is not a parameter."),
        ("x = 1\na, b = 1, 2", "line 2: 'a, b = (1, 2)' is not a parameter."),
        ("mixed = [1, 'a']", "line 1: \"mixed = [1, 'a']\" is not a parameter."),
        ("seed = None", "line 1: 'seed = None' is not a parameter."),
        ("seed: str = 3", "line 1: 'seed: str = 3' is not a parameter."),
    ],
)
def test_a_parameters_cell_holds_only_literals(tmp_path: Path, source: str, fault: str) -> None:
    path = tmp_path / "notebooks" / "x.ipynb"
    write_notebook(path, "pass", parameters=source)
    with pytest.raises(PlanError) as raised:
        find_parameters(read_notebook(path), name_notebook(path))
    expected = "Expected name = literal, of str, int, float, bool, list[str], list[int], list[float], list[bool]."
    assert str(raised.value) == f"notebooks/x.ipynb, parameters cell, {fault} {expected}"


def test_every_wrong_name_and_type_is_said_at_once(notebook: Path) -> None:
    with pytest.raises(PlanError) as raised:
        check_parameters(notebook, {"oulets": [], "seed": True, "outlets": "tass.com", "days": [1, "2"], "level": 1})
    assert str(raised.value).splitlines() == [
        "notebooks/framing.ipynb: unknown parameter 'oulets'. Declared: corpus, days, level, outlets, seed, strict. "
        "Did you mean 'outlets'?",
        "notebooks/framing.ipynb: parameter 'seed' is True (bool). Expected int, as in seed = 2017.",
        "notebooks/framing.ipynb: parameter 'outlets' is \"tass.com\" (str). Expected list[str], as in outlets = [].",
        "notebooks/framing.ipynb: parameter 'days' is [1, \"2\"] (list[int | str]). Expected list[int], as in days = [1, 2].",
    ]


def test_what_is_left_out_keeps_its_default(notebook: Path) -> None:
    assert check_parameters(notebook, {"seed": 1})["corpus"] == "news-2017"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("corpus", "2017", "2017"),
        ("corpus", "", ""),
        ("outlets", '["tass.com"]', ["tass.com"]),
        ("outlets", "['tass.com']", ["tass.com"]),
        ("outlets", "[tass.com, cnn.com]", ["tass.com", "cnn.com"]),
        ("outlets", "[NO, on]", ["NO", "on"]),
        ("days", "[3]", [3]),
        ("level", "0.9", 0.9),
        ("seed", " 7 ", 7),
        ("strict", "false", False),
        ("strict", "True", True),
    ],
)
def test_typed_text_becomes_the_declared_type(notebook: Path, name: str, text: str, value: object) -> None:
    assert parse_parameters(notebook, {name: text}) == {name: value}


@pytest.mark.parametrize(
    ("name", "text"), [("seed", "1.5"), ("seed", "x"), ("strict", "1"), ("outlets", "tass.com"), ("level", "nan"), ("nope", "1")]
)
def test_typed_text_of_another_type_is_refused(notebook: Path, name: str, text: str) -> None:
    with pytest.raises(PlanError):
        parse_parameters(notebook, {name: text})


def test_values_are_written_into_the_cell_and_comments_stay() -> None:
    source = 'word = "ü"; n = 2  # both\nlong = [\n    "a",\n    "b",\n]  # many'
    notebook = {"cells": [{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source}]}
    written = write_parameters(notebook, {"word": 'x"y', "n": 3, "long": []}, "x.ipynb")["cells"][0]
    assert written["source"] == 'word = "x\\"y"; n = 3  # both\nlong = []  # many'


@given(st.lists(st.text(st.characters(codec="utf-8"))) | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_literal_reads_back_as_the_value(value: object) -> None:
    assert eval(write_literal(value)) == value
