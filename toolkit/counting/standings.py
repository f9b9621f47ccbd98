"""Where in its article an actor is named, and whether as a source."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.counting.mentions import Mentions
from toolkit.counting.sourcing.attributions import Attributions
from toolkit.tables import make_table

PLACES = ("headline", "first third", "rest")
_SPAN = ["article_id", "start", "end", "entry"]


def find_standings(actors: Mentions, speech: Attributions) -> pd.DataFrame:
    """Find where in its article each mention of the actors measured is, and whether it names a source.

    A critic would ask two things. Place: a sentence belongs to the first third when its first word is among the first third of the words
    after the headline. Source: only where the attribution resolves to the actor.

    Args:
        actors: Mentions of actors.
        speech: Attributions in the same corpus.

    Returns:
        Table Standings, one row per counted mention of the actors measured.

    Source: our choice, as news puts the most important things first (Pöttker 2003).

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_corpus
        >>> named = find_mentions(read_corpus("ukraine-korea"), "actors", "umerov")
        >>> find_standings(named, find_attributions(named))[["place", "source"]].values.tolist()
        [['first third', False], ['rest', False], ['rest', True]]
    """
    hits = actors.measured.merge(_find_places(actors.corpus.spans), on=["article_id", "sentence"])
    spoken = speech.rows[["article_id", "source_entry", "source_start", "source_end"]].rename(columns={"source_entry": "entry"})
    said = hits[_SPAN].reset_index().merge(spoken.dropna(), on=["article_id", "entry"])
    said = said[(said["start"] >= said["source_start"]) & (said["end"] <= said["source_end"])]
    hits = hits.assign(source=hits.index.isin(said["index"]))
    names = make_table("Standings").columns
    return make_table("Standings", {name: hits[name].array for name in names})


def _find_places(sentences: pd.DataFrame) -> pd.DataFrame:
    """Give each sentence searched its place in the article."""
    lines = sentences[sentences["part"] != "boilerplate"].sort_values(["article_id", "sentence"])
    words = lines["n_words"].where(lines["part"] != "headline", 0).groupby(lines["article_id"])
    is_early = 3 * (words.cumsum() - lines["n_words"]) < words.transform("sum")
    places = np.select([lines["part"] == "headline", is_early], PLACES[:2], PLACES[2])
    return lines[["article_id", "sentence"]].assign(place=places)
