from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT, serve_lab
from toolkit import explore, read_corpus
from toolkit.errors import CodebookError, CorpusError, TableError
from toolkit.publishing.documents import read_notebook, write_json
from toolkit.publishing.parameters import write_parameters
from toolkit.showing.exploring import Explorer

TEXTS = [
    "Ukraine spoke. Then Ukraine and Russia met in Kyiv.",
    "Russia said that Ukraine lied. =1+1",
    "It rained on Ukraine, and on < Maltby & more.",
]


@pytest.fixture
def view() -> Explorer:
    frame = pd.DataFrame({"text": TEXTS, "outlet": ["a.com", "b.com", None], "published": ["2017-02-06", "2017-02-14", None]})
    return explore(read_corpus(frame), "actors", "UKR")


def read_hits(found: dict[str, object]) -> list[tuple[str, str, str]]:
    return [(hit["left"], hit["surface"], hit["right"]) for hit in found["hits"]]  # type: ignore[index, attr-defined]


def test_all_hits_stand_in_their_context(view: Explorer) -> None:
    found = view.find({})
    assert found["n"] == 4 and found["told"].startswith("Ukraine: 4 mentions in 3 articles of 3, ")
    assert ("It rained on", "Ukraine", ", and on < Maltby & more.") in read_hits(found)
    assert {row["name"] for row in found["outlets"]} == {"a.com", "b.com", "unknown"}
    assert [row["name"] for row in found["weeks"]] == ["2017-02-06", "2017-02-13", "unknown"]


def test_hits_are_sorted_by_the_words_on_either_side(view: Explorer) -> None:
    right = [hit[2] for hit in read_hits(view.find({"sort": "right"}))]
    assert right == [", and on < Maltby & more.", "and Russia met in Kyiv.", "lied. =1+1", "spoke. Then Ukraine and Russia met in Kyiv."]
    left = [hit[0] for hit in read_hits(view.find({"sort": "left"}))]
    assert left == ["It rained on", "Russia said that", "Ukraine spoke. Then", ""], "what has no words comes last"
    assert [hit["published"] for hit in view.find({"sort": "date"})["hits"]] == ["", "2017-02-06", "2017-02-06", "2017-02-14"]


def test_signs_do_not_count_where_hits_are_sorted() -> None:
    frame = pd.DataFrame({"text": ["Ukraine (zoo).", "Ukraine, at last.", "Ukraine boy.", "Ukraine “Ängste”.", "Ukraine …"]})
    hits = read_hits(explore(read_corpus(frame), "actors", "UKR").find({"sort": "right"}))
    assert [hit[2] for hit in hits] == [", at last.", "boy.", "(zoo).", "“Ängste”.", "…"]


def test_filters_narrow_and_stay(view: Explorer) -> None:
    assert view.find({"outlets": ["b.com"]})["n"] == 1
    assert view.find({"entry": "RUS"})["n"] == 1  # still of b.com
    assert view.find({"outlets": [], "start": "2017-02-07"})["n"] == 1
    assert view.find({"voice": "named source", "entry": "UKR", "start": ""})["n"] == 1


def test_a_page_holds_twenty_and_there_is_none_behind_the_last() -> None:
    frame = pd.DataFrame({"text": [f"Ukraine has number {n}." for n in range(45)]})
    many = explore(read_corpus(frame), "actors", "UKR")
    sizes = [len(many.find({"page": page})["hits"]) for page in (0, 1, 2, 9, -1)]
    assert sizes == [20, 20, 5, 5, 20]


def test_what_leaves_nothing_is_said(view: Explorer) -> None:
    with pytest.raises(CorpusError, match=r"no outlet 'c\.com'\. Allowed: a\.com, b\.com"):
        view.find({"outlets": ["c.com"]})
    with pytest.raises(CodebookError, match="there is no entry 'Narnia'"):
        explore(read_corpus("ukraine-korea"), "actors", "Narnia")
    with pytest.raises(TableError, match="explore: got str 'news', expected Corpus"):
        explore("news")  # type: ignore[arg-type]


def test_an_entry_that_is_not_there_has_no_hits(view: Explorer) -> None:
    found = view.find({"entry": "FRA"})
    assert (found["n"], found["hits"], found["told"][:29]) == (0, [], "France: 0 mentions in 0 artic")


def test_a_view_is_code_that_gives_the_same_number(view: Explorer) -> None:
    kept = explore(read_corpus("ukraine-korea"), "actors", "UKR")
    found = kept.find({"voice": "own voice"})
    names: dict[str, object] = {}
    exec(found["code"].replace("draw(", "(").replace("show_numbers(", "("), names)
    assert len(names["told"].measured) == found["n"] > 0  # type: ignore[attr-defined]
    assert found["command"].startswith(
        "framebook run notebooks/actors.ipynb -p corpus=ukraine-korea -p codebook=actors -p 'actors=[\"UKR\"]'"
    )
    assert '    actors: ["UKR"]' in found["plan"]


def test_the_selection_is_saved_and_no_cell_is_a_formula(view: Explorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    view.find({"outlets": ["b.com"]})
    saved = pd.read_csv(view.save())
    assert saved["surface"].tolist() == ["Ukraine"] and saved["outlet"].tolist() == ["b.com"]


def test_a_close_reading_has_no_markup_of_the_article(view: Explorer) -> None:
    id = next(hit["article_id"] for hit in view.find({})["hits"] if "Maltby" in hit["right"])
    assert "&lt; Maltby &amp; more" in view.read(id)


@pytest.mark.slow
def test_in_jupyterlab_a_view_is_found_sorted_read_and_saved_by_keyboard(tmp_path: Path, browser) -> None:
    from axe_playwright_python.sync_playwright import Axe

    from tests.test_notebooks import RUN_ALL

    pd.DataFrame(
        {
            "text": [text.replace(".", f" in case {n}.") for n, text in enumerate(TEXTS * 9)],
            "outlet": ["a.com", "b.com", "c.com"] * 9,
            "title": range(27),
        }
    ).to_csv(tmp_path / "small.csv", index=False)
    values = {"corpus": "small.csv", "codebook": "actors", "entry": "RUS"}
    notebook = write_parameters(read_notebook(ROOT / "notebooks" / "explore.ipynb"), values, "explore")
    (tmp_path / "explore.ipynb").write_text(write_json(notebook), "utf8")
    with serve_lab(tmp_path) as (address, token):
        page = browser.new_page()
        page.set_default_timeout(60_000)
        outside: list[str] = []
        page.on("request", lambda request: outside.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else None)
        page.goto(f"{address}/doc/tree/explore.ipynb?reset&token={token}")
        page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
        assert page.evaluate(RUN_ALL)["errors"] == []
        told = "() => document.querySelector('.fb-x-told')?.textContent"
        page.wait_for_function(f"({told})()?.startsWith('Russia: 18 mentions in 18 articles of 27')")
        page.focus(".fb-x-entry")
        page.keyboard.type("ukraine")
        page.keyboard.press("Tab")
        page.wait_for_function(f"({told})()?.startsWith('Ukraine: 36 mentions')")
        assert page.locator(".fb-x-pager span").inner_text() == "1–20 of 36"
        page.locator("text=20 more").press("Enter")
        page.wait_for_function("() => document.querySelector('.fb-x-pager span').textContent === '21–36 of 36'")
        page.get_by_label("Sort by").select_option("right")
        page.wait_for_function("() => document.querySelector('.fb-explore tbody td:nth-child(3)').textContent.startsWith(', and on')")
        page.locator(".fb-x-hit button").first.press("Enter")
        page.wait_for_selector(".fb-x-article mark.fb-x-here")
        assert page.locator(".fb-x-here").count() == 1
        page.locator("text=Add as a page to plan.yml").press("Enter")  # here is no project
        page.wait_for_function(f"({told})().startsWith('book/plan.yml: not found. A page is added in a project')")
        assert page.locator(".fb-x-copy").inner_text().startswith("- slug: actors-ukr\n  notebook: actors\n")
        (tmp_path / "notebooks").mkdir()
        (tmp_path / "notebooks" / "actors.ipynb").write_text("{}")
        (tmp_path / "book").mkdir()
        (tmp_path / "book" / "plan.yml").write_text("parts:\n- pages:\n  - slug: a\n    notebook: actors\n")
        page.locator("text=Add as a page to plan.yml").press("Enter")
        page.wait_for_function(f"({told})().startsWith('Added to book/plan.yml: actors-ukr, after a.')")
        assert "  - slug: actors-ukr\n" in (tmp_path / "book" / "plan.yml").read_text()
        page.locator("text=Save hits as CSV").press("Enter")
        page.wait_for_function(f"({told})() === 'Saved: hits-small-actors-ukr.csv, beside the notebook.'")
        assert len(pd.read_csv(tmp_path / "hits-small-actors-ukr.csv")) == 36
        found = Axe().run(page, context=".fb-explore", options={"preload": False})
        assert [violation["id"] for violation in found.response["violations"]] == []
        assert [url for url in outside if not url.startswith("ws")] == []
        page.close()
