"""When a surname, a given name, or another short form that many bear, is a mention of its bearer."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

TITLES = frozenset(
    """president vice-president premier chancellor minister secretary ambassador senator congressman congresswoman representative governor
    mayor judge justice king queen prince princess pope sheikh chairman chairwoman chair chief commissioner director spokesman spokeswoman
    speaker attorney general gen lt col colonel major maj captain capt admiral adm sgt sergeant mr mrs ms miss dr prof professor sir lord
    lady dame rep reps sen sens gov taoiseach tánaiste mp mep adviser advisor leader candidate emir sultan ayatollah envoy""".split()
)
"""Words that, capitalised and directly before a surname, make it a mention. Our choice: what English-language news puts before names."""

_OPENERS = frozenset(
    """a an the and but or if as when while after before because since although though that this then thus so yet for from to with without
    by on in at of under over against between about than like unlike both even only not no nor did does do is are was were has have had can
    could will would should may might must while where which who whom whose what why how meanwhile however instead also still now later
    earlier today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday via per despite during until once""".split()
)
"""Words that a sentence may begin with, or that a headline capitalises: they are nobody's given name."""

_BEFORE = re.compile(r"(\w[\w'-]*?)(?:-elect|-designate)?\.?\s+\Z", re.IGNORECASE)
_AFTER = re.compile(r"""["”’\])]*\s+(?:[a-z]{2,3}-|["“(\[])*[A-Z]""")  # another name goes on: Bashar al-Jaafari, [Donald] Trump
_LOOK_BACK = 30  # characters: the longest title, "-designate" and the white space fit in
FULL, TITLED, ALONE = 3, 2, 1


def keep_surnames(surnames: pd.DataFrame, full: pd.DataFrame, text: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the surnames and given names that count.

    A surname counts where the full name of its bearer is in the same article; or where a title stands directly before it; or, if it is no
    word and no common name (data/common-names.yml) and nobody else in the codebook has it, where no other given name stands before it.
    A given name counts only where the full name is in the article and no other name follows. Where several could claim a place, the full
    name goes before the title and the title before the name alone; two with an equal right get nothing.

    Args:
        surnames: Matches: `article`, `start`, `end`, `entry`, `surface`, `is_given`, and `n_bearers`, how many entries have this pattern.
        full: Settled matches of names, aliases and variants: `article`, `entry`.
        text: The text in which `start` and `end` count.

    Returns:
        True for each row of `surnames` that counts.

    Source: our choice: to give a surname to the most famous bearer finds more, but gives one person the other's mentions.

    Example:
        >>> surnames = pd.DataFrame({"article": [0, 1, 1], "start": [18, 26, 41], "end": [21, 29, 44], "entry": [7, 7, 7],
        ...     "surface": ["May"] * 3, "is_given": [False] * 3, "n_bearers": [1] * 3})
        >>> full = pd.DataFrame({"article": [0], "entry": [7]})
        >>> keep_surnames(surnames, full, "Theresa May came. May left. Minister May. May fell.").tolist()
        [True, False, False]
    """
    named = set(zip(full["article"].tolist(), full["entry"].tolist(), strict=True))
    columns = ("article", "entry", "start", "end", "surface", "is_given", "n_bearers")
    rights = pd.Series(
        [
            _find_right(text, start, end, surface, is_given=is_given, is_named=(article, entry) in named, n_bearers=n_bearers)
            for article, entry, start, end, surface, is_given, n_bearers in zip(*(surnames[name].tolist() for name in columns), strict=True)
        ],
        index=surnames.index,
        dtype="int64",
    )
    claims = surnames[["start", "end"]].assign(right=rights)
    best = claims.groupby(["start", "end"])["right"].transform("max")
    bearers = surnames["entry"].where((rights == best) & (best > 0))
    n_claims = bearers.groupby([surnames["start"], surnames["end"]]).transform("nunique")
    return np.asarray(bearers.notna() & (n_claims == 1))


def _find_right(text: str, start: int, end: int, surface: str, *, is_given: bool, is_named: bool, n_bearers: int) -> int:
    """The right of one surname or given name to be its bearer's."""
    if is_named and not is_given:
        return FULL
    found = _BEFORE.search(text, max(0, start - _LOOK_BACK), start)
    before = found[1] if found is not None else ""
    if before[:1].isupper() and before.lower() in TITLES and not is_given:
        return TITLED
    follows_name = before[:1].isupper() and before.lower() not in _OPENERS
    if follows_name or n_bearers > 1 or not surface[:1].isupper() or surface in _read_common("common"):
        return 0
    if is_given:
        return FULL if is_named and _AFTER.match(text, end) is None else 0
    return 0 if surface in _read_common("words") else ALONE


@cache
def _read_common(which: str) -> frozenset[str]:
    """Read the surnames that say nothing alone: `words` or `common`."""
    import yaml

    text = (files("toolkit.counting") / "data" / "common-names.yml").read_text("utf-8")
    return frozenset(yaml.load(text, Loader=yaml.CSafeLoader)[which].split())
