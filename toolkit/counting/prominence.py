"""Where in its article an actor is named, and as what: as a source, as who acts, as who is acted upon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.counting.counts import count_mentions, is_of
from toolkit.counting.sourcing import MODEL
from toolkit.counting.sourcing.parses import Parse, parse_sentences
from toolkit.tables import SEARCHED_PARTS, make_table

PLACES = ("headline", "first third", "rest")
ROLES = ("source", "subject", "object")
STANDING = "standing"  # the codebook of standings; an entry is headline/UKR

_ROLE_OF = {"nsubj": "subject", "agent": "subject", "dobj": "object", "nsubjpass": "object"}
_LONGEST = 5000  # characters of a sentence that are parsed; a longer one is none, and would take the parser long
_SPAN = ["article_id", "start", "end", "entry"]


def find_standings(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    attributions: pd.DataFrame,
    codebook: Codebook,
    *,
    entries: Sequence[str] = (),
    model: str = MODEL,
) -> pd.DataFrame:
    """Find where each mention of some actors stands in its article, and as what.

    A critic would ask three things. Place: a sentence is of the first third when its first word is among the first third of the words
    after the headline. Source: only where the attribution resolves to the actor. Who acts and who is acted upon: by a parser, so `object`
    is the object of a verb or the subject of a passive one, and its agent (`by Russia`) is a `subject`; an adjective, a possessor or a
    name after any other preposition is neither.

    Args:
        mentions: Mentions of the codebook.
        sentences: The sentences that were searched.
        articles: Articles.
        attributions: Attributions, resolved to the codebook.
        codebook: The codebook.
        entries: Actors to look at, with their children; none: all at the top.
        model: Package of a spaCy model, which parses the sentences that name these actors (kept on disk by content).

    Returns:
        Mentions of the codebook `standing`: each mention once with its place, entry `headline/UKR`, and once with each role it has.

    Raises:
        CodebookError: When an entry is not in the codebook.
        ToolkitError: When the model is not installed.

    Source: clauses as sources, subjects and objects: van Atteveldt, Sheafer, Shenhav & Fogel-Dror 2017; thirds: our choice.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_codebook, read_corpus, split_sentences
        >>> articles, book = read_corpus("ukraine-korea").articles, read_codebook("actors")
        >>> sentences = split_sentences(articles)
        >>> mentions = find_mentions(articles, sentences, book)
        >>> attributions = find_attributions(articles, sentences, mentions, book)
        >>> find_standings(mentions, sentences, articles, attributions, book, entries=["umerov"])["entry"].tolist()
        ['first third/umerov', 'subject/umerov', 'rest/umerov', 'object/umerov', 'rest/umerov', 'source/umerov', 'subject/umerov']
    """
    own = mentions[np.any([is_of(mentions["entry"], entry) for entry in codebook.expand(entries)], axis=0)]
    lines = _find_places(sentences)
    hits = own.merge(lines.rename(columns={"start": "first", "end": "last"}), on=["article_id", "sentence"])
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    spans = hits[["article_id", "first", "last"]].itertuples(index=False, name=None)
    parses = parse_sentences([texts[id][first : min(last, first + _LONGEST)] for id, first, last in spans], model)
    inside = zip(parses, hits["start"] - hits["first"], hits["end"] - hits["first"], strict=True)
    roles = pd.Series([_find_role(*span) for span in inside], index=hits.index, dtype="str")
    spoken = attributions[["article_id", "source_entry", "source_start", "source_end"]].rename(columns={"source_entry": "entry"})
    said = hits[_SPAN].reset_index().merge(spoken.dropna(), on=["article_id", "entry"])
    said = said[(said["start"] >= said["source_start"]) & (said["end"] <= said["source_end"])]
    sources = pd.Series(np.where(hits.index.isin(said["index"]), "source", ""), index=hits.index, dtype="str")
    found = pd.concat([hits.assign(standing=standing) for standing in (hits["place"], sources, roles)])
    found = found[found["standing"] != ""].sort_values(_SPAN, kind="stable")
    found = found.assign(codebook=STANDING, entry=found["standing"] + "/" + found["entry"])
    return make_table("Mentions", found[mentions.columns].to_dict("series")).reset_index(drop=True)


def count_prominence(
    standings: pd.DataFrame, sentences: pd.DataFrame, articles: pd.DataFrame, codebook: Codebook, *, entries: Sequence[str] = ()
) -> pd.DataFrame:
    """Count, in each article, how often each actor is named, where, and as what; zeros included.

    Args:
        standings: What `find_standings` gives for these entries.
        sentences: The sentences that were searched.
        articles: Articles.
        codebook: The codebook.
        entries: Entries to count; a parent counts its children's mentions. None: all at the top.

    Returns:
        Prominence, one row per article and actor, ordered by article, then as the entries are.

    Raises:
        CodebookError: When an entry is not in the codebook.

    Example:
        >>> from toolkit import read_codebook, read_corpus, split_sentences
        >>> articles, nobody = read_corpus("ukraine-korea").articles, make_table("Mentions")
        >>> count_prominence(nobody, split_sentences(articles), articles, read_codebook("actors"), entries=["umerov"])["n_rest"].tolist()
        [0]
    """
    halves = standings["entry"].str.split("/", n=1)
    own, names = standings.assign(codebook=codebook.id, entry=halves.str[1].astype("str")), halves.str[0]
    counts = count_mentions(own[names.isin(PLACES)], sentences, articles, codebook, entries=entries)
    for name in (*PLACES, *ROLES):
        some = count_mentions(own[names == name], sentences, articles, codebook, entries=entries)
        counts[f"n_{name.replace(' ', '_')}"] = some["n_mentions"]
    return make_table("Prominence", counts.drop(columns=["score", "n_sentences", "n_words"]).to_dict("series"))


def _find_places(sentences: pd.DataFrame) -> pd.DataFrame:
    """Give each sentence searched its place in the article."""
    lines = sentences[sentences["part"].isin(SEARCHED_PARTS)].sort_values(["article_id", "sentence"])
    words = lines["n_words"].where(lines["part"] != "headline", 0).groupby(lines["article_id"])
    is_early = 3 * (words.cumsum() - lines["n_words"]) < words.transform("sum")
    places = np.select([lines["part"] == "headline", is_early], PLACES[:2], PLACES[2])
    return lines[["article_id", "sentence", "start", "end"]].assign(place=places)


def _find_role(parse: Parse, start: int, end: int) -> str:
    """Say whether what stands there acts or is acted upon; a name in a row of names has the role of the first."""
    tokens = [token for token in range(len(parse.heads)) if parse.starts[token] < end and parse.ends[token] > start]
    token = next((token for token in tokens if parse.heads[token] not in tokens), -1)
    while token >= 0 and parse.relations[token] in ("conj", "appos", "pobj"):
        if parse.relations[token] == "pobj" and parse.relations[parse.heads[token]] != "agent":
            return ""
        token = parse.heads[token]
    return _ROLE_OF.get(parse.relations[token], "") if token >= 0 else ""
