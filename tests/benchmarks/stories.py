"""How long `find_stories` takes, what memory, and what it finds of planted copies: python -m tests.benchmarks.stories [ARTICLES].

The corpus is generated: words by Zipf's law, every tenth sentence a stock phrase that many articles use, lines of boilerplate of the
outlet, and families of six: the story, and copies with another headline and curled quotation marks, without its first paragraph, with three
paragraphs appended, as a short take (its first half), and with every 25th word changed. Negatives that may not be tied together: market
reports that differ in their numbers, and live blogs that hold the first paragraph of five stories.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from itertools import combinations

import numpy as np
import pandas as pd

from tests.parsing.learned import learn_lines
from toolkit.parsing.sentences import split_articles
from toolkit.parsing.stories import find_stories, hash_bodies
from toolkit.parsing.words import count_words
from toolkit.tables import check_table, make_table

SEED, OUTLETS, N_WORDS = 2017, 40, 50_000
RNG = np.random.default_rng(SEED)
LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))
VOCABULARY = np.array(["".join(RNG.choice(LETTERS, RNG.integers(2, 11))) for _ in range(N_WORDS)])
CHANCES = 1 / np.arange(1, N_WORDS + 1)
CUMULATED = np.cumsum(CHANCES / CHANCES.sum())


def write_sentences(n: int) -> list[str]:
    words = iter(VOCABULARY[np.searchsorted(CUMULATED, RNG.random(n * 30)).clip(max=N_WORDS - 1)].tolist())
    return [" ".join([next(words).capitalize(), *(next(words) for _ in range(length))]) + "." for length in RNG.integers(8, 28, n)]


STOCK = write_sentences(2000)


def write_story() -> list[str]:
    """Some eight paragraphs of three sentences, one in ten of them stock."""
    n = int(RNG.integers(5, 13))
    sentences = write_sentences(3 * n)
    for at in np.flatnonzero(RNG.random(3 * n) < 0.1):
        sentences[at] = STOCK[int(RNG.integers(len(STOCK)))]
    sentences[1] = f'"{sentences[1]}" he said.'
    return [" ".join(sentences[at : at + 3]) for at in range(0, 3 * n, 3)]


def change_words(paragraphs: list[str]) -> list[str]:
    changed = []
    for paragraph in paragraphs:
        words = paragraph.split()
        words[12::25] = VOCABULARY[RNG.integers(0, N_WORDS, len(words[12::25]))].tolist()
        changed.append(" ".join(words))
    return changed


def write_copies(story: list[str]) -> dict[str, list[str]]:
    return {
        "story": story,
        "curled": [paragraph.replace(' "', " “").replace('" ', "” ") for paragraph in story],
        "first paragraph cut": story[1:],
        "three appended": story + write_story()[:3],
        "short take": story[: max(3, len(story) // 2)],
        "words changed": change_words(story),
    }


def make_corpus(n_articles: int) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Articles, the family of each ("" for none), and its kind."""
    texts: list[tuple[str, str, list[str]]] = []
    for family in range(n_articles // 50):
        texts += [(f"family {family}", kind, text) for kind, text in write_copies(write_story()).items()]
    template = write_sentences(14)
    for _ in range(n_articles // 100):
        numbers = RNG.integers(100, 9999, 28).reshape(14, 2)
        texts.append(
            (
                "",
                "market report",
                [f"Up {a} points. {line[:-1]}, from {b} to {a + b}." for line, (a, b) in zip(template, numbers, strict=True)],
            )
        )
    while len(texts) < n_articles * 0.99:
        texts.append(("", "alone", write_story()))
    leads = [text[0] for _, _, text in texts]
    while len(texts) < n_articles:
        texts.append(("", "live blog", [leads[int(at)] for at in RNG.integers(0, len(leads), 5)] + write_story()))
    order = RNG.permutation(len(texts))
    texts = [texts[at] for at in order]
    outlets = RNG.integers(0, OUTLETS, len(texts))
    heads = write_sentences(len(texts))
    bodies = ["\n\n".join([head[:-1], *text, STOCK[outlet]]) for head, (_, _, text), outlet in zip(heads, texts, outlets, strict=True)]
    n = len(texts)
    columns = {
        "article_id": [f"{at:012x}" for at in range(n)],
        "outlet": [f"outlet-{outlet}.example" for outlet in outlets],
        "published": pd.Timestamp("2017-01-01") + pd.to_timedelta(RNG.integers(0, 100 * 24 * 60, n), unit="min"),
        "headline": [head[:-1] for head in heads],
        **dict.fromkeys(("byline", "dateline", "url"), [None] * n),
        "text": bodies,
        "source_path": ["generated"] * n,
        "source_row": list(range(1, n + 1)),
        "n_words": [count_words(body) for body in bodies],
        "story": [f"{at:012x}" for at in range(n)],
    }
    columns = {name: columns[name] for name in make_table("Articles").columns}
    return make_table("Articles", columns), [family for family, _, _ in texts], [kind for _, kind, _ in texts]


def write_corpus(n_articles: int, path: str) -> None:
    articles, families, kinds = make_corpus(n_articles)
    articles.assign(family=families, kind=kinds).to_parquet(path)


def main() -> None:
    n_articles = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:  # made in a process of its own, so that its memory is not counted
        maker = multiprocessing.get_context("spawn").Process(target=write_corpus, args=(n_articles, f"{folder}/made.parquet"))
        maker.start()
        maker.join()
        made = pd.read_parquet(f"{folder}/made.parquet")
    families, kinds, articles = made.pop("family").tolist(), made.pop("kind").tolist(), check_table(made, "Articles")
    print(f"{len(articles):,} articles, {articles['n_words'].sum():,} words, {articles['text'].str.len().sum() / 1e6:,.0f} MB of text")
    start = time.process_time()
    words = hash_bodies(articles, split_articles(articles, boilerplate=learn_lines(articles)))
    print(f"learn_boilerplate, split_articles, hash_bodies: {time.process_time() - start:.1f} CPU s")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, wall = time.process_time(), time.perf_counter()
    stories = find_stories(articles, words.__getitem__)
    print(f"find_stories: {time.process_time() - start:.1f} CPU s, {time.perf_counter() - wall:.1f} s by the clock")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB, {before:,.0f} MB of it before")
    by_story, by_family = {}, {}
    for at, (story, family) in enumerate(zip(stories, families, strict=True)):
        by_story.setdefault(story, []).append(at)
        by_family.setdefault(family, []).append(at)
    found = {pair for members in by_story.values() for pair in combinations(members, 2)}
    planted = {pair for family, members in by_family.items() if family for pair in combinations(members, 2)}
    print(f"pairs: {len(planted):,} planted, {len(found):,} found, recall {len(found & planted) / len(planted):.4f}", end=", ")
    print(f"precision {len(found & planted) / max(1, len(found)):.4f}")
    for kind in sorted(set(kinds)):
        told = [stories[at] != articles["article_id"][at] for at in range(len(kinds)) if kinds[at] == kind]
        print(f"  {kind}: {len(told):,} articles, {sum(told):,} joined an earlier one")


if __name__ == "__main__":
    main()
