from dataclasses import replace

from toolkit.codebooks import Role, read_codebook
from toolkit.codebooks.roles import list_roles


def test_office_without_a_first_day_gives_no_phrase():
    book = read_codebook("actors")
    undated = replace(book.entry("umerov"), roles=(Role("President", "UKR", None, None),))
    assert list_roles(replace(book, entries=(book.entry("UKR"), undated)))[0].entries == ()


def test_office_of_what_is_no_state_gives_no_phrase():
    book = read_codebook("actors")
    of_un = replace(book.entry("umerov"), roles=(replace(book.entry("umerov").roles[0], of="UN"),))
    assert list_roles(replace(book, entries=(book.entry("UN"), of_un)))[0].entries == ()


def test_bundled_phrases_are_each_of_a_role():
    book = read_codebook("actors")
    titles = {(entry.id, role.title) for entry in book.entries for role in entry.roles}
    offices, origin = list_roles(book)
    assert {(entry, title) for (entry, _), title in origin.items()} <= titles
    assert {pattern.via for entry in offices.entries for pattern in entry.patterns} == {"role"}


def test_phrases_are_in_order_and_have_the_days_of_the_role():
    office = list_roles(read_codebook("actors"))[0].entry("umerov")
    assert [pattern.text for pattern in office.patterns] == sorted(pattern.text for pattern in office.patterns)
    role = read_codebook("actors").entry("umerov").roles[0]
    assert {(pattern.start, pattern.end) for pattern in office.patterns} == {(role.start, role.end)}
