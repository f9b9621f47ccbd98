"""Find the articles that tell one story in the same words: reprints, wire copy in several outlets, versions of one article."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_array

from toolkit.parsing.parallel import show_progress
from toolkit.parsing.sentences import Row
from toolkit.parsing.words import blank_between
from toolkit.tables import read_limits

RUN, SAME, KIN, LONGER, WHOLE, COHESION, FEWEST, _SAMPLE, _SHARED, _SHARED_ALIKE, _AT_ONCE, _NEAREST = read_limits("stories")
_POWERS = np.array([pow(0x9E3779B1, RUN - 1 - place, 1 << 32) for place in range(RUN)], dtype=np.uint32)

Hashes = NDArray[np.uint32]

Body = tuple[Hashes, Hashes]  # the hashed words of an article, in the order of the text, and the hashed runs of them, each once, sorted


def find_stories(articles: pd.DataFrame, read: Callable[[int], Body]) -> pd.Series:
    """Find which articles tell the same story in the same words, whoever published them.

    Only sentences of part body are compared, in folded words, so headlines, datelines, boilerplate, quotation marks and line breaks make no
    difference. Articles are taken from the earliest on (without a date last, ties by id): each joins the story of the article it is most
    like, if it is kin to the first of that story as well; else it is the first of one itself. A sample of hashes only proposes pairs: each
    is verified on the runs of words. A short take from which a longer article goes on is the same story; what is one of several passages,
    as in a round-up, is not.

    Args:
        articles: `article_id` and `published` of each, in any order.
        read: Gives what `hash_bodies` gave of an article, by its place among them: all that may be in a file.

    Returns:
        The story of each article, in the order of the articles: the id of its first article, or its own. Nothing is dropped.

    Source: Broder 1997 (resemblance and containment by samples of hashed runs). Run length, thresholds and taking the first as the centre:
    our choice, each constant says why.

    Example:
        >>> words = np.arange(30, dtype=np.uint32)
        >>> find_stories(pd.DataFrame({"article_id": ["a"], "published": [None]}), lambda _: (words, words)).tolist()
        ['a']
    """
    order = articles.reset_index(drop=True).sort_values(["published", "article_id"], na_position="last").index.to_numpy()
    first = np.arange(len(order))
    known = lru_cache(2000)(lambda at: read(order[at]))  # some 10 MB
    for at, others in _find_candidates(read, order):
        near = {other: _compare_texts(known(at), known(other)) for other in others}
        alike = [other for other in near if near[other] >= SAME and _compare_runs(known(at)[1], known(first[other])[1]) >= KIN]
        if alike:
            first[at] = first[max(alike, key=lambda other: (near[other], -other))]
    return articles["article_id"].iloc[order[first][order.argsort()]].set_axis(articles.index)


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
    return ~articles.sort_values(["published", "article_id"], na_position="last")["story"].duplicated().reindex(articles.index)


def hash_bodies(articles: pd.DataFrame, sentences: Iterable[Sequence[Row]]) -> list[Body]:
    """Hash the words of each article that are compared, those of its sentences of part body, folded; and the runs of them.

    Args:
        articles: Articles.
        sentences: Of each the rows of its sentences.

    Returns:
        The 32-bit hashes of each article's words, those of long words odd, and of its runs.

    Example:
        >>> from toolkit.parsing import read_corpus
        >>> from toolkit.parsing.sentences import split_articles
        >>> news = read_corpus("ukraine-korea")
        >>> [(len(words), len(runs)) for words, runs in hash_bodies(news.articles, split_articles(news.articles))]
        [(353, 349)]
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    pairs = zip(map(blank_between, articles["text"]), sentences, strict=True)
    kept = (" ".join([text[row[5] : row[6]] for row in rows if row[3] == "body"]).strip().lower() for text, rows in pairs)
    words = pc.ascii_split_whitespace(pa.array(kept, pa.large_string()))
    known = words.flatten().dictionary_encode()
    hashes = hash_array(known.dictionary.to_numpy(zero_copy_only=False), categorize=False).astype(np.uint32) | np.uint32(1)
    # The last bit says which words have six letters and more: most shorter ones are in every text, whatever the language.
    hashes -= pc.less(pc.utf8_length(known.dictionary), 6).to_numpy(zero_copy_only=False)
    return [(body, _list_runs(body)) for body in np.split(hashes[known.indices.to_numpy()], words.offsets.to_numpy()[1:-1])]


def _hash_runs(words: Hashes) -> Hashes:
    """Hash every run of words to 32 bits, in the order of the text; two texts of 1,000 words share a hash by chance once in 4,000 pairs."""
    return np.correlate(words, _POWERS) if len(words) >= RUN else words[:0]


def _list_runs(words: Hashes) -> Hashes:
    """List the hashed runs of words, each once, sorted; by sorting, which is faster for a text than what `numpy.unique` does."""
    runs = np.sort(_hash_runs(words))
    return runs[np.flatnonzero(np.diff(runs, prepend=~runs[:1]))]


def _list_shared(read: Callable[[int], Body], order: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """List the sampled runs that are in more than one article (of most news, few), with its place, sorted; and the size of each text."""
    sizes = np.zeros(len(order), dtype=np.int64)
    samples = np.full((len(order) + 1, _SAMPLE), 2**64 - 1, dtype="<u8")  # the last row is before the first key
    with show_progress("telling stories", len(order), "article") as advance:
        for at, body in enumerate(order.argsort().tolist()):
            _, runs = read(at)
            sizes[body] = len(runs)
            if len(runs) >= FEWEST:
                samples[at, : len(runs)] = runs[:_SAMPLE].astype(np.uint64) << 32 | body
            advance(1)
    keys = samples.ravel()
    keys.sort()
    runs = keys.view("<u4")[1::2]  # the upper halves
    is_again = np.concatenate(([False], runs[1:] == runs[:-1], [False]))
    is_shared = is_again[1:] | is_again[:-1]
    return keys[is_shared] if 2 * np.count_nonzero(is_shared) < len(keys) else keys, sizes  # a copy of most would take more memory


def _find_candidates(read: Callable[[int], Body], order: NDArray[np.int64]) -> Iterator[tuple[int, list[int]]]:
    """Yield each article that may tell the story of earlier ones, and these, by their places in the order of stories."""
    keys, sizes = _list_shared(read, order)
    places, at_once = keys.view("<u4")[::2], max(_AT_ONCE, len(order) // 100)  # the lower halves
    for start in range(0, len(order), at_once):
        own = np.flatnonzero((places >= start) & (places < start + at_once))
        nearest = ((own[keys[own] ^ keys[own - n] < 1 << 32], n) for n in range(1, _NEAREST + 1))
        pairs = np.concatenate([places[near].astype(np.int64) << 32 | places[near - n] for near, n in nearest])
        found, n_shared = np.unique(pairs, return_counts=True)
        fewer, more = np.sort([sizes[found >> 32], sizes[found & 0xFFFFFFFF]], axis=0)
        likely = SAME * fewer * np.minimum(1, _SAMPLE / more)  # that two share at least, on average, if they tell one story
        fewest = np.maximum(np.where(more < 2 * fewer, _SHARED_ALIKE, _SHARED), likely - 3 * np.sqrt(likely * (1 - likely / _SAMPLE)))
        for at, near in groupby(found[n_shared >= fewest].tolist(), key=lambda pair: pair >> 32):
            yield at, [pair & 0xFFFFFFFF for pair in near]


def _compare_texts(one: Body, other: Body) -> float:
    """Share of the shorter text's runs that are in the other, 0 where it is one of several passages."""
    (fewer, runs), (more, all_runs) = sorted((one, other), key=lambda text: len(text[0]))
    share = _compare_runs(runs, all_runs) if len(more) <= LONGER * len(fewer) else 0.0
    if share < SAME or len(more) <= WHOLE * len(fewer):
        return share
    places = np.flatnonzero(np.isin(_hash_runs(more), runs))
    start, end = np.quantile(places, [0.05, 0.95])  # but for stray runs
    told, rest = (np.unique(words[words & 1 > 0]) for words in (fewer, np.delete(more, np.add.outer(places, range(RUN)))))
    n_again = len(np.intersect1d(told, rest, assume_unique=True)) / max(1, min(len(told), len(rest)))
    fewest = 0 if end - start > len(fewer) else COHESION if start < (WHOLE - 1) * len(fewer) else 3 * COHESION
    return share if n_again >= fewest else 0.0


def _compare_runs(one: Hashes, other: Hashes) -> float:
    """Share of the shorter text's runs that are in the other."""
    fewer, more = sorted((one, other), key=len)
    return np.count_nonzero(more.take(more.searchsorted(fewer), mode="clip") == fewer) / max(1, len(fewer))
