"""Names in a corpus that a codebook of actors does not cover, and the share of names that it covers."""

from collections import Counter
from dataclasses import dataclass
from itertools import dropwhile

import numpy as np
import pandas as pd

from toolkit.codebooks.names import list_spellings
from toolkit.counting.counts import locate
from toolkit.counting.lists import read_regex, read_words
from toolkit.counting.mentions import Mentions, find_mentions, find_of_whole
from toolkit.parsing import Corpus
from toolkit.tables import check_record, make_table

_INSIDE = 0.5  # share of a single word that is inside a sentence, after a word or comma: what is no name has less


@dataclass(frozen=True, eq=False, repr=False)
class Names:
    """The names in a corpus, and whether a codebook of actors covers them.

    Attributes:
        table: Table Names.
        actors: The mentions of actors in the corpus.
    """

    table: pd.DataFrame
    actors: Mentions

    @property
    def corpus(self) -> Corpus:
        """The corpus that was read."""
        return self.actors.corpus

    def __repr__(self) -> str:
        """One line: how many there are, and how many are covered."""
        n, n_covered = len(self.table), int(self.table["covered"].sum())
        return f"Names: {n:,} in {self.corpus.name}, {n_covered:,} covered by {self.actors.codebook.id}, {n - n_covered:,} lacking"


def find_names(actors: Mentions) -> Names:
    """Find the names in the body of articles, and whether the codebook covers them.

    A name is a run of capitalised words, so events, places and products are included. It is covered if a mention covers one of its words. A
    capital at the start of a sentence is no evidence, so a single word must mostly occur inside sentences. Headlines are not used.

    Args:
        actors: Mentions of actors, of any entries: the whole codebook counts.

    Returns:
        The names. They are found once for a corpus and a codebook and kept in the cache.

    Example:
        >>> from toolkit import find_mentions, read_corpus
        >>> find_names(find_mentions(read_corpus("ukraine-korea"), "actors"))
        Names: 40 in ukraine-korea, 40 covered by actors, 0 lacking
    """
    check_record(actors, Mentions, "find_names")
    book, key = actors.codebook, [actors.codebook.fingerprint]
    found = find_of_whole(actors.corpus, f"names {book.id}", key, lambda whole: _find_names(find_mentions(whole, book)), is_local=False)
    return Names(found, actors)


def find_lacking(names: Names, *, least: int = 3, most: int | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find the names that the codebook does not cover.

    Args:
        names: Names.
        least: Fewest occurrences to be listed.
        most: How many names at most; None: all.

    Returns:
        One row per name, most frequent first: `name`, `n_mentions`, `n_articles`, `variants` (other spellings). And where they are: rows of
        Names, with the name each is listed under.
    """
    free = names.table[~names.table["covered"]]
    counts, leaders = Counter(free["name"]), dict[str, str]()
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        leaders.setdefault(name, name)
        for spelled in list_spellings(name) if 1 < len(name.split()) < 4 else ():
            leaders.setdefault(spelled, leaders[name])
    behind = free.assign(variant=free["name"], name=free["name"].map(leaders).astype("str"))
    others = behind[behind["variant"] != behind["name"]].groupby("name")["variant"].agg(lambda own: ", ".join(sorted(set(own))))
    table = behind.groupby("name").agg(n_mentions=("start", "size"), n_articles=("article_id", "nunique"))
    table = table[table["n_mentions"] >= least].assign(variants=others).fillna({"variants": ""}).reset_index()
    table = table.sort_values(["n_mentions", "name"], ascending=[False, True], ignore_index=True).head(most)
    return table, behind.loc[behind["name"].isin(table["name"]), ["article_id", "sentence", "start", "end", "name"]]


def _find_names(mentions: Mentions) -> pd.DataFrame:
    """Find the names of a corpus, and whether one of the mentions in it covers each."""
    corpus, no_names, texts = mentions.corpus, read_words("names", "titles", "openers", "no_names"), mentions.corpus.texts.to_dict()
    body, rows = corpus.spans[corpus.spans["part"].isin(["dateline", "body"])], []
    for id, number, floor, ceiling in zip(*(body[name].tolist() for name in ("article_id", "sentence", "start", "end")), strict=True):
        text = texts[id]
        for found in read_regex("capitalised").finditer(text, floor, ceiling) if not text[floor:ceiling].isupper() else ():
            # I'd is not a name, like I
            words = [*dropwhile(lambda word: word.lower().replace("’", "'").split("'")[0] in no_names, found[0].split())]
            if name := read_regex("possessive").sub("", " ".join(words)):
                start = text.index(words[0], found.start())
                is_inside = start - 2 >= floor and text[start - 1].isspace() and (text[start - 2].isalnum() or text[start - 2] == ",")
                rows.append((id, number, start, found.end(), name, is_inside))
    names = make_table("Names").columns[:5]
    table = pd.DataFrame(rows, columns=[*names, "is_inside"]).astype({"article_id": "str", "name": "str", "is_inside": "bool"})
    known, edges = corpus.articles, ("start", "end")  # places are counted through all articles
    own, others = ([locate(rows["article_id"], known) * 2**32 + rows[edge] for edge in edges] for rows in (table, mentions.rows))
    # More mentions begin before its end than end before its start: one of them meets it.
    table["covered"] = np.searchsorted(np.sort(others[0]), own[1]) > np.searchsorted(np.sort(others[1]), own[0], side="right")
    is_sure = table["covered"] | table["name"].str.contains(" ", regex=False)
    is_inside = table.groupby("name")["is_inside"].transform("mean") >= _INSIDE
    table = table[is_sure | is_inside].sort_values(["article_id", "start"], kind="stable")
    return make_table("Names", {name: table[name].array for name in (*names, "covered")})
