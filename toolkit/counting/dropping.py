"""What is left of an entry's mentions without one of its patterns: exactly, and for all patterns in one pass over the corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.counting.characters import Truths
from toolkit.counting.matching import Page, Search, find_matches, order_sentences, read_pages, recall_search, settle_matches
from toolkit.counting.mentions import Mentions, list_left_out
from toolkit.parsing.progress import show_progress
from toolkit.tables import USES, VIA


def count_without(mentions: Mentions, entries: Sequence[str]) -> pd.DataFrame:
    """Count what each outlet loses of an entry if one of its patterns is dropped.

    Exact, not a subtraction: the articles with the pattern are settled again without it, so that a shorter pattern takes its place, and a
    surname goes with its full name where it does not count alone.

    Args:
        mentions: Mentions of the codebook.
        entries: Entries at the top whose patterns are dropped in turn, with those of nested entries.

    Returns:
        One row per top-level entry, pattern that counts and outlet that loses mentions: `entry`, `pattern`, `outlet`, `n_lost`.
    """
    articles = mentions.corpus.articles
    search, searched = recall_search(mentions.codebook), order_sentences(articles, mentions.corpus.searched)
    patterns = pd.DataFrame(search.patterns)
    patterns["top"] = patterns["entry"].str.split("/").str[0]
    is_dropped = (patterns["book"] == 0) & patterns["top"].isin(entries) & ~patterns["protects"]  # no office
    kinds = patterns.groupby(["entry", "origin"]).ngroup().where(is_dropped, -1).to_numpy()  # a pattern goes with its spellings
    parts = [pd.DataFrame({"kind": [], "article": [], "n_lost": []}, dtype="int64")]
    with show_progress("dropping each pattern", len(articles), "article") as advance:
        for page in read_pages(articles, searched, search.alphabet):
            parts.append(_count_lost(page, search, mentions, kinds))
            advance(len(np.unique(page.article)))
    lost = pd.concat(parts)
    outlets = articles["outlet"].fillna("unknown").array.take(lost["article"])
    named = (
        patterns.assign(kind=kinds).drop_duplicates("kind")[["kind", "top", "origin"]].rename(columns={"top": "entry", "origin": "pattern"})
    )
    told = lost.assign(outlet=outlets).merge(named, on="kind")
    return told.groupby(["entry", "pattern", "outlet"], as_index=False, sort=False)["n_lost"].sum()


def _count_lost(page: Page, search: Search, mentions: Mentions, kinds: np.ndarray) -> pd.DataFrame:
    """Lay out a copy of each article for each pattern in it, without the pattern; settle all copies at once; compare with what counted."""
    found = find_matches(page, search)
    found = found[found["book"] == 0].reset_index(drop=True)
    found = found.assign(kind=kinds[found["rank"]], article=page.article[found["sentence"]])
    found["counts"] = _mark_counted(found, page, search, mentions)
    size = found.groupby("article").agg(lowest=("first", "min"), highest=("last", "max")).reset_index()
    copies = found.loc[found["kind"] >= 0, ["kind", "family", "article"]].drop_duplicates().merge(size, on="article")
    copies["shift"] = (copies["highest"] - copies["lowest"]).cumsum() - copies["highest"]  # each copy has words of its own
    copied = copies.rename_axis("copy").reset_index().merge(found, on="article", suffixes=("_dropped", ""))
    again = copied[copied["kind"] != copied["kind_dropped"]].reset_index(drop=True)
    lines = again[["copy", "sentence"]].drop_duplicates().sort_values(["copy", "sentence"])
    laid_out = {name: getattr(page, name)[lines["sentence"]] for name in ("published", "begin", "start", "end", "caseless")}
    again["sentence"] = again.groupby(["copy", "sentence"]).ngroup()
    again = again.assign(first=again["first"] + again["shift"], last=again["last"] + again["shift"])
    still = _mark_counted(again, replace(page, article=lines["copy"].to_numpy(), **laid_out), search, mentions)
    n_before, n_after = (
        table.loc[counts & (table["family"] == table["family_dropped"]), "copy"].value_counts().reindex(copies.index, fill_value=0)
        for table, counts in ((copied, copied["counts"]), (again, still))
    )
    return copies[["kind", "article"]].assign(n_lost=n_before - n_after)[n_before != n_after]


def _mark_counted(found: pd.DataFrame, page: Page, search: Search, mentions: Mentions) -> Truths:
    """Mark the matches that are left after all rules, and count."""
    settled = settle_matches(found, page, search)
    use, via = np.array(USES)[settled["use"]], np.array(VIA)[search.patterns["via"][settled["rank"]]]
    is_counted = list_left_out(use, via, mentions.uses, roles=True) == ""
    return np.isin(found.index, settled.index[is_counted])
