"""Bodies that states have by rule: each an entry of its own, found instead of its state."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit.codebooks import read_codebook, write_codebook
from toolkit.codebooks.roles import SLOTS, list_adjectives
from toolkit.errors import CodebookError

from .cases import find_surfaces

HEAD = "codebook: abc\nkind: actors\nversion: 1\nlicence: CC0-1.0\nsource: Written for a test\n"
STATES = """entries:
  ABC: {label: Abcland, type: state, names: [Abcland, ABL], demonyms: [Abcish, Abcan, Abcans], metonyms: [Abctown], not: [Abcish fleet]}
  XYZ: {label: Xyzia, type: state, names: [Xyzia]}
  abc: {label: "The Abcish ministry's own paper", type: medium, names: [Abcish paper]}
"""
PATTERNS = {"name": "{name}'s ?leet", "demonym": "{demonym} fleet", "metonym": "fleet of {metonym}"}


def write(folder: Path, text: str) -> Path:
    (folder / "abc.yml").write_text(HEAD + text, "utf-8")
    return folder / "abc.yml"


def list_bodies(path: Path) -> dict[str, list[str]]:
    return {entry.id: [pattern.text for pattern in entry.patterns] for entry in read_codebook(path).entries if entry.within}


def test_each_state_has_the_body_under_its_own_names(tmp_path):
    rule = f"bodies: {{NAVY: {{label: Navy, patterns: {list(PATTERNS.values())}}}}}\n"
    book = read_codebook(write(tmp_path, STATES + rule))
    assert list_bodies(tmp_path / "abc.yml") == {
        # not `Abcish fleet`, which the file protects, nor a plural
        "ABC-NAVY": ["Abcland's ?leet", "ABL's ?leet", "Abcan fleet", "ABL fleet", "fleet of Abctown"],
        "XYZ-NAVY": ["Xyzia's ?leet"],
    }
    navy = book.entry("ABC-NAVY")
    assert (navy.label, navy.type, navy.within, navy.body, navy.parent) == ("Abcland: Navy", "organisation", "ABC", "NAVY", "")
    assert {(pattern.via, pattern.case, pattern.line) for pattern in navy.patterns} == {("name", True, navy.line)}


def test_body_only_of_some_states(tmp_path):
    assert list(list_bodies(write(tmp_path, STATES + "bodies: {NAVY: {label: Navy, patterns: ['{name} fleet'], of: [XYZ]}}"))) == [
        "XYZ-NAVY"
    ]


def test_entry_of_that_id_in_the_file_stays_and_gets_the_patterns_of_the_rule(tmp_path):
    own = "  XYZ-NAVY: {label: The Grand Fleet, type: group, names: [Grand Fleet, Xyzia fleet]}\n"
    path = write(tmp_path, STATES + own + "bodies: {NAVY: {label: Navy, patterns: ['{name} fleet', \"{name}'s fleet\"], of: [XYZ]}}")
    navy = read_codebook(path).entry("XYZ-NAVY")
    assert [pattern.text for pattern in navy.patterns] == ["Grand Fleet", "Xyzia fleet", "Xyzia's fleet"]
    assert (navy.label, navy.type, navy.within, navy.body) == ("The Grand Fleet", "group", "XYZ", "")


def test_bodies_of_a_state_are_named_together():
    book = read_codebook("actors")
    assert book.expand(["within:UKR"]) == ("UKR-PARL", "UKR-MFA", "UKR-MOD", "UKR-MOI", "UKR-MOF")
    with pytest.raises(CodebookError, match=r"there is no entry 'UKA'"):
        book.expand(["within:UKA"])


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("The Turkish Foreign Ministry spoke.", "Turkish Foreign Ministry TUR-MFA"),
        ("Moldova's foreign ministry spoke.", "Moldova's foreign ministry MDA-MFA"),
        ("The Russian defence ministry spoke.", "Russian defence ministry RUS-MOD"),
        ("The Ministry of Defense of Ukraine spoke.", "Ministry of Defense of Ukraine UKR-MOD"),
        ("The Defence Ministry of Poland spoke.", "Defence Ministry of Poland POL-MOD"),
        ("UK Parliament and the House of Lords sat.", "UK Parliament GBR-PARL|House of Lords GBR-PARL"),
        ("The Duma and Russia’s parliament sat.", "Duma RUS-PARL|Russia’s parliament RUS-PARL"),
        ("ISRAELI PARLIAMENT SITS", "ISRAELI PARLIAMENT ISR-PARL"),
        ("The Canadian House of Commons sat.", "Canadian CAN"),
        ("The foreign ministry spoke.", ""),
        ("Polish foreign ministers spoke.", "Polish POL"),
        ("The Swiss Foreign Ministry spoke.", "Swiss CHE"),
        ("The Ukrainian government and army fought.", "Ukrainian UKR"),
    ],
)
def test_body_is_found_instead_of_its_state(text, expect, tmp_path):
    assert "|".join(map(" ".join, find_surfaces(text, "actors", tmp_path))) == expect


def test_no_pattern_of_a_rule_stands_anywhere_else():
    book = read_codebook("actors")
    made = [pattern.text for entry in book.entries if entry.body for pattern in entry.patterns]
    every = [pattern.text for entry in book.entries for pattern in (*entry.patterns, *entry.protects)]
    assert len(set(made)) == len(made)
    assert all(every.count(text) == 1 for text in made)


def test_adjectives_are_no_plurals():
    assert list_adjectives(read_codebook("actors").entry("USA")) == ["American", "US", "U.S.", "U.S", "USA", "U.S.A."]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(slots=st.lists(st.sampled_from(SLOTS), min_size=1, max_size=3, unique=True), of=st.sets(st.sampled_from(["ABC", "XYZ"])))
def test_what_is_written_is_read_again(slots, of, tmp_path):
    rule = f"bodies: {{NAVY: {{label: Navy, patterns: {[PATTERNS[slot] for slot in slots]}{f', of: {sorted(of)}' if of else ''}}}}}\n"
    book = read_codebook(write(tmp_path, STATES + rule))
    assert write_codebook(book, tmp_path / "again.yml") == []
    assert list_bodies(tmp_path / "again.yml") == list_bodies(tmp_path / "abc.yml")
    assert len(read_codebook(tmp_path / "again.yml").bodies) == 1
