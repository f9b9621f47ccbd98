"""Find the mentions of a codebook's entries: one search over all sentences, then the surname rule, then the overlap rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd
from ahocorasick_rs import AhoCorasick

from toolkit.codebooks import Codebook
from toolkit.counting.overlap import settle_overlaps
from toolkit.counting.patterns import HYPHENS, CompiledPattern, compile_pattern
from toolkit.counting.surnames import keep_surnames
from toolkit.errors import TableError
from toolkit.parsing.words import fold, fold_apostrophes, is_word_char
from toolkit.tables import SEARCHED_PARTS, VIA, make_table

_BREAK = "\x00"  # stands between sentences: neither word character nor white space, so that no match crosses it
_SHORT = 3  # letters; in a line of capitals a name this short (US, WHO) may be a word of any kind, so it stays in exact case

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
    """All searched sentences as one text, and its words."""

    text: str  # with straight apostrophes
    starts: Ints  # of each word
    ends: Ints
    parted: Ints  # per word: how many gaps up to it a pattern's space does not stand for
    spaces: Ints  # where the space before each word is in the three strings below
    exact: str  # " w1 w2 w3 ": the words alone, one space around each
    folded: str  # the same, caseless
    capitals: str  # the same, with only the words of datelines and lines of capitals legible


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
    searched = sentences[sentences["part"].isin(SEARCHED_PARTS)].sort_values(["article_id", "sentence"], ignore_index=True)
    pieces = _cut_sentences(articles, searched)
    text = _BREAK + "".join(piece + _BREAK for piece in pieces)
    begins = 1 + np.cumsum([0, *(len(piece) + 1 for piece in pieces)])[:-1]
    caseless = [part == "dateline" or piece.upper() == piece for part, piece in zip(searched["part"], pieces, strict=True)]
    page = _read_page(text, begins, np.array(caseless, dtype=bool))
    listed = sorted(
        _Listed(not protects, entry.id, VIA.index(pattern.via), pattern.text, pattern.case)
        for entry in codebook.entries
        for protects, patterns in ((False, entry.patterns), (True, entry.protects))
        for pattern in patterns
    )
    matches = _find_matches(page, listed)
    row = np.searchsorted(begins, matches["start"].to_numpy(), side="right") - 1
    matches = matches.assign(row=row, article=pd.factorize(searched["article_id"])[0][row])
    dictionary = codebook.overlap == "dictionary"
    is_surname = ((matches["via"] == VIA.index("surname")) & ~matches["protects"]).to_numpy()
    if is_surname.any():
        others = settle_overlaps(matches[~is_surname], dictionary=dictionary)
        full = others[others["via"].isin([VIA.index("name"), VIA.index("alias")])]
        stays = ~is_surname
        stays[is_surname] = keep_surnames(matches[is_surname], full, page.text)
        matches = matches[stays]
    kept = settle_overlaps(matches, dictionary=dictionary).sort_values(["start", "end", "entry"], ignore_index=True)
    row, number = kept["row"].to_numpy(), kept["rank"].to_numpy()
    starts, ends = kept["start"].to_numpy(), kept["end"].to_numpy()
    shift = searched["start"].to_numpy()[row] - begins[row]
    return make_table(
        "Mentions",
        {
            "article_id": searched["article_id"].array.take(row),
            "sentence": searched["sentence"].to_numpy()[row],
            "start": starts + shift,
            "end": ends + shift,
            "surface": [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)],
            "codebook": _take([codebook.id], np.zeros(len(kept), dtype=np.int64)),
            "entry": _take([pattern.entry for pattern in listed], number),
            "pattern": _take([pattern.text for pattern in listed], number),
            "via": _take(VIA, kept["via"].to_numpy()),
        },
    )


def _take(values: Sequence[str], places: Ints) -> pd.Series:
    """Make a column of strings out of few different ones."""
    return pd.Series(pd.array(values, dtype="str").take(places))


def _cut_sentences(articles: pd.DataFrame, searched: pd.DataFrame) -> list[str]:
    """Cut the sentences out of their articles."""
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    strays = sorted(set(searched["article_id"]) - texts.keys())
    if strays:
        raise TableError(
            f"find_mentions: article '{strays[0]}' of sentences is not in articles. Give the articles that the sentences were split from."
        )
    columns = (searched["article_id"], searched["start"], searched["end"])
    return [texts[article_id][start:end] for article_id, start, end in zip(*columns, strict=True)]


def _read_page(text: str, begins: Ints, caseless: Truths) -> _Page:
    """Find the words of all sentences, which begin at `begins` and may be `caseless`."""
    straight = fold_apostrophes(text)
    codes = np.frombuffer(straight.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    used = np.flatnonzero(np.bincount(codes)).tolist()  # few hundred characters: each is looked at once
    places = np.zeros(used[-1] + 1, dtype=np.uint32)
    places[used] = np.arange(len(used), dtype=np.uint32)
    kinds = places[codes]
    is_word = np.array([is_word_char(chr(code)) for code in used])[kinds]
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    # The words alone: of what stands between two words one character stays, and becomes a space.
    stays = is_word.copy()
    stays[0], stays[ends] = True, True
    lower = np.array([ord(fold(chr(code))) if is_word_char(chr(code)) else 32 for code in used], dtype=np.uint32)
    exact, folded = np.where(is_word, codes, np.uint32(32))[stays], lower[kinds][stays]
    legible = caseless[np.searchsorted(begins, starts, side="right") - 1]
    hidden = np.append(False, np.repeat(~legible, ends - starts + 1)) & (exact != 32)
    return _Page(
        text=straight,
        starts=starts,
        ends=ends,
        parted=_count_parted(straight, np.array([chr(code).isspace() for code in used])[kinds], starts, ends),
        spaces=np.append(0, np.cumsum(ends - starts + 1)),
        exact=_decode(exact),
        folded=_decode(folded),
        capitals=_decode(np.where(hidden, np.uint32(0), folded)) if legible.any() else "",
    )


def _count_parted(text: str, is_space: Truths, starts: Ints, ends: Ints) -> Ints:
    """Count, up to each word, the gaps before a word that are neither white space nor one hyphen."""
    if len(starts) == 0:
        return starts
    n_others = np.add.reduceat(~is_space, ends, dtype=np.int64)[:-1]  # from the end of a word to the end of the next
    is_blank = n_others == (ends - starts)[1:]
    for gap in np.flatnonzero(~is_blank & (starts[1:] - ends[:-1] == 1)).tolist():
        is_blank[gap] = text[ends[gap]] in HYPHENS
    return np.append(0, np.cumsum(~is_blank))


def _decode(codes: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> str:
    """Make a string of code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def _find_matches(page: _Page, listed: Sequence[_Listed]) -> pd.DataFrame:
    """Find every match of every pattern, before any rule; one row each, as `settle_overlaps` wants it."""
    caseless = [number for number, pattern in enumerate(listed) if not pattern.case]
    exact = [number for number, pattern in enumerate(listed) if pattern.case]
    long = [number for number in exact if sum(map(is_word_char, listed[number].text)) > _SHORT]
    found = [(np.empty(0, dtype=np.int64),) * 3]
    for words, numbers, case in ((page.folded, caseless, False), (page.exact, exact, True), (page.capitals, long, False)):
        if words and numbers:
            found.append(_search(page, words, numbers, [compile_pattern(listed[number].text, case=case) for number in numbers]))
    number, first, last = (np.concatenate(columns) for columns in zip(*found, strict=True))
    _, once = np.unique(number * (len(page.starts) + 1) + first, return_index=True)
    number, first, last = number[once], first[once], last[once]
    compiled = [compile_pattern(pattern.text, case=True) for pattern in listed]
    starts = page.starts[first] - np.array([len(pattern.before) for pattern in compiled], dtype=np.int64)[number]
    ends = page.ends[last - 1] + np.array([len(pattern.after) for pattern in compiled], dtype=np.int64)[number]
    return pd.DataFrame(
        {
            "rank": number,
            "first": first,
            "last": last,
            "start": starts,
            "end": ends,
            "length": ends - starts,
            "family": pd.factorize(np.array([pattern.entry.partition("/")[0] for pattern in listed], dtype=object))[0][number],
            "entry": np.unique([pattern.entry for pattern in listed], return_inverse=True)[1][number],
            "via": np.array([pattern.via for pattern in listed], dtype=np.int64)[number],
            "protects": np.array([not pattern.counts for pattern in listed], dtype=bool)[number],
        }
    )


def _search(page: _Page, words: str, numbers: Sequence[int], compiled: Sequence[CompiledPattern]) -> tuple[Ints, Ints, Ints]:
    """Search the words of the page for patterns: the number, first word and word after the last of each match."""
    hits = AhoCorasick([pattern.anchor for pattern in compiled]).find_matches_as_indexes(words, overlapping=True)
    which, at = np.fromiter(chain.from_iterable(hits), dtype=np.int64, count=3 * len(hits)).reshape(-1, 3)[:, :2].T
    first = np.searchsorted(page.spaces, at, side="right") - 1 - np.array([pattern.shift for pattern in compiled])[which]
    last = first + np.array([pattern.n_words for pattern in compiled])[which]
    stays = (first >= 0) & (last <= len(page.starts))
    which, first, last = which[stays], first[stays], last[stays]
    spaced = np.array([pattern.gaps is None for pattern in compiled])[which]
    stays = ~spaced | (page.parted[last - 1] == page.parted[first])
    odd = np.array([bool(pattern.words or pattern.gaps or pattern.before or pattern.after) for pattern in compiled])[which]
    for hit in np.flatnonzero(stays & odd).tolist():
        stays[hit] = _fits(page, words, compiled[which[hit]], int(first[hit]), int(last[hit]))
    return np.array(numbers, dtype=np.int64)[which[stays]], first[stays], last[stays]


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
