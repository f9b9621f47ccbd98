"""Where in its article an actor is named, and as what: as a source, as who acts, as who is acted upon."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.counting.mentions import Mentions, find_mentions, find_of_whole, is_of
from toolkit.counting.sourcing.attributions import Attributions
from toolkit.counting.sourcing.parses import LONGEST, MODEL, Parse, find_edition, parse_sentences
from toolkit.tables import make_table

PLACES = ("headline", "first third", "rest")
ROLES = ("source", "subject", "object")

_ROLE_OF = {"nsubj": "subject", "agent": "subject", "dobj": "object", "nsubjpass": "object"}
_SPAN = ["article_id", "start", "end", "entry"]


def find_standings(actors: Mentions, speech: Attributions) -> pd.DataFrame:
    """Find where each mention of the actors measured stands in its article, and as what.

    A critic would ask three things. Place: a sentence belongs to the first third when its first word is among the first third of the words
    after the headline. Source: only where the attribution resolves to the actor. Who acts and who is acted upon: by a parser, so `object`
    is the object of a verb or the subject of a passive one, and its agent (`by Russia`) is a `subject`; an adjective, a possessor or a
    name after any other preposition is neither.

    Args:
        actors: Mentions of actors.
        speech: Attributions in the same corpus.

    Returns:
        Table Standings, one row per counted mention of the actors measured.

    Raises:
        ToolkitError: When the model that parses is not installed.

    Source: clauses as sources, subjects and objects: van Atteveldt, Sheafer, Shenhav & Fogel-Dror 2017.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_corpus
        >>> named = find_mentions(read_corpus("ukraine-korea"), "actors", "umerov")
        >>> find_standings(named, find_attributions(named))[["place", "source", "role"]].values.tolist()
        [['first third', False, 'subject'], ['rest', False, 'object'], ['rest', True, 'subject']]
    """
    corpus = actors.corpus
    roles = find_of_whole(
        corpus,
        f"roles {actors.codebook.id} {' '.join(actors.entries[:6])}",
        [actors.codebook.fingerprint, actors.entries, find_edition(MODEL)],
        lambda some: _find_roles(find_mentions(some, actors.codebook, actors.entries)),
        is_local=True,
    )
    hits = actors.measured.merge(_find_places(corpus.spans), on=["article_id", "sentence"])
    hits = hits.merge(roles, on=_SPAN, how="left")
    spoken = speech.rows[["article_id", "source_entry", "source_start", "source_end"]].rename(columns={"source_entry": "entry"})
    said = hits[_SPAN].reset_index().merge(spoken.dropna(), on=["article_id", "entry"])
    said = said[(said["start"] >= said["source_start"]) & (said["end"] <= said["source_end"])]
    hits = hits.assign(source=hits.index.isin(said["index"]), role=hits["role"].fillna(""))
    names = make_table("Standings").columns
    return make_table("Standings", {name: hits[name].array for name in names})


def _find_roles(actors: Mentions) -> pd.DataFrame:
    """Parse the sentences that hold matches of the actors measured, and say whether each acts or is acted upon."""
    matches, corpus = actors.rows[is_of(actors.rows["entry"], actors.entries)], actors.corpus
    lines = corpus.spans[["article_id", "sentence", "start", "end"]].rename(columns={"start": "first", "end": "last"})
    hits = matches.merge(lines, on=["article_id", "sentence"])
    spans = hits[["article_id", "first", "last"]].itertuples(index=False, name=None)
    parses = parse_sentences([corpus.texts[id][first : min(last, first + LONGEST)] for id, first, last in spans], MODEL)
    inside = zip(parses, hits["start"] - hits["first"], hits["end"] - hits["first"], strict=True)
    return hits[_SPAN].assign(role=pd.array([_find_role(*span) for span in inside], dtype="str"))


def _find_places(sentences: pd.DataFrame) -> pd.DataFrame:
    """Give each sentence searched its place in the article."""
    lines = sentences[sentences["part"] != "boilerplate"].sort_values(["article_id", "sentence"])
    words = lines["n_words"].where(lines["part"] != "headline", 0).groupby(lines["article_id"])
    is_early = 3 * (words.cumsum() - lines["n_words"]) < words.transform("sum")
    places = np.select([lines["part"] == "headline", is_early], PLACES[:2], PLACES[2])
    return lines[["article_id", "sentence"]].assign(place=places)


def _find_role(parse: Parse, start: int, end: int) -> str:
    """Say whether what stands there acts or is acted upon; a name in a row of names has the role of the first."""
    tokens = [token for token in range(len(parse.heads)) if parse.starts[token] < end and parse.ends[token] > start]
    token = next((token for token in tokens if parse.heads[token] not in tokens), -1)
    while token >= 0 and parse.relations[token] in ("conj", "appos", "pobj"):
        if parse.relations[token] == "pobj" and parse.relations[parse.heads[token]] != "agent":
            return ""
        token = parse.heads[token]
    return _ROLE_OF.get(parse.relations[token], "") if token >= 0 else ""
