"""Where in the article actors are named, and how often as a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from toolkit.counting import Attributions, Mentions
from toolkit.counting.mentions import check_same_corpus, is_of
from toolkit.counting.standings import PLACES, find_standings
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.estimates import PLACE, Estimates, Measure, count_found, estimate_counts
from toolkit.tables import check_record

_MEASURES = {
    "mentions": Measure("places", "share of the mentions of the actor", "mention"),
    "articles": Measure("places", "share of the articles that name the actor", "article"),
}


def estimate_places(
    actors: Mentions, speech: Attributions, *, of: str | Sequence[str] = PLACES, share: str = "mentions", by: str | Sequence[str] = ()
) -> Estimates:
    """Estimate in which share of its mentions, or of the articles that name it, an actor is in a place or a source.

    Args:
        actors: Mentions of the actors.
        speech: Attributions in the same corpus, which tell who is a source.
        of: Some of `headline`, `first third`, `rest`, `source`.
        share: `mentions`: of the actor's mentions. `articles`: of the articles that name it, those that do so at least once in this way.
        by: As in `estimate_rates`, beside the actor.

    Returns:
        One number per actor and standing.

    Raises:
        ToolkitError: When `share`, a standing or a group is not allowed.

    Source: standings as in `toolkit.counting.standings`; intervals: Efron & Tibshirani 1993, ch. 13.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_corpus
        >>> named = find_mentions(read_corpus("ukraine-korea"), "actors", "umerov")
        >>> estimate_places(named, find_attributions(named)).table["n_mentions"].tolist()
        [0, 1, 2]
    """
    check_record(actors, Mentions, "estimate_places")
    check_record(speech, Attributions, "estimate_places")
    check_same_corpus(actors.corpus, speech.corpus, "estimate_places")
    standings = [of] if isinstance(of, str) else list(of)
    for name, given, allowed in [("share", share, list(_MEASURES)), *(("of", one, [*PLACES, "source"]) for one in standings)]:
        if given not in allowed:
            raise ToolkitError(f"{name}={given!r} is not allowed. {name_choices(given, allowed)}")
    found = find_standings(actors, speech).assign(n=1)
    own = pd.concat([found[is_of(found["entry"], [actor])].assign(actor=actor) for actor in actors.entries])
    marks = {one: own["place"] == one for one in PLACES} | {"source": own["source"]}
    hits = pd.concat([own[marks[standing]].assign(entry=standing) for standing in standings], ignore_index=True)
    keys: dict[str, Sequence[str]] = {"actor": actors.entries, "entry": standings}
    found, counted = own, hits
    if share == "articles":
        found, counted = own.drop_duplicates(["article_id", "actor"]), hits.drop_duplicates(["article_id", *keys])
    made = estimate_counts(actors, count_found(actors, found, counted, keys), _MEASURES[share], by)
    suffix = "" if standings == list(PLACES) and share == "mentions" else "-".join([*(one.replace(" ", "-") for one in standings), share])
    return replace(made, behind=hits[[*PLACE, *keys]], labels={"actor": actors.codebook.labels}, suffix=suffix)
