"""What resolving actors costs, compared with matching alone: python tests/benchmarks/actors.py (by hand; CPU seconds, the best of several).

Matching alone: the same patterns without surnames, as a codebook of frames: no spellings, short forms, offices, or uses.
"""

from __future__ import annotations

import time
from dataclasses import replace

from toolkit import read_codebook, read_corpus
from toolkit.counting.matching import match_articles

N_RUNS = 7


def main() -> None:
    news, actors = read_corpus("news-2017"), read_codebook("actors")
    entries = [replace(one, patterns=tuple(p for p in one.patterns if p.via != "surname")) for one in actors.entries]
    books = {"matching": replace(actors, kind="frames", entries=tuple(entries)), "with actors resolved": actors}
    best = dict.fromkeys(books, float("inf"))
    for _ in range(N_RUNS):  # in turn: other work on the machine meets both
        for name, book in books.items():
            began = time.process_time()
            match_articles(news.articles, news.searched, book)
            best[name] = min(best[name], time.process_time() - began)
    for name, seconds in best.items():
        print(f"{name:<22} {seconds:.3f} s CPU, {seconds / best['matching'] - 1:+.0%}")


if __name__ == "__main__":
    main()
