"""Find attributions in articles, resolve their sources, and find the media that pass them on."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.counting.lists import read_list, read_regex
from toolkit.counting.mentions import Mentions, find_mentions, find_of_whole
from toolkit.counting.sourcing.cues import read_cues
from toolkit.counting.sourcing.pages import Draft, Line, Named, Page, Span, find_range, overlaps
from toolkit.counting.sourcing.parses import LONGEST, MODEL, find_edition, map_slices, parse_sentences
from toolkit.counting.sourcing.quotations import find_labelled, settle_quotations
from toolkit.counting.sourcing.sources import Source, name_sources, resolve_sources
from toolkit.counting.sourcing.spans import Sentence, find_drafts
from toolkit.markup import Facts, write_count
from toolkit.parsing.corpus import Corpus, cut_texts
from toolkit.parsing.words import WORD
from toolkit.tables import check_record, make_table

_Row = tuple[object, ...]
_PART = 50  # articles read together


@dataclass(frozen=True, eq=False, repr=False)
class Attributions(Facts):
    """The attributions in a corpus: who says what.

    Attributes:
        rows: Table Attributions.
        actors: The mentions of actors to which sources were resolved: all matches, counted or not.
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
        said = cut_texts(self.corpus.articles, self.rows.rename(columns={"content_start": "start", "content_end": "end"}))
        return self.rows.merge(self.corpus.articles[["article_id", "outlet", "published"]], how="left").assign(content=said)

    _line = "Attributions: {Attributions} in {In} ({With a source} with a source, {Of actors} of actors)"

    @cached_property
    def _facts(self) -> dict[str, str]:
        """What there is to say of them."""
        facts = {"Attributions": f"{len(self.rows):,}", "In": f"{write_count(len(self.corpus.articles), 'article')} of {self.corpus.name}"}
        facts |= {"With a source": f"{self.rows['source'].notna().sum():,}", "Of actors": f"{self.rows['source_entry'].notna().sum():,}"}
        return facts | {"Words": f"{self.rows['n_words'].sum():,} attributed", "Sources resolved to": self.actors.codebook.id}


def find_attributions(actors: Mentions, *, model: str = MODEL) -> Attributions:
    """Find who says what: quotations, indirect speech, views and intentions that the text gives to a source, or to nobody.

    An attribution needs a cue of our lists, outside quotations, in a construction that mostly attributes something (he claimed, the poll
    shows, she declined to comment, reportedly), or it is a quotation of four words or more. Stated rules resolve the source; if they do not
    decide, the source stays undecided.

    Args:
        actors: Mentions of actors; sources are resolved to every entry of their codebook.
        model: Package of the spaCy model that parses the sentences with a cue.

    Returns:
        The attributions. They are found once for a corpus and a codebook and kept in the cache; parsed sentences are kept as work proceeds.

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
    name, key = f"attributions {actors.codebook.id}", [actors.codebook.fingerprint, find_edition(model)]
    make = partial(_find_speech, codebook=actors.codebook, model=model)
    return Attributions(find_of_whole(actors.corpus, name, key, make, is_local=True), actors)


def _find_speech(corpus: Corpus, codebook: Codebook, model: str) -> pd.DataFrame:
    """Find who says what in the articles of a corpus."""
    pages = [*_read_pages(find_mentions(corpus, codebook, roles=True)).items()]
    parts = map_slices("finding who says what", "article", pages, _PART, partial(find_part, model=model))
    table = pd.DataFrame([row for rows in parts for row in rows], columns=make_table("Attributions").columns, dtype=object)
    return make_table("Attributions", table.to_dict("series"))


def _read_pages(actors: Mentions) -> dict[str, Page]:
    """Read the articles that are searched, by id and ordered by it."""
    corpus, rows, entries = actors.corpus, actors.rows, actors.codebook.entries
    outlets = dict(zip(corpus.articles["article_id"], corpus.articles["outlet"].fillna(""), strict=True))
    searched = corpus.spans[corpus.spans["part"] != "boilerplate"].sort_values(["article_id", "sentence"])
    types = rows["entry"].map({entry.id: entry.type for entry in entries}).mask(rows["via"] == "demonym", "people")
    named = _group(rows.assign(type=types), Named)
    return {id: Page(corpus.texts[id], outlets[id], lines, named.get(id, [])) for id, lines in _group(searched, Line).items()}


def _group(rows: pd.DataFrame, record: Any) -> dict[str, list[Any]]:  # Any: one of two kinds of record
    """Make the rows of each article records."""
    return {id: [*map(record, *(own[name].tolist() for name in record._fields))] for id, own in rows.groupby("article_id", sort=False)}


def find_part(pages: Sequence[tuple[str, Page]], model: str) -> list[_Row]:
    """Find who says what in some articles, given with their ids: rows of Attributions.

    Only sentences that hold a cue and are not all quotation are parsed.
    """
    lists = read_list("cues")
    cues = frozenset(lists["hearsay"]).union(*map(read_cues, ("verbs", "nouns", "adjectives")), lists["asides"], lists["views"])
    lines = ((at, place, page, line) for at, (_, page) in enumerate(pages) for place, line in enumerate(page.lines))
    told = ((at, place, page.text[line.start : line.end], find_range(page.quotations, *line[:2])) for at, place, page, line in lines)
    short = (one for one in told if len(one[2]) <= LONGEST)
    wanted = [(at, place, text) for at, place, text, quoted in short if quoted or not cues.isdisjoint(WORD.findall(text.lower()))]
    drafts: list[list[Draft]] = [[] for _ in pages]
    for (number, place, _), parse in zip(wanted, parse_sentences([text for *_, text in wanted], model), strict=True):
        drafts[number] += find_drafts(Sentence(pages[number][1], place, *parse))
    return [(id, at, *row) for (id, page), own in zip(pages, drafts, strict=True) for at, row in enumerate(_read_page(page, own))]


def _read_page(page: Page, drafts: Sequence[Draft]) -> Iterator[_Row]:
    """Read one article: the columns of Attributions after the number."""
    withheld = [found.span() for found in read_regex("withheld").finditer(page.text)] if "source" in page.text else []
    settled = settle_quotations(page, [*drafts, *find_labelled(page, drafts)])
    said = [(draft, tuple(run for run in draft.content if not overlaps([run], withheld))) for draft in settled]
    kept = [draft._replace(content=content or draft.content) for draft, content in said if not overlaps([draft.cue], withheld)]
    drafts = sorted((named for draft in kept for named in name_sources(page, draft)), key=lambda draft: (draft.cue, draft.content))
    sources = resolve_sources(page, drafts)
    vias = list(_find_vias(page, drafts, sources))
    for draft, source, via, (kind, n_words) in zip(drafts, sources, vias, _count_words(page, drafts, vias), strict=True):
        near = page.lines[draft.place : draft.place + 2]  # its sentence and the next
        reason = read_regex("anonymity").search(page.text, near[0].start, near[-1].end) if source.type.startswith("unnamed") else None
        who = (*_cut(page, draft.source), *(value or None for value in source), reason[0] if reason else None)
        how = (overlaps([near[0][:2]], withheld), *_cut(page, draft.cue if draft.cue[0] < draft.cue[1] else None), draft.kind)
        gap = (draft.content[0][1], draft.content[1][0]) if len(draft.content) > 1 else (None, None)
        yield (near[0].sentence, *who, *how, draft.content[0][0], draft.content[-1][1], *gap, kind, n_words, via)


def _cut(page: Page, span: Span | None) -> _Row:
    """Start, end and text of a span."""
    return (*span, page.original[slice(*span)]) if span else (None, None, None)


def _find_vias(page: Page, drafts: Sequence[Draft], sources: Sequence[Source]) -> Iterator[int | None]:
    """The attribution that hands on each: the narrowest whose content holds its cue, else a medium's that has its content too."""
    spans, by_place = [(draft.content[0][0], draft.content[-1][1]) for draft in drafts], dict[int, list[int]]()
    for number, span in enumerate(spans):
        for place in {drafts[number].place, *find_range(page.lines, *span)}:
            by_place.setdefault(place, []).append(number)
    for number, own in enumerate(drafts):
        near = [other for other in by_place[own.place] if other != number]
        around = [other for other in near if overlaps([own.cue], drafts[other].content)]
        media = [other for other in near if sources[other].type == "media" and overlaps(drafts[other].content, own.content)]
        media = [other for other in media if drafts[other].place == own.place and not overlaps([drafts[other].cue], own.content)]
        handed = media[0] if media and sources[number].type not in ("media", "none") else None
        yield min(around, key=lambda other: spans[other][1] - spans[other][0]) if around else handed


def _list_words(starts: Sequence[int], spans: Sequence[Span]) -> set[int]:
    """List the words that begin in some spans."""
    return {word for first, last in spans for word in range(bisect_left(starts, first), bisect_left(starts, last))}


def _count_words(page: Page, drafts: Sequence[Draft], vias: Sequence[int | None]) -> list[tuple[str, int]]:
    """Kind of content, and words: each belongs to the narrowest content that holds it, in a shared one to the end of the chain."""
    starts = [word.start() for word in WORD.finditer(page.text)]
    quoted, contents = _list_words(starts, page.quotations), [_list_words(starts, draft.content) for draft in drafts]
    owners: dict[int, int] = {}
    for number in sorted(range(len(drafts)), key=lambda number: (-len(contents[number]), vias[number] is not None, number)):
        owners |= dict.fromkeys(contents[number], number)
    sizes = Counter(owners.values())
    return [("direct" if own <= quoted else "mixed" if own & quoted else "indirect", sizes[number]) for number, own in enumerate(contents)]
