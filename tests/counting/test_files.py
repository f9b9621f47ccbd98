"""Files of counts: the same whatever parts the corpus was read in, and there whole or not at all."""

import pandas as pd
import pytest

from toolkit.counting import count_mentions
from toolkit.counting.files import write_counts
from toolkit.counting.matching import match_articles
from toolkit.errors import CodebookError, CorpusError, TableError
from toolkit.parsing import corpora, read_corpus, read_parts, split_sentences
from toolkit.tables import check_table, make_table

from .world import find, make_articles, make_book, make_entry

BOOKS = [make_book(make_entry("war", ["war*"]), make_entry("peace", ["peace"]), id="z"), make_book(make_entry("b", ["the"]), id="a")]


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    texts = {f"{number * 7919 % 100:02}": f"The war {number}. " + "Peace, peace. " * (number % 3) for number in range(23)}
    outlets = ["x.com", "y.com"] * 11 + [None]
    published = [*pd.date_range("2017-02-01", periods=22).astype(str), None]
    articles = make_articles(texts, outlet=outlets, published=published)
    tables = {"Articles": articles, **{name: make_table(name) for name in ("Refused", "Repairs", "Origins", "Flags", "Learned")}}
    off = frozenset(["learned boilerplate"])
    corpora._write_parquet(tmp_path / "corpus.parquet", [corpora._complete_part(tables, off)], off)
    return tmp_path / "corpus.parquet"


def test_files_are_the_same_whatever_the_parts(corpus, tmp_path, monkeypatch):
    written = []
    for size in (100, 5, 1):
        monkeypatch.setattr("toolkit.parsing.corpora._PART", size)
        n_parts, parts = read_parts(str(corpus))
        assert n_parts == -(-23 // size)
        n_articles, totals = write_counts(parts, BOOKS, tmp_path / str(size))
        assert (n_articles, totals.to_dict()) == (23, {("a", "b"): 23, ("z", "peace"): 44, ("z", "war"): 23})
        written.append(tmp_path / str(size))
    assert sorted(file.name for file in written[0].iterdir()) == ["counts.csv", "counts.parquet", "mentions.parquet"]
    for folder in written[1:]:
        assert (folder / "counts.csv").read_bytes() == (written[0] / "counts.csv").read_bytes()
        for name in ("counts.parquet", "mentions.parquet"):
            pd.testing.assert_frame_equal(pd.read_parquet(folder / name), pd.read_parquet(written[0] / name))


def test_files_hold_what_is_found_and_counted_at_once(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr("toolkit.parsing.corpora._PART", 4)
    write_counts(read_parts(str(corpus))[1], BOOKS, tmp_path)
    articles = read_corpus(str(corpus)).articles
    mentions = pd.concat([match_articles(articles, split_sentences(articles), book) for book in BOOKS])
    order = articles["article_id"].tolist()
    assert order != sorted(order)  # rows are in the order of the corpus

    def arrange(table):
        return table.sort_values("article_id", key=lambda ids: ids.map(order.index), kind="stable", ignore_index=True)

    pd.testing.assert_frame_equal(check_table(pd.read_parquet(tmp_path / "mentions.parquet"), "Mentions"), arrange(mentions))
    counted = [count_mentions(find(articles, None, book)) for book in BOOKS]
    expected = arrange(pd.concat(counted))
    pd.testing.assert_frame_equal(check_table(pd.read_parquet(tmp_path / "counts.parquet"), "Counts"), expected)
    assert (tmp_path / "counts.csv").read_text("utf-8") == expected.to_csv(index=False)


def test_parts_are_narrowed_as_the_whole_is(corpus, monkeypatch):
    monkeypatch.setattr("toolkit.parsing.corpora._PART", 5)
    options = {"outlets": ["y.com"], "start": "2017-02-05", "end": "2017-02-15"}
    _, parts = read_parts(str(corpus), **options)
    joined = pd.concat([part.articles for part in parts], ignore_index=True)
    pd.testing.assert_frame_equal(joined, read_corpus(str(corpus), **options).articles)
    with pytest.raises(CorpusError) as fault:
        read_parts(str(corpus), outlets=["z.com"])
    assert str(fault.value).startswith("corpus: no outlet 'z.com'.")


def test_nothing_is_left_where_a_part_cannot_be_counted(corpus, tmp_path):
    def breaking():
        yield next(read_parts(str(corpus))[1])
        raise KeyboardInterrupt

    (tmp_path / "out").mkdir()
    before = make_table("Counts").to_csv(index=False)
    (tmp_path / "out" / "counts.csv").write_text(before)
    with pytest.raises(KeyboardInterrupt):
        write_counts(breaking(), BOOKS, tmp_path / "out")
    assert {file.name: file.read_text() for file in (tmp_path / "out").iterdir()} == {"counts.csv": before}


def test_an_article_in_two_parts_is_refused(corpus, tmp_path):
    part = read_corpus(str(corpus))
    with pytest.raises(TableError) as fault:
        write_counts([part, part], BOOKS, tmp_path / "out")
    assert str(fault.value) == "article '00' is in two parts of the corpus. Each is counted once: read the corpus anew."
    assert list((tmp_path / "out").iterdir()) == []


def test_a_corpus_of_which_nothing_is_left_is_refused(corpus):
    with pytest.raises(CorpusError) as fault:
        read_parts(str(corpus), start="2018-01-01")
    assert str(fault.value) == "corpus: no article is left (from 2018-01-01). Its dates run from 2017-02-01 to 2017-02-22."


def test_two_codebooks_of_one_id_are_refused(corpus, tmp_path):
    with pytest.raises(CodebookError) as fault:
        write_counts(read_parts(str(corpus))[1], BOOKS[:1] * 2, tmp_path / "out")
    assert str(fault.value) == "Two codebooks have the same id: z, z. Each needs an id of its own. Rename one."
