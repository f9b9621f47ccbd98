from collections import Counter

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.parsing import explain_article, explain_cleaning, list_left_out, read_corpus, read_to_file, split_sentences
from toolkit.parsing.repair import REPAIRS, repair_text
from toolkit.parsing.steps import STEPS

HOSTILE = st.text(st.sampled_from("ab sS.,?!-()[]0\"'“”’�…\n\r\t\u00a0\u200b\u0301é&;<"), max_size=60)


def article(text, headline=None):
    return pd.DataFrame({"article_id": ["a"], "outlet": ["o"], "headline": [headline], "text": [text]})


def explain(articles, raw, without=()):
    return explain_cleaning(articles, raw, split_sentences(articles, without=without), without=without)


def characters(text):
    return Counter("".join(text.split()))


def test_every_repair_is_a_step_and_every_step_says_why():
    assert list(REPAIRS) == list(STEPS)[: len(REPAIRS)]
    assert all(why.endswith(".") for why in STEPS.values())


@settings(deadline=None, max_examples=40)
@given(HOSTILE)
def test_no_character_is_lost_that_no_step_accounts_for(raw):
    repaired, _ = repair_text(raw)
    explained = explain(article(repaired), {"text": raw})
    changed = explained[explained["step"].isin(REPAIRS)]
    gone, come = characters("".join(changed["before"])), characters("".join(changed["after"]))
    kept = characters(raw)
    kept.subtract(gone)
    kept.update(come)
    assert +kept == characters(repaired)
    assert min(kept.values(), default=0) >= 0


@settings(deadline=None, max_examples=40)
@given(HOSTILE, st.sampled_from(sorted(STEPS)))
def test_a_step_that_is_off_is_never_named(raw, step):
    repaired, n_changes = repair_text(raw, without=[step])
    explained = explain(article(repaired), {"text": raw}, [step])
    assert step not in set(explained["step"]) | set(n_changes)


def test_left_out_are_the_sentences_of_part_boilerplate_and_dateline():
    articles = article("Talks fail\n\nKYIV (AP) - He left. * * *\n\nBy Ann Bo\n\nIt goes on. Go on.", "Talks fail")
    boilerplate = pd.DataFrame({"outlet": ["o"], "line": ["Go on."], "n_articles": [9], "n_outlet_articles": [9]})
    sentences = split_sentences(articles, boilerplate=boilerplate)
    found = list_left_out(articles, sentences)
    assert found["start"].tolist() == sentences.loc[sentences["part"].isin(["boilerplate", "dateline"]), "start"].tolist()
    assert found[["step", "before", "after"]].values.tolist() == [
        ["dateline", "KYIV", "KYIV"],
        ["wire slug", "(AP) -", ""],
        ["no word", "* * *", ""],
        ["byline", "By Ann Bo", ""],
        ["learned boilerplate", "Go on.", ""],
    ]


def test_places_are_those_of_the_repaired_text_in_reading_order():
    raw = {"headline": 'Don"t', "text": '\u200bHe won"t.\r\n\r\nThey don"t say "no,"?he said. View Comments', "byline": "Ann\u00a0Bo"}
    text = "Don't\n\n" + repair_text(raw["text"])[0]
    explained = explain(article(text, "Don't"), raw)
    shown = [(text[int(start) :][: len(after)], after) for start, after in zip(explained["start"][:-1], explained["after"], strict=False)]
    assert all(found == after for found, after in shown)
    assert explained["start"].dropna().is_monotonic_increasing
    assert pd.isna(explained["start"].iloc[-1])
    assert explained["after"].tolist()[-1] == " "


def test_an_article_is_explained_from_its_source_and_from_parquet_as_far_as_it_goes(tmp_path):
    path = tmp_path / "news.csv"
    path.write_text('title,text\nRain | The Daily Post,"They don""t know. View Comments"\n', "utf-8")
    corpus = read_corpus(path)
    article_id = corpus.articles["article_id"][0]
    steps = [["outlet suffix", "| The Daily Post"], ["apostrophes", 'don"t'], ["known boilerplate", "View Comments"]]
    assert explain_article(str(path), article_id)[["step", "before"]].values.tolist() == steps
    read_to_file([path], tmp_path / "news.parquet")
    from_parquet = explain_article(str(tmp_path / "news.parquet"), article_id)
    assert from_parquet[["step", "before"]].values.tolist() == [steps[0], steps[2]]
    assert corpus.articles["headline"].tolist() == ["Rain"]
    assert corpus.articles["text"][0].startswith("Rain | The Daily Post\n\n")
