"""The records of estimates with intervals and of listings, and the function behind all estimates: ratios of sums over stories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product, takewhile

import numpy as np
import pandas as pd

from toolkit.coding.agreement import note_poor
from toolkit.coding.records import Labels
from toolkit.counting import Mentions
from toolkit.counting.counts import PERIODS, Counts, Floats, Groups, count_entries, list_searched, locate, name_periods
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.intervals import MIN_ARTICLES, MIN_WITH, Sums, bound_ratios, check_level, sum_up
from toolkit.markup import CHANGE, name_ids, write_count, write_first
from toolkit.parsing import Corpus
from toolkit.tables import TABLES, make_table, read_data

# Share of all articles above which outlets that a period lacks are told: in news-2017 one with a tenth makes most mentions of China.
MOST_MISSING = 0.05
PLACE = ["article_id", "sentence", "start", "end"]
Mix = str | Mentions
# What numbers may be estimated over, so that groups do not differ in it; and main actors, which mentions tell.
MIXES = ("outlet", *PERIODS)


@dataclass(frozen=True)
class Measure:
    """What is estimated: all that a chart or table must know of a quantity.

    Attributes:
        name: Its name, which begins those of files: `rates`.
        unit: `mentions per 1,000 words`, `share of articles`.
        counted: What a number counts and opens: `mention`, `sentence`, `article`, `attribution`, `name`.
        per: By how much the ratio is multiplied to have the unit.
        part: Whether what is divided is a part of that by which it is: a share, from 0 to 1.
    """

    name: str
    unit: str
    counted: str
    per: float = 1.0
    part: bool = True


UNITS = {"share": "share of mentions", "change": CHANGE}  # units of the columns of listings that are not counts or rates
# All that are estimated, by what they are of and the `share` that is asked for; comparisons make their own.
MEASURES = {group: {share: Measure(*told) for share, told in some.items()} for group, some in read_data("measures", "estimating").items()}


@dataclass(frozen=True, eq=False, repr=False)
class Estimates:
    """Estimates with intervals, and the places in the text behind each number.

    Attributes:
        table: Table Estimates; the first columns are the groups.
        measure: The quantity that was estimated.
        corpus: The corpus.
        codebook: Id of the codebook of the entries.
        behind: What was counted, one row per place in the text: `article_id`, `sentence`, `start`, `end`, and the columns of the table that
            identify the number (`entry`, `actor`, `role`).
        labels: For each of these columns, labels by id.
        kind: Kind of mark for these places: actors, frames, language.
        level: Confidence level of the intervals.
        beside: The mentions of the actors in the rows, if numbers count sentences with both.
        suffix: Suffix that distinguishes these estimates from others with the same measure and groups.
    """

    table: pd.DataFrame
    measure: Measure
    corpus: Corpus
    codebook: str
    behind: pd.DataFrame
    labels: Mapping[str, Mapping[str, str]]
    kind: str
    level: float = 0.95
    beside: pd.DataFrame | None = None
    suffix: str = ""

    @cached_property
    def groups(self) -> list[str]:
        """The columns of the groups: those before `entry`."""
        return [*takewhile("entry".__ne__, map(str, self.table.columns))]

    def __bool__(self) -> bool:
        """Whether any number has an interval: where nothing, or too little, was coded, none that is corrected has one."""
        return bool(self.table["low"].notna().any())

    @property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """Labels by id, those of outlets too."""
        return {**self.labels, "outlet": self.corpus.outlets, "against": self.corpus.outlets}

    @property
    def known(self) -> pd.DataFrame:
        """The rows that have an estimate."""
        return self.table[self.table["estimate"].notna()]

    @property
    def name(self) -> str:
        """The name of the files and figures of these estimates, such as rates-by-outlet."""
        return "-".join([self.measure.name, *(["by", *self.groups] if self.groups else []), *([self.suffix] if self.suffix else [])])

    @property
    def is_mixed(self) -> pd.Series:
        """Which rows belong to a period with missing outlets, in which a change may come from the collection."""
        return self.table["note"].str.contains(r"\d of \d+ outlets")

    @property
    def is_compared(self) -> bool:
        """Whether the numbers are compared with the number expected by chance."""
        return "expected" in self.table

    @property
    def is_mutual(self) -> bool:
        """Whether actors are paired each with each."""
        return self.beside is self.behind

    def surest(self, most: int = 30) -> "Estimates":
        """Keep the pairs that occur together more often than by chance, those with the strongest evidence first.

        Args:
            most: How many at most.

        Returns:
            Those whose whole interval lies above 1, ordered by its lower bound. If there are none, as in a handful of articles, those that
            occur together at all, the most frequent first.
        """
        by, listed = "low", self.table[self.table["low"] > 1]
        if listed.empty:
            by, listed = "n_mentions", self.table[self.table["n_mentions"] > 0]
        order = [by, *self.groups, "entry"]
        table = listed.sort_values(order, ascending=[False] + [True] * (len(order) - 1), ignore_index=True).head(most)
        return replace(self, table=table, suffix="surest")

    def __repr__(self) -> str:
        """One line: what was estimated of what, and how sure."""
        n_entries, by = self.table["entry"].nunique(), f" by {' and '.join(self.groups)}" if self.groups else ""
        how = f"{100 * self.level:.4g}% intervals"
        return f"Estimates: {self.measure.unit}{by}, {write_count(len(self.table), 'number')} of {write_count(n_entries, 'entry')} ({how})"

    def _repr_html_(self) -> str:
        """The first numbers, as a table for a notebook."""
        names, numbers = [*self.groups, "entry"], dict.fromkeys(("estimate", "low", "high"), self.measure.unit)
        counted = {"n_mentions": f"n_{self.measure.counted}s"} if self.measure.counted != "article" else {}
        table = self.table[[*names, *numbers, "n_mentions", "n_articles"]].rename(columns=counted)
        return write_first(name_ids(table, self.names), repr(self), len(names), numbers)


@dataclass(frozen=True, eq=False, repr=False)
class Listing:
    """A table of patterns, words or names, with the places in the text behind each row.

    Attributes:
        name: Short name, used for files: `audit`, `changes`, `keyness-tass-com`, `collocates`, `lacking`.
        title: Title in words.
        table: The table.
        columns: The columns shown; the first ones identify the row.
        number: The next column, whose numbers open sentences.
        behind: What was counted, one row per place in the text: `article_id`, `sentence`, `start`, `end`, and the columns of the table that
            identify the row (`outlet` is that of the article).
        keys: The columns that identify the row.
        labels: For columns that hold ids, labels by id.
        corpus: The corpus.
        codebook: Id of the codebook.
        kind: Kind of mark for these places: actors, frames, language.
    """

    name: str
    title: str
    table: pd.DataFrame
    columns: tuple[str, ...]
    number: str
    behind: pd.DataFrame
    keys: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]]
    corpus: Corpus
    codebook: str
    kind: str

    @property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """Labels by id, those of outlets too."""
        return {**self.labels, "outlet": self.corpus.outlets}

    def __repr__(self) -> str:
        """One line: what is listed, and how much of it."""
        return f"{self.title}: {write_count(len(self.table), 'row')}, {self.codebook} in {self.corpus.name}"

    def _repr_html_(self) -> str:
        """The first rows, as a table for a notebook."""
        return write_first(name_ids(self.table[list(self.columns)], self.names), repr(self), self.columns.index(self.number), UNITS)


def list_groups(by: Groups) -> list[str]:
    """Check by what numbers are grouped.

    Raises:
        ToolkitError: When there is no such grouping.

    Example:
        >>> list_groups("outlet")
        ['outlet']
    """
    groups = [by] if isinstance(by, str) and by else list(dict.fromkeys(by))
    for column in groups:
        if column not in ("outlet", *PERIODS):
            raise ToolkitError(f"by={column!r} is not a grouping. {name_choices(column, ['outlet', *PERIODS])} Empty for the whole corpus.")
    return groups


def name_groups(articles: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Name the groups of each article."""
    columns = {column: name_periods(articles["published"], column) if column in PERIODS else articles[column] for column in by}
    return pd.DataFrame(columns, index=articles.index).fillna("unknown").astype("str")


def count_found(mentions: Mentions, found: pd.DataFrame, hits: pd.DataFrame, keys: Mapping[str, Sequence[str]]) -> Counts:
    """Count what falls to each entry in each article, and all that was found, by which it is divided.

    Args:
        mentions: Whose corpus and codebook these are.
        found: All that was found, a row each: `article_id`, what it weighs (`n`), and the keys before `entry`.
        hits: What falls to an entry, likewise.
        keys: The values of each key; the last is `entry`.

    Returns:
        Counts by article and combination of keys, as `divide_counts` takes them.
    """
    articles = list_searched(mentions.corpus)
    table = pd.DataFrame(list(product(*keys.values())), columns=list(keys), dtype="str")
    numbered, shape = table.reset_index(names="column"), (len(articles), len(table))

    def add_up(rows: pd.DataFrame, on: Sequence[str]) -> Floats:
        placed = rows.merge(numbered, on=on) if on else rows.merge(numbered, how="cross")
        cells = locate(placed["article_id"], articles) * len(table) + placed["column"].to_numpy(dtype=np.int64)
        return np.bincount(cells, weights=placed["n"], minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)

    *inner, entry = keys
    values = {"top": add_up(hits, [*inner, entry]), "bottom": add_up(found, inner), "counted": add_up(hits.assign(n=1), [*inner, entry])}
    return Counts(articles, table, values, mentions.codebook.id)


def estimate_counts(
    mentions: Mentions, counts: Counts, measure: Measure, by: Groups, level: float = 0.95, over: Mix = "", labels: Labels | None = None
) -> Estimates:
    """Divide counts and record the numbers, as numbers about the entries of mentions; with `over`, at a fixed mix.

    Raises:
        ToolkitError: When a group or mix is not allowed.
    """
    groups, book, mix = list_groups(by), mentions.codebook, "actor" if isinstance(over, Mentions) else over
    table = note_outlets(divide_counts(counts, measure, groups, check_level(level)), counts.articles, groups)
    if isinstance(over, Mentions):
        counts = replace(counts, articles=counts.articles.assign(actor=find_main(over, counts.articles["article_id"])))
    elif over not in ("", *MIXES):
        raise ToolkitError(f"over={over!r} is not a mix. {name_choices(over, MIXES)} Or mentions of actors, or empty for none.")
    if mix:
        table = standardise(table, counts, measure, mix, level)
    table = note_poor(table, labels) if labels is not None else table
    behind, names = mentions.measured[[*PLACE, "entry"]], {"entry": book.labels, "actor": book.labels}
    return Estimates(table, measure, mentions.corpus, book.id, behind, names, book.kind, level, suffix=f"over-{mix}" if mix else "")


def find_main(actors: Mentions, articles: pd.Series) -> np.ndarray:
    """Find the actor that each article names most often, of several the first; `nobody` where it names none of those measured."""
    counts = count_entries(actors)
    named = counts.values["n_mentions"]
    main = np.where(named.any(axis=1), counts.keys["entry"].to_numpy()[named.argmax(axis=1)], "nobody")
    return np.asarray(pd.Series(main, counts.articles["article_id"]).reindex(articles).fillna("nobody"))


def note_outlets(table: pd.DataFrame, articles: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Note the number of outlets in each period in which outlets with more than a twentieth of all articles are missing.

    What changes there may be the collection, not the news.
    """
    outlets = articles["outlet"].fillna("unknown")
    if "outlet" in by or not set(by) & set(PERIODS) or table.empty:
        return table
    sizes = outlets.value_counts(normalize=True)
    there = outlets.groupby([name_groups(articles, by)[column] for column in by]).unique()
    lacking = there[there.map(lambda some: sizes[list(some)].sum()) < 1 - MOST_MISSING]
    said = {key: f"{len(some)} of {len(sizes)} outlets" for key, some in lacking.items()}
    keys = [key if len(by) > 1 else key[0] for key in table[list(by)].itertuples(index=False, name=None)]
    return table.assign(note=["; ".join(filter(None, pair)) for pair in zip(table["note"], map(said.get, keys), strict=True)])


def standardise(table: pd.DataFrame, counts: Counts, measure: Measure, over: str, level: float) -> pd.DataFrame:
    """Average numbers over outlets, periods or main actors with fixed weights, so that groups do not differ in their mix of these.

    Each weighs as its articles in the whole corpus. Of periods those count that all groups have; a group without an outlet has no number.
    Of actors those count of which groups have an interval: all groups but those that have one only of actors with less than half of the
    articles (our choice). A state's own paper may have few articles on anything else, and what is not there cannot be compared.

    The average has the score interval of a single number whose units were independent and had the same variance: of as many words or
    articles as the usual rates of these actors, in all groups together, say. The groups' own variances give its design effect.

    Args:
        table: The numbers, which are kept as `raw`; the groups are before `entry`.
        counts: Counts by article and entry, whose articles have the column `over` if it is `actor`.
        measure: What is estimated.
        over: `outlet`, a period or `actor`.
        level: Confidence level.

    Source: direct standardisation (Rothman, Greenland & Lash 2008, ch. 3), with an effective denominator (Fay & Feuer 1997, for single
        events). Chosen by simulation: tests/validity/simulate_intervals.py.
    """
    by = [str(column) for column in table.columns[: list(table.columns).index("entry")]]
    fine, sums = sum_groups(counts, measure, [*by, over])
    fine = make_estimates(fine, sums, measure, level).assign(**sums._asdict())
    weights = fine.drop_duplicates([*by, over]).groupby(over)["n_articles"].sum()
    cells = fine.set_index([*by, "entry", over]).unstack().reindex(pd.MultiIndex.from_frame(table[[*by, "entry"]]))
    is_known = cells["low" if over == "actor" else "estimate"].notna().reindex(columns=weights.index, fill_value=False)
    is_enough = (is_known @ weights >= weights.sum() / 2) | (over != "actor")
    kept = weights.index[is_known[is_enough].all() | (over == "outlet")]
    top, bottom, variance, n_with, low = (cells[name][kept] for name in ("top", "bottom", "variance", "n_with", "low"))
    share = weights[kept] / weights[kept].sum()
    usual = top.groupby("entry").transform("sum") / bottom.groupby("entry").transform("sum")
    mean, own = (usual * share).sum(axis=1), usual * (1 - usual * measure.part)  # the variance of one unit
    size = mean * (1 - mean * measure.part) / (share**2 * own / bottom).sum(axis=1)
    size = size.where(size > 0, bottom.sum(axis=1))  # of what is nowhere
    ratio = (share * top / bottom).sum(axis=1, skipna=False) if len(kept) else size * np.nan
    varied = (size**2 * ((share / bottom) ** 2 * variance).sum(axis=1)).where(ratio.notna(), 0.0)
    told = (share / bottom * n_with).sum(axis=1) ** 2 / ((share / bottom) ** 2 * n_with).sum(axis=1)  # as Kish counts weighted units
    whole = (ratio * size, size, varied, size * np.inf, told.where(ratio.notna(), 0.0).fillna(0.0))
    made = _bound_entries(table, Sums(*(values.to_numpy() for values in whole)), measure, level)
    made |= {name: np.where(low.isna().any(axis=1), np.nan, made[name]) for name in ("low", "high")}
    lacks = [f"{int(some)} of {len(kept)} {over}s: no estimate" for some in cells["estimate"][kept].notna().sum(axis=1)]
    left = f"over {len(kept)} of {len(weights)} {over}s with {weights[kept].sum() / weights.sum():.0%} of the articles"
    notes = np.where(np.isnan(made["low"]), f"few articles of one {over}: no interval", left if len(kept) < len(weights) else "")
    noted = np.where(np.isnan(made["estimate"]), lacks, notes)
    return order_columns(table.assign(**made, raw=table["estimate"], note=noted))


def divide_counts(counts: Counts, measure: Measure, by: Sequence[str], level: float) -> pd.DataFrame:
    """Divide sums of counts in every group, with intervals.

    A group's articles are those with a count below: all that were searched, or those that mention the actor. The numbers of an entry share
    what is known of its spread over stories.

    Args:
        counts: Counts by article and key: what is divided (`top`), by what (`bottom`), and what is behind the numbers (`counted`).
        measure: What is estimated.
        by: Groups of articles.
        level: Confidence level.

    Returns:
        Table Estimates: groups of articles by name; then keys in their order.

    Source: as `toolkit.estimating.intervals.bound_ratios`.
    """
    return make_estimates(*sum_groups(counts, measure, by), measure, level)


def sum_groups(counts: Counts, measure: Measure, by: Sequence[str]) -> tuple[pd.DataFrame, Sums]:
    """Sum counts up in every group: a row each, and its sums over stories, as `make_estimates` takes them."""
    tops, bottoms, n_counted = (counts.values[name] for name in ("top", "bottom", "counted"))
    inner = [column for column in counts.keys.columns if column != "entry"]
    blocks = counts.keys.groupby(inner, sort=False).indices.values() if inner else [np.arange(len(counts.keys))]
    named = name_groups(counts.articles, by)
    groups = sorted(named.groupby(list(by)).indices.items(), key=lambda item: item[0]) if by else [((), np.arange(len(named)))]
    words, stories = counts.articles["n_words"].to_numpy(), counts.articles["story"].to_numpy()
    rows, sums = list[tuple[object, ...]](), list[Sums]()
    for values, members in groups:
        key = (values,) if isinstance(values, str) else values
        for columns in blocks:
            own = members[(bottoms[np.ix_(members, columns)] > 0).any(axis=1)]
            sizes, top, bottom = sum_stories(stories[own], *(array[np.ix_(own, columns)] for array in (tops, bottoms)))
            n_words = int(words[members].sum()) if measure.counted in ("mention", "article") and not inner else 0
            behind = n_counted[np.ix_(own, columns)].sum(axis=0)
            sums.append(sum_up(top, bottom, share=measure.part))
            rows += [(*key, *counts.keys.iloc[column], int(behind[at]), len(own), n_words, len(sizes)) for at, column in enumerate(columns)]
    table = pd.DataFrame(rows, columns=[*by, *counts.keys.columns, "n_mentions", "n_articles", "n_words", "n_stories"])
    return table, Sums(*map(np.concatenate, zip(*(sums or [Sums(*[np.empty(0)] * 5)]), strict=True)))


def make_estimates(table: pd.DataFrame, sums: Sums, measure: Measure, level: float) -> pd.DataFrame:
    """Make the table of Estimates of sums, a row each: estimate, bounds, and why there are none.

    Args:
        table: The groups, `entry`, `n_mentions`, `n_articles`, `n_words`; `n_stories` where these may be fewer than the articles.
        sums: The sums of the rows; the spread is shared by those of an entry.
        measure: What is estimated.
        level: Confidence level.
    """
    found = _bound_entries(table, sums, measure, level)
    few, unknown = table["n_stories"] < MIN_ARTICLES, np.isnan(found["estimate"])
    none, n_with = found["estimate"] == 0, pd.Series(sums.n_with).groupby(table["entry"].array).transform("sum").array
    notes = {
        "nothing to divide by: no estimate": unknown,
        f"fewer than {MIN_ARTICLES} articles: no interval": table["n_articles"] < MIN_ARTICLES,
        f"fewer than {MIN_ARTICLES} stories: no interval": few,
        f"fewer than {MIN_WITH} stories tell how much it varies: no interval": np.isnan(found["low"]) & (n_with < MIN_WITH),
        "the same in every article: no interval": np.isnan(found["low"]),
        "none seen: an upper bound": none,
        "all seen: a lower bound": (found["estimate"] == 1) & measure.part,
    }
    found |= {name: np.where(few, np.nan, found[name]) for name in ("low", "high")}
    return order_columns(table.assign(**found, note=np.select(list(notes.values()), list(notes), "")))


def _bound_entries(table: pd.DataFrame, sums: Sums, measure: Measure, level: float) -> dict[str, Floats]:
    """Estimate and bounds of sums, a row each; the spread is shared by those of an entry."""
    found: dict[str, Floats] = {name: np.full(len(table), np.nan) for name in ("estimate", "low", "high")}
    for places in table.groupby("entry", sort=False).indices.values():
        own = Sums(*(values[places][:, None] for values in sums))
        with np.errstate(invalid="ignore", divide="ignore"):
            estimate = own.top / own.bottom
        for name, values in zip(found, (estimate, *bound_ratios(own, level, share=measure.part)), strict=True):
            found[name][places] = measure.per * values[:, 0]
    return found


def order_columns(made: pd.DataFrame) -> pd.DataFrame:
    """Make the table of Estimates of columns: the groups, which come before `entry`, and those of the schema."""
    names = [column.name for column in TABLES["Estimates"].columns if column.name in made]
    groups = [str(column) for column in made.columns[: list(made.columns).index("entry")]]
    return make_table("Estimates", {name: made[name].array for name in (*groups, *names)}).astype(dict.fromkeys(groups, "str"))


def sum_stories(stories: np.ndarray, *values: Floats) -> tuple[Floats, ...]:
    """Sum rows of articles by story, in the order in which these come: how many articles each has, then each array summed."""
    codes, ids = pd.factorize(stories)
    summed = [np.zeros((len(ids), array.shape[1])) for array in values]
    for into, array in zip(summed, values, strict=True):
        np.add.at(into, codes, array)
    return np.bincount(codes, minlength=len(ids)).astype(np.float64), *summed
