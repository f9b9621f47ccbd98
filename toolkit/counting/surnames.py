"""When a surname, or another short form that many bear, is a mention of its bearer."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

TITLES = frozenset(
    """president vice-president premier chancellor minister secretary ambassador senator congressman congresswoman representative governor
    mayor judge justice king queen prince princess pope sheikh chairman chairwoman chair chief commissioner director spokesman spokeswoman
    speaker attorney general gen lt col colonel major maj captain capt admiral adm sgt sergeant mr mrs ms miss dr prof professor sir lord
    lady dame rep reps sen sens gov taoiseach tánaiste mp mep adviser advisor leader candidate emir sultan ayatollah envoy""".split()
)
"""Words that, capitalised and directly before a surname, make it a mention. Our choice: what English-language news puts before names."""

_BEFORE = re.compile(r"(\w[\w'-]*?)(?:-elect|-designate)?\.?\s+\Z", re.IGNORECASE)
_LOOK_BACK = 30  # characters: the longest title, "-designate" and the white space fit in


def keep_surnames(surnames: pd.DataFrame, full: pd.DataFrame, text: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the surnames that count.

    A surname counts where the full name of its bearer is in the same article, or where a title stands directly before it. Where several
    could claim it, one with the full name goes before one with a title only; two with an equal right get nothing.

    Args:
        surnames: Matches of surnames: `article`, `start`, `end`, `entry`, and `floor`, where the sentence starts: no title is before it.
        full: Settled matches of names and aliases: `article`, `entry`.
        text: The text in which `start` and `end` count.

    Returns:
        True for each row of `surnames` that counts.

    Source: our choice: to give a surname to the most famous bearer finds more, but gives one person the other's mentions.

    Example:
        >>> surnames = pd.DataFrame({"article": [0, 1, 1], "start": [20, 31, 48], "end": [26, 37, 54], "entry": [7, 7, 7],
        ...     "floor": [20, 20, 39]})
        >>> full = pd.DataFrame({"article": [0], "entry": [7]})
        >>> keep_surnames(surnames, full, "Rustem Umerov came. Umerov left. Minister Umerov.").tolist()
        [True, False, False]
    """
    named = set(zip(full["article"].tolist(), full["entry"].tolist(), strict=True))
    rights = pd.Series(
        [
            2 if (article, entry) in named else int(_has_title(text, start, floor))
            for article, entry, start, floor in zip(*(surnames[of].tolist() for of in ("article", "entry", "start", "floor")), strict=True)
        ],
        index=surnames.index,
        dtype="int64",
    )
    claims = surnames[["start", "end"]].assign(right=rights)
    best = claims.groupby(["start", "end"])["right"].transform("max")
    bearers = surnames["entry"].where((rights == best) & (best > 0))
    n_bearers = bearers.groupby([surnames["start"], surnames["end"]]).transform("nunique")
    return np.asarray(bearers.notna() & (n_bearers == 1))


def _has_title(text: str, start: int, floor: int) -> bool:
    """Whether a capitalised title stands directly before a place in the text."""
    before = _BEFORE.search(text, max(floor, start - _LOOK_BACK), start)
    return before is not None and before.group(1)[0].isupper() and before.group(1).lower() in TITLES
