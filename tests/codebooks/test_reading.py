import json
import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from toolkit.codebooks import Codebook, Pattern, Role, check_codebook, list_codebooks, read_codebook, write_codebook
from toolkit.codebooks.nodes import Fault
from toolkit.codebooks.records import Near
from toolkit.errors import CodebookError

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "codebooks.yml").read_text("utf-8"))
HEAD = "codebook: war\nkind: {}\nversion: 2026.10\nlicence: CC-BY-4.0\nsource: Written for a test\nentries:\n"
NESTED = HEAD.format("frames") + (
    "  war:\n    label: War\n    meaning: Force.\n    patterns: [war*]\n    entries:\n"
    "      air: {label: Air, meaning: From the air., patterns: [bomb*], not: [bath bomb], rejected: {fire: too wide}}\n"
    "      sea: {label: Sea, meaning: From the sea., patterns: [Navy], case: true}\n"
    "  peace: {label: Peace, meaning: No force., patterns: [peace], source: Galtung 2003, comment: short}\n"
)
ACTORS = HEAD.format("actors") + (
    "  UKR: {label: Ukraine, type: state, names: [Ukraine], demonyms: [Ukrainian*], metonyms: [Kyiv]}\n"
    "  RUS: {label: Russia, type: state, names: [Russia]}\n"
    "  umerov:\n    label: Rustem Umerov\n    type: person\n    names: [Rustem Umerov]\n    aliases: [Rustem E. Umerov]\n"
    "    surname: Umerov\n    titles: [Defence Minister of Ukraine]\n    patterns: [Umerov-led]\n"
    "    roles: [{title: Defense Minister, of: UKR, from: 2023-09-06, to: 2025-07-17}]\n"
)
FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def write_file(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    Path("war.yml").write_bytes(text.encode("utf-8", "surrogatepass"))
    return "war.yml"


def read_text(folder: Path, text: str) -> Codebook:
    path = folder / "war.yml"
    path.write_text(text, encoding="utf-8")
    return read_codebook(path)


def say(faults: list[Fault]) -> list[str]:
    return [str(fault) for fault in faults]


def complete(case: dict[str, str]) -> str:
    return case["text"] if case["in"] == "file" else HEAD.format(case["in"]) + case["text"]


@pytest.mark.parametrize("case", CASES["faults"], ids=lambda case: case["label"])
def test_every_fault_is_said_with_its_line_all_at_once(case, tmp_path, monkeypatch):
    path = write_file(tmp_path, complete(case), monkeypatch)
    assert say(check_codebook(path)) == case["expect"].rstrip("\n").split("\n")
    errors = [line for line in case["expect"].rstrip("\n").split("\n") if ": warning: " not in line]
    with pytest.raises(CodebookError) as raised:
        read_codebook(path)
    assert str(raised.value).split("\n") == errors


@pytest.mark.parametrize("case", CASES["negative"], ids=lambda case: case["label"])
def test_what_only_looks_odd_is_no_fault(case, tmp_path, monkeypatch):
    path = write_file(tmp_path, complete(case), monkeypatch)
    assert check_codebook(path) == []
    assert read_codebook(path).path_name == "war.yml"


def test_entries_are_flat_with_parents_first_and_every_pattern_has_its_line(tmp_path):
    book = read_text(tmp_path, NESTED)
    assert [(entry.id, entry.parent, entry.line) for entry in book.entries] == [
        ("war", "", 7),
        ("war/air", "war", 12),
        ("war/sea", "war", 13),
        ("peace", "", 14),
    ]
    air = book.entry("war/air")
    assert air.patterns == (Pattern("bomb*", "pattern", False, 12),)
    assert air.protects == (Pattern("bath bomb", "pattern", False, 12),)
    assert air.rejected == {"fire": "too wide"}
    assert book.entry("war/sea").patterns == (Pattern("Navy", "pattern", True, 13),)
    assert (book.entry("peace").source, book.entry("peace").comment) == ("Galtung 2003", "short")
    assert (book.id, book.kind, book.licence, book.source) == ("war", "frames", "CC-BY-4.0", "Written for a test")


def test_actor_patterns_match_exactly_and_know_their_kind(tmp_path):
    book = read_text(tmp_path, ACTORS)
    umerov = book.entry("umerov")
    assert [(pattern.text, pattern.via) for pattern in umerov.patterns] == [
        ("Rustem Umerov", "name"),
        ("Rustem E. Umerov", "alias"),
        ("Defence Minister of Ukraine", "title"),
        ("Umerov-led", "pattern"),
        ("Umerov", "surname"),
    ]
    assert all(pattern.case for entry in book.entries for pattern in entry.patterns)
    assert umerov.roles == (Role("Defense Minister", "UKR", date(2023, 9, 6), date(2025, 7, 17)),)
    assert [pattern.via for pattern in book.entry("UKR").patterns] == ["name", "demonym", "metonym"]


def test_what_an_entry_says_of_its_patterns_holds_where_a_pattern_does_not_say_otherwise(tmp_path):
    text = HEAD.format("frames") + (
        "  a:\n    label: A\n    meaning: A.\n    case: true\n    valid: {from: 2017-01-01}\n"
        "    unless_near: {patterns: [x]}\n"
        "    patterns: [war, {pattern: raid, near: {patterns: [Y2], within: 3}, unless_near: {patterns: [z]}, case: false,"
        " valid: {to: 2018-01-01}}]\n    not: [raid on]\n"
    )
    entry = read_text(tmp_path, text).entry("a")
    line = entry.patterns[0].line
    assert entry.patterns == (
        Pattern("war", "pattern", True, line, near=(Near(("x",), None, True),), start=date(2017, 1, 1)),
        Pattern("raid", "pattern", False, line, near=(Near(("Y2",), 3), Near(("z",), None, True)), end=date(2018, 1, 1)),
    )
    assert entry.protects == (Pattern("raid on", "pattern", True, line + 1),)
    assert write_codebook(read_text(tmp_path, text), tmp_path / "again.yml") == []


EXTENDED = "codebook: mine\nkind: actors\nversion: 1\nlicence: CC0-1.0\nsource: ours\nextends: actors\n"


def test_codebook_that_extends_another_adds_takes_the_place_of_and_drops_entries(tmp_path):
    own = (
        "drop: [WEST, MOF, UKR-PARL]\n"
        "entries:\n"
        "  RUS: {label: Russia, type: state, names: [Russia]}\n"
        "  moon: {label: Moon, type: state, names: [Moon]}\n"
        "bodies:\n"
        "  MOI: {label: Home Office, patterns: ['{name} home office'], of: [moon, UKR]}\n"
    )
    base, book = read_codebook("actors"), read_text(tmp_path, EXTENDED + own)
    before, after = ({entry.id: entry for entry in one.entries if not entry.body} for one in (base, book))
    assert [*after] == [*(id for id in before if id not in ("WEST", "UKR-PARL")), "moon"]
    assert [pattern.text for pattern in book.entry("RUS").patterns] == ["Russia"]
    same = [id for id in before if id in after and id != "RUS" and not before[id].within]
    assert all(after[id] == before[id] for id in same)
    made = {entry.id for entry in book.entries if entry.body}
    assert {id for id in made if id.endswith("-MOI")} == {"moon-MOI", "UKR-MOI"}
    assert not {id for id in made if id.endswith("-MOF")}
    assert "UKR-PARL" in made, "dropped with its own names, it has those of the rule"
    assert (book.id, book.overlap, book.licence, book.warnings) == ("mine", "dictionary", "CC0-1.0", ())


def test_nested_entries_are_dropped_with_their_parent_and_replaced_alone(tmp_path):
    head = EXTENDED.replace("actors", "frames")
    base = read_codebook("frames")
    top, nested = next((entry.parent, entry.id) for entry in base.entries if entry.parent)
    dropped = read_text(tmp_path, f"{head}drop: [{top}]\n")
    assert [entry.id for entry in dropped.entries] == [entry.id for entry in base.entries if not f"{entry.id}/".startswith(f"{top}/")]
    own = f"entries: {{{top}: {{label: Mine, meaning: Ours., patterns: [xyzzy]}}}}\n"
    replaced = read_text(tmp_path, head + own)
    assert [entry.id for entry in replaced.entries] == [entry.id for entry in base.entries]
    assert [pattern.text for pattern in replaced.entry(top).patterns] == ["xyzzy"]
    assert replaced.entry(nested).label == base.entry(nested).label


def test_an_entry_that_is_dropped_and_given_is_new_without_those_nested_in_it(tmp_path):
    text = EXTENDED.replace("actors", "frames") + (
        "drop: [war-words]\nentries: {war-words: {label: War, meaning: Ours., patterns: [xyzzy]}}\n"
    )
    ids = [entry.id for entry in read_text(tmp_path, text).entries]
    assert [id for id in ids if id.startswith("war-words")] == ["war-words"]


def test_codebook_that_extends_another_and_adds_nothing_is_the_same(tmp_path):
    for name in list_codebooks():
        extended = EXTENDED.replace("kind: actors", f"kind: {read_codebook(name).kind}").replace("actors", name)
        base, book = read_codebook(name), read_text(tmp_path, extended)
        assert write_codebook(book, tmp_path / "mine.yml") == []
        again = read_codebook(tmp_path / "mine.yml")
        assert again.entries == base.entries


def test_a_missing_licence_is_a_warning(tmp_path):
    text = "codebook: a\nkind: frames\nentries:\n  a: {label: A, patterns: [war]}\n"
    assert len(read_text(tmp_path, text).warnings) == 4


def test_a_version_stays_as_it_was_written(tmp_path):
    assert read_text(tmp_path, NESTED).version == "2026.10"


def test_overlap_is_by_key_in_frames_and_by_dictionary_among_actors_unless_said(tmp_path):
    assert read_text(tmp_path, NESTED).overlap == "key"
    assert read_text(tmp_path, ACTORS).overlap == "dictionary"
    assert read_text(tmp_path, "overlap: key\n" + ACTORS).overlap == "key"


def test_a_letter_and_its_mark_become_one(tmp_path):
    text = HEAD.format("frames") + "  cafe: {label: C, meaning: C., patterns: [cafe\u0301]}\n"
    assert read_text(tmp_path, text).entry("cafe").patterns[0].text == "café"


def test_byte_order_mark_and_windows_lines_are_read(tmp_path):
    path = tmp_path / "war.yml"
    path.write_bytes(b"\xef\xbb\xbf" + NESTED.replace("\n", "\r\n").encode())
    assert read_codebook(path).entries == read_text(tmp_path, NESTED).entries


def test_another_encoding_is_a_fault_with_its_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("war.yml").write_bytes("kind: frames\nsource: Müller\n".encode("latin-1"))
    assert say(check_codebook("war.yml")) == ["war.yml:2: byte 0xfc is not UTF-8. Allowed: text in UTF-8. Save the file so."]


def test_nesting_without_end_is_a_fault(tmp_path, monkeypatch):
    path = write_file(tmp_path, "[" * 5000, monkeypatch)
    assert say(check_codebook(path)) == ["war.yml:1: nested too deep to read. Make it flatter."]


def test_missing_file_names_the_bundled_codebooks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = (
        "frame: no such file or bundled codebook. Allowed: actors, frames, frames-learned, gun-violence, language, language-learned. "
        "Did you mean 'frames'? Or give a file."
    )
    for look in (read_codebook, check_codebook):
        with pytest.raises(CodebookError) as raised:
            look("frame")
        assert str(raised.value) == message
    with pytest.raises(CodebookError, match="no such file"):
        check_codebook(tmp_path)


def test_labels_name_entries_in_any_case_and_one_needs_no_list(tmp_path):
    book = read_text(tmp_path, ACTORS)
    assert [book.entry(name).id for name in ("UKR", "ukr", "Ukraine", "ukraine", "rustem umerov")] == ["UKR", "UKR", "UKR", "UKR", "umerov"]
    assert book.expand("ukraine") == book.expand(["UKR"]) == ("UKR",)
    nested = read_text(tmp_path, NESTED)
    assert nested.entry("war: air").id == nested.entry("Air").id == "war/air"
    assert read_codebook("actors").expand("within:Ukraine") == read_codebook("actors").expand(["within:UKR"])


def test_label_of_two_entries_is_refused_with_their_ids(tmp_path):
    book = read_text(tmp_path, NESTED.replace("label: Sea", "label: Air"))
    assert (book.labels["war/air"], book.labels["peace"]) == ("War: Air (war/air)", "Peace")
    with pytest.raises(CodebookError) as raised:
        book.entry("air")
    assert str(raised.value) == "war.yml: 'air' names 2 entries: war/air, war/sea. Write one of these ids."


def test_no_nonsense_is_suggested_among_hundreds_of_entries():
    with pytest.raises(CodebookError) as raised:
        read_codebook("actors").entry("Ukrane")
    assert str(raised.value).endswith("'Ukrane'. Allowed: one of 713, such as Ukraine; codebook.labels has all. Did you mean 'Ukraine'?")
    with pytest.raises(CodebookError) as raised:
        read_codebook("actors").entry("Elbonia Republic of")
    assert str(raised.value).endswith("Allowed: one of 713; codebook.labels has all.")


def test_fingerprint_is_of_what_is_matched_and_labelled_alone(tmp_path):
    book = read_text(tmp_path, ACTORS)
    assert read_text(tmp_path, f"# a comment\n{ACTORS}").fingerprint == book.fingerprint == pickle.loads(pickle.dumps(book)).fingerprint
    assert replace(book, version="2", sha256="").fingerprint == book.fingerprint
    fewer = [replace(book, entries=book.entries[:2]), replace(book, overlap="key"), replace(book, id="b"), replace(book, kind="frames")]
    names = tuple(replace(pattern, case=False) for pattern in book.entries[0].patterns)
    fewer += [replace(book, entries=(replace(book.entries[0], patterns=names), *book.entries[1:]))]
    assert len({book.fingerprint, *(one.fingerprint for one in fewer)}) == 6


def test_codebook_shows_itself(tmp_path):
    book = read_text(tmp_path, ACTORS)
    assert repr(book) == "Codebook war 2026.10: 3 entries (2 states, 1 person), kind actors"
    assert repr(read_text(tmp_path, NESTED)) == "Codebook war 2026.10: 4 entries (4 patterns), kind frames"
    shown = replace(book, title="<b>")._repr_html_()
    assert "&lt;b&gt;" in shown and "<b>" not in shown
    assert read_codebook("actors")._repr_html_().count("<tr>") == 31
    assert "<td>war*, bomb*, Navy</td>" in read_text(tmp_path, NESTED)._repr_html_(), "patterns of nested entries too"


def test_expand_names_entries_types_and_all_top_level_ones(tmp_path):
    book = read_text(tmp_path, ACTORS)
    assert book.expand([]) == ("UKR", "RUS", "umerov")
    assert book.expand(["RUS", "type:state", "RUS"]) == ("RUS", "UKR")
    assert read_text(tmp_path, NESTED).expand([]) == ("war", "peace")
    assert read_text(tmp_path, NESTED).expand(["war/air", "war"]) == ("war/air", "war")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("UKRA", "war.yml: there is no entry 'UKRA'. Allowed: RUS, UKR, umerov. Did you mean 'UKR'?"),
        ("Ukrane", "war.yml: there is no entry 'Ukrane'. Allowed: RUS, UKR, umerov. Did you mean 'Ukraine'?"),
        ("Elbonia", "war.yml: there is no entry 'Elbonia'. Allowed: RUS, UKR, umerov."),
        ("type:states", "war.yml: there is no entry with 'type:states'. Allowed: type:person, type:state. Did you mean 'type:state'?"),
    ],
)
def test_unknown_entries_and_types_are_refused_with_what_there_is(asked, message, tmp_path):
    with pytest.raises(CodebookError) as raised:
        read_text(tmp_path, ACTORS).expand([asked])
    assert str(raised.value) == message


@pytest.mark.parametrize("name", list_codebooks())
def test_bundled_codebooks_have_no_fault_and_their_own_name(name):
    assert check_codebook(name) == []
    assert (read_codebook(name).id, read_codebook(name).path_name) == (name, f"{name}.yml")


PATTERNS = st.lists(st.sampled_from(["bomb*", "war", "all-out war", "cease?fire"]), min_size=1, max_size=3, unique=True)


@FOLDER
@given(entries=st.dictionaries(st.sampled_from("abcdef"), PATTERNS, min_size=1), data=st.data())
def test_the_order_of_entries_changes_nothing_but_their_order(entries, data, tmp_path):
    def as_found(ids: list[str]) -> dict[str, object]:
        lines = [f"  {id}: {{label: {id}, meaning: Some., patterns: {entries[id]}}}\n" for id in ids]
        book = read_text(tmp_path, HEAD.format("frames") + "".join(lines))
        assert [entry.id for entry in book.entries] == ids
        return {e.id: (e.label, [(p.text, p.via, p.case) for p in e.patterns]) for e in book.entries}

    assert as_found(sorted(entries)) == as_found(data.draw(st.permutations(sorted(entries))))


SIGNS = "\n|\t| |  |:|: |,|-|- |---\n|[|]|{|}|'|\"|#|&|*|!|!!int|>|%|@|`|?|~|\\|\\x|\\U|\x85|\ud800|\ufeff|é|<<: |0x"
WORDS = "entries:|kind: actors\n|no|1984|a|UKR|patterns: [|label: A\n|roles: [{of: a, from: 2|names: |rejected: {|case: "
YAML_LIKE = st.lists(st.sampled_from(f"{SIGNS}|{WORDS}".split("|")), max_size=40).map("".join)


KEYS = "codebook kind version licence overlap entries a b/c label meaning type patterns names surname not rejected roles of from to case"
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "a", "bomb*", "*", "frames", "actors", "person", "2023-09-06", "true"])
)
TREES = st.recursive(
    LEAVES, lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), below, max_size=8), max_leaves=30
).map(json.dumps)


@FOLDER
@given(
    text=YAML_LIKE | TREES | st.text(max_size=60), head=st.sampled_from(["", HEAD.format("frames") + "  ", HEAD.format("actors") + "  "])
)
@example(text='"\\UFFFFFFFF"', head="")
def test_no_text_raises_anything_but_a_codebook_error(text, head, tmp_path, monkeypatch):
    path = write_file(tmp_path, head + text, monkeypatch)
    faults = check_codebook(path)
    assert all(fault.startswith("war.yml:") and "\n" not in fault for fault in say(faults))
    errors = say([fault for fault in faults if not fault.is_warning])
    try:
        book = read_codebook(path)
    except CodebookError as raised:
        assert str(raised).split("\n") == errors
    else:
        assert errors == []
        assert sorted([*book.warnings, *book.losses]) == sorted(say(faults))


def test_an_encoding_that_had_to_be_guessed_is_told_and_can_be_given(tmp_path):
    file = tmp_path / "war.dic"
    file.write_bytes("%\n1\tWojna\n%\nśmierć\t1\nżołnierz*\t1\n".encode("iso8859-2"))
    assert (
        "war.dic:1: warning: read as iso8859-2, guessed and unsure: look at its accents. Name another: codebook convert --encoding."
        in read_codebook(file).losses
    )
    book = read_codebook(file, encoding="iso8859-2")
    assert ([pattern.text for pattern in book.entries[0].patterns], book.losses) == (["śmierć", "żołnierz*"], ())
    with pytest.raises(CodebookError, match=r"war\.dic: not text in the encoding 'isox' \(unknown encoding: isox\)\. Name another"):
        read_codebook(file, encoding="isox")
