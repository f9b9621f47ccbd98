"""Audit of a codebook in a corpus: what each pattern finds, what changes without it or with another codebook, which names are missing."""

import pandas as pd

from toolkit.counting.discovering import Names, find_lacking
from toolkit.counting.mentions import Mentions, check_same_corpus, is_of, list_above
from toolkit.estimating.estimates import PLACE, Listing
from toolkit.estimating.rates import estimate_rates
from toolkit.tables import check_record, make_table


def audit_codebook(mentions: Mentions) -> Listing:
    """Count what each pattern of a codebook found: which words produce the numbers?

    Args:
        mentions: Mentions of the codebook; the measured entries are audited.

    Returns:
        Table Audit, one row per entry and pattern in the order of the codebook, followed by spellings, given names and offices that were
        derived from patterns and found. The mentions of an entry add up to its count.

    Source: requested by users of quanteda (issue 2063).

    Example:
        >>> from toolkit import find_mentions, read_corpus
        >>> audit = audit_codebook(find_mentions(read_corpus("ukraine-korea"), "actors", ["KOR", "UKR"])).table
        >>> audit.loc[audit["n_mentions"] > 3, ["entry", "pattern", "n_mentions"]].values.tolist()
        [['UKR', 'Ukraine', 5], ['UKR', 'Ukrainian', 4]]
    """
    check_record(mentions, Mentions, "audit_codebook")
    book, own, keys = mentions.codebook, mentions.measured, ["entry", "pattern", "via"]
    outlets = mentions.corpus.articles[["article_id", "outlet"]].fillna({"outlet": "unknown"})
    told = own.merge(outlets, on="article_id").assign(other=_find_sharers(own))
    counted = {"n_mentions": ("start", "size"), "n_articles": ("article_id", "nunique"), "n_outlets": ("outlet", "nunique")}
    found = told.groupby(keys).agg(**counted, n_shared=("other", "count"))
    sharers = told.dropna(subset=["other"]).groupby([*keys, "other"]).size().rename("n").reset_index()
    sharers = sharers.sort_values(["n", "other"], ascending=[False, True]).drop_duplicates(keys).set_index(keys)["other"]
    found["shared_with"] = sharers.reindex(found.index)
    left = mentions.rows[(mentions.rows["left_out"] != "") & is_of(mentions.rows["entry"], mentions.entries)]
    n_left_out = left.groupby(keys).size().rename("n_left_out")
    met = set(own["entry"])
    shown = [entry for entry in book.entries if is_of(pd.Series([entry.id]), mentions.entries)[0] and (not entry.body or entry.id in met)]
    listed = pd.MultiIndex.from_tuples([(entry.id, pattern.text, pattern.via) for entry in shown for pattern in entry.patterns], names=keys)
    index = listed.append(found.index.union(n_left_out.index).difference(listed))
    index = index[pd.Index([entry.id for entry in book.entries]).get_indexer(index.get_level_values(0)).argsort(kind="stable")]
    audit = found.reindex(index).assign(n_left_out=n_left_out.reindex(index)).reset_index()
    audit = audit.fillna({"shared_with": ""} | dict.fromkeys(("n_mentions", "n_articles", "n_outlets", "n_shared", "n_left_out"), 0))
    totals = audit.groupby("entry")["n_mentions"].transform("sum")
    audit = audit.assign(codebook=book.id, share=audit["n_mentions"] / totals.where(totals > 0))
    table = make_table("Audit", {name: audit[name].array for name in make_table("Audit").columns})
    title = "Every pattern of the codebook, and what it found"
    columns = ("pattern", "via", "n_mentions", "share", "n_left_out", "n_articles", "n_outlets", "n_shared", "shared_with")
    labels = {"entry": book.labels, "shared_with": book.labels}
    return Listing("audit", title, table, columns, "n_mentions", own[PLACE + keys], (*keys,), labels, mentions.corpus, book.id, book.kind)


def compare_codebooks(first: Mentions, second: Mentions | None = None) -> Listing:
    """Compare rates with those of another codebook, or with those without each pattern: what changes in each outlet?

    Without `second`, each pattern is left out in turn. Its mentions and those of its spellings are subtracted; the corpus is not searched
    again. The true rate is higher if a shorter pattern of the entry would match the words instead, and lower if surnames count only because
    of this full name. For the exact rate, give a codebook without the pattern as `second`.

    Args:
        first: Mentions of the codebook.
        second: Mentions of another codebook in the same corpus; None: each pattern of the measured entries is left out in turn. Entries are
            paired by id; an entry that is in only one codebook has no mentions in the other.

    Returns:
        Table Changes, one row per outlet, entry and, without `second`, pattern; rows without a change are included.

    Raises:
        ToolkitError: When the two are not from the same corpus.

    Source: a simplification of leave-one-out influence (Cook 1977), which would search again without each pattern.

    Example:
        >>> from toolkit import find_mentions, read_corpus
        >>> without = compare_codebooks(find_mentions(read_corpus("ukraine-korea"), "actors", "umerov"))
        >>> without.table[["pattern", "n_before", "n_after"]].values.tolist()
        [['Rustem Umerov', 3, 2], ['Umerov', 3, 1]]
    """
    check_record(first, Mentions, "compare_codebooks")
    book, before = first.codebook, _sum_by_outlet(first)
    if second is not None:
        check_record(second, Mentions, "compare_codebooks")
        check_same_corpus(first.corpus, second.corpus, "compare_codebooks")
        one, other = before.align(_sum_by_outlet(second))
        table = pd.DataFrame({"n_before": one["n_mentions"].fillna(0), "n_after": other["n_mentions"].fillna(0)})
        table = table.assign(n_words=one["n_words"].fillna(other["n_words"])).astype("int64").assign(pattern="").reset_index()
        labels, title = {**second.codebook.labels, **book.labels}, "The rates that another codebook changes"
    else:
        table = _drop_patterns(first, before)
        labels, title = dict(book.labels), "The rates without what each pattern found"
    table["rate_before"], table["rate_after"] = (1000 * table[n] / table["n_words"] for n in ("n_before", "n_after"))
    table = table.assign(codebook=book.id, change=(table["n_after"] - table["n_before"]) / table["n_before"].where(table["n_before"] > 0))
    changes = make_table("Changes", {name: table[name].array for name in make_table("Changes").columns})
    keys = ("entry", "outlet") if second is not None else ("entry", "pattern", "outlet")
    columns = (*keys, "n_before", "n_after", "rate_before", "rate_after", "change")
    behind = first.measured[[*PLACE, *(key for key in keys if key != "outlet")]]
    return Listing("changes", title, changes, columns, "n_before", behind, keys, {"entry": labels}, first.corpus, book.id, book.kind)


def suggest_entries(names: Names, *, most: int = 10, least: int = 3) -> Listing:
    """Suggest entries for a codebook of actors: the most frequent names that no entry covers.

    Names are runs of capitalised words, so places and events are among the suggestions.

    Args:
        names: Names.
        most: Maximum number of suggestions.
        least: Minimum number of occurrences of a name.

    Returns:
        The most frequent first: `name`, `n_mentions`, `n_articles`, `variants` (other spellings).

    Raises:
        ToolkitError: When the argument is not Names.

    Example:
        >>> from toolkit import find_mentions, find_names, read_corpus
        >>> suggest_entries(find_names(find_mentions(read_corpus("ukraine-korea"), "actors")))
        Names that the codebook lacks: 0 rows, actors in ukraine-korea
    """
    check_record(names, Names, "suggest_entries")
    book, (table, behind) = names.actors.codebook, find_lacking(names, least=least, most=most)
    title, columns = "Names that the codebook lacks", ("name", "n_mentions", "n_articles", "variants")
    return Listing("lacking", title, table, columns, "n_mentions", behind, ("name",), {}, names.corpus, book.id, "actors")


def _drop_patterns(mentions: Mentions, before: pd.DataFrame) -> pd.DataFrame:
    """Mentions of each entry and outlet before, and after those of each pattern that found some are left out."""
    outlets = mentions.corpus.articles[["article_id", "outlet"]].fillna({"outlet": "unknown"})
    own = mentions.measured[mentions.measured["via"] != "role"].merge(outlets, on="article_id")
    held = {one: [id for id in list_above(one) if id in mentions.entries] for one in own["entry"].unique()}
    n_found = own.assign(entry=own["entry"].map(held)).explode("entry").groupby(["entry", "pattern", "outlet"]).size()
    patterns = n_found.index.droplevel("outlet").unique().to_frame(index=False)
    grid = patterns.merge(before.reset_index().rename(columns={"n_mentions": "n_before"}), on="entry")
    gone = n_found.reindex(pd.MultiIndex.from_frame(grid[["entry", "pattern", "outlet"]]), fill_value=0)
    return grid.assign(n_after=grid["n_before"] - gone.to_numpy())


def _find_sharers(hits: pd.DataFrame) -> pd.Series:
    """For each mention, another entry that has a word of it; missing where there is none. Mentions of a codebook seldom overlap."""
    spans = hits[[*PLACE, "entry"]].reset_index(names="row")
    pairs = spans.merge(spans, on=PLACE[:2], suffixes=("", "_of_other"))
    meets = (pairs["start"] < pairs["end_of_other"]) & (pairs["start_of_other"] < pairs["end"])
    pairs = pairs[meets & (pairs["entry"] != pairs["entry_of_other"])]
    others = pairs.iloc[(-(pairs["row"] - pairs["row_of_other"]).abs()).argsort(kind="stable")].drop_duplicates("row")  # the outermost
    return others.set_index("row")["entry_of_other"].reindex(hits.index)


def _sum_by_outlet(mentions: Mentions) -> pd.DataFrame:
    """Mentions and words by outlet and entry."""
    return estimate_rates(mentions).table.set_index(["outlet", "entry"])[["n_mentions", "n_words"]]
