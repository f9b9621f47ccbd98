"""Who speaks, named or unnamed, directly or second-hand, in whose voice words appear, and where actors stand: shares with intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.counting import Attributions, Mentions
from toolkit.counting.counts import Groups
from toolkit.counting.mentions import Ids, is_of
from toolkit.counting.sourcing.voices import VOICES, check_speech, find_second_hand, list_voices
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.estimates import MEASURES, PLACE, Estimates, Measure, count_found, estimate_counts
from toolkit.tables import SOURCE_TYPES, check_record

PLACES = ("headline", "first third", "rest")


def estimate_sources(speech: Attributions, *, share: str = "types", by: Groups = "outlet", of: Ids = ()) -> Estimates:
    """Estimate who speaks: shares of the attributed words, or of the attributions.

    Args:
        speech: Who says what.
        share: `types`: attributed words by type of source. `actors`: share of the attributed words of each actor. `second-hand`: of the
            words with a source, those that another medium says or passes on. `unnamed`: of the attributions to a person, those to a person
            without a name. `stance`: of the attributions by a verb of speech, those whose verb judges (claimed). `presence`: for some
            actors, the share of each in the mentions and in the attributed words of all of them.
        by: As in `estimate_rates`; `presence` has only the group `role`.
        of: Types of sources, or actors by id or label; `unnamed`, `second-hand` and `stance` are given for each of these actors. Empty: all
            types; for `actors` and `presence`, the measured actors.

    Returns:
        One number per group and entry.

    Raises:
        ToolkitError: When the argument is not Attributions, or a share, group, type or actor is not allowed.

    Source: types after Bell 1991 and the coding guide; intervals: `toolkit.estimating.intervals.bound_ratios`.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_corpus
        >>> speech = find_attributions(find_mentions(read_corpus("ukraine-korea"), "actors"))
        >>> estimate_sources(speech, share="unnamed", by="").table[["entry", "estimate", "n_mentions"]].values.tolist()
        [['unnamed', 0.4, 2]]
    """
    check_record(speech, Attributions, "estimate_sources")
    if share not in MEASURES["sources"]:
        raise ToolkitError(f"share={share!r} is not a share of sources. {name_choices(share, MEASURES['sources'])}")
    given, book, measure = [of] if isinstance(of, str) and of else list(of), speech.actors.codebook, MEASURES["sources"][share]
    for wrong in [one for one in given if one not in SOURCE_TYPES] if share == "types" else ():
        raise ToolkitError(f"of={wrong!r} is not a type of source. {name_choices(wrong, SOURCE_TYPES)}")
    rows = speech.rows
    types, actors, every = rows["source_type"].fillna(""), rows["source_entry"].fillna(""), pd.Series(True, index=rows.index)
    is_unnamed = types.str.startswith("unnamed")
    base, entry, hit = {
        "second-hand": (types != "none", share, find_second_hand(rows)),
        "unnamed": (is_unnamed | (types == "named person"), share, is_unnamed),
        "stance": (rows["cue_kind"].isin(["neutral", "stance"]), share, rows["cue_kind"] == "stance"),
        "types": (every, types, every),
    }.get(share, (every, actors, every))
    found = rows[["article_id", "sentence"]].assign(n=rows["n_words"] if "words" in measure.unit else 1, actor=actors)
    for edge in ("start", "end"):  # of the source, else of the cue, else of what is said
        found[edge] = rows[f"source_{edge}"].fillna(rows[f"cue_{edge}"]).fillna(rows[f"content_{edge}"]).astype("int64")
    found = found.assign(entry=np.where(hit, entry, ""))[base]
    asked = book.expand(given) if given and share != "types" else speech.actors.entries
    keys: dict[str, Sequence[str]] = {"entry": {"types": given or SOURCE_TYPES, "actors": asked, "presence": asked}.get(share, [share])}
    if share == "presence":
        named = speech.actors.counted[[*PLACE, "entry"]].assign(role="is named", n=1)
        both = pd.concat([named, found.assign(role="speaks", n=rows["n_words"])], ignore_index=True)
        found, by = both[both["entry"].isin(asked)], ()
        keys = {"role": list(dict.fromkeys(found["role"]))} | keys
    elif given and share not in ("types", "actors"):
        found, keys = found[found["actor"].isin(asked)], {"actor": asked} | keys
    labels = {"actor": book.labels, "entry": book.labels if share in ("actors", "presence") else {}}
    return replace(_estimate_found(speech.actors, found, keys, measure, by), labels=labels, kind="sources")


def estimate_voices(mentions: Mentions, speech: Attributions, *, by: Groups = "outlet") -> Estimates:
    """Estimate in whose voice words appear: the outlet's own, that of a named or unnamed source, or second-hand.

    Args:
        mentions: Mentions; all entries of their codebook count.
        speech: Who says what in the same corpus.
        by: As in `estimate_rates`.

    Returns:
        One number per group and voice: the share of the mentions.

    Raises:
        ToolkitError: When an argument is of the wrong kind, or a group is not allowed.

    Source: voices as in `toolkit.counting.sourcing.voices`; intervals: `toolkit.estimating.intervals.bound_ratios`.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_corpus
        >>> news = read_corpus("ukraine-korea")
        >>> speech = find_attributions(find_mentions(news, "actors"))
        >>> int(estimate_voices(find_mentions(news, "frames"), speech, by="").table["n_mentions"].sum())
        30
    """
    check_speech(mentions, speech, "estimate_voices")
    found = mentions.counted[PLACE].assign(entry=list_voices(mentions, speech)[mentions.rows["left_out"] == ""].array, n=1)
    return replace(_estimate_found(mentions, found, {"entry": VOICES}, MEASURES["mentions"]["voices"], by), labels={})


def _estimate_found(mentions: Mentions, found: pd.DataFrame, keys: Mapping[str, Sequence[str]], measure: Measure, by: Groups) -> Estimates:
    """Estimate the share of each entry in all that was found."""
    totals = found.groupby(["article_id", *list(keys)[:-1]])["n"].transform("sum")
    found = found[totals > 0]  # an article with nothing to divide by is not behind a number
    hits = found[found["entry"].isin(keys["entry"])]
    made = estimate_counts(mentions, count_found(mentions, found, hits, keys), measure, by)
    return replace(made, behind=hits[[*PLACE, *keys]].reset_index(drop=True))


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
