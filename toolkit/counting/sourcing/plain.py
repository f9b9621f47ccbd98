"""Find who says what without a model: by the words around a cue. It loses infinitives, objects, nouns, asides and long phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from toolkit.counting.sourcing.cues import read_cues
from toolkit.counting.sourcing.spans import Draft, Span

_KINDS = ("neutral", "stance", "cognition")
_WORD = re.compile(r"[^\W\d_]+")
_NAME = r"(?:(?:[A-Z][\w.'’-]*|of|the|a|an|de|al|bin|von|for|and)\s+){0,8}[A-Z][\w'’-]*"
_COMMON = r"(?:[Tt]he|[Aa]n?|[Ss]ome|[Hh]is|[Hh]er|[Tt]heir|[Mm]any|[Oo]ne)\s(?:[\w'’-]+\s){0,5}?[\w'’-]+"
_PHRASE = rf"(?:{_NAME}|{_COMMON}|[Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Ww]ho|[a-z]{{3,}}s)"
_BEFORE = re.compile(
    rf"(?:^|[\s\"“”—(])({_PHRASE}(?:,\s[^,“”\"]{{2,80}},)?)\s+(?:(?:has|have|had|is|was|also|later|then|not|never|\w+ly)\s+)*$"
)
_AFTER = re.compile(rf"\s+({_NAME}|he|she|they|(?:the|a|an)\s(?:[\w'’-]+\s){{0,3}}[\w'’-]+)")
_CONTENT = re.compile(r"(?!that\b)\b\w(?:.*\w)?", re.DOTALL)
_ACCORDING = re.compile(r"\b[Aa]ccording to ([^,;.“”\"]+)")


def find_plain_drafts(text: str, bounds: Sequence[tuple[int, int, int]], quotations: Sequence[Span]) -> Iterator[Draft]:
    """Find cues that take a clause or a quotation, with the phrase before (or, after a quotation, behind) as source.

    The content is the rest of the sentence, or what stands before a tag at its end (`…, police said`).

    Args:
        text: The text of the article.
        bounds: Paragraph, start and end of each sentence that is searched.
        quotations: Its quotations.

    Yields:
        Drafts, in order; without content where a quotation must give it.
    """
    verbs = read_cues("verbs")
    for place, (_, start, end) in enumerate(bounds):
        inside = [(max(a, start), min(b, end)) for a, b in quotations if a < end and b > start]
        done = start
        for found in _ACCORDING.finditer(text, start, end):
            content = tuple(
                said.span() for edges in ((start, found.start()), (found.end(), end)) if (said := _CONTENT.search(text, *edges))
            )
            yield Draft(place, (found.start(), found.start(1) - 1), "neutral", found.span(1), content)
            done = end
        for word in _WORD.finditer(text, start, end):
            cue = next((c for c in verbs.get(word[0].lower(), ()) if c.fits("clause") and c.kind in _KINDS), None)
            if cue is None or not word[0].islower() or word.start() < done or any(a <= word.start() < b for a, b in inside):
                continue
            left = max([done, *(b for _, b in inside if b <= word.start())])
            before, after = _BEFORE.search(text[left : word.start()]), None
            if before is None and text[: word.start()].rstrip()[-1:] in '"”’,':
                after = _AFTER.match(text, word.end(), end)
            source = (left + before.start(1), left + before.end(1)) if before else after.span(1) if after else None
            if source is None:
                continue
            rest = (after.end() if after else word.end(), end)
            tag = text[start : source[0]].rstrip().endswith(",") and len(text[slice(*rest)].split()) < 6
            spoken = any(b <= word.start() or a >= word.end() for a, b in inside)
            said = None if spoken and inside else _CONTENT.search(text, *((start, source[0]) if tag else rest))
            content = (said.span(),) if said else ()
            yield Draft(place, word.span(), cue.kind, source, content)
            done = rest[1] if not inside else word.end()
