"""Findings are sentences that one could quote: what is said, of which number, compared with what, and what is not said."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
import pytest

from tests.counting.world import make_book, make_entry
from toolkit import (
    estimate_accuracy,
    estimate_places,
    estimate_rates,
    estimate_shares,
    estimate_sources,
    estimate_together,
    estimate_voices,
    find_attributions,
    find_mentions,
    find_names,
    keep_near,
    read_corpus,
    sample_sentences,
    show_finding,
)
from toolkit.coding.agreement import POOR
from toolkit.estimating import Estimates
from toolkit.estimating.comparing import compare_pair
from toolkit.markup import write_number
from toolkit.tables import make_table

from .toy import ACTORS, find, make_many, make_news

ODD, LOW, NONE = [5, 9], [1, 3], [0, 0]  # words of peace in two articles of an outlet


def estimate(counts: Mapping[str, Sequence[int]], by: str = "outlet", days: Sequence[str] = ("2017-02-06",)) -> Estimates:
    """The rates of outlets whose articles have so many words of peace among fifty others, each about something else."""
    articles = [(outlet, n, f"{outlet}{at}") for outlet, some in counts.items() for at, n in enumerate(some)]
    texts = {id: "Peace. " * n + " ".join(f"{id.replace('.', '')}w{word}" for word in range(50)) + "." for _, n, id in articles}
    outlets, published = [outlet for outlet, _, _ in articles], [days[at % len(days)] for at in range(len(articles))]
    news = make_news(texts, outlet=outlets, published=published, url=[None] * len(articles))
    return estimate_rates(find(entries=["peace"], news=news), by=by)


def say(counts: Mapping[str, Sequence[int]]) -> str:
    return show_finding(estimate(counts)).text


def test_the_highest_is_said_with_its_interval_and_the_ratio_with_that_of_comparisons() -> None:
    rates = estimate({"a.com": ODD * 8, "b.com": LOW * 8})
    table = rates.table.set_index("outlet")
    ratio, low, high = compare_pair(table, "a.com", "b.com", level=0.95)
    (a, b), said = table[["estimate", "low", "high"]].to_numpy(), show_finding(rates).text
    assert said == (
        f"a.com carries words of peace most ({a[0]:.3g} per 1,000 words, 95% interval {a[1]:.3g}–{a[2]:.3g}), "
        f"{ratio:.1f} times ({low:.1f}–{high:.1f}) as often as b.com ({b[0]:.3g}, {b[1]:.3g}–{b[2]:.3g})."
    )


def test_an_outlet_without_a_mention_or_with_few_is_not_compared_with() -> None:
    said = say({"a.com": ODD * 8, "b.com": LOW * 8, "c.com": NONE * 8, "d.com": [0, 1, 0, 0] * 4})
    assert " as often as b.com (" in said and "c.com" not in said and "d.com" not in said
    said = say({"a.com": ODD * 8, "c.com": NONE * 8})
    assert said.startswith("a.com carries words of peace most (") and "times" not in said and "not clearly" not in said


def test_a_wide_ratio_is_said_by_its_lower_bound() -> None:
    rates = estimate({"a.com": [0, 60, 3, 9] * 4, "b.com": [0, 0, 1, 5] * 4})
    low, high = compare_pair(rates.table.set_index("outlet"), "a.com", "b.com", level=0.95)[1:]
    assert high > 4 * low and f", at least {low:.1f} times as often as b.com (" in show_finding(rates).text


def test_who_may_be_as_high_is_named_in_the_same_sentence() -> None:
    said = say({"a.com": ODD * 8, "b.com": [5, 8] * 8, "c.com": LOW * 8})
    assert re.search(r"^a\.com carries .* as often as c\.com \([^)]*\), but not clearly more often than b\.com\.$", said)
    many = say({f"{name}.com": [5, 8] * 8 for name in "abcde"} | {"f.com": ODD * 8, "g.com": LOW * 8})
    assert many.endswith(", but not clearly more often than 5 other outlets.")


def test_where_all_intervals_overlap_no_outlet_is_said_to_be_first() -> None:
    two = say({"a.com": ODD * 8, "b.com": [5, 8] * 8})
    assert re.fullmatch(
        r"No outlet clearly carries words of peace \(highest: a\.com, \d+ per 1,000 words, 95% interval \d+–\d+\) more often than "
        r"all others: the intervals overlap\.",
        two,
    )
    assert "times" not in two


def test_entries_of_which_no_outlet_is_first_share_a_sentence_after_the_others() -> None:
    rates = estimate({"a.com": ODD * 8, "b.com": LOW * 8})
    again = [rates.table.assign(entry=name, low=1.0) for name in ("x", "y")]
    labels = {"entry": {"peace": "Peace", "x": "Words of x", "y": "Words of y"}}
    behind = pd.concat([rates.behind.assign(entry=name) for name in labels["entry"]])
    table = pd.concat([*again, rates.table], ignore_index=True)
    first, last = show_finding(replace(rates, table=table, behind=behind, labels=labels)).text.splitlines()
    assert first.startswith("a.com carries words of peace most (")
    assert re.match(
        r"No outlet clearly carries words of x \(highest: a\.com, [^)]*\) or words of y \(a\.com, [^)]*\) more often than all", last
    )


def test_one_article_with_most_of_a_rate_is_said_and_one_with_little_is_not() -> None:
    said = say({"a.com": [*ODD * 20, 110], "b.com": LOW * 20})
    share = 110 / (110 + 14 * 20)
    assert said.endswith(f" One article contains {100 * share:.0f}% of these mentions.")
    assert "One article" not in say({"a.com": [*ODD * 20, 20], "b.com": LOW * 20})


def test_a_week_is_where_the_articles_say_it() -> None:
    rates = estimate({"a.com": [9, 1, 7, 2] * 8}, "week", ["2017-02-06", "2017-02-13"])
    said = show_finding(rates).text
    assert said.startswith("In the week of 6 Feb 2017, the articles carry words of peace most (")
    assert " as often as in the week of 13 Feb 2017 (" in said


def test_what_coders_do_not_agree_on_is_not_ranked() -> None:
    rates = estimate({"a.com": ODD * 8, "b.com": LOW * 8})
    said = show_finding(replace(rates, table=rates.table.assign(note=POOR))).text
    assert said == "Coders agree too little for a finding on words of peace."


def test_what_is_nowhere_is_said_with_its_upper_bound() -> None:
    rates = estimate({"a.com": NONE * 8, "b.com": NONE * 20, "c.com": LOW * 8})
    rates = replace(rates, table=rates.table[rates.table["outlet"] != "c.com"])
    bound = write_number(rates.table["high"].max())
    assert show_finding(rates).text == f"No outlet carries words of peace (0 per 1,000 words, 95% interval 0–{bound})."


def test_a_finding_on_some_sentences_says_which() -> None:
    news = make_many(24)
    framed = find(news=keep_near(news, find(ACTORS, news=news), "UKR"))
    for by in ("outlet", "week", ""):
        lines = show_finding(estimate_rates(framed, by=by)).text.splitlines()
        assert all(line.startswith("In sentences that mention UKR, ") for line in lines), lines


def test_rows_without_an_interval_or_with_damaged_marks_are_counted_not_compared() -> None:
    assert say({"a.com": ODD * 8, "b.com": LOW * 8, "c.com": [50]}).splitlines()[1] == "1 number without an interval is not compared."


def test_a_finding_says_of_how_many_outlets_it_is_where_quotation_marks_of_others_were_damaged() -> None:
    news = make_many(36, outlet=["a.com", "b.com", "c.com"] * 12)
    ids = news.articles.loc[news.articles["outlet"] == "c.com", "article_id"]
    repairs = make_table("Repairs", {"article_id": ids, "step": ["quotation marks"] * len(ids), "n_changes": [1] * len(ids)})
    shares = estimate_shares(find(news=replace(news, repairs=repairs)), by="outlet")
    told = show_finding(replace(shares, kind="sources")).text.splitlines()
    assert told[0].startswith("Of 2 outlets with undamaged quotation marks, ") or told[0].startswith("No outlet clearly")
    assert "c.com is not compared: quotation marks in their articles were damaged." in told[-1]


def test_how_often_a_count_is_right_is_said_by_entry() -> None:
    found = find(entries=["war"], news=make_many(24))
    drawn = sample_sentences(found, n=20)
    rows = drawn.sample[["article_id", "sentence", "start", "end"]].assign(entry="war", coder="a", label="yes", note="")
    said = show_finding(estimate_accuracy(found, replace(drawn, rows=rows))).text
    assert said.startswith("Of the sentences that the codebook counts as words of war, 100.0% (")
    assert " are counted rightly; of those that it should count, it finds " in said


def test_nothing_found_in_one_group_is_said_so() -> None:
    news = make_many(12, outlet=["a.com"] * 12)
    book = make_book(make_entry("calm", ["serenity"]), id="frames")
    assert re.match(r"Nothing was found of words of calm \(0 per 1,000 words", show_finding(estimate_rates(find(book, news=news))).text)


def test_of_many_findings_the_first_is_seen_at_once_and_what_is_not_compared() -> None:
    book = make_book(*(make_entry(word, [word]) for word in ("uno", "due", "tre", "quattro", "cinque")), id="frames")
    texts = {f"{name}{at}": "Uno due tre quattro cinque. " * n + f"Day {at}." for name, n in (("a", 9), ("b", 2)) for at in range(16)}
    news = make_news(texts, outlet=["a.com"] * 16 + ["b.com"] * 16, published=[None] * 32, url=[None] * 32)
    html = show_finding(estimate_rates(find(book, news=news))).html
    head, _, rest = html.partition("<details>")
    fold, _, last = rest.partition("</details>")
    assert head.count("<p>") == 1 and last.count("<p>") == 0
    assert fold.startswith("<summary>More findings (4)</summary><p>") and fold.count("<p>") == 4
    most = show_finding(estimate_rates(find(make_book(*book.entries, make_entry("sei", ["sei"]), id="frames"), news=news))).html
    assert most.partition("</details>")[2].startswith("<p>The table of numbers has 1 more entry.</p>")


def test_few_articles_are_told_in_one_sentence_without_ranks() -> None:
    news = read_corpus("ukraine-korea")
    named = find_mentions(news, "actors", ["UKR", "FRA", "CHN"])
    said = "The article mentions Ukraine (33.1 times per 1,000 words) and France (2.76); there is too little text for intervals."
    assert show_finding(estimate_rates(named, by="")).text == show_finding(estimate_rates(named)).text == said
    spoken = show_finding(estimate_sources(find_attributions(find_mentions(news, "actors")), share="types")).text
    assert spoken.startswith(
        "The article cites other unnamed people (33.9% of attributed words), media (33.1%), named persons (16.5%) and "
    )
    assert show_finding(estimate_shares(find_names(named), by="")).text.startswith("The codebook actors covers ")


NAMES = {
    "United States": "the United States", "Russia": "Russia", "North Korea": "North Korea", "Netherlands": "the Netherlands",
    "European Union": "the European Union", "NATO": "NATO", "World Health Organization": "the World Health Organization",
    "Russia: Foreign Ministry": "the Foreign Ministry of Russia", "United Kingdom: Parliament": "the Parliament of the United Kingdom",
    "CNN": "CNN", "BBC": "the BBC", "IMF": "the IMF",
    "The Guardian": "The Guardian", "New York Times": "the New York Times", "Angela Merkel": "Angela Merkel",
    "UN Security Council": "the UN Security Council", "China Daily": "China Daily", "Papua New Guinea": "Papua New Guinea",
}  # fmt: skip


@pytest.mark.parametrize(("label", "said"), NAMES.items())
def test_names_have_the_article_that_english_gives_them(label: str, said: str) -> None:
    book = make_book(replace(make_entry("x", ["Kyiv"]), label=label), kind="actors", overlap="dictionary", id="actors")
    assert show_finding(estimate_rates(find(book), by="")).text.startswith(f"The articles mention {said} (")


LABELS = {
    "Words of war": "words of war",
    "Conflict (generic)": "words of conflict",
    "EU": "words of EU",
    "Human interest": "words of human interest",
}


@pytest.mark.parametrize(("label", "said"), LABELS.items())
def test_entries_of_frames_are_words_of_something(label: str, said: str) -> None:
    book = make_book(replace(make_entry("x", ["peace"]), label=label), id="frames")
    assert show_finding(estimate_rates(find(book), by="")).text.startswith(f"The articles carry {said} (")


def list_findings() -> dict[str, str]:
    news = make_many(24)
    named, framed = find(ACTORS, news=news), find(news=news)
    speech = find_attributions(named)
    made = [estimate_rates(framed, by=by) for by in ("outlet", "week", ["week", "outlet"], "")]
    made += [estimate_shares(framed), estimate_shares(find_names(named)), estimate_voices(framed, speech), estimate_rates(named)]
    made += [estimate_together(named, framed), estimate_together(named, framed, chance=True), estimate_places(named, speech)]
    made += [estimate_sources(speech, share=share) for share in ("types", "actors", "second-hand", "unnamed", "stance", "presence")]
    return {one.name: show_finding(one).text for one in made if not one.table.empty and one.known["entry"].any()}


def test_every_finding_is_a_plain_sentence_whatever_it_is_of() -> None:
    findings = list_findings()
    assert len(findings) >= 12
    for name, text in findings.items():
        for line in text.splitlines():
            assert line.endswith(".") and "  " not in line and not re.search(r" [,.;)]|\( |,,|\.\.|\bnan\b|None", line), (name, line)
            assert line.count("(") == line.count(")") and not re.search(r"\b(\w+) \1\b", line), (name, line)
            assert not re.search(r"share of|% interval no interval|no certain|: highest", line), (name, line)


def test_names_from_outside_stay_text_and_each_number_opens_what_it_counts() -> None:
    rates = estimate({"<b>x</b>": ODD * 8, "{{ 7 * 7 }}": LOW * 8})
    shown = show_finding(rates)
    assert "<b>x</b> carries words" in shown.text and "as often as {{ 7 * 7 }} (" in shown.text
    assert "<b>x" not in shown.html and "&lt;b&gt;x" in shown.html
    links = re.findall(r'<a href="#([^"]+)">[\d.]+</a>', shown.html)
    assert len(links) == 2 and all(f'id="{link}"' in shown.html for link in links)
