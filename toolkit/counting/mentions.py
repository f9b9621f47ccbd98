"""The record of the mentions of a codebook in a corpus, the verbs that make and narrow it, and which matches a score lets count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit.codebooks import Codebook, read_codebook
from toolkit.counting.characters import Truths
from toolkit.counting.matching import match_articles
from toolkit.counting.vectors import find_vectors
from toolkit.errors import CorpusError, ToolkitError, name_choices
from toolkit.markup import Facts, write_count
from toolkit.parsing.corpus import Corpus, cut_texts, is_searched, keep_articles
from toolkit.parsing.store import find_kept, hash_rooms, is_kept
from toolkit.tables import check_record, make_table

Book = str | Path | Codebook
Ids = str | Sequence[str]
Make = Callable[[Corpus], pd.DataFrame]
USES = ("strict", "lenient", "all")
# The rooms whose code makes what is found: an edit of another room searches nothing again.
MADE_BY = ("parsing", "codebooks", "counting")
_KEYS, _CELL = ["article_id", "sentence"], ["article_id", "sentence", "entry"]
_FEW = 10  # times as many articles has a whole corpus of which only a part is searched, where nothing of the whole is kept yet


@dataclass(frozen=True, eq=False, repr=False)
class Mentions(Facts):
    """The mentions of the entries of a codebook in a corpus: every match, and whether it counts.

    Attributes:
        rows: Table Mentions: every match in the sentences searched, with the reason if it does not count.
        corpus: The corpus that was searched.
        codebook: The codebook.
        entries: The entries that are measured; the other entries still compete with them for words.
        uses: Which uses of the names of states count: `strict`, `lenient` or `all`.
    """

    rows: pd.DataFrame
    corpus: Corpus
    codebook: Codebook
    entries: tuple[str, ...]
    uses: str = "lenient"

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The rows that count, of all entries."""
        return self.rows[self.rows["left_out"] == ""].reset_index(drop=True)

    @cached_property
    def measured(self) -> pd.DataFrame:
        """The rows that count, of the entries that are measured and those nested in them."""
        return self.counted[is_of(self.counted["entry"], self.entries)].reset_index(drop=True)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Table Mentions of the entries that are measured, with outlet and date, and the sentence around each match."""
        own = self.rows[is_of(self.rows["entry"], self.entries)]
        spans = own[["article_id", "sentence"]].merge(self.corpus.spans[["article_id", "sentence", "start", "end"]], how="left")
        told = own.merge(self.corpus.articles[["article_id", "outlet", "published"]], how="left")
        return told.assign(text=cut_texts(self.corpus.articles, spans))

    _line = "Mentions: {Counted} of {Of}, in {In} ({Left out})"

    @cached_property
    def _facts(self) -> dict[str, str]:
        """What there is to say of them."""
        own, corpus = self.rows.loc[is_of(self.rows["entry"], self.entries), "left_out"], self.corpus
        reasons = ", ".join(f"{reason}s {n:,}" for reason, n in own[own != ""].value_counts().items())
        return {
            "Counted": f"{(own == '').sum():,} of {len(own):,} counted",
            "Of": f"{write_count(len(self.entries), 'entry')} of {self.codebook.id}: {list_labels(self.codebook, self.entries)}",
            "In": f"{write_count(len(corpus.articles), 'article')} of {', '.join(filter(None, (corpus.name, corpus.narrowed)))}",
            "Left out": f"{self.uses}; not counted: {reasons or 'nothing'}",
        }


def find_mentions(
    corpus: Corpus, codebook: Book, entries: Ids = (), *, uses: str = "lenient", roles: bool = False, alone: bool = False
) -> Mentions:
    """Find the mentions of the entries of a codebook.

    The name of a capital or state can refer to an actor or only to a place. `lenient` leaves out capitals that are only a place (*a bridge
    in Kyiv*) and counts undecided ones; `strict` counts only names classified as actors, so *a bridge in Ukraine* is not a mention of
    Ukraine either. Matches that do not count stay in the rows with the reason.

    Args:
        corpus: The corpus.
        codebook: Name of a bundled codebook, path of a file, or a codebook that was read.
        entries: Entries to measure, by id or label; groups such as `type:state`; empty for all top-level entries. A parent counts its
            children.
        uses: `strict`, `lenient`, or `all`: capitals and seats of power that are only places count too.
        roles: Whether an office (*the US president*) counts for the person who holds it.
        alone: Whether the rows of the other entries are left out. The numbers are the same; of a large corpus, less is held in memory.

    In a scored codebook, a match counts if its sentence reaches the threshold of the entry and its own weight is positive.

    Returns:
        The mentions. A corpus is searched once for a codebook; the result is kept in the cache.

    Raises:
        ToolkitError: When the first argument is not a corpus, or `uses` is not allowed.
        CodebookError: When there is no such codebook or entry.

    Source: places and actors: evaluated on GeoWebNews (Gritta et al. 2020), see the methods page.

    Example:
        >>> from toolkit import read_corpus
        >>> find_mentions(read_corpus("ukraine-korea"), "actors", ["Ukraine", "KOR"])
        Mentions: 20 of 22 counted of 2 entries of actors: Ukraine, South Korea,
        in 1 article of ukraine-korea (lenient; not counted: places 2)
    """
    check_record(corpus, Corpus, "find_mentions")
    if uses not in USES:
        raise ToolkitError(f"uses={uses!r} is not a way to count. {name_choices(uses, USES)}")
    book = codebook if isinstance(codebook, Codebook) else read_codebook(codebook)
    ids, name, key = book.expand(entries), f"mentions {book.id}", [book.fingerprint]
    only = [entry.id for entry in book.entries if alone and not frozenset(ids).isdisjoint(list_above(entry.id))]
    found = find_of_whole(corpus, name, key, lambda whole: match_articles(whole.articles, whole.spans, book), is_local=True, only=only)
    if corpus.kept.sum() < is_searched(corpus.spans).sum():
        found = found.merge(corpus.searched[["article_id", "sentence"]], on=["article_id", "sentence"])
    use, via, is_strict = found["use"].to_numpy(), found["via"].to_numpy(), uses == "strict"
    is_place = (use == "place") & (uses != "all") & ((via == "metonym") | is_strict)
    left_out = np.select([(via == "role") & (not roles), is_place, (use == "undecided") & is_strict], ["office", "place", "undecided"], "")
    return Mentions(mark_scores(found.assign(left_out=pd.array(left_out, dtype="str")), corpus, book), corpus, book, tuple(ids), uses)


def mark_scores(rows: pd.DataFrame, corpus: Corpus, codebook: Codebook) -> pd.DataFrame:
    """Leave out the matches of scored entries that do not count, and add the sentences that count by their vector.

    A match counts where its sentence reaches the threshold, its weight is above 0, and no match before that counts lies over its words.
    Where an entry weighs vectors, the sentence counts, not the words.
    """
    scored = {entry.id: entry for entry in codebook.entries if entry.intercept is not None}
    if not scored:
        return rows
    scores = score_rows(rows, corpus, codebook)
    reached = scores[scores["probability"] >= scores["entry"].map({id: entry.threshold for id, entry in scored.items()})]
    speak = [(id, one.text) for id, entry in scored.items() if not entry.vector for one in entry.patterns if (one.weight or 0) > 0]
    counts = pd.MultiIndex.from_frame(rows[["entry", "pattern"]]).isin(speak)
    counts &= pd.MultiIndex.from_frame(rows[_CELL]).isin(pd.MultiIndex.from_frame(reached[_CELL]))
    tops = rows["end"].where(counts, 0).groupby([rows["article_id"], rows["entry"]])
    counts &= rows["start"] >= tops.cummax().groupby([rows["article_id"], rows["entry"]]).shift(fill_value=0)
    rows = rows.assign(left_out=rows["left_out"].mask(rows["entry"].isin(list(scored)) & ~counts, "score"))
    spans = reached[reached["entry"].isin([id for id, entry in scored.items() if entry.vector])].merge(corpus.searched, on=_KEYS)
    told = dict.fromkeys(rows.columns, "") | {name: spans[name].array for name in (*_CELL, "start", "end")}
    told |= {"surface": cut_texts(corpus.articles, spans), "codebook": codebook.id, "pattern": "vector", "via": "vector"}
    every = pd.concat([rows, make_table("Mentions", told)], ignore_index=True)
    return every.sort_values(["article_id", "start", "end", "entry"], kind="stable", ignore_index=True)


def score_rows(rows: pd.DataFrame, corpus: Corpus, codebook: Codebook) -> pd.DataFrame:
    """Score the searched sentences by the matches in them and, where an entry weighs vectors, by their vectors."""
    searched, tables = corpus.searched, [make_table("Scores")]
    index = pd.MultiIndex.from_frame(searched[_KEYS])
    for entry in [entry for entry in codebook.entries if entry.intercept is not None]:
        found = rows.loc[rows["entry"] == entry.id, [*_KEYS, "pattern"]].drop_duplicates()
        weights = found["pattern"].map({pattern.text: pattern.weight or 0.0 for pattern in entry.patterns}).astype("float64").fillna(0.0)
        score = entry.intercept + weights.groupby([found[key] for key in _KEYS]).sum().reindex(index, fill_value=0.0).to_numpy()
        if entry.vector:
            score = score + find_vectors(corpus, searched, entry.model) @ np.array(entry.vector)
        told = {key: searched[key].array for key in _KEYS} | {"entry": entry.id, "probability": 1 / (1 + np.exp(-score))}
        tables.append(make_table("Scores", told))
    return pd.concat(tables, ignore_index=True)


def score_sentences(mentions: Mentions) -> pd.DataFrame:
    """Estimate the probability that each sentence contains what each scored entry means.

    A probability depends only on the weights in the codebook: those of the different patterns found in the sentence,
    counted or not, each once.

    Args:
        mentions: Mentions of a scored codebook.

    Returns:
        Table Scores: one row per searched sentence and scored entry; empty if the codebook is not scored.

    Source: logistic regression: Hastie, Tibshirani & Friedman 2009, 4.4.

    Example:
        >>> from toolkit import read_corpus
        >>> len(score_sentences(find_mentions(read_corpus("ukraine-korea"), "frames")))
        0
    """
    return score_rows(mentions.rows, mentions.corpus, mentions.codebook)


def check_same_corpus(first: Corpus, second: Corpus, who: str) -> None:
    """Check that two results are from the same corpus: the same articles, cleaned in the same way; one may have fewer sentences.

    Raises:
        ToolkitError: When they are of two corpora.
    """
    facts, others = ((one.sha256, one.without, one.articles["article_id"].tolist()) for one in (first, second))
    if facts != others:
        raise ToolkitError(f"{who}: what is given comes from two corpora: {first!r} and {second!r}. Find both in the same corpus.")


def keep_entries(mentions: Mentions, entries: Ids) -> Mentions:
    """Select other entries of the mentions found.

    Args:
        mentions: Mentions.
        entries: Entries, as in `find_mentions`; `found` for all entries with a match.

    Returns:
        The same matches, with other entries to measure.

    Raises:
        CodebookError: When there is no such entry.

    Example:
        >>> from toolkit import read_corpus
        >>> keep_entries(find_mentions(read_corpus("ukraine-korea"), "actors"), "umerov").entries
        ('umerov',)
    """
    check_record(mentions, Mentions, "keep_entries")
    met = set(mentions.counted["entry"])
    given = [one.id for one in mentions.codebook.entries if one.id in met] if entries == "found" else entries
    return replace(mentions, entries=mentions.codebook.expand(given))


def keep_near(corpus: Corpus, mentions: Mentions, entry: str) -> Corpus:
    """Narrow a corpus to the sentences that mention an entry, to search only these.

    Args:
        corpus: The corpus.
        mentions: Mentions in it.
        entry: The entry, by id or label, including its children. Empty for every sentence.

    Returns:
        The corpus with fewer sentences to search.

    Raises:
        CodebookError: When there is no such entry.
        CorpusError: When no sentence mentions it.

    Example:
        >>> from toolkit import read_corpus
        >>> news = read_corpus("ukraine-korea")
        >>> len(keep_near(news, find_mentions(news, "actors"), "umerov").searched)
        3
    """
    check_record(corpus, Corpus, "keep_near")
    check_record(mentions, Mentions, "keep_near")
    if not entry:
        return corpus
    check_same_corpus(corpus, mentions.corpus, "keep_near")
    (id,) = mentions.codebook.expand([entry])
    wanted = mentions.counted.loc[is_of(mentions.counted["entry"], [id]), ["article_id", "sentence"]].drop_duplicates()
    if wanted.empty:
        raise CorpusError(f"keep_near: no sentence of {corpus.name} mentions {mentions.codebook.labels[id]}. Choose another entry.")
    narrowed = "; ".join(filter(None, (corpus.narrowed, f"sentences that mention {mentions.codebook.labels[id]}")))
    near = pd.MultiIndex.from_frame(corpus.spans[_KEYS]).isin(pd.MultiIndex.from_frame(wanted))
    return replace(corpus, kept=corpus.kept & near, narrowed=narrowed)


def list_labels(codebook: Codebook, entries: Sequence[str], most: int = 6) -> str:
    """Name the first entries.

    Example:
        >>> list_labels(read_codebook("frames"), ["conflict", "morality"], most=1)
        'Conflict (generic), …'
    """
    return ", ".join([*(codebook.labels[entry] for entry in entries[:most]), *(["…"] if len(entries) > most else [])])


def is_of(entries: pd.Series, ids: Sequence[str]) -> Truths:
    """Mark mentions of some entries or of their children.

    Example:
        >>> is_of(pd.Series(["violence", "violence/bombs", "violent"]), ["violence"]).tolist()
        [True, True, False]
    """
    wanted = frozenset(ids)
    return np.asarray(entries.isin([name for name in entries.unique() if not wanted.isdisjoint(list_above(name))]), dtype=bool)


def list_above(entry: str) -> list[str]:
    """List an entry and those that it is nested in.

    Example:
        >>> list_above("violence/bombs")
        ['violence', 'violence/bombs']
    """
    parts = entry.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def find_of_whole(
    corpus: Corpus, name: str, key: Sequence[object], make: Make, *, is_local: bool, by: Sequence[str] = MADE_BY, only: Sequence[str] = ()
) -> pd.DataFrame:
    """Find a table of a corpus: made once of the whole corpus, kept in the cache, and read from there for every part of it.

    Args:
        corpus: A corpus, or a part of one.
        name: What the table is, in words.
        key: What it depends on in addition to the corpus and the code.
        make: Makes it of a corpus.
        is_local: Whether each article's rows depend on that article alone: then little is made of what is asked for, and not kept.
        by: The rooms, or their modules, whose code makes it.
        only: Entries whose rows are wanted; none: all rows.

    Returns:
        The rows of the corpus's articles.
    """
    whole = corpus.whole or corpus
    named, full = f"{whole.name} {name}", [whole.key, *key, hash_rooms(*by)]
    is_little = len(corpus.articles) * _FEW < len(whole.articles)
    if not whole.key or (is_local and is_little and not is_kept(named, full)):
        found = make(corpus if is_local else whole)
        return keep_articles(found[found["entry"].isin(only)] if only else found, corpus.articles)
    wanted = {"entry": only, "article_id": corpus.articles["article_id"].tolist() if is_little else []}
    return keep_articles(find_kept(named, full, lambda: {"found": make(whole)}, wanted)["found"], corpus.articles)
