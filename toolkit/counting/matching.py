"""Find the mentions of a codebook's entries: one search over all sentences, then the overlap rule, then the surname rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from ahocorasick_rs import AhoCorasick

from toolkit.codebooks import Codebook
from toolkit.counting.overlap import settle_overlaps
from toolkit.counting.patterns import CompiledPattern, compile_pattern
from toolkit.counting.surnames import keep_surnames
from toolkit.parsing.words import fold, fold_apostrophes, is_word_char
from toolkit.tables import SEARCHED_PARTS, VIA, check_table, make_table

_BREAK = "\x00"  # stands between sentences: no word character, no white space, so that no match crosses it
_SHORT = 3  # letters; in lines of capitals a name this short (US, UN) is a word as well, and stays case-sensitive

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Truths = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class _Page:
    """All searched sentences as one text, with what matching asks of each position."""

    text: str
    folded: str
    exact: str  # only apostrophes folded
    is_word: Truths
    word_ends: Ints  # positions at which no word goes on
    starts: Ints  # where each sentence starts in `text`
    caseless: Truths  # per sentence: a dateline, or no lower-case letter in it


def find_mentions(articles: pd.DataFrame, sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Find where the entries of a codebook are mentioned.

    A critic would ask about case: actors' names match in their case, except in datelines and lines all in capitals, where names of
    more than three letters match in any. Boilerplate is never searched, and no match crosses a sentence.

    Args:
        articles: Articles.
        sentences: Sentences, or some rows of them: only these are searched.
        codebook: What to look for.

    Returns:
        Mentions, one row per kept match, ordered by article, start, end and entry.

    Source: quanteda's `tokens_lookup` (Benoit et al. 2018); the methods page lists where we differ.

    Example:
        >>> from toolkit import read_codebook, read_corpus, split_sentences
        >>> news = read_corpus("ukraine-korea")
        >>> mentions = find_mentions(news.articles, split_sentences(news.articles), read_codebook("actors"))
        >>> mentions["surface"].tolist()[:3]
        ['Ukraine', 'South Korea', 'SEOUL']
    """
    searched = sentences[sentences["part"].isin(SEARCHED_PARTS)].reset_index(drop=True)
    page = _join_sentences(articles, searched)
    matches = _find_matches(page, codebook)
    if matches.empty:
        return make_table("Mentions")
    kept = settle_overlaps(matches, dictionary=codebook.overlap == "dictionary")
    row = np.searchsorted(page.starts, kept["start"].to_numpy(), side="right") - 1
    kept = kept.assign(row=row, article=searched["article_id"].to_numpy()[row])
    kept = kept[keep_surnames(kept, page.text)]
    row = kept["row"].to_numpy()
    shift = searched["start"].to_numpy()[row] - page.starts[row]
    starts, ends = kept["start"].to_numpy(), kept["end"].to_numpy()
    mentions = make_table(
        "Mentions",
        {
            "article_id": kept["article"].to_numpy(),
            "sentence": searched["sentence"].to_numpy()[row],
            "start": starts + shift,
            "end": ends + shift,
            "surface": [page.text[start:end] for start, end in zip(starts, ends, strict=True)],
            "codebook": [codebook.id] * len(kept),
            "entry": kept["entry"].to_numpy(),
            "pattern": kept["pattern"].to_numpy(),
            "via": [VIA[rank] for rank in kept["via_rank"]],
        },
    )
    ordered = mentions.sort_values(["article_id", "start", "end", "entry"], kind="stable", ignore_index=True)
    return check_table(ordered, "Mentions")


def _join_sentences(articles: pd.DataFrame, searched: pd.DataFrame) -> _Page:
    """Lay all searched sentences into one text."""
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    columns = (searched["article_id"], searched["start"], searched["end"])
    pieces = [texts[article_id][start:end] for article_id, start, end in zip(*columns, strict=True)]
    lengths = np.array([len(piece) + 1 for piece in pieces], dtype=np.int64)
    text = _BREAK + _BREAK.join(pieces) + _BREAK
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    used, inverse = np.unique(codes, return_inverse=True)
    is_word = np.array([is_word_char(chr(code)) for code in used], dtype=bool)[inverse]
    caseless = [part == "dateline" or piece.upper() == piece for part, piece in zip(searched["part"], pieces, strict=True)]
    return _Page(
        text=text,
        folded=fold(text),
        exact=fold_apostrophes(text),
        is_word=is_word,
        word_ends=np.flatnonzero(~is_word),
        starts=np.concatenate([[1], 1 + np.cumsum(lengths)[:-1]]).astype(np.int64) if len(pieces) else np.array([], dtype=np.int64),
        caseless=np.array(caseless, dtype=bool),
    )


def _find_matches(page: _Page, codebook: Codebook) -> pd.DataFrame:
    """Find every match of every pattern, before any overlap is settled."""
    listed = [
        (entry.id, pattern, protects)
        for entry in codebook.entries
        for patterns, protects in ((entry.patterns, False), (entry.protects, True))
        for pattern in patterns
    ]
    compiled = [compile_pattern(pattern.text, case=pattern.case) for _, pattern, _ in listed]
    found = [
        (number, starts, ends)
        for number, starts, ends in _search(page, compiled)
        for starts, ends in [_keep_whole_words(page, starts, ends)]
        for starts, ends in [_keep_case(page, compiled[number], starts, ends) if listed[number][1].case else (starts, ends)]
        if len(starts)
    ]
    if not found:
        return pd.DataFrame()
    numbers = np.concatenate([np.full(len(starts), number) for number, starts, _ in found])
    entries = np.array([entry for entry, _, _ in listed], dtype=object)
    return pd.DataFrame(
        {
            "start": np.concatenate([starts for _, starts, _ in found]),
            "end": np.concatenate([ends for _, _, ends in found]),
            "entry": entries[numbers],
            "family": np.array([entry.split("/")[0] for entry in entries], dtype=object)[numbers],
            "via_rank": np.array([VIA.index(pattern.via) for _, pattern, _ in listed])[numbers],
            "pattern": np.array([pattern.text for _, pattern, _ in listed], dtype=object)[numbers],
            "protects": np.array([protects for _, _, protects in listed])[numbers],
        }
    )


def _search(page: _Page, compiled: list[CompiledPattern]) -> Iterator[tuple[int, Ints, Ints]]:
    """Yield the raw matches of each pattern: its number, starts and ends."""
    by_anchor: dict[str, list[int]] = {}
    for number, pattern in enumerate(compiled):
        by_anchor.setdefault(pattern.anchor, []).append(number)
    for number in by_anchor.pop("", []):  # it begins with a wildcard
        regex = compiled[number].folded
        spans = [match.span() for match in regex.finditer(page.folded)] if regex is not None else []
        spans = [span for span in spans if span[1] > span[0]]
        yield number, np.array([start for start, _ in spans], dtype=np.int64), np.array([end for _, end in spans], dtype=np.int64)
    anchors = list(by_anchor)
    if not anchors or not page.text.strip(_BREAK):
        return
    hits = np.array(AhoCorasick(anchors).find_matches_as_indexes(page.folded, overlapping=True), dtype=np.int64).reshape(-1, 3)
    hits = hits[~(page.is_word[hits[:, 1] - 1] & page.is_word[hits[:, 1]])]
    hits = hits[np.argsort(hits[:, 0], kind="stable")]
    bounds = np.searchsorted(hits[:, 0], np.arange(len(anchors) + 1))
    for anchor, first, last in zip(anchors, bounds[:-1], bounds[1:], strict=True):
        starts, ends = hits[first:last, 1], hits[first:last, 2]
        for number in by_anchor[anchor]:
            pattern = compiled[number]
            if pattern.rest == "":
                yield number, starts, ends
            elif pattern.rest == "*":
                yield number, starts, page.word_ends[np.searchsorted(page.word_ends, ends)]
            elif pattern.folded is not None:
                spans = [match.span() for start in starts.tolist() if (match := pattern.folded.match(page.folded, start))]
                yield (
                    number,
                    np.array([start for start, _ in spans], dtype=np.int64),
                    np.array([end for _, end in spans], dtype=np.int64),
                )


def _keep_whole_words(page: _Page, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Keep the matches that start and end where words do."""
    cuts = (page.is_word[starts - 1] & page.is_word[starts]) | (page.is_word[ends - 1] & page.is_word[ends])
    return starts[~cuts], ends[~cuts]


def _keep_case(page: _Page, pattern: CompiledPattern, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Keep the matches whose letters are in the pattern's case, or stand in a line without case."""
    wanted = fold_apostrophes(pattern.text).removesuffix("*") if pattern.rest == "*" else fold_apostrophes(pattern.text)
    if pattern.exact is not None:
        fits = [
            pattern.exact.fullmatch(page.exact, start, end) is not None
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
    else:
        fits = [page.exact.startswith(wanted, start) for start in starts.tolist()]
    keep = np.array(fits, dtype=bool)
    if sum(map(str.isalpha, pattern.text)) > _SHORT:
        keep |= page.caseless[np.searchsorted(page.starts, starts, side="right") - 1]
    return starts[keep], ends[keep]
