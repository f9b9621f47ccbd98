"""Say in whose voice words stand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.errors import ToolkitError, name_choices

VOICES = ("own voice", "named source", "unnamed source", "second-hand")


def find_second_hand(attributions: pd.DataFrame) -> pd.Series:
    """Mark what a medium says or hands on.

    Args:
        attributions: Attributions, whole articles of them.

    Returns:
        Truths, with the index of the attributions.

    Source: our choice: the article itself is no second hand, however it came by what it says.

    Example:
        >>> from toolkit.tables import make_table
        >>> find_second_hand(make_table("Attributions")).tolist()
        []
    """
    types = attributions.set_index(["article_id", "attribution"])["source_type"]
    handed = types.reindex(pd.MultiIndex.from_frame(attributions[["article_id", "via_attribution"]])).to_numpy() == "media"
    return (attributions["source_type"] == "media").fillna(False).astype(bool) | handed


def find_voices(mentions: pd.DataFrame, attributions: pd.DataFrame) -> pd.Series:
    """Label every mention by the attribution it stands in: the narrowest whose content holds it.

    A critic would ask about chains: what a medium says or hands on is `second-hand`, whoever it cites. Sources that are named, whether
    persons, bodies, organisations or documents, are `named source`; unnamed ones, crowds, nobody and the undecided `unnamed source`; the
    article itself and all that is not attributed `own voice`.

    Args:
        mentions: Mentions.
        attributions: Attributions of the same articles; a mention in another article is in its own voice.

    Returns:
        One label of `VOICES` per mention, with the index of the mentions.

    Source: our choice; the coding guide has the types.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_codebook, read_corpus, split_sentences
        >>> articles = read_corpus("ukraine-korea").articles
        >>> sentences = split_sentences(articles)
        >>> mentions = find_mentions(articles, sentences, read_codebook("frames"))
        >>> find_voices(mentions, find_attributions(articles, sentences, model=None)).value_counts().to_dict()
        {'named source': 14, 'own voice': 12, 'second-hand': 2, 'unnamed source': 1}
    """
    types = attributions["source_type"].fillna("").to_numpy()
    voices = np.select(
        [
            find_second_hand(attributions),
            types == "self",
            np.isin(types, ["named person", "named organisation", "official body", "document or data"]),
        ],
        ["second-hand", "own voice", "named source"],
        "unnamed source",
    )
    spans = attributions[["article_id", "content_start", "content_end", "gap_start", "gap_end"]].assign(voice=voices)
    near = mentions[["article_id", "start", "end"]].reset_index(names="row").merge(spans, on="article_id")
    inside = (near["start"] >= near["content_start"]) & (near["end"] <= near["content_end"])
    outside = ((near["start"] < near["gap_end"]) & (near["end"] > near["gap_start"])).fillna(False)
    near = near[inside & ~outside.astype(bool)]
    narrowest = near.assign(size=near["content_end"] - near["content_start"]).sort_values(["row", "size", "content_start"], kind="stable")
    labels = narrowest.drop_duplicates("row").set_index("row")["voice"]
    return labels.reindex(mentions.index).fillna("own voice").astype("str")


def find_mentions_by_voice(mentions: pd.DataFrame, attributions: pd.DataFrame, voice: str) -> pd.DataFrame:
    """Keep the mentions in one voice.

    Args:
        mentions: Mentions.
        attributions: Attributions of the same articles.
        voice: One of `VOICES`; "all": all of them.

    Returns:
        Mentions.

    Raises:
        ToolkitError: When `voice` is none of these.

    Source: see `find_voices`.

    Example:
        >>> from toolkit.tables import make_table
        >>> find_mentions_by_voice(make_table("Mentions"), make_table("Attributions"), "mine")
        Traceback (most recent call last):
        ...
        toolkit.errors.ToolkitError: voice='mine': no such voice. Allowed: all, named source, own voice, ...
    """
    if voice not in (*VOICES, "all"):
        raise ToolkitError(f"voice={voice!r}: no such voice. {name_choices(voice, [*VOICES, 'all'])}")
    return mentions if voice == "all" else mentions[find_voices(mentions, attributions) == voice].reset_index(drop=True)
