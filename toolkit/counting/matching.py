"""Find the mentions of codebooks' entries: one walk over all sentences, then patterns' conditions, the surname rule, the overlap rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.codebooks import Codebook, Entry, Pattern
from toolkit.codebooks.names import spell_names
from toolkit.codebooks.roles import list_roles
from toolkit.counting.characters import Bytes, Ints, Points, Truths
from toolkit.counting.conditions import Condition, Days, compile_regex, find_regexes, keep_dated, keep_near
from toolkit.counting.kernels import run_kernel
from toolkit.counting.overlap import settle_overlaps
from toolkit.counting.patterns import count_pattern_words
from toolkit.counting.surnames import keep_roles, keep_surnames
from toolkit.counting.trie import Trie, build_trie, read_codes, walk_sentences
from toolkit.counting.uses import CAPITAL, GIVEN, PART, PEOPLE, STATE, decide_uses, is_seat
from toolkit.errors import CodebookError, TableError
from toolkit.parsing.progress import show_progress
from toolkit.parsing.words import fold_apostrophes
from toolkit.tables import SEARCHED_PARTS, USES, VIA, make_table

_ASK = len(USES)  # uses that the words around decide are numbered as what is asked, from here up
_SHORT, _FULL = [VIA.index("surname"), VIA.index("given")], [VIA.index(via) for via in ("name", "alias", "variant")]
_PAGE = 1 << 21  # bytes searched at a time, in whole articles: what is made of them stays in the cache; 1 and 4 MB are slower by a tenth

_N_KEPT = 8  # searches: a page has fewer
_NO_BOOK = -1  # of patterns that are looked for only near others


class _Listed(NamedTuple):
    """A pattern and where it stands. They are sorted by codebook, entry, kind and text; those looked for only near others come last."""

    book: int
    entry: str
    pattern: Pattern
    protects: bool
    origin: str  # the pattern of the codebook that it was made of: mostly itself
    use: int  # place in USES; from _ASK up where the words around decide


@dataclass(frozen=True)
class Search:
    """All that is looked for; arrays and mappings are by rank, the place of a pattern in `listed`."""

    books: Sequence[Codebook]  # of an actors codebook two: its names in their spellings, and the offices of its persons
    listed: Sequence[_Listed]
    trie: Trie
    alphabet: Points
    regexes: Mapping[int, tuple[Any, bool]]
    conditions: Mapping[int, Sequence[Condition]]
    n_words: Ints
    book: Ints
    family: Ints
    entry: Ints
    via: Ints
    use: Ints
    protects: Truths
    n_bearers: Ints
    start: Days
    end: Days


_SEARCHES: dict[tuple[str, ...], Search] = {}
"""By what is in the codebooks that they are of."""


@dataclass(frozen=True)
class Page:
    """Some articles, to be searched together."""

    row: int  # of its first sentence
    data: Bytes
    codes: Points
    places: Points  # where the bytes of each character begin, and where all end
    article: Ints  # row of each sentence's article
    begin: Ints  # where each sentence's article begins, in characters of the page
    start: Ints  # where each sentence starts
    end: Ints
    caseless: Truths
    size: int  # bytes of all pages

    @cached_property
    def text(self) -> str:
        """The articles as one string."""
        return self.data[self.places[0] : self.places[-1]].tobytes().decode()


def match_articles(articles: pd.DataFrame, sentences: pd.DataFrame, codebooks: Codebook | Sequence[Codebook]) -> pd.DataFrame:
    """Find where the entries of codebooks are mentioned.

    A critic would ask about case: actors' names match in their case, except in datelines and in lines without a lower-case letter, where
    names of more than three letters match in any. Boilerplate is never searched, and no match crosses a sentence.

    Args:
        articles: Articles.
        sentences: Sentences, or some rows of them: only these are searched, for the full names behind surnames too.
        codebooks: What to look for: a codebook or several, which do not disturb each other; several at once are faster.

    Returns:
        Mentions, one row per kept match, ordered by article, start, end, codebook and entry.

    Raises:
        TableError: When a sentence is of an article that is not there.
        CodebookError: When two codebooks have the same id.

    Source: quanteda's `tokens_lookup` (Benoit et al. 2018); the methods page lists where we differ.

    Example:
        >>> from toolkit import read_codebook, read_corpus
        >>> news = read_corpus("ukraine-korea")
        >>> match_articles(news.articles, news.searched, read_codebook("actors"))["surface"].tolist()[:3]
        ['Ukraine', 'South Korea', 'SEOUL']
    """
    books = [codebooks] if isinstance(codebooks, Codebook) else sorted(codebooks, key=lambda book: book.id)
    twice = [book.id for book, following in pairwise(books) if book.id == following.id]
    if twice:
        raise CodebookError(f"match_articles: two codebooks are called {twice[0]!r}. Each needs an id of its own. Rename one.")
    with show_progress(f"searching for {', '.join(book.id for book in books)}", len(articles), "article") as advance:
        return _match(articles, sentences, books, advance)


def _match(articles: pd.DataFrame, sentences: pd.DataFrame, books: Sequence[Codebook], advance: Callable[[int], object]) -> pd.DataFrame:
    """Find mentions page by page."""
    search, searched = recall_search(books), order_sentences(articles, sentences)
    published = articles["published"].to_numpy().astype("datetime64[D]")
    found, surfaces = [np.empty((5, 0), dtype=np.int64)], [pa.array([], pa.large_string())]
    for page in read_pages(articles, searched, search.alphabet):
        matches = find_matches(page, search, published)
        book = search.book[matches["rank"]]
        kept = [settle_matches(matches[book == place], page, search, own) for place, own in enumerate(search.books)]
        rank, sentence, start, end = (
            np.concatenate([part[of] for part in (matches[:0], *kept)]) for of in ("rank", "sentence", "start", "end")
        )
        order = _order_matches(rank, start, end)
        rank, sentence, start, end = rank[order], sentence[order], start[order], end[order]
        use = decide_page((rank, sentence, start, end), page, search)
        rank, sentence, start, end, use = np.stack([rank, sentence, start, end, use])[:, use >= 0]
        surfaces.append(_cut_out(page.data, page.places[start], page.places[end]))
        found.append(np.stack([rank, page.row + sentence, start - page.begin[sentence], end - page.begin[sentence], use]))
        advance(len(np.unique(page.article)))
    rank, row, start, end, use = np.concatenate(found, axis=1)
    listed = search.listed
    return make_table(
        "Mentions",
        {
            "article_id": searched["article_id"].array.take(row),
            "sentence": searched["sentence"].to_numpy()[row],
            "start": start,
            "end": end,
            "surface": pd.Series(pa.chunked_array(surfaces), dtype="str"),
            "codebook": _take([book.id for book in search.books], search.book[rank]),
            "entry": _take([pattern.entry for pattern in listed], rank),
            "pattern": _take([pattern.origin for pattern in listed], rank),
            "via": _take(VIA, search.via[rank]),
            "use": _take(USES, use),
            "left_out": "",
        },
    )


def _take(values: Sequence[str], places: Ints) -> pd.Series:
    """Make a column of strings out of few different ones."""
    return pd.Series(pd.array(values, dtype="str").take(places))


def _order_matches(rank: Ints, start: Ints, end: Ints) -> Ints:
    """Order matches by start, end and rank; nearly all starts differ, and stand in order already."""
    order = np.argsort(start, kind="stable")
    same = np.diff(start[order]) == 0
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same)[: len(order)])
    rows = order[tied]
    order[tied] = rows[np.lexsort((rank[rows], end[rows], start[rows]))]
    return order


def _cut_out(data: Bytes, starts: Ints, ends: Ints) -> pa.Array:
    """Cut pieces out of UTF-8, as strings."""
    offsets = np.append(0, np.cumsum(ends - starts, dtype=np.int64))
    pieces = data[np.repeat(starts - offsets[:-1], ends - starts) + np.arange(offsets[-1])]
    return pa.Array.from_buffers(pa.large_string(), len(starts), [None, pa.py_buffer(offsets), pa.py_buffer(pieces)])


def recall_search(codebooks: Sequence[Codebook]) -> Search:
    """Return the prepared search for these codebooks, building it on first use."""
    key = tuple(book.fingerprint for book in codebooks)
    if key not in _SEARCHES:
        if len(_SEARCHES) >= _N_KEPT:
            _SEARCHES.pop(next(iter(_SEARCHES)))
        _SEARCHES[key] = _prepare_search(codebooks)
    return _SEARCHES[key]


def _prepare_search(codebooks: Sequence[Codebook]) -> Search:
    """List the patterns of codebooks in an order that is always the same, and make them ready."""
    pairs = [pair for book in codebooks for pair in ((spell_names(book), list_roles(book)) if book.kind == "actors" else ((book, {}),))]
    books = [book for book, _ in pairs]
    listed = [
        _Listed(place, entry.id, pattern, protects, origin.get((entry.id, pattern.text), pattern.text), _find_asked(book, entry, pattern))
        for place, (book, origin) in enumerate(pairs)
        for entry in book.entries
        for protects, patterns in ((False, entry.patterns), (True, entry.protects))
        for pattern in patterns
    ]
    listed.sort(key=lambda one: (one.book, one.entry, VIA.index(one.pattern.via), one.pattern.text))
    bearers = Counter((one.book, one.pattern.text) for one in listed if one.pattern.via in ("surname", "given") and not one.protects)
    nearby: dict[tuple[str, bool], int] = {}
    conditions = {
        rank: [
            ([nearby.setdefault((text, one.pattern.case), len(listed) + len(nearby)) for text in near.patterns], near.within, near.negated)
            for near in one.pattern.near
        ]
        for rank, one in enumerate(listed)
        if one.pattern.near
    }
    listed += [_Listed(_NO_BOOK, "", Pattern(text, "pattern", case, 0), False, text, 0) for text, case in nearby]
    patterns = [one.pattern for one in listed]
    trie, alphabet = build_trie(tuple(("" if pattern.is_regex else pattern.text, pattern.case) for pattern in patterns))
    return Search(
        books=books,
        listed=listed,
        trie=trie,
        alphabet=alphabet,
        regexes={
            rank: (compile_regex(pattern.text, case=pattern.case), pattern.case)
            for rank, pattern in enumerate(patterns)
            if pattern.is_regex
        },
        conditions=conditions,
        n_words=np.array([count_pattern_words(pattern.text) for pattern in patterns], dtype=np.int64),
        book=np.array([one.book for one in listed], dtype=np.int64),
        family=_number([(one.book, one.entry.partition("/")[0]) for one in listed]),
        entry=_number([(one.book, one.entry) for one in listed]),
        via=np.array([VIA.index(pattern.via) for pattern in patterns], dtype=np.int64),
        use=np.array([one.use for one in listed], dtype=np.int64),
        protects=np.array([one.protects for one in listed], dtype=bool),
        n_bearers=np.array([bearers[one.book, one.pattern.text] for one in listed], dtype=np.int64),
        start=np.array([pattern.start for pattern in patterns], dtype="datetime64[D]"),
        end=np.array([pattern.end for pattern in patterns], dtype="datetime64[D]"),
    )


def _number(keys: Sequence[tuple[int, str]]) -> Ints:
    """Number keys, equal ones alike."""
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys], dtype=np.int64)


def order_sentences(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Take the sentences to be searched, ordered by article and place; and find the row of each one's article."""
    searched = sentences[sentences["part"].isin(SEARCHED_PARTS)]
    rows = pc.index_in(pa.array(searched["article_id"]), value_set=pa.array(articles["article_id"])).fill_null(-1).to_numpy()
    if (rows < 0).any():
        stray = min(searched["article_id"].to_numpy()[rows < 0])
        raise TableError(
            f"match_articles: article '{stray}' of sentences is not in articles. Give the articles that the sentences were split from."
        )
    places = np.empty(len(articles), dtype=np.int64)
    places[articles["article_id"].argsort()] = np.arange(len(articles))
    order = np.lexsort((searched["sentence"].to_numpy(), places[rows]))
    return searched.assign(article=rows).iloc[order].reset_index(drop=True)


def read_pages(articles: pd.DataFrame, searched: pd.DataFrame, alphabet: Points) -> Iterator[Page]:
    """Read the articles of the sentences, some at a time."""
    article, start, end = (searched[column].to_numpy() for column in ("article", "start", "end"))
    caseless = (searched["part"] == "dateline").to_numpy()
    firsts = np.flatnonzero(np.diff(article, prepend=-1))
    sizes = pc.binary_length(pa.array(articles["text"])).to_numpy()[article[firsts]]
    page = (np.cumsum(sizes) - sizes) // _PAGE
    tops = np.append(np.flatnonzero(np.diff(page, prepend=-1)), len(firsts))
    firsts = np.append(firsts, len(article))
    for top, bottom in pairwise(tops):
        own = slice(firsts[top], firsts[bottom])
        texts = pa.chunked_array(pa.array(articles["text"].array.take(article[firsts[top:bottom]]))).combine_chunks()
        _, offsets, data = texts.buffers()
        bounds = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
        data = np.frombuffer(data, dtype=np.uint8)
        codes, places, before = run_kernel(read_codes, data, bounds, alphabet, size=sizes.sum())
        begin = np.repeat(before[:-1], np.diff(firsts[top : bottom + 1]))
        yield Page(firsts[top], data, codes, places, article[own], begin, begin + start[own], begin + end[own], caseless[own], sizes.sum())


def find_matches(page: Page, search: Search, published: Days) -> pd.DataFrame:
    """Find the matches of all patterns whose own conditions hold, as `settle_overlaps` wants them."""
    sentences = page.codes, page.start, page.end, page.caseless
    (rank, sentence, start, end, first), words_before = run_kernel(walk_sentences, *sentences, search.trie, size=page.size)
    last = first + search.n_words[rank]
    if search.regexes:
        text = fold_apostrophes(page.text)
        texts = [text[start:end] for start, end in zip(page.start.tolist(), page.end.tolist(), strict=True)]
        hits = np.array([*find_regexes(search.regexes, texts)], dtype=np.int64).reshape(-1, 6)
        hits[:, 2:4] += page.start[hits[:, 1], np.newaxis]
        hits[:, 4:] += words_before[hits[:, 1], np.newaxis]
        rank, sentence, start, end, first, last = np.concatenate([[rank, sentence, start, end, first, last], hits.T], axis=1)
    columns = {"rank": rank, "sentence": sentence, "start": start, "end": end, "first": first, "last": last, "length": end - start}
    found = pd.DataFrame(columns | {"family": search.family[rank], "protects": search.protects[rank]}, copy=False)
    counts = keep_near(found, search.conditions)
    if not (np.isnat(search.start).all() and np.isnat(search.end).all()):
        counts &= keep_dated(search.start[rank], search.end[rank], published[page.article[sentence]])
    return found[counts]


def settle_matches(matches: pd.DataFrame, page: Page, search: Search, book: Codebook) -> pd.DataFrame:
    """Apply the rules of short forms, then the overlap rule: a short form that does not count takes no words."""
    rank, sentence, dictionary = matches["rank"].to_numpy(), matches["sentence"].to_numpy(), book.overlap == "dictionary"
    via = search.via[rank]
    is_short, is_role = np.isin(via, _SHORT) & ~search.protects[rank], via == VIA.index("role")
    if is_role.any():
        matches = matches[keep_roles(_place(matches, page, search), page.text)]
    elif is_short.any():
        short = _place(matches[is_short], page, search)
        is_full = np.isin(via, _FULL) & np.isin(search.entry, short["entry"])[rank]
        near = np.bincount(sentence[is_full], minlength=len(page.start)) > 0  # overlaps end with their sentence
        others = settle_overlaps(matches[~is_short & near[sentence]], dictionary=dictionary)
        full = _place(others[np.isin(search.via[others["rank"]], _FULL)], page, search)
        stays = ~is_short
        stays[is_short] = keep_surnames(short, full, page.text)
        matches = matches[stays]
    return settle_overlaps(matches, dictionary=dictionary)


def _place(matches: pd.DataFrame, page: Page, search: Search) -> pd.DataFrame:
    """Say of matches what the rules of short forms ask: whose they are, and where."""
    rank, sentence, start, end = (matches[column].to_numpy() for column in ("rank", "sentence", "start", "end"))
    of = {"article": page.article[sentence], "entry": search.entry[rank], "start": start, "end": end}
    of |= {"floor": page.start[sentence], "ceiling": page.end[sentence]}
    return pd.DataFrame(of | {"is_given": search.via[rank] == VIA.index("given"), "n_bearers": search.n_bearers[rank]})


def _find_asked(book: Codebook, entry: Entry, pattern: Pattern) -> int:
    """Say which use a pattern has: 0, or from _ASK up what is asked. An adjective is the actor's; only states are places."""
    if book.kind != "actors":
        return 0
    if pattern.via == "role" or (pattern.via != "metonym" and entry.type not in ("state", "group")):
        return _ASK + GIVEN
    if pattern.via == "metonym" and not is_seat(pattern.text):
        return _ASK + CAPITAL
    return _ASK + (PEOPLE if pattern.via == "demonym" or (entry.type == "group" and pattern.via != "metonym") else STATE)


def decide_page(mentions: tuple[Ints, Ints, Ints, Ints], page: Page, search: Search) -> Ints:
    """Decide the use of each mention of a page (rank, sentence, start, end), as a place in USES; -1 for what is part of a longer name."""
    rank, sentence, start, end = mentions
    use, book = search.use[rank], search.book[rank]
    for place in np.unique(book[use >= _ASK]).tolist():  # codebooks never disturb each other
        own = np.flatnonzero(book == place)
        columns = {
            **{"start": start[own], "end": end[own], "entry": search.entry[rank[own]]},
            **{"floor": page.start[sentence[own]], "ceiling": page.end[sentence[own]], "is_dateline": page.caseless[sentence[own]]},
            "asks": use[own] - _ASK,
        }
        uses, rules = decide_uses(pd.DataFrame(columns), (page.codes, page.places, page.data), page.text)
        use[own] = np.where(rules == PART, -1, uses)
    return use
