from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path

from toolkit.codebooks import list_codebooks, read_codebook
from toolkit.publishing.generated import write_codebook, write_dictionary, write_front, write_toc
from toolkit.publishing.plan import Page, Plan
from toolkit.showing.display import Shown

from .project import PIXEL

PAGE = Page(slug="a", notebook="x", title="A | B")


FRAMES = """\
codebook: mine
kind: frames
version: "1"
licence: CC0
source: "Entman (1993), p. 52"
entries:
  conflict:
    label: Conflict
    meaning: Who fights *whom*.
    patterns: [war, {pattern: "strike*", unless_near: {patterns: [talks, "union*"], within: 8}, valid: {from: 2017-02-01}}]
    not: [price war]
    rejected: {fire: also a verb}
    entries:
      arms: {label: "Arms | aid", patterns: [tanks]}
"""
PAGE_OF_FRAMES = r"""
# Codebook\: mine

| What | Which |
| --- | --- |
| Id | mine |
| Version | 1 |
| Source | Entman \(1993\), p. 52 |
| Licence | CC0 |
| SHA-256 | ... |

## Conflict

`conflict`

Who fights \*whom\*.

**Patterns:** war, strike\* \(not within 8 words of talks, union\*; from 2017\-02\-01\)

**Never counted:** price war

| Tried and rejected | Why |
| --- | --- |
| fire | also a verb |

### Arms \| aid

`conflict/arms`

**Patterns:** tanks
"""


def test_a_codebooks_page_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(FRAMES, "utf8")
    book = read_codebook(tmp_path / "mine.yml")
    assert write_codebook(book).replace(book.sha256, "...") == PAGE_OF_FRAMES.lstrip()


def test_an_actors_page_has_types_ids_and_the_rules_by_which_bodies_are_made() -> None:
    written = write_codebook(read_codebook("actors"))
    assert "## States\n\n| Id | Label | Patterns | Never counted | Notes |\n| --- | --- | --- | --- | --- |\n| `" in written
    assert re.search(r"\| `UKR` \| Ukraine \| Ukraine \\\(name\\\), ", written)
    assert re.search(r"## Bodies by rule\n\n.*\n\n\| Id \| .*\n.*\n\| `…-\w+` \| ", written)


def test_the_dictionary_has_a_section_for_each_table_and_the_steps_by_name() -> None:
    written = write_dictionary()
    assert [line for line in written.splitlines() if line.startswith("## ")][-3:] == [
        "## Formats that are read",
        "## Steps of cleaning",
        "## Codebooks of other tools",
    ]
    assert re.search(r"## Articles\n\n.*\n\n\| Column \| Type \| .*\n.*\n(\| .*\n)*\| outlet \| ", written)


def test_formats_say_whether_they_are_written() -> None:
    lines = write_dictionary().splitlines()
    assert "| LIWC 2007, 2015, 2022 | `liwc` | .dic .dicx | yes |" in lines
    assert "| CSV table | `csv` | .csv .tsv | no |" in lines


def test_the_front_page_shows_the_finding_with_its_figure() -> None:
    figure = Shown(name="rates", html="", text="", caption="Rates <b>", alt='Two bars: "one"', png=b64decode(PIXEL))
    html = '<div><p>Highest: *A*, at <a href="#evidence-a">3</a>, <a href="#evidence-b">2</a>.</p><p>Lowest: B.</p></div>'
    of_page = {"extra/evidence/a-1.html": '<p class="fb-h" id="evidence-a">'}
    files = write_front([(PAGE, of_page, {"rates": figure, "finding-rates": Shown("finding-rates", "", html)}, "rates")], [], 3)
    assert sorted(files) == ["data/a/rates.png", "front.md"]
    assert files["front.md"] == (
        '<div class="fb fb-finding tex2jax_ignore mathjax_ignore">'
        '<p>Highest: *A*, at <a href="evidence/a-1.html#evidence-a">3</a>, 2.</p></div>\n\nMore: [A \\| B](pages/a.ipynb)\n\n'
        "```{new-since}\n```\n\n"
        ':::{figure} pages/data/a/rates.png\n:alt: "Two bars: \\"one\\""\n:name: front-rates\n\nRates \\<b\\>\n:::\n'
    )


def test_the_front_page_says_which_pages_failed() -> None:
    written = str(write_front([(PAGE, {}, {}, "rates")], ["a"], 3)["front.md"])
    assert written.startswith(":::{admonition} 1 of 3 pages failed\n:class: danger\n[a](pages/a.ipynb)\n:::\n")


def test_the_table_of_contents_follows_the_plan() -> None:
    parts = [{"caption": "P", "pages": [PAGE]}, {"caption": "Q", "prose": ["methods", "codebooks", "data-dictionary"]}]
    toc = json.loads(write_toc(Plan.model_validate({"version": 1, "parts": parts})))
    assert toc["root"] == "index"
    assert toc["parts"][0] == {"caption": "P", "chapters": [{"file": "pages/a"}]}
    assert [chapter["file"] for chapter in toc["parts"][1]["chapters"]] == [
        "methods",
        *(f"pages/codebook-{name}" for name in list_codebooks()),
        "pages/data-dictionary",
    ]
