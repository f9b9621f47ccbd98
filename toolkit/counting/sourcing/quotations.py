"""Assign every quotation, and every text after a label, to its statement."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from toolkit.counting.lists import read_list, read_regex
from toolkit.counting.sourcing.pages import HAS_WORD, Draft, Page, Span, find_range, overlaps
from toolkit.counting.sourcing.sources import cut_core, find_type
from toolkit.parsing.words import WORD


def find_labelled(page: Page, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Find labels before a colon at the start of a paragraph (`Umerov: …`, `Poll: …`) that are sources, and what comes after them.

    And behind a dash at the end of a headline (`Dams will hold – minister`), with what comes before.

    A label is one when it is in capitals, when the article names it as a source elsewhere too, when it is a document, body or official, or
    when two labels of a paragraph are persons, who take turns.

    Args:
        page: The article.
        drafts: What was found in it.

    Yields:
        Drafts; the content runs to the end of the paragraph.
    """
    text, known = page.text, {page.text[slice(*draft.source)].rpartition(" ")[2] for draft in drafts if draft.source}
    cues, types = sorted(draft.cue for draft in drafts if draft.content), read_list("source-types")["labels"]
    labels = {place: found for place, line in enumerate(page.lines) if (found := read_regex("label").match(text, line.start, line.end))}
    often = Counter(label["who"] for label in labels.values())
    for _, part in groupby(enumerate(page.lines), key=lambda one: one[1].paragraph):
        lines = list(part)
        first, end = lines[0][0], lines[-1][1].end
        turns = [place for place, _ in lines if place in labels and find_type(labels[place]["who"]) in types["turn"]]
        for place, line in lines[::-1]:
            heads = [read_regex(name).match(text, line.start, end) for name in ("headline", "pledge", "tail") if place == first]
            label = labels.get(place) or next(filter(None, heads), None)
            edges = sorted((*label.span("who"), *label.span("mark"))) if label else []
            if not label or read_regex("no_label").fullmatch(label["who"]) or find_range(cues, edges[0], edges[-1]):
                continue
            last = cut_core(label["who"]).rpartition(" ")[2]
            kinds = types["headline" if place == 0 and last in {*WORD.findall(text, end)} else "label"]
            is_known = label["who"].isupper() or last in known or often[label["who"]] > 1 or (len(turns) > 1 and place in turns)
            if is_known or (place == first and find_type(label["who"]) in kinds):
                said = label.span("said") if label.end() == end else (label.start("said"), end)
                yield Draft(place, label.span("mark"), "neutral", label.span("who"), (said,))
                end = page.lines[place - 1].end


def settle_quotations(page: Page, drafts: Sequence[Draft]) -> list[Draft]:
    """Assign every quotation to a draft; remove drafts without content.

    It goes to the nearest cue in its sentences: one whose content it overlaps, else one that waits for content, else any. In a sentence
    without a cue it goes on with the statement before it: the last in its paragraph, or one that ends where it begins.

    Args:
        page: The article.
        drafts: Who says what.

    Returns:
        The drafts with content, in at most two pieces.
    """
    settled, text, lines = sorted(drafts, key=lambda draft: draft.place), page.text, page.lines
    contents, reaches = [list(draft.content) for draft in settled], [max(end for _, end in (*d.content, d.cue)) for d in settled]
    by_place = {place: list(own) for place, own in groupby(range(len(settled)), key=lambda number: settled[number].place)}
    for start, end in [span for span in page.quotations if find_range(lines, *span)]:
        places = find_range(lines, start, end)
        near = [number for place in places for number in by_place.get(place, [])]
        chosen = min(near, key=lambda number: _rank(settled[number], bool(contents[number]), start, end), default=None)
        if chosen is None:
            paragraph = lines[places[0]].paragraph
            back = next((at for at in range(places[0] - 1, -1, -1) if at in by_place or lines[at].paragraph != paragraph), -1)
            # The statement that has a quotation, of several the last
            chosen = max(by_place.get(back, []), key=lambda at: (len(contents[at]) > len(settled[at].content), reaches[at]), default=None)
            if chosen is not None and lines[back].paragraph != paragraph:
                chosen = chosen if reaches[chosen] <= start and not HAS_WORD.search(text, reaches[chosen], start) else None
            if chosen is None and len(text[start:end].split()) > 5:  # words: a shorter one is more often a title
                speaker = read_regex("speaker_before").search(text, lines[max(places[0] - 1, 0)].start, start)
                speaker = speaker or read_regex("speaker_after").match(text, end)
                chosen = len(settled)
                settled.append(Draft(places[0], (start, start), "neutral", speaker.span(1) if speaker else None, ()))
                contents.append([])
                reaches.append(end)
            by_place[places[-1]] = [chosen] if chosen is not None else []
        if chosen is not None:
            contents[chosen].append((start, end))
            reaches[chosen] = max(reaches[chosen], end)
    return [draft._replace(content=_join(text, content)) for draft, content in zip(settled, contents, strict=True) if content]


def _rank(draft: Draft, has_content: bool, start: int, end: int) -> tuple[bool, bool, int]:
    """How far a draft is from a quotation: first whether its content does not overlap it, then whether it has other content."""
    return not overlaps(draft.content, [(start, end)]), has_content, max(draft.cue[0] - end, start - draft.cue[1])


def _join(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join spans with no word between them; of more than two, all but those next to the largest gap."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and (start <= joined[-1][1] or not HAS_WORD.search(text, joined[-1][1], start)):
            start, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((start, end))
    if len(joined) > 2:
        cut = max(range(1, len(joined)), key=lambda at: (joined[at][0] - joined[at - 1][1], at))
        joined = [(joined[0][0], joined[cut - 1][1]), (joined[cut][0], joined[-1][1])]
    return tuple(joined)
