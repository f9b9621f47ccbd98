"""Agreement of coders, and the sentences on which they differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import pandas as pd

from toolkit.coding.records import KEYS, SETTLED, Labels
from toolkit.errors import ToolkitError
from toolkit.markup import name_ids, read_style, write_block, write_count, write_frame
from toolkit.parsing.corpus import cut_texts
from toolkit.tables import check_record, make_table, read_limits

RELIABLE, POOR, _N_RESAMPLES, _MIN_ARTICLES, _SHOWN, _CUT = read_limits("agreement", "coding")
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True, eq=False, repr=False)
class Agreement:
    """How far coders agree on each entry.

    Attributes:
        table: Table Agreement: one row per entry and pair of coders, and of all coders where there are more than two.
        disputed: Table Disputed: the answers on which coders differ or are unsure, next to each other.
        labels: The labels compared.
    """

    table: pd.DataFrame
    disputed: pd.DataFrame
    labels: Labels

    def __repr__(self) -> str:
        """One line: how many entries, how many of them reliable, how much there is to settle."""
        n_bad, n_left = self.table.loc[self.table["note"] == "not reliable", "entry"].nunique(), int((self.disputed["settled"] == "").sum())
        entries = write_count(self.table["entry"].nunique(), "entry")
        return f"Agreement on {entries}, of which {n_bad} not reliable; {write_count(n_left, 'answer')} to settle"

    def _repr_html_(self) -> str:
        """The table, and the first answers to settle."""
        names, told = ({"entry": self.labels.codebook.labels}, f"Differing or unsure: {len(self.disputed)}, shown: {_SHOWN} in part")
        disputed = self.disputed.assign(text=[f"{text[:_CUT]}…" for text in self.disputed["text"]])  # no page puts articles together
        columns = [*["coders"] * (self.table["coders"].nunique() > 1), "n_sentences", "agreement", "alpha", "low", "high", "note"]
        table = write_frame(name_ids(self.table[["entry", *columns]], names), repr(self), 1, {"agreement": "share of sentences"})
        return read_style() + write_block(table + write_frame(name_ids(disputed.drop(columns=KEYS).head(_SHOWN), names), told))


def note_poor(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Note the entries of estimates on which coders agree too little."""
    poor = np.where(table["entry"].isin(_list_poor(labels)), f"{POOR}; ", "")
    return table.assign(note=(poor + table["note"]).str.removesuffix("; "))


@lru_cache(maxsize=4)  # a page asks for each of its numbers
def _list_poor(labels: Labels) -> list[str]:
    """List the entries on which coders agree too little; none where fewer than two have coded."""
    if len({*labels.coders} - {SETTLED}) < 2:
        return []
    return [*estimate_agreement(labels).table.query("note == 'not reliable'")["entry"]]


def estimate_agreement(labels: Labels) -> Agreement:
    """Estimate how far coders agree on each entry.

    `unsure` is an answer of its own: a coder who is unsure does not agree with one who is sure. Leaving such answers out would drop the
    difficult sentences and overestimate agreement. Answers that were settled afterwards do not count. The sample is not weighted: it
    contains more hits than the corpus, and agreement describes the coders, not the corpus. An entry with alpha below .667 is `not
    reliable`: it should not be used until its definition is revised and it is coded again.

    Args:
        labels: Labels of two or more coders.

    Returns:
        For each entry and pair of coders, and for all coders if there are more than two: the share of sentences on which they agree (for
        more than two coders, the mean share of agreeing pairs per sentence), Cohen's kappa, Krippendorff's alpha for nominal values
        with its 95% interval, Gwet's AC1 over the values that were used, and `note`. Undefined values are missing: kappa for more than
        two coders, alpha if all answers are the same, an interval with fewer than 5 articles. The record also has the disputed answers.

    Raises:
        ToolkitError: When the argument is not Labels, or fewer than two coders have coded.

    Source: alpha and .667: Krippendorff 2019, Content Analysis, 4th ed., ch. 12; its interval: percentiles of 2,000 resamples of articles,
    by the corpus's seed (Zapf et al. 2016, BMC Medical Research Methodology 16:93, who resample units; sentences of an article go
    together). kappa: Cohen 1960, by statsmodels. AC1: Gwet 2008, British Journal of Mathematical and Statistical Psychology 61.
    Tests hold alpha to the package krippendorff and to worked examples of Krippendorff 2011, Computing Krippendorff's
    Alpha-Reliability (.743), AC1 to values that the R package irrCAC prints for its own examples.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from pathlib import Path
        >>> from toolkit import read_corpus, read_labels
        >>> news = read_corpus("ukraine-korea")
        >>> said = {"ann": "yes yes no no", "bob": "yes yes no unsure"}
        >>> id, numbers = news.articles["article_id"][0], news.searched["sentence"]
        >>> rows = [f"{id},{number},{who},{one}" for who in said for number, one in zip(numbers, said[who].split())]
        >>> with TemporaryDirectory() as folder:
        ...     _ = (Path(folder) / "both.csv").write_text(chr(10).join(["article_id,sentence,coder,label", *rows]))
        ...     agreement = estimate_agreement(read_labels(Path(folder) / "both.csv", news, "language", entries="hedges"))
        >>> agreement
        Agreement on 1 entry, of which 1 not reliable; 1 answer to settle
        >>> agreement.table[["coders", "n_sentences", "agreement", "alpha"]].round(3).values.tolist()
        [['ann, bob', 4, 0.75, 0.632]]
    """
    check_record(labels, Labels, "estimate_agreement")
    rows = labels.rows[labels.rows["coder"] != SETTLED]
    coders = tuple(sorted(rows["coder"].unique()))
    if len(coders) < 2:
        who = ", ".join(coders) or "nobody"
        raise ToolkitError(f"estimate_agreement: coded by {who}; two are needed. Read the files of several coders.")
    groups, found = [*combinations(coders, 2), *([coders] if len(coders) > 2 else [])], []
    for entry in labels.entries:
        said = rows[rows["entry"] == entry].pivot(index=KEYS, columns="coder", values="label").reindex(columns=coders)
        for group in groups:
            seed = [labels.corpus.seed, *entry.encode(), *", ".join(group).encode()]
            found.append((entry, ", ".join(group), *_compare(said[list(group)].dropna(how="all"), seed)))
    columns = zip(make_table("Agreement").columns, zip(*found, strict=True), strict=True)
    return Agreement(make_table("Agreement", dict(columns)), find_disputed(labels), labels)


def find_disputed(labels: Labels) -> pd.DataFrame:
    """Find the answers on which coders differ, or of which one is unsure: table Disputed, in the order in which sentences are coded."""
    by, rows = [*KEYS, "entry"], labels.rows.sort_values([*KEYS, "entry", "coder"])
    said = rows["coder"] + ": " + rows["label"] + (" (" + rows["note"] + ")").where(rows["note"] != "", "")
    rows, is_own = rows.assign(said=said, is_unsure=rows["label"] == "unsure", settled=rows["label"]), rows["coder"] != SETTLED
    told = rows[is_own].groupby(by).agg(n=("label", "nunique"), unsure=("is_unsure", "any"), said=("said", " · ".join)).reset_index()
    texts = labels.sample.assign(text=cut_texts(labels.corpus.articles, labels.sample))
    found = texts.merge(told[(told["n"] > 1) | told["unsure"]], on=KEYS)
    found = found.merge(rows.loc[~is_own, [*by, "settled"]], on=by, how="left").fillna({"settled": ""})
    return make_table("Disputed", {name: found[name] for name in (*by, "said", "settled", "text")})


def _compare(said: pd.DataFrame, seed: Sequence[int]) -> Sequence[object]:
    """Compare coders: all columns of Agreement but the first two. `said` has a column for each coder, a row for each sentence coded."""
    from statsmodels.stats.inter_rater import cohens_kappa

    values = sorted({*said.stack().dropna()})
    counts = np.stack([(said == value).sum(axis=1) for value in values or [""]], axis=1)
    m = counts.sum(axis=1)
    parts = np.column_stack([(m**2 - (counts**2).sum(axis=1)) / np.maximum(m - 1, 1), counts])[m > 1]
    by_article = pd.DataFrame(parts).groupby(said.index[m > 1].get_level_values(0).array).sum().to_numpy()
    low = high = kappa = np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        alpha, agreement = float(estimate_alpha(parts.sum(axis=0))), float(1 - (parts[:, 0] / m[m > 1]).sum() / np.float64(len(parts)))
        if len(parts) and said.shape[1] == 2:
            both = pd.crosstab(said.iloc[:, 0], said.iloc[:, 1]).reindex(index=values, columns=values, fill_value=0)
            kappa = cohens_kappa(both.to_numpy(), return_results=False)
        if len(by_article) >= _MIN_ARTICLES and not np.isnan(alpha):
            draws = np.random.default_rng(seed).multinomial(len(by_article), [1 / len(by_article)] * len(by_article), _N_RESAMPLES)
            low, high = np.nanquantile(estimate_alpha(draws @ by_article), [0.025, 0.975])
        shares = (counts / m[:, None]).mean(axis=0)
        chance = (shares * (1 - shares)).sum() / max(len(values) - 1, 1)
        ac1 = (agreement - chance) / (1 - chance)
    note = "not defined" if np.isnan(alpha) else "not reliable" if alpha < RELIABLE else ""
    return len(parts), agreement, kappa, alpha, low, high, ac1, note


def estimate_alpha(parts: Floats) -> Floats:
    """Krippendorff's alpha for nominal values, from sums over sentences: their disagreement, then how often each value was given.

    Source: Krippendorff 2011: alpha = 1 - (n - 1) d / (n² - Σc n_c²), where d = Σu (m_u² - Σc n_uc²) / (m_u - 1) over sentences u with
    m_u answers, two or more, n_uc of which are c; n_c and n are the sums of n_uc.

    Example:
        >>> round(float(estimate_alpha(np.array([0.0 + 2, 4, 3, 1]))), 3)  # yes yes no no against yes yes no unsure
        0.632
    """
    n = parts[..., 1:].sum(axis=-1)
    return np.asarray(1 - (n - 1) * parts[..., 0] / (n**2 - (parts[..., 1:] ** 2).sum(axis=-1)))
