"""Learn which lines an outlet prints around its stories: those that occur in many of its articles."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pandas as pd

from toolkit.parsing.boilerplate import LONGEST_LINE, N_CLOSING
from toolkit.parsing.parts import split_paragraphs
from toolkit.parsing.sentences import split_sentences
from toolkit.parsing.words import count_words
from toolkit.tables import make_table

FEWEST_STORIES = 5
"""Stories of an outlet in which a line must occur: background that is printed again occurs in up to four of News Articles (Dai 2017)."""

SMALLEST_SHARE = 0.01
"""Share of the outlet's articles in which it must occur: stock phrases of news that end a story (`A file is being prepared for the
Director of Public Prosecutions.`) reach 0.7 % there, what is printed around stories 1 % and more."""

_STOP = re.compile(r"[.!?]\s")
_QUOTED = re.compile('["“”«»]|``')
_TAIL = 1500  # characters at the end of a text that hold its closing sentences: five of at most 300


def learn_boilerplate(articles: pd.DataFrame) -> pd.DataFrame:
    """Learn which lines of an outlet are boilerplate there: those that occur in many of its articles.

    A line is a paragraph or one of the last five sentences of an article. It is boilerplate if it occurs in at least five stories of
    the outlet (`FEWEST_STORIES`) and in at least one article of a hundred (`SMALLEST_SHARE`). Versions of one story, known by their
    longest sentence, count once, so that what an outlet prints again when the news goes on is not taken for its furniture. A line with
    a double quotation mark is never learned: a slogan that many stories quote is news. Neither is a headline, nor a line without a word.

    Args:
        articles: Articles, all of the corpus: a part of it would teach other lines.

    Returns:
        Learned, one row per outlet and line, most articles first within an outlet. The order of the articles changes nothing.

    Source: our choice; both limits were set on News Articles (Dai 2017), by reading what they let in.

    Example:
        >>> news = {"outlet": "a.example", "headline": None, "text": [f"Event {n} took place. Go to our site." for n in range(6)]}
        >>> learn_boilerplate(pd.DataFrame(news))["line"].tolist()
        ['Go to our site.']
    """
    outlets = articles["outlet"].fillna("").astype(str).tolist()
    headlines = articles["headline"].fillna("").astype(str).tolist()
    n_articles: Counter[tuple[str, str]] = Counter()  # by outlet and line
    stories: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for outlet, headline, text, closing in zip(outlets, headlines, articles["text"], _list_closing(articles["text"].tolist()), strict=True):
        lines = {" ".join(text[start:end].split()) for start, end in split_paragraphs(text) if end - start <= LONGEST_LINE} | closing
        ends = {line.rstrip(".!?") for line in lines}
        story = max((sentence for sentence in _STOP.split(text) if sentence.strip(".!? \n") not in ends), key=len, default=text)
        for line in lines - {headline}:
            n_articles[outlet, line] += 1
            stories[outlet, line].add(story)
    n_of_outlet = Counter(outlets)
    rows = [
        (outlet or None, line, n, n_of_outlet[outlet])
        for (outlet, line), n in n_articles.items()
        if len(stories[outlet, line]) >= FEWEST_STORIES and n >= SMALLEST_SHARE * n_of_outlet[outlet]
        if count_words(line) and not _QUOTED.search(line)
    ]
    rows.sort(key=lambda row: (row[0] or "", -row[2], row[1]))
    return make_table("Learned", pd.DataFrame(rows, columns=["outlet", "line", "n_articles", "n_outlet_articles"]))


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
