"""Find who says what in articles, who that is, and by whom it is handed on."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from toolkit.counting.lists import read_list
from toolkit.counting.mentions import Mentions, find_mentions, find_of_whole
from toolkit.counting.sourcing.cues import read_cues
from toolkit.counting.sourcing.parses import LONGEST, MODEL, find_edition, map_on_all_cores, parse_sentences
from toolkit.counting.sourcing.quotations import compile_phrases, find_labelled, settle_quotations
from toolkit.counting.sourcing.sources import Named, Source, resolve_sources
from toolkit.counting.sourcing.spans import Draft, Sentence, Span, find_drafts, overlaps
from toolkit.markup import write_count, write_facts
from toolkit.parsing import Corpus, find_quotations
from toolkit.parsing.progress import show_progress
from toolkit.parsing.words import WORD
from toolkit.tables import TABLES, check_record, make_table

_MENTION = ["article_id", "start", "end", "entry", "via"]
_SPOKEN = 4  # words: a shorter quotation without a stop or comma at its end is a word in quotation marks, not somebody's sentence
_PART = 50  # articles read together
_MANY = 200  # articles that are read on all cores


@dataclass(frozen=True)
class _Page:
    """What is looked at of an article."""

    original: str
    outlet: str
    numbers: list[int]  # of the sentences searched
    bounds: list[tuple[int, int, int]]  # of these: paragraph, start and end
    named: list[Named]  # the actors mentioned

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


@dataclass(frozen=True, eq=False, repr=False)
class Attributions:
    """Who says what in a corpus.

    Attributes:
        rows: Table Attributions.
        actors: The mentions of actors in the corpus, to which sources were resolved: all matches, whatever is counted of them.
    """

    rows: pd.DataFrame
    actors: Mentions

    @property
    def corpus(self) -> Corpus:
        """The corpus that was read."""
        return self.actors.corpus

    @cached_property
    def table(self) -> pd.DataFrame:
        """Table Attributions with outlet and date, and what is said."""
        articles, texts = self.corpus.articles[["article_id", "outlet", "published"]], self.corpus.texts
        told = self.rows[["article_id"]].merge(articles, how="left")
        spans = zip(self.rows["article_id"], self.rows["content_start"], self.rows["content_end"], strict=True)
        content = [texts[id][start:end] for id, start, end in spans]
        return self.rows.assign(outlet=told["outlet"].array, published=told["published"].array, content=content)

    def __repr__(self) -> str:
        """One line: how many, and how many of them resolve to an actor."""
        facts = self._facts
        told = f"{facts['With a source']} with a source, {facts['Of actors']} of actors"
        return f"Attributions: {facts['Attributions']} in {facts['In']} ({told})"

    def _repr_html_(self) -> str:
        """The facts, as a table for a notebook."""
        return write_facts(self._facts, "Attributions")

    @cached_property
    def _facts(self) -> dict[str, str]:
        """What there is to say of them."""
        return {
            "Attributions": f"{len(self.rows):,}",
            "In": f"{write_count(len(self.corpus.articles), 'article')} of {self.corpus.name}",
            "With a source": f"{self.rows['source'].notna().sum():,}",
            "Of actors": f"{self.rows['source_entry'].notna().sum():,}",
            "Words": f"{self.rows['n_words'].sum():,} attributed",
            "Sources resolved to": self.actors.codebook.id,
        }


def find_attributions(actors: Mentions, *, model: str = MODEL) -> Attributions:
    """Find who says what: quotations, indirect speech, views and intentions that the text gives to a source, or to nobody.

    A critic would ask two things. What counts: a cue of our lists, outside quotations, in a construction in which most of its uses give
    something to somebody (he claimed, the poll shows, she declined to comment, reportedly), and every quotation of four words or more.
    Whose words: a source is resolved by stated rules, and stays undecided where these do not decide.

    Args:
        actors: Mentions of actors, of any entries: sources are resolved to every entry of the codebook.
        model: Package of a spaCy model, which parses the sentences with a cue.

    Returns:
        The attributions. They are found once for a corpus and a codebook, and kept in the cache; what was parsed is kept as it goes.

    Raises:
        ToolkitError: When the model is not installed, or the argument is not Mentions.

    Source: rules after Krestel, Bergler & Witte 2008 and Pareti 2015; measured on PolNeAR (Newell et al. 2018).

    Example:
        >>> from toolkit import find_mentions, read_corpus
        >>> speech = find_attributions(find_mentions(read_corpus("ukraine-korea"), "actors"))
        >>> speech.rows[["source", "source_type", "cue"]].iloc[2].tolist()
        ['the South China Morning Post', 'media', 'revealed']
    """
    check_record(actors, Mentions, "find_attributions")
    book = actors.codebook

    def make(corpus: Corpus) -> pd.DataFrame:
        return _find_speech(corpus, find_mentions(corpus, book, roles=True), model)

    name, key = f"attributions {book.id}", [book.fingerprint, find_edition(model)]
    return Attributions(find_of_whole(actors.corpus, name, key, make, is_local=True), actors)


def _find_speech(corpus: Corpus, actors: Mentions, model: str) -> pd.DataFrame:
    """Find who says what in the articles of a corpus."""
    pages = _read_pages(corpus)
    types = {entry.id: entry.type for entry in actors.codebook.entries}
    for id, start, end, entry, via in zip(*(actors.rows[name].tolist() for name in _MENTION), strict=True):
        pages[id].named.append(Named(start, end, entry, "people" if via == "demonym" else types[entry]))
    listed = list(pages.values())
    parts = [listed[first : first + _PART] for first in range(0, len(listed), _PART)]
    found: dict[int, list[list[tuple[object, ...]]]] = {}
    with show_progress("finding who says what", len(listed), "article") as advance:
        for number, read in map_on_all_cores(find_part, [(part, model) for part in parts], is_many=len(listed) >= _MANY):
            found[number] = read
            advance(len(read))
    read_in_order = [read for number in range(len(parts)) for read in found[number]]
    rows = [(id, number, *row) for id, read in zip(pages, read_in_order, strict=True) for number, row in enumerate(read)]
    names = [column.name for column in TABLES["Attributions"].columns]
    return make_table("Attributions", dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else None)


def find_part(pages: Sequence[_Page], model: str) -> list[list[tuple[object, ...]]]:
    """Find who says what in some articles: for each the columns of Attributions after the number."""
    return [list(_read_page(page, drafts)) for page, drafts in zip(pages, _find_parsed(pages, model), strict=True)]


def _read_pages(corpus: Corpus) -> dict[str, _Page]:
    """Read the articles that are searched, ordered by id."""
    outlets = dict(zip(corpus.articles["article_id"], corpus.articles["outlet"].fillna(""), strict=True))
    searched = corpus.spans[corpus.spans["part"] != "boilerplate"].sort_values(["article_id", "sentence"])
    columns = (searched[name].tolist() for name in ("article_id", "sentence", "paragraph", "start", "end"))
    pages: dict[str, _Page] = {}
    for id, number, paragraph, start, end in zip(*columns, strict=True):
        if id not in pages:
            pages[id] = _Page(corpus.texts[id], outlets[id], [], [], [])
        pages[id].numbers.append(number)
        pages[id].bounds.append((paragraph, start, end))
    return pages


def _find_parsed(pages: Sequence[_Page], model: str) -> list[list[Draft]]:
    """Find drafts in the sentences that hold a cue and are not all quotation, parsed."""
    lists = read_list("cues")
    cues = {"according", *lists["citing"], *lists["hearsay"], *read_cues("verbs"), *read_cues("nouns")}
    wanted = [
        (number, place, page.text[start:end])
        for number, page in enumerate(pages)
        for place, (_, start, end) in enumerate(page.bounds)
        if end - start <= LONGEST and not any(first <= start and end <= last for first, last in page.quotations)
        if not cues.isdisjoint(WORD.findall(page.text[start:end].lower()))
    ]
    drafts: list[list[Draft]] = [[] for _ in pages]
    for (number, place, _), parse in zip(wanted, parse_sentences([text for *_, text in wanted], model), strict=True):
        page, (_, start, end) = pages[number], pages[number].bounds[place]
        inside = [span for span in page.quotations if overlaps([span], [(start, end)])]
        drafts[number] += find_drafts(Sentence(page.text, place, start, parse, inside))
    return drafts


def _read_page(page: _Page, drafts: Sequence[Draft]) -> Iterator[tuple[object, ...]]:
    """Read one article: the columns of Attributions after the number."""
    drafts = [*drafts, *find_labelled(page.text, page.bounds, drafts)]
    withheld = [found.span() for found in compile_phrases("withheld").finditer(page.text)] if "source" in page.text else []
    drafts = [draft for draft in settle_quotations(page.text, page.bounds, page.quotations, drafts) if not overlaps([draft.cue], withheld)]
    drafts = [
        replace(draft, content=tuple(run for run in draft.content if not overlaps([run], withheld)) or draft.content) for draft in drafts
    ]
    drafts.sort(key=lambda draft: (draft.cue, draft.content))
    sources = resolve_sources(page.text, page.outlet, drafts, [page.bounds[draft.place][0] for draft in drafts], page.named)
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
    media = [other for other, source in enumerate(sources) if source.type == "media" and drafts[other].place == own.place]
    media = [other for other in media if overlaps(drafts[other].content, own.content) and not overlaps([drafts[other].cue], own.content)]
    return media[0] if media and sources[number].type not in ("media", "none") else None


def _list_words(starts: Sequence[int], spans: Sequence[Span]) -> set[int]:
    """List the words that begin in some spans."""
    return {word for first, last in spans for word in range(bisect_left(starts, first), bisect_left(starts, last))}


def _count_words(page: _Page, drafts: Sequence[Draft], vias: Sequence[int | None]) -> list[tuple[str, int]]:
    """Kind of content, and words: each belongs to the narrowest content that holds it, in a shared one to the end of the chain."""
    starts = [word.start() for word in WORD.finditer(page.text)]
    quoted = _list_words(starts, page.quotations)
    contents = [_list_words(starts, draft.content) for draft in drafts]
    owners: dict[int, int] = {}
    for number in sorted(range(len(drafts)), key=lambda number: (-len(contents[number]), vias[number] is not None, number)):
        owners |= dict.fromkeys(contents[number], number)
    sizes = Counter(owners.values())
    kinds = ["direct" if content <= quoted else "mixed" if content & quoted else "indirect" for content in contents]
    return [(kind, sizes[number]) for number, kind in enumerate(kinds)]
