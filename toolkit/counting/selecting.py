"""Which mentions of actors are counted, and why each is one."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from toolkit.codebooks import Codebook, Entry
from toolkit.counting.surnames import TITLES, read_before
from toolkit.counting.uses import CAPITAL, RULES, STATE, decide_uses, is_seat, read_characters_of
from toolkit.errors import ToolkitError, name_choices

CHOICES = ("strict", "lenient", "all")
_HOW = {
    "name": "is a name of {label}",
    "alias": "is another name of {label}",
    "variant": "is a spelling of {pattern}, a name of {label}",
    "demonym": "is the adjective or the people of {label}",
    "metonym": "is the capital or seat of power of {label}",
    "title": "is a title of {label}",
    "given": "is the given name of {label}, whose full name stands in the article",
    "role": "is the office ({pattern}) that {label} held on the day of the article",
    "pattern": "matches the pattern {pattern} of {label}",
}

_AROUND = 60  # characters shown on either side
_BESIDE = "so is the name beside it, or its state follows"


def find_counted(mentions: pd.DataFrame, *, uses: str = "lenient", roles: bool = False) -> pd.DataFrame:
    """Find the mentions to be counted.

    A critic would ask about capitals: `lenient` leaves out those that are only a place, and counts the undecided; `strict` counts only
    what is decided to be an actor, so `a bridge in Ukraine` is no mention of Ukraine either.

    Args:
        mentions: Mentions.
        uses: `strict`: actors only. `lenient`: all but capitals and seats of power that are only places. `all`: every mention.
        roles: Whether an office (`the US president`) counts for its holder.

    Returns:
        Some rows of Mentions.

    Raises:
        ToolkitError: When `uses` is none of these.

    Source: our choice; the methods page says how often capitals are right (on GeoWebNews, Gritta et al. 2020).

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news = read_corpus("ukraine-korea")
        >>> mentions = find_mentions(news.articles, split_sentences(news.articles), read_codebook("actors"))
        >>> [len(find_counted(mentions, uses=uses)) for uses in ("strict", "lenient", "all")]
        [40, 43, 45]
    """
    if uses not in CHOICES:
        raise ToolkitError(f"uses={uses!r}: no such way to count. {name_choices(uses, CHOICES)}")
    keep = roles | (mentions["via"] != "role")
    if uses == "strict":
        keep &= mentions["use"].isin(["", "actor"])
    elif uses == "lenient":
        keep &= (mentions["via"] != "metonym") | (mentions["use"] != "place")
    return mentions[keep].reset_index(drop=True)


def list_undecided(mentions: pd.DataFrame, articles: pd.DataFrame, *, top: int = 12, n_contexts: int = 2) -> pd.DataFrame:
    """List the names of which the rules do not know whether a place or an actor is meant, to be read and judged.

    Args:
        mentions: Mentions.
        articles: Articles.
        top: How many names, most often undecided first.
        n_contexts: How many places of the corpus are shown for each: spread evenly over its mentions.

    Returns:
        One row per name: `name`, `actor`, `n_undecided`, `n_mentions` (of this name), `for_example` (the words around it).

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news = read_corpus("ukraine-korea")
        >>> mentions = find_mentions(news.articles, split_sentences(news.articles), read_codebook("actors"))
        >>> list_undecided(mentions, news.articles).empty
        True
    """
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    totals = mentions.groupby(["pattern", "entry"]).size()
    rows = []
    for (name, actor), own in mentions[mentions["use"] == "undecided"].groupby(["pattern", "entry"]):
        some = own.iloc[[(2 * n + 1) * len(own) // (2 * n_contexts) for n in range(min(n_contexts, len(own)))]]
        spans = zip(some["article_id"], some["start"], some["end"], strict=True)
        contexts = [" ".join(texts[id][max(0, start - _AROUND) : end + _AROUND].split()) for id, start, end in spans]
        rows.append((name, actor, len(own), int(totals[name, actor]), " … ".join(["", *contexts, ""]).strip()))
    table = pd.DataFrame(rows, columns=["name", "actor", "n_undecided", "n_mentions", "for_example"])
    return table.sort_values(["n_undecided", "name"], ascending=[False, True], ignore_index=True).head(top)


def explain_mention(
    mention: Mapping[Hashable, Any] | pd.Series, sentences: pd.DataFrame, articles: pd.DataFrame, codebook: Codebook
) -> str:  # Any: values of a row
    """Say in a sentence which rules made a mention what it is.

    Args:
        mention: A row of Mentions.
        sentences: Sentences.
        articles: Articles.
        codebook: The codebook of the mention.

    Returns:
        A sentence on whose mention it is, and for a state or capital one on its use.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news, book = read_corpus("ukraine-korea"), read_codebook("actors")
        >>> sentences = split_sentences(news.articles)
        >>> mentions = find_mentions(news.articles, sentences, book)
        >>> explain_mention(mentions.iloc[2], sentences, news.articles, book)
        '“SEOUL” is the capital or seat of power of South Korea. Here a place: it stands in a dateline.'
    """
    entry = codebook.entry(mention["entry"])
    text = articles.loc[articles["article_id"] == mention["article_id"], "text"].iloc[0]
    own = sentences[(sentences["article_id"] == mention["article_id"]) & (sentences["sentence"] == mention["sentence"])].iloc[0]
    how = _HOW.get(mention["via"]) or _explain_surname(mention, entry, text)
    said = f"“{mention['surface']}” {how.format(label=entry.label, pattern=mention['pattern'])}."
    if mention["via"] in ("demonym", "role") or (entry.type != "state" and mention["via"] != "metonym"):
        return said
    asks = CAPITAL if mention["via"] == "metonym" and not is_seat(mention["pattern"]) else STATE
    span = {"start": mention["start"], "end": mention["end"], "floor": own["start"], "ceiling": own["end"]}
    asked = pd.DataFrame([span | {"is_dateline": own["part"] == "dateline", "entry": 0, "asks": asks}])
    _, rules = decide_uses(asked, read_characters_of(text), text)
    why = RULES[rules[0]][1]
    if rules[0] == len(RULES) - 1:
        usual = "undecided" if asks == CAPITAL else "actor"
        why = f"{why}, and {'a capital may be either' if asks == CAPITAL else 'a state mostly is'}" if mention["use"] == usual else _BESIDE
    is_used = {"undecided": "Here undecided", "place": "Here a place", "actor": "Here an actor"}[mention["use"]]
    return f"{said} {is_used}: {why}."


def _explain_surname(mention: Mapping[Hashable, Any] | pd.Series, entry: Entry, text: str) -> str:
    """Say why a surname counts."""
    if any(pattern.text in text for pattern in entry.patterns if pattern.via in ("name", "alias")):
        return "is short for {label}, whose full name stands in the article"
    before = read_before(text[: mention["start"]])
    return (
        f"is short for {{label}}: the title {before} stands before it"
        if before[:1].isupper() and before.lower() in TITLES
        else "is short for {label} and nobody else"
    )
