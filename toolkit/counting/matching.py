"""Find the mentions of a codebook's entries: one search over all sentences, then the surname rule, then the overlap rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from ahocorasick_rs import AhoCorasick

from toolkit.codebooks import Codebook
from toolkit.codebooks.names import spell_names
from toolkit.counting.overlap import settle_overlaps
from toolkit.counting.patterns import HYPHENS, CompiledPattern, compile_pattern
from toolkit.counting.surnames import keep_surnames
from toolkit.errors import TableError
from toolkit.parsing.words import fold, fold_apostrophes, is_word_char
from toolkit.tables import SEARCHED_PARTS, VIA, make_table

_BREAK = "\x00"  # stands between sentences: neither word character nor white space, so that no match crosses it
_SHORT = 3  # letters; in a line of capitals a name this short (US, WHO) may be a word of any kind, so it stays in exact case
_SENTENCES = 5000  # searched at a time: some hundred kilobytes, which stay in the processor's cache
_SPACE = np.uint32(ord(" "))

Codes = np.ndarray[tuple[int], np.dtype[np.uint32]]
Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Truths = np.ndarray[tuple[int], np.dtype[np.bool_]]


class _Listed(NamedTuple):
    """A pattern of the codebook; sorted, its place is its rank where the overlap rule finds all else equal."""

    counts: bool  # false for a `not` pattern
    entry: str
    via: int  # place in VIA
    text: str
    case: bool


@dataclass(frozen=True)
class _Page:
    """Some sentences as one text with straight apostrophes, and its words."""

    text: str
    starts: Ints  # of each word
    ends: Ints
    parted: Ints  # per word: how many gaps up to it a pattern's space does not stand for
    spaces: Ints  # where the space before each word is in the three strings below
    exact: str  # " w1 w2 w3 ": the words alone, one space around each
    folded: str  # the same, caseless
    capitals: str  # the same, with only the words of datelines and lines of capitals legible


@dataclass(frozen=True)
class _Search:
    """Patterns that are looked for together, in one of the three strings of a page."""

    where: Callable[[_Page], str]
    numbers: Ints  # ranks of the patterns
    compiled: Sequence[CompiledPattern]
    automaton: AhoCorasick
    shapes: Ints  # shift, n_words, whether its gaps are spaces, whether it has more to check, characters before and after: per pattern


def find_mentions(articles: pd.DataFrame, sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Find where the entries of a codebook are mentioned.

    A critic would ask about case: actors' names match in their case, except in datelines and in lines without a lower-case letter, where
    names of more than three letters match in any. Boilerplate is never searched, and no match crosses a sentence.

    Args:
        articles: Articles.
        sentences: Sentences, or some rows of them: only these are searched, for the full names behind surnames too.
        codebook: What to look for.

    Returns:
        Mentions, one row per kept match, ordered by article, start, end and entry.

    Raises:
        TableError: When a sentence is of an article that is not there.

    Source: quanteda's `tokens_lookup` (Benoit et al. 2018); the methods page lists where we differ.

    Example:
        >>> from toolkit import read_codebook, read_corpus, split_sentences
        >>> news = read_corpus("ukraine-korea")
        >>> mentions = find_mentions(news.articles, split_sentences(news.articles), read_codebook("actors"))
        >>> mentions["surface"].tolist()[:3]
        ['Ukraine', 'South Korea', 'SEOUL']
    """
    if codebook.kind == "actors":
        codebook, _ = spell_names(codebook)
    searched = sentences[sentences["part"].isin(SEARCHED_PARTS)].sort_values(["article_id", "sentence"], ignore_index=True)
    article, pieces = _cut_sentences(articles, searched)
    text = _BREAK + "".join(piece + _BREAK for piece in pieces)
    begins = 1 + np.cumsum([0, *(len(piece) + 1 for piece in pieces)])
    caseless = (searched["part"] == "dateline").to_numpy() | np.array([piece.upper() == piece for piece in pieces], dtype=bool)
    listed = sorted(
        _Listed(not protects, entry.id, VIA.index(pattern.via), pattern.text, pattern.case)
        for entry in codebook.entries
        for protects, patterns in ((False, entry.patterns), (True, entry.protects))
        for pattern in patterns
    )
    matches = _describe_matches(_find_matches(text, begins, caseless, listed), listed)
    bearers = Counter(pattern.text for pattern in listed if pattern.counts and pattern.via in (VIA.index("surname"), VIA.index("given")))
    matches["n_bearers"] = np.array([bearers[pattern.text] for pattern in listed], dtype=np.int64)[matches["rank"]]
    matches["row"] = np.searchsorted(begins, matches["start"].to_numpy(), side="right") - 1
    matches["article"] = article[matches["row"]]
    kept = _settle(matches, text, dictionary=codebook.overlap == "dictionary")
    row, rank, via, starts, ends = (kept[column].to_numpy() for column in ("row", "rank", "via", "start", "end"))
    shift = searched["start"].to_numpy()[row] - begins[row]
    return make_table(
        "Mentions",
        {
            "article_id": searched["article_id"].array.take(row),
            "sentence": searched["sentence"].to_numpy()[row],
            "start": starts + shift,
            "end": ends + shift,
            "surface": [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)],
            "codebook": _take([codebook.id], np.zeros_like(rank)),
            "entry": _take([pattern.entry for pattern in listed], rank),
            "pattern": _take([pattern.text for pattern in listed], rank),
            "via": _take(VIA, via),
        },
    )


def _take(values: Sequence[str], places: Ints) -> pd.Series:
    """Make a column of strings out of few different ones."""
    return pd.Series(pd.array(values, dtype="str").take(places))


def _cut_sentences(articles: pd.DataFrame, searched: pd.DataFrame) -> tuple[Ints, list[str]]:
    """Number the article of each sentence, and cut the sentences out."""
    article, ids = pd.factorize(searched["article_id"])
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    strays = sorted(set(ids) - texts.keys())
    if strays:
        raise TableError(
            f"find_mentions: article '{strays[0]}' of sentences is not in articles. Give the articles that the sentences were split from."
        )
    whole = [texts[id] for id in ids]
    spans = zip(article.tolist(), searched["start"].tolist(), searched["end"].tolist(), strict=True)
    return article, [whole[place][start:end] for place, start, end in spans]


def _settle(matches: pd.DataFrame, text: str, *, dictionary: bool) -> pd.DataFrame:
    """Apply the surname rule, then the overlap rule: a surname that does not count takes no words."""
    is_surname = (matches["via"].isin([VIA.index("surname"), VIA.index("given")]) & ~matches["protects"]).to_numpy()
    if is_surname.any():
        others = settle_overlaps(matches[~is_surname], dictionary=dictionary)
        full = others[others["via"].isin([VIA.index(via) for via in ("name", "alias", "variant")])]
        stays = ~is_surname
        some = matches[is_surname]
        some = some.assign(
            is_given=some["via"] == VIA.index("given"),
            surface=[text[start:end] for start, end in zip(some["start"], some["end"], strict=True)],
        )
        stays[is_surname] = keep_surnames(some, full, text)
        matches = matches[stays]
    return settle_overlaps(matches, dictionary=dictionary).sort_values(["start", "end", "entry"], ignore_index=True)


def _describe_matches(found: tuple[Ints, ...], listed: Sequence[_Listed]) -> pd.DataFrame:
    """Put matches into a table, one row each, as `settle_overlaps` wants it; entries as numbers in the order of their ids."""
    rank, first, last, start, end = found
    return pd.DataFrame(
        {
            "rank": rank,
            "first": first,
            "last": last,
            "start": start,
            "end": end,
            "length": end - start,
            "family": pd.factorize(np.array([pattern.entry.partition("/")[0] for pattern in listed], dtype=object))[0][rank],
            "entry": np.unique([pattern.entry for pattern in listed], return_inverse=True)[1][rank],
            "via": np.array([pattern.via for pattern in listed], dtype=np.int64)[rank],
            "protects": np.array([not pattern.counts for pattern in listed], dtype=bool)[rank],
        }
    )


def _find_matches(text: str, begins: Ints, caseless: Truths, listed: Sequence[_Listed]) -> tuple[Ints, ...]:
    """Find every match of every pattern, before any rule: the pattern's number, first word, word after the last, start, end."""
    case = [pattern.case for pattern in listed]
    long = [pattern.case and sum(map(is_word_char, pattern.text)) > _SHORT for pattern in listed]
    searches = [
        _prepare_search(lambda page: page.folded, [not exact for exact in case], listed, case=False),
        _prepare_search(lambda page: page.exact, case, listed, case=True),
        _prepare_search(lambda page: page.capitals, long, listed, case=False),
    ]
    found, n_words = [(np.empty(0, dtype=np.int64),) * 5], 0
    for top in range(0, len(caseless), _SENTENCES):
        bounds = begins[top : top + _SENTENCES + 1]
        page = _read_page(text[bounds[0] - 1 : bounds[-1]], bounds[:-1] - bounds[0] + 1, caseless[top : top + _SENTENCES])
        for search in searches if len(page.starts) else ():
            rank, first, last, start, end = _search(page, search) if search is not None and search.where(page) else found[0]
            found.append((rank, first + n_words, last + n_words, start + bounds[0] - 1, end + bounds[0] - 1))
        n_words += len(page.starts)
    rank, first, last, start, end = (np.concatenate(columns) for columns in zip(*found, strict=True))
    _, once = np.unique(rank * (n_words + 1) + first, return_index=True)  # an anchor may be twice in a word
    return rank[once], first[once], last[once], start[once], end[once]


def _prepare_search(where: Callable[[_Page], str], wanted: Sequence[bool], listed: Sequence[_Listed], *, case: bool) -> _Search | None:
    """Compile the wanted patterns; None where there is none."""
    numbers = np.flatnonzero(wanted)
    if len(numbers) == 0:
        return None
    compiled = [compile_pattern(listed[number].text, case=case) for number in numbers.tolist()]
    shapes = [
        (p.shift, p.n_words, p.gaps is None, bool(p.words or p.gaps or p.before or p.after), len(p.before), len(p.after)) for p in compiled
    ]
    return _Search(where, numbers, compiled, AhoCorasick([p.anchor for p in compiled]), np.array(shapes, dtype=np.int64).T)


def _search(page: _Page, search: _Search) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Find the matches of one search on one page."""
    words = search.where(page)
    hits = search.automaton.find_matches_as_indexes(words, overlapping=True)
    which, at = np.fromiter(chain.from_iterable(hits), dtype=np.int64, count=3 * len(hits)).reshape(-1, 3)[:, :2].T
    shift, n_words = search.shapes[:2, which]
    first = np.searchsorted(page.spaces, at, side="right") - 1 - shift
    last = first + n_words
    inside = (first >= 0) & (last <= len(page.starts))
    which, first, last = which[inside], first[inside], last[inside]
    _, _, spaced, odd, before, after = search.shapes[:, which]
    stays = (spaced == 0) | (page.parted[last - 1] == page.parted[first])
    for hit in np.flatnonzero(stays & (odd > 0)).tolist():
        stays[hit] = _fits(page, words, search.compiled[int(which[hit])], int(first[hit]), int(last[hit]))
    columns = (search.numbers[which], first, last, page.starts[first] - before, page.ends[last - 1] + after)
    rank, first, last, start, end = (column[stays] for column in columns)
    return rank, first, last, start, end


def _fits(page: _Page, words: str, pattern: CompiledPattern, first: int, last: int) -> bool:
    """Whether a pattern with wildcards or punctuation fits the words from first to before last."""
    start = int(page.starts[first]) - len(pattern.before)
    gaps = enumerate(pattern.gaps or (), start=first)
    return (
        (pattern.words is None or pattern.words.match(words, int(page.spaces[first])) is not None)
        and all(gap.fullmatch(page.text, int(page.ends[word]), int(page.starts[word + 1])) is not None for word, gap in gaps)
        and start >= 0
        and page.text.startswith(pattern.before, start)
        and page.text.startswith(pattern.after, int(page.ends[last - 1]))
    )


def _read_page(text: str, begins: Ints, caseless: Truths) -> _Page:
    """Find the words of the sentences that begin at `begins`."""
    straight = fold_apostrophes(text)
    codes = np.frombuffer(straight.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    characters = {chr(code) for code in np.flatnonzero(np.bincount(codes)).tolist()}  # some hundred: each is looked at once
    is_word = _look_up(codes, {c: is_word_char(c) for c in characters}, bool)
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    # The words alone: of what stands between two words one character stays, and becomes a space.
    stays = is_word.copy()
    stays[0], stays[ends] = True, True
    exact = np.where(is_word, codes, _SPACE)[stays]
    folded = _look_up(exact, {c: ord(fold(c)) for c in characters | {" "}}, np.uint32)
    legible = caseless[np.searchsorted(begins, starts, side="right") - 1]
    hidden = np.append(False, np.repeat(~legible, ends - starts + 1)) & (exact != _SPACE)
    return _Page(
        text=straight,
        starts=starts,
        ends=ends,
        parted=_count_parted(codes, _look_up(codes, {c: c.isspace() for c in characters}, bool), starts, ends),
        spaces=np.append(0, np.cumsum(ends - starts + 1))[: len(starts)],
        exact=_decode(exact),
        folded=_decode(folded),
        capitals=_decode(np.where(hidden, np.uint32(0), folded)) if legible.any() else "",
    )


def _look_up(codes: Codes, values: Mapping[str, int], dtype: type) -> np.ndarray[tuple[int], np.dtype[Any]]:
    """Put the value of each character in its place."""
    table: np.ndarray[tuple[int], np.dtype[Any]] = np.zeros(max(map(ord, values)) + 1, dtype=dtype)
    table[[ord(c) for c in values]] = list(values.values())
    return table[codes]


def _count_parted(codes: Codes, is_space: Truths, starts: Ints, ends: Ints) -> Ints:
    """Count, up to each word, the gaps before a word that are neither white space nor one hyphen."""
    n_others = np.cumsum(~is_space, dtype=np.int32)
    blank = n_others[starts[1:] - 1] == n_others[ends[:-1] - 1]
    hyphen = (starts[1:] - ends[:-1] == 1) & np.isin(codes[ends[:-1]], [ord(c) for c in HYPHENS])
    return np.append(0, np.cumsum(~(blank | hyphen)))


def _decode(codes: Codes) -> str:
    """Make a string of code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
