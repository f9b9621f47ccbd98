"""Learn which lines an outlet prints around its stories: those that stand in many of its articles."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from toolkit.parsing.boilerplate import LONGEST_LINE, N_CLOSING
from toolkit.parsing.parts import split_paragraphs
from toolkit.parsing.sentences import split_sentences
from toolkit.parsing.words import count_words
from toolkit.tables import make_table

FEWEST_STORIES = 5
"""Stories of an outlet in which a line must stand: background that is printed again stands in up to four of News Articles (Dai 2017)."""

SMALLEST_SHARE = 0.01
"""Share of the outlet's articles in which it must stand: stock phrases of news that end a story (`A file is being prepared for the
Director of Public Prosecutions.`) reach 0.7 % there, what is printed around stories 1 % and more."""

_STOP = re.compile(r"[.!?]\s")
_TAIL = 1500  # characters at the end of a text that hold its closing sentences: five of at most 300
_N_BUCKETS = 2**24  # 64 MB: lines of a million articles share buckets so seldom that few are kept in vain


@dataclass
class Lines:
    """The lines of the articles seen so far: hashes of all, and the words of those that may be boilerplate."""

    hashes: list[np.ndarray] = field(default_factory=list)  # of outlet and line, one an article
    stories: list[np.ndarray] = field(default_factory=list)  # of the story each stands in
    buckets: np.ndarray = field(default_factory=lambda: np.zeros(_N_BUCKETS, np.uint32))  # at least as many as articles with the line
    written: dict[int, tuple[str, str]] = field(default_factory=dict)  # outlet and line by hash, where the bucket is full enough
    n_articles: Counter[str] = field(default_factory=Counter)  # by outlet; "" for none


def learn_boilerplate(articles: pd.DataFrame) -> pd.DataFrame:
    """Learn which lines of an outlet are boilerplate there: those that stand in many of its articles.

    A line is a paragraph or one of the last five sentences of an article. It is boilerplate where it stands in at least five stories of
    the outlet (`FEWEST_STORIES`) and in at least one article of a hundred (`SMALLEST_SHARE`). Versions of one story, known by their
    longest sentence, count once, so that what an outlet prints again when the news goes on is not taken for its furniture. A line with
    a double quotation mark is never learned: a slogan that many stories quote is news. Neither is a headline, nor a line without a word.

    Args:
        articles: Articles, all of the corpus: a part of it would teach other lines.

    Returns:
        Boilerplate, one row per outlet and line, most articles first within an outlet. The order of the articles changes nothing.

    Source: our choice; both limits were set on News Articles (Dai 2017), by reading what they let in.

    Example:
        >>> news = {"outlet": "a.example", "headline": None, "text": [f"Event {n} took place. Go to our site." for n in range(6)]}
        >>> learn_boilerplate(pd.DataFrame(news))["line"].tolist()
        ['Go to our site.']
    """
    lines = Lines()
    add_lines(lines, articles)
    return find_learned(lines)


def add_lines(lines: Lines, articles: pd.DataFrame) -> None:
    """Add the lines of a batch of articles to what was seen, for a corpus too large to be held at once.

    Args:
        lines: What was seen; it is changed.
        articles: Articles, or their columns outlet, headline and text.

    Example:
        >>> lines = Lines()
        >>> add_lines(lines, pd.DataFrame({"outlet": ["a"], "headline": [None], "text": ["It rains."]}))
        >>> lines.n_articles
        Counter({'a': 1})
    """
    outlets = articles["outlet"].fillna("").astype(str).tolist()
    headlines = articles["headline"].fillna("").astype(str).tolist()
    found: list[tuple[str, str, str]] = []  # outlet, line, longest sentence of the story
    for outlet, headline, text, closing in zip(outlets, headlines, articles["text"], _list_closing(articles["text"].tolist()), strict=True):
        listed = {" ".join(text[start:end].split()) for start, end in split_paragraphs(text) if end - start <= LONGEST_LINE} | closing
        ends = {line.rstrip(".!?") for line in listed}
        story = max((sentence for sentence in _STOP.split(text) if sentence.strip(".!? \n") not in ends), key=len, default=text)
        found += [(outlet, line, story) for line in listed if line != headline]
    lines.n_articles.update(outlets)
    hashes = _hash([f"{outlet}\n{line}" for outlet, line, _ in found])
    lines.hashes.append(hashes)
    lines.stories.append(_hash([story for _, _, story in found]).astype(np.uint32))
    np.add.at(lines.buckets, hashes % _N_BUCKETS, 1)
    for place in np.flatnonzero(lines.buckets[hashes % _N_BUCKETS] >= FEWEST_STORIES).tolist():
        lines.written[int(hashes[place])] = found[place][:2]


def find_learned(lines: Lines) -> pd.DataFrame:
    """Find the lines that are boilerplate, of all that were added.

    Args:
        lines: What was seen.

    Returns:
        Boilerplate, as in `learn_boilerplate`.

    Source: see `learn_boilerplate`.

    Example:
        >>> len(find_learned(Lines()))
        0
    """
    hashes = np.concatenate([np.zeros(0, np.uint64), *lines.hashes])
    often = lines.buckets[hashes % _N_BUCKETS] >= FEWEST_STORIES
    stories = np.concatenate([np.zeros(0, np.uint32), *lines.stories])[often]
    counted = pd.DataFrame({"hash": hashes[often], "story": stories}).groupby("hash")["story"].agg(["size", "nunique"])
    rows = []
    for hashed, n_articles, _ in counted[counted["nunique"] >= FEWEST_STORIES].itertuples():
        outlet, line = lines.written[int(hashed)]
        n_outlet_articles = lines.n_articles[outlet]
        is_sound = count_words(line) > 0 and not any(mark in line for mark in '"“”«»')
        if n_articles >= SMALLEST_SHARE * n_outlet_articles and is_sound:
            rows.append((outlet or None, line, int(n_articles), n_outlet_articles))
    rows.sort(key=lambda row: (row[0] or "", -row[2], row[1]))
    names = ("outlet", "line", "n_articles", "n_outlet_articles")
    return make_table("Learned", {name: [row[place] for row in rows] for place, name in enumerate(names)})


def _list_closing(texts: list[str]) -> list[set[str]]:
    """List the closing sentences of each text, white space collapsed, as `split_sentences` parts them."""
    tails = [text[-_TAIL:] for text in texts]
    names = [str(number) for number in range(len(texts))]
    sentences = split_sentences(pd.DataFrame({"article_id": names, "outlet": None, "headline": None, "text": tails}))
    closing: list[set[str]] = [set() for _ in texts]
    last = sentences.groupby("article_id", sort=False).tail(N_CLOSING)
    for name, start, end, number in zip(last["article_id"], last["start"], last["end"], last["sentence"], strict=True):
        if end - start <= LONGEST_LINE and (number or len(texts[int(name)]) <= _TAIL):  # the first may be cut in the middle
            closing[int(name)].add(" ".join(tails[int(name)][start:end].split()))
    return closing


def _hash(lines: list[str]) -> np.ndarray:
    """Hash lines to 64 bits: the same on every machine."""
    return pd.util.hash_array(np.array(lines, dtype=object)) if lines else np.zeros(0, np.uint64)
