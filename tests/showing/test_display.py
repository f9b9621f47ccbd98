import base64
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ToolkitError
from toolkit.showing import MIME, Chart, Shown
from toolkit.showing.display import clean_text, write_csv

CHART = Chart("rates", b"\x89PNG", "what it shows", "how to read it", {"rates.csv": "a\n1\n"})
SHOWN = Shown("words", "<p>&lt;b&gt;</p>", "<b>", "a caption", {"words.csv": "word\n<b>\n"})


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
    }
    assert json.loads(json.dumps(data[MIME])) == expected


def test_html_comes_with_its_style_and_no_script() -> None:
    html = str(SHOWN._repr_mimebundle_()[0]["text/html"])
    assert html.startswith('<style class="fb-style">') and html.endswith("</style><p>&lt;b&gt;</p>")
    assert "<script" not in html and "url(" not in html


def test_saved_files_are_what_was_shown(tmp_path: Path) -> None:
    assert [path.name for path in CHART.save(tmp_path / "new")] == ["rates.png", "rates.csv"]
    assert (tmp_path / "new" / "rates.png").read_bytes() == CHART.png
    page = SHOWN.save(tmp_path)[0].read_text("utf8")
    assert page.startswith('<!doctype html>\n<html lang="en"><head>') and SHOWN.html in page


@pytest.mark.parametrize("name", ["", "../x", "a b", "A", "a--b", "a/b"])
def test_name_that_is_no_file_name_is_refused(name: str) -> None:
    with pytest.raises(ToolkitError) as caught:
        Shown(name, "", "")
    message = f"name {name!r} of a chart or table: expected lower-case letters, digits and hyphens, as in 'rates-by-outlet'."
    assert str(caught.value) == message


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", " =1", "\t=1"])
def test_spreadsheet_runs_no_cell(cell: str) -> None:
    assert write_csv(pd.DataFrame({"a": [cell]})).splitlines()[1].strip('"').startswith("'")
