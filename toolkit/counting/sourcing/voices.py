"""The voice of words: the outlet's own, or that of a source."""

from dataclasses import replace
from functools import lru_cache

import pandas as pd

from toolkit.counting.lists import read_list
from toolkit.counting.mentions import Mentions, check_same_corpus
from toolkit.counting.sourcing.attributions import Attributions
from toolkit.errors import ToolkitError, name_choices
from toolkit.tables import check_record

VOICES = ("own voice", "named source", "unnamed source", "second-hand")
_NEAR = 2000  # characters: a mention is looked for in what is said near it, so that an article twice as long takes twice as long


def check_speech(mentions: Mentions, speech: Attributions, who: str) -> None:
    """Check that mentions and attributions are from the same corpus.

    Raises:
        ToolkitError: When one is of the wrong kind, or they are not of the same corpus.
    """
    check_record(mentions, Mentions, who)
    check_record(speech, Attributions, who)
    check_same_corpus(mentions.corpus, speech.corpus, who)


def find_second_hand(attributions: pd.DataFrame) -> pd.Series:
    """Mark the attributions to a medium and those that a medium passes on.

    Example:
        >>> columns = {"article_id": ["a"] * 3, "attribution": [0, 1, 2], "source_type": ["media", "crowd", "crowd"]}
        >>> find_second_hand(pd.DataFrame(columns | {"via_attribution": pd.array([None, 0, None], "Int64")})).tolist()
        [True, True, False]
    """
    types = attributions.set_index(["article_id", "attribution"])["source_type"]
    handed = types.reindex(pd.MultiIndex.from_frame(attributions[["article_id", "via_attribution"]])).to_numpy() == "media"
    return (attributions["source_type"] == "media").fillna(False).astype(bool) | handed


def find_voices(mentions: pd.DataFrame, attributions: pd.DataFrame) -> pd.Series:
    """Find the voice of every mention: that of the innermost attribution whose content includes it.

    The outlet's own voice is everything that is not attributed, including headlines and what the outlet says about itself (`we`). A named
    source is a person, body or document with a name. All other sources are unnamed, and so are attributions without a source.

    Args:
        mentions: Table Mentions.
        attributions: Table Attributions of the same articles.

    Returns:
        One of `VOICES` for each mention.

    Source: the coding guide has the types.
    """
    kinds = attributions["source_type"].map(read_list("source-types")["voices"]).fillna("unnamed source")
    voices = kinds.mask(find_second_hand(attributions), "second-hand")
    spans = attributions[["article_id", "content_start", "content_end", "gap_start", "gap_end"]].assign(voice=voices)
    edges = zip(spans["content_start"] // _NEAR, spans["content_end"] // _NEAR, strict=True)
    spans = spans.assign(at=[range(first, last + 1) for first, last in edges]).explode("at").astype({"at": "int64"})
    near = mentions[["article_id", "start", "end"]].assign(at=mentions["start"] // _NEAR).reset_index(names="row").merge(spans)
    near = near[(near["start"] >= near["content_start"]) & (near["end"] <= near["content_end"])]
    near = near[~((near["start"] < near["gap_end"]) & (near["end"] > near["gap_start"])).fillna(False).astype(bool)]  # not in the gap
    narrowest = near.assign(size=near["content_end"] - near["content_start"]).sort_values(["row", "size", "content_start"], kind="stable")
    return narrowest.drop_duplicates("row").set_index("row")["voice"].reindex(mentions.index).fillna("own voice").astype("str")


@lru_cache(maxsize=2)  # a page asks twice: to count one voice, and to compare all
def list_voices(mentions: Mentions, speech: Attributions) -> pd.Series:
    """List in whose voice every match is, whether it counts or not: one of `VOICES` for each row."""
    return find_voices(mentions.rows, speech.rows)


def keep_voice(mentions: Mentions, speech: Attributions, voice: str) -> Mentions:
    """Keep only the mentions in one voice.

    Args:
        mentions: Mentions.
        speech: Attributions in the same corpus.
        voice: `own voice`, `named source`, `unnamed source` or `second-hand`; `all` for every voice.

    Returns:
        The mentions; those in another voice no longer count, and the rows give this reason.

    Raises:
        ToolkitError: When there is no such voice.

    Example:
        >>> from toolkit import find_attributions, find_mentions, read_corpus
        >>> news = read_corpus("ukraine-korea")
        >>> frames = find_mentions(news, "frames")
        >>> told = keep_voice(frames, find_attributions(find_mentions(news, "actors")), "own voice")
        >>> len(told.counted) < len(frames.counted)
        True
    """
    check_speech(mentions, speech, "keep_voice")
    if voice not in (*VOICES, "all"):
        raise ToolkitError(f"voice={voice!r} is not a voice. {name_choices(voice, [*VOICES, 'all'])}")
    if voice == "all":
        return mentions
    others = (list_voices(mentions, speech) != voice) & (mentions.rows["left_out"] == "")
    return replace(mentions, rows=mentions.rows.assign(left_out=mentions.rows["left_out"].mask(others, "voice")))
