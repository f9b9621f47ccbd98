"""Who speaks, named or not, at first or second hand, and in whose voice the frames are told: shares with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from toolkit.counting import VOICES, find_second_hand, find_voices
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.rates import estimate_pairs
from toolkit.tables import SOURCE_TYPES, TABLES, make_table

_UNITS = {
    "types": "share of attributed words",
    "actors": "share of attributed words",
    "second-hand": "share of attributed words with a source",
    "unnamed": "share of attributions to a person",
    "stance": "share of attributions by a verb of speech",
}


def estimate_sources(
    attributions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    share: str,
    by: Sequence[str] = ("outlet",),
    actors: Sequence[str] = (),
    seed: int,
) -> pd.DataFrame:
    """Estimate who speaks: shares of the attributed words, or of the attributions, over whole articles.

    A critic would ask what is divided. `types` and `actors`: the words of a type of source or of an actor, by all attributed words (nested
    words count once, for the last source of the chain). `second-hand`: words from a medium or handed on by one, by the words that have a
    source. `unnamed`: attributions to unnamed officials and others, by those to persons. `stance`: cues that judge (claimed, admitted),
    by all cues of speech. Sources that are undecided stay in what is divided by, except for `unnamed`.

    Args:
        attributions: Attributions.
        articles: Their articles.
        share: One of these five.
        by: Group columns: `outlet`, `day`, `week`, `month`, `year`; none for the whole corpus.
        actors: Ids of actors: for `actors` whose words; else only attributions to them are looked at, each actor a group.
        seed: Seed of the resampling.

    Returns:
        Estimates, one row per group and entry; `n_mentions` are the words or attributions counted.

    Raises:
        ToolkitError: When `share` is none of these.

    Source: our choice; intervals as in `estimate_pairs`.

    Example:
        >>> from toolkit import read_corpus, split_sentences
        >>> from toolkit.counting import find_attributions
        >>> articles = read_corpus("ukraine-korea").articles
        >>> attributions = find_attributions(articles, split_sentences(articles), model=None)
        >>> shares = estimate_sources(attributions, articles, share="stance", by=[], seed=1)
        >>> shares[["entry", "n_mentions", "note"]].values.tolist()
        [['stance', 4, 'fewer than 5 articles: no interval']]
    """
    if share not in _UNITS:
        raise ToolkitError(f"share={share!r}: no such share. {name_choices(share, list(_UNITS))}")
    types, every = attributions["source_type"].fillna(""), attributions["n_words"] >= 0
    unnamed, second_hand = types.str.startswith("unnamed"), find_second_hand(attributions)
    base, hit = {
        "types": (every, every),
        "actors": (every, every),
        "second-hand": (types != "none", second_hand),
        "unnamed": (unnamed | (types == "named person"), unnamed),
        "stance": (attributions["cue_kind"].isin(["neutral", "stance"]), attributions["cue_kind"] == "stance"),
    }[share]
    entries = SOURCE_TYPES if share == "types" else tuple(actors) if share == "actors" else (share,)
    column = {"types": types, "actors": attributions["source_entry"].fillna("")}.get(
        share, pd.Series(share, attributions.index).where(hit, "")
    )
    weight = attributions["n_words"] if "words" in _UNITS[share] else 1
    found = attributions.assign(entry=column, n=weight, actor=attributions["source_entry"] if actors and share != "actors" else "")
    found = found[base & (found["actor"].isin(actors) | (found["actor"] == ""))]
    return _estimate(found, entries, articles, _UNITS[share], by, seed)


def estimate_presence(
    mentions: pd.DataFrame, attributions: pd.DataFrame, articles: pd.DataFrame, *, actors: Sequence[str], seed: int
) -> pd.DataFrame:
    """Estimate who is talked about and who talks: each actor's share of the mentions, and of the attributed words, of all these actors.

    Args:
        mentions: Mentions of actors.
        attributions: Attributions, resolved to these actors.
        articles: Their articles.
        actors: Ids of actors, compared with each other.
        seed: Seed of the resampling.

    Returns:
        Estimates, one row per `role` (is named, speaks) and actor.

    Source: our choice, after van Dijk 1991 on who is quoted and who is talked about.

    Example:
        >>> from toolkit.tables import make_table
        >>> empty = [make_table(name) for name in ("Mentions", "Attributions", "Articles")]
        >>> len(estimate_presence(*empty, actors=["UKR"], seed=1))
        0
    """
    named = mentions.assign(actor="is named", n=1)
    speaks = attributions.assign(actor="speaks", n=attributions["n_words"], entry=attributions["source_entry"])
    both = pd.concat([table[["article_id", "actor", "entry", "n"]] for table in (named, speaks)])
    estimates = _estimate(both[both["entry"].isin(actors)], actors, articles, "share among these actors", (), seed)
    return estimates.rename(columns={"actor": "role"})


def estimate_voices(
    mentions: pd.DataFrame, attributions: pd.DataFrame, articles: pd.DataFrame, *, by: Sequence[str] = ("outlet",), seed: int
) -> pd.DataFrame:
    """Estimate in whose voice words stand: the article's own, a named source's, an unnamed source's, or at second hand.

    Args:
        mentions: Mentions, of framing words for instance.
        attributions: Attributions of the same articles.
        articles: Their articles.
        by: Group columns.
        seed: Seed of the resampling.

    Returns:
        Estimates, one row per group and voice.

    Source: our choice; see `find_voices`.

    Example:
        >>> from toolkit.tables import make_table
        >>> empty = [make_table(name) for name in ("Mentions", "Attributions", "Articles")]
        >>> len(estimate_voices(*empty, seed=1))
        0
    """
    return _estimate(
        mentions.assign(entry=find_voices(mentions, attributions), n=1, actor=""), VOICES, articles, "share of mentions", by, seed
    )


def _estimate(found: pd.DataFrame, entries: Sequence[str], articles: pd.DataFrame, unit: str, by: Sequence[str], seed: int) -> pd.DataFrame:
    """Divide, in each article and for each actor, what falls to an entry by all that was found."""
    keys = ["article_id", "actor"]
    bottoms = found.groupby(keys)["n"].sum().rename("n_actor").reset_index()
    grid = bottoms[bottoms["n_actor"] > 0].merge(pd.DataFrame({"entry": list(entries)}, dtype="str"), how="cross")
    tops = found.groupby([*keys, "entry"])["n"].sum().rename("n_both").reset_index()
    known = grid.merge(tops, how="left", on=[*keys, "entry"]).fillna({"n_both": 0}).merge(articles, on="article_id")
    known = known.assign(codebook="sources", n_entry=known["n_both"], n_sentences=known["n_actor"])
    pairs = make_table("Pairs", {column.name: known[column.name] for column in TABLES["Pairs"].columns})
    estimates = estimate_pairs(pairs, by=by, seed=seed).assign(quantity="share of sources", unit=unit)
    return estimates if found["actor"].any() else estimates.drop(columns="actor")
