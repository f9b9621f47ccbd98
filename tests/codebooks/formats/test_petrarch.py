"""Actor dictionaries of PETRARCH and TABARI."""

from __future__ import annotations

from datetime import date

from .files import entries, losses, read

ACTORS = """# written for a test
<!-- a comment
over [two] lines -->
RURITANIA_ [RUR] ; old comment
+RURITANIAN_
+ZENDA_ # new comment
UN_ [IGOUNO]
RUDOLF_RASSENDYLL  ; no code yet
+KING_RUDOLF_V.
\t[RURELI <19930510]
\t[RURGOV 930510-950511]  # king for two years
\t[---  >100101]
\t[RURCIV]
ANTOINETTE DE_MAUBAN [FRA/RUR]
BLACK_MICHAEL [RUR930101-940101]
NOBODY
"""


def test_an_entry_is_a_code_with_the_names_that_have_it():
    book = read(ACTORS, "ruritania.actors")
    assert book.kind == "actors"
    assert entries(book)["RUR"] == ["RURITANIA", "RURITANIAN", "ZENDA", "ANTOINETTE DE MAUBAN"]
    assert entries(book)["FRA"] == ["ANTOINETTE DE MAUBAN"]
    assert {(entry.type, pattern.via) for entry in book.entries for pattern in entry.patterns} == {("group", "name")}


def test_capitals_match_in_any_case_unless_the_name_is_short():
    book = read(ACTORS, "ruritania.actors")
    assert not book.entry("RUR").patterns[0].case
    assert book.entry("IGOUNO").patterns[0].case


def test_a_code_holds_to_the_day_before_its_last_and_one_without_days_on_all_that_are_left():
    book = read(ACTORS, "ruritania.actors")
    spans = {id: [(p.start, p.end) for p in book.entry(id).patterns if p.text == "KING RUDOLF V."] for id in ("RURELI", "RURGOV", "RURCIV")}
    assert spans == {
        "RURELI": [(None, date(1993, 5, 9))],
        "RURGOV": [(date(1993, 5, 10), date(1995, 5, 10))],
        "RURCIV": [(date(1995, 5, 11), date(2009, 12, 31))],
    }


def test_what_is_no_actor_or_not_understood_is_told():
    assert losses(read(ACTORS, "ruritania.actors")) == [
        "ruritania.actors:12: warning: left out: [---  >100101] is not an actor; its names are not patterns for that time.",
        "ruritania.actors:15: warning: left out: 'BLACK MICHAEL' has no code.",
        "ruritania.actors:15: warning: left out: [RUR930101-940101]. "
        "Understood: [CODE], [CODE <YYMMDD], [CODE >YYMMDD], [CODE YYMMDD-YYMMDD].",
        "ruritania.actors:16: warning: left out: 'NOBODY' has no code.",
    ]


def test_a_day_that_is_none_is_told():
    assert losses(read("KING_ [RUR 930230-950101]\n+QUEEN_ [RUR]\n", "a.actors"))[0].startswith(
        "a.actors:1: warning: left out: [RUR 930230-"
    )
