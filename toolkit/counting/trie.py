"""All patterns of codebooks as one tree of steps, and the walk of a text through it.

A step is one character of a compiled pattern: a letter (or other character), a space, `?` or `*`. Patterns that begin alike share a path,
and at every word the walk sets off from the root and follows the text as long as there is a step for it:

    root ─ w ─ a ─ r ■            the mark ■: the pattern `war` ends here, if the word of the text does
                   ├─ * ■         `war*`: the rest of the word, whatever it is
                   └─ space ─ c ─ r ─ i ─ m ─ e ■

Nearly all words leave the tree within few letters. Where spaces and wildcards let a path fork, one way is gone at once and the others are
put by. No way is gone twice from one word, so time grows with the length of the text, whatever text and patterns are.

Patterns in exact case and caseless ones are walked together: a node of the finished tree is a set of nodes that one text leads to (the
subset construction), so `Trump` and `trump*` cost one walk. Lines of capitals have a root of their own, from which longer names are met
caseless too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from toolkit.counting.characters import HYPHEN_CHAR, KIND_BITS, SMALL_CHAR, SPACE_CHAR, WORD_CHAR, read_characters
from toolkit.counting.patterns import ONE, RUN, SPACE, compile_pattern, count_pattern_letters, is_word_step

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Truths = np.ndarray[tuple[int], np.dtype[np.bool_]]
SmallInts = np.ndarray[tuple[int], np.dtype[np.int32]]
SmallTable = np.ndarray[tuple[int, int], np.dtype[np.int32]]
Table = np.ndarray[tuple[int, int], np.dtype[np.int64]]
Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
StandFor = dict[tuple[bool, str], list[int]]  # whether case is exact, a step of a pattern: the characters it stands for

_SHORT = 3  # letters; in a line of capitals a name this short (US, WHO) may be a word of any kind, so it stays in exact case
_FORKS = {SPACE: -1, ONE: -2, RUN: -3}  # numbered as letters are, but below 0

# Columns of `Trie.crossings`. The first four say where steps lead; the last three are truths about the step that led here: whether it is
# part of a word, whether it is a run, and whether the run may go on to further steps in its word.
_LETTERS, _SPACE, _ONE, _RUN, _FIRST_HIT, _LAST_HIT, _IN_WORD, _IS_RUN, _GOES_ON = range(9)


@dataclass(frozen=True)
class Trie:
    """Patterns as a tree of steps, in arrays that a kernel can walk.

    A node is a number. Above 0: a letter leads to `edges[node + letter, 0]`, if `edges[node + letter, 1]` is the node. Below 0: more than
    a letter's step may happen, and row `-node` of `crossings` says what. 0: no node.
    """

    alphabet: SmallInts  # by code point: the number of the letter (0: in no pattern), and its kinds in the last bits
    edges: SmallTable
    crossings: SmallTable
    hits: SmallInts  # patterns: those that end at a crossing stand together
    roots: tuple[int, int]  # for sentences in general, and for those in which names match in any case
    depth: int  # steps of the longest pattern


@dataclass(frozen=True)
class _Tree:
    """The tree while it grows: of each branch, the step that led there, whether its letters stand for themselves alone, where steps lead."""

    step: list[str]
    exact: list[bool]
    leads: list[dict[str, int]]
    hits: dict[int, list[int]]  # of branches at which patterns end

    def grow(self, branch: int, step: str) -> int:
        """Find where a step leads from a branch; if there is nothing yet, grow it."""
        further = self.leads[branch].setdefault(step, len(self.step))
        if further == len(self.step):
            self.step.append(step)
            self.exact.append(self.exact[branch])
            self.leads.append({})
        return further


@lru_cache(maxsize=8)  # who searches a corpus part by part asks again and again
def build_trie(patterns: tuple[tuple[str, bool], ...]) -> Trie:
    """Build the tree of some patterns.

    Args:
        patterns: Of each its text, and whether its case is exact. An empty one is never met.

    Returns:
        The tree; a hit is the place of a pattern among those given.

    Source: subset construction: Rabin & Scott 1959; edges that know their node: Aoe 1989 (double array).

    Example:
        >>> build_trie((("war*", False), ("war crime", False))).depth
        9
    """
    folded, exact, capitals, short = range(4)
    tree = _Tree([""] * 4, [False, True, False, True], [{}, {}, {}, {}], {})
    depth = 0
    for number, (text, case) in enumerate(patterns):
        is_long = count_pattern_letters(text) > _SHORT
        for branch in (exact, capitals if is_long else short) if case and text else (folded,) if text else ():
            compiled = compile_pattern(text, case=tree.exact[branch])
            for step in compiled:
                branch = tree.grow(branch, step)
            tree.hits.setdefault(branch, []).append(number)
            depth = max(depth, len(compiled))
    alphabet, stand_for = _number_letters(sorted(set(tree.step).difference(_FORKS, [""])))
    return Trie(alphabet, *_lay_out(tree, [(folded, exact), (folded, capitals, short)], stand_for, int(alphabet.max()) >> KIND_BITS), depth)


def _number_letters(used: Sequence[str]) -> tuple[SmallInts, StandFor]:
    """Number the characters that can be met at a letter of a pattern, those that fold alike in a row; and list them by letter."""
    kinds, straight, folded = read_characters()
    is_used = np.zeros(len(kinds), dtype=bool)
    is_used[[ord(letter) for letter in used]] = True
    points = np.flatnonzero(is_used[straight] | is_used[folded])
    points = points[np.argsort(folded[points], kind="stable")]
    alphabet = kinds.copy()
    alphabet[points] |= np.arange(1, len(points) + 1, dtype=np.int32) << KIND_BITS
    stand_for: StandFor = {(exact, step): [fork] for step, fork in _FORKS.items() for exact in (False, True)}
    for number, point in enumerate(points.tolist(), start=1):
        stand_for.setdefault((True, chr(straight[point])), []).append(number)
        stand_for.setdefault((False, chr(folded[point])), []).append(number)
    return alphabet, stand_for


def _lay_out(
    tree: _Tree, roots: Sequence[tuple[int, ...]], stand_for: StandFor, n_letters: int
) -> tuple[SmallTable, SmallTable, SmallInts, tuple[int, ...]]:
    """Join the branches that one text leads to into one node, and lay the nodes out in arrays: edges, crossings, hits, roots."""
    nodes, numbers = list(roots), dict[tuple[int, ...], int]()
    places, crossings, hits = [], [[0] * 9], []
    at, to, base_of = [], [], []  # edges: where they stand, the node they lead to, the base of the node they are of
    row, taken = n_letters + 1, {0}
    for node in nodes:  # grows on the way
        led: dict[int, tuple[int, ...]] = {}
        for branch in node:
            for step, further in tree.leads[branch].items():
                for met in stand_for[tree.exact[branch], step]:
                    led[met] = (*led.get(met, ()), further)
        for joined in led.values():
            if numbers.setdefault(joined, len(nodes)) == len(nodes):
                nodes.append(joined)
        letters = [met for met in led if met > 0]
        base = 0
        if letters:
            while row - min(letters) in taken:
                row += 1
            base = row - min(letters)
            taken.add(base)
            row += max(letters) - min(letters) + 1
            at += [base + letter for letter in letters]
            to += [numbers[led[letter]] for letter in letters]
            base_of += [base] * len(letters)
        ending, step = [hit for branch in node if branch in tree.hits for hit in tree.hits[branch]], tree.step[node[0]]
        if ending or step == RUN or len(letters) < len(led):
            places.append(-len(crossings))
            forks = [numbers[led[fork]] if fork in led else -1 for fork in _FORKS.values()]
            goes_on = step == RUN and any(is_word_step(further) for branch in node for further in tree.leads[branch])
            truths = step != "" and is_word_step(step), step == RUN, goes_on
            crossings.append([base, *forks, len(hits), len(hits) + len(ending), *truths])
            hits += ending
        else:
            places.append(base)
    place_of = np.array([*places, 0])  # the last, -1: no node
    edges, rows = np.zeros((row + n_letters + 1, 2), dtype=np.int32), np.array(crossings, dtype=np.int32)
    edges[at, 0], edges[at, 1] = place_of[to], base_of
    rows[1:, _SPACE : _RUN + 1] = place_of[rows[1:, _SPACE : _RUN + 1]]
    return edges, rows, np.array(hits, dtype=np.int32), tuple(places[: len(roots)])


def read_codes(data: Bytes, bounds: Ints, alphabet: SmallInts) -> tuple[SmallInts, SmallInts, Ints]:
    """Read UTF-8 (a kernel).

    Args:
        data: The bytes of texts, one after the other.
        bounds: Where each text begins in it, and where the last one ends.
        alphabet: As in `Trie`.

    Returns:
        Of each character, its number in the alphabet; where its bytes begin; both with one more at the end. And the characters before each
        text, and before the end.

    Source: RFC 3629.

    Example:
        >>> text = np.frombuffer("né".encode(), dtype=np.uint8)
        >>> [values.tolist() for values in read_codes(text, np.array([0, 3]), np.arange(256, dtype=np.int32))]
        [[110, 233, 0], [0, 1, 3], [0, 2]]
    """
    codes = np.empty(bounds[-1] - bounds[0] + 1, np.int32)
    places = np.empty(len(codes), np.int32)
    before = np.zeros(len(bounds), np.int64)
    n = 0
    for text in range(len(bounds) - 1):
        at, end = bounds[text], bounds[text + 1]
        while at < end:
            point, places[n] = np.int64(data[at]), at
            at += 1
            if point >= 0x80:
                n_more = 3 if point >= 0xF0 else 2 if point >= 0xE0 else 1
                point &= 0x3F >> n_more
                for _ in range(n_more):
                    point = point << 6 | data[at] & 0x3F
                    at += 1
            codes[n] = alphabet[point]
            n += 1
        before[text + 1] = n
    codes[n], places[n] = 0, bounds[-1]
    return codes[: n + 1], places[: n + 1], before


def walk_sentences(  # noqa: C901  a kernel is one function: it calls none of ours
    codes: SmallInts,
    starts: Ints,
    ends: Ints,
    caseless: Truths,
    edges: SmallTable,
    crossings: SmallTable,
    hits: SmallInts,
    roots: tuple[int, int],
    depth: int,
) -> tuple[Table, Ints]:
    """Find every match of every pattern in every sentence (a kernel).

    Args:
        codes: Of each character its number in the alphabet, and one more; changed and restored.
        starts: Where each sentence starts.
        ends: Where it ends.
        caseless: Whether names match in any case in it; they do in lines of capitals too.
        edges: As in `Trie`, like the other arguments.
        crossings: …
        hits: …
        roots: …
        depth: …

    Returns:
        Matches: pattern, sentence, start, end, first word (counted through all sentences); in the order of their starts. And the words
        before each sentence.

    Source: our choice.

    Example:
        >>> trie = build_trie((("war", False), ("war*", False), ("star war", False)))
        >>> codes, _, _ = read_codes(np.frombuffer(b"Star Wars, a war", dtype=np.uint8), np.array([0, 16]), trie.alphabet)
        >>> sentence = np.array([0]), np.array([16]), np.array([False])
        >>> walk_sentences(codes, *sentence, trie.edges, trie.crossings, trie.hits, trie.roots, trie.depth)[0].tolist()
        [[1, 0, 5, 9, 1], [0, 0, 13, 16, 3], [1, 0, 13, 16, 3]]
    """
    n_found = n_words = 0
    found = np.empty((1000, 5), np.int64)
    words_before = np.zeros(len(starts), np.int64)
    put_by = np.empty((4 * depth + 4, 2), np.int64)  # ways to go later: a node, and where in the text. Four at most are put by at a step
    entered = np.full(len(crossings), -1, np.int64)  # of each run: the start it was last entered from; a second time finds nothing new
    for sentence in range(len(starts)):
        start, end = starts[sentence], ends[sentence]
        words_before[sentence] = n_words
        beyond, codes[end] = codes[end], 0  # a mark that no step and no kind fits: no need to ask for the end at each character
        here = start
        while here < end and not codes[here] & SMALL_CHAR:
            here += 1
        root = roots[1] if caseless[sentence] or here == end else roots[0]
        while start < end:
            in_word = codes[start] & WORD_CHAR
            if not in_word and codes[start] >> KIND_BITS == 0:  # white space and the like: no pattern begins so
                start += 1
                continue
            n_words += in_word
            node, here, n_put_by = root, start, 0
            while node != 0:
                code = codes[here]
                base = node
                if node < 0:
                    row = -node
                    base = crossings[row, 0]
                    is_word = code & WORD_CHAR
                    if not (is_word and crossings[row, _IN_WORD]):
                        for place in range(crossings[row, _FIRST_HIT], crossings[row, _LAST_HIT]):
                            if n_found == len(found):
                                found = np.concatenate((found, np.empty_like(found)))
                            found[n_found, 0] = hits[place]
                            found[n_found, 1] = sentence
                            found[n_found, 2] = start
                            found[n_found, 3] = here
                            found[n_found, 4] = n_words - in_word
                            n_found += 1
                    if is_word and crossings[row, _IS_RUN]:
                        if not crossings[row, _GOES_ON]:
                            here += 1
                            continue
                        put_by[n_put_by, 0], put_by[n_put_by, 1] = node, here + 1
                        n_put_by += 1
                    if crossings[row, _SPACE] != 0 and code & (SPACE_CHAR | HYPHEN_CHAR):
                        after = here + 1
                        while code & SPACE_CHAR and codes[after] & SPACE_CHAR:
                            after += 1
                        put_by[n_put_by, 0], put_by[n_put_by, 1] = crossings[row, _SPACE], after
                        n_put_by += 1
                    if crossings[row, _ONE] != 0 and is_word:
                        put_by[n_put_by, 0], put_by[n_put_by, 1] = crossings[row, _ONE], here + 1
                        n_put_by += 1
                    run = crossings[row, _RUN]
                    if run != 0 and (is_word or crossings[row, _IN_WORD]) and entered[-run] != start:
                        entered[-run] = start
                        put_by[n_put_by, 0], put_by[n_put_by, 1] = run, here
                        n_put_by += 1
                edge = base + (code >> KIND_BITS)
                node = edges[edge, 0] if edges[edge, 1] == base else 0
                here += 1
                if node == 0 and n_put_by > 0:
                    n_put_by -= 1
                    node, here = put_by[n_put_by, 0], put_by[n_put_by, 1]
            start += 1
            while in_word and codes[start] & WORD_CHAR:
                start += 1
        codes[end] = beyond
    return found[:n_found], words_before
