"""Find the mentions of entries: one pass over all sentences, then conditions of patterns, the surname rule and the overlap rule."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.codebooks import Codebook, Entry, Pattern
from toolkit.codebooks.names import spell_names
from toolkit.codebooks.roles import list_roles
from toolkit.counting.characters import Ints, Points, Truths, check_spaces
from toolkit.counting.conditions import Condition, Days, keep_dated, keep_near
from toolkit.counting.kernels import run_kernel
from toolkit.counting.lists import read_list, read_words
from toolkit.counting.overlap import settle_overlaps
from toolkit.counting.patterns import count_pattern_words
from toolkit.counting.surnames import ALONE, FULL, keep_aliases, keep_roles, keep_shouted, keep_surnames
from toolkit.counting.trie import Trie, build_trie, walk_sentences
from toolkit.counting.uses import CAPITAL, GIVEN, GROUP, PART, PEOPLE, STATE, decide_uses
from toolkit.parsing.parallel import show_progress
from toolkit.parsing.words import fold
from toolkit.tables import SEARCHED_PARTS, USES, VIA, make_table

_SHORT, _FULL = [VIA.index("surname"), VIA.index("given")], [VIA.index(via) for via in ("name", "alias", "metonym", "variant")]
_PAGE = 1 << 21  # characters searched at a time, in whole articles: they stay in the cache; 1 and 4 M are slower by a tenth

_LISTED = {"book": "int64", "entry": "str", "via": "int64", "text": "str", "protects": "bool", "origin": "str", "asks": "int64"}
_LISTED |= {"n_words": "int64", "start": "datetime64[s]", "end": "datetime64[s]"}
"""What is listed of a pattern. They are sorted by the first four; those looked for only near others come last, with -1 as `book`.

`via` is a place in VIA, `origin` the pattern of the codebook that it was made of: mostly itself; `asks` is what the words around decide.
"""


class Search(NamedTuple):
    """The prepared search. A pattern is identified by its rank: its place in each array of `patterns`.

    Attributes:
        books: The codebook; of actors two: the names in their spellings, and the offices of persons.
        patterns: By name, what is listed. And `n_bearers`, how many surnames, given names and spellings have this text; `family` and
            `number`, which are equal where the entry at the top, the entry is; `is_given`, a given name; `is_person`, of a person;
            `is_shouted`, a word too (US); `tells`, a person's full name or alias; `has_middle`, with room for a name between.
        trie: The patterns as a tree.
        alphabet: That of the tree.
        conditions: By rank.
    """

    books: Sequence[Codebook]
    patterns: Mapping[str, Any]
    trie: Trie
    alphabet: Points
    conditions: Mapping[int, Sequence[Condition]]


class Page(NamedTuple):
    """Some articles, to be searched together; arrays have a place for each sentence."""

    row: int  # of its first sentence
    text: str
    points: Points  # of each character its code point
    codes: Points  # and its number in the alphabet
    article: Ints  # row of the sentence's article
    published: Days
    begin: Ints  # where its article begins
    start: Ints
    end: Ints
    caseless: Truths


def match_articles(articles: pd.DataFrame, sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Find where the entries of a codebook are mentioned.

    On case: actors' names match in their case, except in datelines and in lines without a lower-case letter, where
    names of more than three letters match in any. Boilerplate is never searched, and no match crosses a sentence.

    Args:
        articles: Articles.
        sentences: Their sentences, or some: only these are searched, for the full names behind surnames too.
        codebook: What to look for.

    Returns:
        Mentions, one row per kept match, ordered by article, start, end and entry.

    Source: quanteda's `tokens_lookup` (Benoit et al. 2018); the methods page lists where we differ.

    Example:
        >>> from toolkit import read_codebook, read_corpus
        >>> news = read_corpus("ukraine-korea")
        >>> match_articles(news.articles, news.searched, read_codebook("actors"))["surface"].tolist()[:3]
        ['Ukraine', 'South Korea', 'SEOUL']
    """
    search, searched = prepare_search(codebook), order_sentences(articles, sentences)
    found, surfaces = [], [pa.array([], pa.large_string())]
    with show_progress(f"searching for {codebook.id}", len(articles), "article") as advance:
        for page in read_pages(articles, searched, search.alphabet):
            kept = settle_matches(find_matches(page, search), page, search)
            rank, sentence, start, end, use = (kept[name].to_numpy() for name in ("rank", "sentence", "start", "end", "use"))
            surfaces.append(_cut_spans(page.points, start, end))
            begin = page.begin[sentence]
            found.append(np.stack([rank, page.row + sentence, start - begin, end - begin, use]))
            advance(len(np.unique(page.article)))
    rank, row, start, end, use = np.concatenate([np.empty((5, 0), dtype=np.int64), *found], axis=1)
    told = {name: searched[name].array.take(row) for name in ("article_id", "sentence")}
    told |= {"start": start, "end": end, "surface": pd.array(pa.chunked_array(surfaces), dtype="str"), "codebook": codebook.id}
    told |= {"entry": search.patterns["entry"][rank], "pattern": search.patterns["origin"][rank]}
    told |= {"via": pd.array(VIA, dtype="str").take(search.patterns["via"][rank]), "use": pd.array(USES, dtype="str").take(use)}
    return make_table("Mentions", told | {"left_out": ""})


def _cut_spans(points: Points, start: Ints, end: Ints) -> pa.Array:
    """Cut spans out of a text given by its code points, all at once: there may be a million."""
    sizes, ends = end - start, np.cumsum(end - start)
    cut = points[np.repeat(start - ends + sizes, sizes) + np.arange(sizes.sum())]
    n_bytes = np.searchsorted([0x80, 0x800, 0x10000], cut, side="right") + 1  # of each character in UTF-8
    offsets = np.append(0, np.cumsum(n_bytes))[np.append(0, ends)]
    return pa.LargeStringArray.from_buffers(len(sizes), pa.py_buffer(offsets), pa.py_buffer(cut.tobytes().decode("utf-32-le").encode()))


@lru_cache(maxsize=8)  # a page has fewer
def prepare_search(codebook: Codebook) -> Search:
    """List the patterns of a codebook in a fixed order and prepare them, once per codebook."""
    pairs = [spell_names(codebook), list_roles(codebook)] if codebook.kind == "actors" else [(codebook, {})]
    found = [
        (_list_pattern(pattern, place, entry, protects=protects, origin=origin), pattern)
        for place, (book, origin) in enumerate(pairs)
        for entry in book.entries
        for protects, patterns in ((False, entry.patterns), (True, entry.protects))
        for pattern in patterns
    ]
    found.sort(key=lambda one: one[0][:4])
    nearby, conditions = dict[tuple[str, bool], int](), dict[int, list[Condition]]()
    for rank, (_, pattern) in enumerate(found):
        for near in pattern.near:
            ranks = [nearby.setdefault((text, pattern.case), len(found) + len(nearby)) for text in near.patterns]
            conditions.setdefault(rank, []).append((ranks, near.within, near.negated))
    listed = [one for one, _ in found]
    listed += [(-1, "", 0, text, False, text, GIVEN, count_pattern_words(text), None, None) for text, _ in nearby]
    trie, alphabet = build_trie([*((pattern.text, pattern.case) for _, pattern in found), *nearby])
    patterns = pd.DataFrame(listed, columns=[*_LISTED]).astype(_LISTED)
    short = patterns[(patterns["via"].isin([*_SHORT, _FULL[-1]]) | (patterns["asks"] == PEOPLE)) & ~patterns["protects"]]
    n_bearers = short.groupby(["book", "text", short["asks"] == PEOPLE])["text"].transform("size").reindex(patterns.index, fill_value=0)
    n_bearers += (patterns["via"] == _FULL[-1]) & ~patterns["text"].str.contains(" ")  # initials: other bodies may have them too
    family = patterns.groupby(["book", patterns["entry"].str.split("/").str[0]]).ngroup()
    told = patterns.assign(n_bearers=n_bearers, family=family, number=patterns.groupby(["book", "entry"]).ngroup())
    told["is_shouted"] = patterns["text"].isin(read_words("names", "shouted")) & (patterns["book"] == 0) & (codebook.kind == "actors")
    told["is_given"] = patterns["via"] == VIA.index("given")
    told["is_person"] = patterns["entry"].isin([entry.id for entry in codebook.entries if entry.type == "person"])
    is_full = (patterns["n_words"] > 1) & ((patterns["via"] == VIA.index("name")) | patterns["protects"])
    told["tells"] = np.where(is_full, FULL, (patterns["via"] == VIA.index("alias")) * ALONE) * told["is_person"]
    told["has_middle"] = patterns["text"].str.contains("?", regex=False) & (patterns["via"] == _FULL[-1])
    columns = {name: column.array if column.dtype == "str" else column.to_numpy() for name, column in told.items()}
    return Search([book for book, _ in pairs], columns, trie, alphabet, conditions)


def order_sentences(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Take the sentences to be searched, ordered by article and place; and find the row of each one's article."""
    searched = sentences.loc[sentences["part"].isin(SEARCHED_PARTS), ["article_id", "sentence", "part", "start", "end"]]
    rows = pc.index_in(pa.array(searched["article_id"]), value_set=pa.array(articles["article_id"])).to_numpy()
    places, _ = pd.factorize(articles["article_id"], sort=True)
    return searched.assign(article=rows).iloc[np.lexsort((searched["sentence"].to_numpy(), places[rows]))].reset_index(drop=True)


def read_pages(articles: pd.DataFrame, searched: pd.DataFrame, alphabet: Points) -> Iterator[Page]:
    """Read the articles of the sentences, some at a time; CorpusError for texts without spaces between words."""
    article, start, end = (searched[column].to_numpy() for column in ("article", "start", "end"))
    caseless = (searched["part"] == "dateline").to_numpy()
    published = articles["published"].to_numpy().astype("datetime64[D]")[article]
    firsts = np.flatnonzero(np.diff(article, prepend=-1))
    rows, texts = article[firsts], articles["text"].array
    few = (text for some in np.array_split(rows, len(rows) // 1000 + 1) for text in texts.take(some).tolist())  # not all at once
    check_spaces(articles["article_id"].array.take(rows).tolist(), few)
    sizes = articles["text"].str.len().to_numpy(dtype=np.int64)[rows] + 1
    offsets = np.cumsum(sizes) - sizes
    tops = np.append(np.flatnonzero(np.diff(offsets // _PAGE, prepend=-1)), len(firsts))
    firsts = np.append(firsts, len(article))
    for top, bottom in pairwise(tops):
        own = slice(firsts[top], firsts[bottom])
        text = "\n".join([*texts.take(rows[top:bottom]).tolist(), ""])
        points = np.frombuffer(text.encode("utf-32-le"), dtype=np.int32)
        begin = np.repeat(offsets[top:bottom] - offsets[top], np.diff(firsts[top : bottom + 1]))
        sentences = article[own], published[own], begin, begin + start[own], begin + end[own], caseless[own]
        yield Page(firsts[top], text, points, alphabet.take(points), *sentences)


def find_matches(page: Page, search: Search) -> pd.DataFrame:
    """Find the matches of all patterns whose own conditions hold, as `settle_overlaps` wants them."""
    sentences = page.codes, page.start, page.end, page.caseless
    rank, sentence, start, end, first = run_kernel(walk_sentences, *sentences, search.trie, size=len(page.text))
    last = first + search.patterns["n_words"][rank]
    columns = {"rank": rank, "sentence": sentence, "start": start, "end": end, "first": first, "last": last, "length": end - start}
    columns |= {name: search.patterns[name][rank] for name in ("book", "family", "protects")}
    found = pd.DataFrame(columns, copy=False)
    counts = keep_near(found, search.conditions)
    counts &= keep_dated(search.patterns["start"][rank], search.patterns["end"][rank], page.published[sentence])
    for row in np.flatnonzero(search.patterns["has_middle"][rank]).tolist():
        *middle, last = page.text[start[row] : end[row]].split()[1:]
        counts[row] &= all(word[:1].isupper() and word != last for word in middle)
    if len(rows := np.flatnonzero(search.patterns["tells"][rank])):
        names = _place(found.iloc[rows], page, search).assign(tells=search.patterns["tells"][rank][rows])
        counts[rows] &= keep_aliases(names, page.codes, page.points)
    if len(rows := np.flatnonzero(search.patterns["is_shouted"][rank])):
        counts[rows] &= keep_shouted(_place(found.iloc[rows], page, search), page.text)
    return found[counts]


def settle_matches(matches: pd.DataFrame, page: Page, search: Search) -> pd.DataFrame:
    """Apply the rules of short forms and the overlap rule; decide uses. The matches left, in order, with the place of `use` in USES."""
    kept = pd.concat([_settle_book(matches[matches["book"] == at], page, search, book.overlap) for at, book in enumerate(search.books)])
    kept = kept.iloc[np.lexsort([kept[name] for name in ("rank", "end", "start", "sentence")])]
    if search.books[0].kind != "actors":
        return kept.assign(use=USES.index(""))
    use, is_name = np.full(len(kept), USES.index("actor")), kept["book"] == 0
    use[is_name] = decide_uses(_place(kept[is_name], page, search), page.codes, page.points, page.text)
    return kept.assign(use=use)[use != PART]


def _settle_book(matches: pd.DataFrame, page: Page, search: Search, overlap: str) -> pd.DataFrame:
    """Apply the rules of short forms, then the overlap rule: a short form that does not count takes no words."""
    rank, sentence, dictionary = matches["rank"].to_numpy(), matches["sentence"].to_numpy(), overlap == "dictionary"
    via = search.patterns["via"][rank]
    is_short = (np.isin(via, _SHORT) | (search.patterns["n_bearers"][rank] > 1)) & ~matches["protects"].to_numpy()
    if (via == VIA.index("role")).any():
        matches = matches[keep_roles(_place(matches, page, search), page.text)]
    elif is_short.any():
        short = _place(matches[is_short], page, search)
        is_full = np.isin(via, _FULL) & ~is_short & np.isin(search.patterns["number"][rank], short["entry"])
        near = np.bincount(sentence[is_full], minlength=len(page.start)) > 0  # overlaps end with their sentence
        others = settle_overlaps(matches[~is_short & near[sentence]], dictionary=dictionary)
        full = _place(others[np.isin(search.patterns["via"][others["rank"]], _FULL)], page, search)
        full = full[np.isin(full["entry"], short["entry"])]
        stays = ~is_short
        stays[is_short] = keep_surnames(short, full, page.text, page.codes, page.points, search.patterns["origin"])
        matches = matches[stays]
    return matches[~matches["protects"].to_numpy()] if overlap == "each" else settle_overlaps(matches, dictionary=dictionary)


def _place(matches: pd.DataFrame, page: Page, search: Search) -> pd.DataFrame:
    """Collect what the rules of short forms and uses need to know about matches: actor and position."""
    rank, sentence, start, end = (matches[column].to_numpy() for column in ("rank", "sentence", "start", "end"))
    of = {"rank": rank, "article": page.article[sentence], "entry": search.patterns["number"][rank], "start": start, "end": end}
    of |= {"floor": page.start[sentence], "ceiling": page.end[sentence], "is_dateline": page.caseless[sentence]}
    return pd.DataFrame(of | {name: search.patterns[name][rank] for name in ("is_given", "is_person", "n_bearers", "asks")}, copy=False)


def _list_pattern(pattern: Pattern, book: int, entry: Entry, *, protects: bool, origin: Mapping[tuple[str, str], str]) -> tuple[Any, ...]:
    """List a pattern. An adjective is the actor's; only states, groups and their capitals are places."""
    if pattern.via == "metonym":
        asks = STATE if fold(pattern.text) in read_list("names")["seats"] else CAPITAL  # White House; Washington
    elif entry.type in ("state", "group"):
        asks = PEOPLE if pattern.via == "demonym" else GROUP if entry.type == "group" else STATE
    else:
        asks = GIVEN
    made_of, n_words = origin.get((entry.id, pattern.text), pattern.text), count_pattern_words(pattern.text)
    return (book, entry.id, VIA.index(pattern.via), pattern.text, protects, made_of, asks, n_words, pattern.start, pattern.end)
