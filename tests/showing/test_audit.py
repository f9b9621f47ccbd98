"""The pages of a codebook's audit: every link leads somewhere, nothing from outside becomes markup."""

from __future__ import annotations

import re

from tests.counting.world import make_book, make_entry, make_world
from toolkit.counting import find_mentions
from toolkit.estimating import audit_codebook, estimate_without, suggest_patterns
from toolkit.showing import draw_audit, show_audit, show_changes, show_suggestions

PIECES = {f"a{at}": [("body", "A <b>war</b> with shells."), ("body", "Sun & rain today.")] for at in range(12)}
BOOK = make_book(make_entry("war", ["war", "<b>war", "never"]), make_entry("sun", ["sun"]))
ARTICLES, SENTENCES = make_world(PIECES)
MENTIONS = find_mentions(ARTICLES, SENTENCES, BOOK)
AUDIT = audit_codebook(MENTIONS, ARTICLES, BOOK)


def test_every_pattern_that_found_something_opens_sentences():
    shown = show_audit(AUDIT, MENTIONS, SENTENCES, ARTICLES, BOOK, per_pattern=4, seed=1)
    links, ids = (re.findall(rf'{what}="#?(evidence-[^"]+)"', shown.html) for what in ("href", "id"))
    assert sorted(links) == sorted(ids) and len(ids) == 2
    assert shown.html.count("<li>") == 2 * 4 and "4 of 12 sentences shown, drawn at random" in shown.html
    assert shown.text == "book: 4 patterns, 2 of them found nothing, 24 mentions."
    assert "<b>war" not in shown.html and "&lt;b&gt;" in shown.html


def test_the_same_seed_gives_the_same_bytes_and_order_changes_nothing():
    pages = [show_audit(AUDIT, rows, SENTENCES, ARTICLES, BOOK, seed=3).html for rows in (MENTIONS, MENTIONS[::-1])]
    assert pages[0] == pages[1]


def test_the_chart_says_which_entry_is_one_word():
    chart = draw_audit(AUDIT, codebooks=[BOOK])
    assert chart.alt == (
        "Dot chart of the share of the most frequent pattern in its entry: 2 entries above 60%. Highest: war, '<b>war', 100.0%."
    )
    assert chart.png[:4] == b"\x89PNG" and list(chart.files) == ["audit-book.csv"]


def test_changes_are_told_by_the_outlet_that_moves_most():
    shown = show_changes(estimate_without(MENTIONS, SENTENCES, ARTICLES, BOOK), codebooks=[BOOK])
    assert shown.text.splitlines()[1:] == ["sun, sun, x.com: 111 to 0 (-100%)"]  # without `<b>war` the pattern `war` takes its place
    assert "<b>" not in shown.html


def test_suggested_words_open_sentences_that_hold_both():
    words = suggest_patterns(MENTIONS, SENTENCES, ARTICLES, BOOK, entries=["war"])
    shown = show_suggestions(words, MENTIONS, SENTENCES, ARTICLES, BOOK, seed=1)
    assert words["word"].tolist() == ["shells", "with"]
    links, ids = (re.findall(rf'{what}="#?(evidence-word-[^"]+)"', shown.html) for what in ("href", "id"))
    assert links == ids and len(ids) == 2
    assert '<mark class="fb-language">shells</mark>' in shown.html
