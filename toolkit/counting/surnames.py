"""When a surname, a given name, or another short form that many bear, is a mention of its bearer."""

import re

import numpy as np
import pandas as pd

from toolkit.counting.characters import Truths
from toolkit.counting.lists import read_words
from toolkit.parsing.words import fold_apostrophes

_AFTER = re.compile(r"""["”’\])]*\s+(?:[a-z]{2,3}-|["“(\[])*[A-Z]""")  # another name goes on: Bashar al-Jaafari, [Donald] Trump
_NOT_NOW = re.compile(r"(?:former|ex|then|next|incoming|acting|interim|future|late|deputy|vice|new|previous|first)[\s-]+\Z", re.IGNORECASE)
_NAMED = re.compile(r"""[”"]?\s+[“"]?[A-Z]|-""")  # South Korean President Yoon; president-elect
_LOOK_BACK = 30  # characters: the longest title, "-designate" and the white space fit in
_ASKED = ["start", "end", "floor", "ceiling", "is_given", "n_bearers"]
FULL, TITLED, ALONE = 3, 2, 1


def keep_surnames(surnames: pd.DataFrame, full: pd.DataFrame, text: str) -> Truths:
    """Mark the surnames and given names that count.

    A surname counts where the full name of its bearer is in the same article; or where a title stands directly before it; or, if it is no
    word and no common name (data/names.yml) and nobody else in the codebook has it, where no other given name stands before it.
    A given name counts only where the full name is in the article and no other name follows. Where several could claim a place, the full
    name goes before the title and the title before the name alone; two with an equal right get nothing.

    Args:
        surnames: Matches: `article` and `entry` (numbers), `start`, `end`, `floor` and `ceiling` (where the sentence starts and ends: no
            title is before it, no name after), `is_given`, and `n_bearers`: how many entries have this pattern.
        full: Settled matches of names, aliases and variants: `article`, `entry`.
        text: The text in which `start` and `end` count.

    Returns:
        True for each row of `surnames` that counts.

    Example:
        >>> surnames = pd.DataFrame({"article": [0, 1, 1], "start": [18, 26, 41], "end": [21, 29, 44], "entry": [7, 7, 7],
        ...     "floor": [0, 18, 31], "ceiling": [17, 30, 49], "is_given": False, "n_bearers": 1})
        >>> full = pd.DataFrame({"article": [0], "entry": [7]})
        >>> keep_surnames(surnames, full, "Theresa May came. May left. Minister May. May fell.").tolist()
        [True, False, False]
    """
    whose, place = ["article", "entry"], ["article", "start", "end"]
    is_named = pd.MultiIndex.from_frame(surnames[whose]).isin(pd.MultiIndex.from_frame(full[whose]))
    is_given = surnames["is_given"].to_numpy(dtype=bool)
    rights, asked = np.where(is_named & ~is_given, FULL, 0), is_named == is_given
    rights[asked] = [_find_right(text, *one) for one in surnames.loc[asked, _ASKED].itertuples(index=False, name=None)]
    claims = surnames.assign(right=rights)[rights > 0]
    claims = claims[claims["right"] == claims.groupby(place)["right"].transform("max")]
    n_claims = claims.groupby(place)["entry"].transform("nunique")
    keep: Truths = surnames.index.isin(n_claims.index[n_claims == 1])
    return keep


def _find_right(text: str, start: int, end: int, floor: int, ceiling: int, is_given: bool, n_bearers: int) -> int:
    """The right of one surname whose full name is not in the article, or of one given name whose full name is."""
    surface = fold_apostrophes(text[start:end])
    is_common = not surface[:1].isupper() or surface in read_words("names", "common")
    if is_given and is_common:
        return 0
    before = read_before(text[max(floor, start - _LOOK_BACK) : start])
    if before[:1].isupper() and before.lower() in read_words("names", "titles") and not is_given:
        return TITLED
    follows_name = before[:1].isupper() and before.lower() not in read_words("names", "openers")
    if follows_name or is_common or n_bearers > 1:
        return 0
    if is_given:
        return FULL if _AFTER.match(text, end, ceiling) is None else 0
    return 0 if surface in read_words("names", "words") else ALONE


def read_before(text: str) -> str:
    """Read the word that a text ends with, parted from what follows by white space alone; "" where there is none.

    Example:
        >>> read_before("said President-elect ")
        'President'
    """
    words = text.split() if text[-1:].isspace() else []
    word = words[-1].rstrip(".").removesuffix("-elect").removesuffix("-designate").lstrip("\"'“‘([—–-") if words else ""
    return word if word[-1:].isalnum() else ""


def keep_roles(roles: pd.DataFrame, text: str) -> Truths:
    """Mark the phrases of an office that stand for its holder: no name follows, no word says that the holder is another, none shares it.

    Args:
        roles: Matches: `start`, `end`, `floor`, `ceiling`.
        text: The text in which they count.

    Returns:
        True for each row of `roles` that counts.

    Example:
        >>> text = "The former US president met the US president."
        >>> keep_roles(pd.DataFrame({"start": [11, 32], "end": [23, 44], "floor": 0, "ceiling": 45}), text).tolist()
        [False, True]
    """
    spans = zip(*(roles[column].tolist() for column in ("start", "end", "floor", "ceiling")), strict=True)
    keep = [
        text[start:end] != text[start:end].lower()  # the state is capitalised: not "make us president"
        and (" of " not in text[start:end] or text.endswith(("the ", "The "), floor, start))  # not: he ran for president of France
        and _NOT_NOW.search(text, max(floor, start - _LOOK_BACK), start) is None
        and _NAMED.match(text, end, ceiling) is None
        for start, end, floor, ceiling in spans
    ]
    is_shared = roles.duplicated(["start", "end"], keep=False)  # the day an office changes hands
    counts: Truths = np.array(keep, dtype=bool) & ~is_shared.to_numpy()
    return counts
