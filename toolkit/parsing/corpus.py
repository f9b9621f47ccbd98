"""The record of a corpus: its articles, their sentences, and all that is known of how they were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from toolkit.markup import Facts, write_count
from toolkit.tables import SEARCHED_PARTS

MOST_OUTLETS = 20  # named where a corpus shows itself


@dataclass(frozen=True, eq=False, repr=False)
class Corpus(Facts):
    """Articles, and all that is known of them. Everything that is found or estimated in a corpus remembers it.

    Attributes:
        name: Its name, or that of its file or folder.
        title: What it is, in words.
        rights: Who may do what with the texts.
        sha256: Fingerprint of what it was read from: one for one corpus, on every page and in every record.
        articles: Table Articles.
        spans: Table Sentences, all of them, with the step of cleaning that set one apart. `sentences` has their text as well.
        kept: Which rows of `spans` counts look at: all but boilerplate. `keep_near` narrows them. `searched` has these rows.
        refused: Table Refused: the inputs that are not among the articles.
        repairs: Table Repairs: what was changed in the articles.
        origins: Table Origins: how fields were found that the source does not plainly give.
        flags: Table Flags: doubts about articles; a flagged article is counted like any other.
        learned: Table Learned: lines learned to be boilerplate of an outlet.
        without: Steps of cleaning that were not taken.
        seed: Of every draw from this corpus: sampled sentences, sentences to code.
        narrowed: How it was narrowed, in words; empty for a whole corpus.
        key: By which tables made of the whole corpus are kept.
        whole: The corpus of which this is a part; None where it is whole.
        outlets: Names of outlets as readers know them, by what the articles have.
        source: What reads it again: its name, or the path of its only file or folder; empty where that is not enough.
    """

    name: str
    title: str
    rights: str
    sha256: str
    articles: pd.DataFrame
    spans: pd.DataFrame
    kept: NDArray[np.bool_]
    refused: pd.DataFrame
    repairs: pd.DataFrame
    origins: pd.DataFrame
    flags: pd.DataFrame
    learned: pd.DataFrame
    without: frozenset[str] = frozenset()
    seed: int = 2017
    narrowed: str = ""
    key: str = ""
    whole: Corpus | None = None
    source: str = ""
    outlets: Mapping[str, str] = field(default_factory=dict)

    @property
    def searched(self) -> pd.DataFrame:
        """The rows of `spans` that counts look at; not held, since they are nearly all of these."""
        return self.spans[self.kept].reset_index(drop=True)

    @cached_property
    def texts(self) -> pd.Series:
        """The text of each article, by id."""
        return self.articles.set_index("article_id")["text"]

    @cached_property
    def sentences(self) -> pd.DataFrame:
        """Table Sentences with the text of each sentence."""
        return self.spans.assign(text=cut_texts(self.articles, self.spans))

    def __repr__(self) -> str:
        """One line: how much it holds, and what was left out."""
        facts = self._facts
        parts = [write_count(len(self.articles), "article"), write_count(self.articles["outlet"].nunique(), "outlet"), facts["Published"]]
        searched = f"{self.spans['n_words'][self.kept].sum():,} of {facts['Words']} words searched"
        n_repaired, n_flagged = (table["article_id"].nunique() for table in (self.repairs, self.flags))
        left = f"refused {len(self.refused):,}, repaired {n_repaired:,}, flagged {n_flagged:,}"
        return f"Corpus {self.name}: {', '.join(parts)}, {searched} ({left}{self.narrowed and f'; only {self.narrowed}'})"

    @cached_property
    def _facts(self) -> Mapping[str, str]:
        """What there is to say of it, after Gebru et al. 2021, Datasheets for Datasets."""
        outlets, days = sorted(self.articles["outlet"].dropna().unique()), self.articles["published"].dropna()
        named = f": {', '.join(self.outlets.get(one, one) for one in outlets[:MOST_OUTLETS])}" if outlets else ""
        refused = "; ".join(f"{n:,} {reason}" for reason, n in self.refused["reason"].value_counts().head(3).items())
        left_out = self.spans["part"] == "boilerplate"
        facts = {
            "Corpus": f"{self.title} ({self.name})" if self.title != self.name else self.name,
            "Articles": f"{len(self.articles):,}",
            "Outlets": f"{len(outlets):,}{named}{', …' if len(outlets) > MOST_OUTLETS else ''}",
            "Published": f"{days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}" if len(days) else "no date given",
            "Without a date": f"{self.articles['published'].isna().sum():,}",
            "Words": f"{self.articles['n_words'].sum():,}",
            "Sentences": f"{len(self.spans):,}, of which {left_out.sum():,} are left out as boilerplate",
            "Only": self.narrowed,
            "Refused": f"{write_count(len(self.refused), 'input')}{refused and f' ({refused})'}",
            "Repaired": write_count(self.repairs["article_id"].nunique(), "article"),
            "Doubtful": f"{write_count(self.flags['article_id'].nunique(), 'article')}, counted like any other",
            "Cleaning steps not taken": ", ".join(sorted(self.without)),
            "Rights": self.rights,
            "SHA-256 of the source": self.sha256,
        }
        return {word: value for word, value in facts.items() if value}


def narrow_corpus(corpus: Corpus, kept: pd.Series, said: str) -> Corpus:
    """Keep some articles of a corpus, with what is known of them.

    Args:
        corpus: The corpus.
        kept: Which rows of its articles.
        said: What is kept, in words.

    Returns:
        The part, which remembers the whole.
    """
    if kept.all():
        return corpus
    articles = corpus.articles[kept].reset_index(drop=True)
    parts = {name: keep_articles(getattr(corpus, name), articles) for name in ("repairs", "origins", "flags")}
    spans = keep_articles(corpus.spans.assign(kept=corpus.kept), articles)
    parts |= {"spans": spans.drop(columns="kept"), "kept": spans["kept"].to_numpy()}
    narrowed = "; ".join(filter(None, (corpus.narrowed, said)))
    return replace(corpus, articles=articles, **parts, narrowed=narrowed, whole=corpus.whole or corpus)


def keep_articles(table: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of a table that are about some articles."""
    kept = pc.is_in(pa.array(table["article_id"]), value_set=pa.array(articles["article_id"])).to_numpy(zero_copy_only=False)
    return table if kept.all() else table[kept].reset_index(drop=True)


def is_searched(spans: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether counts look at each sentence."""
    return np.asarray(spans["part"].isin(SEARCHED_PARTS))


def cut_texts(articles: pd.DataFrame, spans: pd.DataFrame) -> list[str]:
    """Cut the text of each span out of its article."""
    texts, cut, last, text = articles.set_index("article_id")["text"], list[str](), "", ""
    for id, start, end in zip(spans["article_id"], spans["start"], spans["end"], strict=True):
        if id != last:  # spans of an article follow each other: no text is taken out for each, nor all at once
            last, text = id, texts[id]
        cut.append(text[start:end])
    return cut
