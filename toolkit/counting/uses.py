"""Is a state named as an actor, or as the place where something happens?

`Seoul asked for talks` names a government, `talks in Seoul` a city. Rules look at the words around the name, in this order; the first that
holds decides (word lists: data/uses.yml):

    place   a dateline                                   SEOUL –
    actor   -led, -backed …; place: -based, -born        Moscow-backed rebels, a London-based firm
    place   a landmark or event after it                 Kyiv's airport, the Seoul summit
    place   a city before its state, or "capital" beside in Paris, France; the capital, Kyiv
    place   a word of place, or a move to or from it     in Seoul, near Kyiv, flew to Moscow, the streets of Rome, visited Berlin
    actor   an organ, an act or a means after it         Kyiv's request, Seoul's foreign minister
    actor   a verb after it                              Moscow has denied
    actor   something done to it, by it, or with it      by Seoul, accused Moscow, a request to Kyiv, pressure on Berlin
    actor   beside another actor                         Seoul and Washington
    else    actor for a state's name or its seat of power, undecided for a capital

An adjective (`Ukrainian`) is the actor's, and persons, bodies, media and groups are never places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.parsing.words import WORD, fold

SEATS = frozenset(
    "kremlin|white house|downing street|whitehall|pentagon|elysee|élysée|elysée|capitol hill|blue house|palazzo chigi".split("|")
)
"""Seats of power, which news names for those who sit there (our choice): actors unless a word of place stands before them."""
_AROUND = 60  # characters looked at on either side: some eight words, as far as a phrase reaches
_ARTICLES = frozenset(("the", "a", "an"))
_COPULAS, _OPENERS = frozenset(("is", "are", "was", "were")), frozenset(("the", "a", "an", "home", "in", "one", "located"))
_BESIDE = re.compile(r",?\s(?:and|or)\s|,\s|\s?[-–/]\s?")
_LED = re.compile(
    r"-(led|backed|sponsored|controlled|funded|supported|allied|friendly|installed|brokered|imposed|held|occupied|appointed)\b"
)
_BASED = re.compile(r"-(based|born|area|bound|educated|trained|listed)\b")


def decide_uses(mentions: pd.DataFrame, sentences: pd.DataFrame, articles: pd.DataFrame, codebook: Codebook) -> list[str]:
    """Decide for each mention whether it names an actor or a place.

    Args:
        mentions: Mentions of an actors codebook.
        sentences: The sentences that were searched.
        articles: Articles.
        codebook: The codebook.

    Returns:
        "actor", "place" or "undecided" for each mention.

    Source: our choice of rules; metonyms after Markert & Nissim 2002. The validity page tells how often they are right.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news, book = read_corpus("ukraine-korea"), read_codebook("actors")
        >>> sentences = split_sentences(news.articles)
        >>> mentions = find_mentions(news.articles, sentences, book)
        >>> list(zip(mentions["surface"], decide_uses(mentions, sentences, news.articles, book)))[1:3]
        [('South Korea', 'place'), ('SEOUL', 'place')]
    """
    states = {entry.id for entry in codebook.entries if entry.type == "state"}
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    keys = zip(sentences["article_id"], sentences["sentence"], strict=True)
    spans = dict(zip(keys, zip(sentences["part"], sentences["start"].tolist(), sentences["end"].tolist(), strict=True), strict=True))
    columns = ("article_id", "sentence", "start", "end", "entry", "via", "surface")
    rows = list(zip(*(mentions[column].tolist() for column in columns), strict=True))
    uses, usual = [], []
    for id, sentence, start, end, entry, via, surface in rows:
        is_capital = via == "metonym" and fold(surface) not in SEATS
        usual.append("undecided" if is_capital else "actor")
        if via == "demonym" or (entry not in states and via != "metonym"):
            uses.append("actor")
            continue
        part, first, last = spans[id, sentence]
        text = texts[id]
        before, after = text[max(first, start - _AROUND) : start], text[end : min(last, end + _AROUND)]
        uses.append("place" if part == "dateline" else _decide(fold(before), fold(after), after, is_capital=is_capital))
    for at in range(1, len(rows)):  # what stands beside another in a list is used as it is
        if rows[at][:2] == rows[at - 1][:2] and _BESIDE.fullmatch(texts[rows[at][0]], rows[at - 1][3], rows[at][2]):
            known = uses[at] or uses[at - 1] or ("" if texts[rows[at][0]][rows[at][2] - 2] == "," else "actor")
            uses[at], uses[at - 1] = uses[at] or known, uses[at - 1] or known
    return [use or other for use, other in zip(uses, usual, strict=True)]


def _decide(before: str, after: str, written: str, *, is_capital: bool) -> str:
    """Ask the rules that look at words, before and after the name, folded; "" where none holds. `written` is `after` in its case."""
    lists = _read_lists()
    left = WORD.findall(before)[-6:]
    while left and left[-1] in _ARTICLES:
        left.pop()
    last, second = (left[-1] if left else ""), (left[-2] if len(left) > 1 else "")
    right = WORD.findall(after)[:4]
    owns = after.startswith("'")
    if owns and right and right[0] == "s":
        right = right[1:]
    parted = not owns and re.match(r"[ -]?\w", after) is None
    following, next_one = ("" if parted or not right else right[0]), ("" if parted or len(right) < 2 else right[1])
    if after.startswith("-"):
        is_place = _BASED.match(after) or next_one in lists["landmarks"]
        return "actor" if _LED.match(after) else "place" if is_place else ""
    if following in lists["landmarks"] or (owns and next_one in lists["landmarks"]):
        return "place"
    if owns and not lists["organs"].isdisjoint(right[:3]):
        return "actor"
    if is_capital and (last == "capital" or after.startswith(", the capital") or (owns and re.match(r"['’]s?\s[A-Z]", written))):
        return "place"
    if last == "in" and second in lists["trust"]:
        return "actor"
    if last in lists["in_place"] or (last == "of" and second in lists["before_place"]):
        return "place"
    near = set(left[-5:-1])
    is_party = not near.isdisjoint(lists["parties"])
    moved = not near.isdisjoint(lists["move"]) and not is_party
    if (last in ("to", "from", "for", "between") and moved) or last in lists["enter"] or (last == "on" and second in lists["onto_place"]):
        return "place"
    if following in lists["organs"] and not is_capital:
        return "actor"
    if owns or (following in lists["acts"] and not (following in _COPULAS and next_one in _OPENERS)):
        return "actor"
    if last in lists["objects"] or (last in ("to", "for", "from", "on", "of", "toward", "and", "or") and is_party):
        return "actor"
    return ""


@cache
def _read_lists() -> Mapping[str, frozenset[str]]:
    """Read the word lists."""
    import yaml

    text = (files("toolkit.counting") / "data" / "uses.yml").read_text("utf-8")
    return {name: frozenset(words.split()) for name, words in yaml.load(text, Loader=yaml.CSafeLoader).items()}
