"""Where in the article actors are named, and how often as a source."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.counting import Attributions, Mentions
from toolkit.counting.counts import Groups
from toolkit.counting.mentions import Ids, is_of
from toolkit.counting.sourcing.voices import check_speech
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.estimates import MEASURES, PLACE, Estimates, count_found, estimate_counts

PLACES = ("headline", "first third", "rest")


def estimate_places(actors: Mentions, speech: Attributions, *, of: Ids = PLACES, share: str = "mentions", by: Groups = ()) -> Estimates:
    """Estimate where actors are named in articles, and how often as a source.

    A sentence belongs to the first third if its first word is among the first third of the words after the headline. A mention is a source
    only if an attribution was resolved to the actor.

    Args:
        actors: Mentions of the actors.
        speech: Attributions in the same corpus, for `source`.
        of: Some of `headline`, `first third`, `rest`, `source`.
        share: `mentions`: share of the mentions of the actor. `articles`: share of the articles with the actor that name it in this way at
            least once.
        by: As in `estimate_rates`, in addition to the actor.

    Returns:
        One number per actor and place.

    Raises:
        ToolkitError: When `share`, a standing or a group is not allowed.

    Source: news puts the most important information first (Pöttker 2003); the division into thirds is ours. Intervals as for every share.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_corpus
        >>> named = find_mentions(read_corpus("ukraine-korea"), "actors", "umerov")
        >>> estimate_places(named, find_attributions(named)).table["n_mentions"].tolist()
        [0, 1, 2]
    """
    check_speech(actors, speech, "estimate_places")
    standings = [of] if isinstance(of, str) else list(of)
    for name, given, allowed in [("share", share, list(MEASURES["places"])), *(("of", one, [*PLACES, "source"]) for one in standings)]:
        if given not in allowed:
            raise ToolkitError(f"{name}={given!r} is not allowed. {name_choices(given, allowed)}")
    found = _find_standings(actors, speech).assign(n=1)
    own = pd.concat([found[is_of(found["entry"], [actor])].assign(actor=actor) for actor in actors.entries])
    marks = {one: own["place"] == one for one in PLACES} | {"source": own["source"]}
    hits = pd.concat([own[marks[standing]].assign(entry=standing) for standing in standings], ignore_index=True)
    keys: dict[str, Sequence[str]] = {"actor": actors.entries, "entry": standings}
    found, counted = own, hits
    if share == "articles":
        found, counted = own.drop_duplicates(["article_id", "actor"]), hits.drop_duplicates(["article_id", *keys])
    made = estimate_counts(actors, count_found(actors, found, counted, keys), MEASURES["places"][share], by)
    suffix = "" if standings == list(PLACES) and share == "mentions" else "-".join([*(one.replace(" ", "-") for one in standings), share])
    return replace(made, behind=hits[[*PLACE, *keys]], labels={"actor": actors.codebook.labels}, suffix=suffix)


def _find_standings(actors: Mentions, speech: Attributions) -> pd.DataFrame:
    """Find the place of each mention of the actors measured (`place`), and whether it names a source (`source`)."""
    hits = actors.measured.merge(_find_places(actors.corpus.spans), on=["article_id", "sentence"])
    spoken = speech.rows[["article_id", "source_entry", "source_start", "source_end"]].rename(columns={"source_entry": "entry"})
    said = hits.reset_index().merge(spoken.dropna(), on=["article_id", "entry"])
    said = said[(said["start"] >= said["source_start"]) & (said["end"] <= said["source_end"])]
    return hits.assign(source=hits.index.isin(said["index"]))


def _find_places(sentences: pd.DataFrame) -> pd.DataFrame:
    """Give each sentence searched its place in the article."""
    lines = sentences[sentences["part"] != "boilerplate"].sort_values(["article_id", "sentence"])
    words = lines["n_words"].where(lines["part"] != "headline", 0).groupby(lines["article_id"])
    is_early = 3 * (words.cumsum() - lines["n_words"]) < words.transform("sum")
    return lines[["article_id", "sentence"]].assign(place=np.select([lines["part"] == "headline", is_early], PLACES[:2], PLACES[2]))
