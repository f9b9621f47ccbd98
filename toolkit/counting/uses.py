"""Is a state named as an actor, or as the place where something happens?

`Seoul asked for talks` names a government, `talks in Seoul` a city. Rules look at the words around the name, in the order of
data/rules.yml; the first that holds decides (word lists: data/uses.yml). A name by which no rule holds goes with the name next to it in a
list; else a state's name or its seat of power is the actor, and a capital is undecided.

An adjective (`Ukrainian`) is the actor's, and persons, bodies, media and groups are never places.

Before all: capitalised words around a name may make it part of a longer one, which is no mention (`Korea Herald`, `Bank of Japan`). The
last listed word of those that follow decides: `US Press Secretary` stays an organ. Where every word is capitalised, nobody can tell.
No mention either is a person who bears a state's name (`Chad Bianco`), in that article by this name alone too unless something else of it
names the state; nor a language, a currency or time of day, a dish or breed, a part of a people by descent (`Chinese Americans`).
"""

from collections.abc import Iterable, Mapping
from functools import cache, reduce
from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit.counting.characters import HYPHEN_CHAR, SPACE_CHAR, WORD_CHAR, Ints, Points, Table, Truths
from toolkit.counting.kernels import run_kernel
from toolkit.counting.lists import read_list, read_regex
from toolkit.parsing.words import APOSTROPHES
from toolkit.tables import USES

# What is asked of a mention: nothing, it is an actor; the use of a state's name; of a capital's; whose a people's or group's is.
GIVEN, STATE, CAPITAL, PEOPLE, GROUP = range(5)

PART = -1  # the use of what is part of a longer name

# The use that each rule decides for, in their order. Source: our choice, after what the words around names do.
_RULES = [PART, *(USES.index(use or "") for use, _ in read_list("rules")["rules"][1:])]

_MASK, _BASE = 2**53 - 1, 509  # of the numbers that stand for words: odd base, so that all letters count; the product fits 63 bits
APOSTROPHE_CODES = [*map(ord, APOSTROPHES)]
_UNLISTED = 1 << 62  # the list of words that are in none
_N_BEFORE, _N_AFTER = 5, 3  # words looked at: as far as a phrase reaches

PARTED, TOGETHER, JOINED, OWNS, COMMA = range(5)

Flags = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


class _Around(NamedTuple):
    """Words around mentions, a row for each place before (nearest first, no articles) and after: the lists they are in, a bit for each."""

    before: Table
    after: Table
    follows: Ints  # how the first word after is tied: PARTED …
    names: Flags  # of all these words: whether capitalised, with white space alone from it to the mention
    has_article: Truths
    own: Ints  # the number of its own last word
    lists: Ints  # and the lists that this is in


def _has(words: Ints, *names: str) -> Truths:
    """Whether words are in one of the lists."""
    return np.bitwise_and(words, sum(_read_lists()[2][name] for name in names)).astype(bool)


def decide_uses(asked: pd.DataFrame, codes: Points, points: Points, text: str) -> Ints:
    """Decide for mentions whether they name an actor or a place.

    Args:
        asked: Mentions of one actors codebook, in the order of the text: `start`, `end`, `floor` and `ceiling` (their sentence's start and
            end), `is_dateline`, `article`, `entry`, `asks` (GIVEN, STATE, CAPITAL, PEOPLE or GROUP).
        codes: Of each character of the text its kinds.
        points: And its code point.
        text: The text in which they count.

    Returns:
        Of each mention, the place of its use in `toolkit.tables.USES`; or `PART`: it is no mention.

    Source: our choice of rules; metonyms after Markert & Nissim 2002. The validity page says how often they are right.

    Example:
        >>> text = "Kyiv asked for talks in Seoul"
        >>> asked = pd.DataFrame({"start": [0, 24], "end": [4, 29], "floor": 0, "ceiling": 29, "is_dateline": False, "entry": 0, "asks": 2,
        ...     "article": 0})
        >>> from toolkit.counting.characters import read_unicode
        >>> points = np.array([ord(letter) for letter in text])
        >>> [USES[use] for use in decide_uses(asked, read_unicode()[0][points], points, text)]
        ['actor', 'place']
    """
    asks = asked["asks"].to_numpy()
    uses, rows = np.full(len(asked), _RULES[-1]), np.flatnonzero(asks != GIVEN)
    uses[rows] = _ask_rules(asked.iloc[rows], codes, points, text)
    uses[(asks == GIVEN) | ((asks >= PEOPLE) & (uses != PART))] = USES.index("actor")
    _spread_uses(uses, asked, text)
    return np.where(uses == 0, np.where(asks == CAPITAL, USES.index("undecided"), USES.index("actor")), uses)


def _ask_rules(asked: pd.DataFrame, codes: Points, points: Points, text: str) -> Ints:
    """Find the use of each mention: the decision of the first word rule that applies."""
    around = _read_around(asked, codes, points)
    start, floor, ceiling = (asked[column].to_numpy() for column in ("start", "floor", "ceiling"))
    is_free = (start == floor) | (codes[start - 1] & HYPHEN_CHAR == 0)  # not: the US-Japan Treaty
    is_person = _ask_person(around, asked) & is_free
    is_part = is_person | (_ask_longer(around) & is_free)
    sentences = zip(floor[is_part].tolist(), ceiling[is_part].tolist(), strict=True)
    is_part[is_part] = [read_regex("small").search(text, *sentence) is not None for sentence in sentences]
    _spread_persons(is_part, is_person, asked, around.own, _has(around.before[0], "word_in"))
    is_part |= _ask_nobody(around, asked, points)
    conditions = [is_part, asked["is_dateline"].to_numpy(), *_ask_words(around, asked["asks"].to_numpy() == CAPITAL)]
    return np.select(conditions, _RULES[: len(conditions)], _RULES[-1])


def _read_around(asked: pd.DataFrame, codes: Points, points: Points) -> _Around:
    """Read the words around mentions."""
    start, end, floor, ceiling = (asked[column].to_numpy() for column in ("start", "end", "floor", "ceiling"))
    follows, after = _find_ties(end, ceiling, codes, points)
    spans = (start, floor, _N_BEFORE + 1), (after, ceiling, _N_AFTER), (end, start, 1)
    (before, is_name), (behind, are_names), (own, _) = (run_kernel(read_around, codes, points, *span, size=len(points)) for span in spans)
    numbers, masks, _ = _read_lists()
    words = np.concatenate([before, behind, own])
    places = np.minimum(np.searchsorted(numbers, words), len(numbers) - 1)
    lists = np.where(numbers[places] == words, masks[places], _UNLISTED * (words != 0))
    has_article = _has(lists[0], "articles")  # passed over
    before, is_name = (np.where(has_article, own[1 : _N_BEFORE + 1], own[:_N_BEFORE]) for own in (lists, is_name))
    return _Around(before, lists[_N_BEFORE + 1 : -1], follows, np.concatenate([is_name, are_names]), has_article, own[0], lists[-1])


def _find_ties(end: Ints, ceiling: Ints, codes: Points, points: Points) -> tuple[Ints, Ints]:
    """Find how what follows is tied to mentions, and where the words after them begin."""
    kind, next_kind, beyond = (codes.take(end + step, mode="clip") for step in range(3))
    letter, next_letter = (points.take(end + step, mode="clip") for step in range(2))
    is_together = (kind & SPACE_CHAR != 0) & (next_kind & WORD_CHAR != 0)
    ties = [np.isin(letter, APOSTROPHE_CODES), kind & HYPHEN_CHAR != 0, is_together, letter == ord(",")]
    follows = np.where(end < ceiling, np.select(ties, [OWNS, JOINED, TOGETHER, COMMA], PARTED), PARTED)
    return follows, np.minimum(end + np.where(follows == OWNS, 1 + ((next_letter == ord("s")) & (beyond & WORD_CHAR == 0)), 0), ceiling)


def read_around(codes: Points, points: Points, start: Ints, end: Ints, n: int) -> tuple[Table, Flags]:
    """Read some words to the left or right of places in a text (a kernel).

    Args:
        codes: Of each character its kinds.
        points: And its code point.
        start: The places.
        end: How far to look, to the left or to the right.
        n: Words at most.

    Returns:
        Of each place, a number for each word by its letters whatever their case, nearest first; 0 where there is none. And whether the word
        is capitalised, with nothing but words and white space from it to the place.

    Source: our choice; a number is a polynomial of the letters, small (Karp & Rabin 1987), so that two words share one by rarest chance.

    Example:
        >>> from toolkit.counting.characters import read_unicode
        >>> points = np.array([ord(letter) for letter in "in Kyiv"])
        >>> read_around(read_unicode()[0][points], points, np.array([3]), np.array([0]), 1)[0].tolist()
        [[53555]]
    """
    numbers, names = np.zeros((n, len(start)), np.int64), np.zeros((n, len(start)), np.bool_)
    for row in range(len(start)):
        here, word, is_tied = start[row], 0, True
        step, back = (-1, 1) if end[row] < here else (1, 0)  # to the left, the character next to a place is the one before it
        while here != end[row] and word < n:
            if codes[here - back] & WORD_CHAR:
                edge = here
                while here != end[row] and codes[here - back] & WORD_CHAR:
                    here += step
                first, last = min(edge, here), max(edge, here)
                for at in range(first, last):
                    numbers[word, row] = numbers[word, row] * _BASE + (points[at] | 32) & _MASK
                names[word, row] = is_tied and 65 <= points[first] <= 90
                word += 1
            else:
                is_owner = step > 0 and word > 0 and (points[here] == 39 or points[here] == 8217)  # the Irish Farmer's Association
                is_tied = is_tied and (is_owner or codes[here - back] & SPACE_CHAR != 0)
                here += step + (is_owner and here + 1 != end[row] and points[here + 1] == 115)
    return numbers, names


def _ask_longer(around: _Around) -> Truths:
    """Check whether the capitalised words around a name make it part of a longer one."""
    before, names = around.before, around.names
    run: Truths = (around.follows == TOGETHER) & ~_has(around.after[0], "other")
    is_longer = np.zeros(len(run), dtype=bool)
    for word, is_name in zip(around.after, names[_N_BEFORE:], strict=True):  # the last listed word decides
        run &= is_name
        is_longer = (is_longer & ~(run & _has(word, "organs", "offices"))) | (run & _has(word, "longer", "longer_after"))
    linked = [_has(before[0], f"word_{link}") & _has(before[1], f"longer_{link}") & names[1] for link in ("of", "for")]
    after_noun, after_de = np.any(linked, axis=0), _has(before[0], "word_de") & names[1]
    return np.asarray(is_longer | after_noun | after_de | (_has(before[0], "longer_before") & names[0]))


def _ask_person(around: _Around, asked: pd.DataFrame) -> Truths:
    """Ask whether the word before or after a name makes a person of it: Chad Bianco, Jim Jordan, Mr. Jordan."""
    is_alone = np.append(asked["start"].to_numpy()[1:] - asked["end"].to_numpy()[:-1] > 1, True)[: len(asked)]
    next_one, last = around.after[0], around.before[0]
    is_first = _has(around.lists, "givens") & (around.follows == TOGETHER) & around.names[_N_BEFORE] & (next_one == _UNLISTED) & is_alone
    is_named = (last == _UNLISTED) & around.names[0] & ~around.has_article
    return np.asarray(is_first | (_has(around.lists, "families") & (is_named | _has(last, "persons"))))


def _spread_persons(is_part: Truths, is_person: Truths, asked: pd.DataFrame, own: Ints, is_there: Truths) -> None:
    """Take a name for the person's of that name who is named before in the article, unless it is a place or the state has another name."""
    article, entry, asks = (asked[column].to_numpy() for column in ("article", "entry", "asks"))
    for row in np.flatnonzero(is_part & is_person & (asks == STATE)).tolist():
        is_state = (article == article[row]) & (entry == entry[row]) & ~is_part
        if not (is_state & (own != own[row])).any():
            is_part[row:] |= (is_state & ~is_there)[row:]


def _ask_nobody(around: _Around, asked: pd.DataFrame, points: Points) -> Truths:
    """Check whether a name denotes a currency or time, and an adjective a dish, a breed, an ethnic group or a language.

    A language comes after a word of speech and before no noun; several of them go together.
    """
    start, end, asks, floor = (asked[column].to_numpy() for column in ("start", "end", "asks", "floor"))
    is_tied, last, first = (around.follows == TOGETHER) | (around.follows == JOINED), around.before[0], around.after[0]
    next_one = np.where(around.follows == TOGETHER, first, 0)
    is_mixed = is_tied & (asks == PEOPLE) & _has(first, "descents") & ~_has(around.after[1], "between")
    is_mixed[1:] |= is_mixed[:-1] & (start[1:] == end[:-1] + 1)
    is_cued = _has(last, "speech", "languages") | (_has(last, "links") & _has(around.before[1], "languages"))
    is_cued |= _has(last, "word_in") & ~_has(around.before[1], "trust")
    is_last = (around.follows == PARTED) | (around.follows == COMMA) | _has(next_one, "functions")
    is_linked = (asks[1:] == PEOPLE) & (asks[:-1] == PEOPLE) & (floor[1:] == floor[:-1])
    is_linked &= np.isin(start[1:] - end[:-1], [len(", "), len(" or "), len(" and "), len(", and ")])
    row = np.cumsum(np.append(False, ~is_linked))[: len(asks)]  # those of one row have a number
    is_last = is_last[np.append(np.flatnonzero(~is_linked), len(asks) - 1)[row]] & (points[end - 1] != ord("s"))
    is_language = (is_tied & _has(first, "tongues")) | ((np.bincount(row, is_cued & ~around.has_article) > 0)[row] & is_last)
    is_money = _has(next_one, "units", "word_time") | (_has(next_one, "zones") & _has(around.after[1], "word_time"))
    return np.asarray(is_money | is_mixed | ((asks == PEOPLE) & (_has(next_one, "goods") | is_language)))


def _ask_words(around: _Around, is_capital: Truths) -> list[Truths]:
    """Ask the other rules for words, in their order."""
    before, owns, is_joined = around.before, around.follows == OWNS, around.follows == JOINED
    last, second, near = before[0], before[1], before[1] | before[2] | before[3] | before[4]
    next_one, further, third = np.where((around.follows == PARTED) | (around.follows == COMMA), 0, around.after)
    is_called = _has(last, "word_capital") | ((around.follows == COMMA) & _has(around.after[1], "word_capital"))
    is_party = _has(near, "parties")
    is_home = _has(next_one, "copulas") & _has(further, "openers")  # Seoul is a city, Kyiv is home to
    return [
        is_joined & _has(around.after[0], "led"),
        is_joined & (_has(around.after[0], "based") | _has(around.after[1], "landmarks")),
        is_joined,
        _has(next_one, "landmarks") | (owns & _has(further, "landmarks")),
        owns & _has(next_one | further | third, "organs"),
        is_capital & (is_called | (owns & around.names[_N_BEFORE])),
        _has(last, "word_in") & _has(second, "trust"),
        _has(last, "in_place") | (_has(last, "word_of") & _has(second, "before_place")),
        (_has(last, "ways") & _has(near, "move") & ~is_party) | _has(last, "enter") | (_has(last, "word_on") & _has(second, "onto_place")),
        _has(next_one, "organs") & ~is_capital,
        owns | (_has(next_one, "acts") & ~is_home),
        _has(last, "objects") | (_has(last, "links") & is_party),
    ]


def _spread_uses(uses: Ints, asked: pd.DataFrame, text: str) -> None:
    """Give names in a list the use of the name next to them; and a city before its state that of a place."""
    start, end, floor, entry, asks = (asked[column].to_numpy() for column in ("start", "end", "floor", "entry", "asks"))
    is_near = (start[1:] - end[:-1] <= 6) & (floor[1:] == floor[:-1]) & ((uses[1:] == 0) | (uses[:-1] == 0))
    is_near &= (uses[1:] != PART) & (uses[:-1] != PART)
    for at in (np.flatnonzero(is_near) + 1).tolist():
        gap = text[end[at - 1] : start[at]]
        if read_regex("listed").fullmatch(gap) is None:
            continue
        if gap == ", " and entry[at] == entry[at - 1] and uses[at - 1] == 0 and (asks[at - 1], asks[at]) == (CAPITAL, STATE):
            uses[at - 1] = USES.index("place")
        known = uses[at] or uses[at - 1] or (0 if gap == ", " else USES.index("actor"))
        uses[at], uses[at - 1] = uses[at] or known, uses[at - 1] or known


@cache
def _read_lists() -> tuple[Ints, Ints, Mapping[str, int]]:
    """Read the word lists: the numbers of words, sorted; of each the lists it is in, as bits; and the bit of each list."""
    bits, masks = dict[str, int](), dict[str, int]()
    for place, (name, words) in enumerate(read_list("uses").items()):
        bits[name] = 1 << place
        for word in words.split():
            masks[word] = masks.get(word, 0) | bits[name]
    numbers = number_words(masks)
    order = np.argsort(numbers)
    return numbers[order], np.array([*masks.values()])[order], bits


def number_words(words: Iterable[str]) -> Ints:
    """The numbers of words, as `read_around` makes them of their letters."""
    return np.array([reduce(lambda number, letter: number * _BASE + (ord(letter) | 32) & _MASK, word, 0) for word in words])
