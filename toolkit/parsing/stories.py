"""Find the articles that tell one story in the same words: reprints, wire copy in several outlets, versions of one article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np
import pandas as pd

from toolkit.parsing.words import WORD, fold

# Words in a run. Two reports of one event share runs of three by chance; one changed word breaks five runs of five.
RUN = 5
# Share of the shorter text's runs that the longer must have. In *News Articles* (Dai 2017) all 20 pairs from 0.6 up were read: of the 10
# from 0.7 up, 9 are copies or versions of one report; of the 10 below, 7 are different reports that share their background. In a text
# of 500 words, 0.7 still stands after 30 words were changed here and there.
SAME = 0.7
# Share of runs that it must have in common with the first of the story, too: half of `SAME`, so that versions may move on from the first,
# but a round-up of two briefs does not tie them together (our choice).
KIN = 0.35
# How many times as many runs the longer text may have: a brief of 100 words is the same story as one of 400 that holds it, but only
# a part of a round-up or live blog of 2,000 (our choice).
LONGER = 4
# Runs below which a text (`Watch the video here.`) is too short to tell.
FEWEST = 20
# Two hashes a band make candidates of pairs that have few runs in common, as short takes do: in the hardest case allowed, 0.7 of a text
# in one four times as long (Jaccard 0.16), a pair is found with a chance of 0.97; at Jaccard 0.2, of 0.995.
_BANDS, _ROWS, _SEED = 128, 2, 1
# Share of equal hashes, which estimates the Jaccard similarity, from which a candidate is worth a look: three standard errors below 0.16.
_LIKELY = 0.09

Hashes = np.ndarray[tuple[int, ...], np.dtype[np.uint32]]
Places = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def find_stories(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.Series:
    """Find which articles tell the same story in the same words, whoever published them.

    Only sentences of part body are compared, in folded words, so headlines, datelines, boilerplate, quotation marks and line breaks make no
    difference. Articles are taken from the earliest on (without a date last, ties by id): each joins the story of the article it is most
    like, if it is kin to the first of that story as well; else it is the first of one itself. MinHash only proposes pairs: each is
    verified on the runs of words. A short take that a longer article holds is the same story.

    Args:
        articles: Articles, in any order; what stands in `story` is not looked at.
        sentences: All their sentences.

    Returns:
        The story of each article, in the order of the articles: the id of its first article, or its own. Nothing is dropped.

    Source: Broder 1997 (resemblance and containment by min-wise hashing); Leskovec, Rajaraman & Ullman 2014, ch. 3 (banding). Run length,
    thresholds and taking the first as the centre: our choice, each constant says why.

    Example:
        >>> from toolkit.parsing import read_corpus, split_sentences
        >>> news = read_corpus("ukraine-korea")
        >>> find_stories(news.articles, split_sentences(news.articles)).tolist()
        ['be8669f0e2d9']
    """
    ordered = articles.sort_values(["published", "article_id"], na_position="last")
    ids = ordered["article_id"].tolist()
    runs = [_hash_runs(body) for body in _join_bodies(ordered, sentences)]
    signatures = _sign(runs)
    first = list(range(len(ids)))
    seen: dict[int, list[int]] = {}  # the articles in each bucket
    for at, buckets in enumerate(_find_buckets(signatures)):
        shared = buckets[buckets >= 0].tolist() if len(runs[at]) >= FEWEST else []
        others = np.array(sorted({other for bucket in shared for other in seen.get(bucket, ())}), dtype=np.int64)
        likely = others[(signatures[others] == signatures[at]).mean(axis=1) >= _LIKELY].tolist()
        near = {other: _compare_runs(runs[at], runs[other], LONGER) for other in likely}
        alike = [other for other in likely if near[other] >= SAME and _compare_runs(runs[at], runs[first[other]]) >= KIN]
        if alike:
            first[at] = first[max(alike, key=lambda other: (near[other], -other))]
        for bucket in shared:
            seen.setdefault(bucket, []).append(at)
    found = pd.Series([ids[at] for at in first], index=ids, dtype="str")
    return found.loc[articles["article_id"]].set_axis(articles.index)


def find_firsts(articles: pd.DataFrame) -> pd.Series:
    """Mark the earliest article of each story among those given, by which a story is counted once.

    Args:
        articles: Articles with their stories; where the first of a story is not among them, the earliest that is stands for it.

    Returns:
        One truth value per article.

    Example:
        >>> columns = {"article_id": ["b", "a"], "published": [None, "2017-02-08"], "story": ["a", "a"]}
        >>> find_firsts(pd.DataFrame(columns).astype({"published": "datetime64[us]"})).tolist()
        [False, True]
    """
    ordered = articles.sort_values(["published", "article_id"], na_position="last")
    return ~ordered["story"].duplicated().reindex(articles.index)


def _join_bodies(articles: pd.DataFrame, sentences: pd.DataFrame) -> Iterator[str]:
    """Yield what is compared of each article: its sentences of part body, folded."""
    body = sentences.loc[sentences["part"] == "body", ["article_id", "start", "end"]]
    spans = {id: zip(some["start"], some["end"], strict=True) for id, some in body.groupby("article_id")}
    for id, text in zip(articles["article_id"], articles["text"], strict=True):
        yield fold(" ".join(text[start:end] for start, end in spans.get(id, ())))


def _hash_runs(body: str) -> Hashes:
    """Hash every run of words to 32 bits, each once, sorted; two texts of 1,000 words share a hash by chance once in 4,000 pairs."""
    words = WORD.findall(body)
    hashes = {crc32(" ".join(words[at : at + RUN]).encode("utf-8", "replace")) for at in range(len(words) - RUN + 1)}
    return np.array(sorted(hashes), dtype=np.uint32)


def _sign(runs: Sequence[Hashes]) -> Hashes:
    """Make the MinHash signature of every text, one a row."""
    from datasketch import MinHash

    sketches = MinHash.generator((hashes.tolist() for hashes in runs), num_perm=_BANDS * _ROWS, seed=_SEED, hashfunc=int)
    signatures = [sketch.hashvalues.astype(np.uint32) for sketch in sketches]
    return np.array(signatures, dtype=np.uint32).reshape(-1, _BANDS * _ROWS)


def _find_buckets(signatures: Hashes) -> Places:
    """Number the buckets, which are the texts that have a band in common: a row for each text, -1 where it is alone in its band.

    By sorting, and not with `datasketch.MinHashLSH`, which keeps a Python set for each band of each text: gigabytes for 100,000.
    """
    buckets = np.full((len(signatures), _BANDS), -1, dtype=np.int64)
    for band, keys in enumerate(signatures.view(np.uint64).T):
        _, key, n_texts = np.unique(keys, return_inverse=True, return_counts=True)
        buckets[:, band] = np.where(n_texts[key] > 1, key * _BANDS + band, -1)
    return buckets


def _compare_runs(one: Hashes, other: Hashes, longer: float = np.inf) -> float:
    """Share of the shorter text's runs that stand in the other; 0 where that is more than so many times longer."""
    fewer, more = sorted((len(one), len(other)))
    return len(np.intersect1d(one, other, assume_unique=True)) / fewer if more <= longer * fewer else 0.0
