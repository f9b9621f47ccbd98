"""The meaning of a codebook, slow and obvious: sentence by sentence, pattern by pattern, with `re`.

Tests hold `match_articles` to it. Nothing of the engine is used but the lists of titles and of common names.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from toolkit.codebooks import Codebook, Entry, Pattern
from toolkit.codebooks.records import Near
from toolkit.counting.lists import read_words
from toolkit.parsing.words import WORD, fold, fold_apostrophes, is_word_char
from toolkit.tables import SEARCHED_PARTS, VIA

COMMON = read_words("names", "common", "words")
TITLES, OPENERS = read_words("names", "titles"), read_words("names", "openers", "no_given")
MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u094f"  # those that the tests use
W = f"(?:[^\\W_]|[{MARKS}])"


@dataclass(frozen=True)
class Match:
    article: str
    sentence: int
    start: int
    end: int
    words: tuple[int, ...]
    entry: str
    pattern: Pattern
    protects: bool

    @property
    def family(self) -> str:
        return self.entry.split("/")[0]

    @property
    def order(self) -> tuple[object, ...]:
        """Most words, leftmost, `not`, most characters, then by name."""
        place = (VIA.index(self.pattern.via), self.pattern.text)
        return -len(self.words), self.words[0], not self.protects, self.start - self.end, self.entry, *place

    def lies_in(self, other: "Match") -> bool:
        same = (self.article, self.sentence) == (other.article, other.sentence)
        return same and set(self.words) <= set(other.words)

    def meets(self, other: "Match") -> bool:
        return (self.article, self.sentence) == (other.article, other.sentence) and bool(set(self.words) & set(other.words))


@cache
def write_regex(pattern: str) -> re.Pattern[str]:
    pieces = []
    for at, c in enumerate(pattern):
        before, after = pattern[at - 1 : at] if at else "", pattern[at + 1 : at + 2]
        alone = not any(near and (is_word_char(near) or near in "*?") for near in (before, after))
        pieces.append({"*": f"{W}+" if alone else f"{W}*", "?": W, " ": "(?:\\s+|[-\u2010\u2011])"}.get(c) or re.escape(c))
    first = f"(?<!{W[3:-1].split('|')[0]})(?<![{MARKS}])" if is_word_char(pattern[0]) or pattern[0] in "*?" else ""
    last = f"(?!{W})" if is_word_char(pattern[-1]) or pattern[-1] in "*?" else ""
    return re.compile(first + "".join(pieces) + last)


def find_in(text: str, pattern: Pattern, *, caseless: bool) -> set[tuple[int, int]]:
    """Spans of one pattern in one sentence, overlapping ones too."""
    n_letters = sum(is_word_char(c) for c in pattern.text)
    ways = [fold] if not pattern.case else [fold_apostrophes, fold] if caseless and n_letters > 3 else [fold_apostrophes]
    spans = set()
    for way in ways:
        regex, folded = write_regex(way(pattern.text)), way(text)
        hits = (regex.match(folded, at) for at in range(len(folded) + 1))
        spans |= {hit.span() for hit in hits if hit}
    return spans


def holds(near: Near, pattern: Pattern, words: tuple[int, ...], find: Callable[[Pattern], list[tuple[int, ...]]]) -> bool:
    others = [other for text in near.patterns for other in find(Pattern(text, "pattern", pattern.case, 1)) if not {*other} & {*words}]
    distances = [min(abs(here - there) for here in words for there in other) for other in others]
    return any(near.within is None or distance <= near.within for distance in distances) != near.negated


def find_all(article: str, row: pd.Series, text: str, published: date | None, entries: Iterable[Entry]) -> list[Match]:
    sentence = text[row["start"] : row["end"]]
    words = [hit.span() for hit in WORD.finditer(fold_apostrophes(sentence))]
    caseless = row["part"] == "dateline" or sentence.upper() == sentence

    def hold(start: int, end: int) -> tuple[int, ...]:
        return tuple(at for at, (first, last) in enumerate(words) if start <= first and last <= end)

    def find(pattern: Pattern) -> list[tuple[int, ...]]:
        return [hold(*span) for span in find_in(sentence, pattern, caseless=caseless)]

    def is_timely(pattern: Pattern) -> bool:
        if not (pattern.start or pattern.end):
            return True
        return published is not None and (pattern.start or published) <= published <= (pattern.end or published)

    found = []
    for entry in entries:
        for protects, patterns in ((False, entry.patterns), (True, entry.protects)):
            for pattern in filter(is_timely, patterns):
                for start, end in find_in(sentence, pattern, caseless=caseless):
                    held = hold(start, end)
                    if all(holds(near, pattern, held, find) for near in pattern.near):
                        place = (row["start"] + start, row["start"] + end)
                        found.append(Match(article, row["sentence"], *place, held, entry.id, pattern, protects))
    return found


def settle(matches: Iterable[Match], overlap: str) -> list[Match]:
    kept: list[Match] = []
    for match in sorted(matches, key=lambda match: match.order):
        if not any(match.family == other.family and match.meets(other) for other in kept):
            kept.append(match)
    if overlap == "dictionary":
        kept = [
            match
            for match in kept
            if not any(
                match.family != other.family and match.lies_in(other) and (other.protects or len(other.words) > len(match.words))
                for other in kept
            )
        ]
    return [match for match in kept if not match.protects]


def find_word_before(text: str, start: int) -> str:
    """The word before, if nothing but white space and a full stop is between; without what says that an office is to come."""
    tokens = text[max(0, start - 30) : start].split()
    if not tokens or not text[start - 1].isspace():
        return ""
    word = re.sub("(-elect|-designate)?$", "", tokens[-1].rstrip(".")).lstrip("\"'“‘([—–-")
    return word if word and word[-1].isalnum() else ""


def vet_surnames(matches: list[Match], texts: dict[str, str], starts: dict[tuple[str, int], int], book: Codebook) -> list[Match]:
    surnames = [match for match in matches if match.pattern.via == "surname" and not match.protects]
    others = [match for match in matches if match not in surnames]
    bearers = {match.entry for match in surnames}
    wholes = [match for match in settle(others, book.overlap) if match.pattern.via in ("name", "alias") and match.entry in bearers]
    full = {(match.article, match.entry): match for match in sorted(wholes, key=lambda one: -one.start)}  # the first of each
    borne = [one.text for entry in book.entries for one in entry.patterns if one.via == "surname"]

    def right(match: Match) -> int:
        if any(one.article == match.article and one.start <= match.start and match.end <= one.end for one in wholes):
            return 0
        if (match.article, match.entry) in full:
            return 3
        text, first = texts[match.article], starts[match.article, match.sentence]
        before = find_word_before(text[first:], match.start - first)
        if before[:1].isupper() and before.lower() in TITLES:
            return 2
        surface = text[match.start : match.end]
        is_given = before[:1].isupper() and before.lower() not in OPENERS and not text[match.start - 2 : match.start].isspace()
        is_given = is_given and not (before.isupper() and len(before) > 2 and not surface.isupper())
        is_given = is_given and (re.search("['’‘ʼ]s", before) is None or surface in read_words("names", "words"))
        is_name = surface[:1].isupper() and surface not in COMMON
        return int(is_name and borne.count(match.pattern.text) == 1 and not is_given)

    def claims(match: Match) -> set[str]:
        rivals = [other for other in surnames if (other.article, other.start, other.end) == (match.article, match.start, match.end)]
        best = max(right(rival) for rival in rivals)
        named = {rival.entry: full.get((rival.article, rival.entry)) for rival in rivals if right(rival) == best and best > 0}
        ordered = sorted(named, key=lambda entry: named[entry].start if named[entry] else -1)
        sentences = [named[entry].sentence if named[entry] else None for entry in ordered]
        return set(ordered) if len(ordered) > 1 and sentences[0] in sentences[1:] else set(ordered[:1])

    return others + [match for match in surnames if claims(match) == {match.entry}]


def find_slowly(articles: pd.DataFrame, sentences: pd.DataFrame, codebook: Codebook) -> list[tuple[object, ...]]:
    """Rows of Mentions without `codebook`, in order."""
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    starts = dict(zip(zip(sentences["article_id"], sentences["sentence"], strict=True), sentences["start"], strict=True))
    dates = {id: None if pd.isna(day) else day.date() for id, day in zip(articles["article_id"], articles["published"], strict=True)}
    rows = [row for _, row in sentences.iterrows() if row["part"] in SEARCHED_PARTS]
    ids = [row["article_id"] for row in rows]
    matches = [match for id, row in zip(ids, rows, strict=True) for match in find_all(id, row, texts[id], dates[id], codebook.entries)]
    kept = settle(vet_surnames(matches, texts, starts, codebook), codebook.overlap)
    return sorted(
        (m.article, m.sentence, m.start, m.end, texts[m.article][m.start : m.end], m.entry, m.pattern.text, m.pattern.via) for m in kept
    )
