import csv
import io
import json
import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from toolkit.errors import CorpusError
from toolkit.parsing import read_corpus
from toolkit.parsing.files import collect_batches
from toolkit.parsing.formats import FORMATS, read_source
from toolkit.parsing.sources import Options, Source
from toolkit.parsing.summaries import Summary
from toolkit.parsing.words import count_words

CORPUS = Path(__file__).parents[1] / "corpus"
PATTERN = "--name-pattern "
SHAPE = "write {outlet}_{published}_{headline}: each field once, something between two, and {_} for parts to ignore."
CELLS = st.text(st.sampled_from("ab.,;\"'\n\r\t \u00a0“”�?\u200b\x00<&") | st.characters(codec="utf-8"), max_size=30)
DATES = st.sampled_from(["", "2017-02-07", " 2017/2/7 7:11", "x", "2017-02-31"])
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS, DATES), min_size=1, max_size=8)


def read_bytes(name, content, **options):
    """The tables of one file in memory."""
    given = Options(**options)
    batches = list(collect_batches(read_source(Source(name, io.BytesIO(content), given)), given, Summary()))
    return {table: pd.concat([batch[table] for batch in batches], ignore_index=True) for table in batches[0]}


def write_csv(rows):
    stream = io.StringIO()
    csv.writer(stream).writerows([("title", "body", "link", "date"), *rows])
    return stream.getvalue().encode()


def test_small_csv_is_read_as_counted_by_finger():
    corpus = read_corpus(CORPUS / "articles.csv")
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
        read_corpus(CORPUS / "articles.csv").articles["text"][1].startswith("Talks fail\n\nThe two sides could not agree\n\nTalks fail\n\n")
    )


def test_folder_of_texts_is_read_whatever_the_encoding():
    corpus = read_corpus(CORPUS / "texts", outlet="The Daily")
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
    (tmp_path / "text.txt").write_text("It rains.")
    reasons = read_corpus(tmp_path).refused["reason"].tolist()
    assert reasons == ["not text in any known encoding: if it is text, name its encoding (--encoding)"]


def test_first_line_is_a_headline_only_if_short_without_stop_and_before_a_blank_line(tmp_path):
    for name, text in {"a": "Rain?\n\nIt rains.", "b": "It rains.\n\nMore.", "c": "Rain\nmore", "d": "R" * 161 + "\n\nMore."}.items():
        (tmp_path / f"{name}.txt").write_text(text)
    assert read_corpus(tmp_path).articles["headline"].fillna("").tolist() == ["Rain?", "", "", ""]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_and_usual_column_names_are_found(delimiter):
    content = delimiter.join(["Title", "Body", "Date", "Source"]) + "\n" + delimiter.join(["Rain", "It rains.", "2017-02-07", "The Daily"])
    row = read_bytes("a.csv", content.encode())["Articles"].iloc[0]
    assert (row["headline"], row["outlet"], row["published"]) == ("Rain", "The Daily", pd.Timestamp("2017-02-07"))


def test_columns_that_are_none_of_ours_stop_before_any_work():
    with pytest.raises(CorpusError) as fault:
        read_corpus(CORPUS / "articles.csv", columns={"headlin": "title"})
    assert str(fault.value) == (
        "'headlin' is not one of our columns. Allowed: byline, headline, outlet, published, subtitle, text, url. Did you mean 'headline'?"
    )


def test_mapped_columns_that_are_not_there_are_named_all_at_once():
    refused = read_bytes("a.csv", b"title,body\nRain,It rains.\n", columns={"text": "bodi", "headline": "titel"})["Refused"]
    assert refused["reason"].tolist() == [
        "no column 'bodi' (our text). Allowed: body, title. Did you mean 'body'?\n"
        "no column 'titel' (our headline). Allowed: body, title. Did you mean 'title'?"
    ]


def test_file_without_a_text_column_says_what_it_has():
    known = "text, body, content, article, full_text, article_text, maintext, main_text, body_text and others"
    reason = f"no column holds the text. Found: x, y. Known are {known}. Map one: text=NAME."
    assert read_bytes("a.csv", b"x,y\n1,2\n")["Refused"]["reason"].tolist() == [reason]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"format": "cvs"}, f"No format 'cvs'. Allowed: {', '.join(sorted(FORMATS))}. Did you mean 'csv'?"),
        ({"encoding": "utf-9"}, "No encoding 'utf-9'. Name one that Python knows, such as utf-8, cp1252, gb18030."),
        ({"name_pattern": "{date}"}, PATTERN + "{date}: 'date' is not a field. Allowed: _, byline, headline, outlet, published, subtitle, "
                                     "url."),
        ({"name_pattern": "{url}{_}"}, PATTERN + "{url}{_}: " + SHAPE),
        ({"name_pattern": "x"}, PATTERN + "x: " + SHAPE),
        ({"name_pattern": "{url} {url}"}, PATTERN + "{url} {url}: " + SHAPE),
        ({"metadata": "a.csv"}, "read_corpus: no option 'metadata'. Allowed: dates, delimiter, encoding, format, header_row, "
                             "name_pattern, outlet, quoting, strict."),
    ],
)  # fmt: skip
def test_wrong_options_stop_before_any_work(option, said):
    with pytest.raises(CorpusError) as fault:
        read_corpus(CORPUS / "texts", **option)
    assert str(fault.value) == said


def test_file_names_hold_outlet_date_and_headline(tmp_path):
    (tmp_path / "Daily").mkdir()
    for name in ("Daily/2017-02-07_Rain in Kyiv_1.txt", "Daily/notes.txt"):
        (tmp_path / name).write_text(f"It rains. {name}")
    corpus = read_corpus(tmp_path, name_pattern="{outlet}/{published}_{headline}_{_}")
    row = corpus.articles.iloc[0]
    assert (row["outlet"], row["headline"], row["published"]) == ("Daily", "Rain in Kyiv", pd.Timestamp("2017-02-07"))
    assert pd.isna(corpus.articles["outlet"][1])
    assert corpus.origins["method"].unique().tolist() == ["file name"]


def test_hostile_names_and_halves_of_characters_do_no_harm():
    tables = read_bytes("a\nb\udcff.json", b'{"text": "It rains \\ud800.", "title": "\\udfff"}')
    row = tables["Articles"].iloc[0]
    assert (row["source_path"], row["text"]) == ("a\ufffdb\ufffd.json", "\ufffd\n\nIt rains \ufffd.")


def test_records_with_values_of_many_kinds_are_read_and_refused_in_order():
    days = [pd.Timestamp("2017-02-07"), None, "2017-02-07T00:00:00", pd.NaT]
    frame = pd.DataFrame({"text": ["It rains.", None, "It rains.", "It snows."], "headline": [float("nan"), None, None, pd.NA],
                          "outlet": ["The Daily", None, "The Daily", pd.NA], "published": pd.Series(days, dtype=object),
                          "byline": [["Ann", "Bo"], None, "Ann, Bo", None], "extra": 3})  # fmt: skip
    news = read_corpus(frame)
    assert news.articles[["source_row", "outlet", "published", "byline"]].astype(str).fillna("").values.tolist() == [
        ["1", "The Daily", "2017-02-07", "Ann, Bo"],
        ["4", "", "", ""],
    ]
    assert news.refused[["source_row", "reason"]].values.tolist() == [
        [2, "no text"],
        [3, "the same in everything as an article already read"],
    ]


@pytest.mark.parametrize(
    ("written", "read", "step"),
    [
        ("2017-02-07", "2017-02-07", ""),
        ("2017-02-07T10:30:00Z", "2017-02-07 10:30", ""),
        ("          2016/12/30 7:11", "2016-12-30", "date"),
        ("Tue 2017/2/7", "2017-02-07", "date"),
        ("2017-02-31", None, "date lost"),
        ("03/04/2017", None, "date lost"),
        ("February 7, 2017 10:15 AM", "2017-02-07", "date"),
        (" ", None, ""),
    ],
)
def test_date(written, read, step):
    articles, _, repairs, _ = read_bytes("a.json", json.dumps({"text": "It rains.", "published": written}).encode()).values()
    assert articles["published"].astype("datetime64[us]").tolist() == [pd.Timestamp(read) if read else pd.NaT]
    assert repairs["step"].tolist() == ([step] if step else [])


@settings(deadline=None, max_examples=40)
@given(ROWS)
@example([("", "", "\x00", "")])  # a zero in a table is damage, however small the table
@example([("The pier", "", "It rains.\x00\x00", ""), ("\x00", "Ann Cole", "It snows.", "2017-02-07")])
def test_articles_and_refused_add_up_to_the_rows_and_keep_their_promises(rows):
    articles, refused, repairs, _ = read_bytes("a.csv", write_csv(rows), outlet="The Daily").values()
    assert len(articles) + len(refused) == len(rows)
    assert sorted([*articles["source_row"], *refused["source_row"]]) == list(range(1, len(rows) + 1))
    assert articles["article_id"].is_unique
    assert set(repairs["article_id"]) <= set(articles["article_id"])
    for text, headline, n_words in zip(articles["text"], articles["headline"], articles["n_words"], strict=True):
        assert n_words == count_words(text) > 0
        assert pd.isna(headline) or text.startswith(headline)


@settings(deadline=None, max_examples=40)
@given(ROWS, st.randoms(use_true_random=False))
def test_ids_do_not_depend_on_the_order_of_rows(rows, chance):
    shuffled = random.Random(chance.random()).sample(rows, len(rows))
    one, other = (read_bytes("a.csv", write_csv(order))["Articles"] for order in (rows, shuffled))
    assert dict(zip(one["article_id"], one["text"], strict=True)) == dict(zip(other["article_id"], other["text"], strict=True))
