"""Give every quotation, and what stands after a label, to the statement it belongs to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from toolkit.counting.lists import read_list
from toolkit.counting.sourcing.sources import find_type
from toolkit.counting.sourcing.spans import HAS_WORD, Draft, Page, Span, overlaps

_NAMES = r"[A-Z][\w.'’-]*(?:\s(?:[A-Z][\w.'’-]*|of|the|de|al|van|von))*"
_BEFORE = re.compile(rf"((?:[A-Z][\w.'’-]*\s)+{_NAMES}|[A-Z][\w'’-]+(?=\s*:))[^.:;,]{{0,30}}:\s*$")  # Here is Ann Bo in May: “We …”
_AFTER = re.compile(rf"\s*[-–—]\s*({_NAMES})")  # “We …” — Ann Bo
_WHOLE = 6  # words: a quotation without a cue that is shorter is more often a title than a statement
_LABEL = re.compile(r"([A-Z][^\s:]*(?:\s[^\s:]+){0,4}):\s+(?=\S)")


def find_labelled(page: Page, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Find labels before a colon at the start of a paragraph (`Umerov: …`, `Poll: …`) that are sources, and what stands after them.

    A label is one when it is in capitals, when the article names it as a source elsewhere too, or when it is a document, body or official.

    Args:
        page: The article.
        drafts: What was found in it.

    Yields:
        Drafts; the content runs to the end of the paragraph.
    """
    text, known = page.text, {page.text[slice(*draft.source)].rpartition(" ")[2] for draft in drafts if draft.source}
    ends = {line.paragraph: line.end for line in page.lines}
    for place, line in enumerate(page.lines):
        is_first, end = place == 0 or page.lines[place - 1].paragraph != line.paragraph, ends[line.paragraph]
        label = _LABEL.match(text, line.start, end) if is_first else None
        if label is None or compile_phrases("labels").fullmatch(label[1]) or any(overlaps([draft.cue], [label.span()]) for draft in drafts):
            continue
        is_known = label[1].isupper() or label[1].rpartition(" ")[2] in known
        if is_known or find_type(label[1]) in ("document or data", "official body", "unnamed official"):
            yield Draft(place, (label.end(1), label.end(1) + 1), "neutral", label.span(1), ((label.end(), end),))


def settle_quotations(page: Page, drafts: Sequence[Draft]) -> list[Draft]:
    """Give every quotation to a draft; leave out the drafts that then have no content.

    It goes to the nearest cue in its sentences: one whose content it overlaps, else one that waits for content, else any. In a sentence
    without a cue it goes on with the statement before it: the last in its paragraph, or one that ends where it begins.

    Args:
        page: The article.
        drafts: Who says what.

    Returns:
        The drafts with content, in at most two pieces.
    """
    settled, text, lines = list(drafts), page.text, page.lines
    for start, end in page.quotations:
        places = [place for place, line in enumerate(lines) if line.start < end and line.end > start]
        near = [number for number, draft in enumerate(settled) if draft.place in places]
        over = [number for number in near if overlaps(settled[number].content, [(start, end)])]
        near = over or [number for number in near if not settled[number].content] or near
        chosen = min(near, key=lambda number: max(settled[number].cue[0] - end, start - settled[number].cue[1]), default=None)
        if chosen is None and places:
            ends = {number: max(b for _, b in (*d.content, d.cue)) for number, d in enumerate(settled) if d.place < places[0]}
            same = [number for number in ends if lines[settled[number].place].paragraph == lines[places[0]].paragraph]
            joining = [number for number in ends if ends[number] <= start and not HAS_WORD.search(text, ends[number], start)]
            chosen = max(same or joining, key=lambda number: ends[number], default=None)
        if chosen is None and places and len(text[start:end].split()) >= _WHOLE:
            speaker = _BEFORE.search(text, lines[places[0]].start, start) or _AFTER.match(text, end)
            settled.append(Draft(places[0], (start, start), "neutral", speaker.span(1) if speaker else None, ((start, end),)))
        elif chosen is not None:
            settled[chosen] = replace(settled[chosen], content=(*settled[chosen].content, (start, end)))
    return [replace(draft, content=_join(text, draft.content)) for draft in settled if draft.content]


def _join(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join spans with no word between them; of more than two, those with the smallest gap."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and (start <= joined[-1][1] or not HAS_WORD.search(text, joined[-1][1], start)):
            start, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((start, end))
    while len(joined) > 2:
        place = min(range(len(joined) - 1), key=lambda place: joined[place + 1][0] - joined[place][1])
        joined[place : place + 2] = [(joined[place][0], joined[place + 1][1])]
    return tuple(joined)


@cache
def compile_phrases(name: str) -> re.Pattern[str]:
    """Compile a list of phrases."""
    return re.compile("|".join(map(re.escape, read_list("source-types")[name])), re.IGNORECASE)
