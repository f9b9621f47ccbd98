"""Which names in a corpus a codebook of actors lacks, and what share of names it covers."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict

import numpy as np
import pandas as pd

from toolkit.codebooks.names import list_spellings
from toolkit.counting.surnames import OPENERS, TITLES
from toolkit.tables import SEARCHED_PARTS, make_table

_NAME = re.compile(r"[A-Z][\w’'-]*(?:\s(?:(?:of|the|for|al|bin|de|van|von)\s){0,2}[A-Z][\w’'-]*){0,5}")
_POSSESSIVE = re.compile(r"[’']s?$")
_APOSTROPHE = re.compile("[’']")
_AROUND = 60  # characters shown on either side
_INSIDE = 0.5  # share of a single word that stands inside a sentence, after a word or comma: what is no name has less
_NO_NAMES = (
    OPENERS
    | TITLES
    | frozenset(
        """i it he she they we you there here these those our his her its their my your january february march april may june july
    august september october november december one two three many most some all more much each another other such""".split()
    )
)


def suggest_actors(names: pd.DataFrame, articles: pd.DataFrame, *, least: int = 3, most: int | None = None) -> pd.DataFrame:
    """Suggest names that the codebook lacks: capitalised sequences of which no mention covers a word.

    A critic would ask what is a name: by letters alone, so events, places and products come too, and the reader chooses. A capital at the
    start of a sentence says nothing, so a single word must mostly be met inside sentences. Headlines are not looked at.

    Args:
        names: What `find_names` gives.
        articles: Articles.
        least: Fewest occurrences to be listed.
        most: How many names at most; None: all.

    Returns:
        One row per name, most frequent first: `name`, `variants` (other spellings, and the last word alone in an article with the name),
        `n_mentions`, `n_articles`, `for_example`.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news = read_corpus("ukraine-korea")
        >>> sentences = split_sentences(news.articles)
        >>> mentions = find_mentions(news.articles, sentences, read_codebook("actors"))
        >>> len(suggest_actors(find_names(news.articles, sentences, mentions), news.articles, least=1))  # all forty are covered
        0
    """
    free = names[names["entry"] == "lacking"].rename(columns={"surface": "name"})
    counts = free["name"].value_counts()
    by_article: dict[str, dict[str, str]] = defaultdict(dict)
    for name, id in zip(free["name"], free["article_id"], strict=True):
        last = name.split()[-1]
        if last != name and counts[name] > counts.get(by_article[id].get(last, ""), 0):
            by_article[id][last] = name
    joined = [by_article[id].get(name, name) for name, id in zip(free["name"], free["article_id"], strict=True)]
    leaders: dict[str, str] = {}
    for name in sorted(set(joined), key=lambda name: (-counts.get(name, 0), name)):
        leaders.setdefault(name, name)
        for spelled in list_spellings(name) if 1 < len(name.split()) < 4 else ():
            leaders.setdefault(spelled, leaders[name])
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    free = free.assign(leader=[leaders[name] for name in joined])
    sizes = free["leader"].value_counts()
    chosen = sorted(sizes.index[sizes >= least], key=lambda name: (-sizes[name], name))[:most]
    families, rows = free[free["leader"].isin(chosen)].groupby("leader"), []
    for name in chosen:
        own = families.get_group(name)
        text, start, end = texts[own["article_id"].iloc[0]], own["start"].iloc[0] - _AROUND, own["end"].iloc[0] + _AROUND
        words = text[max(0, start) : end].split()
        example = " ".join(words[int(start > 0) : len(words) - int(end < len(text))])  # words that are cut are left out
        rows.append((name, ", ".join(sorted(set(own["name"]) - {name})), len(own), own["article_id"].nunique(), example))
    return pd.DataFrame(rows, columns=["name", "variants", "n_mentions", "n_articles", "for_example"])


def find_names(articles: pd.DataFrame, sentences: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Find capitalised sequences in the body of articles, and whether a mention covers a word of each.

    Args:
        articles: Articles.
        sentences: Sentences.
        mentions: Mentions.

    Returns:
        Mentions of the codebook `sources`, one row per name, in order of the text: the entry is `covered` or `lacking`.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news = read_corpus("ukraine-korea")
        >>> sentences = split_sentences(news.articles)
        >>> mentions = find_mentions(news.articles, sentences, read_codebook("actors"))
        >>> find_names(news.articles, sentences, mentions)["entry"].unique().tolist()
        ['covered']
    """
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for id, start, end in zip(mentions["article_id"], mentions["start"].tolist(), mentions["end"].tolist(), strict=True):
        spans[id].append((start, end))
    body = sentences[sentences["part"].isin(SEARCHED_PARTS) & (sentences["part"] != "headline")]
    rows = []
    for id, number, floor, ceiling in body[["article_id", "sentence", "start", "end"]].itertuples(index=False, name=None):
        text = texts[id]
        for found in _NAME.finditer(text, floor, ceiling) if not text[floor:ceiling].isupper() else ():
            words = found[0].split()
            while words and _APOSTROPHE.split(words[0].lower())[0] in _NO_NAMES:  # I'd is no name, as I is none
                words.pop(0)
            name = _POSSESSIVE.sub("", " ".join(words))
            if name:
                start = text.index(words[0], found.start())
                is_covered = any(first < found.end() and start < last for first, last in spans[id])
                is_inside = start - 2 >= floor and text[start - 1].isspace() and (text[start - 2].isalnum() or text[start - 2] == ",")
                rows.append((id, number, start, found.end(), name, is_covered, is_inside))
    table = pd.DataFrame(rows, columns=["article_id", "sentence", "start", "end", "surface", "is_covered", "is_inside"])
    is_sure = table["is_covered"].astype(bool) | table["surface"].astype("str").str.contains(" ", regex=False)
    is_inside = table.groupby("surface")["is_inside"].transform("mean") >= _INSIDE
    table = table[is_sure | is_inside].sort_values(["article_id", "start"])
    table = table.assign(codebook="sources", entry=np.where(table["is_covered"], "covered", "lacking"), pattern="", via="pattern", use="")
    return make_table("Mentions", table.drop(columns=["is_covered", "is_inside"]).to_dict("list"))


def write_stub(discovered: pd.DataFrame) -> str:
    """Write discovered names as the entries of an actors codebook, to be edited: what is no actor goes, types and labels are filled in.

    Args:
        discovered: As `suggest_actors` returns it.

    Returns:
        YAML. It is refused as a codebook as it stands, since every type reads CHOOSE.

    Example:
        >>> row = {"name": ["Ann O'Hara"], "variants": [""], "n_mentions": [3], "n_articles": [2], "for_example": ["Ann O'Hara spoke"]}
        >>> print(write_stub(pd.DataFrame(row)).splitlines()[-1])
          ann-o-hara: {label: "Ann O'Hara", type: CHOOSE, names: ["Ann O'Hara"]}  # 3 mentions in 2 articles: "Ann O'Hara spoke"
    """
    lines = ["codebook: my-actors", "kind: actors", 'version: "1"', "licence: CHOOSE", "source: CHOOSE", "entries:"]
    for row in discovered.itertuples(index=False):
        name, example = (json.dumps(text, ensure_ascii=False) for text in (row.name, row.for_example))
        names = ", ".join(json.dumps(text, ensure_ascii=False) for text in (row.name, *filter(None, row.variants.split(", "))))
        said = f"{row.n_mentions} mentions in {row.n_articles} articles: {example}"
        lines.append(f"  {_write_id(row.name)}: {{label: {name}, type: CHOOSE, names: [{names}]}}  # {said}")
    return "\n".join(lines) + "\n"


def _write_id(name: str) -> str:
    """Write a name as an id."""
    plain = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-") or "unnamed"
