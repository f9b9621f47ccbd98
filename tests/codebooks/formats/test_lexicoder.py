"""Lexicoder's lines and Yoshikoder's XML."""

from __future__ import annotations

import pytest

from .files import entries, losses, read

LC3 = "stray\n\n+Hard news\n  all-out war \nbomb*\n+Soft news/Sport\nmatch\n"
YKD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- written for a test -->
<dictionary style="050805" patternengine="substring">
  <cnode name="My dictionary" desc="all of it">
    <cnode name="War" desc=" Force of
       arms " score="2">
      <pnode name="bomb*"/><pnode name="raid" score="-0.5"/>
      <cnode name="Air"><pnode name="drone"/><note/></cnode>
    </cnode>
    <cnode name="Peace"><pnode name="tr*ce"/></cnode>
  </cnode>
</dictionary>
"""


def test_a_line_with_a_plus_begins_a_category_and_a_slash_nests_it():
    book = read(LC3, "news.lc3")
    assert entries(book) == {"Hard-news": ["all-out war", "bomb*"], "Soft-news": [], "Soft-news/Sport": ["match"]}
    assert [entry.line for entry in book.entries] == [3, 6, 6]
    assert losses(book) == ["news.lc3:1: warning: 'stray' is before the first category."]


def test_yoshikoder_keeps_nesting_and_descriptions_and_the_outermost_category_is_the_dictionary():
    book = read(YKD, "war.ykd")
    assert entries(book) == {"War": ["bomb*", "raid"], "War/Air": ["drone"], "Peace": ["tr*ce"]}
    assert book.entry("War").meaning == "Force of arms"
    assert losses(book) == [
        "war.ykd:1: warning: weights are left out: every pattern counts one.",
        "war.ykd:8: warning: <note> is not known here.",
    ]


def test_lexicoder_2_has_no_outermost_category():
    book = read(
        '<dictionary style="Lexicoder" name="x"><cnode name="a"><cnode name="b"><pnode name=" war "/></cnode></cnode></dictionary>', "a.lcd"
    )
    assert entries(book) == {"a": [], "a/b": ["war"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<dictionary><cnode name="a">', "war.ykd:1: not XML: "),
        ('<!DOCTYPE d [<!ENTITY x "y">]><dictionary><cnode name="&x;"/></dictionary>', "war.ykd:1: a document type is declared. Allowed: "),
        ('<!DOCTYPE d SYSTEM "file:///etc/passwd"><dictionary/>', "war.ykd:1: a document type is declared. Allowed: "),
        (
            '<dictionary patternengine="regexp"><cnode name="a"><pnode name="w.r"/></cnode></dictionary>',
            "war.ykd:1: its patterns are regular expressions, which are not supported. Allowed: patterns with * and ?. Write them so,",
        ),
        ("<dictionary/>", "war.ykd:1: no category with a pattern. Allowed: one or more. "),
    ],
)
def test_hostile_or_broken_xml_is_refused(text, message):
    assert read(text, "war.ykd").startswith(message)
