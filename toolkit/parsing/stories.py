"""Find the articles that tell one story in the same words: reprints, wire copy in several outlets, versions of one article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

import numpy as np
import pandas as pd
from pandas.util import hash_array

# Words in a run. Two reports of one event share runs of three by chance; one changed word breaks five runs of five.
RUN = 5
# Share of the shorter text's runs that the longer must have. In *News Articles* (Dai 2017) all 20 pairs from 0.6 up were read: of the 10
# from 0.7 up, 9 are copies or versions of one report; of the 10 below, 7 are different reports that share their background. In a text
# of 500 words, 0.7 still stands after 30 words were changed here and there.
SAME = 0.7
# Share of runs that it must have in common with the first of the story, too: half of `SAME`, so that versions may move on from the first
# (our choice).
KIN = 0.35
# How many times as many words the longer text may have: a brief of 100 words is the same story as one of 400 that goes on from it, but only
# a part of a live blog of 2,000 (our choice).
LONGER = 4
# Runs below which a text (`Watch the video here.`) is too short to tell.
FEWEST = 20
# The smallest hashes of a text's runs are a sample of them (Broder 1997); texts that share three of 64 are candidates. In the hardest case
# allowed, 0.7 of a text in one four times as long, they share 11 on average, and less than three in 1 of 1,000 pairs.
_SAMPLE, _SHARED = 64, 3
_NEAREST = 32  # articles before it with which one is paired by a run: a phrase that stands in a thousand must not make a million pairs

_NO_WORD = r"[^\p{L}\p{M}\p{N}]+"  # between words, as `toolkit.parsing.words.WORD` has them
_NO_KEY = np.uint64(2**64 - 1)

Hashes = np.ndarray[tuple[int, ...], np.dtype[np.uint32]]
Places = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def find_stories(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.Series:
    """Find which articles tell the same story in the same words, whoever published them.

    Only sentences of part body are compared, in folded words, so headlines, datelines, boilerplate, quotation marks and line breaks make no
    difference. Articles are taken from the earliest on (without a date last, ties by id): each joins the story of the article it is most
    like, if it is kin to the first of that story as well; else it is the first of one itself. A sample of hashes only proposes pairs: each
    is verified on the runs of words. A short take that a longer article holds is the same story.

    Args:
        articles: Articles, in any order; what stands in `story` is not looked at.
        sentences: All their sentences.

    Returns:
        The story of each article, in the order of the articles: the id of its first article, or its own. Nothing is dropped.

    Source: Broder 1997 (resemblance and containment by samples of hashed runs). Run length, thresholds and taking the first as the centre:
    our choice, each constant says why.

    Example:
        >>> from toolkit.parsing import read_corpus, split_sentences
        >>> news = read_corpus("ukraine-korea")
        >>> find_stories(news.articles, split_sentences(news.articles)).tolist()
        ['be8669f0e2d9']
    """
    return tell_stories(articles, hash_bodies(articles, sentences))


def tell_stories(articles: pd.DataFrame, bodies: Sequence[Hashes]) -> pd.Series:
    """Find stories as `find_stories` does, by the hashed words of each article, which may be in a file.

    Args:
        articles: `article_id` and `published` of each.
        bodies: What `hash_bodies` gave of each, in the same order.

    Returns:
        As `find_stories`.

    Example:
        >>> tell_stories(pd.DataFrame({"article_id": ["a"], "published": [None]}), [np.arange(30, dtype=np.uint32)]).tolist()
        ['a']
    """
    order = articles.reset_index(drop=True).sort_values(["published", "article_id"], na_position="last").index.to_numpy()
    first = np.arange(len(order))
    runs = lru_cache(10_000)(lambda at: _hash_runs(bodies[order[at]]))  # some 25 MB
    for at, others in _find_candidates(bodies, order):
        near = {other: _compare_runs(runs(at), runs(other), LONGER) for other in others}
        alike = [other for other in near if near[other] >= SAME and _compare_runs(runs(at), runs(first[other])) >= KIN]
        if alike:
            first[at] = first[max(alike, key=lambda other: (near[other], -other))]
    ids = articles["article_id"].to_numpy()
    found = np.empty(len(order), dtype=object)
    found[order] = ids[order[first]]
    return pd.Series(found, index=articles.index, dtype="str")


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


def hash_bodies(articles: pd.DataFrame, sentences: pd.DataFrame) -> list[Hashes]:
    """Hash the words of each article that are compared: those of its sentences of part body, folded.

    Args:
        articles: Articles.
        sentences: All their sentences, in the same order.

    Returns:
        The 32-bit hashes of each article's words, in the order of the text.

    Example:
        >>> from toolkit.parsing import read_corpus, split_sentences
        >>> news = read_corpus("ukraine-korea")
        >>> [len(words) for words in hash_bodies(news.articles, split_sentences(news.articles))]
        [353]
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    body = sentences[sentences["part"] == "body"]
    spans: dict[str, list[tuple[int, int]]] = {}
    for article_id, start, end in zip(body["article_id"], body["start"], body["end"], strict=True):
        spans.setdefault(article_id, []).append((start, end))
    pairs = zip(articles["article_id"], articles["text"], strict=True)
    bodies = pa.array([" ".join([text[start:end] for start, end in spans.get(id, ())]) for id, text in pairs], pa.large_string())
    plain = pc.replace_substring_regex(pc.utf8_lower(bodies), _NO_WORD, " ")
    words = pc.split_pattern(pc.utf8_trim_whitespace(plain), " ")
    known = words.flatten().dictionary_encode()
    hashes = hash_array(known.dictionary.to_numpy(zero_copy_only=False)).astype(np.uint32)[known.indices.to_numpy()]
    return np.split(hashes, words.offsets.to_numpy()[1:-1])


def _mix(hashes: Hashes) -> Hashes:
    """Spread the differences of hashes over all 32 bits, as MurmurHash3 does at its end."""
    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


def _hash_runs(words: Hashes) -> Hashes:
    """Hash every run of words to 32 bits, each once, sorted; two texts of 1,000 words share a hash by chance once in 4,000 pairs."""
    n_runs = max(0, len(words) - RUN + 1)
    runs = words[:n_runs].copy()
    for at in range(1, RUN):
        runs = runs * np.uint32(0x9E3779B1) + words[at : at + n_runs]
    return np.unique(_mix(runs))


def _find_candidates(bodies: Sequence[Hashes], order: Places) -> Iterator[tuple[int, list[int]]]:
    """Yield each article that may tell the story of earlier ones, and these, by their places in the order of stories."""
    samples = np.full((len(order), _SAMPLE), _NO_KEY)
    for at, body in enumerate(order.argsort().tolist()):
        runs = _hash_runs(bodies[at])
        if len(runs) >= FEWEST:
            samples[at, : len(runs)] = runs[:_SAMPLE].astype(np.uint64) << 32 | body
    keys = samples.ravel()
    keys.sort()
    hashes = (keys[: np.searchsorted(keys, _NO_KEY)] >> 32).astype(np.uint32)
    again = np.flatnonzero(hashes[1:] == hashes[:-1])
    again = np.union1d(again, again + 1)
    hashes, places = hashes[again], keys[again] & np.uint64(0xFFFFFFFF)
    pairs = [places[n:][same] << 32 | places[:-n][same] for n in range(1, _NEAREST + 1) for same in [hashes[n:] == hashes[:-n]]]
    found, n_shared = np.unique(np.concatenate(pairs), return_counts=True)
    for at, likely in groupby(found[n_shared >= _SHARED].tolist(), key=lambda pair: pair >> 32):
        yield at, [pair & 0xFFFFFFFF for pair in likely]


def _compare_runs(one: Hashes, other: Hashes, longer: float = np.inf) -> float:
    """Share of the shorter text's runs that stand in the other; 0 where that is more than so many times longer."""
    fewer, more = sorted((len(one), len(other)))
    return len(np.intersect1d(one, other, assume_unique=True)) / fewer if more <= longer * fewer else 0.0
