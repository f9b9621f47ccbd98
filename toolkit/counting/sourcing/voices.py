"""Say in whose voice words stand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.errors import ToolkitError, name_choices
from toolkit.tables import make_table

VOICES = ("own voice", "named source", "unnamed source", "second-hand")


def find_second_hand(attributions: pd.DataFrame) -> pd.Series:
    """Mark what a medium says or hands on.

    Args:
        attributions: Attributions, whole articles of them.

    Returns:
        Truths, with the index of the attributions.

    Example:
        >>> from toolkit.tables import make_table
        >>> find_second_hand(make_table("Attributions")).tolist()
        []
    """
    types = attributions.set_index(["article_id", "attribution"])["source_type"]
    handed = types.reindex(pd.MultiIndex.from_frame(attributions[["article_id", "via_attribution"]])).to_numpy() == "media"
    return (attributions["source_type"] == "media").fillna(False).astype(bool) | handed


def find_voices(mentions: pd.DataFrame, attributions: pd.DataFrame) -> pd.DataFrame:
    """Find in whose voice every mention stands: that of the narrowest attribution whose content holds it.

    A critic would ask about chains: what a medium says or hands on is `second-hand`, whoever it cites. Sources that are named, whether
    persons, bodies, organisations or documents, are `named source`; unnamed ones, crowds, nobody and the undecided `unnamed source`; the
    article itself and all that is not attributed `own voice`.

    Args:
        mentions: Mentions.
        attributions: Attributions of the same articles; a mention in another article is in its own voice.

    Returns:
        Mentions, the same rows, of the codebook `sources`: the entry is one of `VOICES`.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_codebook, read_corpus, split_sentences
        >>> articles = read_corpus("ukraine-korea").articles
        >>> sentences = split_sentences(articles)
        >>> mentions = find_mentions(articles, sentences, read_codebook("frames"))
        >>> find_voices(mentions, find_attributions(articles, sentences, model=None))["entry"].value_counts().to_dict()
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
    labels = narrowest.drop_duplicates("row").set_index("row")["voice"].reindex(mentions.index).fillna("own voice")
    return make_table("Mentions", mentions.assign(codebook="sources", entry=labels).to_dict("series"))


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
    return mentions if voice == "all" else mentions[find_voices(mentions, attributions)["entry"] == voice].reset_index(drop=True)


def find_source_mentions(attributions: pd.DataFrame) -> pd.DataFrame:
    """Find what each attribution counts for, as mentions: its type, its actor, whether unnamed, second-hand or with a cue of stance.

    Args:
        attributions: Attributions, whole articles of them.

    Returns:
        Mentions of the codebook `sources`, for `show_evidence`: up to five per attribution, at its source, else its cue, else its content.

    Example:
        >>> from toolkit.tables import make_table
        >>> len(find_source_mentions(make_table("Attributions")))
        0
    """
    types = attributions["source_type"].fillna("")
    counted = {
        "": types,
        "actor": attributions["source_entry"].fillna(""),
        "unnamed": types.str.startswith("unnamed"),
        "second-hand": find_second_hand(attributions) & (types != "none"),
        "stance": attributions["cue_kind"] == "stance",
    }
    start, end = (
        attributions[f"source_{edge}"].fillna(attributions[f"cue_{edge}"]).fillna(attributions[f"content_{edge}"])
        for edge in ("start", "end")
    )
    words = attributions["source"].fillna(attributions["cue"]).fillna("")
    at = attributions[["article_id", "sentence"]].assign(
        start=start.astype("int64"), end=end.astype("int64"), surface=words, codebook="sources"
    )
    of = attributions["source_entry"].radd("/").fillna("")  # stance/UKR is nested in stance
    kinds = [at.assign(entry=what if what.dtype == "str" else name + of)[what.astype(bool)] for name, what in counted.items()]
    found = pd.concat(kinds).assign(pattern="", via="pattern").sort_values(["article_id", "start", "end", "entry"])
    return make_table("Mentions", found.assign(use="").to_dict("series"))
