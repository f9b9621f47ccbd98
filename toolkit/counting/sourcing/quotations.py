"""Give every quotation of an article to the statement it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toolkit.counting.sourcing.spans import HAS_WORD, Draft, Span


def settle_quotations(text: str, drafts: Sequence[Draft], bounds: Sequence[tuple[int, int, int]], quotations: Sequence[Span]) -> list[Draft]:
    """Give quotations to drafts: the nearest cue in their sentences; else the statement before, in the paragraph or over its end."""
    settled = list(drafts)
    for quotation in quotations:
        places = [place for place, (_, start, end) in enumerate(bounds) if start < quotation[1] and end > quotation[0]]
        number = _find_draft(text, settled, bounds, quotation, places) if places else None
        if number is not None:
            settled[number] = replace(settled[number], content=join_spans(text, [*settled[number].content, quotation]))
    return [draft for draft in settled if draft.content]


def _find_draft(text: str, drafts: Sequence[Draft], bounds: Sequence[tuple[int, int, int]], quotation: Span, places: Sequence[int]) -> int | None:
    """The number of the draft that a quotation belongs to."""
    def distance(number: int) -> int:
        cue = drafts[number].cue or quotation
        return max(cue[0] - quotation[1], quotation[0] - cue[1], 0)

    near = [number for number, draft in enumerate(drafts) if draft.place in places and draft.cue is not None]
    over = [number for number in near if any(start < quotation[1] and end > quotation[0] for start, end in drafts[number].content)]
    waiting = [number for number in near if not drafts[number].content]
    for some in (over, waiting, near):
        if some:
            return min(some, key=distance)
    paragraph = bounds[places[0]][0]
    before = [number for number, draft in enumerate(drafts) if draft.place < places[0]]
    same = [number for number in before if bounds[drafts[number].place][0] == paragraph]
    colon = [number for number in before if drafts[number].place == places[0] - 1 and text[bounds[places[0] - 1][2] - 1] == ":"]
    adjoining = [number for number in before if drafts[number].content and not HAS_WORD.search(text, drafts[number].content[-1][1], quotation[0])]
    for some in (same, colon, adjoining):
        if some:
            return max(some, key=lambda number: max(span[1] for span in (*drafts[number].content, drafts[number].cue or (0, 0))))
    return None


def join_spans(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join spans with no word between them; of more than two, those with the smallest gap."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and (start <= joined[-1][1] or not HAS_WORD.search(text, joined[-1][1], start)):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    while len(joined) > 2:
        place = min(range(len(joined) - 1), key=lambda place: joined[place + 1][0] - joined[place][1])
        joined[place : place + 2] = [(joined[place][0], joined[place + 1][1])]
    return tuple(joined)
