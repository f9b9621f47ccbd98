"""What is written is read again: all of it as our YAML, what the format can carry elsewhere, and the rest is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from toolkit.codebooks import Codebook, Entry, Pattern, Role, list_codebooks, read_codebook, write_codebook
from toolkit.codebooks.formats.listing import FORMATS
from toolkit.codebooks.patterns import find_doubles
from toolkit.codebooks.records import Near
from toolkit.errors import CodebookError

FOREIGN = ["liwc", "quanteda"]
FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)

WORDS = st.sampled_from(
    ["war", "peace", "no", "y", "1984", "1e3", "Trump's", "all-out", "U.S.", "wom?n", "bomb*", "*nation", "Kyiv", "é", "戦争", "24:30"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
PROSE = st.text(st.sampled_from("aé \n:#-'\"[]{}*&!%@`|>~,?\\1.戦"), max_size=30).map(lambda text: text.strip())
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1))
WEIGHTS = st.floats(-9, 9).map(lambda weight: round(weight, 5))
NEAR = st.lists(TEXTS, min_size=1, max_size=2, unique=True).map(tuple)


@st.composite
def patterns(draw, text: str) -> Pattern:
    near = [Near(draw(NEAR), draw(st.none() | st.integers(1, 9)), negated=negated) for negated in (False, True) if draw(st.booleans())]
    start, end = sorted([draw(DAYS), draw(DAYS)], key=lambda day: day or date.min)
    plain = Pattern(text, "pattern", draw(st.booleans()), 0)
    return draw(st.sampled_from([plain, replace(plain, near=tuple(near), start=start, end=end)]))


@st.composite
def scored(draw, entry: Entry) -> Entry:
    weighed = tuple(replace(one, weight=draw(st.none() | WEIGHTS)) for one in entry.patterns)
    vector = tuple(draw(st.lists(WEIGHTS, max_size=3)))
    facts = {"threshold": draw(st.sampled_from([0.5, 0.123])), "vector": vector, "model": "5" * 64 if vector else ""}
    return replace(entry, patterns=weighed, intercept=draw(WEIGHTS), **facts)


@st.composite
def codebooks(draw) -> Codebook:
    """A codebook without doubles."""
    ids = draw(st.lists(st.sampled_from(["a", "a/no", "a/no/c", "b", "b/d-1", "NEAR", "E2"]), min_size=1, unique=True))
    ids = sorted({"/".join(id.split("/")[:stop]) for id in ids for stop in range(1, id.count("/") + 2)})
    entries = []
    for id in ids:
        texts = draw(st.lists(TEXTS, min_size=1, max_size=4, unique_by=str.lower))
        found = tuple(draw(patterns(text)) for text in texts)
        protects = tuple(
            Pattern(text, "pattern", False, 0) for text in draw(st.lists(TEXTS, max_size=1)) if text.lower() not in map(str.lower, texts)
        )
        label, meaning = draw(PROSE) or "x", draw(PROSE) or "y"
        rejected = {"z" + text: draw(PROSE) or "w" for text in draw(st.lists(WORDS, max_size=1))}
        plain = Entry(id, label, meaning, "", found, protects, rejected, (), id.rpartition("/")[0], 0, comment=draw(PROSE))
        entries.append(draw(scored(plain)) if draw(st.booleans()) else plain)
    kept: list[Entry] = []
    for entry in entries:  # an entry with a double, alone or with its family, has one pattern of its own instead
        doubles = find_doubles([*kept, entry], overlap="key")
        kept.append(entry if not doubles else replace(entry, patterns=(Pattern(f"only {entry.id}", "pattern", False, 0),), protects=()))
    return Codebook("probe", "frames", "2026.10", "CC0-1.0", draw(PROSE) or "ours", "key", tuple(kept), "", "probe.yml", notice=draw(PROSE))


@FOLDER
@given(book=codebooks())
def test_our_yaml_gives_the_same_codebook_again(book, tmp_path):
    assert write_codebook(book, tmp_path / "probe.yml") == []
    again = read_codebook(tmp_path / "probe.yml")
    assert again.entries == book.entries
    assert (again.version, again.licence, again.source, again.notice) == (book.version, book.licence, book.source, book.notice)


@pytest.mark.parametrize("name", list_codebooks())
def test_bundled_codebooks_are_the_same_again(name, tmp_path):
    book = read_codebook(name)
    assert write_codebook(book, tmp_path / "again.yml") == []
    assert read_codebook(tmp_path / "again.yml").fingerprint == book.fingerprint


@pytest.mark.parametrize("name", FOREIGN)
@FOLDER
@given(book=codebooks())
def test_another_format_gives_what_it_can_carry_and_all_else_is_told(name, book, tmp_path):
    told = "\n".join(write_codebook(book, tmp_path / "probe.any", format=name))
    assume(any(FORMATS[name].says(pattern) for entry in book.entries for pattern in entry.patterns))
    again = {entry.id: {pattern.text for pattern in entry.patterns} for entry in read_codebook(tmp_path / "probe.any", format=name).entries}
    for entry in book.entries:
        said = [pattern for pattern in entry.patterns if FORMATS[name].says(pattern)]
        family = [p.text.casefold() for e in book.entries if e.id[0] == entry.id[0] for p in e.patterns]
        alone = {text for text in again.get(entry.id, set()) if family.count(text.casefold()) == 1}  # without conditions, twins are one
        assert alone == {pattern.text for pattern in said if family.count(pattern.text.casefold()) == 1}
        for pattern in entry.patterns:
            named = f"{pattern.text!r} of {entry.id!r}" in told
            assert named or pattern in said
            assert "case of patterns" in told or pattern not in said or not pattern.case
        assert "label of entries" in told or entry.label == entry.id.rpartition("/")[2]
    assert "meaning of entries" in told and "licence of the file" in told


@pytest.mark.parametrize("name", FOREIGN)
def test_a_codebook_of_its_own_format_comes_back_whole(name, tmp_path):
    entries = (
        Entry("war", "war", "", "", (Pattern("bomb*", "pattern", False, 0), Pattern("raid", "pattern", False, 0)), (), {}, (), "", 0),
    )
    book = Codebook("probe", "frames", "", "", "", "key", entries, "", "probe")
    assert write_codebook(book, tmp_path / "probe.any", format=name) == []
    assert read_codebook(tmp_path / "probe.any", format=name).entries == book.entries


def test_actors_keep_their_kinds_of_names_roles_and_surnames(tmp_path):
    names = (Pattern("Rudolf", "name", True, 0), Pattern("the King", "alias", False, 0), Pattern("Elphberg", "surname", True, 0))
    near = (Near(("Ruritania",), 5),)
    names = tuple(replace(pattern, near=near) for pattern in names)
    entry = Entry("king", "King", "", "person", names, (), {}, (Role("King", "", date(1893, 1, 1), None),), "", 0)
    book = Codebook("probe", "actors", "1", "CC0-1.0", "ours", "key", (entry,), "", "probe")
    assert write_codebook(book, tmp_path / "probe.yml") == []
    assert read_codebook(tmp_path / "probe.yml").entries == (entry,)


def test_what_is_lost_is_named(tmp_path):
    entry = Entry("war", "War", "Force.", "", (Pattern("w?r", "pattern", False, 0), Pattern("Raid", "pattern", True, 0)), (), {}, (), "", 0)
    book = Codebook("probe", "frames", "1", "", "", "key", (entry,), "", "probe")
    assert write_codebook(book, tmp_path / "probe.dic") == [
        "LIWC 2007, 2015, 2022: 1 pattern left out: 'w?r' of 'war'",
        "LIWC 2007, 2015, 2022: label of entries lost (1)",
        "LIWC 2007, 2015, 2022: meaning of entries lost (1)",
        "LIWC 2007, 2015, 2022: case of patterns lost (1)",
        "LIWC 2007, 2015, 2022: version of the file lost (1)",
    ]


@pytest.mark.parametrize("format", ["wordstat", "docx"])
def test_a_format_that_is_not_written_is_refused(format, tmp_path):
    with pytest.raises(CodebookError) as raised:
        write_codebook(read_codebook("frames"), "frames.txt", format=format)
    allowed = "Allowed: framebook, liwc, quanteda."
    assert str(raised.value) == f"frames.txt: format {format!r} cannot be written. {allowed}"
