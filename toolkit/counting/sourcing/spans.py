"""Find in parsed sentences who says what: for every cue its source and its content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.counting.sourcing.cues import Cue, read_cues, read_list
from toolkit.counting.sourcing.parses import Parse

Span = tuple[int, int]

_WORDLIKE = re.compile(r"\w")
_OBJECTS = ("dobj", "oprd", "xcomp", "ccomp", "prep", "acomp", "dative", "advcl", "npadvmod")
_TOPICS = frozenset("about of for against as to on with at over".split())
_RELATIVE = frozenset(("WP", "WDT"))


@dataclass(frozen=True)
class Draft:
    """Who says what, before types and actors: the place of its sentence, spans in the text, the kind of its cue."""

    place: int
    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    kind: str
    via: int | None = None


@dataclass(frozen=True)
class Sentence:
    """A sentence with its parse, in the text of its article."""

    text: str
    place: int
    start: int
    end: int
    parse: Parse
    quotations: Sequence[Span]

    def span(self, tokens: set[int] | Sequence[int]) -> Span:
        """From the first to the last of some tokens."""
        return self.start + self.parse.starts[min(tokens)], self.start + self.parse.ends[max(tokens)]

    def word(self, token: int) -> str:
        """A token in small letters."""
        return self.text[self.start + self.parse.starts[token] : self.start + self.parse.ends[token]].lower()

    def is_quoted(self, token: int) -> bool:
        """Whether a token is inside a quotation."""
        at = self.start + self.parse.starts[token]
        return any(start <= at < end for start, end in self.quotations)


def find_drafts(sentence: Sentence) -> Iterator[Draft]:
    """Find the cues of one sentence with their sources and contents."""
    verbs, parse = read_cues("verbs"), sentence.parse
    for token, tag in enumerate(parse.tags):
        if tag[:2] != "VB" or parse.relations[token] in ("aux", "auxpass") or sentence.is_quoted(token):
            if sentence.word(token) == "according":
                draft = _read_according(sentence, token)
                if draft is not None:
                    yield draft
            continue
        if sentence.word(token) == "according":
            draft = _read_according(sentence, token)
            if draft is not None:
                yield draft
            continue
        for cue in verbs.get(sentence.word(token), ()):
            content = _find_content(sentence, token, cue)
            if content is None:
                continue
            source = _find_source(sentence, token)
            particles = [child for child in parse.children[token] if parse.relations[child] == "prt" and child == token + 1]
            runs = _find_runs(sentence, content)
            yield Draft(sentence.place, source, sentence.span([token, *particles]), runs, cue.kind)
            break


def _relations(parse: Parse, token: int, *names: str) -> list[int]:
    return [child for child in parse.children[token] if parse.relations[child] in names]


def _find_content(sentence: Sentence, token: int, cue: Cue) -> set[int] | None:
    """The tokens of what is said; empty where a quotation must give it; None where it is no cue."""
    parse, takes, every = sentence.parse, cue.takes, "any" in cue.takes
    clauses = _relations(parse, token, "ccomp")
    passive = bool(_relations(parse, token, "auxpass")) or bool(_relations(parse, token, "agent"))
    right = [child for child in parse.children[token] if child > token and parse.relations[child] in _OBJECTS]
    objects = _relations(parse, token, "dobj")
    if clauses and (every or "clause" in takes):
        return set().union(*map(parse.find_below, clauses))
    if parse.relations[token] == "parataxis" and not objects and (every or "clause" in takes):
        return parse.find_below(parse.heads[token]) - parse.find_below(token)
    if passive and (every or "object" in takes):
        subject = _relations(parse, token, "nsubjpass")
        tokens = set().union(*map(parse.find_below, [*subject, *(c for c in right if parse.relations[c] in ("xcomp", "oprd", "prep"))]))
        return tokens or None
    if _relations(parse, token, "xcomp") and (every or "to" in takes):
        return set().union(*map(parse.find_below, right))
    if objects and (every or "object" in takes):
        if cue.lemma in read_list("cues")["addresses"]:
            right = [child for child in right if child not in objects]
            right = [c for c in right if parse.relations[c] != "prep" or sentence.word(c) in ("about", "of")]
        return set().union(*map(parse.find_below, right)) if right else (set() if every else None)
    topics = [c for c in right if parse.relations[c] == "prep" and sentence.word(c) in (_TOPICS if every else takes)]
    if topics and not (every and sentence.quotations and sentence.word(topics[0]) not in ("about", "of", "to")):
        return set().union(*map(parse.find_below, topics))
    if every or "clause" in takes:
        return set()
    return None


def _find_source(sentence: Sentence, token: int) -> Span | None:
    """The source of a verb: its agent or subject, or the subject of the verb it hangs on."""
    parse, seen = sentence.parse, set()
    at = token
    agents = [pobj for agent in _relations(parse, token, "agent") for pobj in _relations(parse, agent, "pobj")]
    if agents:
        return _cut_phrase(sentence, agents[0], token)
    if _relations(parse, token, "auxpass", "nsubjpass"):
        return None
    while at not in seen:
        seen.add(at)
        subjects = _relations(parse, at, "nsubj") or (_relations(parse, at, "nsubjpass") if at != token else [])
        if subjects:
            return _cut_phrase(sentence, subjects[-1], token)
        if _relations(parse, at, "expl"):
            return None
        relation, head = parse.relations[at], parse.heads[at]
        if relation == "acl" or relation == "relcl":
            return _cut_phrase(sentence, head, token) if parse.tags[token] != "VBN" else None
        if relation in ("conj", "xcomp", "advcl", "pcomp", "prep", "ccomp", "dep", "parataxis"):
            at = head
        else:
            return None
    return None


def _cut_phrase(sentence: Sentence, head: int, cue: int) -> Span | None:
    """The noun phrase of a head, without what belongs to the cue."""
    parse = sentence.parse
    if parse.relations[head] == "expl":
        return None
    tokens = parse.find_below(head)
    if cue in tokens:
        tokens -= parse.find_below(_climb(parse, cue, head))
        tokens = {t for t in tokens if t < cue} if cue > head else tokens
    tokens = {t for t in tokens if parse.relations[t] != "punct" or any(u > t for u in tokens) and any(u < t for u in tokens)}
    while tokens and not _WORDLIKE.search(sentence.word(max(tokens))):
        tokens.discard(max(tokens))
    while tokens and not _WORDLIKE.search(sentence.word(min(tokens))):
        tokens.discard(min(tokens))
    return sentence.span(tokens) if tokens else None


def _climb(parse: Parse, token: int, top: int) -> int:
    """The token right below `top` on the way up from `token`."""
    while parse.heads[token] != top and parse.heads[token] != token:
        token = parse.heads[token]
    return token


def _read_according(sentence: Sentence, token: int) -> Draft | None:
    """`According to X, …`: X is the source, the clause around it the content."""
    parse = sentence.parse
    to = [c for c in parse.children[token] if sentence.word(c) == "to"]
    objects = [o for t in to for o in _relations(parse, t, "pobj")]
    if not objects:
        return None
    own = parse.find_below(token)
    content = parse.find_below(parse.heads[token]) - own
    source = _cut_phrase(sentence, objects[0], token)
    return Draft(sentence.place, source, sentence.span([token, *to[:1]]), _find_runs(sentence, content), "neutral")


def _find_runs(sentence: Sentence, tokens: set[int]) -> tuple[Span, ...]:
    """The stretches that tokens make, those without a word left out."""
    runs: list[list[int]] = []
    for token in sorted(tokens):
        if runs and not any(_WORDLIKE.search(sentence.word(t)) for t in range(runs[-1][-1] + 1, token)):
            runs[-1].append(token)
        else:
            runs.append([token])
    spans = []
    for run in runs:
        words = [t for t in run if _WORDLIKE.search(sentence.word(t))]
        if words:
            spans.append(sentence.span(run))
    return tuple(spans)


def settle_quotations(text: str, drafts: list[Draft], sentences: Sequence[Sentence | None], bounds: Sequence[tuple[int, int, int]], quotations: Sequence[Span]) -> list[Draft]:
    """Give every quotation to a draft. bounds: paragraph, start, end of each sentence."""
    drafts = list(drafts)
    for quotation in quotations:
        start, end = quotation
        places = [p for p, (_, first, last) in enumerate(bounds) if first < end and last > start]
        if not places:
            continue
        near = [n for n, d in enumerate(drafts) if d.place in places and d.cue is not None]
        over = [n for n in near if any(a < end and b > start for a, b in drafts[n].content)]
        if over:
            n = min(over, key=lambda n: _distance(drafts[n].cue, quotation))
            drafts[n] = replace(drafts[n], content=_merge(text, [*drafts[n].content, quotation]))
            continue
        near = [n for n in near if not drafts[n].content] or near
        if near:
            n = min(near, key=lambda n: _distance(drafts[n].cue, quotation))
            drafts[n] = replace(drafts[n], content=_merge(text, [*drafts[n].content, quotation]))
            continue
        before = [n for n, d in enumerate(drafts) if d.place < places[0] and d.cue and bounds[d.place][0] == bounds[places[0]][0]]
        if before:
            n = max(before, key=lambda n: max([e for _, e in drafts[n].content] + [drafts[n].cue[1]]))
            drafts[n] = replace(drafts[n], content=_merge(text, [*drafts[n].content, quotation]))
            continue
        gap = [n for n, d in enumerate(drafts) if d.content and not _WORDLIKE.search(text[d.content[-1][1]:start]) and d.content[-1][1] <= start]
        colon = [n for n, d in enumerate(drafts) if d.place == places[0] - 1 and text[bounds[d.place][2] - 1] == ":"]
        if gap or colon:
            n = (gap or colon)[-1]
            drafts[n] = replace(drafts[n], content=_merge(text, [*drafts[n].content, quotation]))
    return [d for d in drafts if d.content]


def _distance(a: Span, b: Span) -> int:
    return max(a[0] - b[1], b[0] - a[1], 0)


def _merge(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join spans that overlap or have no word between them; keep at most two, closing the smallest gaps."""
    out: list[Span] = []
    for a, b in sorted(spans):
        if out and (a <= out[-1][1] or not _WORDLIKE.search(text[out[-1][1] : a])):
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    while len(out) > 2:
        k = min(range(len(out) - 1), key=lambda k: out[k + 1][0] - out[k][1])
        out[k : k + 2] = [(out[k][0], out[k + 1][1])]
    return tuple(out)
