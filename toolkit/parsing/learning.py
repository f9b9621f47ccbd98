"""Learn which lines an outlet prints around its stories: those that occur in many of its articles."""

import math
import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_array

from toolkit.parsing.parts import LONGEST_LINE, N_CLOSING, split_paragraphs
from toolkit.parsing.sentences import Row
from toolkit.parsing.words import count_words
from toolkit.tables import make_table, read_limits

FEWEST_STORIES, SMALLEST_SHARE = read_limits("learning")


Sketch = tuple[pd.DataFrame, NDArray[np.uint64]]  # what is kept of a part of a corpus: see `sketch_lines`

Places = NDArray[np.int64]  # places of articles in a corpus, from 0

Split = tuple[pd.DataFrame, Sequence[Sequence[Row]]]  # articles, and of each the rows of its sentences

_STOP, _QUOTED = re.compile(r"[.!?]\s"), re.compile('["“”«»]|``')


def sketch_lines(articles: pd.DataFrame, sentences: Sequence[Sequence[Row]]) -> Sketch:
    """Sketch a part of a corpus, so that boilerplate is learned from all of it, though few of its texts are in memory together.

    Args:
        articles: Articles.
        sentences: Of each the rows of its sentences, split before any boilerplate was learned.

    Returns:
        Of each article its outlet, the hashes of its headline and its longest sentence, and the number of its lines; and the hash of each
        line.

    Example:
        >>> from toolkit.parsing.sentences import split_articles
        >>> rain = pd.DataFrame({"article_id": ["1"], "outlet": ["a"], "headline": [None], "text": ["It rains."]})
        >>> sketch_lines(rain, list(split_articles(rain)))[0]["n_lines"].tolist()
        [1]
    """
    listed = _list_lines(articles, sentences)
    hashed = {"story": _hash(story for _, story, _ in listed), "headline": _hash(articles["headline"].fillna(""))}
    n_lines = np.array([len(lines) for _, _, lines in listed], dtype=int)
    table = pd.DataFrame({"outlet": [outlet for outlet, _, _ in listed], **hashed, "n_lines": n_lines}).astype({"outlet": "str"})
    return table, _hash(line for _, _, lines in listed for line in lines)


def learn_boilerplate(sketches: Iterable[Sketch], read: Callable[[int], Split]) -> tuple[pd.DataFrame, Places]:
    """Learn which lines of an outlet are boilerplate there: those that occur in many of its articles.

    A line is a paragraph or one of the last five sentences of an article. It is boilerplate if it occurs in at least five stories of
    the outlet (`FEWEST_STORIES`) and in at least one article of a hundred (`SMALLEST_SHARE`). Versions of one story, known by their
    longest sentence, count once, so that what an outlet prints again when the news goes on is not taken for its furniture. A line with
    a double quotation mark is never learned: a slogan that many stories quote is news. Neither is a headline, nor a line without a word.

    Args:
        sketches: Of all parts of the corpus, in order: a part of it would teach other lines.
        read: Reads an article by its place in the corpus, with its sentences: one for each line that is learned, for its words.

    Returns:
        Learned, one row per outlet and line, most articles first within an outlet; the order of the articles changes nothing. And the
        places of the articles that may hold one of these lines: the sentences of all others stay as they are.

    Source: our choice; both limits were set on News Articles (Dai 2017), by reading what they let in.

    Example:
        >>> from toolkit.parsing.sentences import split_articles
        >>> texts = [f"Event {n} took place. Go to our site." for n in range(6)]
        >>> news = pd.DataFrame({"article_id": range(6), "outlet": "a.example", "headline": None, "text": texts})
        >>> sentences = list(split_articles(news))
        >>> learned, holding = learn_boilerplate([sketch_lines(news, sentences)], lambda at: (news[at : at + 1], sentences[at : at + 1]))
        >>> learned["line"].tolist(), holding.tolist()
        (['Go to our site.'], [0, 1, 2, 3, 4, 5])
    """
    tables, hashes = zip(*sketches, strict=True)
    articles = pd.concat(tables, ignore_index=True)
    n_all, ends = articles["outlet"].value_counts(), articles["n_lines"].cumsum().to_numpy()
    places, lines = _find_lines(hashes, _list_often(hashes, math.ceil(max(FEWEST_STORIES, SMALLEST_SHARE * n_all.min()))))
    at = np.searchsorted(ends, places, side="right")
    found = articles[["outlet", "story"]].iloc[at].assign(at=at, line=lines).groupby(["outlet", "line"])
    kept = found.agg(at=("at", "first"), n=("at", "size"), n_stories=("story", "nunique")).reset_index().join(n_all, on="outlet")
    kept = kept[(kept["n_stories"] >= FEWEST_STORIES) & (kept["n"] >= SMALLEST_SHARE * kept["count"])]
    words = {at: _list_lines(*read(at))[0][2] for at in sorted(set(kept["at"]))}
    told = [dict(zip(_hash(words[at]), words[at], strict=True))[line] for at, line in zip(kept["at"], kept["line"], strict=True)]
    found = zip(kept["outlet"], told, kept["n"], kept["count"], strict=True)
    sound = [(row[0] or None, *row[1:]) for row in found if count_words(row[1]) and not _QUOTED.search(row[1])]
    rows = sorted(sound, key=lambda row: (row[0] or "", -row[2], row[1]))
    learned = make_table("Learned", pd.DataFrame(rows, columns=["outlet", "line", "n_articles", "n_outlet_articles"]))
    (at_lines, _), (at_headlines, _) = (_find_lines(parts, _hash(learned["line"])) for parts in (hashes, [articles["headline"].to_numpy()]))
    return learned, np.union1d(np.searchsorted(ends, at_lines, side="right"), at_headlines)  # a headline may occur in the text, too


def _list_often(hashes: Sequence[NDArray[np.uint64]], n: int) -> NDArray[np.uint64]:
    """List the hashes that occur so often: sorted in place, since counts of all would take four times the memory."""
    every = np.concatenate(hashes)
    every.sort()
    return np.unique(every[n - 1 :][every[n - 1 :] == every[: max(0, len(every) - n + 1)]])


def _find_lines(hashes: Iterable[NDArray[np.uint64]], wanted: NDArray[np.uint64]) -> tuple[Places, NDArray[np.uint64]]:
    """Find where some hashes are among those of all parts, in order; and which each is."""
    held = [np.isin(own, wanted) for own in hashes]
    return np.flatnonzero(np.concatenate(held)), np.concatenate([own[some] for own, some in zip(hashes, held, strict=True)])


def _hash(texts: Iterable[str]) -> NDArray[np.uint64]:
    """Hash texts to 64 bits, the same in every process."""
    return hash_array(np.array([*texts], dtype=object), categorize=False)  # type: ignore[no-any-return]  # pandas is not typed


def _list_lines(articles: pd.DataFrame, sentences: Sequence[Sequence[Row]]) -> list[tuple[str, str, list[str]]]:
    """List the outlet, the longest sentence and the lines of each article."""
    listed = []
    columns = (articles[name].fillna("").astype(str).tolist() for name in ("outlet", "headline", "text"))
    for outlet, headline, text, rows in zip(*columns, sentences, strict=True):
        closing = ((row[5], row[6]) for row in rows[-N_CLOSING:])
        spans = {span for span in (*split_paragraphs(text), *closing) if span[1] - span[0] <= LONGEST_LINE}
        lines = {" ".join(text[start:end].split()) for start, end in spans}
        ends = {line.rstrip(".!?") for line in lines}
        story = next((one for one in sorted(_STOP.split(text), key=len, reverse=True) if one.strip(".!? \n") not in ends), text)
        listed.append((outlet, story, sorted(lines - {headline})))
    return listed
