import csv
import io
import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.errors import CorpusError
from toolkit.parsing import read_articles
from toolkit.parsing.files import _parse_date, read_bytes
from toolkit.parsing.words import count_words

CORPUS = Path(__file__).parents[1] / "corpus"
CELLS = st.text(st.sampled_from("ab.,;\"'\n\r\t \u00a0“”�?\u200b\x00<&") | st.characters(codec="utf-8"), max_size=30)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS, st.sampled_from(["", "2017-02-07", " 2017/2/7 7:11", "x", "2017-02-31"])), max_size=8)


def write_csv(rows):
    stream = io.StringIO()
    csv.writer(stream).writerows([("title", "body", "link", "date"), *rows])
    return stream.getvalue().encode()


def test_small_csv_is_read_as_counted_by_finger():
    corpus = read_articles(CORPUS / "articles.csv")
    columns = ["source_row", "outlet", "published", "headline", "dateline", "n_words"]
    assert corpus.articles[columns].to_csv(index=False) == (CORPUS / "expected-articles.csv").read_text("utf-8")
    assert corpus.refused.values.tolist() == [
        ["articles.csv", 4, "no text"],
        ["articles.csv", 5, "the same in everything as an article already read"],
        ["articles.csv", 7, "the row has another number of fields than the header: check its quotation marks and delimiters"],
    ]
    damaged = corpus.articles["article_id"][2]
    assert corpus.repairs.values.tolist() == [[damaged, "apostrophes", 1], [damaged, "date", 1], [damaged, "quotation marks", 2]]


def test_headline_stands_first_as_its_own_paragraph_then_the_subtitle():
    assert (
        read_articles(CORPUS / "articles.csv")
        .articles["text"][1]
        .startswith("Talks fail\n\nThe two sides could not agree\n\nTalks fail\n\n")
    )


def test_folder_of_texts_is_read_whatever_the_encoding():
    corpus = read_articles(CORPUS / "texts", outlet="The Daily")
    assert corpus.articles[["source_path", "headline", "outlet"]].fillna("").values.tolist() == [
        ["headline.txt", "Rain in Kyiv", "The Daily"],
        ["latin.txt", "", "The Daily"],
        ["mark.txt", "", "The Daily"],
    ]
    assert corpus.articles["text"][1].startswith("Café owners in Orléans")
    assert corpus.articles["text"][2] == "It rained.\nIt stopped."
    assert corpus.refused["source_path"].tolist() == ["empty.txt"]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "picture.txt").write_bytes(bytes(range(256)) * 20)
    assert read_articles(tmp_path).refused["reason"].tolist() == ["not text in any known encoding"]


def test_first_line_is_a_headline_only_if_short_without_stop_and_before_a_blank_line(tmp_path):
    for name, text in {"a": "Rain?\n\nIt rains.", "b": "It rains.\n\nMore.", "c": "Rain\nmore", "d": "R" * 161 + "\n\nMore."}.items():
        (tmp_path / f"{name}.txt").write_text(text)
    assert read_articles(tmp_path).articles["headline"].fillna("").tolist() == ["Rain?", "", "", ""]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_and_usual_column_names_are_found(delimiter):
    content = delimiter.join(["Title", "Body", "Date", "Source"]) + "\n" + delimiter.join(["Rain", "It rains.", "2017-02-07", "The Daily"])
    row = read_bytes("a.csv", content.encode(), None, None)[0].iloc[0]
    assert (row["headline"], row["outlet"], row["published"]) == ("Rain", "The Daily", pd.Timestamp("2017-02-07"))


def test_mapped_columns_that_are_not_there_are_named_all_at_once():
    with pytest.raises(CorpusError) as fault:
        read_bytes("a.csv", b"title,body\n", {"text": "bodi", "headlin": "title"}, None)
    assert str(fault.value) == (
        "a.csv: 'headlin' is no column of ours. Allowed: byline, headline, outlet, published, subtitle, text, url. "
        "Did you mean 'headline'?\n"
        "a.csv: no column 'bodi' (our text). Allowed: body, title. Did you mean 'body'?"
    )


def test_file_without_a_text_column_says_what_it_has():
    with pytest.raises(CorpusError) as fault:
        read_bytes("a.csv", b"x,y\n1,2\n", None, None)
    known = "text, body, content, article, full_text, fulltext, article_text"
    assert str(fault.value) == f"a.csv: no column holds the text. Found: x, y. Known names: {known}. Map one: text=NAME."


@pytest.mark.parametrize(("name", "said"), [("a.docx", ".docx"), ("a", "a file without an ending")])
def test_other_kinds_of_files_are_named(name, said):
    with pytest.raises(CorpusError) as fault:
        read_bytes(name, b"", None, None)
    assert str(fault.value) == f"{name}: {said} cannot be read. Allowed: a folder of .txt files, .csv, .txt, .parquet."


@pytest.mark.parametrize(
    ("written", "read", "step"),
    [
        ("2017-02-07", "2017-02-07", ""),
        ("2017-02-07T10:30:00Z", "2017-02-07 10:30", ""),
        ("          2016/12/30 7:11", "2016-12-30", "date"),
        ("Tue 2017/2/7", "2017-02-07", "date"),
        ("2017-02-31", None, "date lost"),
        ("03/04/2017", None, "date lost"),
        (" ", None, ""),
    ],
)
def test_date(written, read, step):
    assert _parse_date(written) == (pd.Timestamp(read).to_pydatetime() if read else None, step)


@settings(deadline=None)
@given(ROWS)
def test_articles_and_refused_add_up_to_the_rows_and_keep_their_promises(rows):
    articles, refused, repairs = read_bytes("a.csv", write_csv(rows), None, "The Daily")
    assert len(articles) + len(refused) == len(rows)
    assert sorted([*articles["source_row"], *refused["source_row"]]) == list(range(1, len(rows) + 1))
    assert articles["article_id"].is_unique
    assert set(repairs["article_id"]) <= set(articles["article_id"])
    for text, headline, n_words in zip(articles["text"], articles["headline"], articles["n_words"], strict=True):
        assert n_words == count_words(text) > 0
        assert pd.isna(headline) or text.startswith(headline)


@settings(deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_ids_do_not_depend_on_the_order_of_rows(rows, chance):
    shuffled = random.Random(chance.random()).sample(rows, len(rows))
    one, other = (read_bytes("a.csv", write_csv(order), None, None)[0] for order in (rows, shuffled))
    assert dict(zip(one["article_id"], one["text"], strict=True)) == dict(zip(other["article_id"], other["text"], strict=True))
