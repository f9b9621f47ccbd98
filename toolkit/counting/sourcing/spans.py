"""Find in a parsed sentence who says what: for every cue its source and its content."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from toolkit.counting.lists import read_list
from toolkit.counting.sourcing.cues import Cue, read_cues
from toolkit.counting.sourcing.parses import Parse
from toolkit.parsing import find_quotations
from toolkit.parsing.words import WORD

Span = tuple[int, int]

HAS_WORD = re.compile(r"[^\W_]")
_SPOKEN = 4  # words: a shorter quotation without a stop or comma at its end is a word in quotation marks, not somebody's sentence
_COMPLEMENTS = ("dobj", "oprd", "xcomp", "ccomp", "prep", "acomp", "dative", "advcl")
_TOPICS = frozenset("about of for against as to on with at over".split())
_CLAUSES = frozenset("ROOT ccomp advcl relcl parataxis conj pcomp".split())
_CLIMBS = frozenset("conj xcomp advcl pcomp prep ccomp dep parataxis".split())  # where a verb has the subject of what it hangs on


class Line(NamedTuple):
    """A sentence that is searched, in its article."""

    sentence: int
    paragraph: int
    start: int
    end: int


class Named(NamedTuple):
    """An actor mentioned: where, which entry, of which type ("" where not known)."""

    start: int
    end: int
    entry: str
    type: str


@dataclass(frozen=True)
class Page:
    """What is looked at of an article."""

    original: str
    outlet: str
    lines: Sequence[Line]
    named: Sequence[Named]

    @cached_property
    def text(self) -> str:
        """The text with quotation marks in place of pairs of apostrophes and of backticks; offsets stay."""
        if "''" not in self.original:
            return self.original
        return re.sub(r"(?<=[\w.,?!])''(?!')", '" ', re.sub(r"(?:(?<!')''|``)(?=\w)", ' "', self.original))

    @cached_property
    def quotations(self) -> Sequence[Span]:
        """The quotations that are somebody's sentences, not words held at arm's length."""
        return [
            (start, end)
            for start, end, depth, goes_on in find_quotations(self.text)
            if depth == 0 and end - start > 3
            if goes_on or self.text[end - 2] in ",.?!" or len(WORD.findall(self.text, start, end)) >= _SPOKEN
        ]


@dataclass(frozen=True)
class Draft:
    """Who says what, before quotations, actors and types: spans in the text; `stands_for` is what a relative pronoun as source means."""

    place: int  # of its sentence in the article
    cue: Span
    kind: str
    source: Span | None
    content: tuple[Span, ...]
    stands_for: Span | None = None


def overlaps(spans: Sequence[Span], others: Sequence[Span]) -> bool:
    """Whether any of some spans overlaps any of others."""
    return any(start < last and end > first for start, end in spans for first, last in others)


@dataclass(frozen=True)
class Sentence:
    """A parsed sentence of an article, and its place there."""

    page: Page
    place: int
    parse: Parse

    @cached_property
    def tokens(self) -> Sequence[Span]:
        """Where the tokens stand in the article."""
        first = self.page.lines[self.place].start
        return [(first + start, first + end) for start, end in zip(self.parse.starts, self.parse.ends, strict=True)]

    @cached_property
    def words(self) -> Sequence[str]:
        """The tokens in small letters."""
        return [self.page.text[start:end].lower() for start, end in self.tokens]

    @cached_property
    def quotations(self) -> Sequence[Span]:
        """The quotations that begin, end or go on in it."""
        line = self.page.lines[self.place]
        return [span for span in self.page.quotations if overlaps([span], [(line.start, line.end)])]

    @cached_property
    def quoted(self) -> frozenset[int]:
        """The tokens inside a quotation."""
        return frozenset(token for a, b in self.quotations for token, (start, _) in enumerate(self.tokens) if a <= start < b)

    def below(self, token: int, *relations: str, words: Iterable[str] = ()) -> list[int]:
        """The tokens right below a token, in some relations to it, or among some words."""
        return [c for c in self.parse.children[token] if self.parse.relations[c] in relations and (not words or self.words[c] in words)]

    def span(self, tokens: Iterable[int]) -> Span:
        """From the first to the last word among some tokens."""
        words = [token for token in tokens if HAS_WORD.search(self.words[token])] or [0]
        return self.tokens[min(words)][0], self.tokens[max(words)][1]

    @cached_property
    def cited(self) -> set[int]:
        """What stands after `citing` and the like: who says it, not what is said."""
        citing = [token for token, word in enumerate(self.words) if word in read_list("cues")["citing"] and self.below(token, "dobj")]
        return self.parse.find_below(*citing)

    def runs(self, tokens: set[int]) -> tuple[Span, ...]:
        """The stretches some tokens make, cut where a word is left out; without the `that` before a clause."""
        tokens, runs = tokens - self.cited, list[list[int]]([[]])
        for token, word in enumerate(self.words):
            if token in tokens and (runs[-1] or word != "that" or self.parse.relations[token] != "mark"):
                runs[-1].append(token)
            elif runs[-1] and HAS_WORD.search(word):
                runs.append([])
        return tuple(self.span(run) for run in runs if any(HAS_WORD.search(self.words[token]) for token in run))


def find_drafts(sentence: Sentence) -> Iterator[Draft]:
    """Find the cues of a sentence outside its quotations, each with source and content; no content where a quotation must give it."""
    found: dict[int, Draft] = {}
    asides: dict[int, tuple[list[int], list[int]]] = {}
    others = {"according", *read_list("cues")["citing"], *read_list("cues")["hearsay"]}
    readers = {"V": (read_cues("verbs"), _read_verb), "N": (read_cues("nouns"), _read_noun)}
    for token, (word, tag) in enumerate(zip(sentence.words, sentence.parse.tags, strict=True)):
        cues, read = readers.get(tag[:1], ({}, _read_noun))
        if token in sentence.quoted or not (word in cues or word in others):
            continue
        aside = _read_aside(sentence, token)
        if aside is not None:
            asides[token] = aside
        else:
            found.update((token, draft) for cue in cues.get(word, ())[::-1] if (draft := read(sentence, token, cue)) is not None)
    yield from found.values()
    for token, (cue, source) in asides.items():
        who = ("neutral", _find_phrase(sentence, source[0], token)) if source else ("hearsay", None)
        yield Draft(sentence.place, sentence.span(cue), *who, _find_around(sentence, token, asides, found))


def _read_aside(sentence: Sentence, token: int) -> tuple[list[int], list[int]] | None:
    """Cue and source of what gives the clause around it to a source: `according to X`, `citing X`, `as reported by X`, `reportedly`."""
    word, relation = sentence.words[token], sentence.parse.relations[token]
    if word in read_list("cues")["hearsay"]:
        return [token], []
    if word in read_list("cues")["citing"]:
        source = sentence.below(token, "dobj")
        return ([token], source) if source and relation in ("advcl", "acl", "prep", "dep") else None
    before = [token] if word == "according" else sentence.below(token, "mark", "advmod", "prep", words=["as"])
    links = sentence.below(token, "prep", "agent", "dep", words=["to"] if word == "according" else ["by"]) if before else []
    source = [child for link in links for child in sentence.below(link, "pobj")]
    return ([*before, token, *links], source) if source and (word == "according" or word in read_cues("verbs")) else None


def _find_around(sentence: Sentence, token: int, asides: Mapping[int, object], found: Mapping[int, Draft]) -> tuple[Span, ...]:
    """The content of an aside: what the verb beside it gives to its source, else the clause it stands in, without other asides.

    `The ministry urged restraint, with calls for talks, as stressed by X`: X's is the phrase before, as the clause is the ministry's.
    """
    parse, head, word = sentence.parse, sentence.parse.heads[token], sentence.words[token]
    if head in found and word in read_list("cues")["citing"]:
        return found[head].content
    if head in found and word in read_cues("verbs"):
        noun = last = max((place for place in range(min(parse.find_below(token))) if parse.tags[place] not in (",", ":")), default=token)
        while not parse.tags[last].startswith("VB") and parse.heads[last] != last:
            noun, last = (last if parse.tags[last].startswith("N") else noun), parse.heads[last]
        return sentence.runs({place for place in parse.find_below(noun) if place < token})
    while parse.relations[head] not in _CLAUSES and parse.heads[head] != head:
        head = parse.heads[head]
    return sentence.runs(parse.find_below(head) - parse.find_below(*asides))


def _read_verb(sentence: Sentence, token: int, cue: Cue) -> Draft | None:
    """Source and content of a verb, if it is a cue where it stands; an infinitive of purpose (he came to ask) is none."""
    relation = sentence.parse.relations[token]
    is_infinitive = sentence.below(token, "aux", words=["to"]) and not sentence.below(token, "nsubj")
    is_within = relation == "xcomp" and sentence.words[sentence.parse.heads[token]] in read_cues("verbs")  # declined to comment
    is_purpose = is_infinitive and (is_within or relation in ("advcl", "acl", "relcl"))
    content = None if is_purpose or relation in ("aux", "auxpass", "amod", "compound") else _find_content(sentence, token, cue)
    if content is None:
        return None
    source, stands_for = (None if head is None else _find_phrase(sentence, head, token) for head in _find_source(sentence, token))
    if cue.kind == "hearsay":  # it seems, X appears to: what seems is part of what is said, and nobody says it
        source, stands_for, content = None, None, content | sentence.parse.find_below(*sentence.below(token, "nsubj"))
    kind = "hearsay" if source is None and sentence.below(token, "auxpass") else cue.kind
    cue_span = sentence.span([token, *(child for child in sentence.below(token, "prt") if child == token + 1)])
    return Draft(sentence.place, cue_span, kind, source, sentence.runs(content), stands_for)


def _find_content(sentence: Sentence, token: int, cue: Cue) -> set[int] | None:
    """The tokens of what is said; none where a quotation must give it; None where the verb is no cue."""
    parse = sentence.parse
    after = [c for c in sentence.below(token, *_COMPLEMENTS) if c > token and _read_aside(sentence, c) is None]
    objects, clauses = sentence.below(token, "dobj"), sentence.below(token, "ccomp")
    topics = [c for c in after if parse.relations[c] == "prep" and sentence.words[c] in _TOPICS and cue.fits(sentence.words[c])]
    if clauses and cue.fits("clause"):
        return parse.find_below(*clauses)
    if parse.relations[token] == "parataxis" and not objects and cue.fits("clause"):
        return parse.find_below(parse.heads[token]) - parse.find_below(token)
    if sentence.below(token, "auxpass", "agent"):
        if not cue.fits("object") or any(sentence.below(child, "pcomp") for child in sentence.below(token, "prep")):
            return None  # was quoted as saying: "saying" is the cue
        return parse.find_below(*sentence.below(token, "nsubjpass"), *(c for c in after if parse.relations[c] != "advcl")) or None
    if objects and cue.fits("object") and cue.lemma in read_list("cues")["addresses"] and not sentence.below(token, "xcomp"):
        return parse.find_below(*(child for child in topics if sentence.words[child] in ("about", "of")))
    if (sentence.below(token, "xcomp") and cue.fits("to")) or (objects and cue.fits("object")):
        return parse.find_below(*after)
    if topics and (not sentence.quotations or sentence.words[topics[0]] in ("about", "of", "to")):
        return parse.find_below(*topics)
    return set() if cue.fits("clause") else None


def _find_source(sentence: Sentence, token: int) -> tuple[int | None, int | None]:
    """The head of a verb's source, and what that stands for if it is a relative pronoun: agent, subject, or subject of what it hangs on."""
    parse, at = sentence.parse, token
    agents = [child for agent in sentence.below(token, "agent") for child in sentence.below(agent, "pobj")]
    if agents or sentence.below(token, "auxpass", "nsubjpass"):
        return (agents[0] if agents else None), None
    for _ in parse.heads:  # a tree is no deeper than it has tokens
        relation, head = parse.relations[at], parse.heads[at]
        subjects = sentence.below(at, "nsubj") or (sentence.below(at, "nsubjpass") if at != token else [])
        if subjects:
            return subjects[-1], head if relation == "relcl" and parse.tags[subjects[-1]] in ("WP", "WDT") else None
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
    for clause in map(parse.find_below, sentence.below(head, "acl", "relcl")):
        tokens -= clause if min(clause) > head and sentence.words[min(clause) - 1] == "," else set()
    return sentence.span(tokens)


def _read_noun(sentence: Sentence, token: int, cue: Cue) -> Draft | None:
    """Source and content of a noun: `his claim that …`, `criticism of X by Y`, `the belief among Z that …`."""
    below = sentence.below(token, "acl", "ccomp", "relcl")
    marks, particles = cue.fits("clause"), cue.fits("to")
    clauses = [c for c in below if (marks and sentence.below(c, "mark")) or (particles and sentence.below(c, "aux", words=["to"]))]
    content = clauses or sentence.below(token, "prep", words=cue.takes)
    links = [c for c in sentence.below(token, "prep", words=["by", "from", "among", "of"]) if c not in content]
    owners = sentence.below(token, "poss") + [child for link in links for child in sentence.below(link, "pobj")]
    is_within = sentence.parse.relations[token] == "dobj" and sentence.words[sentence.parse.heads[token]] in read_cues("verbs")
    if not content or not (owners or (clauses and not is_within)):  # denied plans to …: the plans are what is denied
        return None
    source = _find_phrase(sentence, owners[0], token) if owners else None
    return Draft(sentence.place, sentence.span([token]), cue.kind, source, sentence.runs(sentence.parse.find_below(*content)))
