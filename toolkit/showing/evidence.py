"""Evidence: for every number the places in the text that it counts, and a few of the sentences."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from toolkit.counting.counts import PERIODS, locate, number_sentences
from toolkit.counting.mentions import is_of, list_above
from toolkit.estimating import Estimates, Listing
from toolkit.estimating.estimates import PLACE, name_groups
from toolkit.markup import clean_text, write_csv, write_slug
from toolkit.parsing import Corpus
from toolkit.showing.wording import Row, write_group
from toolkit.tables import read_limits

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]

SNIPPET, GLIMPSE, OPEN, LIMIT = read_limits("evidence", "showing")
_WEB = re.compile(r"https?://[^\s/?#\[\]]+", re.IGNORECASE)
_LAST = np.uint64(1 << 63)
_NONE = np.empty(0, dtype=np.int64)
_OF_SENTENCE, _OF_SEED = np.uint64(0x9E3779B97F4A7C15), np.uint64(0x94D049BB133111EB)  # of splitmix64 (Steele, Lea & Flood 2014)


@dataclass(frozen=True, order=True)
class Mark:
    """A stretch of text to mark: where, of which kind (actors, frames, language), the label that comes after it, and why it is marked."""

    start: int
    end: int
    kind: str
    label: str = ""
    why: str = ""


@dataclass(frozen=True, eq=False)
class Evidence:
    """The places behind the numbers of a table, laid out as arrays so that each number's are found at once.

    Attributes:
        places: Table of places: `article_id`, `sentence`, `start`, `end`, and the columns that tell which number each belongs to.
        corpus: The corpus.
        keys: These columns.
        nested: Those whose values may be nested: a place of `violence/bombs` belongs to `violence` as well.
        kind: How places are marked.
        beside: The mentions of the actors in the rows, where a number counts sentences with both.
    """

    places: pd.DataFrame
    corpus: Corpus
    keys: tuple[str, ...]
    nested: frozenset[str]
    kind: str
    beside: "Evidence | None" = None
    _listed: dict[str, Mapping[str, Ints]] = field(default_factory=dict, init=False)  # rows by column and value, as they are asked for

    @cached_property
    def article(self) -> Ints:
        """The place of each one's article in the corpus."""
        return locate(self.places["article_id"], self.corpus.articles)

    @cached_property
    def sentence(self) -> Ints:
        """A number for each one's sentence."""
        return number_sentences(self.places, self.corpus.articles)

    @cached_property
    def lot(self) -> np.ndarray:
        """The lot of each one's sentence; those that may not be shown whole come last."""
        lots = draw_lots(self.corpus, self.article, self.places["sentence"].to_numpy())
        return np.where(np.isin(self.sentence, list_open(self.corpus)[0]), lots >> np.uint64(1), lots | _LAST)

    @cached_property
    def _is_glimpsed(self) -> np.ndarray:
        """Whether a glimpse of each one's sentence may be shown."""
        return np.isin(self.sentence, list_open(self.corpus)[1])

    def find(self, row: Row, groups: Sequence[str]) -> Ints:
        """Find the rows of the places behind one number, in order."""
        columns = dict.fromkeys([*self.keys, *(group for group in groups if group in ("outlet", *PERIODS))])
        found = [self._list_values(column).get(str(row[column]), _NONE) for column in columns]
        rows, *others = sorted(found, key=len) or [np.arange(len(self.places))]
        for other in others:
            at = np.minimum(np.searchsorted(other, rows), len(other) - 1)
            rows = rows[other[at] == rows]
        if self.beside is not None:
            rows = rows[np.isin(self.sentence[rows], self.beside.sentence[self.find_beside(row)])]
        return rows

    def find_beside(self, row: Row) -> Ints:
        """Find the rows of the mentions of a number's actor."""
        return self.beside.find({"entry": row["actor"]}, []) if self.beside is not None else _NONE

    def _list_values(self, column: str) -> Mapping[str, Ints]:
        """The rows of each value of a column, in order, with those of the values nested in it."""
        if column not in self._listed:
            is_key, parts = column in self.keys, defaultdict(list)
            values = self.places[column] if is_key else name_groups(self.corpus.articles, [column])[column].iloc[self.article]
            for value, rows in values.groupby(values.array).indices.items():
                for name in list_above(value) if column in self.nested else [value]:
                    parts[name].append(rows)
            self._listed[column] = {name: np.sort(np.concatenate(some)) for name, some in parts.items()}
        return self._listed[column]

    def count(self, rows: Ints, thing: str) -> int:
        """Count what a number counts: sentences, articles, or the places themselves."""
        numbers = {"sentence": self.sentence, "article": self.article}.get(thing)
        return len(rows) if numbers is None else len(np.unique(numbers[rows]))

    def draw(self, rows: Ints, most: int) -> Ints:
        """Draw sentences by lot, each article's first before any second: one place of each, by date, article and place."""
        lowest, start = self.lot[rows], self._edges[0]
        if len(rows) > 60 * most:  # more places than are ever needed: only those with the lowest lots
            rows = rows[np.argpartition(lowest, 60 * most)[: 60 * most]]
        order = rows[np.lexsort((start[rows], self.lot[rows]))]
        _, first = np.unique(self.sentence[order], return_index=True)
        one = order[np.sort(first)][: 20 * most]
        by_article = np.argsort(self.article[one], kind="stable")
        ordered = self.article[one][by_article]
        again = np.arange(len(one)) - np.searchsorted(ordered, ordered)  # how many of the same article come before
        one = one[by_article[np.lexsort((by_article, again))]][:most]
        return one[np.lexsort((start[one], self.article[one], self.corpus.articles["published"].to_numpy()[self.article[one]]))]

    def write_items(self, shown: Ints, rows: Ints, row: Row) -> str:
        """Write the sentences of a number as a list, with what is counted, and the actor it is about, marked."""
        marks: dict[int, list[Mark]] = {}
        for evidence, own in ((self, rows), (self.beside, self.find_beside(row))):
            if evidence is not None:
                start, end = evidence._edges
                for at in own[np.isin(evidence.sentence[own], self.sentence[shown])].tolist():
                    marks.setdefault(int(evidence.sentence[at]), []).append(Mark(int(start[at]), int(end[at]), evidence.kind))
        start, end = self._edges
        items = [self._write_item(at, int(start[at]), int(end[at]), marks[int(self.sentence[at])]) for at in shown.tolist()]
        return f"<ul>{''.join(items)}</ul>" if items else ""

    @cached_property
    def _spans(self) -> Mapping[int, tuple[int, int]]:
        """Start and end of each sentence with a place, by its number."""
        spans = self.corpus.spans.assign(number=number_sentences(self.corpus.spans, self.corpus.articles))
        used = spans.loc[spans["number"].isin(self.sentence), ["number", "start", "end"]]
        return {number: (start, end) for number, start, end in used.itertuples(index=False)}

    @cached_property
    def _edges(self) -> tuple[Ints, Ints]:
        """Where each place starts and ends."""
        return self.places["start"].to_numpy(), self.places["end"].to_numpy()

    def _write_item(self, row: int, begin: int, stop: int, marks: Sequence[Mark]) -> str:
        """One sentence, or the stretch of it around what is counted, with outlet, date and link."""
        article, (first, last) = int(self.article[row]), self._spans[int(self.sentence[row])]
        told = list_told(self.corpus)[article]
        text: str = told["text"]
        size = SNIPPET if self.lot[row] < _LAST else GLIMPSE if self._is_glimpsed[row] else min(stop - begin, GLIMPSE) + 2
        stop = min(stop, last, begin + size)
        spare = max(0, size - 2 - (stop - begin))
        start = max(first, min(begin - spare // 2, last - spare - (stop - begin)))
        end = min(last, max(stop, start + size - 2))
        start = text.find(" ", start, begin) + 1 or start if start > first else first
        end = max(text.rfind(" ", stop, end), stop) if end < last else last
        snippet = ("…" if start > first else "") + mark_text(text, start, end, marks) + ("…" if end < last else "")
        outlet, day = write_group(told, ["outlet"], {"outlet": self.corpus.outlets}), write_group(told, ["day"], {})
        return f"<li><bdi>{snippet}</bdi> <cite>{write_link(told['url'], outlet)}, {day}</cite></li>"

    def write_file(self, used: Ints, codebook: str) -> dict[str, str]:
        """Write the data file: where everything is that the numbers count, by offsets; tables that count the same share the file."""
        own = self.places.iloc[np.unique(used)]
        days = self.corpus.articles["published"].dt.strftime("%Y-%m-%d")
        articles = self.corpus.articles[["article_id", "outlet"]].assign(published=days)
        told = own.merge(articles, on="article_id").sort_values(["article_id", "start", "end", *self.keys])
        content = write_csv(told[list(dict.fromkeys([*articles.columns, *own.columns]))])
        return {f"{write_slug('evidence', codebook)}-{hashlib.sha256(content.encode('utf8', 'replace')).hexdigest()[:6]}.csv": content}


def draw_lots(corpus: Corpus, article: Ints, sentence: Ints) -> np.ndarray:
    """Draw a lot for sentences by the corpus's seed, whatever the order of rows, the entry and the page.

    The same sentence has the same lot everywhere, so the pages of a book show the same few sentences of an article, not all of them.

    Args:
        corpus: The corpus.
        article: Places of the articles in it.
        sentence: Numbers of the sentences.

    Returns:
        64 bits for each; a sentence with a lower lot is drawn first.

    Source: splitmix64 (Steele, Lea & Flood 2014); one lot for all samples: permanent random numbers (Ohlsson 1995).
    """
    ids = pd.util.hash_array(corpus.articles["article_id"].to_numpy(dtype=object))
    with np.errstate(over="ignore"):
        numbers = ids[article] + sentence.astype(np.uint64) * _OF_SENTENCE + np.uint64(corpus.seed) * _OF_SEED
    return np.asarray(pd.util.hash_array(numbers))  # the last steps of splitmix64


@lru_cache(maxsize=4)
def list_told(corpus: Corpus) -> list[dict[Hashable, Any]]:
    """List what is known of each article besides its sentences: text, address, outlet (else headline) and day."""
    articles, named = corpus.articles, corpus.articles["outlet"].fillna(corpus.articles["headline"])
    told = articles[["text", "url"]].assign(outlet=named, day=articles["published"].dt.strftime("%Y-%m-%d"))
    return list(told.fillna({"outlet": "unknown", "day": "unknown"}).to_dict("records"))


@lru_cache(maxsize=4)
def list_open(corpus: Corpus) -> tuple[Ints, Ints]:
    """List the sentences that may be shown, and those of which a glimpse may: by lot, up to a share of an article; of one alone, all."""
    spans = corpus.spans
    article, number = locate(spans["article_id"], corpus.articles), spans["sentence"].to_numpy()
    numbers = number_sentences(spans, corpus.articles)
    if len(corpus.articles) == 1:
        return numbers, numbers
    order = np.lexsort((draw_lots(corpus, article, number), article))
    lengths = (spans["end"].to_numpy() - spans["start"].to_numpy())[order]
    starts = np.searchsorted(article[order], article[order])
    allowed = np.maximum(corpus.articles["text"].str.len().to_numpy(), SNIPPET / OPEN)[article[order]]  # of a short one, a sentence

    def add_up(sizes: Ints) -> Ints:
        before = np.cumsum(sizes) - sizes
        return np.asarray(before - before[starts] + sizes)

    is_open = add_up(lengths) <= OPEN * allowed
    is_glimpsed = ~is_open & (add_up(np.where(is_open, 0, np.minimum(lengths, 2 * GLIMPSE))) <= (LIMIT - OPEN) * allowed)
    return numbers[order][is_open], numbers[order][is_glimpsed]


@lru_cache(maxsize=4)  # a finding and the table of its numbers ask for it one after the other
def find_evidence(shown: Estimates | Listing) -> Evidence:
    """Lay out what is behind estimates, or behind a listing."""
    keys = tuple(str(column) for column in shown.behind.columns if column not in PLACE)
    places = shown.behind[is_of(shown.behind["entry"], shown.table["entry"].unique())] if "entry" in keys else shown.behind
    kind = shown.kind if shown.kind in ("actors", "frames", "language") else "frames"
    nested = frozenset[str]() if shown.name == "audit" else frozenset({"entry", "actor"})
    others = shown.beside if isinstance(shown, Estimates) else None
    beside = None if others is None else Evidence(others, shown.corpus, ("entry",), nested, "actors")
    return Evidence(places.reset_index(drop=True), shown.corpus, keys, nested, kind, beside)


def write_anchor(name: str, row: Row, keys: Sequence[str]) -> str:
    """Make the id of a number's evidence: readable, the same in every run, and its own for every number of a page.

    The digits at the end keep apart what reads the same once dots and slashes are hyphens.

    Example:
        >>> write_anchor("rates-by-outlet", {"entry": "conflict", "outlet": "bbc.co.uk"}, ["outlet", "entry"])
        'evidence-rates-by-outlet-bbc-co-uk-conflict-8f2d84'
    """
    parts = [str(row[key]) for key in keys]
    digits = hashlib.sha256("\0".join([name, *keys, *parts]).encode("utf8", "replace")).hexdigest()[:6]
    return f"{write_slug('evidence', name, *parts)}-{digits}"


def write_link(url: object, text: str) -> str:
    """Write a link to an article as HTML if its address is one of the web, else the text alone.

    Example:
        >>> write_link("javascript:alert(1)", "tass.com")
        'tass.com'
    """
    is_web = isinstance(url, str) and _WEB.match(url)
    return f'<a href="{clean_text(str(url))}" rel="noopener noreferrer nofollow">{clean_text(text)}</a>' if is_web else clean_text(text)


def mark_text(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    """Write text[start:end] as HTML, escaped, with its marks.

    Where marks overlap, the text is cut at every edge and each piece carries the kinds that cover it; a label ends its mark.

    Args:
        text: The whole text, in which the offsets count.
        start: Where to begin.
        end: Where to stop.
        marks: In any order; those that lie outside are left out, those that reach out are cut.

    Returns:
        HTML.

    Example:
        >>> mark_text("South Korean arms", 0, 17, [Mark(0, 12, "actors", "KOR"), Mark(13, 17, "frames")])
        '<mark class="fb-actors">South Korean<small class="fb-tag">KOR</small></mark> <mark class="fb-frames">arms</mark>'
    """
    inside = sorted({mark for mark in marks if mark.start < end and mark.end > start})
    edges = sorted({start, end, *(edge for mark in inside for edge in (mark.start, mark.end) if start < edge < end)})
    pieces, covering, waiting = list[str](), list[Mark](), inside[::-1]
    for first, last in pairwise(edges):
        while waiting and waiting[-1].start <= first:
            covering.append(waiting.pop())
        covering = [mark for mark in covering if mark.end >= last]
        tags = [f'<small class="fb-tag">{clean_text(mark.label)}</small>' for mark in covering if mark.label and mark.end == last]
        piece = clean_text(text[first:last]) + "".join(tags)
        for kind in sorted({mark.kind for mark in covering}, reverse=True):
            why = "; ".join(mark.why for mark in covering if mark.kind == kind and mark.why)
            title = f' title="{clean_text(why)}" data-at="{first}"' if why else ""
            piece = f'<mark class="fb-{clean_text(kind)}"{title}>{piece}</mark>'
        pieces.append(piece)
    return "".join(pieces)
