"""Find what in an article is no running text of the story: headline, repeats, dateline, credits, boilerplate. Nothing is cut out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import pandas as pd

from toolkit.parsing.boilerplate import find_boilerplate_pieces

Span = tuple[int, int]
Part = tuple[int, int, str, str]  # start, end, part, step ("" for the headline itself)

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_BREAK = re.compile(r"\n\s*")
_LONG_LINE = re.compile(r"[^\n]{121}")

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2}(?:,\s\d{4})?[.,]?"
_NO_PLACE = "LIVE|WATCH|UPDATE|EXCLUSIVE|BREAKING|VIDEO|ANALYSIS|OPINION|EDITORIAL|NATO"
_PLACE = rf"(?!(?:{_NO_PLACE})\b)[A-ZÀ-Þ][A-ZÀ-Þ.'’/ -]{{2,40}}(?:,\s(?!{_MONTH})[\w.' -]{{2,30}}?){{0,2}}"
_NAME = r"[A-Z][\w'’.-]+(?:\s[A-Z][\w'’.-]+){0,2}"
_DATELINE = re.compile(
    rf"""
      (?:(?P<place1>{_PLACE})(?:\s/[\w ]+/|\s\([\w ]+\))?(?:,\s)?)?(?:{_MONTH})?\s*   # MOSCOW, February 7. /TASS/.   WASHINGTON (Reuters) -
      (?P<credit1>(?:/(?:TASS|PRNewswire)\s?/\.?|\((?:AP|AFP|Reuters|dpa|Xinhua|UPI|CNN|Variety\.com)\))(?:\s*[-–—]+(?=\s))?)
    | (?P<place2>{_PLACE})(?:,\s{_MONTH})?\s*(?:[–—]|--|(?<=\s)-)(?=\s*["“'‘]?[A-ZÀ-Þ0-9])   # SEOUL–A   RALEIGH, N.C. — The
    | (?P<place3>{_NAME},\s{_NAME})\s[-–—]+(?=\s["“]?[A-Z]|(?<=--)[A-Z])   # Geneva, Switzerland - The
    | (?P<place4>{_NAME}(?:,\s{_NAME})?)\s?(?P<credit4>\(CNN\))   # Washington (CNN)
    """,
    re.VERBOSE,
)

_SHORTEST_REPEAT = 25  # characters of a standfirst; shorter paragraphs ("Yes.") stand twice by chance


def find_parts(
    text: str,
    headline: str,
    paragraphs: Sequence[Span],
    *,
    learned: frozenset[str] = frozenset(),
    without: frozenset[str] = frozenset(),
) -> list[Part]:
    r"""Find the spans of a text that are no running text of the story, so that they are not split into sentences.

    Args:
        text: The text of an article.
        headline: Its headline, as it stands at the start of the text; "" for none.
        paragraphs: Start and end of its paragraphs, in order.
        learned: Lines of its outlet that were learned to be boilerplate, white space collapsed.
        without: Steps of `toolkit.parsing.steps.STEPS` not to take.

    Returns:
        Start, end, part and step ("" for the headline itself) of each, in order, without overlap, each inside one paragraph.

    Source: our choice; `STEPS` says what each step is for.

    Example:
        >>> text = "Talks fail\n\nKYIV (AP) - Talks failed. View Comments"
        >>> [(text[start:end], part, step) for start, end, part, step in find_parts(text, "Talks fail", split_paragraphs(text))]
        [('Talks fail', 'headline', ''), ('KYIV', 'dateline', 'dateline'), ('(AP) -', 'boilerplate', 'wire slug'),
         ('View Comments', 'boilerplate', 'known boilerplate')]
    """
    has_headline = bool(headline and paragraphs) and text[slice(*paragraphs[0])] == headline
    found: list[Part] = [(*paragraphs[0], "headline", "")] if has_headline else []
    if has_headline and "repeated headline" not in without:
        found += _find_repeats(text, headline, paragraphs)
    if has_headline and "repeated standfirst" not in without:
        found += _find_standfirst(text, paragraphs)
    found += [part for part in _find_dateline(text, headline if has_headline else "", paragraphs) if part[3] not in without]
    if "known boilerplate" not in without:
        found += [(start, end, "boilerplate", "known boilerplate") for start, end in find_boilerplate_pieces(text)]
    kept: list[Part] = []
    for part in sorted(found):
        if (not kept or part[0] >= kept[-1][1]) and _is_inside(part[0], part[1], paragraphs):
            kept.append(part)
    return kept


def _find_repeats(text: str, headline: str, paragraphs: Sequence[Span]) -> Iterator[Part]:
    """Find the headline where it stands again: as a paragraph, or at the start of one."""
    at = text.find(headline, paragraphs[0][1])
    while at >= 0:
        number, end = bisect_left(paragraphs, (at, 0)), at + len(headline)
        if number < len(paragraphs) and paragraphs[number][0] == at:
            if end == paragraphs[number][1] or (len(headline) >= _SHORTEST_REPEAT and text[end].isspace()):
                yield at, end, "boilerplate", "repeated headline"
        at = text.find(headline, end)


def _find_standfirst(text: str, paragraphs: Sequence[Span]) -> Iterator[Part]:
    """Find the first of the two paragraphs after the headline that stands again later."""
    for start, end in paragraphs[1:3]:
        if end - start >= _SHORTEST_REPEAT and text.find(text[start:end], end) >= 0:
            yield start, end, "boilerplate", "repeated standfirst"
            return


def _find_dateline(text: str, headline: str, paragraphs: Sequence[Span]) -> Iterator[Part]:
    """Find the dateline and the wire slug in or after it."""
    dateline = _match_dateline(text, headline, paragraphs)
    if dateline is None:
        return
    credit = dateline.start("credit1") if dateline["credit1"] else dateline.start("credit4") if dateline["credit4"] else dateline.end()
    for start, end, part, step in (
        (dateline.start(), credit, "dateline", "dateline"),
        (credit, dateline.end(), "boilerplate", "wire slug"),
    ):
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
        headline: Its headline, as it stands at the start of the text; "" for none.

    Returns:
        The place as it stands, or "".

    Source: our choice.

    Example:
        >>> find_dateline("MOSCOW, February 7. /TASS/. It snows.", "")
        'MOSCOW'
    """
    found = _match_dateline(text, headline, split_paragraphs(text))
    return "" if found is None else _place(found)


def _match_dateline(text: str, headline: str, paragraphs: Sequence[Span]) -> re.Match[str] | None:
    """Match the dateline in one of the first paragraphs: the headline, its repeat and a standfirst may stand before it."""
    for start, end in paragraphs[:4]:
        found = _DATELINE.match(text, start, end)
        if found is not None and text[start:end] != headline:
            return found
    return None


def _place(found: re.Match[str]) -> str:
    """The place in a matched dateline."""
    return (found["place1"] or found["place2"] or found["place3"] or found["place4"] or "").strip(" ,")


def list_learned(boilerplate: pd.DataFrame | None) -> dict[str | None, frozenset[str]]:
    """List the learned lines of each outlet; those of articles without an outlet stand under None.

    Args:
        boilerplate: Table Boilerplate; None for none.

    Returns:
        The lines by outlet.

    Source: our choice.

    Example:
        >>> from toolkit.tables import make_table
        >>> columns = {"outlet": ["a.example"], "line": ["Go on."], "n_articles": [9], "n_outlet_articles": [9]}
        >>> list_learned(make_table("Boilerplate", columns))
        {'a.example': frozenset({'Go on.'})}
    """
    if boilerplate is None:
        return {}
    return {
        outlet if isinstance(outlet, str) else None: frozenset(lines)
        for outlet, lines in boilerplate.groupby("outlet", dropna=False)["line"]
    }


def split_paragraphs(text: str) -> list[Span]:
    r"""Find the paragraphs: parted by blank lines, or by every line break in a text that has a line too long to be wrapped by hand.

    Args:
        text: Any text.

    Returns:
        Start and end of each, in order, without the white space around it.

    Source: our choice; of 120 characters a line, no newsroom wraps by hand.

    Example:
        >>> split_paragraphs("One.\n\nTwo.")
        [(0, 4), (6, 10)]
    """
    breaks = _LINE_BREAK if "\n" in text and _LONG_LINE.search(text) else _PARAGRAPH_BREAK
    edges = [len(text) - len(text.lstrip()), *(edge for gap in breaks.finditer(text.rstrip()) for edge in gap.span()), len(text.rstrip())]
    return [(start, start + len(text[start:end].rstrip())) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
