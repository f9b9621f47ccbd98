from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parsing.splitting import split_text
from toolkit.parsing import find_quotations, read_corpus, split_sentences
from toolkit.parsing.parts import find_dateline
from toolkit.parsing.words import count_words
from toolkit.tables import TABLES, make_table


def read(name):
    return yaml.load((Path(__file__).parents[1] / "cases" / name).read_text("utf-8"), Loader=yaml.CSafeLoader)


PARTS = next(column.allowed for column in TABLES["Sentences"].columns if column.name == "part")
CASES = read("sentences.yml")
PIECES = """Mr. Bo left. |“We tried. |We lost.” |"|‘|’ |«Go.» |U.S. |No. 5 |…|. . . |   |KYIV – |MOSCOW, March 1. /TASS/. |(CNN)
|Talks fail|Learn more|READ MORE: What? |Source:-AP|Share this slide: |hg/jd (AFP) -|Leave a Replay|e\u0301 |\U0001f600|?|!|<b>|\n
|This is a developing story. |a@chinadaily.com.cn |\n\n""".split("|")
PIECES += """He left.|Then |ended.The |."Then |.”Then |.[1] |p.m. |ill. |Ill. |iPhone |'80s |'a |b' |http://x.y/z.The |1. |Q. """.split("|")
PIECES += ["\x00", "\ud800"]
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
def test_known_failure(case, request):
    request.applymarker(pytest.mark.xfail(strict=True, reason=case["why"]))
    check(case)


@settings(deadline=None, max_examples=50)
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


@settings(deadline=None, max_examples=50)
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
    articles = read_corpus(corpus / "articles.csv").articles
    sentences = split_sentences(articles).merge(articles[["article_id", "source_row", "text"]])
    shown = [text[start:end] for text, start, end in zip(sentences["text"], sentences["start"], sentences["end"], strict=True)]
    found = sentences.assign(shown=shown)[["source_row", "sentence", "paragraph", "part", "quoted", "n_words", "shown"]]
    assert found.to_csv(index=False) == (corpus / "expected-sentences.csv").read_text("utf-8")


def frame(*texts):
    """Articles with these texts, each alone in its row."""
    rows = [
        {"article_id": f"{number:012x}", "text": text, "story": f"{number:012x}", "source_path": "a.txt", "n_words": count_words(text)}
        for number, text in enumerate(texts)
    ]
    return make_table("Articles", {column.name: [row.get(column.name) for row in rows] for column in TABLES["Articles"].columns})


def without_id(sentences):
    return sentences.drop(columns="article_id").reset_index(drop=True)


@settings(deadline=None, max_examples=20)
@given(st.lists(TEXTS.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)), min_size=1, max_size=4))
def test_an_article_is_split_alone_as_among_others(texts):
    articles = frame(*texts)
    among = split_sentences(articles)
    for number, text in enumerate(texts):
        alone = without_id(split_sentences(frame(text)))
        assert without_id(among[among["article_id"] == f"{number:012x}"]).equals(alone)
        assert alone["sentence"].tolist() == list(range(len(alone)))
        assert [tuple(row) for row in alone[["paragraph", "part", "start", "end", "quoted", "n_words"]].values] == list(
            split_text(text, "")
        )


@settings(deadline=None, max_examples=50)
@given(TEXTS)
def test_a_sentence_is_quoted_where_a_quotation_covers_any_of_it(text):
    quotations = find_quotations(text)
    for _, _, start, end, quoted, _ in split_text(text, ""):
        assert quoted == any(first < end and start < last for first, last, _, _ in quotations)


def test_long_and_odd_texts_are_split_without_a_gap():
    for piece in (
        "x",
        ".",
        ". ",
        "A. ",
        "U.S.A.",
        "?!”",
        "Mr. Bo left. ",
        '"a" ',
        "'",
        "\n",
        "\x00",
        "a.B ",
        ".[1]",
        "- ",
        "Inc. (",
        "x.) X",
        "``a ",
    ):
        text = piece * (20_000 // len(piece))
        rows = split_text(text, "")
        assert sum(row[5] for row in rows) == count_words(text), piece


@pytest.mark.parametrize("piece", ["x", "on and on, "])
def test_a_line_of_ten_megabytes_is_split(piece):
    text = piece * (10**7 // len(piece)) + "It ended. Then all left."
    assert [text[start:end] for _, _, start, end, _, _ in split_text(text, "")][1:] == ["Then all left."]


def test_splitting_agrees_with_pysbd_or_says_why_not():
    pysbd = pytest.importorskip("pysbd").Segmenter(language="en", clean=False, char_span=True)
    both, either, apart = 0, 0, []
    for text in (text for texts in read("news.yml").values() for text in texts):
        ours = {end for _, _, _, end, _, _ in split_text(text, "")} - {len(text)}
        theirs = {span.start + len(span.sent.rstrip()) for span in pysbd.segment(text)} - {len(text)}
        both, either = both + len(ours & theirs), either + len(ours | theirs)
        apart += [(text[:end], text[end:].lstrip(), "ours" if end in ours else "pysbd") for end in sorted(ours ^ theirs)]
    assert both >= 0.97 * either, f"{both} of {either} boundaries agree"
    known = read("pysbd.yml")
    assert [case["set_by"] for case in known] == [who for _, _, who in apart]
    for case, (before, after, _) in zip(known, apart, strict=True):
        assert before.endswith(case["before"])
        assert after.startswith(case["after"])
        assert case["right"] in ("ours", "pysbd")
        assert case["why"]
    assert sum(case["right"] == "ours" for case in known) == len(known), "change the rules where pysbd is right"
