"""Count mentions: per article and entry, per pair of actor and entry, and the articles themselves. Zeros are rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.errors import ToolkitError, name_choices
from toolkit.tables import SEARCHED_PARTS, make_table

_ARTICLE_COLUMNS = ["article_id", "outlet", "published"]
_LENGTH_BIN = 100  # words


def find_sentences_with(sentences: pd.DataFrame, mentions: pd.DataFrame, entry: str) -> pd.DataFrame:
    """Find the sentences that mention an entry: to search only near it.

    Args:
        sentences: Sentences.
        mentions: Mentions, in which the entry was looked for.
        entry: Its id; children count as it. "" means every sentence.

    Returns:
        The rows of Sentences that hold a mention.

    Source: our choice: "near" means in the same sentence.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news = read_corpus("ukraine-korea")
        >>> sentences = split_sentences(news.articles)
        >>> mentions = find_mentions(news.articles, sentences, read_codebook("actors"))
        >>> len(find_sentences_with(sentences, mentions, "umerov"))
        3
    """
    if entry == "":
        return sentences
    wanted = mentions.loc[_is_of(mentions["entry"], entry), ["article_id", "sentence"]].drop_duplicates()
    return sentences.merge(wanted, on=["article_id", "sentence"])


def count_mentions(
    mentions: pd.DataFrame, sentences: pd.DataFrame, articles: pd.DataFrame, codebook: Codebook, *, entries: Sequence[str] = ()
) -> pd.DataFrame:
    """Count each entry in each article, zeros included.

    The denominators come from the sentences searched, never from the matches: an article is there when at least one of its sentences was
    searched.

    Args:
        mentions: Mentions of the codebook.
        sentences: The sentences that were searched.
        articles: Articles.
        codebook: The codebook.
        entries: Entries to count; a parent counts its children's mentions. None: all at the top.

    Returns:
        Counts, one row per article and entry, ordered by article, then as the entries are.

    Raises:
        CodebookError: When an entry is not in the codebook.

    Source: our choice; the overlap rule makes a parent the sum of its children.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news, book = read_corpus("ukraine-korea"), read_codebook("actors")
        >>> sentences = split_sentences(news.articles)
        >>> counts = count_mentions(find_mentions(news.articles, sentences, book), sentences, news.articles, book, entries=["UKR", "FRA", "PRK"])
        >>> counts["n_mentions"].tolist()
        [13, 1, 0]
    """
    ids = codebook.expand(entries)
    base = _searched_articles(sentences, articles)
    tables = []
    for order, entry in enumerate(ids):
        hits = mentions[(mentions["codebook"] == codebook.id) & _is_of(mentions["entry"], entry)]
        by_article = hits.groupby("article_id")
        tables.append(
            base.assign(
                codebook=codebook.id,
                entry=entry,
                n_mentions=_fill(by_article.size(), base),
                n_sentences_with=_fill(by_article["sentence"].nunique(), base),
                order=order,
            )
        )
    counts = pd.concat(tables, ignore_index=True).sort_values(["article_id", "order"], kind="stable", ignore_index=True)
    columns = [*_ARTICLE_COLUMNS, "codebook", "entry", "n_mentions", "n_sentences_with", "n_sentences", "n_words"]
    return make_table("Counts", {column: counts[column] for column in columns})


def count_pairs(
    actor_mentions: pd.DataFrame,
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    codebook: Codebook,
    *,
    actors: Sequence[str],
    entries: Sequence[str] = (),
) -> pd.DataFrame:
    """Count the sentences in which an actor and an entry stand together.

    Args:
        actor_mentions: Mentions of the actors.
        mentions: Mentions of the codebook's entries (may be the same table, to ask which actors keep company).
        sentences: The sentences that were searched for both.
        articles: Articles.
        codebook: The codebook of `mentions`.
        actors: Ids of actors; children count as their parent.
        entries: Entries of the codebook; none: all at the top.

    Returns:
        Pairs, one row per article, actor and entry, ordered so; an actor is not paired with itself.

    Raises:
        CodebookError: When an entry is not in the codebook.

    Source: our choice: together means in one sentence.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news, book = read_corpus("ukraine-korea"), read_codebook("actors")
        >>> sentences = split_sentences(news.articles)
        >>> mentions = find_mentions(news.articles, sentences, book)
        >>> pairs = count_pairs(mentions, mentions, sentences, news.articles, book, actors=["umerov"], entries=["KOR"])
        >>> pairs["n_both"].tolist(), pairs["n_actor"].tolist()
        ([1], [3])
    """
    base = _searched_articles(sentences, articles)
    searched = sentences.loc[sentences["part"].isin(SEARCHED_PARTS), ["article_id", "sentence"]]
    keys = pd.MultiIndex.from_frame(searched)
    marks = {("actor", actor): _mark(keys, actor_mentions, actor) for actor in dict.fromkeys(actors)}
    marks |= {("entry", entry): _mark(keys, mentions, entry) for entry in codebook.expand(entries)}
    article = keys.get_level_values("article_id")

    def total(mark: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
        return _fill(pd.Series(mark, index=article).groupby(level=0).sum(), base)

    tables = [
        base.assign(
            actor=actor,
            codebook=codebook.id,
            entry=entry,
            n_both=total(with_actor & with_entry),
            n_actor=total(with_actor),
            n_entry=total(with_entry),
        )
        for (one, actor), with_actor in marks.items()
        if one == "actor"
        for (other, entry), with_entry in marks.items()
        if other == "entry" and entry != actor
    ]
    columns = [*_ARTICLE_COLUMNS, "actor", "codebook", "entry", "n_both", "n_actor", "n_entry", "n_sentences"]
    if not tables:
        return make_table("Pairs")
    pairs = pd.concat(tables, ignore_index=True).sort_values("article_id", kind="stable", ignore_index=True)
    return make_table("Pairs", {column: pairs[column] for column in columns})


def count_articles(articles: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Count articles and their words by outlet, by time, or by length.

    Args:
        articles: Articles.
        by: `outlet`, `day`, `week` (named by its Monday), `month`, or `length` (in steps of 100 words).

    Returns:
        One row per group, in order: the group (a string), `n_articles`, `n_words`. Days, weeks and months between the first and the
        last that hold no article are there with zeros; articles without an outlet or a date are under "unknown".

    Raises:
        ToolkitError: When `by` is none of these.

    Source: our choice.

    Example:
        >>> from toolkit import read_corpus
        >>> count_articles(read_corpus("ukraine-korea").articles, by="length")["length"].tolist()
        ['300–399']
    """
    if by == "length":
        floors = articles["n_words"] // _LENGTH_BIN
        groups = floors.map(_name_bin)
        every = [_name_bin(floor) for floor in range(int(floors.min()), int(floors.max()) + 1)] if len(floors) else []
    elif by == "outlet":
        groups = articles["outlet"].fillna("unknown")
        every = sorted(groups.unique())
    else:
        groups = name_periods(articles["published"], by).fillna("unknown")
        every = _fill_periods(groups, by)
    counted = articles.assign(group=groups).groupby("group")["n_words"].agg(["size", "sum"]).reindex(every, fill_value=0)
    return pd.DataFrame(
        {by: pd.Series(every, dtype="str"), "n_articles": counted["size"].to_numpy(), "n_words": counted["sum"].to_numpy()}
    )


def name_periods(published: pd.Series, by: str) -> pd.Series:
    """Name the day, week, month or year of each date, as a string that sorts; missing where there is none.

    Args:
        published: Dates.
        by: `day`, `week`, `month` or `year`.

    Returns:
        One string per date.

    Raises:
        ToolkitError: When `by` is none of these.

    Source: weeks start on Monday, as in ISO 8601.

    Example:
        >>> name_periods(pd.Series(pd.to_datetime(["2017-02-08"])), "week").tolist()
        ['2017-02-06']
    """
    formats = {"day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
    if by not in formats:
        raise ToolkitError(f"by={by!r}: no such grouping. {name_choices(by, [*formats, 'outlet', 'length'])}")
    days = published.dt.normalize()
    if by == "week":
        days = days - pd.to_timedelta(days.dt.dayofweek, unit="D")
    return days.dt.strftime(formats[by]).astype("str")


def _fill_periods(groups: pd.Series, by: str) -> list[str]:
    """List every period from the first to the last, and "unknown" where it occurs."""
    known = sorted(set(groups) - {"unknown"})
    if not known:
        return ["unknown"] if len(groups) else []
    steps = {"day": "D", "week": "7D", "month": "MS", "year": "YS"}
    every = pd.date_range(known[0], known[-1], freq=steps[by])
    named = name_periods(pd.Series(every), by).tolist()
    return named + (["unknown"] if (groups == "unknown").any() else [])


def _name_bin(floor: int) -> str:
    """Name a bin of lengths."""
    return f"{floor * _LENGTH_BIN:,}–{(floor + 1) * _LENGTH_BIN - 1:,}"


def _is_of(entries: pd.Series, entry: str) -> pd.Series:
    """Mark mentions of an entry or of its children."""
    return (entries == entry) | entries.str.startswith(entry + "/")


def _searched_articles(sentences: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """List the articles that were searched, with their denominators, ordered by id."""
    searched = (
        sentences[sentences["part"].isin(SEARCHED_PARTS)].groupby("article_id")["n_words"].agg(n_sentences="size", n_words="sum")
    )
    base = articles[_ARTICLE_COLUMNS].merge(searched, left_on="article_id", right_index=True)
    return base.sort_values("article_id", ignore_index=True)


def _fill(counted: pd.Series, base: pd.DataFrame) -> list[int]:
    """Put counts by article into the order of `base`, zeros where there are none."""
    return counted.reindex(base["article_id"], fill_value=0).astype("int64").tolist()


def _mark(keys: pd.MultiIndex, mentions: pd.DataFrame, entry: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the sentences that hold a mention of an entry."""
    hits = mentions.loc[_is_of(mentions["entry"], entry), ["article_id", "sentence"]].drop_duplicates()
    return np.asarray(keys.isin(pd.MultiIndex.from_frame(hits)))
