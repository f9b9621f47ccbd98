"""Numbers open what they count: tables, findings, evidence."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import (
    audit_codebook,
    compare_codebooks,
    count_articles,
    estimate_places,
    estimate_rates,
    estimate_shares,
    estimate_sources,
    estimate_together,
    find_attributions,
    find_names,
    show_finding,
    show_numbers,
    suggest_entries,
)
from toolkit.errors import CodebookError, TableError
from toolkit.showing.evidence import SNIPPET, find_evidence, write_anchor, write_link

from .toy import ACTORS, find, make_many, make_news


def strip(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def check_links(html: str) -> int:
    links, ids = re.findall(r'href="#([^"]+)"', html), re.findall(r' id="([^"]+)"', html)
    assert set(links) <= set(ids) and len(set(ids)) == len(ids)
    return len(links)


def list_all_kinds():
    news = make_many()
    named, framed = find(ACTORS, news=news), find(news=news)
    speech = find_attributions(named)
    return [
        estimate_rates(framed, by="outlet"),
        estimate_rates(framed, by=["week", "outlet"]),
        estimate_shares(framed, by=""),
        estimate_together(named, framed),
        estimate_together(named, framed, chance=True),
        estimate_together(named),
        estimate_places(named, speech),
        estimate_places(named, speech, of=["source"], share="articles"),
        estimate_sources(speech, share="types"),
        estimate_shares(find_names(named), by="outlet"),
    ]


def test_every_number_of_every_kind_opens_as_many_places_as_it_counts() -> None:
    for estimates in list_all_kinds():
        evidence = find_evidence(estimates)
        for row in estimates.table.to_dict("records"):
            rows = evidence.find(row, estimates.groups)
            counts = {evidence.count(rows, thing) for thing in ("mention", "sentence", "article")}
            assert row["n_mentions"] in counts, (estimates, row)
        assert check_links(show_numbers(estimates).html) == len(estimates.table), estimates


def test_number_opens_the_sentences_behind_it_children_included() -> None:
    said = strip(show_numbers(estimate_rates(find(), by="outlet")).html)
    assert "War, a.com: 154 mentions per 1,000 words (no interval). 2 sentences of 2 mentions shown." in said
    assert "Troops shelled Kyiv. a.com, 6 Feb 2017Rebels shelled the town. a.com, 14 Feb 2017" in said
    assert "War, b.co.uk: 0 mentions per 1,000 words (no interval). No mention in 1 article." in said


def test_pair_opens_only_sentences_with_both_and_marks_both() -> None:
    html = show_numbers(estimate_together(find(ACTORS, ["UKR"]), find())).html
    assert "Rebels" not in html
    assert 'Troops <mark class="fb-frames">shelled</mark> <mark class="fb-actors">Kyiv</mark>.' in html


def test_anchor_is_inside_details_can_take_focus_and_is_its_own() -> None:
    rates = estimate_rates(find(), by="outlet")
    html = show_numbers(rates).html
    assert re.search(r'<details>.*<p class="fb-h" id="evidence-rates-by-outlet-a-com-war-\w{6}" tabindex="-1">', html)
    assert "<h" not in html and '<span data-jupyter-id="evidence-' in html
    assert write_anchor("r", {"a": "b.c"}, ["a"]) != write_anchor("r", {"a": "b-c"}, ["a"])


@settings(max_examples=20, deadline=None)
@given(st.randoms(), st.integers(0, 9))
def test_order_of_rows_changes_nothing_and_the_seed_the_draw(random, seed) -> None:
    news = make_many(seed=seed)
    mentions = find(news=news)
    shuffled = replace(mentions, rows=mentions.rows.iloc[random.sample(range(len(mentions.rows)), len(mentions.rows))])
    assert show_numbers(estimate_rates(mentions, by="")).html == show_numbers(estimate_rates(shuffled, by="")).html


def test_another_seed_draws_other_sentences_and_one_seed_the_same_for_every_table() -> None:
    shown = [show_numbers(estimate_rates(find(news=make_many(30, seed=seed)), by="")).html for seed in range(4)]
    assert len(set(shown)) > 1
    news = make_many(30)
    days = [
        set(re.findall(r"day \d+", show_numbers(estimates).html))
        for estimates in (estimate_rates(find(news=news), by=""), estimate_shares(find(news=news), by=""))
    ]
    assert days[0] == days[1]  # coordinated: pages show the same few sentences, not whole articles


def test_long_sentence_is_cut_around_what_is_counted() -> None:
    long = f"{'word ' * 100}Kyiv asked for peace {'word ' * 100}."
    html = show_numbers(estimate_rates(find(news=make_news({"a": long})), by="")).html
    (item,) = re.findall(r"<bdi>(.*?)</bdi>", html)
    assert len(strip(item)) <= SNIPPET and "peace" in item and item.startswith("…") and item.endswith("…")


def test_data_file_has_every_place_by_offsets_and_no_text() -> None:
    first, second = (show_numbers(estimate(find(news=make_many()), by="")) for estimate in (estimate_rates, estimate_shares))
    (name,) = [name for name in first.files if name.startswith("evidence")]
    assert name in second.files and first.files[name] == second.files[name]  # tables that count the same share the file
    header, *rows = first.files[name].splitlines()
    assert header == "article_id,outlet,published,sentence,start,end,entry" and len(rows) == len(find(news=make_many()).measured)
    assert "Kyiv" not in first.files[name] and "peace." not in first.files[name]


def test_hostile_text_and_names_stay_text() -> None:
    news = make_news({"a": "<script>alert('peace')</script> $x$ \u202e peace."}, outlet=["<b>=x"])
    html = show_numbers(estimate_rates(find(news=news), by="outlet")).html
    assert "<script" not in html and "<b>" not in html and "\u202e" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x", "", None, "http://[", 7])
def test_only_addresses_of_the_web_are_links(url: object) -> None:
    assert write_link(url, "a.com") == "a.com"


def test_link_names_the_outlet_and_passes_nothing_on() -> None:
    link = '<a href="https://a.com/1" rel="noopener noreferrer nofollow">a.com</a>, 6 Feb 2017'
    assert link in show_numbers(estimate_rates(find(), by="")).html


def test_numbers_that_the_places_do_not_give_again_are_refused() -> None:
    rates = estimate_rates(find(), by="")
    with pytest.raises(TableError) as caught:
        show_numbers(replace(rates, table=rates.table.assign(n_mentions=9)))
    assert str(caught.value) == "show_numbers: war: the number counts 9, but 2 places are behind it. Estimate it again."


def test_article_without_outlet_or_date_keeps_its_evidence() -> None:
    news = make_news({"a": "Peace."}, outlet=[None], published=[None])
    said = strip(show_numbers(estimate_rates(find(news=news), by=["outlet", "week"])).html)
    assert "unknown outlet, unknown week" in said and "Peace. unknown outlet, unknown day" in said


def test_a_sentence_of_no_outlet_is_told_by_its_headline() -> None:
    news = make_news({"a": "Peace."}, outlet=[None])
    named = replace(news, articles=news.articles.assign(headline="A <b>calm</b> day"))
    html = show_numbers(estimate_rates(find(news=named))).html
    assert "A &lt;b&gt;calm&lt;/b&gt; day" in html and "unknown outlet, 6 Feb 2017" not in html


def read_table(html: str) -> list[list[str]]:
    (table,) = re.findall(r"<table>.*?</table>", html, re.DOTALL)
    return [[strip(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in table.split("<tr>")[1:]]


def test_entries_of_outlets_are_a_table_of_outlets_and_entries() -> None:
    rates = estimate_rates(find(news=make_many()), by="outlet")
    assert read_table(show_numbers(rates).html)[0] == ["Outlet", "War", "Peace"]
    told = {(row["outlet"], row["entry"]): row for row in rates.table.to_dict("records")}
    rows = re.findall(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', show_numbers(rates).html)
    assert len(rows) == len(told) / 2
    for outlet, cells in rows:
        links = re.findall(r'data-of="(\w+)"><a href="#([^"]+)" title="(\d+) mentions? in \d+ articles?">', cells)
        assert [link[0] for link in links] == ["War", "Peace"]
        for label, anchor, n in links:
            row = told[outlet, label.lower()]
            assert anchor == write_anchor("rates-by-outlet", row, ["outlet", "entry"]) and int(n) == row["n_mentions"]
    assert show_numbers(rates).files["rates-by-outlet.csv"].count("\n") == 1 + len(told)  # a row each, as before


def test_more_entries_than_groups_are_the_rows() -> None:
    rates = estimate_rates(find(entries=["war", "war/violence", "peace"]), by="outlet")
    head, *rows = read_table(show_numbers(rates).html)
    assert head == ["Entry", "a.com", "b.co.uk"] and [row[0] for row in rows] == ["War", "War: Violence", "Peace"]
    assert rows[0][1] == "154 no interval (a)"


def test_one_entry_is_named_once_and_names_that_are_alike_are_not_laid_on_one_another() -> None:
    rates = estimate_rates(find(entries=["war"], news=make_many()), by="outlet")
    assert read_table(show_numbers(rates).html)[0] == ["Outlet", "Estimate", "Interval", "Mentions", "Articles"]
    assert show_numbers(rates).caption == "Mentions per 1,000 words, by outlet (frames): War"
    both = estimate_rates(find(news=make_many()), by="outlet")
    alike = replace(both, corpus=replace(both.corpus, outlets=dict.fromkeys(both.table["outlet"], "The News")))
    assert check_links(show_numbers(alike).html) == len(both.table)


def test_note_and_expected_stand_beside_their_number() -> None:
    html = show_numbers(estimate_together(find(ACTORS), find(), chance=True)).html
    assert ', expected: 0">' in html and "no interval (a)</small>" in html
    assert '<th scope="col" class="fb-n">Expected</th>' in show_numbers(estimate_together(find(ACTORS), chance=True)).html
    assert "(a) One of the two in fewer than 5 articles" in html


def test_empty_tables_say_so() -> None:
    rates = estimate_rates(find(), by="")
    assert show_numbers(replace(rates, table=rates.table[:0])).text == "There is no number: nothing, or too little, was found or coded."
    with pytest.raises(TableError, match="show_finding: there is no estimate"):
        show_finding(replace(rates, table=rates.table[:0]))
    with pytest.raises(CodebookError, match="no entry 'wra'"):
        show_finding(rates, entry="wra")
    with pytest.raises(TableError, match="show_numbers: got str 'rates', expected Estimates"):
        show_numbers("rates")


def test_small_table_is_escaped_and_formatted() -> None:
    table = pd.DataFrame({"word": ["<b>", "=1"], "n_articles": [1200, 3], "share": [0.5, None]})
    shown = show_numbers(table, name="words", caption="Words")
    assert '<th scope="row">&lt;b&gt;</th><td class="fb-n">1,200</td>' in shown.html
    assert shown.files["words.csv"].splitlines()[2] == "'=1,3,"
    assert show_numbers(count_articles(make_news(), by="outlet")).caption == "Articles, Words by outlet"


def test_heads_of_columns_keep_the_capitals_of_names() -> None:
    html = show_numbers(pd.DataFrame({"week": ["1"], "BBC": [1], "ABC News": [2], "n_first_row": [3]})).html
    heads = ["Week", "BBC", "ABC News", "First row"]
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', html) == heads


def test_every_pattern_that_found_something_opens_sentences_and_the_others_do_not() -> None:
    shown = show_numbers(audit_codebook(find()))
    assert check_links(shown.html) == 2 and "War: Violence: 1 pattern, 2 mentions" in strip(shown.html)
    assert shown.files["audit-frames.csv"].count("\n") == 3


def test_records_show_their_first_rows_by_label_and_escaped() -> None:
    news = make_many(6)
    news = replace(news, articles=news.articles.assign(outlet="<b>"))
    rates, audit = estimate_rates(find(news=news), by="outlet"), audit_codebook(find(news=news))
    assert '<th scope="row">&lt;b&gt;</th><th scope="row">War</th><td class="fb-n">' in rates._repr_html_()
    assert '<td class="fb-n">100.0%</td>' in audit._repr_html_() and "<b>" not in rates._repr_html_()


def test_changes_are_told_by_the_outlet_that_moves_most_with_sentences() -> None:
    shown = show_numbers(compare_codebooks(find(news=make_many(24))))
    assert check_links(shown.html) == 2 and "-100%" in strip(shown.html)


def test_lacking_names_open_sentences() -> None:
    news = make_news({f"a{at}": "Then Bela Nyiri met <i>them</i> there." for at in range(3)})
    names = show_numbers(suggest_entries(find_names(find(ACTORS, news=news)), least=1))
    assert check_links(names.html) == 1 and "Bela Nyiri" in names.html and "<i>" not in names.html
