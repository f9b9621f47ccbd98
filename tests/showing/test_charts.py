"""Charts say in words what they draw, and draw the same bytes for the same rows."""

import re
from dataclasses import replace

import matplotlib
import numpy as np
import pytest

from tests.counting.world import make_book, make_entry
from toolkit import (
    audit_codebook,
    count_articles,
    draw,
    estimate_rates,
    estimate_shares,
    estimate_sources,
    estimate_together,
    find_attributions,
    keep_entries,
    show_numbers,
)
from toolkit.errors import TableError
from toolkit.tables import make_table

from .toy import ACTORS, find, make_many, make_news


@pytest.fixture(scope="module")
def news():
    return make_many(24)


def test_the_form_is_chosen_by_the_shape_of_the_table_and_can_be_told(news) -> None:
    named, framed = find(ACTORS, news=news), find(news=news)
    forms = {
        "dots": estimate_rates(framed, by="outlet"),
        "lines": estimate_rates(framed, by="week"),
        "cells": estimate_together(named, framed),
    }
    kinds = {"dots": "Dot chart", "lines": "Line chart", "cells": "Heat map"}
    assert {form: draw(estimates).alt.partition(" of ")[0] for form, estimates in forms.items()} == kinds
    assert draw(estimate_together(named, keep_entries(named, "RUS"))).alt.startswith("Heat map")
    assert draw(forms["dots"], "cells").alt.startswith("Heat map of mentions per 1,000 words")
    with pytest.raises(TableError, match="how='pie' is not a form of chart"):
        draw(forms["dots"], "pie")
    with pytest.raises(TableError, match="lines need a period"):
        draw(forms["dots"], "lines")


def test_alt_and_caption_say_what_the_rows_say(news) -> None:
    rates = estimate_rates(find(news=news), by="outlet")
    chart = draw(rates)
    assert chart.alt.startswith("Dot chart of mentions per 1,000 words: War, Peace in 2 outlets. Highest: Peace, ")
    assert "Dots are estimates, lines their 95% intervals." in chart.caption
    below = show_numbers(rates).html
    assert "Intervals are 95% score intervals: the more stories differ, the wider they are. Based on 24 articles." in below
    assert chart.name == "rates-by-outlet" and chart.files["rates-by-outlet.csv"].startswith("outlet,entry,estimate,low,high,")
    assert chart.files["rates-by-outlet.csv"].splitlines()[1].endswith(',frames,"mentions per 1,000 words",0.95,2017')


def test_same_rows_make_the_same_bytes_whatever_the_users_style(news) -> None:
    for estimates in (estimate_rates(find(news=news), by="outlet"), estimate_together(find(ACTORS, news=news))):
        first = draw(estimates).png
        with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red"}):
            assert draw(estimates).png == first


def test_data_file_has_every_row_though_only_twelve_entries_are_drawn() -> None:
    book = make_book(*(make_entry(f"e{at:02}", [f"word{at}"]) for at in range(20)), id="many")
    texts = {f"a{at}": " ".join(f"word{n}" for n in range(20)) + "." for at in range(6)}
    mentions = find(book, news=make_news(texts, outlet=["x"] * 6, published=["2017-02-06"] * 6, url=[None] * 6))
    chart = draw(estimate_shares(mentions, by=""))
    assert " The 12 highest of 20 are drawn; the data file has all." in chart.caption
    assert chart.files["shares.csv"].count("\n") == 21


def test_missing_interval_is_drawn_hollow_and_said(news) -> None:
    rates = estimate_rates(find(news=news), by="outlet")
    some = rates.table.assign(low=rates.table["estimate"].where(rates.table["outlet"] == "a.com"), high=rates.table["estimate"])
    assert "Hollow dots have no interval." in draw(replace(rates, table=some)).caption


def test_mathematics_and_markup_in_labels_stay_text() -> None:
    hostile = make_news({"a": "Peace.", "b": "Peace, peace."}, outlet=["$x^2$", "<b>{}"], published=[None, None])
    assert draw(estimate_rates(find(news=hostile), by="outlet")).png.startswith(b"\x89PNG")


def test_weeks_without_an_article_break_the_line_and_are_said(news) -> None:
    later = replace(
        news,
        articles=news.articles.assign(
            published=[day if at % 2 else day.replace(month=4) for at, day in enumerate(news.articles["published"])]
        ),
    )
    assert "The line breaks at 6 weeks of 8 without an article." in draw(estimate_rates(find(news=later), by="week")).caption


def test_what_cannot_be_drawn_is_refused_and_what_is_empty_says_so(news) -> None:
    rates = estimate_rates(find(news=news), by="outlet")
    with pytest.raises(TableError, match="draw: there is no estimate"):
        draw(replace(rates, table=rates.table[:0]))
    with pytest.raises(TableError, match=r"expected Estimates, an audit, or a table that count_articles gives\."):
        draw(count_articles(news, by="outlet")[:0])
    nothing = replace(rates, table=rates.table.assign(estimate=np.nan, low=np.nan, high=np.nan))
    assert draw(nothing).alt == "There is nothing to draw: too little was found or coded."


def test_an_outlet_is_marked_where_quotation_marks_were_damaged_in_more_than_a_tenth(news) -> None:
    ids = news.articles.loc[news.articles["outlet"] == "a.com", "article_id"]
    repairs = make_table("Repairs", {"article_id": ids[:2], "step": ["quotation marks"] * 2, "n_changes": [1, 1]})
    speech = find_attributions(find(ACTORS, news=replace(news, repairs=repairs)))
    marked = draw(estimate_sources(speech, share="types"))
    assert "† In over a tenth of its articles, quotation marks were lost or broken" in marked.caption
    assert "†" not in draw(estimate_sources(find_attributions(find(ACTORS, news=news)), share="types")).caption


def test_entries_of_one_outlet_are_the_rows_of_one_panel(news) -> None:
    one, many = (draw(estimate_rates(find(news=corpus), by="outlet")) for corpus in (make_many(12, outlet=["a.com"] * 12), news))
    assert "by outlet" in many.caption and "first panel" in many.caption
    assert "by outlet" not in one.caption and "panel" not in one.caption


def test_of_many_entries_with_a_single_name_the_chart_has_those_that_are_found_most() -> None:
    words = [f"word{chr(97 + at)}" for at in range(14)]
    texts = {f"m{at:02}": " ".join(f"{word}. " * 4 for word in words[min(at // 3, 13) :]) for at in range(60)}
    book = make_book(*(make_entry(word, [word]) for word in words), id="frames")
    chart = draw(audit_codebook(find(book, news=make_news(texts, outlet=["a.com"] * 60, published=[None] * 60, url=[None] * 60))))
    assert "14 entries above 60%. Of these, those with the most mentions are drawn" in chart.caption


def test_company_is_drawn_in_both_cells_of_a_pair(news) -> None:
    chart = draw(estimate_together(find(ACTORS, news=news)))
    assert chart.alt.startswith("Heat map of times as many sentences as by chance: ") and "Rows and columns: actors." in chart.caption
    assert len(chart.files["together-in-sentences-by-actor.csv"].splitlines()) == 2


def test_each_cell_of_a_heat_map_opens_what_it_counts(news) -> None:
    table = estimate_together(find(ACTORS, news=news), find(news=news))
    spots = re.findall(r'href="#([\w-]+)" style="left:([\d.]+)%;top:([\d.]+)%">([^<]*)<', draw(table).html)
    assert len(spots) == len(table.known)
    opened = set(re.findall(r'id="(evidence-[\w-]+)"', show_numbers(table).html))
    assert {anchor for anchor, *_ in spots} <= opened
    by_actor = {}
    for _, left, top, said in spots:
        entry, actor = said.partition(":")[0].split(", ")
        by_actor.setdefault(("row", actor), set()).add(top)
        by_actor.setdefault(("column", entry), set()).add(left)
    assert all(len(places) == 1 for places in by_actor.values()), "cells of a row have one height, those of a column one place"
    assert len({*map(frozenset, by_actor.values())}) == len(by_actor)
    both = re.findall(r'href="#([\w-]+)"', draw(estimate_together(find(ACTORS, news=news))).html)
    assert both
    assert len(both) == 2 * len(set(both)), "a pair is in two cells, which open the same"


def test_heat_map_of_what_is_compared_with_chance_says_its_colours(news) -> None:
    chart = draw(estimate_together(find(ACTORS, news=news), find(news=news), chance=True))
    assert "Blue: more than by chance; orange: less; white: the interval includes 1 or is missing." in chart.caption


def test_the_audit_chart_says_which_entry_is_one_word(news) -> None:
    chart = draw(audit_codebook(find(news=news)))
    assert chart.alt.startswith("Dot chart of the share of the most frequent pattern in its entry: 2 entries above 60%. Highest: ")


@pytest.mark.parametrize(
    ("by", "kind"),
    [("outlet", "Dot chart"), ("day", "Bar chart"), ("length", "Bar chart"), ("outlet and week", "Heat map")],
)
def test_articles_are_drawn_with_words_and_data(news, by, kind) -> None:
    chart = draw(count_articles(news, by=by))
    assert chart.alt.startswith(kind) and len(chart.files) == 1 and chart.png


def test_the_chart_of_weeks_says_from_when_all_outlets_are_there(news) -> None:
    assert "All outlets are there from the week of 6 Feb 2017." in draw(count_articles(news, by="outlet and week")).caption


def test_long_articles_that_are_not_drawn_are_not_called_undated() -> None:
    texts = {f"a{at:03}": "Peace. " * 30 for at in range(400)} | {"z": "Peace. " * 9000}
    n = len(texts)
    chart = draw(count_articles(make_news(texts, outlet=["x"] * n, published=[None] * n, url=[None] * n), by="length"))
    assert "Not drawn: 1 article far longer than the others" in chart.caption


EVENTS = ["2017-02-13 Kyiv <b>spoke</b>", "2017-02-07 $x$ began", "2016-01-01 Long before"]


def make_weeks(change: int = 0):
    """Ten weeks of twelve articles; from a week on, there is peace in every one."""
    texts, days = {}, []
    for week in range(10):
        for at in range(12):
            texts[f"m{week}{at:02}"] = (
                f"Peace {week}. " * (3 if change and week >= change else 0) + "Nothing else. " * 9 + "Peace." * (at % 2)
            )
            days.append(f"2017-{2 + (5 + 7 * week) // 28:02}-{1 + (5 + 7 * week) % 28:02}")
    return find(news=make_news(texts, outlet=["a.com", "b.com"] * 60, published=days, url=[None] * 120), entries=["peace"])


def test_events_are_lines_with_letters_and_the_caption_says_what_they_are() -> None:
    trend = estimate_rates(make_weeks(), by="week")
    chart = draw(trend, events=EVENTS)
    said = "A: 7 Feb 2017, $x$ began; B: 13 Feb 2017, Kyiv <b>spoke</b>; 1 more in no week that is drawn."
    assert chart.caption.endswith(f" Dashed lines, in the week of: {said}") and "<b>" not in chart.html
    assert chart.png != draw(trend).png and "Dashed" not in draw(trend).caption


def test_events_beyond_z_have_a_letter_and_a_number() -> None:
    events = [f"2017-02-{6 + at % 7:02} Event {at}" for at in range(30)]
    caption = draw(estimate_rates(make_weeks(), by="week"), events=events).caption
    marks = re.findall(r"(\w+): \d+ Feb 2017, Event \d+", caption)
    assert marks[:2] == ["A", "B"] and marks[25:28] == ["Z", "A1", "B1"] and len(set(marks)) == len(events)


@pytest.mark.parametrize("event", ["13 February Kyiv spoke", "2017-02-13", "2017-02-31 No such day", ""])
def test_what_is_no_event_is_refused(event: str) -> None:
    with pytest.raises(TableError) as fault:
        draw(estimate_rates(make_weeks(), by="week"), events=[event])
    said = f"draw: event {event!r} is not a day and what happened. Expected such as '2017-02-13 Kim Jong-nam is killed'."
    assert str(fault.value) == said
