"""Find in a parsed sentence who says what: for every cue its source and its content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit.counting.sourcing.cues import Cue, read_cues, read_list
from toolkit.counting.sourcing.parses import Parse

Span = tuple[int, int]

HAS_WORD = re.compile(r"[^\W_]")
_COMPLEMENTS = ("dobj", "oprd", "xcomp", "ccomp", "prep", "acomp", "dative", "advcl")
_TOPICS = frozenset("about of for against as to on with at over".split())
_CLAUSES = frozenset("ROOT ccomp advcl relcl parataxis conj pcomp".split())
_CLIMBS = frozenset("conj xcomp advcl pcomp prep ccomp dep parataxis".split())  # where a verb has the subject of what it hangs on


@dataclass(frozen=True)
class Draft:
    """Who says what, before quotations, actors and types: spans in the text; `stands_for` is what a relative pronoun as source means."""

    place: int  # of its sentence in the article
    cue: Span | None
    kind: str
    source: Span | None
    content: tuple[Span, ...]
    stands_for: Span | None = None


@dataclass(frozen=True)
class Sentence:
    """A parsed sentence in the text of its article."""

    text: str
    place: int
    start: int
    parse: Parse
    quotations: Sequence[Span]

    @cached_property
    def words(self) -> Sequence[str]:
        """The tokens in small letters."""
        return [self.text[self.start + a : self.start + b].lower() for a, b in zip(self.parse.starts, self.parse.ends, strict=True)]

    def is_quoted(self, token: int) -> bool:
        """Whether a token is inside a quotation."""
        return any(start <= self.start + self.parse.starts[token] < end for start, end in self.quotations)

    def below(self, token: int, *relations: str) -> list[int]:
        """The tokens right below a token, in some relations to it."""
        return [child for child in self.parse.children[token] if self.parse.relations[child] in relations]

    def span(self, tokens: Iterable[int]) -> Span | None:
        """From the first to the last word among some tokens."""
        words = [token for token in tokens if HAS_WORD.search(self.words[token])]
        return (self.start + self.parse.starts[min(words)], self.start + self.parse.ends[max(words)]) if words else None

    def runs(self, tokens: set[int]) -> tuple[Span, ...]:
        """The stretches some tokens make, cut where a word is left out; without the `that` before a clause."""
        runs: list[list[int]] = [[]]
        for token, word in enumerate(self.words):
            if token in tokens and not (word == "that" and self.parse.relations[token] == "mark" and not runs[-1]):
                runs[-1].append(token)
            elif runs[-1] and HAS_WORD.search(word):
                runs.append([])
        return tuple(span for run in runs if (span := self.span(run)) is not None)


def find_drafts(sentence: Sentence) -> Iterator[Draft]:
    """Find the cues of a sentence outside its quotations, each with source and content; no content where a quotation must give it."""
    found: dict[int, Draft] = {}
    asides: dict[int, tuple[list[int], list[int]]] = {}
    for token, tag in enumerate(sentence.parse.tags):
        if sentence.is_quoted(token):
            continue
        cue_and_source = _read_aside(sentence, token)
        if cue_and_source is not None:
            asides[token] = cue_and_source
        else:
            part = {"V": "verbs", "N": "nouns", "R": "adverbs"}.get(tag[:1], "")
            cues = read_cues(part).get(sentence.words[token], ()) if part else ()
            draft = next(filter(None, (_READERS[part](sentence, token, cue) for cue in cues)), None)
            if draft is not None:
                found[token] = draft
    yield from found.values()
    for token, (cue, source) in asides.items():
        content = _find_around(sentence, token, asides, found)
        phrase = _find_phrase(sentence, source[0], token)
        yield Draft(sentence.place, sentence.span(cue), "neutral", phrase, content)


def _read_aside(sentence: Sentence, token: int) -> tuple[list[int], list[int]] | None:
    """Cue and source of what gives the clause around it to a source: `according to X`, `as reported by X`, `citing X`."""
    word, parse = sentence.words[token], sentence.parse
    if word == "according":
        to = [child for child in parse.children[token] if sentence.words[child] == "to"]
        source = [child for place in to for child in sentence.below(place, "pobj")]
        return ([token, *to], source) if source else None
    if word in read_list("cues")["citing"]:
        source = sentence.below(token, "dobj")
        return ([token], source) if source and parse.relations[token] in ("advcl", "acl", "prep", "dep") else None
    mark = [child for child in sentence.below(token, "mark", "advmod", "prep") if child < token and sentence.words[child] == "as"]
    agent = sentence.below(token, "agent") if mark else []
    source = [child for place in agent for child in sentence.below(place, "pobj")]
    return ([*mark, token, *agent], source) if source and sentence.words[token] in read_cues("verbs") else None


def _find_around(sentence: Sentence, token: int, asides: Mapping[int, object], found: Mapping[int, Draft]) -> tuple[Span, ...]:
    """The content of an aside: what the verb beside it gives to its source, or the clause it stands in, without other asides."""
    parse, head = sentence.parse, sentence.parse.heads[token]
    if sentence.words[token] in read_list("cues")["citing"] and head in found:
        return found[head].content
    if sentence.words[token] != "according" and head in found:  # its clause is somebody else's statement already
        return sentence.runs(_find_nearest_phrase(sentence, token))
    while parse.relations[head] not in _CLAUSES and parse.heads[head] != head:
        head = parse.heads[head]
    return sentence.runs(parse.find_below(head).difference(*map(parse.find_below, asides)))


def _find_nearest_phrase(sentence: Sentence, token: int) -> set[int]:
    """The noun phrase that ends before an aside: `…, extensive demands for ammunition, as underscored by X`."""
    first = min(sentence.parse.find_below(token))
    last = max((place for place in range(first) if HAS_WORD.search(sentence.words[place])), default=None)
    best = set() if last is None else {last}
    while last is not None and sentence.parse.heads[last] != last:
        tokens = {place for place in sentence.parse.find_below(last) if place < first}
        if sentence.parse.tags[last].startswith("VB") or any(sentence.words[place] == "," for place in tokens):
            break
        best = tokens if sentence.parse.tags[last].startswith("N") else best
        last = sentence.parse.heads[last]
    return best


def _read_verb(sentence: Sentence, token: int, cue: Cue) -> Draft | None:
    """Source and content of a verb, if it is a cue where it stands."""
    parse = sentence.parse
    if parse.relations[token] in ("aux", "auxpass", "amod", "compound"):
        return None
    is_purpose = parse.relations[token] in ("advcl", "acl", "relcl") and any(sentence.words[child] == "to" for child in sentence.below(token, "aux"))
    content = None if is_purpose and not sentence.below(token, "nsubj") else _find_content(sentence, token, cue)
    if content is None:
        return None
    source, stands_for = _find_source(sentence, token)
    is_passive = bool(sentence.below(token, "auxpass"))
    phrase = None if source is None else _find_phrase(sentence, source, token)
    meant = None if stands_for is None else _find_phrase(sentence, stands_for, token)
    particles = [child for child in sentence.below(token, "prt") if child == token + 1]
    kind = "hearsay" if is_passive and phrase is None else cue.kind
    return Draft(sentence.place, sentence.span([token, *particles]), kind, phrase, sentence.runs(content), meant)


def _find_content(sentence: Sentence, token: int, cue: Cue) -> set[int] | None:
    """The tokens of what is said; none where a quotation must give it; None where the verb is no cue."""
    parse = sentence.parse
    after = [child for child in sentence.below(token, *_COMPLEMENTS) if child > token and _read_aside(sentence, child) is None]
    objects, clauses = sentence.below(token, "dobj"), sentence.below(token, "ccomp")
    if clauses and cue.fits("clause"):
        return set[int]().union(*map(parse.find_below, clauses))
    if parse.relations[token] == "parataxis" and not objects and cue.fits("clause"):
        return parse.find_below(parse.heads[token]) - parse.find_below(token)
    if sentence.below(token, "auxpass", "agent"):
        if not cue.fits("object") or any(sentence.below(child, "pcomp") for child in sentence.below(token, "prep")):
            return None  # was quoted as saying: "saying" is the cue
        after = [child for child in after if parse.relations[child] in ("xcomp", "oprd", "prep")]
        return set[int]().union(*map(parse.find_below, [*sentence.below(token, "nsubjpass"), *after])) or None
    if sentence.below(token, "xcomp") and cue.fits("to"):
        return set[int]().union(*map(parse.find_below, after))
    if objects and cue.fits("object"):
        if cue.lemma in read_list("cues")["addresses"]:
            after = [child for child in after if sentence.words[child] in ("about", "of")]
        return set[int]().union(*map(parse.find_below, after))
    topics = [child for child in after if parse.relations[child] == "prep" and cue.fits(sentence.words[child]) and sentence.words[child] in _TOPICS]
    if topics and (not sentence.quotations or sentence.words[topics[0]] in ("about", "of", "to")):
        return set[int]().union(*map(parse.find_below, topics))
    return set() if cue.fits("clause") else None


def _find_source(sentence: Sentence, token: int) -> tuple[int | None, int | None]:
    """The head of the source of a verb, and what it stands for if it is a relative pronoun: agent, subject, or subject of what it hangs on."""
    parse, at = sentence.parse, token
    agents = [child for agent in sentence.below(token, "agent") for child in sentence.below(agent, "pobj")]
    if agents or sentence.below(token, "auxpass", "nsubjpass"):
        return (agents[0] if agents else None), None
    for _ in parse.heads:  # a tree is no deeper than it has tokens
        subjects = sentence.below(at, "nsubj") or (sentence.below(at, "nsubjpass") if at != token else [])
        relation, head = parse.relations[at], parse.heads[at]
        if subjects:
            is_relative = relation == "relcl" and parse.tags[subjects[-1]] in ("WP", "WDT")
            return subjects[-1], head if is_relative else None
        if relation in ("acl", "relcl"):
            return (head if parse.tags[token] != "VBN" else None), None
        if relation not in _CLIMBS or sentence.below(at, "expl"):
            break
        at = head
    return None, None


def _find_phrase(sentence: Sentence, head: int, cue: int) -> Span | None:
    """The noun phrase of a head, without the cue's own part of it and without a clause after a comma."""
    parse = sentence.parse
    tokens = parse.find_below(head)
    if cue in tokens:
        tokens = {token for token in tokens if token < cue} if cue > head else tokens - parse.find_below(cue)
    for child in sentence.below(head, "acl", "relcl"):
        first = min(parse.find_below(child))
        if first > head and sentence.words[first - 1] == ",":
            tokens -= parse.find_below(child)
    return sentence.span(tokens)


def _read_noun(sentence: Sentence, token: int, cue: Cue) -> Draft | None:
    """Source and content of a noun: `his claim that …`, `criticism of X by Y`, `the belief among Z that …`."""
    parse = sentence.parse
    clauses = [child for child in sentence.below(token, "acl", "ccomp", "relcl") if sentence.below(child, "mark") and cue.fits("clause")]
    if not clauses:
        clauses = [child for child in sentence.below(token, "acl") if cue.fits("to") and any(sentence.words[c] == "to" for c in sentence.below(child, "aux"))]
    prepositions = sentence.below(token, "prep")
    content = clauses or [child for child in prepositions if sentence.words[child] in cue.takes]
    owners = sentence.below(token, "poss") + [
        owner
        for child in prepositions
        if child not in content and sentence.words[child] in ("by", "from", "among", "of")
        for owner in sentence.below(child, "pobj")
    ]
    if not content or not (owners or clauses):
        return None
    source = _find_phrase(sentence, owners[0], token) if owners else None
    return Draft(sentence.place, sentence.span([token]), cue.kind, source, sentence.runs(set[int]().union(*map(parse.find_below, content))))


def _read_adverb(sentence: Sentence, token: int, cue: Cue) -> Draft:
    """The clause around an adverb such as `reportedly`, which leaves open who says it."""
    tokens = sentence.parse.find_below(sentence.parse.heads[token]) - {token}
    return Draft(sentence.place, sentence.span([token]), cue.kind, None, sentence.runs(tokens))


_READERS = {"verbs": _read_verb, "nouns": _read_noun, "adverbs": _read_adverb}
