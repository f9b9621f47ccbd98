"""Where in the article, and as what, actors are named."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.counting import Attributions, Mentions
from toolkit.counting.characters import Truths
from toolkit.counting.counts import Counts, list_searched, locate
from toolkit.counting.mentions import check_same_corpus, is_of
from toolkit.counting.standings import PLACES, ROLES, find_standings
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.bootstrap import Resampling
from toolkit.estimating.estimates import Estimates, Measure, divide_counts, list_groups
from toolkit.estimating.rates import PLACE
from toolkit.tables import check_record

_MEASURES = {
    "mentions": Measure("places", "share of the mentions of the actor", "mention"),
    "articles": Measure("places", "share of the articles that name the actor", "article"),
}


def estimate_places(
    actors: Mentions, speech: Attributions, *, of: str | Sequence[str] = PLACES, share: str = "mentions", by: str | Sequence[str] = ()
) -> Estimates:
    """Estimate in which share of its mentions, or of the articles that name it, an actor is in a place or has a role.

    Args:
        actors: Mentions of the actors.
        speech: Attributions in the same corpus, which tell who is a source.
        of: Some of `headline`, `first third`, `rest`, `source`, `subject`, `object`.
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
    for name, given, allowed in [("share", share, list(_MEASURES)), *(("of", one, [*PLACES, *ROLES]) for one in standings)]:
        if given not in allowed:
            raise ToolkitError(f"{name}={given!r} is not allowed. {name_choices(given, allowed)}")
    found, base = find_standings(actors, speech), list_searched(actors.corpus)
    place, n_keys = locate(found["article_id"], base), len(actors.entries) * len(standings)
    top, bottom = np.zeros((len(base), n_keys)), np.zeros((len(base), n_keys))
    parts = []
    for number, actor in enumerate(actors.entries):
        own = is_of(found["entry"], [actor])
        for at, standing in enumerate(standings, start=number * len(standings)):
            has = own & _has(found, standing)
            top[:, at], bottom[:, at] = (np.bincount(place[marks], minlength=len(base)) for marks in (has, own))
            parts.append(found.loc[has, PLACE].assign(actor=actor, entry=standing))
    keys = pd.DataFrame([(actor, standing) for actor in actors.entries for standing in standings], columns=["actor", "entry"], dtype="str")
    counts = Counts(base, keys, {}, actors.codebook.id)
    if share == "articles":
        top, bottom = ((values > 0).astype(np.float64) for values in (top, bottom))
    resampling, measure = Resampling(actors.corpus.seed), _MEASURES[share]
    table = divide_counts(counts, top, bottom, top, measure, list_groups(by), resampling)
    labels = {"actor": actors.codebook.labels, "entry": {one: one for one in standings}}
    suffix = "" if standings == list(PLACES) and share == "mentions" else "-".join([*(one.replace(" ", "-") for one in standings), share])
    behind = pd.concat(parts, ignore_index=True)
    return Estimates(table, measure, actors.corpus, counts.codebook, behind, labels, "actors", resampling, suffix=suffix)


def _has(found: pd.DataFrame, standing: str) -> Truths:
    """Mark the standings of one kind."""
    kind = found["source"] if standing == "source" else found["place" if standing in PLACES else "role"] == standing
    marks: Truths = kind.to_numpy(dtype=bool)
    return marks
