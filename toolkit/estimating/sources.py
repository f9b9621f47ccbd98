"""Who speaks, named or not, at first or second hand, and in whose voice something is told: shares with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.counting import Attributions, Mentions
from toolkit.counting.counts import Counts, list_searched, locate
from toolkit.counting.mentions import check_same_corpus
from toolkit.counting.sourcing.voices import VOICES, find_second_hand, find_voices
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.bootstrap import Resampling
from toolkit.estimating.diversity import ORDERS, measure_diversity
from toolkit.estimating.estimates import Estimates, Measure, divide_counts, list_groups
from toolkit.estimating.rates import PLACE
from toolkit.tables import SOURCE_TYPES, check_record, make_table

MEASURES = {
    "types": Measure("types", "share of attributed words", "attribution"),
    "actors": Measure("speaking", "share of attributed words", "attribution"),
    "second-hand": Measure("second-hand", "share of attributed words with a source", "attribution"),
    "unnamed": Measure("unnamed", "share of attributions to a person", "attribution"),
    "stance": Measure("stance", "share of attributions by a verb of speech", "attribution"),
    "presence": Measure("named-and-speaking", "share of these actors", "place"),
    "diversity": Measure("diversity", "effective number of sources", "attribution", bound="", method="jackknife over articles, log scale"),
}
VOICE = Measure("voices", "share of mentions", "mention")


def estimate_sources(
    speech: Attributions, *, share: str = "types", by: str | Sequence[str] = "outlet", of: str | Sequence[str] = ()
) -> Estimates:
    """Estimate who speaks: shares of the attributed words, or of the attributions.

    Args:
        speech: Who says what.
        share: `types`: of the attributed words, by type of source. `actors`: of the attributed words, those of actors.
            `second-hand`: of the words that have a source, those that another medium says or passes on. `unnamed`: of the attributions to a
            person, those to one without a name. `stance`: of the attributions by a verb of speech, those whose verb judges (claimed).
            `presence`: of some actors, each one's share of the mentions and of the attributed words of all of them. `diversity`: not a
            share, but the effective number of sources (Hill numbers of order 0, 1, 2), at the same number of attributions per outlet.
        by: As in `estimate_rates`; `presence` has the group `role` alone, and diversity is by outlet.
        of: Types of sources, or actors by id or label; `unnamed`, `second-hand` and `stance` are given for each of these actors. None: all
            types; for actors and presence, those that are measured.

    Returns:
        One number per group and entry.

    Raises:
        ToolkitError: When the argument is not Attributions, or a share, group, type or actor is not allowed.

    Source: types after Bell 1991 and the coding guide; intervals: Efron & Tibshirani 1993, ch. 13; diversity: `estimating.diversity`.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_corpus
        >>> speech = find_attributions(find_mentions(read_corpus("ukraine-korea"), "actors"))
        >>> estimate_sources(speech, share="unnamed", by="").table[["entry", "estimate", "n_mentions"]].values.tolist()
        [['unnamed', 0.4, 2]]
    """
    check_record(speech, Attributions, "estimate_sources")
    if share not in MEASURES:
        raise ToolkitError(f"share={share!r} is not a share of sources. {name_choices(share, list(MEASURES))}")
    given, book, measure = [of] if isinstance(of, str) and of else list(of), speech.actors.codebook, MEASURES[share]
    for wrong in [one for one in given if one not in SOURCE_TYPES] if share == "types" else ():
        raise ToolkitError(f"of={wrong!r} is not a type of source. {name_choices(wrong, SOURCE_TYPES)}")
    if share == "diversity":
        return _estimate_diversity(speech)
    rows = speech.rows
    types, actors, second_hand = rows["source_type"].fillna(""), rows["source_entry"].fillna(""), find_second_hand(rows)
    is_unnamed, every = types.str.startswith("unnamed"), pd.Series(True, index=rows.index)
    base, hit = {
        "second-hand": (types != "none", second_hand & (types != "none")),
        "unnamed": (is_unnamed | (types == "named person"), is_unnamed),
        "stance": (rows["cue_kind"].isin(["neutral", "stance"]), rows["cue_kind"] == "stance"),
    }.get(share, (every, every))
    found = rows[["article_id"]].assign(**_find_spans(rows), n=rows["n_words"] if "words" in measure.unit else 1)
    found["entry"] = {"types": types, "actors": actors, "presence": actors}.get(share, pd.Series(share, index=rows.index)).where(hit, "")
    own_labels = book.labels if share in ("actors", "presence") else {}
    labels: dict[str, Mapping[str, str]] = {"entry": {**{one: one for one in (*SOURCE_TYPES, *MEASURES)}, **own_labels}}
    entries = {"types": given or SOURCE_TYPES}.get(share) or (book.expand(given) if given else speech.actors.entries)
    if share in ("types", "actors"):
        return _divide(speech, found, measure, list_groups(by), entries, labels)
    if share == "presence":
        named = speech.actors.counted[["article_id", "sentence", "start", "end", "entry"]].assign(role="is named", n=1)
        both = pd.concat([named, found.assign(role="speaks", n=rows["n_words"])], ignore_index=True)
        return _divide(speech, both[both["entry"].isin(entries)], measure, [], entries, labels, inner="role")
    if not given:
        return _divide(speech, found[base], measure, list_groups(by), [share], labels)
    own = found[base & actors.isin(entries)].assign(actor=actors)
    return _divide(speech, own, measure, list_groups(by), [share], labels | {"actor": book.labels}, inner="actor", values=entries)


def estimate_voices(mentions: Mentions, speech: Attributions, *, by: str | Sequence[str] = "outlet") -> Estimates:
    """Estimate in whose voice words are told: the outlet's own, a named source's, an unnamed source's, or at second hand.

    Args:
        mentions: What was found; all entries of its codebook count.
        speech: Who says what in the same corpus.
        by: As in `estimate_rates`.

    Returns:
        One number per group and voice: its share of the mentions.

    Raises:
        ToolkitError: When an argument is of the wrong kind, or a group is not allowed.

    Source: voices as in `toolkit.counting.sourcing.voices`; intervals: Efron & Tibshirani 1993, ch. 13.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_corpus
        >>> news = read_corpus("ukraine-korea")
        >>> speech = find_attributions(find_mentions(news, "actors"))
        >>> int(estimate_voices(find_mentions(news, "frames"), speech, by="").table["n_mentions"].sum())
        29
    """
    check_record(mentions, Mentions, "estimate_voices")
    check_record(speech, Attributions, "estimate_voices")
    check_same_corpus(mentions.corpus, speech.corpus, "estimate_voices")
    found = mentions.counted[PLACE].assign(entry=find_voices(mentions.counted, speech.rows), n=1)
    made = _divide(speech, found, VOICE, list_groups(by), VOICES, {"entry": {voice: voice for voice in VOICES}})
    return replace(made, kind=mentions.codebook.kind, codebook=mentions.codebook.id, corpus=mentions.corpus)


def _find_spans(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Where attributions are in the text: the source, else the cue, else what is said."""
    spans = {}
    for edge in ("start", "end"):
        first = rows[f"source_{edge}"].fillna(rows[f"cue_{edge}"])
        spans[edge] = first.fillna(rows[f"content_{edge}"]).astype("int64")
    return {"sentence": rows["sentence"], **spans}


def _divide(
    speech: Attributions,
    found: pd.DataFrame,
    measure: Measure,
    by: Sequence[str],
    entries: Sequence[str],
    labels: Mapping[str, Mapping[str, str]],
    *,
    inner: str = "",
    values: Sequence[str] = (),
) -> Estimates:
    """Divide, in each article and for each value of an inner group, what falls to an entry by all that was found."""
    base = list_searched(speech.corpus)
    given = list(values) or list(dict.fromkeys(found[inner])) if inner else [""]
    totals = found.groupby(["article_id", *([inner] if inner else [])])["n"].transform("sum")
    found = found[totals > 0]  # an article with nothing to divide by is not behind a number
    names, blocks = [(value, entry) for value in given for entry in entries], []
    for value in given:
        own = found[found[inner] == value] if inner else found
        place, n = locate(own["article_id"], base), own["n"].to_numpy(dtype=np.float64)
        bottom = np.bincount(place, weights=n, minlength=len(base))
        for entry in entries:
            of_entry = (own["entry"] == entry).to_numpy(dtype=bool)
            top = np.bincount(place[of_entry], weights=n[of_entry], minlength=len(base))
            blocks.append((top, bottom, np.bincount(place[of_entry], minlength=len(base)).astype(float)))
    tops, bottoms, behind = (
        np.stack([block[at] for block in blocks], axis=1).astype(float) if blocks else np.zeros((len(base), 0)) for at in range(3)
    )
    keys = pd.DataFrame(names, columns=[inner or "inner", "entry"], dtype="str")
    counts = Counts(base, keys if inner else keys[["entry"]], {}, speech.actors.codebook.id)
    resampling = Resampling(speech.corpus.seed)
    table = divide_counts(counts, tops, bottoms, behind, measure, by, resampling)
    places = found.loc[found["entry"].isin(entries), [*PLACE, *([inner] if inner else []), "entry"]].reset_index(drop=True)
    return Estimates(table, measure, speech.corpus, counts.codebook, places, labels, "sources", resampling)


def _estimate_diversity(speech: Attributions) -> Estimates:
    """Effective numbers of sources by outlet."""
    rows, articles = speech.rows, speech.corpus.articles
    named = rows.assign(source=rows["source_entry"].fillna(rows["source_name"])).dropna(subset=["source"])
    named = named.merge(articles[["article_id", "outlet"]].fillna({"outlet": "unknown"}), on="article_id")
    made = pd.DataFrame(measure_diversity(named), columns=["outlet", *make_table("Estimates").columns])
    table = make_table("Estimates", made.to_dict("series")).astype({"outlet": "str"})
    behind = named[["article_id"]].assign(**_find_spans(named))[PLACE]
    labels = {"entry": {f"order-{order}": said for order, said in ORDERS.items()}}
    resampling = Resampling(speech.corpus.seed)
    return Estimates(table, MEASURES["diversity"], speech.corpus, speech.actors.codebook.id, behind, labels, "sources", resampling)
