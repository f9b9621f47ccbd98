"""The states of the bundled actors codebook are those that the lists of countries and our additions make, byte for byte."""

import pytest

from . import build_states
from .build_states import BOOK_PATH, build_entry, build_section, check_ours, list_states, read_sources, replace_section


def test_states_in_the_codebook_are_those_the_script_writes():
    text = BOOK_PATH.read_text("utf-8")
    assert replace_section(text) == text, "Run: make registry"


def test_section_has_a_line_for_each_state():
    assert len(build_section().splitlines()) == 2 + len(list_states()) == 2 + 197


def test_forms_of_the_lists_are_patterns():
    assert read_sources("MMR", "MM")["names"] == ["Myanmar", "Burma"]
    assert read_sources("GNB", "GW")["names"] == ["Guinea Bissau"]
    assert read_sources("CIV", "CI")["names"] == ["Côte d'Ivoire", "Cote d'Ivoire", "Ivory Coast"]
    assert read_sources("KOR", "KR") == {"names": ["South Korea"], "demonyms": ["South Korean"], "metonyms": ["Seoul"]}
    assert read_sources("XKX", "XK") == {"names": ["Kosovo"], "demonyms": [], "metonyms": []}


def test_what_is_ours_adds_moves_and_leaves_out():
    sources = {"names": ["Abcland"], "demonyms": ["Abcan", "Abcish"], "metonyms": ["Abctown"]}
    assert build_entry(sources, {}) == {
        "label": "Abcland",
        "type": "state",
        "names": ["Abcland"],
        "demonyms": ["Abcan", "Abcans", "Abcish"],
        "metonyms": ["Abctown"],
    }
    ours = {"names": ["ABC"], "aliases": ["Abcan"], "unused": {"Abcans": "nobody says so"}, "rejected": {"Abctown": "a brand of soap"}}
    assert build_entry(sources, ours) == {
        "label": "Abcland",
        "type": "state",
        "names": ["Abcland", "ABC"],
        "aliases": ["Abcan"],
        "demonyms": ["Abcish"],
        "rejected": {"Abctown": "a brand of soap"},
    }


def test_what_is_out_of_date_is_said():
    sources = {"names": ["Abcland"], "demonyms": ["Abcan"], "metonyms": []}
    assert [*check_ours("ABC", sources, {"demonyms": ["Abcans"], "unused": {"Abcia": "an old name"}})] == [
        "ABC: unused 'Abcia' is in no list any more. Delete it.",
        "ABC: 'Abcans' is in the lists now. Delete it from demonyms.",
    ]


def test_codebook_without_the_marks_is_refused():
    with pytest.raises(SystemExit, match="marks of the states are missing"):
        replace_section(BOOK_PATH.read_text("utf-8").replace(build_states.END, ""))
