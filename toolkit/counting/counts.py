"""Count mentions: per article and entry, per pair of actor and entry, and the articles themselves. Zeros are rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.errors import CodebookError, ToolkitError, name_choices
from toolkit.parsing import Corpus
from toolkit.tables import SEARCHED_PARTS, make_table

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Truths = np.ndarray[tuple[int], np.dtype[np.bool_]]

_ARTICLE_COLUMNS = ["article_id", "outlet", "published", "story"]
_LENGTH_BIN = 100  # words


def find_sentences_with(sentences: pd.DataFrame, mentions: pd.DataFrame, entry: str) -> pd.DataFrame:
    """Find the sentences that mention an entry: to search only near it.

    Args:
        sentences: Sentences.
        mentions: Mentions, in which the entry was looked for.
        entry: Its id; children count as it. "" means every sentence.

    Returns:
        The rows of Sentences that hold a mention.

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
    wanted = mentions.loc[is_of(mentions["entry"], entry), ["article_id", "sentence"]].drop_duplicates()
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
        CodebookError: When an entry is not in the codebook, or a mention is of a pattern that is not.

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
    hits = _locate(_weigh(mentions[mentions["codebook"] == codebook.id], codebook), searched, "weight").sort_values(["row", "weight"])
    hit, place = _list_holders(hits["entry"], ids)
    row, weight = hits["row"].to_numpy()[hit], hits["weight"].to_numpy()[hit]
    with_any = np.unique(row * len(ids) + place)
    cells, n_cells = searched["place"].to_numpy()[row] * len(ids) + place, len(base) * len(ids)
    cells_with = searched["place"].to_numpy()[with_any // len(ids)] * len(ids) + with_any % len(ids)
    counted = {
        "n_mentions": np.bincount(cells, minlength=n_cells),
        "score": np.bincount(cells, weights=weight, minlength=n_cells),
        "n_sentences_with": np.bincount(cells_with, minlength=n_cells),
    }
    repeated = base.loc[base.index.repeat(len(ids))]
    columns = {column: repeated[column].array for column in _ARTICLE_COLUMNS}
    columns |= {"codebook": codebook.id, "entry": list(ids) * len(base)}
    return make_table("Counts", columns | counted | {column: repeated[column].array for column in ("n_sentences", "n_words")})


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

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news, book = read_corpus("ukraine-korea"), read_codebook("actors")
        >>> sentences = split_sentences(news.articles)
        >>> mentions = find_mentions(news.articles, sentences, book)
        >>> pairs = count_pairs(mentions, mentions, sentences, news.articles, book, actors=["umerov"], entries=["KOR"])
        >>> pairs["n_both"].tolist(), pairs["n_actor"].tolist()
        ([1], [3])
    """
    ids = codebook.expand(entries)
    pairs = [(actor, entry) for actor in _expand_actors(actors, codebook) for entry in ids if actor != entry]
    return _count_pairs(actor_mentions, mentions[mentions["codebook"] == codebook.id], sentences, articles, codebook.id, pairs)


def count_company(
    mentions: pd.DataFrame, sentences: pd.DataFrame, articles: pd.DataFrame, codebook: Codebook, *, actors: Sequence[str], most: int = 18
) -> pd.DataFrame:
    """Count which actors keep company: some, and those that most often stand in one sentence with any of them, each with each.

    Args:
        mentions: Mentions of actors.
        sentences: The sentences that were searched.
        articles: Articles.
        codebook: The codebook of the actors.
        actors: Actors to begin with, whose children count as them; none: all at the top.
        most: How many actors there are in the end, at most; where more are asked for, those that are named most often.

    Returns:
        Pairs, one row per article and pair of actors; each pair stands once, since company has no direction.

    Raises:
        CodebookError: When an actor is not in the codebook.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news, book = read_corpus("ukraine-korea"), read_codebook("actors")
        >>> sentences = split_sentences(news.articles)
        >>> mentions = find_mentions(news.articles, sentences, book)
        >>> count_company(mentions, sentences, news.articles, book, actors=["umerov"], most=3)[["actor", "entry", "n_both"]].values.tolist()
        [['umerov', 'RUS', 3], ['umerov', 'UKR', 2], ['RUS', 'UKR', 3]]
    """
    n_named = {actor: int(is_of(mentions["entry"], actor).sum()) for actor in codebook.expand(actors)}
    first = list(n_named) if len(n_named) <= most else sorted(n_named, key=lambda actor: (-n_named[actor], actor))[:most]
    is_first = np.any([is_of(mentions["entry"], actor) for actor in first], axis=0)
    keys = ["article_id", "sentence"]
    beside = mentions[~is_first].merge(mentions.loc[is_first, keys].drop_duplicates(), on=keys).drop_duplicates([*keys, "entry"])
    often = sorted(beside["entry"].value_counts().items(), key=lambda item: (-item[1], str(item[0])))
    ids = [*first, *(str(entry) for entry, _ in often)][:most]
    pairs = [(actor, entry) for place, actor in enumerate(ids) for entry in ids[place + 1 :]]
    return _count_pairs(mentions, mentions, sentences, articles, codebook.id, pairs)


def _count_pairs(
    actor_mentions: pd.DataFrame,
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    codebook_id: str,
    pairs: Sequence[tuple[str, str]],
) -> pd.DataFrame:
    """Count the sentences with both of each pair."""
    base, searched = _list_searched(sentences, articles)
    actor_hits, hits = _locate(actor_mentions, searched), _locate(mentions, searched)
    with_actor = {actor: _mark(actor_hits, actor, searched) for actor in dict.fromkeys(actor for actor, _ in pairs)}
    with_entry = {entry: _mark(hits, entry, searched) for entry in dict.fromkeys(entry for _, entry in pairs)}
    n_both, n_actor, n_entry = np.zeros((3, len(base), len(pairs)), dtype=np.int64)
    for place, (actor, entry) in enumerate(pairs):
        marks = (with_actor[actor] & with_entry[entry], with_actor[actor], with_entry[entry])
        for counted, mark in zip((n_both, n_actor, n_entry), marks, strict=True):
            counted[:, place] = _count_by_article(np.flatnonzero(mark), searched, base)
    repeated = base.loc[base.index.repeat(len(pairs))]
    columns = {column: repeated[column].array for column in _ARTICLE_COLUMNS}
    columns |= {"actor": [actor for actor, _ in pairs] * len(base), "codebook": codebook_id}
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
        every = list_periods(groups, by)
    counted = articles.assign(group=groups).groupby("group")["n_words"].agg(["size", "sum"]).reindex(every, fill_value=0)
    return pd.DataFrame({by: pd.Series(every, dtype="str"), "n_articles": counted["size"].to_numpy(), "n_words": counted["sum"].to_numpy()})


def count_condition(corpus: Corpus, sentences: pd.DataFrame) -> pd.DataFrame:
    """Count by outlet in what state a corpus is: what was repaired, is doubtful, is told elsewhere too, was left out as boilerplate.

    Args:
        corpus: The corpus. What was refused is not in it: nothing was read of it that would name its outlet.
        sentences: All its sentences.

    Returns:
        One row per outlet, in order: `outlet`; articles, and those repaired, flagged, in a story with others (shared); sentences, and those
        left out as boilerplate, and their share.

    Example:
        >>> from toolkit import read_corpus, split_sentences
        >>> news = read_corpus("ukraine-korea")
        >>> count_condition(news, split_sentences(news.articles))[["n_articles", "n_sentences", "n_boilerplate"]].values.tolist()
        [[1, 12, 2]]
    """
    ids, left = corpus.articles["article_id"], sentences["part"] == "boilerplate"
    lines = sentences.assign(n_sentences=1, n_boilerplate=left).groupby("article_id")[["n_sentences", "n_boilerplate"]].sum()
    table = pd.DataFrame({"outlet": corpus.articles["outlet"].fillna("unknown"), "n_articles": 1})
    table["n_repaired"] = ids.isin(corpus.repairs["article_id"])
    table["n_flagged"] = ids.isin(corpus.flags["article_id"])
    table["n_shared"] = corpus.articles["story"].duplicated(keep=False)
    table[["n_sentences", "n_boilerplate"]] = lines.reindex(ids, fill_value=0).to_numpy()
    summed = table.groupby("outlet").sum().astype("int64").reset_index()
    return summed.assign(boilerplate_share=summed["n_boilerplate"] / summed["n_sentences"].clip(lower=1))


def count_shared(articles: pd.DataFrame) -> pd.DataFrame:
    """Count the stories that each outlet shares with each other; with itself, those that it told more than once.

    Args:
        articles: Articles with their stories.

    Returns:
        One row per outlet, in order: `outlet`, then a column for each outlet.

    Example:
        >>> columns = {"article_id": ["a", "b", "c"], "outlet": ["x.com", "y.com", "y.com"], "story": ["a", "a", "c"]}
        >>> count_shared(pd.DataFrame(columns)).values.tolist()
        [['x.com', 0, 1], ['y.com', 1, 0]]
    """
    told = articles[["article_id", "outlet", "story"]].fillna({"outlet": "unknown"})
    pairs = told.merge(told[told["story"].duplicated(keep=False)], on="story", suffixes=("", "_other"))
    pairs = pairs[pairs["article_id"] != pairs["article_id_other"]].drop_duplicates(["outlet", "outlet_other", "story"])
    outlets = sorted(told["outlet"].unique())
    counted = pd.crosstab(pairs["outlet"], pairs["outlet_other"]).reindex(index=outlets, columns=outlets, fill_value=0)
    return counted.rename_axis("outlet").rename_axis(None, axis=1).reset_index()


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


def list_periods(names: pd.Series, by: str) -> list[str]:
    """List every period from the first to the last of those named, and "unknown" at the end where it occurs.

    Args:
        names: Names of periods, as `name_periods` gives them.
        by: `day`, `week`, `month` or `year`.

    Returns:
        Their names, in order, without a gap.

    Example:
        >>> list_periods(pd.Series(["2017-03", "unknown", "2017-01"]), "month")
        ['2017-01', '2017-02', '2017-03', 'unknown']
    """
    known = sorted(set(names) - {"unknown"})
    steps = {"day": "D", "week": "7D", "month": "MS", "year": "YS"}
    every = pd.date_range(known[0], known[-1], freq=steps[by]) if known else []
    named = [str(name) for name in name_periods(pd.Series(every, dtype="datetime64[us]"), by)]
    return named + (["unknown"] if (names == "unknown").any() else [])


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


def _locate(mentions: pd.DataFrame, searched: pd.DataFrame, *others: str) -> pd.DataFrame:
    """Give each mention the row of its sentence, beside its entry and other columns; those in other sentences are left out."""
    columns = ["article_id", "sentence", "entry", *others]
    return mentions[columns].merge(searched[["article_id", "sentence", "row"]], on=["article_id", "sentence"])


def _weigh(mentions: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Give each mention the weight of its pattern: a spelling that of the name it was made of; an office has none, so 1."""
    weights = {(entry.id, pattern.via, pattern.text): pattern.weight for entry in codebook.entries for pattern in entry.patterns}
    spelled = {(entry, text): weight for (entry, via, text), weight in weights.items() if via == "name"}
    weights |= {(entry, via, text): weight for (entry, text), weight in spelled.items() for via in ("variant", "given")}
    weights |= {(entry.id, "role", role.title): 1.0 for entry in codebook.entries for role in entry.roles}
    named = ["entry", "via", "pattern"]
    patterns = mentions[named].drop_duplicates()
    keys = list(patterns.itertuples(index=False, name=None))
    unknown = next((key for key in keys if key not in weights), None)
    if unknown is not None:
        raise CodebookError(f"{codebook.path_name}: entry {unknown[0]!r} has no pattern {unknown[2]!r}, as mentions do. Find them anew.")
    return mentions.merge(patterns.assign(weight=[weights[key] for key in keys]), on=named, how="left")


def is_of(entries: pd.Series, entry: str) -> Truths:
    """Mark mentions of an entry or of its children."""
    codes, ids = pd.factorize(entries)
    held = np.array([id == entry or id.startswith(f"{entry}/") for id in ids], dtype=bool)
    marks: Truths = held[codes]
    return marks


def _list_holders(entries: pd.Series, ids: Sequence[str]) -> tuple[Ints, Ints]:
    """List for each mention the ids that hold it, itself and those above it: the mention's row, and the id's place."""
    codes, found = pd.factorize(entries)
    places = {id: place for place, id in enumerate(ids)}
    above = [["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)] for parts in (entry.split("/") for entry in found)]
    holders = [np.array([places[id] for id in chain if id in places], dtype=np.int64) for chain in above]
    if not holders:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    sizes = np.array([len(some) for some in holders])[codes]
    starts = np.append(0, np.cumsum([len(some) for some in holders])[:-1])[codes]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(np.arange(len(codes)), sizes), np.concatenate(holders)[np.repeat(starts, sizes) + within]


def _mark(hits: pd.DataFrame, entry: str, searched: pd.DataFrame) -> Truths:
    """Mark the sentences that hold a mention of an entry."""
    marks = np.zeros(len(searched), dtype=bool)
    marks[hits.loc[is_of(hits["entry"], entry), "row"].to_numpy()] = True
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
