"""Count the articles of a corpus: by outlet, period, length and condition."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.counting.counts import PERIODS, list_periods, name_periods
from toolkit.errors import ToolkitError, name_choices
from toolkit.parsing import Corpus
from toolkit.tables import check_record

_LENGTH_BIN = 100  # words
_WAYS = ("outlet", *PERIODS, "length", "outlet and week", "condition")


def count_articles(corpus: Corpus, *, by: str) -> pd.DataFrame:
    """Count the articles of a corpus.

    Args:
        corpus: The corpus.
        by: `outlet`; `day`, `week` (named by its Monday), `month`, `year`; `length`, in steps of 100 words; `outlet and week`: a column for
            each outlet; `condition`: by outlet, articles repaired, doubtful, told elsewhere too, and sentences left out as boilerplate.

    Returns:
        One row per group, in order: the group, then counts. Periods between the first and the last without an article are included with
        zeros; articles without an outlet or a date are under "unknown". `attrs["outlet"]` has the names of outlets.

    Raises:
        ToolkitError: When `by` is none of these.

    Example:
        >>> from toolkit import read_corpus
        >>> count_articles(read_corpus("ukraine-korea"), by="length")["length"].tolist()
        ['300–399']
    """
    check_record(corpus, Corpus, "count_articles")
    if not isinstance(by, str) or by not in _WAYS:
        raise ToolkitError(f"by={by!r} is not a grouping of articles. {name_choices(str(by), _WAYS)}")
    corpus = replace(corpus, articles=corpus.articles.fillna({"outlet": "unknown"}))
    counted = _count_condition(corpus) if by == "condition" else _count_groups(corpus, by)
    counted.attrs["outlet"] = corpus.outlets  # for those who show it
    return counted


def _count_groups(corpus: Corpus, by: str) -> pd.DataFrame:
    """Count the articles of each group, those with none too."""
    group = "week" if by == "outlet and week" else by
    groups, every = _name_groups(corpus, group)
    if by == "outlet and week":  # a week that an outlet lacks is a change of the collection, not of the news
        counted = pd.crosstab(groups, corpus.articles["outlet"]).rename_axis(None, axis=1)
    else:
        counted = corpus.articles.groupby(groups)["n_words"].agg(n_articles="size", n_words="sum")
    return counted.reindex(every, fill_value=0).rename_axis(group).reset_index().astype({group: "str"})


def _name_groups(corpus: Corpus, by: str) -> tuple[pd.Series, Sequence[str]]:
    """Name the group of each article, and every group in order."""
    if by == "outlet":
        return corpus.articles["outlet"], sorted(corpus.articles["outlet"].unique())
    if by == "length":
        bins = corpus.articles["n_words"] // _LENGTH_BIN
        return bins.map(_name_bin), [_name_bin(number) for number in range(int(bins.min()), int(bins.max()) + 1)] if len(bins) else []
    periods = name_periods(corpus.articles["published"], by).fillna("unknown")
    return periods, list_periods(periods, by)


def _count_condition(corpus: Corpus) -> pd.DataFrame:
    """Condition of the articles and sentences of each outlet. Refused inputs have no outlet, because they were not read."""
    ids, lines = corpus.articles["article_id"], corpus.spans.assign(n_sentences=1, n_boilerplate=corpus.spans["part"] == "boilerplate")
    summed = lines.groupby("article_id")[["n_sentences", "n_boilerplate"]].sum().reindex(ids, fill_value=0)
    marked = {"n_repaired": ids.isin(corpus.repairs["article_id"]), "n_flagged": ids.isin(corpus.flags["article_id"])}
    table = corpus.articles[["outlet"]].assign(n_articles=1, **marked, n_shared=corpus.articles["story"].duplicated(keep=False))
    table[["n_sentences", "n_boilerplate"]] = summed.to_numpy()
    counted = table.groupby("outlet").sum().astype("int64").reset_index()
    return counted.assign(boilerplate_share=counted["n_boilerplate"] / np.maximum(counted["n_sentences"], 1))


def _name_bin(number: int) -> str:
    """Name a bin of lengths."""
    return f"{number * _LENGTH_BIN:,}–{(number + 1) * _LENGTH_BIN - 1:,}"
