"""What a codebook's patterns do in a corpus: how much each finds, what changes without it, what another codebook changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from toolkit.codebooks import Codebook, Pattern
from toolkit.counting import count_mentions, find_mentions
from toolkit.tables import make_table

_SPAN = ["article_id", "sentence", "start", "end"]


@dataclass(frozen=True)
class Comparison:
    """What moves when one codebook takes the place of another: Changes, and the Mentions that are gained and lost."""

    changes: pd.DataFrame
    gained: pd.DataFrame
    lost: pd.DataFrame


def audit_codebook(mentions: pd.DataFrame, articles: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Say what each pattern of a codebook found: which words made this number?

    Args:
        mentions: Mentions of the codebook.
        articles: The articles that were searched.
        codebook: The codebook.

    Returns:
        Audit, one row per entry and pattern in the order of the codebook; bodies that a rule made are there if they were found.

    Source: our choice; what users of quanteda ask for in its issue 2063.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news, book = read_corpus("ukraine-korea"), read_codebook("actors")
        >>> audit = audit_codebook(find_mentions(news.articles, split_sentences(news.articles), book), news.articles, book)
        >>> audit.loc[audit["n_mentions"] > 3, ["entry", "pattern", "n_mentions"]].values.tolist()
        [['KOR', 'Seoul', 5], ['UKR', 'Ukraine', 5], ['UKR', 'Ukrainian', 4]]
    """
    own = mentions[mentions["codebook"] == codebook.id].merge(articles[["article_id", "outlet"]], on="article_id")
    own = own.fillna({"outlet": "unknown"}).assign(other=lambda hits: _find_sharers(hits))
    keys = ["entry", "pattern", "via"]
    found = own.groupby(keys).agg(
        n_mentions=("start", "size"),
        n_articles=("article_id", "nunique"),
        n_outlets=("outlet", "nunique"),
        n_shared=("other", "count"),
        shared_with=("other", lambda others: next(iter(others.dropna().sort_values().mode()), "")),
    )
    met = set(own["entry"])
    shown = [entry for entry in codebook.entries if not entry.body or entry.id in met]
    listed = [(entry.id, pattern.text, pattern.via) for entry in shown for pattern in entry.patterns]
    audit = pd.DataFrame(listed, columns=keys).astype("str").merge(found, how="left", left_on=keys, right_index=True)
    audit = audit.fillna({"shared_with": ""} | dict.fromkeys(("n_mentions", "n_articles", "n_outlets", "n_shared"), 0))
    totals = audit.groupby("entry")["n_mentions"].transform("sum")
    columns = {"codebook": codebook.id, **{key: audit[key].array for key in keys}, "n_mentions": audit["n_mentions"].array}
    columns["share"] = (audit["n_mentions"] / totals.where(totals > 0)).array
    return make_table("Audit", columns | {name: audit[name].array for name in ("n_articles", "n_outlets", "n_shared", "shared_with")})


def estimate_without(
    mentions: pd.DataFrame, sentences: pd.DataFrame, articles: pd.DataFrame, codebook: Codebook, *, entries: Sequence[str] = ()
) -> pd.DataFrame:
    """Say what changes if a pattern is dropped: each outlet's rate with it and without it.

    Exact, not a subtraction: the articles in which the pattern counts are searched again without it, so that a shorter pattern takes its
    place, and a surname goes with its full name where it does not count alone.

    Args:
        mentions: Mentions of the codebook in all the sentences.
        sentences: The sentences that were searched.
        articles: Articles.
        codebook: The codebook.
        entries: Top-level entries of which each pattern is dropped in turn, those of nested entries too; none: all.

    Returns:
        Changes, one row per outlet, top-level entry and pattern that counts at all.

    Raises:
        CodebookError: When an entry is not in the codebook.

    Source: leave-one-out influence (Cook 1977), by pattern.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news, book = read_corpus("ukraine-korea"), read_codebook("actors")
        >>> sentences = split_sentences(news.articles)
        >>> mentions = find_mentions(news.articles, sentences, book)
        >>> without = estimate_without(mentions, sentences, news.articles, book, entries=["umerov"])
        >>> without[["pattern", "n_before", "n_after"]].values.tolist()
        [['Rustem Umerov', 3, 2], ['Umerov', 3, 1]]
    """
    tops = codebook.expand(entries)
    before = _sum_by_outlet(count_mentions(mentions, sentences, articles, codebook, entries=tops))
    own = mentions[mentions["codebook"] == codebook.id]
    own = own.assign(top=own["entry"].str.split("/").str[0])
    found_in = own.groupby(["entry", "pattern"])["article_id"].unique()
    rows = sentences.groupby("article_id").indices
    outlets = articles.set_index("article_id")["outlet"].fillna("unknown")
    parts = []
    for at, entry in enumerate(codebook.entries):
        top = entry.id.partition("/")[0]
        every_outlet = before.xs(top, level="entry", drop_level=False) if top in tops else before[:0]
        was = own[own["top"] == top]
        for pattern in entry.patterns if top in tops else ():
            if (entry.id, pattern.text) not in found_in.index:
                continue
            ids = found_in[entry.id, pattern.text]
            some, here = articles[articles["article_id"].isin(ids)], sentences.iloc[np.concatenate([rows[id] for id in ids])]
            left = find_mentions(some, here, _drop_pattern(codebook, at, pattern))
            left = left[left["entry"].str.split("/").str[0] == top]
            n_left, n_was = (found["article_id"].map(outlets).value_counts() for found in (left, was[was["article_id"].isin(ids)]))
            names = every_outlet.index.get_level_values("outlet")
            lost = n_was.reindex(names, fill_value=0).to_numpy() - n_left.reindex(names, fill_value=0).to_numpy()
            parts.append(_compare(every_outlet, every_outlet["n_mentions"] - lost).assign(pattern=pattern.text))
    return _make_changes(parts, codebook.id)


def _drop_pattern(codebook: Codebook, at: int, pattern: Pattern) -> Codebook:
    """A codebook without a pattern of one of its entries."""
    entry = codebook.entries[at]
    kept = replace(entry, patterns=tuple(other for other in entry.patterns if other != pattern))
    entries = (*codebook.entries[:at], kept, *codebook.entries[at + 1 :])
    if codebook.overlap == "key":  # then no other family matters, and fewer patterns are sooner ready
        entries = tuple(one for one in entries if one.id.partition("/")[0] == entry.id.partition("/")[0])
    return replace(codebook, entries=entries)


def compare_codebooks(first: Codebook, second: Codebook, sentences: pd.DataFrame, articles: pd.DataFrame) -> Comparison:
    """Say what a new version of a codebook changes: the numbers that move, and the mentions behind the moves.

    Entries are paired by id; one that only one of the two has finds nothing in the other. Nested entries are compared as well as their
    parents.

    Args:
        first: The codebook as it was.
        second: The codebook as it is to be.
        sentences: The sentences to search.
        articles: Articles.

    Returns:
        Changes by outlet and entry, those that do not move included; and the Mentions gained and lost, by place and entry.

    Example:
        >>> from dataclasses import replace
        >>> from toolkit import read_codebook, read_corpus, split_sentences
        >>> news, book = read_corpus("ukraine-korea"), read_codebook("actors")
        >>> less = replace(book, entries=tuple(entry for entry in book.entries if entry.id != "umerov"))
        >>> compare_codebooks(book, less, split_sentences(news.articles), news.articles).lost["surface"].tolist()
        ['Rustem Umerov', 'Umerov', 'Umerov']
    """
    sides = [(book, find_mentions(articles, sentences, book)) for book in (first, second)]
    before, after = (
        _sum_by_outlet(count_mentions(found, sentences, articles, book, entries=[entry.id for entry in book.entries]))
        for book, found in sides
    )
    everywhere = before.index.union(after.index)
    n_words = before["n_words"].reindex(everywhere).fillna(after["n_words"]).astype("int64")
    was = pd.DataFrame({"n_mentions": before["n_mentions"].reindex(everywhere, fill_value=0), "n_words": n_words})
    changes = _make_changes([_compare(was, after["n_mentions"].reindex(everywhere, fill_value=0)).assign(pattern="")], second.id)
    places = [pd.MultiIndex.from_frame(found[[*_SPAN, "entry"]]) for _, found in sides]
    gained, lost = sides[1][1][~places[1].isin(places[0])], sides[0][1][~places[0].isin(places[1])]
    return Comparison(changes, gained.reset_index(drop=True), lost.reset_index(drop=True))


def _find_sharers(hits: pd.DataFrame) -> pd.Series:
    """For each mention, another entry that has a word of it; missing where none has. Mentions of a codebook seldom overlap: all alike."""
    ordered = hits.reset_index().sort_values(["article_id", "start", "end"], ignore_index=True)
    article, start, end, entry = (ordered[column].to_numpy() for column in ("article_id", "start", "end", "entry"))
    other = np.full(len(hits), None, dtype=object)
    for first in range(len(ordered)):
        second = first + 1
        while second < len(ordered) and article[second] == article[first] and start[second] < end[first]:
            if entry[second] != entry[first]:
                other[first], other[second] = entry[second], entry[first]
            second += 1
    return pd.Series(other, index=ordered["index"], dtype="str").sort_index()


def _sum_by_outlet(counts: pd.DataFrame) -> pd.DataFrame:
    """Mentions and words by outlet and entry."""
    named = counts.assign(outlet=counts["outlet"].fillna("unknown"))
    return named.groupby(["outlet", "entry"], sort=False)[["n_mentions", "n_words"]].sum()


def _compare(before: pd.DataFrame, n_after: pd.Series) -> pd.DataFrame:
    """Put the sums before and after beside each other, one row per outlet and entry."""
    table = before.rename(columns={"n_mentions": "n_before"}).assign(n_after=n_after)
    table["rate_before"], table["rate_after"] = (1000 * table[n] / table["n_words"] for n in ("n_before", "n_after"))
    return table.assign(change=(table["n_after"] - table["n_before"]) / table["n_before"].where(table["n_before"] > 0)).reset_index()


def _make_changes(parts: Sequence[pd.DataFrame], codebook: str) -> pd.DataFrame:
    """Join parts into Changes, ordered by entry, pattern and outlet as they came."""
    names = ("outlet", "entry", "pattern", "n_before", "n_after", "n_words", "rate_before", "rate_after", "change")
    if not parts:
        return make_table("Changes")
    table = pd.concat(parts, ignore_index=True)
    outlet, *others = ({name: table[name].array} for name in names)
    return make_table("Changes", outlet | {"codebook": codebook} | {key: value for other in others for key, value in other.items()})
