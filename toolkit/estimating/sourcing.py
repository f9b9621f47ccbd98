"""Who speaks, named or not, at first or second hand, and in whose voice the frames are told: shares with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from toolkit.counting.sourcing import VOICES, find_second_hand
from toolkit.errors import ToolkitError, name_choices
from toolkit.estimating.rates import estimate_pairs, name_group
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
    of: Sequence[str] = (),
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
        of: For `types` the types to show, all if empty; for `actors` the actors; else actors to look at one by one: entry `stance/UKR`.
        seed: Seed of the resampling.

    Returns:
        Estimates, one row per group and entry; `n_mentions` are the attributions counted.

    Raises:
        ToolkitError: When `share` is none of these.

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
        "second-hand": (types != "none", second_hand & (types != "none")),
        "unnamed": (unnamed | (types == "named person"), unnamed),
        "stance": (attributions["cue_kind"].isin(["neutral", "stance"]), attributions["cue_kind"] == "stance"),
    }.get(share, (every, every))
    actors, n = attributions["source_entry"].fillna(""), attributions["n_words"] if "words" in _UNITS[share] else 1
    found = attributions.assign(n=n, actor="", entry={"types": types, "actors": actors}.get(share, share))
    found["entry"] = found["entry"].where(hit, "")
    unit = _UNITS[share]
    if share in ("types", "actors") or not of:
        entries = tuple(of) or (SOURCE_TYPES if share == "types" else (share,))
        return _estimate(found[base], entries, articles, unit, by, seed)
    found["entry"] = found["entry"] + "/" + actors
    each = [_estimate(found[base & (actors == actor)], (f"{share}/{actor}",), articles, unit, by, seed) for actor in of]
    return pd.concat(each, ignore_index=True)


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
    estimates = _estimate(both[both["entry"].isin(actors)], actors, articles, "share of these actors", (), seed)
    return estimates.rename(columns={"actor": "role"})


def estimate_voices(voices: pd.DataFrame, articles: pd.DataFrame, *, by: Sequence[str] = ("outlet",), seed: int) -> pd.DataFrame:
    """Estimate in whose voice words stand: the article's own, a named source's, an unnamed source's, or at second hand.

    Args:
        voices: Mentions, of framing words for instance, with their voices as `find_voices` gives them.
        articles: Their articles.
        by: Group columns.
        seed: Seed of the resampling.

    Returns:
        Estimates, one row per group and voice.

    Example:
        >>> from toolkit.tables import make_table
        >>> len(estimate_voices(make_table("Mentions"), make_table("Articles"), seed=1))
        0
    """
    return _estimate(voices.assign(n=1, actor=""), VOICES, articles, "share of mentions", by, seed)


def estimate_coverage(names: pd.DataFrame, articles: pd.DataFrame, *, by: Sequence[str] = ("outlet",), seed: int) -> pd.DataFrame:
    """Estimate what share of the names in articles a codebook of actors covers.

    Args:
        names: What `find_names` gives.
        articles: Their articles.
        by: Group columns.
        seed: Seed of the resampling.

    Returns:
        Estimates, one row per group, of the entry `covered`.

    Example:
        >>> from toolkit.tables import make_table
        >>> len(estimate_coverage(make_table("Mentions"), make_table("Articles"), seed=1))
        0
    """
    return _estimate(names.assign(n=1, actor=""), ("covered",), articles, "share of names", by, seed)


def _estimate(found: pd.DataFrame, entries: Sequence[str], articles: pd.DataFrame, unit: str, by: Sequence[str], seed: int) -> pd.DataFrame:
    """Divide, in each article and for each actor, what falls to an entry by all that was found."""
    keys = ["article_id", "actor"]
    bottoms = found.groupby(keys)["n"].sum().rename("n_actor").reset_index()
    grid = bottoms[bottoms["n_actor"] > 0].merge(pd.DataFrame({"entry": list(entries)}, dtype="str"), how="cross")
    tops = found.groupby([*keys, "entry"])["n"].agg(n_both="sum", n_mentions="size").reset_index()
    known = grid.merge(tops, how="left", on=[*keys, "entry"]).fillna({"n_both": 0, "n_mentions": 0}).merge(articles, on="article_id")
    known = known.assign(codebook="sources", n_entry=known["n_both"], n_sentences=known["n_actor"])
    pairs = make_table("Pairs", {column.name: known[column.name] for column in TABLES["Pairs"].columns})
    estimates = estimate_pairs(pairs, by=by, seed=seed).assign(quantity="share of sources", unit=unit)
    groups = [*by, "actor", "entry"]  # behind a number stand mentions or attributions, also where words are divided
    behind = known.assign(**{column: name_group(known, column) for column in by}).groupby(groups)["n_mentions"].sum()
    behind = behind.reindex(pd.MultiIndex.from_frame(estimates[groups])).astype("int64").to_numpy()
    return estimates.assign(n_mentions=behind).drop(columns=[] if found["actor"].any() else ["actor"])
