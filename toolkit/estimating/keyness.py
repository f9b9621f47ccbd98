"""Words that keep company with an entry: candidates for its patterns, never added by themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.counting import find_sentences_with
from toolkit.parsing.words import WORD, fold
from toolkit.tables import SEARCHED_PARTS, make_table

MIN_ARTICLES = 5
"""Articles that must hold a word beside the entry: a word of one story is no pattern (our choice, as for intervals)."""
_KEYS = ["article_id", "sentence"]
_COLUMNS = ("entry", "word", "n_both", "n_word", "n_articles", "log_ratio", "g2")
_SHORTEST = 3  # letters; shorter words are function words and initials

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def suggest_patterns(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    codebook: Codebook,
    *,
    entries: Sequence[str] = (),
    n: int = 10,
) -> pd.DataFrame:
    """Suggest words for entries: those at least twice as frequent in sentences that mention the entry as in others.

    A critic would ask why sentences and not words are counted: a word said three times in a sentence is no more company than once.
    Words of the entry's own mentions are left out, and numbers.

    Args:
        mentions: Mentions of the codebook.
        sentences: The sentences that were searched.
        articles: Articles.
        codebook: The codebook.
        entries: Entries of it, nested ones counting as their parents; none: all at the top.
        n: Words to return at most for each.

    Returns:
        Suggestions by entry, those surest to keep company first; each stands beside the entry in at least five articles.

    Raises:
        CodebookError: When an entry is not in the codebook.

    Source: log-likelihood ratio after Dunning 1993, log ratio after Hardie 2014 (half a sentence added where a word stands in no other).

    Example:
        >>> from toolkit.tables import make_table
        >>> from toolkit import read_codebook
        >>> none = [make_table(name) for name in ("Mentions", "Sentences", "Articles")]
        >>> len(suggest_patterns(*none, read_codebook("frames"), entries=["conflict"]))
        0
    """
    searched = sentences[sentences["part"].isin(SEARCHED_PARTS)].reset_index(drop=True)
    own = mentions[mentions["codebook"] == codebook.id]
    row, word, words = _list_words(searched, articles)
    n_word = np.bincount(word, minlength=len(words))
    article = pd.factorize(searched["article_id"])[0]
    places, tables = pd.MultiIndex.from_frame(searched[_KEYS]), []
    for entry in codebook.expand(entries):
        is_with = places.isin(pd.MultiIndex.from_frame(find_sentences_with(searched, own, entry)[_KEYS]))
        beside = is_with[row]
        n_both = np.bincount(word[beside], minlength=len(words))
        pairs = np.unique(np.stack([word[beside], article[row[beside]]]), axis=1)
        table = pd.DataFrame({"word": words, "n_both": n_both, "n_word": n_word, "n_articles": np.bincount(pairs[0], minlength=len(words))})
        sizes = (n_both, n_word, int(is_with.sum()), len(searched))
        table = table.assign(log_ratio=_find_log_ratios(*sizes), g2=_find_g2(*sizes), entry=entry)
        is_of = (own["entry"] == entry) | own["entry"].str.startswith(f"{entry}/")
        taken = {found for surface in own.loc[is_of, "surface"].unique() for found in WORD.findall(fold(surface))}
        useful = (table["n_articles"] >= MIN_ARTICLES) & (table["log_ratio"] >= 1) & ~table["word"].isin(taken)
        tables.append(table[useful].sort_values(["g2", "word"], ascending=[False, True]).head(n))
    best = pd.concat(tables, ignore_index=True)
    return make_table("Suggestions", {"codebook": [codebook.id] * len(best)} | {name: best[name].array for name in _COLUMNS})


def _list_words(searched: pd.DataFrame, articles: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """List the words of sentences, each once a sentence: the rows of the sentences, the numbers of the words, and the words."""
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    spans = zip(searched["article_id"], searched["start"], searched["end"], strict=True)
    found = [sorted({*WORD.findall(fold(texts[id][start:end]))}) for id, start, end in spans]
    words = pd.Series([word for each in found for word in each], dtype="str")
    rows = np.repeat(np.arange(len(found)), [len(each) for each in found])
    fits = ((words.str.len() >= _SHORTEST) & ~words.str.contains(r"\d")).to_numpy(dtype=bool)
    word, names = pd.factorize(words[fits], sort=True)
    return rows[fits], word, list(names)


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
