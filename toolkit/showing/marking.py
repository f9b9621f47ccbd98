"""Text with mentions marked, whatever overlaps whatever: by kind of underline and a written label, never by colour alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from toolkit.markup import clean_text


@dataclass(frozen=True, order=True)
class Mark:
    """A stretch of text to mark: where, of which kind (actors, frames, language), the label that comes after it, and why it is marked."""

    start: int
    end: int
    kind: str
    label: str = ""
    why: str = ""


def mark_text(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    """Write text[start:end] as HTML, escaped, with its marks.

    Where marks overlap, the text is cut at every edge and each piece carries the kinds that cover it; a label ends its mark.

    Args:
        text: The whole text, in which the offsets count.
        start: Where to begin.
        end: Where to stop.
        marks: In any order; those that lie outside are left out, those that reach out are cut.

    Returns:
        HTML.

    Example:
        >>> mark_text("South Korean arms", 0, 17, [Mark(0, 12, "actors", "KOR"), Mark(13, 17, "frames")])
        '<mark class="fb-actors">South Korean<small class="fb-tag">KOR</small></mark> <mark class="fb-frames">arms</mark>'
    """
    inside = sorted({mark for mark in marks if mark.start < end and mark.end > start})
    edges = sorted({start, end, *(edge for mark in inside for edge in (mark.start, mark.end) if start < edge < end)})
    pieces, covering, waiting = list[str](), list[Mark](), inside[::-1]
    for first, last in pairwise(edges):
        while waiting and waiting[-1].start <= first:
            covering.append(waiting.pop())
        covering = [mark for mark in covering if mark.end >= last]
        tags = [f'<small class="fb-tag">{clean_text(mark.label)}</small>' for mark in covering if mark.label and mark.end == last]
        piece = clean_text(text[first:last]) + "".join(tags)
        for kind in sorted({mark.kind for mark in covering}, reverse=True):
            why = "; ".join(mark.why for mark in covering if mark.kind == kind and mark.why)
            title = f' title="{clean_text(why)}"' if why else ""
            piece = f'<mark class="fb-{clean_text(kind)}"{title}>{piece}</mark>'
        pieces.append(piece)
    return "".join(pieces)
