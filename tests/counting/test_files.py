"""Files of counts: the same whatever parts the corpus was read in, and there whole or not at all."""

import os

import pandas as pd
import pytest

from toolkit.counting import count_mentions
from toolkit.counting.files import write_counts
from toolkit.counting.matching import match_articles
from toolkit.errors import CodebookError, CorpusError, TableError
from toolkit.parsing import corpora, list_parts, read_corpus, split_sentences
from toolkit.parsing.outputs import open_aside
from toolkit.tables import check_table, make_table

from .world import find, make_articles, make_book, make_entry

BOOKS = [make_book(make_entry("war", ["war*"]), make_entry("peace", ["peace"]), id="z"), make_book(make_entry("b", ["the"]), id="a")]


@pytest.fixture
def write_corpus(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path / "cache"))
    texts = {f"{number * 7919 % 100:02}": f"The war {number}. " + "Peace, peace. " * (number % 3) for number in range(23)}
    outlets = ["x.com", "y.com"] * 11 + [None]
    published = [*pd.date_range("2017-02-01", periods=22).astype(str), None]
    articles = make_articles(texts, outlet=outlets, published=published)
    others = {name: make_table(name) for name in ("Refused", "Repairs", "Origins", "Flags", "Learned")}
    off = frozenset(["learned boilerplate"])

    def write(size, name="corpus"):
        parts = [articles[at : at + size].reset_index(drop=True) for at in range(0, len(articles), size)]
        made = [corpora._complete_part({"Articles": part, **others}, off) for part in parts]
        with open_aside(tmp_path) as aside:
            corpora._write_parquet(aside / f"{name}.parquet", made, off)
            return (aside / f"{name}.parquet").replace(tmp_path / f"{name}.parquet")

    return write


@pytest.fixture
def corpus(write_corpus):
    return write_corpus(5)


def test_files_are_the_same_whatever_the_parts_and_processes(write_corpus, tmp_path, monkeypatch):
    written = []
    for size, jobs in ((100, 1), (5, 1), (5, 2), (1, 2)):
        monkeypatch.setenv("FRAMEBOOK_JOBS", str(jobs))
        monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path / f"cache-{size}-{jobs}"))
        parts = list_parts(str(write_corpus(size)))
        assert len(parts) == -(-23 // size)
        out = tmp_path / f"{size}-{jobs}"
        n_articles, totals = write_counts(parts, BOOKS, out)
        assert (n_articles, totals.to_dict()) == (23, {("a", "b"): 23, ("z", "peace"): 44, ("z", "war"): 23})
        written.append(out)
    assert sorted(file.name for file in written[0].iterdir()) == ["counts.csv", "counts.parquet", "mentions.parquet"]
    for folder in written[1:]:
        assert (folder / "counts.csv").read_bytes() == (written[0] / "counts.csv").read_bytes()
        for name in ("counts.parquet", "mentions.parquet"):
            pd.testing.assert_frame_equal(pd.read_parquet(folder / name), pd.read_parquet(written[0] / name))


def test_files_hold_what_is_found_and_counted_at_once(corpus, tmp_path):
    write_counts(list_parts(str(corpus)), BOOKS, tmp_path)
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


def test_parts_are_narrowed_as_the_whole_is(corpus):
    options = {"outlets": ["y.com"], "start": "2017-02-05", "end": "2017-02-15"}
    joined = pd.concat([read().articles for read in list_parts(str(corpus), **options)], ignore_index=True)
    pd.testing.assert_frame_equal(joined, read_corpus(str(corpus), **options).articles)
    with pytest.raises(CorpusError) as fault:
        list_parts(str(corpus), outlets=["z.com"])
    assert str(fault.value).startswith("corpus: no outlet 'z.com'.")


def test_sentences_of_the_file_are_those_that_are_split(write_corpus, monkeypatch):
    kept = read_corpus(str(write_corpus(5))).spans
    pd.testing.assert_frame_equal(kept, split_sentences(read_corpus(str(write_corpus(5))).articles))
    fewer = read_corpus(str(write_corpus(5)), without=["no word", "dateline"]).spans
    pd.testing.assert_frame_equal(fewer, split_sentences(read_corpus(str(write_corpus(5))).articles, without=["no word", "dateline"]))
    with monkeypatch.context() as patched:
        patched.setattr(corpora, "hash_rooms", lambda *_: "of another version")
        file = write_corpus(5, "older")
    monkeypatch.setattr(corpora, "unnest_rows", None)  # is not asked: what another version split is split again
    pd.testing.assert_frame_equal(read_corpus(str(file)).spans, kept)


def test_only_changed_parts_are_searched_again(write_corpus, tmp_path, monkeypatch):
    searched = []
    monkeypatch.setenv("FRAMEBOOK_JOBS", "1")  # here, where it is seen
    monkeypatch.setattr("toolkit.counting.mentions.match_articles", lambda *given: searched.append(given) or match_articles(*given))
    write_counts(list_parts(str(write_corpus(5))), BOOKS, tmp_path / "out")
    assert len(searched) == 10  # five parts, two codebooks
    write_counts(list_parts(str(write_corpus(5))), BOOKS, tmp_path / "again")
    assert len(searched) == 10
    write_counts(list_parts(str(write_corpus(10))), BOOKS, tmp_path / "other")  # the last part, of three articles, is the same
    assert len(searched) == 14


def test_nothing_is_left_where_a_part_cannot_be_counted(corpus, tmp_path):
    def breaking():
        raise KeyboardInterrupt

    (tmp_path / "out").mkdir()
    before = make_table("Counts").to_csv(index=False)
    (tmp_path / "out" / "counts.csv").write_text(before)
    with pytest.raises(KeyboardInterrupt):
        write_counts([list_parts(str(corpus))[0], breaking], BOOKS, tmp_path / "out")
    assert {file.name: file.read_text() for file in (tmp_path / "out").iterdir()} == {"counts.csv": before}


def test_an_article_in_two_parts_is_refused(write_corpus, monkeypatch):
    make, same = corpora._complete_part, {"article_id": "00", "n_words": 60}
    monkeypatch.setattr(corpora, "_complete_part", lambda made, off: make({**made, "Articles": made["Articles"].assign(**same)}, off))
    with pytest.raises(TableError) as fault:
        list_parts(str(write_corpus(1, "twice")))
    assert str(fault.value) == "article '00' is in two parts of the corpus. Each is counted once: read the corpus anew."


def test_a_corpus_that_changes_while_it_is_counted_is_refused(write_corpus, tmp_path):
    parts = list_parts(str(write_corpus(5)))
    corpora._open_parquet.cache_clear()
    os.utime(write_corpus(1), ns=(1, 1))
    with pytest.raises(CorpusError) as fault:
        write_counts(parts, BOOKS, tmp_path / "out")
    assert "corpus.parquet: it changed while it was read." in str(fault.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_corpus_of_which_nothing_is_left_is_refused(corpus):
    with pytest.raises(CorpusError) as fault:
        list_parts(str(corpus), start="2018-01-01")
    assert str(fault.value) == "corpus: no article is left (from 2018-01-01). Its dates run from 2017-02-01 to 2017-02-22."


def test_two_codebooks_of_one_id_are_refused(corpus, tmp_path):
    with pytest.raises(CodebookError) as fault:
        write_counts(list_parts(str(corpus)), BOOKS[:1] * 2, tmp_path / "out")
    assert str(fault.value) == "Two codebooks have the same id: z, z. Each needs an id of its own. Rename one."
