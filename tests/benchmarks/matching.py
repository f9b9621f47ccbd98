"""How fast codebooks are matched, and whether the counts are right.

usage: python -m tests.benchmarks.matching speed [--corpus NAME|FILE] [--codebook NAME|FILE] [--copies 4]
       python -m tests.benchmarks.matching peers FOLDER --python PYTHON --texts TEXTS.parquet --codebook CODE.json
       python -m tests.benchmarks.matching memory [--copies 80]
       python -m tests.benchmarks.matching first
       python -m tests.benchmarks.matching reference [--corpus …] [--codebook …] [--articles 300]
       python -m tests.benchmarks.matching quanteda
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.parsing.learned import learn_lines
from toolkit import find_mentions, read_codebook, read_corpus
from toolkit.codebooks import Codebook, Entry, Pattern
from toolkit.counting.matching import match_articles
from toolkit.counting.overlap import settle_overlaps
from toolkit.counting.patterns import compile_pattern, count_pattern_words
from toolkit.parsing import Corpus, split_sentences
from toolkit.tables import make_table

ROOT = Path(__file__).parents[2]


def read_book(name: str) -> Codebook:
    """A codebook by name or file; a JSON file is one of the shared bench: categories with name, case_sensitive, patterns."""
    if not name.endswith(".json"):
        return read_codebook(name)
    categories = json.loads(Path(name).read_text("utf-8"))["categories"]
    entries = tuple(
        Entry(
            *(one["name"], one["name"], "", ""),
            tuple(Pattern(text, "pattern", one["case_sensitive"], 1) for text in one["patterns"]),
            *((), {}, (), "", 1),
        )
        for one in categories
    )
    return Codebook("bench", "frames", "1", "", "", "key", entries, "", Path(name).name)


def make_articles(texts: Sequence[str]) -> pd.DataFrame:
    """Articles of texts alone."""
    n = len(texts)
    ids = [f"{number:012x}" for number in range(n)]
    empty = dict.fromkeys(("headline", "byline", "dateline", "url"), [None] * n)
    given = {"article_id": ids, "outlet": None, "published": pd.NaT, "text": list(texts), "source_path": "", "source_row": 1, "n_words": 0}
    given |= empty | {"story": ids}  # columns that a schema does not have are left out
    names = [column for column in make_table("Articles").columns]
    return make_table("Articles", {name: given[name] for name in names})


def read_texts(file: str, n: int = 0) -> pd.DataFrame:
    """Articles of a Parquet file with a column `text`, the first n of them."""
    texts = pq.read_table(file, columns=["text"]).column(0).to_pylist()
    return make_articles(texts[:n] if n else texts)


def copy_articles(articles: pd.DataFrame, copies: int) -> pd.DataFrame:
    """The articles, and copies of them with shuffled paragraphs and sentences."""
    chance, texts = random.Random(7), []
    for copy in range(copies):
        for text in articles["text"]:
            pieces = re.split(r"(?<=[.!?])\s+", text) if copy else [text]
            chance.shuffle(pieces)
            texts.append(" ".join(pieces))
    return make_articles(texts)


def split_articles(articles: pd.DataFrame) -> pd.DataFrame:
    """The sentences of articles, with the lines that are learned from them set apart."""
    return split_sentences(articles, boilerplate=learn_lines(articles))


def n_megabytes(articles: pd.DataFrame) -> float:
    return sum(len(text.encode()) for text in articles["text"]) / 1e6


def best_of(rounds: int, run: Callable[[], object], clock: Callable[[], float] = process_time) -> float:
    """Seconds of the fastest round."""
    seconds = []
    for _ in range(rounds):
        start = clock()
        run()
        seconds.append(clock() - start)
    return min(seconds)


def find_in_threads(parts: Sequence[tuple[pd.DataFrame, pd.DataFrame]], book: Codebook, n_threads: int) -> None:
    """Search parts of a corpus in threads."""
    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(lambda part: match_articles(*part, book), parts))


def show_speed(options: argparse.Namespace) -> None:
    """Speed of match_articles with its whole table; of one thread and two; and of pandas.Series.str.count."""
    articles = copy_articles(read_corpus(options.corpus).articles, options.copies)
    sentences, size = split_articles(articles), n_megabytes(articles)
    print(f"{options.corpus} x {options.copies}: {len(articles):,} articles, {size:.1f} MB\n")
    print("| codebook | patterns | mentions | MB per CPU second | x pandas.str.count |\n|---|---|---|---|---|")
    few = articles["text"].head(200)
    for name in options.codebook:
        book = read_book(name)
        mentions = match_articles(articles, sentences, book)
        rate = size / best_of(options.rounds, lambda book=book: match_articles(articles, sentences, book))
        regexes = [write_alternation(entry) for entry in book.entries if entry.patterns]
        slow = best_of(1, lambda regexes=regexes: [few.str.count(regex) for regex in regexes])
        slow_rate = sum(len(text.encode()) for text in few) / 1e6 / slow
        n_patterns = sum(len(entry.patterns) + len(entry.protects) for entry in book.entries)
        print(f"| {name} | {n_patterns:,} | {len(mentions):,} | {rate:.1f} | {rate / slow_rate:.0f} |")
    book, ids = read_book(options.codebook[0]), np.array_split(articles["article_id"], 4)
    parts = [(articles[articles["article_id"].isin(own)], sentences[sentences["article_id"].isin(own)]) for own in ids]
    one, two = (best_of(options.rounds, lambda n=n: find_in_threads(parts, book, n), perf_counter) for n in (1, 2))
    print(f"\nthreads: {size / one:.1f} MB/s in one, {size / two:.1f} in two: x {one / two:.2f} (wall clock)")


def write_alternation(entry: Entry) -> str:
    """The patterns of an entry as a user of pandas would write them."""
    texts = sorted((pattern.text for pattern in entry.patterns), key=len, reverse=True)
    joined = "|".join(re.escape(text).replace(r"\*", r"\w*").replace(r"\?", r"\w").replace(r"\ ", r"\W") for text in texts)
    return ("" if entry.patterns[0].case else "(?i)") + rf"\b(?:{joined})\b"


def show_peers(options: argparse.Namespace) -> None:
    """Run the scripts of the shared bench with the Python that has the peers, ours as one of their commands."""
    ours = f"ours={sys.executable} {__file__}"
    arguments = [options.texts, options.codebook[0]]
    for script, command, more in (
        ("dictionary_peers.py", "count", ["--procs", "1"] + (["--engines", options.engines] if options.engines else [])),
        ("evidence_peers.py", "list", ["--engines", options.evidence_engines] if options.evidence_engines else []),
    ):
        told = f"{ours} {command} {{parquet}} {{codebook}} {{out}} {{docs}}"
        words = [options.python, str(Path(options.folder) / script), *arguments, "--rounds", str(options.rounds), "--command", told]
        subprocess.run([*words, *more], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})


def run_command(options: argparse.Namespace) -> None:
    """Be a command of the shared bench: write counts (W1) or evidence (W2), and print seconds of searching alone."""
    started = perf_counter()
    book, articles = read_book(options.code), read_texts(options.parquet, int(options.docs))
    names = [entry.id for entry in book.entries]
    sentences = split_articles(articles)
    match_articles(articles.head(50), sentences[sentences["article_id"] < f"{50:012x}"], book)
    match_articles(articles, sentences, book)  # so that the kernels are compiled, or read
    setup, wall, cpu = perf_counter() - started, perf_counter(), process_time()
    mentions = match_articles(articles, sentences, book)
    if options.task == "list":  # the table is the evidence; what follows only writes it as the bench wants it
        seconds, cpu = perf_counter() - wall, process_time() - cpu
    document = pc.index_in(pa.array(mentions["article_id"]), value_set=pa.array(articles["article_id"])).to_numpy()
    category = pc.index_in(pa.array(mentions["entry"]), value_set=pa.array(names, pa.large_string())).to_numpy()
    if options.task == "count":
        cells = document.astype(np.int64) * len(names) + category
        counts = np.bincount(cells, minlength=len(articles) * len(names)).reshape(len(articles), -1).astype(np.int32)
        seconds, cpu = perf_counter() - wall, process_time() - cpu
    if options.task == "count":
        np.save(options.out, counts)
    else:
        evidence = {"doc": document, "sent": mentions["sentence"], "start": mentions["start"], "end": mentions["end"], "category": category}
        pd.DataFrame(evidence).to_parquet(options.out)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "setup": setup, "peak_mb": peak, "rows": len(mentions)}))


def show_memory(options: argparse.Namespace) -> None:
    """Peak memory and time of `framebook count` on a large file."""
    with tempfile.TemporaryDirectory() as name:
        folder, articles = Path(name), read_corpus(options.corpus).articles
        writer, size = None, 0.0
        for copy in range(options.copies):
            some = articles.assign(article_id=[f"{copy:04x}{id[4:]}" for id in articles["article_id"]])
            table = pa.Table.from_pandas(some, preserve_index=False)
            writer = writer or pq.ParquetWriter(folder / "large.parquet", table.schema)
            writer.write_table(table)
            size += n_megabytes(some)
        writer.close()
        told = [sys.executable, "-m", "toolkit", "count", str(folder / "large.parquet"), "--out", str(folder / "out")]
        start = perf_counter()
        done = subprocess.run([*told, "--codebook", options.codebook[0]], cwd=ROOT, check=True, capture_output=True, text=True)
        seconds, used = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{size:.0f} MB of text: {used.ru_maxrss / 1024:.0f} MB at most, {used.ru_utime + used.ru_stime:.0f} CPU s, {seconds:.0f} s")
        print(done.stdout)


def show_first(_: argparse.Namespace) -> None:
    """What a fresh install takes for one article, and for much text, the first time and the second."""
    cache = tempfile.mkdtemp()
    much = "from toolkit import *; from toolkit.counting.matching import match_articles as match; import time"
    much += "; a = read_corpus('news-2017'); c = read_codebook('frames'); t = time.perf_counter()"
    much += "; match(a.articles, a.searched, c); print(round(time.perf_counter() - t, 1))"
    with tempfile.TemporaryDirectory() as out:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache, "PYTHONDONTWRITEBYTECODE": "1"}
        count = [sys.executable, "-m", "toolkit", "count", "ukraine-korea", "--codebook", "actors", "--codebook", "frames", "--out", out]
        for label in ("first", "second"):
            start = perf_counter()
            subprocess.run(count, cwd=ROOT, env=environment, check=True, capture_output=True)
            print(f"framebook count, one article, {label} time: {perf_counter() - start:.2f} s in all")
        for label in ("first", "second"):
            done = subprocess.run([sys.executable, "-c", much], cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
            print(f"match_articles, news-2017, {label} time: {done.stdout.strip()} s")
    shutil.rmtree(cache)


def show_reference(options: argparse.Namespace) -> None:
    """Cells (article x entry) and rows in which the engine differs from the slow reference of the tests."""
    sys.path.insert(0, str(ROOT / "tests"))
    from counting.reference import find_slowly

    news = read_corpus(options.corpus)
    articles = news.articles.sample(min(options.articles, len(news.articles)), random_state=1)
    sentences = news.sentences[news.sentences["article_id"].isin(articles["article_id"])]
    print(f"{options.corpus}: {len(articles)} articles, {n_megabytes(articles):.2f} MB")
    for name in options.codebook:
        book = read_book(name)
        found = list(
            match_articles(articles, sentences, book).drop(columns=["codebook", "use", "left_out"]).itertuples(index=False, name=None)
        )
        expected = find_slowly(articles, sentences, book)
        rows = Counter(found)
        rows.subtract(Counter(expected))
        cells = Counter((row[0], row[5]) for row in found)
        cells.subtract(Counter((row[0], row[5]) for row in expected))
        n_rows, n_cells = sum(map(abs, rows.values())), sum(map(bool, cells.values()))
        print(f"{name}: {len(expected):,} rows, {n_rows} differ; {n_cells} of {len(articles) * len(book.entries):,} cells differ")


TOKEN = re.compile(r"\w+(?:[-'’.\u2010\u2011]\w+)*")  # quanteda's default: inner apostrophes, hyphens and dots stay inside a token


def find_as_quanteda(articles: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Matches as `tokens_lookup` of quanteda would make them with its defaults: caseless, on whole tokens, sentences not looked at."""
    article, start, end, words = [], [], [], []
    for number, text in enumerate(articles["text"]):
        for token in TOKEN.finditer(text):
            article.append(number)
            start.append(token.start())
            end.append(token.end())
            words.append(token[0].replace("’", "'").lower())
    article, start, end = map(np.array, (article, start, end))
    texts = articles["text"].tolist()
    goes_on = [a == b and texts[a][e:s].isspace() for a, b, e, s in zip(article, article[1:], end, start[1:], strict=False)] + [False]
    codes, vocabulary = pd.factorize(np.array(words, dtype=object))
    places = pd.Series(range(len(codes))).groupby(codes).indices
    ids = {word: code for code, word in enumerate(vocabulary)}
    rows = []
    rank = 0
    for entry in book.entries:
        for protects, patterns in ((False, entry.patterns), (True, entry.protects)):
            for pattern in patterns:
                rank += 1
                parts = [find_words(part.rstrip(".,"), ids) for part in compile_pattern(pattern.text, case=False).split(" ")]
                for code in parts[0]:
                    for place in places.get(code, ()):
                        reach = range(place, place + len(parts))
                        if reach[-1] < len(codes) and all(goes_on[at] for at in reach[:-1]):
                            if all(codes[at] in part for at, part in zip(reach, parts, strict=True)):
                                rows.append((place, reach[-1] + 1, 0, entry.id.split("/")[0], rank, protects, entry.id, pattern.text))
    names = ["first", "last", "length", "family", "rank", "protects", "entry", "pattern"]
    kept = settle_overlaps(pd.DataFrame(rows, columns=names), dictionary=book.overlap == "dictionary")
    ends = end[kept["last"].to_numpy() - 1]
    return kept.assign(article=article[kept["first"]], start=start[kept["first"]], end=ends)


def find_words(part: str, ids: dict[str, int]) -> set[int]:
    """The words of a vocabulary that a glob matches."""
    if "*" not in part and "?" not in part:
        return {ids[part]} if part in ids else set()
    regex = re.compile(re.escape(part).replace(r"\*", ".*").replace(r"\?", "."))
    return {code for word, code in ids.items() if regex.fullmatch(word)}


def compare_quanteda(corpus: Corpus, book: Codebook) -> tuple[int, int, Counter[str], Counter[str]]:
    """Our mentions, those with quanteda's defaults; why the others are found here only, and with its defaults only.

    Ours are those that a page counts with `uses="all"`: quanteda does not tell a place from an actor.
    """
    articles = corpus.articles.sort_values("article_id", ignore_index=True)
    ours, theirs = find_mentions(corpus, book, uses="all").counted, find_as_quanteda(articles, book)
    rows = dict(zip(articles["article_id"], range(len(articles)), strict=True))
    own = [(rows[id], start, end, entry) for id, start, end, entry in ours[["article_id", "start", "end", "entry"]].to_numpy().tolist()]
    other = theirs[["article", "start", "end", "entry"]].to_numpy().tolist()
    texts = articles["text"].tolist()
    lost = Counter(why_lost(texts[row], start, end) for row, start, end, entry in only(own, other))
    bounds = {rows[id]: spans[["start", "end"]].to_numpy() for id, spans in corpus.searched.groupby("article_id")}
    pattern = dict(zip(map(tuple, other), theirs["pattern"], strict=True))
    exact = {one.text for entry in book.entries for one in entry.patterns if one.case}
    gained = Counter(
        why_gained(texts[row][start:end], start, end, bounds.get(row, []), pattern[row, start, end, entry], exact)
        for row, start, end, entry in only(other, own)
    )
    return len(own), len(other), lost, gained


def show_quanteda(options: argparse.Namespace) -> None:
    """Count, by kind, the mentions that we find and quanteda's defaults would not, and the other way round."""
    corpus = read_corpus(options.corpus)
    for name in options.codebook:
        n_own, n_other, lost, gained = compare_quanteda(corpus, read_book(name))
        print(f"\n{name}: {n_own:,} mentions here, {n_other:,} with quanteda's defaults")
        for title, counts in (("found here only", lost), ("found with its defaults only", gained)):
            print(f"| {title} | mentions | share |\n|---|---|---|")
            for kind, n in counts.most_common():
                print(f"| {kind} | {n:,} | {n / n_own:.1%} |")


def only(some: Sequence[Sequence[object]], others: Sequence[Sequence[object]]) -> list[tuple[int, int, int, str]]:
    """Those of some that have no characters in common with one of the others, in the same article and entry."""
    spans: dict[tuple[object, object], list[tuple[int, int]]] = {}
    for row, start, end, entry in others:
        spans.setdefault((row, entry), []).append((start, end))
    return [
        (row, start, end, entry)
        for row, start, end, entry in some
        if not any(first < end and start < last for first, last in spans.get((row, entry), ()))
    ]


def why_lost(text: str, start: int, end: int) -> str:
    """Why quanteda's defaults miss a mention."""
    tokens = [token.span() for token in TOKEN.finditer(text, max(0, start - 200), end + 200) if token.start() < end and token.end() > start]
    before, after = text[tokens[0][0] : start], text[end : max(end, tokens[-1][1])]
    if count_pattern_words(text[start:end]) > 1 and re.search(r"\w[-\u2010\u2011]\w", text[start:end]):
        return "hyphen for a space: cease-fire, by `cease fire`"
    if re.match(r"['’]", after):
        return "apostrophe: Trump’s, by `Trump`"
    if before or after:
        return "part of a hyphenated or dotted word: US-led, by `US`"
    return "other: overlaps with what only one of them finds"


def why_gained(surface: str, start: int, end: int, bounds: Sequence[Sequence[int]], pattern: str, exact: set[str]) -> str:
    """Why quanteda's defaults find what we do not."""
    if not any(first < end and start < last for first, last in bounds):
        return "in boilerplate"
    if not any(first <= start and end <= last for first, last in bounds):
        return "across two sentences"
    if pattern in exact and compile_pattern(surface, case=True) != compile_pattern(pattern, case=True):
        return "in another case: us, by `US`"
    if not any(mark in pattern for mark in "*?") and compile_pattern(surface, case=False) != compile_pattern(pattern, case=False):
        return "punctuation that the pattern has and the text has not"
    return "a short form without its bearer, an overlap, a `not`"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = parser.add_subparsers(dest="task", required=True)
    shown = {"speed": show_speed, "peers": show_peers, "memory": show_memory, "first": show_first}
    shown |= {"reference": show_reference, "quanteda": show_quanteda, "count": run_command, "list": run_command}
    for name in shown:
        task = tasks.add_parser(name)
        if name in ("count", "list"):
            for argument in ("parquet", "code", "out", "docs"):
                task.add_argument(argument)
            continue
        task.add_argument("--corpus", default="news-2017")
        task.add_argument("--codebook", action="append")
        task.add_argument("--copies", type=int, default=80 if name == "memory" else 3)
        task.add_argument("--rounds", type=int, default=5)
        task.add_argument("--articles", type=int, default=300)
        if name == "peers":
            task.add_argument("folder")
            task.add_argument("--python", required=True)
            task.add_argument("--texts", required=True)
            task.add_argument("--engines", default="")
            task.add_argument("--evidence-engines", default="")
    options = parser.parse_args()
    if getattr(options, "codebook", ()) is None:
        options.codebook = ["actors", "frames", "language"]
    shown[options.task](options)


if __name__ == "__main__":
    main()
