"""What a codebook might add: words that keep company with an entry, names that no entry covers. Nothing is added by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain

import numpy as np
import pandas as pd

from toolkit.counting import Mentions, Names
from toolkit.counting.discovering import find_lacking
from toolkit.counting.mentions import is_of
from toolkit.estimating.bootstrap import MIN_ARTICLES
from toolkit.estimating.listings import Listing
from toolkit.estimating.rates import PLACE
from toolkit.parsing.words import WORD, fold
from toolkit.tables import check_record, make_table

_SHORTEST = 3  # letters; shorter words are function words and initials
_DIGIT = re.compile(r"\d")
_BITS = 32
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def suggest_entries(found: Mentions | Names, *, most: int = 10, least: int = 3) -> Listing:
    """Suggest what a codebook lacks: of mentions, words for each entry measured; of names, those that no entry covers.

    A critic would ask what a suggestion is worth. Words are suggested by their company alone: at least twice as frequent in sentences that
    mention the entry as in others, in five articles or more. Names are capitalised words, so places and events are among them.

    Args:
        found: Mentions of a codebook, or Names.
        most: How many words an entry, or names in all.
        least: Fewest occurrences of a name.

    Returns:
        Words: table Suggestions, by entry, the surest first. Names: `name`, `variants`, `n_mentions`, `n_articles`, `for_example`.

    Source: log-likelihood ratio: Dunning 1993; log ratio: Hardie 2014.

    Example:
        >>> from toolkit import find_mentions, find_names, read_corpus
        >>> suggest_entries(find_names(find_mentions(read_corpus("ukraine-korea"), "actors")))
        Names that the codebook lacks: 0 rows, actors in ukraine-korea
    """
    if isinstance(found, Names):
        book, (table, behind) = found.actors.codebook, find_lacking(found, least=least, most=most)
        title = "Names that the codebook lacks"
        return Listing("lacking", title, table, "n_mentions", behind, ("name",), {}, found.corpus, book.id, "actors")
    check_record(found, Mentions, "suggest_entries")
    texts = _Words(found)
    parts, places = [], []
    for entry in found.entries:
        table, near = texts.suggest(entry, most)
        parts.append(table)
        places.append(near)
    suggested = pd.concat(parts, ignore_index=True)
    columns = {name: suggested[name].array for name in make_table("Suggestions").columns if name != "codebook"}
    table = make_table("Suggestions", {"codebook": [found.codebook.id] * len(suggested)} | columns)
    behind, labels = pd.concat(places, ignore_index=True), {"entry": found.codebook.labels}
    title, book = "Words that keep company with an entry", found.codebook
    return Listing("words", title, table, "n_both", behind, ("entry", "word"), labels, found.corpus, book.id, "language")


class _Words:
    """The words of the sentences searched, each once a sentence."""

    def __init__(self, found: Mentions) -> None:
        """Find them."""
        self.found, self.searched = found, found.corpus.searched
        folded = {id: fold(text) for id, text in found.corpus.texts.items()}  # one to one: offsets stay
        numbers: dict[str, int] = {}
        self.spans = list(zip(*(self.searched[name].tolist() for name in ("article_id", "start", "end")), strict=True))
        listed = [{numbers.setdefault(word, len(numbers)) for word in WORD.findall(folded[id], *span)} for id, *span in self.spans]
        self.names = sorted(word for word in numbers if len(word) >= _SHORTEST and not _DIGIT.search(word))
        places = np.full(len(numbers) + 1, -1, dtype=np.int64)
        places[[numbers[name] for name in self.names]] = np.arange(len(self.names))
        word = places[np.fromiter(chain.from_iterable(listed), dtype=np.int64)]
        row = np.repeat(np.arange(len(listed)), [len(each) for each in listed])
        self.row, self.word, self.folded = row[word >= 0], word[word >= 0], folded
        self.article, _ = pd.factorize(self.searched["article_id"])
        self.n_word = np.bincount(self.word, minlength=len(self.names))
        sentence = pd.MultiIndex.from_frame(self.searched[["article_id", "sentence"]])
        self.of_mention = sentence.get_indexer(pd.MultiIndex.from_frame(found.counted[["article_id", "sentence"]]))

    def suggest(self, entry: str, most: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The best words for one entry, and where they are in its sentences."""
        own = is_of(self.found.counted["entry"], [entry])
        is_with = np.zeros(len(self.searched), dtype=bool)
        is_with[self.of_mention[own]] = True
        beside = is_with[self.row]
        n_both = np.bincount(self.word[beside], minlength=len(self.names))
        pairs = pd.unique(self.word[beside] << _BITS | self.article[self.row[beside]])
        n_articles = np.bincount(pairs >> _BITS, minlength=len(self.names))
        columns: Mapping[str, object] = {"word": self.names, "n_both": n_both, "n_word": self.n_word, "n_articles": n_articles}
        sizes = (n_both, self.n_word, int(is_with.sum()), len(self.searched))
        table = pd.DataFrame(columns).assign(log_ratio=_find_log_ratios(*sizes), g2=_find_g2(*sizes), entry=entry)
        taken = {word for surface in self.found.counted.loc[own, "surface"].unique() for word in WORD.findall(fold(surface))}
        useful = (table["n_articles"] >= MIN_ARTICLES) & (table["log_ratio"] >= 1) & ~table["word"].isin(taken)
        best = table[useful].sort_values(["g2", "word"], ascending=[False, True]).head(most)
        return best, self._find_places(best, beside, entry)

    def _find_places(self, best: pd.DataFrame, beside: np.ndarray, entry: str) -> pd.DataFrame:
        """Where the words are, the first in each sentence."""
        rows, numbers = [], self.searched["sentence"].tolist()
        for word, place in zip(best["word"], best.index, strict=True):
            pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
            for row in self.row[beside & (self.word == place)].tolist():
                id, start, end = self.spans[row]
                at = pattern.search(self.folded[id], start, end)
                rows.append((id, numbers[row], *(at.span() if at else (start, end)), entry, word))
        return pd.DataFrame(rows, columns=[*PLACE, "entry", "word"])


def _find_log_ratios(n_both: np.ndarray, n_word: np.ndarray, n_with: int, n_all: int) -> Floats:
    """Binary logarithm of the word's share of the sentences with the entry over its share of the others."""
    inside, outside = n_both / max(n_with, 1), np.maximum(n_word - n_both, 0.5) / max(n_all - n_with, 1)
    with np.errstate(divide="ignore"):
        ratios: Floats = np.log2(inside / outside)
    return ratios


def _find_g2(n_both: np.ndarray, n_word: np.ndarray, n_with: int, n_all: int) -> Floats:
    """Twice the sum of observed times log of observed over expected, over the four cells of word and entry."""
    observed = np.array([n_both, n_word - n_both, n_with - n_both, n_all - n_with - n_word + n_both], dtype=np.float64)
    margins = ((n_word, n_with), (n_word, n_all - n_with), (n_all - n_word, n_with), (n_all - n_word, n_all - n_with))
    expected = np.array([row * column / max(n_all, 1) for row, column in margins])
    with np.errstate(divide="ignore", invalid="ignore"):
        sums: Floats = 2 * np.where(observed > 0, observed * np.log(observed / expected), 0).sum(axis=0)
    return sums
