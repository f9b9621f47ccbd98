"""How fast articles are split: MB of UTF-8 text per CPU second, the best of some rounds, all in one process and interleaved.

usage: python -m tests.benchmarks.sentences [ARTICLES.parquet] [--peers sentence_peers.py] [--rounds 5] [--copies 4]

Without a file the sample corpus news-2017 is read. First the offsets alone, as the peers of the given script find them on the same texts
(those that can be imported; the slow ones on the first texts only); then `split_sentences` whole, on the corpus and on `--copies` of it
with shuffled sentences, half of them with curly marks; then what each step of it takes.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time

import pandas as pd

from tests.parsing.learned import learn_lines
from toolkit.parsing import find_quotations, read_corpus, split_sentences
from toolkit.parsing.parts import find_boilerplate_sentences, find_parts, split_paragraphs
from toolkit.parsing.sentences import _cut_text
from toolkit.tables import make_table

SLOW = 60  # texts; an engine that needs more than a second for these is measured on these only


def split_ours(text: str) -> list[tuple[int, int]]:
    """Our offsets alone: paragraphs, quotations (where a mark closes, a sentence may end), sentences."""
    paragraphs = split_paragraphs(text)
    closings = {quotation.end for quotation in find_quotations(text)}
    return [piece[3:] for piece in _cut_text(text, paragraphs, [], closings)]


def measure(run: Callable[[], object]) -> float:
    """CPU seconds of one run."""
    start = process_time()
    run()
    return process_time() - start


def n_megabytes(texts: Sequence[str]) -> float:
    return sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6


def compare_engines(texts: list[str], peers: Path | None, rounds: int) -> None:
    """Print the speed of each engine beside ours."""
    engines: dict[str, Callable[[str], object]] = {"ours": split_ours}
    if peers is not None:
        spec = importlib.util.spec_from_file_location("sentence_peers", peers)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, build in module.E.items():
            try:
                engines[name] = build()
            except ImportError as fault:
                print(f"{name}: left out, {fault}")
    samples = {}
    for name, split in engines.items():
        split("Warm up. It is.")
        is_slow = measure(lambda split=split: [split(text) for text in texts[:SLOW]]) > 1
        samples[name] = texts[:SLOW] if is_slow else texts
    spent: dict[str, float] = {}
    for _ in range(rounds):
        for name, split in engines.items():
            seconds = measure(lambda name=name, split=split: [split(text) for text in samples[name]])
            spent[name] = min(seconds, spent.get(name, seconds))
    speed = {name: n_megabytes(samples[name]) / seconds for name, seconds in spent.items()}
    print("\noffsets alone           MB/s   ours is … times as fast")
    for name, found in sorted(speed.items(), key=lambda item: -item[1]):
        print(f"{name:20} {found:8.2f}   {speed['ours'] / found:.2f}")


def grow(articles: pd.DataFrame, copies: int) -> pd.DataFrame:
    """Write new articles out of the sentences of these; every other one with curly marks."""
    rng = random.Random(7)
    rows = []
    for copy in range(copies):
        for number, text in enumerate(articles["text"]):
            parts = re.split(r"(?<=[.!?])\s+(?=[A-Z\"])", text)
            rng.shuffle(parts)
            whole = "\n\n".join(" ".join(parts[place : place + 3]) for place in range(0, len(parts), 3)) or "."
            if (copy + number) % 2:
                whole = re.sub(r"(^|\s)\"", r"\1“", re.sub(r"(?<=\w)'(?=\w)", "’", whole)).replace('"', "”").replace(" - ", " — ")
            rows.append({"article_id": f"{len(rows):012x}", "text": whole, "source_path": "generated", "n_words": 0})
    return make_table("Articles", pd.DataFrame(rows).reindex(columns=articles.columns).to_dict("series"))


def print_whole(name: str, articles: pd.DataFrame, rounds: int) -> None:
    """Print the speed of `split_sentences` and of its steps."""
    texts = articles["text"].tolist()
    headlines = [headline if isinstance(headline, str) else "" for headline in articles["headline"]]
    size = n_megabytes(texts)
    learned = learn_lines(articles)
    sentences = split_sentences(articles, boilerplate=learned)
    paragraphs = [split_paragraphs(text) for text in texts]
    parts = [find_parts(*given) for given in zip(texts, headlines, paragraphs, strict=True)]
    by_article = [rows[["start", "end"]].to_numpy().T.tolist() for _, rows in sentences.groupby("article_id", sort=False)]
    steps = {
        "split_sentences, whole": lambda: split_sentences(articles, boilerplate=learned),
        "  paragraphs": lambda: [split_paragraphs(text) for text in texts],
        "  quotations": lambda: [find_quotations.__wrapped__(text) for text in texts],
        "  parts": lambda: [find_parts(*given) for given in zip(texts, headlines, paragraphs, strict=True)],
        "  sentences": lambda: [_cut_text(*given, ()) for given in zip(texts, paragraphs, parts, strict=True)],
        "  boilerplate sentences": lambda: [
            find_boilerplate_sentences(text, *spans) for text, spans in zip(texts, by_article, strict=True)
        ],
    }
    print(f"\n{name}: {len(texts):,} articles, {size:.1f} MB, {len(sentences):,} sentences")
    for step, run in steps.items():
        seconds = min(measure(run) for _ in range(rounds))
        print(f"{step:25} {seconds:7.3f} s {size / seconds:8.1f} MB/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=Path)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--copies", type=int, default=4)
    options = parser.parse_args()
    articles = read_corpus("news-2017").articles if options.articles is None else pd.read_parquet(options.articles)
    compare_engines(articles["text"].tolist(), options.peers, options.rounds)
    print_whole("corpus", articles, options.rounds)
    print_whole("generated", grow(articles, options.copies), max(1, options.rounds // 2))


if __name__ == "__main__":
    sys.exit(main())
