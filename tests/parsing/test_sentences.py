from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from toolkit.parsing import read_articles, read_corpus, split_sentences
from toolkit.parsing.parts import find_dateline
from toolkit.parsing.sentences import split_text
from toolkit.parsing.words import count_words
from toolkit.tables import PARTS

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "cases" / "sentences.yml")
PIECES = """Mr. Bo left. |“We tried. |We lost.” |"|‘|’ |«Go.» |U.S. |No. 5 |…|. . . |   |KYIV – |MOSCOW, March 1. /TASS/. |(CNN)
|Talks fail|Learn more|READ MORE: What? |Source:-AP|Share this slide: |hg/jd (AFP) -|Leave a Replay|e\u0301 |\U0001f600|?|!|<b>|\n
|This is a developing story. |a@chinadaily.com.cn |\n\n""".split("|")
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5) | st.just("x" * 130), max_size=25).map("".join) | st.text()


def named(kind):
    return [pytest.param(case, id=case["label"]) for case in CASES[kind]]


def check(case):
    headline = case.get("headline", "")
    text = f"{headline}\n\n{case['text']}" if headline else case["text"]
    rows = list(split_text(text, headline))
    assert [text[start:end] for _, _, start, end, _, _ in rows] == case["expect"]
    if "parts" in case:
        assert [row[1] for row in rows] == case["parts"]
    if "quoted" in case:
        assert [number for number, row in enumerate(rows) if row[4]] == case["quoted"]


@pytest.mark.parametrize("case", named("synthetic") + named("negative"))
def test_case(case):
    check(case)


@pytest.mark.parametrize("case", named("known_failures"))
@pytest.mark.xfail(strict=True)
def test_known_failure(case):
    check(case)


@settings(deadline=None)
@given(TEXTS, st.booleans())
def test_sentences_keep_every_promise_whatever_the_text(text, has_headline):
    headline = text.split("\n\n")[0] if has_headline else ""
    rows = list(split_text(text, headline))
    at = last_paragraph = 0
    for paragraph, part, start, end, _, n_words in rows:
        assert start < end
        assert text[at:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        assert paragraph >= last_paragraph
        assert part in PARTS
        assert n_words == count_words(text[start:end])
        at, last_paragraph = end, paragraph
    assert text[at:].strip() == ""
    assert sum(row[5] for row in rows) == count_words(text)


@settings(deadline=None)
@given(TEXTS)
def test_a_dateline_stands_in_the_text(text):
    assert find_dateline(text, "") in text


def test_an_empty_table_of_articles_has_no_sentences():
    assert len(split_sentences(read_corpus("ukraine-korea").articles.head(0))) == 0


def test_commissioned_article_is_split_as_its_gold_says():
    articles = read_corpus("ukraine-korea").articles
    text = articles["text"][0]
    sentences = split_sentences(articles)
    shown = [text[start:end] for start, end in zip(sentences["start"], sentences["end"], strict=True)]
    headline = "Ukraine Seeks Weapons Aid in South Korea Visit"
    assert articles[["headline", "dateline"]].values.tolist() == [[headline, "SEOUL"]]
    assert sentences["part"].tolist() == ["headline", "boilerplate", "dateline", *["body"] * 8, "boilerplate"]
    assert (shown[0], shown[1], shown[2], shown[-1]) == (headline, headline, "SEOUL–", "Leave a Replay")
    assert sentences.loc[sentences["part"] == "body", "paragraph"].nunique() == 8
    assert (text[0:7], text[96:101], text[169:182], text[726:750]) == ("Ukraine", "SEOUL", "Rustem Umerov", "South China Morning Post")


def test_small_corpus_is_split_as_counted_by_finger():
    corpus = Path(__file__).parents[1] / "corpus"
    articles = read_articles(corpus / "articles.csv").articles
    sentences = split_sentences(articles).merge(articles[["article_id", "source_row", "text"]])
    shown = [text[start:end] for text, start, end in zip(sentences["text"], sentences["start"], sentences["end"], strict=True)]
    found = sentences.assign(shown=shown)[["source_row", "sentence", "paragraph", "part", "quoted", "n_words", "shown"]]
    assert found.to_csv(index=False) == (corpus / "expected-sentences.csv").read_text("utf-8")
