from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from toolkit.publishing.documents import Notebook
from toolkit.publishing.inputs import Provenance
from toolkit.publishing.pages import find_shown, finish_page, write_scrubber
from toolkit.publishing.plan import Page
from toolkit.showing.display import MIME

from .project import HOSTILE, PIXEL

PROVENANCE = Provenance("0.1", "abc123", ("notebooks/other.ipynb",), "3.11", "code", "rooms", "SHA-256 1ock")
SOURCES = [
    {"kind": "corpus", "name": "news", "version": "", "sha256": "c0ffee"},
    {"kind": "codebook", "name": "frames", "version": "2026.1", "sha256": "f00d"},
]


def code(source: str, *outputs: Any, tags: list[str] | None = None, count: int | None = 1) -> dict[str, Any]:
    papermill = {"duration": 1.5, "start_time": "2026-01-01"}
    metadata = {"tags": tags or [], "papermill": papermill}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": list(outputs), "execution_count": count, "id": "x"}


def chart(name: str = "rates", alt: str = "Bars", caption: str = "Rates") -> dict[str, Any]:
    entry = {"version": 1, "name": name, "alt": alt, "caption": caption, "files": {f"{name}.csv": "a\n"}}
    data = {"image/png": PIXEL, "text/plain": alt, MIME: entry}
    return {"output_type": "display_data", "data": data, "metadata": {"image/png": {"width": 560}}}


def raw(*cells: dict[str, Any], parameters: str = 'word = "aid"  # a word', **metadata: object) -> Notebook:
    head = {"cell_type": "markdown", "source": "# Who?\n\nProse.", "metadata": {}}
    injected = code('word = "\\xfc"', tags=["injected-parameters"])
    return {
        "cells": [head, code(parameters, tags=["parameters"]), injected, *cells],
        "metadata": {"papermill": {}, **metadata},
        "nbformat": 4,
    }


def finish(run: Notebook, root: Path = Path("/home/me/project"), **page: Any) -> dict[str, str]:
    planned = Page(**{"slug": "a-page", "notebook": "actors", "title": "Whom?", **page})
    return finish_page(run, planned, source=raw(), sources=SOURCES, provenance=PROVENANCE, scrub=write_scrubber(root))


def cells_of(files: dict[str, str], slug: str = "a-page") -> list[dict[str, Any]]:
    return list(json.loads(files[f"{slug}.ipynb"])["cells"])


def prose_of(files: dict[str, str]) -> str:
    return "\n\n".join(cell["source"] for cell in cells_of(files) if cell["cell_type"] == "markdown")


def test_the_title_is_the_plans_and_parameters_stand_in_the_run_record_alone() -> None:
    cells = cells_of(finish(raw(), parameters={"word": "arms | aid"}))
    assert [cell["source"].splitlines()[0] for cell in cells] == ["# Whom?", "## Run record"]
    assert "| Parameter word | arms \\| aid |" in cells[-1]["source"]


def test_code_is_folded_beside_figures_and_steps_and_left_out_elsewhere() -> None:
    shown = {"output_type": "display_data", "data": {"text/html": "<p>1</p>", MIME: {"name": "numbers"}}, "metadata": {}}
    run = raw(code("from toolkit import draw"), code("news = read()"), code("draw()", chart()), code("show()", shown))
    tags = [cell["metadata"]["tags"] for cell in cells_of(finish(run)) if cell["cell_type"] == "code"]
    assert tags == [["remove-input"], ["hide-input"], ["hide-input"], ["remove-input"]]
    recipe = code("show()", shown)
    recipe["metadata"] = {"tags": ["show-input"]}
    assert cells_of(finish(raw(recipe)))[1]["metadata"]["tags"] == ["show-input"]


def test_a_figure_gets_alt_text_caption_name_and_its_data() -> None:
    files = finish(raw(code("draw()", chart(alt="Two bars", caption="Rates by <outlet>"))))
    figure, link = cells_of(files)[1:3]
    assert figure["metadata"]["mystnb"] == {
        "image": {"alt": "Two bars", "width": "560px"},
        "figure": {"name": "a-page-rates", "caption": "**Figure 1.** Rates by \\<outlet\\>"},
    }
    assert figure["metadata"]["tags"] == ["hide-input"]
    assert set(figure["outputs"][0]["data"]) == {"image/png", "text/plain"}
    assert link["source"] == "Data: [rates.csv](data/a-page/rates.csv)"
    assert files["data/a-page/rates.csv"] == "a\n"


def test_the_first_finding_comes_right_under_the_title_and_opens_its_sentences() -> None:
    html = '<p>Most in <a href="#evidence-a">3</a>, <a href="#evidence-b">4</a> &lt;b&gt;</p><p>Others.</p>'
    html += '<section class="fb-behind"><p class="fb-h" id="evidence-a">Three:</p></section>'
    finding = {"output_type": "display_data", "data": {"text/html": html, MIME: {"name": "finding-rates"}}, "metadata": {}}
    other = {"output_type": "display_data", "data": {"text/html": "<p>Second</p>", MIME: {"name": "finding-shares"}}, "metadata": {}}
    head = cells_of(finish(raw(code("show()", finding), code("show()", other)), lead="So what."))[0]["source"]
    said = '<p>Most in <a href="../evidence/a-page-1.html#evidence-a">3</a>, 4 &lt;b&gt;</p>'
    block = f'<div class="fb fb-finding fb-first tex2jax_ignore mathjax_ignore">{said}</div>'
    assert head.startswith(f"# Whom?\n\n{block}\n\n**So what.**\n")
    assert "fb-first" not in cells_of(finish(raw(code("draw()", chart()))))[0]["source"]


def test_the_finding_under_the_title_is_not_said_again_in_its_section() -> None:
    fold = '<details><summary><span data-jupyter-id="evidence-a"></span>Sentences behind 1 number</summary></details>'
    html = f'<div><p>Most in <a href="#evidence-a">3</a>.</p><p>Others.</p>{fold}</div>'
    html += '<section class="fb-behind"><p class="fb-h" id="evidence-a">Three:</p></section>'
    finding = {"output_type": "display_data", "data": {"text/html": html, MIME: {"name": "finding-rates"}}, "metadata": {}}
    first, second = ({"cell_type": "markdown", "source": f"## {name}", "metadata": {}} for name in ("One", "Two"))
    above = [cell for cell in cells_of(finish(raw(first, code("show()", finding), second))) if cell["cell_type"] == "code"]
    assert above[0]["outputs"][0]["data"]["text/html"] == "<div><p>Others.</p></div>"
    sure = "<p>Corrected, 95% interval 1–2.</p>"
    corrected = {"output_type": "display_data", "data": {"text/html": f"<div>{sure}</div>", MIME: {"name": "finding-corrected-by"}}}
    told = {"output_type": "display_data", "data": {"text/html": f"<div>{sure}<p>2</p></div>", MIME: {"name": "finding-other"}}}
    cells = cells_of(finish(raw(first, code("show()", finding, told), second, code("show()", corrected))))
    assert sure in cells[0]["source"]  # a corrected finding goes before one that only counts words
    shown = [output["data"]["text/html"] for cell in cells if cell["cell_type"] == "code" for output in cell["outputs"]]
    said = '<p>Most in <a href="../evidence/a-page-1.html#evidence-a">3</a>.</p>'
    assert shown == [f"<div>{said}<p>Others.</p></div>", f"<div>{sure}<p>2</p></div>", "<div></div>"]  # the same words of another stay


def test_the_end_of_an_article_is_folded_in_a_book() -> None:
    html = '<p>1</p><details class="fb-rest" open><summary>Paragraphs 2 to 3</summary></details>'
    output = {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}
    shown = cells_of(finish(raw(code("show()", output))))[1]["outputs"][0]["data"]["text/html"]
    assert shown == html.replace(" open", "")


def test_how_often_a_count_is_right_goes_before_what_it_counts() -> None:
    names = ("rates-by-outlet", "accuracy-by-score", "corrected-by-outlet")
    html = {name: f"<p>{name}, 95% interval 1–2.</p>" for name in names}
    outputs = [
        {"output_type": "display_data", "data": {"text/html": html[name], MIME: {"name": f"finding-{name}"}}, "metadata": {}}
        for name in names
    ]
    assert html["accuracy-by-score"] in cells_of(finish(raw(*(code("show()", one) for one in outputs))))[0]["source"]


def test_two_outputs_of_one_name_are_told_apart() -> None:
    run = raw(code("draw()", chart()), code("draw()", chart()))
    assert sorted(name for name in finish(run) if name.endswith(".csv")) == ["data/a-page/rates-2.csv", "data/a-page/rates.csv"]
    assert list(find_shown(run)) == ["rates", "rates-2"]


def test_a_name_of_a_file_cannot_leave_its_folder() -> None:
    output = chart()
    output["data"][MIME]["files"] = {"../../Über x.csv": "a"}
    assert "data/a-page/-..-ber-x.csv" in finish(raw(code("draw()", output)))


def test_paths_and_addresses_of_this_machine_are_taken_out() -> None:
    said = "/tmp/ipykernel_9/12.py:1: W /home/me/project/notebooks/x.py <object at 0x7f00ab> https://a.org/home/me/project"
    streamed = {"output_type": "stream", "name": "stderr", "text": [said]}
    shown = {"output_type": "display_data", "data": {"text/html": f'<style class="fb-style">a</style><p>{said}</p>'}, "metadata": {}}
    outputs = cells_of(finish(raw(code("x", streamed, shown))))[1]["outputs"]
    clean = "notebook:1: W ./notebooks/x.py <object> https://a.org/home/me/project"
    assert outputs[0]["text"] == clean
    assert outputs[1]["data"]["text/html"] == f"<p>{clean}</p>"


def test_the_run_record_names_everything_the_page_was_made_from() -> None:
    record = cells_of(finish(raw(), parameters={"word": "it's"}))[-1]["source"]
    for fact in (
        "| Notebook | notebooks/actors.ipynb |",
        "| Parameter word | it's |",
        "| Corpus | news, SHA\\-256 c0ffee |",
        "| Codebook | frames, version 2026.1, SHA\\-256 f00d |",
        "| Toolkit | Framebook 0.1 |",
        "| Git commit | abc123 |",
        "| Lock file | SHA\\-256 1ock |",
        "| Python | 3.11 |",
        "```text\nframebook run notebooks/actors.ipynb -p 'word=it'\"'\"'s' --out a-page.ipynb\n```",
    ):
        assert fact in record


def test_the_notebook_to_open_carries_the_pages_parameters() -> None:
    opened = json.loads(finish(raw(), parameters={"word": "arms"})["data/a-page/a-page-source.ipynb"])
    assert opened["cells"][1]["source"] == 'word = "arms"  # a word'


def test_a_page_is_the_same_bytes_twice_and_in_any_folder() -> None:
    def run(root: str) -> Notebook:
        streamed = {"output_type": "stream", "name": "stdout", "text": f"{root}/notebooks/x.py"}
        return raw(code("draw()", chart(), streamed))

    assert finish(run("/home/me/project")) == finish(run("/home/me/project"))
    assert finish(run("/srv/other"), root=Path("/srv/other")) == finish(run("/home/me/project"))


@pytest.mark.parametrize("cell", [3, -1])
def test_a_failed_page_says_so_and_labels_what_was_not_run(cell: int) -> None:
    failure = {"status": "error", "reason": "ValueError: <b>.", "cell": cell, "traceback": "Traceback\n\n<b>"}
    error = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
    files = finish(raw(code("1 / 0", chart(), error), code("after", count=None), framebook=failure))
    prose = prose_of(files)
    assert "# Whom?\n\n:::{admonition} This page did not finish\n:class: danger\nValueError\\: \\<b\\>." in prose
    assert prose.count("*This step was not run.*") == (1 if cell == 3 else 2)
    assert ('<pre tabindex="0">Traceback&#10;&#10;&lt;b&gt;</pre>' in prose) == (cell == 3)
    assert [output["output_type"] for cell in cells_of(files) for output in cell.get("outputs", [])] == ["display_data"]


def test_hostile_text_is_text_everywhere_in_the_markdown() -> None:
    failure = {"status": "error", "reason": HOSTILE, "cell": 3, "traceback": HOSTILE}
    run = raw(code("x", chart(caption=HOSTILE)), framebook=failure)
    files = finish(run, title=HOSTILE, parameters={"word": HOSTILE})
    prose = prose_of(files).split("```")[0]  # the rest is the command, in a code block
    assert re.findall(r"(?<!\\)<script|(?<!\\)<img", prose) == []
    assert cells_of(files)[1]["metadata"]["mystnb"]["figure"]["caption"].startswith("**Figure 1.** \\<script\\>")


def test_pictures_are_kept_as_they_are() -> None:
    picture = cells_of(finish(raw(code("draw()", chart()))))[1]["outputs"][0]["data"]["image/png"]
    assert base64.b64decode(picture).startswith(b"\x89PNG")
