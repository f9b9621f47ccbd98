"""quanteda's YAML, and ours as it is written."""

from __future__ import annotations

from toolkit import find_mentions, read_corpus
from toolkit.codebooks import read_codebook, write_codebook
from toolkit.codebooks.nodes import write_yaml

from .files import entries, losses, read

OURS = """codebook: war
kind: frames
version: '2026.10'
licence: CC0-1.0
source: Written for a test
entries:
  violence:
    label: Violence
    meaning: 'Force: of any kind.'
    patterns:
    - {pattern: bomb*, case: true}
    - 'no'
    - '1984'
    - '*nation*'
    - don't
    rejected: {shell: 'an oil company: mostly'}
    entries:
      air:
        label: Air
        meaning: From the air.
        patterns:
        - raid
        - pattern: strike*
          valid: {from: 2017-01-01}
          near:
            patterns: [missile*, 'yes']
            within: 8
        not: [air raid shelter]
"""


def test_keys_nest_and_a_key_of_two_underscores_holds_the_patterns_of_the_one_above():
    book = read("A KEY:\n  __: [more, 1984]\n  B: lamb\nNO:\n  - off\n  - C: [wool*]\n", "mary.yml")
    assert entries(book) == {"A-KEY": ["more", "1984"], "A-KEY/B": ["lamb"], "NO": ["off"], "NO/C": ["wool*"]}
    assert losses(book) == []


def test_what_yaml_of_r_takes_for_a_truth_or_number_is_quoted():
    assert write_yaml({"patterns": ["y", "1e3", "no", "24:30", "war"]}) == "patterns: ['y', '1e3', 'no', '24:30', war]\n"


def test_a_list_without_a_key_is_refused():
    message = "mary.yaml:1: pattern 'more' has no key. Allowed: keys with lists of patterns. Write key: [pattern]."
    assert read("[more]", "mary.yaml", format="quanteda") == message


def test_our_yaml_is_written_as_one_would_by_hand(tmp_path):
    (tmp_path / "war.yml").write_text(OURS, encoding="utf-8")
    assert write_codebook(read_codebook(tmp_path / "war.yml"), tmp_path / "again.yml") == []
    assert (tmp_path / "again.yml").read_text(encoding="utf-8") == OURS


PLACES = """AFRICA:
  EAST:
    KE: [kenya, kenyan*, nairobi]
  NORTH:
    EG: [egypt, egyptian*, cairo, gift of the nile]
AMERICA:
  "": [pan-american*]
  NORTH:
    US: [united states, us, american*, washington]
    UK: [uk, us]
"NO": [norway]
"""


def test_a_list_of_places_becomes_actors_side_by_side_that_can_be_read_again_and_us_is_no_country(tmp_path):
    (tmp_path / "places.yml").write_text(PLACES, encoding="utf-8")
    book = read_codebook(tmp_path / "places.yml", kind="actors")
    assert {entry.id: entry.meaning for entry in book.entries} == {
        "KE": "AFRICA, EAST",
        "EG": "AFRICA, NORTH",
        "AMERICA": "",
        "US": "AMERICA, NORTH",
        "UK": "AMERICA, NORTH",
        "NO": "",
    }
    said = "'us' is also a common word: as an actor, it is looked for in capitals only."
    assert losses(book) == [f"places.yml:9: warning: {said}", f"places.yml:10: warning: {said}"]
    assert write_codebook(book, tmp_path / "actors.yml") == []
    again = read_codebook(tmp_path / "actors.yml")
    assert again.entries == book.entries
    text = "Nairobi told us that Egyptians and the US met us. The gift of the Nile was pan-American."
    (tmp_path / "text.txt").write_text(f"A headline of no import\n\n{text}\n", encoding="utf-8")
    found = find_mentions(read_corpus(tmp_path / "text.txt"), again, uses="all").counted
    assert found[["surface", "entry"]].to_numpy().tolist() == [
        ["Nairobi", "KE"],
        ["Egyptians", "EG"],
        ["US", "UK"],
        ["US", "US"],
        ["gift of the Nile", "EG"],
        ["pan-American", "AMERICA"],
    ]
