"""Is a state named as an actor, or as the place where something happens?

`Seoul asked for talks` names a government, `talks in Seoul` a city. Rules look at the words around the name, in the order of `RULES`; the
first that holds decides (word lists: data/uses.yml). A name by which no rule holds goes with the name beside it in a list; else a state's
name or its seat of power is the actor, and a capital is undecided.

An adjective (`Ukrainian`) is the actor's, and persons, bodies, media and groups are never places.

Before all: capitalised words around a name may make it part of a longer one, which is no mention (`Korea Herald`, `Bank of Japan`). The
last listed word of those that follow decides: `US Press Secretary` stays an organ. Where every word is capitalised, nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from toolkit.counting.characters import HYPHEN_CHAR, SPACE_CHAR, WORD_CHAR, Bytes, Ints, Points, Table, Truths, read_characters
from toolkit.counting.kernels import run_kernel
from toolkit.counting.lists import read_list
from toolkit.parsing.words import fold
from toolkit.tables import USES

GIVEN, STATE, CAPITAL, PEOPLE = range(4)
"""What is asked of a mention: nothing, it is an actor; the use of a state's name; of a capital's; whether a people's is part of another."""

PART = 0
RULES: tuple[tuple[str, str], ...] = tuple((use or "", why) for use, why in read_list("rules")["rules"])
"""The rules in their order: the use each decides for ("": none), and why. Source: our choice, after what the words around names do."""

PARTED, TOGETHER, JOINED, OWNS, COMMA = range(5)
_N_BEFORE, _N_AFTER = 5, 3  # words looked at: as far as a phrase reaches
_MANY = 1 << 14  # places for words: a power of two, and few share one
_MASK, _BASE = 2**53 - 1, 509  # of the numbers that stand for words: odd base, so that all letters count; the product fits 63 bits
_SMALL = re.compile(r"\b(?!(?:an?|and|as|at|but|by|for|from|in|is|of|on|or|the|to|with|over|after|s|t)\b)[a-z]+")  # not in Title Case
_BESIDE = re.compile(r",?\s(?:and|or)\s|,\s|\s?[-–/]\s?")

Flags = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class _Around:
    """Words around mentions, a row for each place before (nearest first, no articles) and after: the lists they are in, a bit for each."""

    before: Table
    after: Table
    follows: Ints  # how the first word after is tied: PARTED …
    names: Flags  # of all these words: whether capitalised, with white space alone from it to the mention


def _has(words: Ints, *names: str) -> Truths:
    """Whether words are in one of the lists; of several words, one joined by `|`, any."""
    found: Truths = words & sum(_read_lists()[2][name] for name in names) != 0
    return found


def decide_uses(asked: pd.DataFrame, characters: tuple[Points, Points, Bytes], text: str) -> tuple[Ints, Ints]:
    """Decide for mentions whether they name an actor or a place.

    Args:
        asked: Mentions of one actors codebook, in the order of the text: `start`, `end`, `floor` and `ceiling` (their sentence's start and
            end), `is_dateline`, `entry`, `asks` (GIVEN, STATE or CAPITAL).
        characters: Of each character its kinds, where its bytes begin, and all bytes, as `toolkit.counting.trie.read_codes` reads them.
        text: The text in which they count.

    Returns:
        Of each mention, the place of its use in `toolkit.tables.USES`, and the number of its rule in `RULES`; the last where none holds.
        Where it is `PART`, it is no mention.

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
    _, places, data = characters
    is_asked, people = asks != GIVEN, np.flatnonzero(asks == PEOPLE)
    after = data[places[np.minimum(asked["end"].to_numpy()[people] + 1, asked["ceiling"].to_numpy()[people] - 1)]]
    is_asked[people] = (after >= 65) & (after <= 90)  # only a capital can make an adjective part of a longer name
    rows = np.flatnonzero(is_asked)
    if len(rows):
        rules[rows] = _find_rules(asked.iloc[rows], characters, text)
    decides = np.array([USES.index(use) for use, _ in RULES])
    uses = np.where((asks == GIVEN) | (asks == PEOPLE), USES.index("actor"), decides[rules])
    _spread_uses(uses, rules, asked, text)
    usual = np.where(asks == CAPITAL, USES.index("undecided"), USES.index("actor"))
    return np.where(uses == 0, usual, uses), rules


def is_seat(pattern: str) -> bool:
    """Whether a metonym is a seat of power rather than a city.

    Example:
        >>> is_seat("White House"), is_seat("Washington")
        (True, False)
    """
    return fold(pattern) in read_list("names")["seats"]


def read_characters_of(text: str) -> tuple[Points, Points, Bytes]:
    """Read one text as `decide_uses` wants it.

    Example:
        >>> read_characters_of("né")[1].tolist()
        [0, 1, 3]
    """
    points = np.frombuffer((text + chr(0)).encode("utf-32-le"), dtype=np.int32)
    sizes = 1 + (points[:-1] > 0x7F) + (points[:-1] > 0x7FF) + (points[:-1] > 0xFFFF)
    return read_characters()[0][points], np.append(0, np.cumsum(sizes)).astype(np.int32), np.frombuffer(text.encode(), dtype=np.uint8)


def _find_rules(asked: pd.DataFrame, characters: tuple[Points, Points, Bytes], text: str) -> Ints:
    """Find for each mention the first rule of words that holds."""
    spans = [asked[column].to_numpy() for column in ("start", "end", "floor", "ceiling")]
    numbers, masks, bits = _read_lists()
    words, follows, names = run_kernel(read_around, *characters, *spans, numbers, masks, bits["articles"], size=60 * len(asked))
    around = _Around(words[:_N_BEFORE], words[_N_BEFORE:], follows, names)
    codes, start, floor, ceiling = characters[0], spans[0], spans[2], spans[3]
    is_part = _ask_longer(around) & ((start == floor) | (codes[start - 1] & HYPHEN_CHAR == 0))  # not: the US-Japan Treaty
    sentences = zip(floor[is_part].tolist(), ceiling[is_part].tolist(), strict=True)
    is_part[is_part] = [_SMALL.search(text, *sentence) is not None for sentence in sentences]
    conditions = [is_part, asked["is_dateline"].to_numpy(), *_ask_joined(around), *_ask_words(around, asked["asks"].to_numpy() == CAPITAL)]
    return np.select(conditions, range(len(conditions)), len(RULES) - 1)


def _ask_longer(around: _Around) -> Truths:
    """Ask whether the capitalised words around a name make it part of a longer one."""
    before, names = around.before, around.names
    run: Truths = (around.follows == TOGETHER) & ~_has(around.after[0], "other")
    is_longer = np.zeros(len(run), dtype=bool)
    for word, is_name in zip(around.after, names[_N_BEFORE:], strict=True):  # the last listed word decides
        run &= is_name
        is_longer = (is_longer & ~(run & _has(word, "organs", "offices"))) | (run & _has(word, "longer", "longer_after"))
    after_noun = _has(before[0], "word_of") & _has(before[1], "longer_of") & names[1]
    after_name = (_has(before[0], "word_de") & names[1]) | (_has(before[0], "longer_before") & names[0])
    is_part: Truths = is_longer | after_noun | after_name
    return is_part


def _ask_joined(around: _Around) -> list[Truths]:
    """Ask the rules for what a hyphen joins to a name."""
    is_joined, after = around.follows == JOINED, around.after
    is_based = _has(after[0], "based") | _has(after[1], "landmarks")
    return [is_joined & _has(after[0], "led"), is_joined & is_based, is_joined]


def _ask_words(around: _Around, is_capital: Truths) -> list[Truths]:
    """Ask the other rules for words, in their order."""
    before, owns = around.before, around.follows == OWNS
    last, second, near = before[0], before[1], before[1] | before[2] | before[3] | before[4]
    next_one, further, third = np.where((around.follows == PARTED) | (around.follows == COMMA), 0, around.after)
    is_called = _has(last, "word_capital") | ((around.follows == COMMA) & _has(around.after[1], "word_capital"))
    is_party = _has(near, "parties")
    is_home = _has(next_one, "copulas") & _has(further, "openers")  # Seoul is a city, Kyiv is home to
    return [
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


def _spread_uses(uses: Ints, rules: Ints, asked: pd.DataFrame, text: str) -> None:
    """Give names in a list the use of the name beside them; and a city before its state that of a place."""
    start, end, floor, entry, asks = (asked[column].to_numpy() for column in ("start", "end", "floor", "entry", "asks"))
    is_near = (start[1:] - end[:-1] <= 6) & (floor[1:] == floor[:-1]) & ((uses[1:] == 0) | (uses[:-1] == 0))
    is_near &= (rules[1:] != PART) & (rules[:-1] != PART)
    for at in (np.flatnonzero(is_near) + 1).tolist():
        gap = text[end[at - 1] : start[at]]
        if _BESIDE.fullmatch(gap) is None:
            continue
        if gap == ", " and entry[at] == entry[at - 1] and uses[at - 1] == 0 and (asks[at - 1], asks[at]) == (CAPITAL, STATE):
            uses[at - 1], rules[at - 1] = USES.index("place"), len(RULES) - 2
        known = uses[at] or uses[at - 1] or (0 if gap == ", " else USES.index("actor"))
        uses[at], uses[at - 1] = uses[at] or known, uses[at - 1] or known


def read_around(  # noqa: C901  a kernel is one function: it calls none of ours
    codes: Points, places: Points, data: Bytes, start: Ints, end: Ints, floor: Ints, ceiling: Ints, numbers: Ints, masks: Ints, skipped: int
) -> tuple[Table, Ints, Flags]:
    """Read in which lists the words around mentions are (a kernel).

    Args:
        codes: Of each character its kinds.
        places: Where its bytes begin.
        data: All bytes.
        start: Where each mention starts.
        end: Where it ends.
        floor: Where its sentence starts.
        ceiling: Where its sentence ends.
        numbers: Listed words as numbers, each at the place that is its last bits, or at the next free one; else 0. A power of two long.
        masks: The lists of each, as bits.
        skipped: The bit of the list of articles: those directly before a mention are passed over.

    Returns:
        Of each mention, the lists of the five words before it, nearest first, and of the three after it, 0 where there is none; how what
        follows is tied to it; and by word, whether it is capitalised and has white space alone from it to the mention.

    Source: our choice; a number is a polynomial of the letters, small (Karp & Rabin 1987), so that two words share one by rarest chance.

    Example:
        >>> span = [np.array([at]) for at in (3, 7, 0, 7)]
        >>> listed = np.array([0, 53555]), np.array([0, 4]), 0
        >>> read_around(*read_characters_of("in Kyiv"), *span, *listed)[0][:2, 0].tolist()
        [4, 0]
    """
    words = np.zeros((_N_BEFORE + _N_AFTER, len(start)), np.int64)
    follows, names = np.zeros(len(start), np.int64), np.zeros(words.shape, np.bool_)
    for row in range(len(start)):
        here, column, is_tied = start[row], 0, True
        while here > floor[row] and column < _N_BEFORE:
            here -= 1
            if codes[here] & WORD_CHAR:
                last = here
                while here > floor[row] and codes[here - 1] & WORD_CHAR:
                    here -= 1
                number = np.int64(0)
                for at in range(places[here], places[last + 1]):
                    number = number * _BASE + (data[at] | 32) & _MASK
                slot = number & len(numbers) - 1
                while numbers[slot] != 0 and numbers[slot] != number:
                    slot = slot + 1 & len(numbers) - 1
                if column > 0 or not masks[slot] & skipped:
                    words[column, row], names[column, row] = masks[slot], is_tied and 65 <= data[places[here]] <= 90
                    column += 1
            elif not codes[here] & SPACE_CHAR:
                is_tied = False
        here, column, top, is_tied = end[row], _N_BEFORE, ceiling[row], True
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
                first = here
                while here < top and codes[here] & WORD_CHAR:
                    here += 1
                number = np.int64(0)
                for at in range(places[first], places[here]):
                    number = number * _BASE + (data[at] | 32) & _MASK
                slot = number & len(numbers) - 1
                while numbers[slot] != 0 and numbers[slot] != number:
                    slot = slot + 1 & len(numbers) - 1
                words[column, row], names[column, row] = masks[slot], is_tied and 65 <= data[places[first]] <= 90
                column += 1
            if here < top and not codes[here] & SPACE_CHAR:
                is_tied = False
            here += 1
    return words, follows, names


@cache
def _read_lists() -> tuple[Ints, Ints, Mapping[str, int]]:
    """Read the word lists: the numbers of words and the lists each is in as bits, as `read_around` wants them; and the bit of each list."""
    lists = {name: words.split() for name, words in read_list("uses").items()}
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
