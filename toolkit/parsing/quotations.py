"""Find the quotations of a text by their marks: curly, straight, angled, low; interrupted, nested, running over paragraphs."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from toolkit.parsing.parts import Span, split_paragraphs
from toolkit.tables import read_pattern

_KINDS = {'"': '"', "'": "'", "`": "'", **{mark: pair[0] for pair in ("“”„", "‘’", "«»", "‹›") for mark in pair}}
_SINGLE = "'‘"  # the kinds whose marks may be apostrophes
# Where its neighbours do not tell what a mark does; `'` and "`" are none there.
_BY_FORM = {**dict.fromkeys("“„‘«‹", "opens"), **dict.fromkeys("”’»›", "closes"), '"': "either", "'": "", "`": ""}

_MARK, _OPENING_PAIR, _CLOSING_PAIR = map(read_pattern, ("quotation mark", "opening pair", "closing pair"))
_LONGEST = 2000  # characters, some twelve sentences: a longer one is taken for two marks that lost their partners


class Quotation(NamedTuple):
    """A quotation with its marks, or (one character long) a mark that lost its partner."""

    start: int
    end: int
    depth: int  # 0 for an outer one, 1 for one inside it, and so on
    goes_on: bool  # it is not closed in its paragraph, but goes on in the next


_Mark = tuple[int, str, str]  # where it is, its kind, its role: opens, closes, either, doubtful (closes, if no apostrophe or inch), none


@lru_cache(maxsize=1000)  # sentences and flags of the articles of a part ask for them one after the other
def find_quotations(text: str) -> Sequence[Quotation]:
    r"""Find what stands between quotation marks.

    Whether a mark opens or closes is told by its neighbours, and where they do not tell, by its form. A critic would ask about marks that
    lost their partner: they are listed as one character, not stretched to the next mark. A quotation that runs over paragraphs is one
    row in each: either every paragraph opens it again, or the next mark of its kind closes it in the next paragraph.

    Args:
        text: Any text.

    Returns:
        Quotations in order; two are nested or apart, none crosses the end of a paragraph.

    Example:
        >>> text = "“We tried,” she said, “the ’90s way.\n\n“He said ‘no’.”"
        >>> [(text[start:end], depth, goes_on) for start, end, depth, goes_on in find_quotations(text)]
        [('“We tried,”', 0, False), ('“the ’90s way.', 0, True), ('“He said ‘no’.”', 0, False), ('‘no’', 1, False)]
    """
    paragraphs = split_paragraphs(text)
    if "``" in text or "''" in text:  # as long as before; a bracket says which way the mark looks
        text = _CLOSING_PAIR.sub('}"', _OPENING_PAIR.sub('"{', text))
    marks = [_find_marks(text, start, end) for start, end in paragraphs]
    found: list[tuple[int, int, bool]] = []
    opened: dict[str, int] = {}
    for number, (_, end) in enumerate(paragraphs):
        spans, left = _pair_marks(marks[number], opened)
        found += [(first, last, False) for first, last in spans]
        opened = {}
        following, after = (marks[number + 1], paragraphs[number + 1][0]) if number + 1 < len(marks) else ([], end)
        for kind, first in left.items():
            at, role = next(((at, role) for at, other, role in following if other == kind), (end, ""))
            again = role == "opens" and at <= after + 1
            if again or (role == "closes" and kind not in _SINGLE):
                found.append((first, end, True))
                opened |= {} if again else {kind: after}
            elif kind not in _SINGLE:
                found.append((first, first + 1, False))
    return _nest(found)


def _find_marks(text: str, start: int, end: int) -> list[_Mark]:
    """Find the quotation marks of a paragraph; a doubtful one has no role where the next of its kind surely closes."""
    marks = [(mark.start(), _KINDS[mark[0]], mark.lastgroup or _BY_FORM[mark[0]]) for mark in _MARK.finditer(text, start, end)]
    following: dict[str, str] = {}
    for place in range(len(marks) - 1, -1, -1) if any(role == "doubtful" for _, _, role in marks) else ():
        at, kind, role = marks[place]
        if role == "doubtful" and following.get(kind) == "closes":
            marks[place] = (at, kind, "")
        else:
            following[kind] = role
    return marks


def _pair_marks(marks: Sequence[_Mark], opened: dict[str, int]) -> tuple[list[Span], dict[str, int]]:
    """Pair the marks of a paragraph, given what is open at its start; also return what is open at its end."""
    found: list[Span] = []
    opened = dict(opened)
    for at, kind, role in marks:
        if role == "opens" or (role == "either" and kind not in opened):
            if kind in opened and kind not in _SINGLE:  # two in a row: the first lost its partner
                found.append((opened[kind], opened[kind] + 1))
            opened.pop(kind, None)
            opened[kind] = at
        elif role and kind in opened:
            while kind in opened:  # what was opened inside it was never closed
                last, first = opened.popitem()
                if last == kind and at - first < _LONGEST:
                    found.append((first, at + 1))
                elif last not in _SINGLE:
                    found += [(first, first + 1), (at, at + 1)][: 1 + (last == kind)]
        elif role == "closes" and kind not in _SINGLE:
            found.append((at, at + 1))
    return found, opened


def _nest(found: Sequence[tuple[int, int, bool]]) -> list[Quotation]:
    """Put quotations in order, and tell which are inside another."""
    quotations, ends = list[Quotation](), list[int]()  # where those end that are open, the outermost first
    for start, end, goes_on in sorted(found, key=lambda span: (span[0], -span[1])):
        while ends and ends[-1] <= start:
            ends.pop()
        quotations.append(Quotation(start, end, len(ends), goes_on))
        ends.append(end)
    return quotations
