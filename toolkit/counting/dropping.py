"""What is left of an entry's mentions without one of its patterns: exactly, and for all patterns in one pass over the corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.counting.characters import Ints, Truths
from toolkit.counting.counts import spread
from toolkit.counting.matching import (
    Page,
    Search,
    decide_page,
    find_matches,
    order_sentences,
    read_pages,
    recall_search,
    settle_matches,
)
from toolkit.counting.mentions import Mentions, say_left_out
from toolkit.parsing.progress import show_progress
from toolkit.tables import USES, VIA


def count_without(mentions: Mentions, entries: Sequence[str]) -> pd.DataFrame:
    """Count what each outlet loses of an entry if one of its patterns is dropped.

    Exact, not a subtraction: the sentences with the pattern (of actors, the articles) are settled again without it, so that a shorter
    pattern takes its place, and a surname goes with its full name where it does not count alone.

    Args:
        mentions: Mentions of the codebook.
        entries: Entries at the top whose patterns are dropped in turn, with those of nested entries.

    Returns:
        One row per top-level entry, pattern that counts and outlet that loses mentions: `entry`, `pattern`, `outlet`, `n_lost`.
    """
    articles, book = mentions.corpus.articles, mentions.codebook
    search, searched = recall_search([book]), order_sentences(articles, mentions.corpus.searched)
    published = articles["published"].to_numpy().astype("datetime64[D]")
    outlets = articles["outlet"].fillna("unknown").to_numpy(dtype=object)
    own = np.array([one.entry.partition("/")[0] if one.book == 0 else "" for one in search.listed], dtype=object)  # without offices
    keys = pd.Series([(top, one.entry, one.origin) for top, one in zip(own, search.listed, strict=True)], dtype=object)
    of_rank, names = pd.factorize(keys.where(np.isin(own, list(entries)) & ~search.protects))
    family, _ = pd.factorize(own)
    lost = Counter[tuple[int, str]]()
    with show_progress("dropping each pattern", len(articles), "article") as advance:
        for page in read_pages(articles, searched, search.alphabet):
            found = find_matches(page, search, published)
            found = found[search.book[found["rank"]] == 0].reset_index(drop=True)
            for kind, article, n in _count_lost(found, page, search, mentions, of_rank, family):
                lost[kind, str(outlets[article])] += n
            advance(len(np.unique(page.article)))
    rows = [(names[kind][0], names[kind][2], outlet, n) for (kind, outlet), n in lost.items()]
    table = pd.DataFrame(rows, columns=["entry", "pattern", "outlet", "n_lost"])
    return table if table.empty else table.groupby(["entry", "pattern", "outlet"], as_index=False, sort=False)["n_lost"].sum()


def _count_lost(
    found: pd.DataFrame, page: Page, search: Search, mentions: Mentions, of_rank: Ints, family: Ints
) -> list[tuple[int, int, int]]:
    """Lay out a copy of the sentences concerned for each pattern, without it; settle all copies at once; compare with what counted."""
    book = search.books[0]
    rank, sentence = found["rank"].to_numpy(), found["sentence"].to_numpy()
    unit = page.article[sentence] if book.kind == "actors" else sentence  # short forms look at the whole article
    kept = _keep(found, page, search, mentions)
    kind = of_rank[rank]
    has = np.unique(np.stack([kind[kind >= 0], unit[kind >= 0]]), axis=1)
    if not has.size:
        return []
    order = np.argsort(unit, kind="stable")
    first, last = (np.searchsorted(unit[order], has[1], side=side) for side in ("left", "right"))
    copy, rows = spread(first, last - first)
    rows = order[rows]
    own = kind[rows] == has[0][copy]
    top = np.zeros(of_rank.max() + 1, dtype=np.int64)
    top[of_rank[of_rank >= 0]] = family[of_rank >= 0]
    is_family = family[rank[rows]] == top[has[0][copy]]
    near = is_family if book.overlap == "key" and book.kind != "actors" else np.ones(len(rows), dtype=bool)
    before = np.bincount(copy[is_family & kept[rows]], minlength=has.shape[1])
    rows, copy = rows[near & ~own], copy[near & ~own]
    pairs, new = np.unique(copy * np.int64(len(page.start)) + sentence[rows], return_inverse=True)
    old = pairs % len(page.start)
    copies = replace(
        page,
        article=(pairs // len(page.start)) * (page.article.max(initial=0) + 1) + page.article[old],
        **{name: getattr(page, name)[old] for name in ("begin", "start", "end", "caseless")},
    )
    again = found.iloc[rows]
    again = again.assign(sentence=new, **_number_words(again["first"].to_numpy(), again["last"].to_numpy(), new, len(pairs)))
    still = _keep(again, copies, search, mentions) & (family[rank[rows]] == top[has[0][copy]])
    n_lost = before - np.bincount(copy[still], minlength=has.shape[1])
    of_article = has[1] if book.kind == "actors" else page.article[has[1]]
    return [(int(k), int(a), int(n)) for k, a, n in zip(has[0], of_article, n_lost, strict=True) if n]


def _number_words(first: Ints, last: Ints, sentence: Ints, n_sentences: int) -> dict[str, Ints]:
    """Number words anew, so that each copy of a sentence has words of its own; only those from its first match to its last."""
    lowest, highest = np.full(n_sentences, np.iinfo(np.int64).max), np.zeros(n_sentences, dtype=np.int64)
    np.minimum.at(lowest, sentence, first)
    np.maximum.at(highest, sentence, last)
    shift = np.append(0, np.cumsum(highest - lowest)[:-1]) - lowest if n_sentences else lowest
    return {"first": first + shift[sentence], "last": last + shift[sentence]}


def _keep(found: pd.DataFrame, page: Page, search: Search, mentions: Mentions) -> Truths:
    """Mark the matches that are left after all rules, and count."""
    numbered = found.assign(at=np.arange(len(found)))
    settled = settle_matches(numbered, page, search, search.books[0])
    rank, sentence, start, end = (settled[name].to_numpy() for name in ("rank", "sentence", "start", "end"))
    use, via = decide_page((rank, sentence, start, end), page, search), search.via[rank]
    allowed = np.array([[not say_left_out(one, other, mentions.uses, roles=True) for other in VIA] for one in USES])
    counts = (use >= 0) & allowed[use, via]
    marks = np.zeros(len(found), dtype=bool)
    marks[settled["at"].to_numpy()] = counts
    return marks
