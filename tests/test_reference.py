"""The API reference has every verb and record, as the code has them."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

import pytest

import toolkit
from tests.test_layout import RECORDS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "book" / "reference.md").read_text("utf8")
ASKED = [name for names in re.findall(r"<!-- verbs: (.+) -->", PAGE) for name in names.split(", ")]


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    sys.path.insert(0, str(ROOT / "book" / "_ext"))
    from reference import write_entry

    return {name: write_entry(name) for name in ASKED}


def test_every_verb_and_record_is_there_once() -> None:
    assert sorted(ASKED) == sorted([*toolkit.__all__, *RECORDS, "Codebook"])


def test_a_signature_has_every_argument_in_its_order(written: dict[str, str]) -> None:
    for name in toolkit.__all__:
        signature = written[name].split("```")[1].replace("*", "")
        arguments = list(inspect.signature(getattr(toolkit, name)).parameters)
        places = [re.search(rf"\b{one}: ", signature) for one in arguments]
        assert all(places), f"{name}: {signature}"
        assert [place.start() for place in places if place] == sorted(place.start() for place in places if place), name


def test_every_argument_is_explained_and_every_verb_has_an_example(written: dict[str, str]) -> None:
    for name in toolkit.__all__:
        missing = [
            one for one in inspect.signature(getattr(toolkit, name)).parameters if not re.search(rf"- `\**{one}`: \S", written[name])
        ]
        assert missing == [] and "```pycon\n>>> " in written[name], name


def test_a_section_of_a_docstring_is_written_as_markdown(written: dict[str, str]) -> None:
    assert "**Returns:** A corpus of one article." in written["read_article"]
    assert "- `CorpusError`: When there is no such corpus or article." in written["read_article"]
    assert written["read_article"].startswith(
        "(read_article)=\n### read_article\n\nRead one article of a corpus.\n\n```python\nread_article(\n"
    )
    assert not any(re.search(r"^(Args|Returns|Raises|Attributes|Source|Example):", text, re.MULTILINE) for text in written.values())


def test_names_in_prose_are_links_and_code_stays_as_it_is(written: dict[str, str]) -> None:
    from reference import link_names

    assert link_names("As in `draw`.\n\n```python\n`draw`\n```\n\n`by`, `draw`", ["draw"]) == (
        "As in [`draw`](#draw).\n\n```python\n`draw`\n```\n\n`by`, [`draw`](#draw)"
    )


def test_the_list_of_verbs_on_the_page_on_reuse_links_to_all_of_them() -> None:
    linked = re.findall(r"(?m)^[|] \[`(\w+)`\]\(#\1\) [|]", (ROOT / "book" / "rerun.md").read_text("utf8"))
    assert sorted(linked) == sorted(toolkit.__all__)
