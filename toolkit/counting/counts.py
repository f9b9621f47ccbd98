"""Count mentions: per article and entry, and per pair of actor and entry, including zeros."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from toolkit.counting.characters import Ints
from toolkit.counting.mentions import Mentions, check_same_corpus, is_of, list_above
from toolkit.parsing import Corpus
from toolkit.tables import TABLES, check_record, make_table

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Groups = str | Sequence[str]

# How the first day of each period is written, and its name in pandas.
PERIODS = {"day": ("%Y-%m-%d", "D"), "week": ("%Y-%m-%d", "W"), "month": ("%Y-%m", "M"), "year": ("%Y", "Y")}
SENTENCE_BITS = 24  # bits of a number of `number_sentences` for the sentence: no article has 16 million


@dataclass(frozen=True, eq=False, repr=False)
class Counts:
    """Counts of articles, as arrays: a row per article that was searched, a column per entry or pair.

    Attributes:
        articles: `article_id`, `outlet`, `published`, `story`, `n_sentences`, `n_words` (searched), ordered by id.
        keys: A row for each column of the arrays: `entry`, and before it `actor` where pairs are counted.
        values: Arrays by name.
        codebook: Id of the codebook.
    """

    articles: pd.DataFrame
    keys: pd.DataFrame
    values: Mapping[str, Floats]
    codebook: str

    @cached_property
    def table(self) -> pd.DataFrame:
        """Table Counts, or Pairs where pairs were counted: a row per article and column, zeros included."""
        name = "Pairs" if "actor" in self.keys else "Counts"
        crossed = self.articles.merge(self.keys, how="cross").assign(codebook=self.codebook)
        values = {value: counted.ravel() for value, counted in self.values.items()}
        return make_table(name, {column.name: values.get(column.name, crossed.get(column.name)) for column in TABLES[name].columns})


_COUNTED = WeakKeyDictionary[Mentions, Counts]()


def count_mentions(mentions: Mentions) -> pd.DataFrame:
    """Count the mentions of each entry in each article, including zeros.

    Denominators come from the sentences searched, never from the matches: an article is included if at least one of its sentences was
    searched.

    Args:
        mentions: Mentions; only those that count are counted, for the entries that are measured. A parent counts its children.

    Returns:
        Table Counts, one row per article and entry, ordered by article and then in the order of the entries.

    Source: by the overlap rule, a parent is the sum of its children.

    Example:
        >>> from toolkit import find_mentions, read_corpus
        >>> count_mentions(find_mentions(read_corpus("ukraine-korea"), "actors", ["UKR", "FRA", "PRK"]))["n_mentions"].tolist()
        [12, 1, 0]
    """
    check_record(mentions, Mentions, "count_mentions")
    return count_entries(mentions).table


def count_entries(mentions: Mentions) -> Counts:
    """Count the mentions of each measured entry in each article, and the sentences with one; once, as long as the mentions are there."""
    if mentions in _COUNTED:
        return _COUNTED[mentions]
    base, hits, ids = list_searched(mentions.corpus), mentions.measured, mentions.entries
    held = _list_held(hits, base, ids)
    of_sentences = held.drop_duplicates(["article", "sentence", "key"])
    values = {"n_mentions": _count_cells(held, base, len(ids)), "n_sentences_with": _count_cells(of_sentences, base, len(ids))}
    keys = pd.DataFrame({"entry": pd.array(ids, dtype="str")})
    return _COUNTED.setdefault(mentions, Counts(base, keys, values, mentions.codebook.id))


def count_pairs(actors: Mentions, others: Mentions, pairs: Sequence[tuple[str, str]] = ()) -> Counts:
    """Count the sentences that mention an actor and an entry together.

    Args:
        actors: Mentions of the actors.
        others: Mentions of the entries, in the same corpus; may be the same.
        pairs: Pairs of actor and entry; none: each actor measured with each entry measured, but not with itself.

    Returns:
        Counts by article and pair: `n_both`, `n_actor`, `n_entry`, in sentences.

    Raises:
        ToolkitError: When the two were not found in the same corpus.
    """
    check_same_corpus(actors.corpus, others.corpus, "estimate_together")
    is_same = actors.codebook.id == others.codebook.id
    given = [pair for pair in pairs or product(actors.entries, others.entries) if not (is_same and pair[0] == pair[1])]
    base, searched = list_searched(others.corpus), others.corpus.searched[["article_id", "sentence"]]
    keys = pd.DataFrame(given, columns=["actor", "entry"], dtype="str")
    named = {"actor": actors.counted.merge(searched), "entry": others.counted.merge(searched)}
    held = (_list_held(found, base, keys[side].tolist()) for side, found in named.items())
    of_actor, of_entry = (one[["article", "sentence", "key"]].drop_duplicates() for one in held)
    sides = {"n_both": of_actor.merge(of_entry), "n_actor": of_actor, "n_entry": of_entry}
    return Counts(base, keys, {name: _count_cells(held, base, len(keys)) for name, held in sides.items()}, others.codebook.id)


def choose_company(mentions: Mentions, most: int) -> list[tuple[str, str]]:
    """Choose pairs of actors: those measured, and those that most often share a sentence with one of them, each with each.

    Args:
        mentions: Mentions of actors.
        most: How many actors at most; where more are measured, those mentioned most often.

    Returns:
        Pairs; each appears once, since company has no direction.
    """
    named, keys = mentions.counted, ["article_id", "sentence"]
    n_named = {actor: int(is_of(named["entry"], [actor]).sum()) for actor in mentions.entries}
    first = list(n_named) if len(n_named) <= most else sorted(n_named, key=lambda actor: (-n_named[actor], actor))[:most]
    is_first = is_of(named["entry"], first)
    beside = named.loc[~is_first, [*keys, "entry"]].merge(named.loc[is_first, keys].drop_duplicates(), on=keys).drop_duplicates()
    often = sorted(beside["entry"].value_counts().items(), key=lambda item: (-item[1], str(item[0])))
    ids = [*first, *(str(entry) for entry, _ in often)][:most]
    return [(actor, entry) for place, actor in enumerate(ids) for entry in ids[place + 1 :]]


def list_searched(corpus: Corpus) -> pd.DataFrame:
    """List the articles with at least one searched sentence and their denominators, ordered by id."""
    searched = corpus.spans.loc[corpus.kept, ["article_id", "n_words"]]  # of a large corpus, all columns would be a copy of it
    base = corpus.articles[["article_id", "outlet", "published", "story"]].sort_values("article_id", ignore_index=True)
    place = locate(searched["article_id"], base)
    n_sentences = np.bincount(place, minlength=len(base))
    n_words = np.bincount(place, weights=searched["n_words"], minlength=len(base)).astype(np.int64)
    return base.assign(n_sentences=n_sentences, n_words=n_words)[n_sentences > 0].reset_index(drop=True)


def locate(ids: pd.Series, base: pd.DataFrame) -> Ints:
    """Find the row of each article in a table of articles; -1 if it is missing."""
    return np.asarray(pd.Index(base["article_id"]).get_indexer(ids))


def number_sentences(rows: pd.DataFrame, base: pd.DataFrame) -> Ints:
    """Number the sentence of each row, the same for the same sentence: its article's place in a table of articles above, its own below."""
    return np.asarray((locate(rows["article_id"], base) << SENTENCE_BITS) + rows["sentence"])


def _list_held(hits: pd.DataFrame, base: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """List for each mention the places (`key`) in a list of ids of its entry and of those above it, and its article's row (`article`)."""
    above = {entry: list_above(entry) for entry in hits["entry"].unique()}
    held = [(entry, key) for entry in above for key, id in enumerate(ids) if id in above[entry]]
    places = hits.assign(article=locate(hits["article_id"], base))
    return places.merge(pd.DataFrame(held, columns=["entry", "key"]).astype({"entry": "str", "key": "int64"}), on="entry")


def _count_cells(held: pd.DataFrame, base: pd.DataFrame, n_keys: int) -> Floats:
    """Count the rows of each article and key."""
    return np.bincount(held["article"] * n_keys + held["key"], minlength=len(base) * n_keys).astype(np.float64).reshape(len(base), n_keys)


def name_periods(published: pd.Series, by: str) -> pd.Series:
    """Name the day, week, month or year of each date, as a string that sorts; missing where there is none.

    Args:
        published: Dates.
        by: `day`, `week`, `month` or `year`.

    Returns:
        One string per date.

    Source: weeks start on Monday, as in ISO 8601.

    Example:
        >>> name_periods(pd.Series(pd.to_datetime(["2017-02-08"])), "week").tolist()
        ['2017-02-06']
    """
    return published.dt.to_period(PERIODS[by][1]).dt.start_time.dt.strftime(PERIODS[by][0]).astype("str")


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
    every = pd.Series(pd.period_range(known[0], known[-1], freq=PERIODS[by][1]).start_time if known else [], dtype="datetime64[us]")
    return [*map(str, name_periods(every, by)), *["unknown"] * bool((names == "unknown").any())]
