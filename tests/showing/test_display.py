import base64
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ToolkitError
from toolkit.markup import clean_text, write_csv
from toolkit.showing.display import MIME, Shown

CHART = Shown("rates", "what it shows", png=b"\x89PNG", alt="what it shows", caption="how to read it", files={"rates.csv": "a\n1\n"})
SHOWN = Shown("words", "<b>", "<p>&lt;b&gt;</p>", caption="a caption", files={"words.csv": "word\n<b>\n"})


@given(st.text())
def test_cleaned_text_holds_no_markup_and_no_control(text: str) -> None:
    cleaned = clean_text(text)
    assert not set(cleaned) & set("<>\"'\x00\x1b\x9f\u202e\u2066")
    cleaned.encode("utf8")


def test_bundle_carries_words_and_data_as_json() -> None:
    data, metadata = CHART._repr_mimebundle_()
    assert base64.b64decode(str(data["image/png"])) == CHART.png
    assert (data["text/plain"], metadata["image/png"]) == ("what it shows", {"width": 560})
    expected = {
        "version": 1,
        "name": "rates",
        "alt": "what it shows",
        "caption": "how to read it",
        "files": {"rates.csv": "a\n1\n"},
        "layer": "",
    }
    assert json.loads(json.dumps(data[MIME])) == expected


def test_html_comes_with_its_style_and_no_script() -> None:
    html = str(SHOWN._repr_mimebundle_()[0]["text/html"])
    assert html.startswith('<style class="fb-style">') and html.endswith("</style><p>&lt;b&gt;</p>")
    assert "<script" not in html and "url(" not in html


def test_a_terminal_shows_the_words() -> None:
    assert (repr(SHOWN), repr(CHART)) == ("<b>", "what it shows\nhow to read it")


def test_saved_files_are_what_was_shown(tmp_path: Path) -> None:
    assert sorted(path.name for path in CHART.save(tmp_path / "new")) == ["rates.csv", "rates.png"]
    assert (tmp_path / "new" / "rates.png").read_bytes() == CHART.png
    SHOWN.save(tmp_path)
    page = (tmp_path / "words.html").read_text("utf8")
    assert page.startswith('<!doctype html>\n<html lang="en"><head>') and SHOWN.html in page


@pytest.mark.parametrize("name", ["", "../x", "a b", "A", "a--b", "a/b"])
def test_name_that_could_not_be_a_file_name_is_refused(name: str) -> None:
    with pytest.raises(ToolkitError, match="of a chart or table: expected lower-case letters, digits and hyphens"):
        Shown(name, "")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", " =1", "\t=1"])
def test_spreadsheet_runs_no_cell(cell: str) -> None:
    assert write_csv(pd.DataFrame({"a": [cell]})).splitlines()[1].strip('"').startswith("'")
