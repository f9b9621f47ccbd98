"""When a surname alone is a mention of its bearer."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

TITLES = frozenset(
    """President Vice-President Premier Chancellor Minister Secretary Ambassador Senator Congressman Congresswoman Representative Governor
    Mayor Judge Justice King Queen Prince Princess Pope Sheikh Chairman Chairwoman Chair Chief Commissioner Director Spokesman Spokeswoman
    Speaker Attorney General Gen Lt Col Colonel Major Maj Captain Capt Admiral Adm Sgt Sergeant Mr Mrs Ms Miss Dr Prof Professor Sir Lord
    Lady Dame Rep Sen Gov Taoiseach Tánaiste MP MEP Adviser Advisor Leader Candidate""".split()
)
"""Words that, directly before a surname, make it a mention. Our choice: titles and offices that English-language news puts before names."""

_BEFORE = re.compile(r"([^\W\d_][\w’'-]*)\.?[ \xa0]+$")


def keep_surnames(matches: pd.DataFrame, text: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the matches that stand, dropping surnames that may be somebody else's.

    A surname is kept when a full name of its bearer is in the same article or a title stands directly before it; never when another
    capitalised word stands before it (*Melania Trump*), and never when two bearers have an equal right to it.

    Args:
        matches: Settled matches: `article`, `start`, `end`, `entry`, `via`.
        text: The text in which `start` and `end` count.

    Returns:
        True for each row that stays.

    Source: our choice: counting unambiguous surnames anywhere finds more, but gives each man the other's mentions.

    Example:
        >>> text = "Rustem Umerov came. Umerov spoke."
        >>> matches = pd.DataFrame({"article": [0, 0], "start": [0, 20], "end": [13, 26], "entry": ["umerov"] * 2, "via": ["name", "surname"]})
        >>> keep_surnames(matches, text).tolist()
        [True, True]
    """
    is_surname = (matches["via"] == "surname").to_numpy()
    full = matches[matches["via"].isin(["name", "alias"])]
    named = set(zip(full["article"], full["entry"], strict=True))
    rights = np.full(len(matches), 3)
    articles, entries, starts = matches["article"].to_numpy(), matches["entry"].to_numpy(), matches["start"].to_numpy()
    for row in np.flatnonzero(is_surname):
        before = _BEFORE.search(text, max(0, starts[row] - 30), starts[row])
        word = before.group(1) if before else ""
        titled = word in TITLES
        if word[:1].isupper() and not titled:
            rights[row] = 0
        else:
            rights[row] = 2 if (articles[row], entries[row]) in named else 1 if titled else 0
    surnames = pd.DataFrame({"start": starts, "right": rights})[is_surname]
    best = surnames.groupby("start")["right"].transform("max")
    n_best = (surnames["right"] == best).groupby(surnames["start"]).transform("sum")
    keep = ~is_surname
    keep[is_surname] = ((surnames["right"] == best) & (best > 0) & (n_best == 1)).to_numpy()
    return keep
