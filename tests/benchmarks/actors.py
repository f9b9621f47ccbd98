"""What resolving actors costs beside matching alone: python tests/benchmarks/actors.py (by hand; CPU seconds, the best of several).

Matching alone: the same patterns without surnames, as a codebook of frames: no spellings, short forms, offices, or uses.
"""

from __future__ import annotations

import time
from dataclasses import replace

from toolkit import find_mentions, read_codebook, read_corpus, split_sentences

N_RUNS = 7


def main() -> None:
    articles = read_corpus("news-2017").articles
    sentences, actors = split_sentences(articles), read_codebook("actors")
    entries = [replace(one, patterns=tuple(p for p in one.patterns if p.via != "surname")) for one in actors.entries]
    books = {"matching": replace(actors, kind="frames", entries=tuple(entries)), "with actors resolved": actors}
    best = dict.fromkeys(books, float("inf"))
    for _ in range(N_RUNS):  # in turn: other work on the machine meets both
        for name, book in books.items():
            began = time.process_time()
            find_mentions(articles, sentences, book)
            best[name] = min(best[name], time.process_time() - began)
    for name, seconds in best.items():
        print(f"{name:<22} {seconds:.3f} s CPU, {seconds / best['matching'] - 1:+.0%}")


if __name__ == "__main__":
    main()
