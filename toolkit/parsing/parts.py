"""Find what in an article is no running text of the story: headline, repeats, dateline, credits, and what outlets print around stories.

Nothing is cut out. The patterns of what is printed around stories are data/boilerplate.yml.
"""

import re
from bisect import bisect_right
from collections import namedtuple
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from toolkit.tables import read_data, read_limits, read_pattern

LONGEST_LINE, N_CLOSING, _MOST_CUES, _TAIL, _LONGEST_SUFFIX, _SHORTEST_REPEAT = read_limits("parts")
_STOPS = '.!"”’'  # a line that ends with one is a sentence
_Pattern = namedtuple("_Pattern", "kind cue regex before step")  # one item of data/boilerplate.yml


def find_boilerplate_pieces(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Find the pieces and whole lines of a text that are no part of the story, whatever sentence they are in.

    Args:
        text: The text of an article.
        paragraphs: Start and end of its paragraphs, in order.

    Returns:
        Start, end and step of each piece, in order of the text; they may overlap.

    Example:
        >>> text = "They left. Source:-Al Jazeera News"
        >>> [text[start:end] for start, end, _ in find_boilerplate_pieces(text, [(0, len(text))])]
        ['Source:-Al Jazeera News']
    """
    tail = max(0, len(text) - _TAIL)
    tails = (item for item in _list("tails") if text.find(item.cue, tail) >= 0)
    found = [(*match.span(), item.step) for item in tails for match in item.regex.finditer(text, tail)]
    for start, end in paragraphs:
        if len("Share") <= end - start <= LONGEST_LINE and text[end - 1] not in _STOPS:
            found += [(start, end, item.step) for item in _list("lines") if item.regex.fullmatch(text, start, end)][:1]
    done: dict[_Pattern, int] = {}
    for at, item in find_cues(text):
        if item.kind == "pieces":
            starts = range(max(done.get(item, 0), at - item.before), at + 1)
            matches = (item.regex.match(text, start) for start in starts if not start or text[start - 1].isspace())
            if match := next((match for match in matches if match and match.end() > at), None):
                found.append((*match.span(), item.step))
                done[item] = match.end()
    return sorted((end - len(text[start:end].lstrip()), start + len(text[start:end].rstrip()), step) for start, end, step in found)


def find_boilerplate_sentences(
    text: str, starts: Sequence[int], ends: Sequence[int], *, learned: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
) -> list[tuple[int, str]]:
    """Find which sentences of a text are boilerplate as a whole; only those that hold a cue, and the closing ones, are looked at.

    Args:
        text: The text of an article.
        starts: Where its sentences start, in order.
        ends: Where they end.
        learned: Lines of its outlet that were learned to be boilerplate, white space collapsed.
        without: Steps of `toolkit.parsing.repair.STEPS` not to take.

    Returns:
        Number of the sentence in `starts`, and the step, in order.

    Example:
        >>> find_boilerplate_sentences("It rains. This story has been updated.", [0, 10], [9, 38])
        [(1, 'known boilerplate')]
    """
    found: dict[int, str] = {}
    if learned and "learned boilerplate" not in without:
        for number in range(max(0, len(starts) - N_CLOSING), len(starts)):
            if ends[number] - starts[number] <= LONGEST_LINE and " ".join(text[starts[number] : ends[number]].split()) in learned:
                found[number] = "learned boilerplate"
    for at, item in find_cues(text):
        if item.kind == "sentences" and item.step not in without:
            number = bisect_right(starts, at) - 1
            if number >= 0 and at < ends[number] and item.regex.fullmatch(text, starts[number], ends[number]):
                found[number] = item.step
    return sorted(found.items())


@lru_cache(maxsize=1000)  # sentences and flags of the articles of a part ask for them one after the other
def find_cues(text: str) -> list[tuple[int, _Pattern]]:
    """Find every cue of boilerplate in a text, with its pattern, in the order of their ends."""
    items, cues = _list_cues()
    whole = text.encode("utf-8", "replace").decode()  # no half of a character
    hits = sorted(cues.find_matches_as_indexes(whole, overlapping=True), key=lambda hit: (hit[2], hit[0]))
    return [(start, items[number]) for number, start, _ in hits[:_MOST_CUES]]


@cache
def _list_cues() -> tuple[list[_Pattern], Any]:
    """List the pieces and sentences, and what finds all their cues in one pass."""
    from ahocorasick_rs import AhoCorasick, Implementation

    items = _list("pieces") + _list("sentences")
    return items, AhoCorasick([item.cue for item in items], implementation=Implementation.DFA)


@cache
def _list(kind: str) -> list[_Pattern]:
    """Read the patterns of one kind; none may begin inside a word."""
    patterns = []
    for item in read_data("boilerplate")[kind]:
        written = re.sub("END|STARTER|NAMES", lambda name: str(read_data("patterns")[name[0]]), item["pattern"])
        regex = re.compile(rf"(?<!\S)(?:{written})")
        patterns.append(_Pattern(kind, item.get("cue", ""), regex, item.get("before", 0), item.get("step", "known boilerplate")))
    return patterns


Span = tuple[int, int]
Part = tuple[int, int, str, str]  # start, end, part, step ("" for the headline itself)

_PARAGRAPH_BREAK, _LINE_BREAK, _LONG_LINE, _DATELINE = map(read_pattern, ("paragraph break", "line break", "long line", "dateline"))
_SUFFIX, _OUTLET_SUFFIX, _ADDRESS, _MASTHEAD = map(read_pattern, ("suffix", "outlet suffix", "address", "masthead"))
_PUBLIC, _DESKS = (frozenset(read_data("layouts")[name].split()) for name in ("public", "desks"))


def find_parts(
    text: str, headline: str, paragraphs: Sequence[Span], *, learned: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
) -> list[Part]:
    r"""Find the spans of a text that are no running text of the story, so that they are not split into sentences.

    Args:
        text: The text of an article.
        headline: Its headline, as written at the start of the text; "" for none.
        paragraphs: Start and end of its paragraphs, in order.
        learned: Lines of its outlet that were learned to be boilerplate, white space collapsed.
        without: Steps of `toolkit.parsing.repair.STEPS` not to take.

    Returns:
        Start, end, part and step ("" for the headline itself) of each, in order, without overlap, each inside one paragraph.

    Example:
        >>> text = "Talks fail\n\nKYIV (AP) - Talks failed. View Comments"
        >>> [(text[start:end], part, step) for start, end, part, step in find_parts(text, "Talks fail", split_paragraphs(text))]
        [('Talks fail', 'headline', ''), ('KYIV', 'dateline', 'dateline'), ('(AP) -', 'boilerplate', 'wire slug'),
         ('View Comments', 'boilerplate', 'known boilerplate')]
    """
    has_headline = bool(headline and paragraphs) and _is_headline(text, headline, *paragraphs[0])
    found: list[Part] = list(_find_headlines(text, headline, paragraphs, without)) if has_headline else []
    leading = paragraphs[has_headline : has_headline + 2]  # the first of the two before the story that occurs again later
    again = (span for span in leading if span[1] - span[0] >= _SHORTEST_REPEAT and text.find(text[slice(*span)], span[1]) >= 0)
    found += [(*span, "boilerplate", "repeated standfirst") for span in again][:1]
    found += _find_dateline(text, headline if has_headline else "")
    found += [(start, end, "boilerplate", step) for start, end, step in find_boilerplate_pieces(text, paragraphs)]
    if learned:
        lines = (span for span in paragraphs[has_headline:] if span[1] - span[0] <= LONGEST_LINE)
        found += [(*span, "boilerplate", "learned boilerplate") for span in lines if " ".join(text[slice(*span)].split()) in learned]
    kept: list[Part] = []
    for part in sorted(found, key=lambda part: (part[0], part[2] == "boilerplate", part[1])):  # a headline is never boilerplate
        if part[3] not in without and (not kept or part[0] >= kept[-1][1]) and _is_inside(part[0], part[1], paragraphs):
            kept.append(part)
    return kept


def _is_headline(text: str, headline: str, start: int, end: int) -> bool:
    """Whether a paragraph is the headline, or the headline and the outlet's name."""
    after = start + len(headline)
    has_outlet = end - after <= _LONGEST_SUFFIX and _SUFFIX.match(text, after) is not None
    return text.startswith(headline, start) and (after == end or has_outlet)


def _find_headlines(text: str, headline: str, paragraphs: Sequence[Span], without: frozenset[str]) -> Iterator[Part]:
    """Find the headline in the first paragraph, the outlet's name after it, and where it occurs again: as a paragraph, or at its start."""
    start, end = paragraphs[0]
    after = end if "outlet suffix" in without else start + len(headline)
    yield start, after, "headline", ""
    if after < end:
        yield after + 1, end, "boilerplate", "outlet suffix"  # after a space
    for start, end in paragraphs[1:]:
        after = start + len(headline)
        is_part = len(headline) >= _SHORTEST_REPEAT and text[after : after + 1].isspace()
        if text.startswith(headline, start) and (after == end or is_part):
            yield start, after, "boilerplate", "repeated headline"


def _find_dateline(text: str, headline: str) -> Iterator[Part]:
    """Find the dateline and the wire slug in or after it."""
    dateline = _match_dateline(text, headline)
    if dateline is None:
        return
    credit = next((dateline.start(name) for name in ("credit1", "credit4") if dateline[name]), dateline.end())
    pieces = ((dateline.start(), credit, "dateline", "dateline"), (credit, dateline.end(), "boilerplate", "wire slug"))
    for start, end, part, step in pieces:
        if text[start:end].strip():
            yield start, start + len(text[start:end].rstrip()), part, step


def _is_inside(start: int, end: int, paragraphs: Sequence[Span]) -> bool:
    """Whether a span lies in one paragraph."""
    number = bisect_right(paragraphs, (start, len(paragraphs) and paragraphs[-1][1])) - 1
    return number >= 0 and end <= paragraphs[number][1]


def find_dateline(text: str, headline: str) -> str:
    """Find the place named before the story, without date, agency and dash.

    Args:
        text: The text of an article.
        headline: Its headline, as written at the start of the text; "" for none.

    Returns:
        The place as it stands, or "".

    Example:
        >>> find_dateline("MOSCOW, February 7. /TASS/. It snows.", "")
        'MOSCOW'
    """
    found = _match_dateline(text, headline)
    places = (found[f"place{number}"] for number in range(1, 5)) if found else ()
    return next(filter(None, places), "").strip(" ,")


@lru_cache(maxsize=1000)  # asked for by the article and by its sentences
def _match_dateline(text: str, headline: str) -> re.Match[str] | None:
    """Match the dateline in one of the first paragraphs: the headline, its repeat and a standfirst may come before it."""
    for start, end in split_paragraphs(text)[:4]:
        found = _DATELINE.match(text, start, end)
        if found is not None and not (headline and _is_headline(text, headline, start, end)):
            return found
    return None


def cut_suffix(headline: str, outlet: str) -> str:
    """Cut the outlet's name from the end of a headline: `Talks fail | BBC News`.

    A critic would ask how a name is known from a second half of the headline: it must be a web address, or share its first words with the
    outlet or its host, or come after a `|` and end as the names of newspapers do.

    Args:
        headline: The headline as the source has it.
        outlet: Outlet or host; "" where it is not known.

    Returns:
        The headline alone.

    Example:
        >>> cut_suffix("Talks fail - BBC News", "bbc.co.uk"), cut_suffix("Talks fail - Putin", "bbc.co.uk")
        ('Talks fail', 'Talks fail - Putin')
    """
    found = _OUTLET_SUFFIX.fullmatch(headline)
    if found is None:
        return headline
    before, sign, name = found.groups()
    labels = outlet.lower().strip().split(".")
    while len(labels) > 1 and (labels[-1] in _PUBLIC or len(labels[-1]) == 2):
        labels.pop()
    known, words = re.sub(r"\W", "", labels[-1]).removeprefix("the"), [re.sub(r"\W", "", word) for word in name.lower().split()]
    is_outlet = any("".join(words[:n]).removeprefix("the") == known and _DESKS.issuperset(words[n:]) for n in range(1, 5))
    is_name = _ADDRESS.fullmatch(name) or (sign == "|" and _MASTHEAD.fullmatch(name))
    return before if is_name or (known and is_outlet) else headline


@lru_cache(maxsize=1000)
def split_paragraphs(text: str) -> Sequence[Span]:
    r"""Find the paragraphs: separated by blank lines, or by every line break in a text that has a line too long to be wrapped by hand.

    Args:
        text: Any text.

    Returns:
        Start and end of each, in order, without the white space around it.

    Example:
        >>> split_paragraphs("One.\n\nTwo.")
        [(0, 4), (6, 10)]
    """
    breaks = _LINE_BREAK if "\n" in text and _LONG_LINE.search(text) else _PARAGRAPH_BREAK
    edges = [len(text) - len(text.lstrip()), *(edge for gap in breaks.finditer(text.rstrip()) for edge in gap.span()), len(text.rstrip())]
    return [(start, start + len(text[start:end].rstrip())) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
