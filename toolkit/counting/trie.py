"""All patterns of codebooks as one tree of steps, and the search of a text with it.

A step is one character of a compiled pattern: a letter (or other character), a space, `?` or `*`. Patterns that begin alike share a path,
and at every word the walk sets off from the root and follows the text as long as there is a step for it:

    root ─ w ─ a ─ r ■            the mark ■: the pattern `war` ends here, if the word of the text does
                   ├─ * ■         and here `war*`, wherever the word ends
                   └─ space ─ c ─ r ─ i ─ m ─ e ■

Nearly all words leave the tree within few letters. Where spaces and wildcards let a path fork, one way is gone at once and the others are
put by. No way is gone twice from one word, so time grows with the length of the text, whatever text and patterns are.

Patterns in exact case and caseless ones are walked together: a node of the finished tree is a set of nodes that one text leads to (the
subset construction), so `Trump` and `trump*` cost one walk. Lines of capitals have a root of their own, from which longer names are met
caseless too.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from toolkit.counting.characters import HYPHEN_CHAR, KIND_BITS, SMALL_CHAR, SPACE_CHAR, WORD_CHAR, Ints, Points, Table, Truths, read_unicode
from toolkit.counting.patterns import ONE, RUN, SPACE, compile_pattern, is_word_step
from toolkit.parsing.words import is_word_char

SmallTable = np.ndarray[tuple[int, int], np.dtype[np.int32]]
Step = tuple[int, ...]  # the letters, by number, that a step stands for; or one of `_FORKS`

_SHORT = 3  # letters; in a line of capitals a name this short (US, WHO) may be a word of any kind, so it stays in exact case
_FORKS = {SPACE: -1, ONE: -2, RUN: -3}  # numbered as letters are, but below 0

# Columns of `Trie.crossings`. The first four say where steps lead; the last three are truths about the step that led here: whether it is
# part of a word, a run to the end of its word, or a run from which steps lead on inside its word.
_LETTERS, _SPACE, _ONE, _RUN, _FIRST_HIT, _LAST_HIT, _IN_WORD, _TO_END, _GOES_ON = range(9)


class Trie(NamedTuple):
    """Patterns as a tree of steps, in arrays that a kernel can walk.

    A node is a number. Above 0: a letter leads to `edges[node + letter, 0]`, if `edges[node + letter, 1]` is the node. Below 0: more than
    a letter's step may happen, and row `-node` of `crossings` says what. 0: no node.
    """

    edges: SmallTable
    crossings: SmallTable
    hits: Points  # patterns, those that end at one crossing together
    roots: tuple[int, int]  # for sentences in general, and for those in which names match in any case
    depth: int  # steps of the longest pattern


def build_trie(patterns: Sequence[tuple[str, bool]]) -> tuple[Trie, Points]:
    """Build the tree of some patterns.

    Args:
        patterns: Of each its text, and whether its case is exact.

    Returns:
        The tree, whose hits are places of patterns among those given. And its alphabet, by code point: the number of the letter (0: in no
        pattern), and in the last bits its kinds.

    Source: subset construction: Rabin & Scott 1959; edges that know their node: Aoe 1989 (double array).

    Example:
        >>> build_trie([("war*", False), ("war crime", False)])[0].depth
        9
    """
    folded, exact, capitals, short = range(4)
    ways = []  # a name has two: it is met in exact case, and in lines of capitals as its length asks for
    for number, (text, case) in enumerate(patterns):
        roots = (exact, capitals if sum(map(is_word_char, text)) > _SHORT else short) if case else (folded,)
        ways += [(root, number, compile_pattern(text, case=root in (exact, short))) for root in roots]
    alphabet, letters = _number_letters({step for _, _, steps in ways for step in steps}.difference(_FORKS))
    last, leads = [""] * 4, [dict[Step, int]() for _ in range(4)]  # of each branch: the step to it, and where steps lead from it
    hits: dict[int, list[int]] = {}
    for root, number, steps in ways:
        branch = root
        for step in steps:
            key = (_FORKS[step],) if step in _FORKS else letters[root in (exact, short), step]
            if leads[branch].setdefault(key, len(leads)) == len(leads):
                last.append(step)
                leads.append({})
            branch = leads[branch][key]
        hits.setdefault(branch, []).append(number)
    laid = _lay_out([(folded, exact), (folded, capitals, short)], last, leads, hits, len(letters))
    return Trie(*laid, max([len(steps) for _, _, steps in ways], default=0)), alphabet


def _number_letters(used: set[str]) -> tuple[Points, dict[tuple[bool, str], Step]]:
    """Number the characters that can be met at a letter of a pattern, those that fold alike in a row; and list them by case and letter."""
    kinds, straight, folded, unfolded = read_unicode()
    own = np.array([ord(letter) for letter in sorted(used)], dtype=np.int32)
    points = np.union1d(own, unfolded[np.isin(straight[unfolded], own) | np.isin(folded[unfolded], own)])
    points = points[np.argsort(folded[points], kind="stable")]
    alphabet = kinds.copy()
    alphabet[points] |= np.arange(1, len(points) + 1, dtype=np.int32) << KIND_BITS
    letters: dict[tuple[bool, str], Step] = {}
    for number, point in enumerate(points.tolist(), start=1):
        for key in ((True, chr(straight[point])), (False, chr(folded[point]))):
            letters[key] = (*letters.get(key, ()), number)
    return alphabet, letters


def _lay_out(
    roots: list[tuple[int, ...]], last: list[str], leads: list[dict[Step, int]], hits: dict[int, list[int]], n_letters: int
) -> tuple[SmallTable, SmallTable, Points, tuple[int, int]]:
    """Join the branches that one text leads to into one node, and lay the nodes out in arrays: edges, crossings, hits, roots."""
    nodes, numbers = list(roots), dict[tuple[int, ...], int]()
    places, crossings, laid_hits = list[int](), [[0] * 9], list[int]()
    edges = list[tuple[int, int, int]]()  # place, node led to, base of the node
    row, taken = n_letters + 1, {0}
    for node in nodes:  # grows on the way
        led: dict[int, tuple[int, ...]] = {}
        for branch in node:
            for step, further in leads[branch].items():
                for met in step:
                    led[met] = (*led.get(met, ()), further)
        for joined in led.values():
            if numbers.setdefault(joined, len(nodes)) == len(nodes):
                nodes.append(joined)
        base, letters = 0, [met for met in led if met > 0]
        if letters:
            while row - min(letters) in taken:
                row += 1
            base = row - min(letters)
            taken.add(base)
            row += max(letters) - min(letters) + 1
            edges += [(base + letter, numbers[led[letter]], base) for letter in letters]
        ending, is_run = [hit for branch in node for hit in hits.get(branch, ())], last[node[0]] == RUN
        places.append(-len(crossings) if ending or is_run or len(letters) < len(led) else base)
        if places[-1] < 0:
            goes_on = is_run and (len(letters) > 0 or _FORKS[ONE] in led)
            forks = [numbers[led[fork]] if fork in led else -1 for fork in _FORKS.values()]
            truths = is_word_step(last[node[0]]), is_run and not goes_on, goes_on
            crossings.append([base, *forks, len(laid_hits), len(laid_hits) + len(ending), *truths])
            laid_hits += ending
    place_of = np.array([*places, 0])  # the last, -1: no node
    at, to, bases = np.array(edges, dtype=np.int64).reshape(-1, 3).T
    table, rows = np.zeros((row + n_letters + 1, 2), dtype=np.int32), np.array(crossings, dtype=np.int32)
    table[at] = np.stack([place_of[to], bases], axis=1)
    rows[1:, _SPACE : _RUN + 1] = place_of[rows[1:, _SPACE : _RUN + 1]]
    return table, rows, np.array(laid_hits, dtype=np.int32), (places[0], places[1])


def walk_sentences(codes: Points, starts: Ints, ends: Ints, caseless: Truths, trie: Trie) -> Table:  # noqa: C901  a kernel calls none of ours
    """Find every match of every pattern in every sentence (a kernel).

    Args:
        codes: Of each character its number in the alphabet, and one more; changed and restored.
        starts: Where each sentence starts.
        ends: Where it ends.
        caseless: Whether names match in any case in it; they do in lines of capitals too.
        trie: What is looked for.

    Returns:
        Five rows, a column per match, in the order of their starts: pattern, sentence, start, end, first word (counted through all
        sentences).

    Example:
        >>> trie, alphabet = build_trie([("war", False), ("war*", False), ("star war", False)])
        >>> codes = alphabet[[ord(letter) for letter in "Star Wars, a war "]]
        >>> sentence = np.array([0]), np.array([16]), np.array([False])
        >>> walk_sentences(codes, *sentence, trie).T.tolist()
        [[1, 0, 5, 9, 1], [0, 0, 13, 16, 3], [1, 0, 13, 16, 3]]
    """
    edges, crossings, hits, roots, depth = trie
    n_found = n_words = 0
    found = np.empty((5, 1000), np.int64)
    put_by = np.empty((4 * depth + 4, 2), np.int64)  # ways to go later: a node, and where in the text. Four at most are put by at a step
    entered = np.full(len(crossings), -1, np.int64)  # of each run: the start it was last entered from; a second time finds nothing new
    for sentence in range(len(starts)):
        start, end = starts[sentence], ends[sentence]
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
            while True:
                while node > 0:
                    edge = node + (codes[here] >> KIND_BITS)
                    node = edges[edge, 0] if edges[edge, 1] == node else 0
                    here += 1
                if node == 0:
                    if n_put_by == 0:
                        break
                    n_put_by -= 1
                    node, here = put_by[n_put_by, 0], put_by[n_put_by, 1]
                    continue
                row = -node
                if crossings[row, _TO_END]:
                    while codes[here] & WORD_CHAR:
                        here += 1
                code = codes[here]
                is_word = code & WORD_CHAR
                if not (is_word and crossings[row, _IN_WORD]):
                    for place in range(crossings[row, _FIRST_HIT], crossings[row, _LAST_HIT]):
                        if n_found == found.shape[1]:
                            found = np.concatenate((found, np.empty_like(found)), axis=1)
                        found[:, n_found] = np.int64(hits[place]), sentence, start, here, n_words - in_word
                        n_found += 1
                if is_word and crossings[row, _GOES_ON]:
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
                node = crossings[row, _LETTERS]
            start += 1
            while in_word and codes[start] & WORD_CHAR:
                start += 1
        codes[end] = beyond
    return found[:, :n_found]
