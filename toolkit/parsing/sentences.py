"""Split articles into sentences, by rule, with exact offsets, and say what part of the article each is."""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.parsing.parts import Part, Span, find_boilerplate_sentences, find_parts, split_paragraphs
from toolkit.parsing.quotations import find_quotations
from toolkit.parsing.repair import STEPS, check_steps
from toolkit.parsing.words import blank_between
from toolkit.tables import TABLES, make_table, read_data, read_pattern

_WORDS = ("before the last word", "plain word", "next word", "dotted", "list label", "aside", "hour goes on", "said", "stop")
_GAP, _PLAIN, _NEXT_WORD, _DOTTED, _LABEL, _ASIDE, _HOUR_GOES_ON, _SAID, _STOP = map(read_pattern, _WORDS)

# A row of Sentences: article, number, paragraph, part, step, start, end, whether it is quoted, words.
Row = tuple[str, int, int, str, str, int, int, bool, int]

_Piece = tuple[int, str, str, int, int]  # paragraph, part, step, start, end

_PACKED = {column.name: column for column in TABLES["Sentences"].columns[2:]}
_WRITTEN = {"part": list(_PACKED["part"].allowed), "step": ["", *STEPS]}


def split_sentences(articles: pd.DataFrame, *, boilerplate: pd.DataFrame | None = None, without: Sequence[str] = ()) -> pd.DataFrame:
    """Split every article into sentences and say what each is.

    A sentence ends at a stop before white space and something that can begin one; not after titles, initials or inside abbreviations.
    Nothing is cut out: a repeated headline, a standfirst that the story repeats, "Leave a Reply" and the like are rows of part
    `boilerplate`. On quotations: a sentence is `quoted` when a quotation covers any of it; one that is never closed
    counts for its own sentence only, unless it goes on in the next paragraph (see `find_quotations`).

    Args:
        articles: Articles.
        boilerplate: Lines learned to be boilerplate of an outlet (`Corpus.learned`); None for none.
        without: Steps of cleaning not to take (`toolkit.parsing.repair.STEPS`).

    Returns:
        Sentences, one row per sentence, in the order of the articles and of their text; only white space stands between them.

    Raises:
        CorpusError: When there is no such step.

    Example:
        >>> from toolkit.parsing import read_corpus
        >>> news = read_corpus("ukraine-korea")
        >>> split_sentences(news.articles)["part"].value_counts(sort=False).to_dict()
        {'headline': 1, 'boilerplate': 2, 'dateline': 1, 'body': 8}
    """
    rows = chain.from_iterable(split_articles(articles, boilerplate=boilerplate, without=without))
    columns = zip((column.name for column in TABLES["Sentences"].columns), zip(*rows, strict=True), strict=False)
    return make_table("Sentences", dict(columns) or None)


def pack_rows(rows: Sequence[Row]) -> bytes:
    """Pack the rows of an article, to be kept next to it: seven numbers of four bytes a sentence.

    Example:
        >>> len(pack_rows([("a", 0, 0, "body", "", 0, 9, False, 2)]))
        28
    """
    parts, steps = _WRITTEN.values()
    return np.array([(row[2], parts.index(row[3]), steps.index(row[4]), *row[5:]) for row in rows], dtype=np.int32).tobytes()


def nest_rows(packed: Sequence[bytes]) -> pa.ListArray:
    """Unpack what was packed of articles into a column of a Parquet file: a list of sentences an article."""
    numbers = np.frombuffer(b"".join(packed), dtype=np.int32).reshape(-1, len(_PACKED)).T
    columns = [pa.array(_WRITTEN[name]).take(column) if name in _WRITTEN else column for name, column in zip(_PACKED, numbers, strict=True)]
    ends = np.cumsum([0, *map(len, packed)], dtype=np.int32) // (4 * len(_PACKED))
    return pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays(columns, [*_PACKED]))


def unnest_rows(articles: pa.Table) -> pd.DataFrame:
    """Make the table of sentences of such a column beside `article_id`.

    Example:
        >>> import pyarrow as pa
        >>> column = nest_rows([pack_rows([("a", 0, 0, "body", "", 0, 9, False, 2)])])
        >>> unnest_rows(pa.table({"article_id": ["a"], "sentences": column}))["n_words"].tolist()
        [2]
    """
    lists = articles["sentences"].combine_chunks()
    at = pc.list_parent_indices(lists)
    own = {"article_id": articles["article_id"].take(at), "sentence": np.arange(len(at)) - lists.offsets.take(at)}
    return make_table("Sentences", {**own, **dict(zip(_PACKED, lists.flatten().flatten(), strict=True))})


def split_articles(articles: pd.DataFrame, *, boilerplate: pd.DataFrame | None = None, without: Sequence[str] = ()) -> Iterator[list[Row]]:
    """Split one article after the other, as `split_sentences` does, which is faster where no table is needed.

    Example:
        >>> rain = pd.DataFrame({"article_id": ["1"], "outlet": ["a"], "headline": [None], "text": ["It rains. Go in."]})
        >>> [[row[5:7] for row in rows] for rows in split_articles(rain)]
        [[(0, 9), (10, 16)]]
    """
    off, boilerplate = check_steps(without), make_table("Learned") if boilerplate is None else boilerplate
    learned = {outlet: frozenset(lines) for outlet, lines in boilerplate.fillna({"outlet": ""}).groupby("outlet")["line"]}
    fields = (articles[name].fillna("").tolist() for name in ("article_id", "text", "headline", "outlet"))
    for article_id, text, headline, outlet in zip(*fields, strict=True):
        yield list(_split_text(article_id, text, headline, learned.get(outlet, frozenset()), off))


def _split_text(article_id: str, text: str, headline: str, learned: frozenset[str], without: frozenset[str]) -> Iterator[Row]:
    """Split one text into rows of Sentences."""
    paragraphs = split_paragraphs(text)
    quotations = [(start, end) for start, end, depth, _ in find_quotations(text) if depth == 0]
    closings = [end for _, end in quotations]
    parts = find_parts(text, headline, paragraphs, learned=learned, without=without)
    pieces = _cut_text(text, paragraphs, parts, set(closings))
    starts, ends = [piece[3] for piece in pieces], [piece[4] for piece in pieces]
    words, furniture = blank_between(text), dict(find_boilerplate_sentences(text, starts, ends, learned=learned, without=without))
    for number, (paragraph, part, step, start, end) in enumerate(pieces):
        n_words = len(words[start:end].split())
        if part == "body":
            step = furniture.get(number, "no word" if n_words == 0 and "no word" not in without else "")
            part = "boilerplate" if step else "body"
        closing = bisect_right(closings, start)  # the first quotation that closes after the sentence starts
        quoted = closing < len(closings) and quotations[closing][0] < end
        yield article_id, number, paragraph, part, step, start, end, quoted, n_words


def _cut_text(text: str, paragraphs: Sequence[Span], parts: Sequence[Part], closings: Container[int]) -> list[_Piece]:
    """Cut a text into its sentences: its parts as they are, what stands between them split."""
    pieces: list[_Piece] = []
    at = 0
    for number, (start, end) in enumerate(paragraphs):
        while at < len(parts) and parts[at][0] < end:
            first, last, part, step = parts[at]
            pieces += _split_span(text, number, start, first, closings)
            pieces.append((number, part, step, first, last))
            start, at = last, at + 1
        pieces += _split_span(text, number, start, end, closings)
    return pieces


def _split_span(text: str, paragraph: int, start: int, end: int, closings: Container[int]) -> list[_Piece]:
    """Find the sentences between two offsets, which lie in one paragraph, given where quotations close."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    pieces: list[_Piece] = []
    tails, titles = _list_words()["tails"], _list_words()["never"]
    for stop in _STOP.finditer(text, start, end):
        mark, more, closed, opened, first = stop.groups()
        if first is None:
            ends = _is_glued(text, start, stop, closings)
        elif more or closed or mark == "…":  # not where the speech goes on to its speaker: “Is it over?” Ann Bo asked.
            is_said = mark in "?!" and closed and not opened and _SAID.match(text, stop.end())
            is_rank = closed == ")" and text[max(start, stop.start() - 20) : stop.start()].rpartition("(")[2] in titles  # Gen. (Ret.) Bo
            ends = not (first.islower() or is_said or is_rank)
        else:
            tail = text[stop.start() - 3 : stop.start()]
            is_plain = mark == "." and tail.isalpha() and tail.islower() and tail not in tails  # nearly every word before a full stop
            ends = not first.islower() and (is_plain or _ends_sentence(text, start, stop))
        if ends:
            pieces.append((paragraph, "body", "", start, stop.end(3)))
            start = stop.end()
    end = start + len(text[start:end].rstrip())
    return [*pieces, (paragraph, "body", "", start, end)] if start < end else pieces


def _ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a sentence that began at `start` ends at a single full stop, `!` or `?` with nothing closed after it."""
    at, words = stop.start(), _list_words()
    token = _GAP.split(text[max(start, at - 20) : at])[-1]
    if stop[1] == "." and at - len(token) == start and _LABEL.fullmatch(token):
        return False
    token = token.lstrip("(['\"“‘«`") + stop[1].strip(".")
    found = _NEXT_WORD.match(text, stop.end() + len(stop[4]))
    following = found[0] if found else ""
    is_shouted = token.isupper() and len(token) > (2 if following[1:].islower() else 1)  # RT. He: initials; MS. BO
    word = token.capitalize() if is_shouted else token
    if word in words["never"] or {word + following, word[-1:] + following} & words["joined"]:
        return False
    is_maybe = word in words["maybe"] or _DOTTED.fullmatch(token) is not None
    aside = _ASIDE.match(text, stop.end())
    if aside is not None and (is_maybe or word in words["before bracket"]):  # the last word before a stop in the brackets tells
        return aside[2] is not None and aside[2] not in words["listed"]
    if word in words["before number"]:
        return not stop[5].isdigit()
    if word in ("a.m", "p.m"):
        return _HOUR_GOES_ON.match(text, stop.end()) is None
    return not is_maybe or bool(stop[4]) or following in words["first"]


def _is_glued(text: str, start: int, stop: re.Match[str], closings: Container[int]) -> bool:
    """Whether a sentence ends at a stop without a space after it: `it ended.Then`, `“So.”Then`; not `Yahoo.News`."""
    plain = _PLAIN.search(text[max(start, stop.start() - 40) : stop.start()])
    following = _NEXT_WORD.match(text, stop.end())
    if plain is None or following is None:
        return False
    is_closed = stop[3] and (stop[3][-1] not in "\"'" or stop.end(3) in closings)
    return bool(is_closed if stop[3] else plain[1].islower() or following[0] in _list_words()["first"])


@cache
def _list_words() -> Mapping[str, frozenset[str]]:
    """Read data/abbreviations.yml; under `listed` the abbreviations of all lists, under `tails` their last three letters."""
    words = {name: frozenset(written.split()) for name, written in read_data("abbreviations").items()}
    listed = words["never"] | words["before number"] | words["before bracket"] | words["maybe"]
    return {**words, "listed": listed, "tails": frozenset(word[-3:] for word in listed)}
