"""When a surname, a given name or another short form that several actors share is a mention of an actor."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.counting.characters import Points, Truths
from toolkit.counting.kernels import run_kernel
from toolkit.counting.lists import read_list, read_regex, read_words
from toolkit.counting.uses import APOSTROPHE_CODES, PEOPLE, number_words, read_around
from toolkit.parsing.words import fold_apostrophes

_LOOK_BACK = 30  # characters: the longest title, "-designate" and the white space fit in
_MANY, _NOWHERE = np.int64(1 << 32), 1 << 60  # more than there are entries; behind every text
FULL, TITLED, ALONE, OTHERS, NOBODY = 3, 2, 1, -1, -2


def keep_surnames(surnames: pd.DataFrame, full: pd.DataFrame, text: str, codes: Points, points: Points, origins: Sequence[str]) -> Truths:
    """Mark the surnames and given names that count.

    A surname counts where the full name of its bearer is in the same article; or where a title comes directly before it (not `Mrs Clinton`
    for Bill); or, if it is no word and no common name (data/names.yml) and nobody else in the codebook or, before it, in the article has
    it. A name before it that is
    no title, or another one behind it, makes it somebody else's. A given name counts where the full name is in the article and no other
    name follows, and in `Bill and Hillary Clinton`. Where several could claim a place, the full name goes before the title and the title
    before the name alone; of two with an equal right, the one who is named first; of two who are named in one sentence, nobody.
    An adjective that two states share (Congolese) is that of the one the article names, and nobody's where it names both or neither.

    Args:
        surnames: Matches: `rank` (of the pattern), `article` and `entry` (numbers), `start`, `end`, `floor` and `ceiling` (where the
            sentence starts and ends: no title is before it, no name after), `is_given`, `is_person`, and
            `n_bearers`: how many entries have it; `asks`: PEOPLE for an adjective of a state.
        full: Settled matches of names, aliases and variants, in the order of the text: `article`, `entry`, `start`, `end`, `floor`.
        text: The text in which `start` and `end` count.
        codes: Of each character of the text its kinds.
        points: And its code point.
        origins: By rank, the pattern that a pattern was made of.

    Returns:
        True for each row of `surnames` that counts.

    Source: our choice; that a bare name goes to the first named after trials with full names in transcripts of television news.

    Example:
        >>> from toolkit.counting.characters import read_unicode
        >>> surnames = pd.DataFrame({"rank": 0, "article": [0, 1, 1], "start": [18, 26, 41], "end": [21, 29, 44], "entry": [7, 7, 7],
        ...     "floor": [0, 18, 31], "ceiling": [17, 30, 49], "is_given": False, "is_person": True, "n_bearers": 1, "asks": 0})
        >>> full = pd.DataFrame({"article": [0], "entry": [7], "start": [0], "end": [11], "floor": [0]})
        >>> text = "Theresa May came. May left. Minister May. May fell."
        >>> points = np.array([ord(letter) for letter in text], dtype=np.int32)
        >>> keep_surnames(surnames, full, text, read_unicode()[0][points], points, ["May"]).tolist()
        [True, False, False]
    """
    columns = ("article", "entry", "start", "end", "floor", "ceiling", "is_given", "is_person", "n_bearers", "rank")
    article, entry, start, end, floor, ceiling, is_given, is_person, n_bearers, rank = (surnames[column].to_numpy() for column in columns)
    whose, known = article * _MANY + entry, np.append(-1, full["article"].to_numpy() * _MANY + full["entry"].to_numpy())
    named, first = np.unique(known, return_index=True)
    place = np.minimum(np.searchsorted(named, whose), len(named) - 1)
    is_named, places = named[place] == whose, first[place]
    since, within = (np.where(is_named, np.append(0, full[column])[places], _NOWHERE) for column in ("start", "floor"))
    around = ((start, floor), (end, ceiling))
    (_, is_name_before), (_, is_name_after) = (run_kernel(read_around, codes, points, *span, 1, size=len(points)) for span in around)
    beyond = points.take(end + 1, mode="clip")
    looks = is_name_before[0] | is_name_after[0] | (beyond == ord("f"))  # family
    looks |= np.isin(points[start - 2], [*map(ord, ".rsye")]) | np.isin(points[start - 3], APOSTROPHE_CODES)  # Mr., Mrs, Lady, Shepherd's
    is_bare = np.append(-1, np.maximum.accumulate(full["end"]))[np.searchsorted(full["start"], start, side="right")] < end  # no full name
    asked = np.flatnonzero(is_bare & np.where(is_named, is_given | looks, ~is_given | np.isin(beyond, [*map(ord, "a ")])))
    rights = np.where(is_named & ~is_given & is_bare, FULL, 0)
    for row in asked.tolist():
        place = int(start[row]), int(end[row]), int(floor[row]), int(ceiling[row])
        name = text[since[row] : since[row] + _LOOK_BACK].split(" ")[0]
        rights[row] = _find_right(text, place, is_given[row], is_person[row], n_bearers[row], name, origins[rank[row]])
    for row in np.flatnonzero(rights < 0).tolist():  # somebody else has the name, and is named before; or has it as a surname
        is_before = (start > start[row]) & (since > start[row]) & (rights != TITLED)
        rights[(whose == whose[row]) & (is_given == is_given[row]) & (is_before | (rights[row] == NOBODY))] = 0
    claims = np.flatnonzero(rights > 0)
    claims = claims[np.lexsort((since[claims], -rights[claims], end[claims], start[claims]))]
    is_new = np.append(True, (np.diff(start[claims]) != 0) | (np.diff(end[claims]) != 0))[: len(claims)]
    best = claims[is_new][np.cumsum(is_new) - 1]  # of each claim, the first at its place
    is_equal, is_own = rights[claims] == rights[best], entry[claims] == entry[best]
    is_open = np.isin(best, best[is_equal & ~is_own & ((within[claims] == within[best]) | (surnames["asks"].to_numpy()[claims] == PEOPLE))])
    return np.isin(np.arange(len(surnames)), claims[is_equal & is_own & ~is_open])


def _find_right(text: str, place: tuple[int, ...], is_given: bool, is_person: bool, n_bearers: int, name: str, origin: str) -> int:
    """Whether a surname or given name may count, with the first word of the full name that the article has, or without one."""
    start, end, floor, ceiling = place
    surface, before = fold_apostrophes(text[start:end]), read_before(text[max(floor, start - _LOOK_BACK) : start])
    after = read_regex("next name").match(text, end, ceiling)
    follows_name = _is_name(before, surface) and not text[start - 2 : start].isspace()
    if is_given:
        family = re.escape(origin.split()[-1])
        if re.compile(rf"(?:,\s[A-Z]\w+)*,?\s(?:and|&)\s(?:[A-Z][\w.'’-]*\s){{1,2}}{family}\b").match(text, end, ceiling):
            return FULL
        if (follows_name and before.lower() not in read_words("names", "titles")) or not surface[:1].isupper():
            return NOBODY
        return OTHERS if read_regex("goes on").match(text, end, ceiling) is not None else FULL if name else 0
    is_other = is_person and after is not None and after[1].lower() not in read_words("names", "behind", "openers", "titles")
    is_other = is_other and read_regex("small").search(text, floor, ceiling) is not None  # where every word is capitalised, nobody can tell
    if not is_other and before[:1].isupper() and before.lower() in read_words("names", "titles"):
        others = read_list("names")["not_of"].get(before.lower(), [])  # Mrs Clinton is not Bill
        return 0 if name in read_words("names", *others) or (others and not name and n_bearers > 1) else FULL if name else TITLED
    if is_person and (before in read_words("names", "elders") or read_regex("kin").match(text, end)):
        return 0
    if name and (not is_person or (not is_other and (not follows_name or read_regex("small").search(text, floor, ceiling) is None))):
        return FULL
    if is_other or follows_name:
        return OTHERS if is_person else 0
    return 0 if not surface[:1].isupper() or n_bearers > 1 or surface in read_words("names", "words", "common") else ALONE


def _is_name(before: str, surface: str) -> bool:
    """Whether the word before a name is another: Kate Bush, Shepherd's Bush; not CEO Brook, not Britain's Johnson."""
    if not before[:1].isupper() or (before.isupper() and len(before) > len("JK") and not surface.isupper()):
        return False
    _, owns, _ = fold_apostrophes(before).partition("'s")
    return before.lower() not in read_words("names", "openers", "no_given") and (not owns or surface in read_words("names", "words"))


def keep_aliases(names: pd.DataFrame, codes: Points, points: Points) -> Truths:
    """Mark the aliases of persons that are theirs: not `Maria Corbyn`, nor `Corbyn` behind her where nothing tells that he is meant.

    Args:
        names: Matches of full names, or of what is protected, and of aliases: `tells` (FULL or ALONE), `article`, `entry`, `start`, `end`,
            `floor`.
        codes: Of each character of the text its kinds.
        points: And its code point.

    Returns:
        True for each that counts.

    Example:
        >>> from toolkit.counting.characters import read_unicode
        >>> points = np.array([ord(letter) for letter in "Maria Corbyn left. Corbyn fell."])
        >>> names = pd.DataFrame({"tells": ALONE, "article": 0, "entry": 0, "start": [6, 19], "end": [12, 25], "floor": 0})
        >>> keep_aliases(names, read_unicode()[0][points], points).tolist()
        [False, False]
    """
    start, end, floor, tells = (names[column].to_numpy() for column in ("start", "end", "floor", "tells"))
    (before,), (is_name,) = run_kernel(read_around, codes, points, start, floor, 1, size=len(points))
    givens = read_words("names", "women", "men") - read_words("names", "words", "common")
    is_alone = (tells == ALONE) & ~np.isin(end, end[tells == FULL])  # Ivanka Trump is somebody the codebook knows
    is_other, is_titled = (is_name & np.isin(before, number_words(words)) for words in (givens, read_words("names", "titles")))
    own = names.assign(first=names["start"].where(is_other & is_alone), known=is_titled | ~is_alone).groupby(["article", "entry"])
    is_before = own["known"].transform("any") | ~(names["start"] > own["first"].transform("min"))
    return np.asarray(~is_alone | (~is_other & is_before))


def keep_shouted(shouted: pd.DataFrame, text: str) -> Truths:
    """Mark the acronyms that are words too (US, WHO, IS) which count: in a line of capitals only in a name's place (data/names.yml).

    Else the article must have it in another line; and nothing counts after a verb that is said to people (`JOIN US`).

    Args:
        shouted: Matches: `rank`, `article`, `start`, `end`, `floor`, `ceiling`.
        text: The text in which they count.

    Returns:
        True for each that counts.

    Example:
        >>> shouted = pd.DataFrame({"start": [5, 9], "end": [7, 11], "floor": [0, 9], "ceiling": [8, 27], "article": 0, "rank": 0})
        >>> keep_shouted(shouted, "JOIN US. US AND CHINA AGREE").tolist()
        [False, True]
    """
    spans = [*zip(*(shouted[column].tolist() for column in ("start", "end", "floor", "ceiling")), strict=True)]
    keep = np.array([not text[floor:ceiling].isupper() for *_, floor, ceiling in spans], dtype=bool)
    whose = shouted.groupby(["article", "rank"]).ngroup()
    is_known = whose.isin(whose[keep]).tolist()
    for row in np.flatnonzero(~keep).tolist():
        start, end, floor, ceiling = spans[row]
        line = f"{text[floor:start]}<{text[start:end]}>{text[end:ceiling]}"
        keep[row] = not read_regex("pronoun").search(line) and (is_known[row] or read_regex("place").search(line) is not None)
    return keep


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
    lines = (f"{text[floor:start][-_LOOK_BACK:]}<{text[start:end]}>{text[end:ceiling][:9]}" for start, end, floor, ceiling in spans)
    keep = [read_regex("no holder").search(line) is None for line in lines]
    return np.asarray(np.array(keep, dtype=bool) & ~roles.duplicated(["start", "end"], keep=False))  # an office changes hands
