"""What a published book says of itself, without a build."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))


def make_page(slug: str, **given: Any) -> dict[str, Any]:
    source = {"kind": "corpus", "name": "my news", "version": "", "sha256": "c0ffee"}
    page = {"slug": slug, "title": f"About {slug}", "notebook": "actors", "parameters": {"actors": ["UKR"], "start": "2017-02-06"}}
    return page | {"sources": [source], "numbers": {"rates.csv": "1", "shares.csv": "2"}} | given


def make_manifest(*pages: dict[str, Any], **made: str) -> dict[str, Any]:
    facts = {"version": "0.2.0", "python": "3.11.7", "toolkit_sha256": "t", "rooms_sha256": "r", "lock": "l"}
    return {"made_with": facts | made, "pages": {page["slug"]: page for page in pages}}


def test_what_is_new_gone_or_moved_is_found_with_its_reason() -> None:
    from publication import find_news

    then = make_manifest(make_page("a"), make_page("b"), make_page("c"), make_page("old"))
    now = make_manifest(
        make_page("a"),
        make_page("b", numbers={"rates.csv": "1", "shares.csv": "3", "more.csv": "4"}, parameters={}),
        make_page("c", sources=[{"kind": "codebook", "name": "frames", "version": "2", "sha256": "f00d"}]),
        make_page("new"),
    )
    found = find_news(then, now)
    assert found == {
        "new": ["new"],
        "moved": ["b"],
        "gone": ["About old"],
        "tables": ["b/more.csv", "b/shares.csv"],
        "why": ["parameters"],
    }
    moved = copy.deepcopy(now)
    moved["made_with"]["rooms_sha256"] = "other"
    moved["pages"]["c"]["numbers"] = {}
    assert find_news(then, moved)["why"] == ["code", "codebook frames", "parameters"]
    assert find_news(now, now) == {"new": [], "moved": [], "gone": [], "tables": [], "why": []}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"pages": [], "made_with": {}}', '{"made_with": 3, "pages": [4]}'])
def test_a_damaged_manifest_is_an_empty_one(content: str, tmp_path: Path) -> None:
    from publication import read_manifest

    (tmp_path / "manifest.json").write_text(content)
    assert read_manifest(tmp_path / "manifest.json")["pages"] == {}
    assert read_manifest(tmp_path / "none.json") == {"made_with": {}, "pages": {}}


def test_launch_buttons_open_the_notebook_of_a_page_and_are_hidden_without_a_repository(tmp_path: Path) -> None:
    import json

    from publication import hide_launch, lead_launch

    manifest = make_manifest(make_page("a"))
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"pages": [*manifest["pages"].values()]}))

    def lead(pagename: str) -> list[dict[str, Any]]:
        button = {"url": f"https://hub.example.org/v2/gh/ann/demo/main?urlpath=lab/tree/{pagename}.ipynb"}
        context = {"header_buttons": [{"label": "other"}, {"label": "launch-buttons", "buttons": [button]}]}
        lead_launch(SimpleNamespace(srcdir=tmp_path), pagename, "page.html", context, None)
        return context["header_buttons"]

    assert lead("pages/a")[1]["buttons"][0]["url"].endswith("urlpath=lab/tree/notebooks/actors.ipynb")
    assert lead("methods") == [{"label": "other"}]
    options = {"launch_buttons": {"binderhub_url": "https://hub.example.org"}, "repository_url": "", "repository_branch": "main", "x": 1}
    hide_launch(None, SimpleNamespace(html_theme_options=options))
    assert options == {"x": 1}
    named = {"launch_buttons": {}, "repository_url": "https://git.example.org/ann/demo"}
    hide_launch(None, SimpleNamespace(html_theme_options=named))
    assert len(named) == 2


def list_ids(value: Any) -> list[str]:
    """Every id that some JSON-LD refers to."""
    if isinstance(value, dict):
        own = [value["@id"]] if set(value) == {"@id"} else []
        return own + [id for one in value.values() for id in list_ids(one)]
    return [id for one in value for id in list_ids(one)] if isinstance(value, list) else []


@pytest.mark.parametrize(
    ("footer", "licences"),
    [
        (
            "Text, figures and codebooks: CC BY 4.0. Code: MIT. Rights in the articles stay with their publishers.",
            [
                "https://creativecommons.org/licenses/by/4.0/",
                "https://spdx.org/licenses/MIT",
                "#rights-rights-in-the-articles-stay-with-their-publishers",
            ],
        ),
        ("Rights in the articles stay with their publishers.", ["#rights-rights-in-the-articles-stay-with-their-publishers"] * 3),
        ("", ["#rights-no-licence-is-stated"] * 3),
    ],
)
def test_a_crate_names_files_licences_author_and_commands(footer: str, licences: list[str]) -> None:
    from publication import write_crate

    config = SimpleNamespace(html_theme_options={"extra_footer": footer}, html_title="A <b>book", project="", author="Ann Bo")
    crate = write_crate(config, make_manifest(make_page("a-b")), ["index.html", "pages/a-b.html"], "2026")
    graph = {one["@id"]: one for one in crate["@graph"]}
    assert len(graph) == len(crate["@graph"]), "each id once"
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    outside = {id for id in list_ids(crate["@graph"]) if id not in graph}
    assert outside == {"https://w3id.org/ro/crate/1.1"}, "all that is referred to is described"
    about, root = graph["ro-crate-metadata.json"], graph["./"]
    assert (about["about"], about["conformsTo"]) == ({"@id": "./"}, {"@id": "https://w3id.org/ro/crate/1.1"})
    assert (root["@type"], root["name"], root["datePublished"], graph["#author"]["name"]) == ("Dataset", "A book", "2026", "Ann Bo")
    assert [one["@id"] for one in root["hasPart"]][:2] == ["index.html", "pages/a-b.html"]
    found = [graph[id]["license"]["@id"] for id in ("index.html", "#notebook-actors", "evidence/")]
    assert found == licences
    command = "framebook run notebooks/actors.ipynb -p 'actors=[\"UKR\"]' -p start=2017-02-06 --out a-b.ipynb"
    run = graph["#run-a-b"]
    assert (run["description"], run["result"]) == (command, {"@id": "pages/a-b.html"})
    assert graph["#corpus-my%20news"]["sha256"] == "c0ffee"
