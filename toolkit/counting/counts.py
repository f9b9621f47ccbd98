"""Count mentions: per article and entry, per pair of actor and entry, and the articles themselves. Zeros are rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.errors import ToolkitError, name_choices
from toolkit.tables import SEARCHED_PARTS, make_table

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Truths = np.ndarray[tuple[int], np.dtype[np.bool_]]

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
        mentions: Mentions of the codebook; those in other sentences than the ones searched are not counted.
        sentences: The sentences that were searched.
        articles: Articles.
        codebook: The codebook.
        entries: Entries to count; a parent counts its children's mentions. Empty: all at the top.

    Returns:
        Counts, one row per article and entry, ordered by article, then as the entries are.

    Raises:
        CodebookError: When an entry is not in the codebook.

    Source: our choice; the overlap rule makes a parent the sum of its children.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news, book = read_corpus("ukraine-korea"), read_codebook("actors")
        >>> sentences = split_sentences(news.articles)
        >>> mentions = find_mentions(news.articles, sentences, book)
        >>> counts = count_mentions(mentions, sentences, news.articles, book, entries=["UKR", "FRA", "PRK"])
        >>> counts["n_mentions"].tolist()
        [12, 1, 0]
    """
    ids = codebook.expand(entries)
    base, searched = _list_searched(sentences, articles)
    hits = _locate(mentions[mentions["codebook"] == codebook.id], searched)
    n_mentions, n_with = np.zeros((2, len(base), len(ids)), dtype=np.int64)
    for place, entry in enumerate(ids):
        rows = hits.loc[_is_of(hits["entry"], entry), "row"].to_numpy()
        n_mentions[:, place] = _count_by_article(rows, searched, base)
        n_with[:, place] = _count_by_article(np.unique(rows), searched, base)
    repeated = base.loc[base.index.repeat(len(ids))]
    columns = {column: repeated[column].array for column in _ARTICLE_COLUMNS}
    columns |= {"codebook": codebook.id, "entry": list(ids) * len(base)}
    columns |= {"n_mentions": n_mentions.ravel(), "n_sentences_with": n_with.ravel()}
    return make_table("Counts", columns | {column: repeated[column].array for column in ("n_sentences", "n_words")})


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
        actors: Ids of actors; children count as their parent. Where `codebook` is the one of the actors, `type:state` and the like too.
        entries: Entries of the codebook; none: all at the top.

    Returns:
        Pairs, one row per article, actor and entry, ordered so; an actor is not paired with itself.

    Raises:
        CodebookError: When an entry is not in the codebook.
        ToolkitError: When actors are given as a group that the codebook cannot tell.

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
    base, searched = _list_searched(sentences, articles)
    actor_hits = _locate(actor_mentions, searched)
    hits = _locate(mentions[mentions["codebook"] == codebook.id], searched)
    with_actor = {actor: _mark(actor_hits, actor, searched) for actor in _expand_actors(actors, codebook)}
    with_entry = {entry: _mark(hits, entry, searched) for entry in codebook.expand(entries)}
    pairs = [(actor, entry) for actor in with_actor for entry in with_entry if actor != entry]
    n_both, n_actor, n_entry = np.zeros((3, len(base), len(pairs)), dtype=np.int64)
    for place, (actor, entry) in enumerate(pairs):
        marks = (with_actor[actor] & with_entry[entry], with_actor[actor], with_entry[entry])
        for counted, mark in zip((n_both, n_actor, n_entry), marks, strict=True):
            counted[:, place] = _count_by_article(np.flatnonzero(mark), searched, base)
    repeated = base.loc[base.index.repeat(len(pairs))]
    columns = {column: repeated[column].array for column in _ARTICLE_COLUMNS}
    columns |= {"actor": [actor for actor, _ in pairs] * len(base), "codebook": codebook.id}
    columns |= {"entry": [entry for _, entry in pairs] * len(base), "n_both": n_both.ravel()}
    columns |= {"n_actor": n_actor.ravel(), "n_entry": n_entry.ravel(), "n_sentences": repeated["n_sentences"].array}
    return make_table("Pairs", columns)


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
    return pd.DataFrame({by: pd.Series(every, dtype="str"), "n_articles": counted["size"].to_numpy(), "n_words": counted["sum"].to_numpy()})


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
        days = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    return days.dt.strftime(formats[by]).astype("str")


def _fill_periods(groups: pd.Series, by: str) -> list[str]:
    """List every period from the first to the last, and "unknown" where it occurs."""
    known = sorted(set(groups) - {"unknown"})
    if not known:
        return ["unknown"] if len(groups) else []
    steps = {"day": "D", "week": "7D", "month": "MS", "year": "YS"}
    every = pd.date_range(known[0], known[-1], freq=steps[by])
    named = [str(name) for name in name_periods(pd.Series(every), by)]
    return named + (["unknown"] if (groups == "unknown").any() else [])


def _name_bin(floor: int) -> str:
    """Name a bin of lengths."""
    return f"{floor * _LENGTH_BIN:,}–{(floor + 1) * _LENGTH_BIN - 1:,}"


def _list_searched(sentences: pd.DataFrame, articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List the articles that were searched, with their denominators, ordered by id; and the sentences, with the place of their article."""
    searched = sentences.loc[sentences["part"].isin(SEARCHED_PARTS), ["article_id", "sentence", "n_words"]]
    totals = searched.groupby("article_id")["n_words"].agg(n_sentences="size", n_words="sum")
    base = articles[_ARTICLE_COLUMNS].merge(totals.reset_index(), on="article_id").sort_values("article_id", ignore_index=True)
    places = base[["article_id"]].assign(place=range(len(base)))
    return base, searched.merge(places, on="article_id").assign(row=lambda table: range(len(table)))


def _locate(mentions: pd.DataFrame, searched: pd.DataFrame) -> pd.DataFrame:
    """Give each mention the row of its sentence; mentions in other sentences than these are left out."""
    return mentions[["article_id", "sentence", "entry"]].merge(searched[["article_id", "sentence", "row"]], on=["article_id", "sentence"])


def _is_of(entries: pd.Series, entry: str) -> Truths:
    """Mark mentions of an entry or of its children."""
    codes, ids = pd.factorize(entries)
    is_of = np.array([id == entry or id.startswith(f"{entry}/") for id in ids], dtype=bool)
    marks: Truths = is_of[codes]
    return marks


def _mark(hits: pd.DataFrame, entry: str, searched: pd.DataFrame) -> Truths:
    """Mark the sentences that hold a mention of an entry."""
    marks = np.zeros(len(searched), dtype=bool)
    marks[hits.loc[_is_of(hits["entry"], entry), "row"].to_numpy()] = True
    return marks


def _count_by_article(rows: Ints, searched: pd.DataFrame, base: pd.DataFrame) -> Ints:
    """Count rows of the searched sentences by article."""
    return np.bincount(searched["place"].to_numpy()[rows], minlength=len(base))


def _expand_actors(actors: Sequence[str], codebook: Codebook) -> tuple[str, ...]:
    """Say which actors are meant: a group such as `type:state` only where the codebook at hand is the one of the actors."""
    if codebook.kind == "actors":
        return codebook.expand(actors)
    groups = [actor for actor in actors if actor.startswith("type:")]
    if groups:
        raise ToolkitError(
            f"count_pairs: actors has the group {groups[0]!r}. Allowed: ids of actors. Give actors=codebook.expand([{groups[0]!r}])."
        )
    return tuple(dict.fromkeys(actors))
