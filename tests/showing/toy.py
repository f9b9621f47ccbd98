"""A toy corpus whose every number can be counted by finger, searched and estimated for real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from tests.counting.world import make_articles, make_book, make_entry
from toolkit.codebooks import Codebook
from toolkit.counting import Mentions, find_mentions
from toolkit.parsing import Corpus, split_sentences
from toolkit.parsing.corpus import is_searched
from toolkit.tables import make_table

TEXTS = {
    "a1": "Troops shelled Kyiv. Kyiv asked for peace.",
    "a2": "Rebels shelled the town. Nothing else.",
    "a3": "Peace came to Kyiv.",
}
OUTLETS = ["a.com", "a.com", "b.co.uk"]
DAYS = ["2017-02-06", "2017-02-14", "2017-02-15"]
URLS = ["https://a.com/1", "javascript:alert(1)", None]
LABELS = {"war": "War", "war/violence": "Violence", "peace": "Peace"}
PATTERNS = {"war": [], "war/violence": ["shelled"], "peace": ["peace"]}
FRAMES = make_book(*(replace(make_entry(id, PATTERNS[id]), label=label) for id, label in LABELS.items()), id="frames")
ACTORS = make_book(make_entry("UKR", ["Kyiv"]), make_entry("RUS", ["Russia"]), kind="actors", overlap="dictionary", id="actors")


def make_news(
    texts: Mapping[str, str] = TEXTS,
    *,
    outlet: Sequence[str | None] = OUTLETS,
    published: Sequence[str | None] = DAYS,
    url: Sequence[str | None] = URLS,
    **fields: object,
) -> Corpus:
    """A corpus of texts."""
    n = len(texts)
    articles = make_articles(texts, outlet=outlet[:n], published=published[:n], url=url[:n])
    spans = split_sentences(articles)
    tables: dict[str, pd.DataFrame] = {
        name: make_table(name.capitalize()) for name in ("refused", "repairs", "origins", "flags", "learned")
    }
    given = {"articles": articles, "spans": spans, "kept": is_searched(spans), **tables, **fields}
    return Corpus("toy", "A toy", "All rights", "0" * 64, **given)  # type: ignore[arg-type]


def find(book: Codebook = FRAMES, entries: Sequence[str] = (), news: Corpus | None = None) -> Mentions:
    """What is found of a codebook in the toy corpus."""
    return find_mentions(news or make_news(), book, entries, uses="all")


def make_many(n: int = 12, **fields: object) -> Corpus:
    """Many articles of two outlets in two weeks: enough for intervals."""
    texts = {f"m{at:02}": f"Kyiv and Russia spoke of peace{' and peace' * (at % 3)}. They shelled on day {at}." for at in range(n)}
    days = [f"2017-02-{6 + 7 * (at % 2):02}" for at in range(n)]
    given = {"outlet": ["a.com", "b.co.uk", "b.co.uk"] * n, "published": days, "url": [None] * n}
    return make_news(texts, **(given | fields))  # type: ignore[arg-type]
