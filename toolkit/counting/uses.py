"""Is a state named as an actor, or as the place where something happens?

`Seoul asked for talks` names a government, `talks in Seoul` a city. Rules look at the words around the name, in the order of `RULES`; the
first that holds decides (word lists: data/uses.yml). A name by which no rule holds goes with the name beside it in a list; else a state's
name or its seat of power is the actor, and a capital is undecided.

An adjective (`Ukrainian`) is the actor's, and persons, bodies, media and groups are never places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from toolkit.counting.characters import HYPHEN_CHAR, SPACE_CHAR, WORD_CHAR, read_characters
from toolkit.parsing.kernels import run_kernel
from toolkit.parsing.words import fold
from toolkit.tables import USES

SEATS = frozenset(
    "kremlin|white house|downing street|whitehall|pentagon|elysee|élysée|elysée|capitol hill|blue house|palazzo chigi".split("|")
)
"""Seats of power, which news names for those who sit there (our choice): actors unless a word of place stands before them."""

GIVEN, STATE, CAPITAL = range(3)
"""What is asked of a mention: nothing, it is an actor; the use of a state's name; the use of a capital's."""

RULES = (
    ("place", "it stands in a dateline"),  # SEOUL –
    ("actor", "-led, -backed or the like is joined to it"),  # Moscow-backed rebels
    ("place", "-based, -born or the like, or a landmark, is joined to it"),  # a London-based firm
    ("", "another word is joined to it"),  # the Moscow-Beijing axis
    ("place", "a landmark or an event follows"),  # Kyiv's airport, the Seoul summit
    ("actor", "its organ, act or means follows"),  # Kyiv's request
    ("place", "it is called the capital, or owns another name"),  # the capital, Kyiv; London's Heathrow
    ("actor", "trust or interest is put in it"),  # confidence in Moscow
    ("place", "a word of place stands before it"),  # in Seoul, near Kyiv, the streets of Rome
    ("place", "a move to or from it stands before it"),  # flew to Moscow, visited Berlin
    ("actor", "an organ of its government follows"),  # US officials
    ("actor", "a verb of an actor follows"),  # Moscow has denied
    ("actor", "something is done to it, by it or with it"),  # by Seoul, accused Moscow, a request to Kyiv
    ("place", "its state follows"),  # Paris, France
    ("", "no rule holds"),
)
"""The rules in their order: the use each decides for ("": none), and why. Source: our choice, after what the words around names do."""

PARTED, TOGETHER, JOINED, OWNS, COMMA = range(5)
_N_BEFORE, _N_AFTER = 5, 3  # words looked at: as far as a phrase reaches
_MANY = 1 << 14  # places for words: a power of two, and few share one
_MASK, _BASE = 2**53 - 1, 509  # of the numbers that stand for words: odd base, so that all letters count; the product fits 63 bits
_BESIDE = re.compile(r",?\s(?:and|or)\s|,\s|\s?[-–/]\s?")

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
SmallInts = np.ndarray[tuple[int], np.dtype[np.int32]]
Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
Truths = np.ndarray[tuple[int], np.dtype[np.bool_]]
Table = np.ndarray[tuple[int, int], np.dtype[np.int64]]


@dataclass(frozen=True)
class _Around:
    """Words around mentions: before (nearest first, articles left out) and after, as the lists they are in, a bit for each list."""

    before: Table
    after: Table
    follows: Ints  # how the first word after is tied: PARTED …
    is_name: Truths  # whether that word is capitalised

    def has(self, words: Table, *names: str) -> Truths:
        """Whether any of some words is in one of the lists."""
        found: Truths = (words & sum(_read_lists()[2][name] for name in names) != 0).reshape(len(words), -1).any(axis=1)
        return found


def decide_uses(asked: pd.DataFrame, characters: tuple[SmallInts, SmallInts, Bytes], text: str) -> tuple[Ints, Ints]:
    """Decide for mentions whether they name an actor or a place.

    Args:
        asked: Mentions of one actors codebook, in the order of the text: `start`, `end`, `floor` and `ceiling` (their sentence's start and
            end), `is_dateline`, `entry`, `asks` (GIVEN, STATE or CAPITAL).
        characters: Of each character its kinds, where its bytes begin, and all bytes, as `toolkit.counting.trie.read_codes` reads them.
        text: The text in which they count.

    Returns:
        Of each mention, the place of its use in `toolkit.tables.USES`, and the number of its rule in `RULES`; the last where none holds.

    Source: our choice of rules; metonyms after Markert & Nissim 2002. The validity page tells how often they are right.

    Example:
        >>> text = "Kyiv asked for talks in Seoul"
        >>> asked = pd.DataFrame({"start": [0, 24], "end": [4, 29], "floor": 0, "ceiling": 29, "is_dateline": False, "entry": 0, "asks": 2})
        >>> uses, rules = decide_uses(asked, read_characters_of(text), text)
        >>> [USES[use] for use in uses], RULES[rules[1]][1]
        (['actor', 'place'], 'a word of place stands before it')
    """
    asks = asked["asks"].to_numpy()
    rules = np.full(len(asked), len(RULES) - 1)
    rows = np.flatnonzero(asks != GIVEN)
    if len(rows):
        rules[rows] = _find_rules(asked.iloc[rows], characters)
    decides = np.array([USES.index(use) for use, _ in RULES])
    uses = np.where(asks == GIVEN, USES.index("actor"), decides[rules])
    _spread_uses(uses, rules, asked, text)
    usual = np.where(asks == CAPITAL, USES.index("undecided"), USES.index("actor"))
    return np.where(uses == 0, usual, uses), rules


def is_seat(pattern: str) -> bool:
    """Whether a metonym is a seat of power rather than a city.

    Source: our choice, see `SEATS`.

    Example:
        >>> is_seat("White House"), is_seat("Washington")
        (True, False)
    """
    return fold(pattern) in SEATS


def read_characters_of(text: str) -> tuple[SmallInts, SmallInts, Bytes]:
    """Read one text as `decide_uses` wants it.

    Source: our choice.

    Example:
        >>> read_characters_of("né")[1].tolist()
        [0, 1, 3]
    """
    points = np.frombuffer((text + chr(0)).encode("utf-32-le"), dtype=np.int32)
    sizes = 1 + (points[:-1] > 0x7F) + (points[:-1] > 0x7FF) + (points[:-1] > 0xFFFF)
    return read_characters()[0][points], np.append(0, np.cumsum(sizes)).astype(np.int32), np.frombuffer(text.encode(), dtype=np.uint8)


def _find_rules(asked: pd.DataFrame, characters: tuple[SmallInts, SmallInts, Bytes]) -> Ints:
    """Find for each mention the first rule of words that holds."""
    spans = [asked[column].to_numpy() for column in ("start", "end", "floor", "ceiling")]
    numbers, masks, bits = _read_lists()
    words, follows, is_name = run_kernel(read_around, *characters, *spans, numbers, masks, bits["articles"], size=60 * len(asked))
    around = _Around(words[:, :_N_BEFORE], words[:, _N_BEFORE:], follows, is_name)
    conditions = [asked["is_dateline"].to_numpy(), *_ask_joined(around), *_ask_words(around, asked["asks"].to_numpy() == CAPITAL)]
    return np.select(conditions, range(len(conditions)), len(RULES) - 1)


def _ask_joined(around: _Around) -> list[Truths]:
    """Ask the rules for what a hyphen joins to a name."""
    is_joined, has, after = around.follows == JOINED, around.has, around.after
    is_based = has(after[:, 0], "based") | has(after[:, 1], "landmarks")
    return [is_joined & has(after[:, 0], "led"), is_joined & is_based, is_joined]


def _ask_words(around: _Around, is_capital: Truths) -> list[Truths]:
    """Ask the other rules for words, in their order."""
    has, before, owns = around.has, around.before, around.follows == OWNS
    last, second, near = before[:, 0], before[:, 1], before[:, 1:5]
    after = np.where((around.follows == PARTED) | (around.follows == COMMA), 0, around.after.T).T
    next_one, further = after[:, 0], after[:, 1]
    is_called = has(last, "word_capital") | ((around.follows == COMMA) & has(around.after[:, 1], "word_capital"))
    is_party = has(near, "parties")
    is_home = has(next_one, "copulas") & has(further, "openers")  # Seoul is a city, Kyiv is home to
    return [
        has(next_one, "landmarks") | (owns & has(further, "landmarks")),
        owns & has(after[:, :3], "organs"),
        is_capital & (is_called | (owns & around.is_name)),
        has(last, "word_in") & has(second, "trust"),
        has(last, "in_place") | (has(last, "word_of") & has(second, "before_place")),
        (has(last, "ways") & has(near, "move") & ~is_party) | has(last, "enter") | (has(last, "word_on") & has(second, "onto_place")),
        has(next_one, "organs") & ~is_capital,
        owns | (has(next_one, "acts") & ~is_home),
        has(last, "objects") | (has(last, "links") & is_party),
    ]


def _spread_uses(uses: Ints, rules: Ints, asked: pd.DataFrame, text: str) -> None:
    """Give names in a list the use of the name beside them; and a city before its state that of a place."""
    start, end, floor, entry, asks = (asked[column].to_numpy() for column in ("start", "end", "floor", "entry", "asks"))
    is_near = (start[1:] - end[:-1] <= 6) & (floor[1:] == floor[:-1]) & ((uses[1:] == 0) | (uses[:-1] == 0))
    for at in (np.flatnonzero(is_near) + 1).tolist():
        gap = text[end[at - 1] : start[at]]
        if _BESIDE.fullmatch(gap) is None:
            continue
        if gap == ", " and entry[at] == entry[at - 1] and uses[at - 1] == 0 and (asks[at - 1], asks[at]) == (CAPITAL, STATE):
            uses[at - 1], rules[at - 1] = USES.index("place"), len(RULES) - 2
        known = uses[at] or uses[at - 1] or (0 if gap == ", " else USES.index("actor"))
        uses[at], uses[at - 1] = uses[at] or known, uses[at - 1] or known


def read_around(  # noqa: C901  a kernel is one function: it calls none of ours
    codes: SmallInts,
    places: SmallInts,
    data: Bytes,
    start: Ints,
    end: Ints,
    floor: Ints,
    ceiling: Ints,
    numbers: Ints,
    masks: Ints,
    articles: int,
) -> tuple[Table, Ints, Truths]:
    """Read in which lists the words around mentions are (a kernel).

    Args:
        codes: Of each character its kinds.
        places: Where its bytes begin.
        data: All bytes.
        start: Where each mention starts.
        end: Where it ends.
        floor: Where its sentence starts.
        ceiling: Where its sentence ends.
        numbers: Listed words as numbers, each at the place that is its number's remainder by the length, or at the next free one; else 0.
        masks: The lists of each, as bits.
        articles: The bit of the list of articles: those directly before a mention are passed over.

    Returns:
        Of each mention, the lists of the five words before it, nearest first, and of the three after it, 0 where there is none; how what
        follows is tied to it; and whether the first word after it is capitalised.

    Source: our choice; a number is a polynomial of the letters, small (Karp & Rabin 1987), so that two words share one by rarest chance.

    Example:
        >>> span = [np.array([at]) for at in (3, 7, 0, 7)]
        >>> listed = np.array([0, 53555]), np.array([0, 4]), 0
        >>> read_around(*read_characters_of("in Kyiv"), *span, *listed)[0][0, :2].tolist()
        [4, 0]
    """
    words = np.zeros((len(start), _N_BEFORE + _N_AFTER), np.int64)
    follows, is_name = np.zeros(len(start), np.int64), np.zeros(len(start), np.bool_)
    for row in range(len(start)):
        here, column = start[row], 0
        while here > floor[row] and column < _N_BEFORE:
            here -= 1
            if codes[here] & WORD_CHAR:
                last = here
                while here > floor[row] and codes[here - 1] & WORD_CHAR:
                    here -= 1
                number = np.int64(0)
                for at in range(places[here], places[last + 1]):
                    number = number * _BASE + (data[at] | 32) & _MASK
                slot = number % len(numbers)
                while numbers[slot] != 0 and numbers[slot] != number:
                    slot = (slot + 1) % len(numbers)
                if column > 0 or not masks[slot] & articles:
                    words[row, column] = masks[slot]
                    column += 1
        here, column, top = end[row], _N_BEFORE, ceiling[row]
        if here < top:
            letter = data[places[here]]
            if letter == 39 or (letter == 0xE2 and data[places[here] + 1] == 0x80 and data[places[here] + 2] == 0x99):
                follows[row] = OWNS
                here += 1
                if here < top and data[places[here]] == 115 and not (here + 1 < top and codes[here + 1] & WORD_CHAR):
                    here += 1
            elif codes[here] & HYPHEN_CHAR:
                follows[row] = JOINED
            elif codes[here] & SPACE_CHAR and here + 1 < top and codes[here + 1] & WORD_CHAR:
                follows[row] = TOGETHER
            elif letter == 44:
                follows[row] = COMMA
        while here < top and column < _N_BEFORE + _N_AFTER:
            if codes[here] & WORD_CHAR:
                if column == _N_BEFORE:
                    is_name[row] = 65 <= data[places[here]] <= 90
                first = here
                while here < top and codes[here] & WORD_CHAR:
                    here += 1
                number = np.int64(0)
                for at in range(places[first], places[here]):
                    number = number * _BASE + (data[at] | 32) & _MASK
                slot = number % len(numbers)
                while numbers[slot] != 0 and numbers[slot] != number:
                    slot = (slot + 1) % len(numbers)
                words[row, column] = masks[slot]
                column += 1
            here += 1
    return words, follows, is_name


@cache
def _read_lists() -> tuple[Ints, Ints, Mapping[str, int]]:
    """Read the word lists: the numbers of words and the lists each is in as bits, as `read_around` wants them; and the bit of each list."""
    import yaml

    text = (files("toolkit.counting") / "data" / "uses.yml").read_text("utf-8")
    lists = {name: words.split() for name, words in yaml.load(text, Loader=yaml.CSafeLoader).items()}
    bits = {name: 1 << place for place, name in enumerate(lists)}
    numbers, masks = np.zeros(_MANY, dtype=np.int64), np.zeros(_MANY, dtype=np.int64)
    for name, words in lists.items():
        for word in words:
            number = 0
            for letter in word.encode():
                number = number * _BASE + (letter | 32) & _MASK
            slot = number % _MANY
            while numbers[slot] not in (0, number):
                slot = (slot + 1) % _MANY
            numbers[slot] = number
            masks[slot] |= bits[name]
    return numbers, masks, bits
