"""Find in a parsed sentence who says what: for every cue its source and its content.

Which words, in which construction, give a statement to a source, is data: `counting/data/cues.yml`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit.counting.lists import read_list, read_regex
from toolkit.counting.sourcing.cues import Cue, read_cues
from toolkit.counting.sourcing.pages import HAS_WORD, Draft, Page, Span, find_range
from toolkit.counting.sourcing.sources import find_type

_Aside = tuple[list[int], list[int]]  # the tokens of its cue, those of its source


@dataclass(frozen=True)
class Sentence:
    """A sentence of an article and its place there, parsed: per token where it is, its head, its relation to it, its part of speech."""

    page: Page
    place: int
    starts: Sequence[int]
    ends: Sequence[int]
    heads: Sequence[int]
    relations: Sequence[str]
    tags: Sequence[str]

    @cached_property
    def children(self) -> Sequence[Sequence[int]]:
        """The tokens right below each token, in order."""
        below: list[list[int]] = [[] for _ in self.heads]
        for token, head in enumerate(self.heads):
            if head != token:
                below[head].append(token)
        return below

    def find_below(self, *tokens: int) -> set[int]:
        """All tokens below some tokens, and these."""
        found = list(tokens)
        for token in found:  # grows while it is walked
            found += self.children[token]
        return set(found)

    @cached_property
    def tokens(self) -> Sequence[Span]:
        """Where the tokens are in the article."""
        first = self.page.lines[self.place].start
        return [(first + start, first + end) for start, end in zip(self.starts, self.ends, strict=True)]

    @cached_property
    def words(self) -> Sequence[str]:
        """The tokens in small letters."""
        return [self.page.text[start:end].lower() for start, end in self.tokens]

    @cached_property
    def quoted(self) -> frozenset[int]:
        """The tokens inside a quotation."""
        return frozenset(at for at, (start, _) in enumerate(self.tokens) if find_range(self.page.quotations, start, start + 1))

    @cached_property
    def asides(self) -> Mapping[int, _Aside]:
        """What gives the clause around it to a source, outside quotations, by token: its cue and its source."""
        return {at: aside for at in range(len(self.words)) if at not in self.quoted and (aside := _read_aside(self, at)) is not None}

    @cached_property
    def returns(self) -> Mapping[int, int]:
        """Verbs in what is said that it does not include, and the verb whose subject they have: X said he won, adding that …."""
        found, lists, cues = dict[int, int](), read_list("cues"), read_cues("verbs")
        for token, (relation, tag) in enumerate(zip(self.relations, self.tags, strict=True)):
            at, up, kinds = token, self.heads[token], {cue.kind for cue in cues.get(self.words[token], ()) if token not in self.quoted}
            has_own = self.below(token, "nsubj", "nsubjpass") or not kinds
            is_added = relation == "advcl" and tag == "VBG" and not self.below(token, "mark")
            is_joined = relation == "conj" and (self.tags[up] == "VB" or not kinds.isdisjoint(lists["added"]))
            is_other = relation == "advcl" and kinds & {"neutral", "stance"} and self.below(token, "mark", words=lists["contrasts"])
            if kinds and (relation == "relcl" or (is_other and has_own)) and self.words[min(self.find_below(token)) - 1] == ",":
                found[token] = token
            while (is_added or is_joined) and not has_own and self.relations[at] in lists["climbs"]:
                if self.relations[at] == "ccomp" and self.words[up] in cues and (is_added or self.tags[up] == tag):
                    found.setdefault(token, up)
                at, up = up, self.heads[up]
        return found

    def below(self, token: int, *relations: str, words: Iterable[str] = ()) -> list[int]:
        """The tokens right below a token, in some relations to it, or among some words."""
        return [c for c in self.children[token] if self.relations[c] in relations and (not words or self.words[c] in words)]

    def span(self, tokens: Iterable[int]) -> Span:
        """From the first to the last word among some tokens."""
        words = [token for token in tokens if HAS_WORD.search(self.words[token])] or [0]
        return self.tokens[min(words)][0], self.tokens[max(words)][1]

    def walk(self, token: int, path: str) -> list[int]:
        """The tokens at the end of a path of relations below a token (`prep:by|from pobj`; behind a colon the words that may be there)."""
        found = [token]
        for relation, _, words in (step.partition(":") for step in path.split()):
            found = [child for one in found for child in self.below(one, relation, words=words.split("|") if words else ())]
        return found

    def runs(self, tokens: set[int]) -> tuple[Span, ...]:
        """The stretches some tokens make, cut where a word is left out; without the `that` before a clause."""
        apart = {at for at in self.asides if self.words[at] in read_list("cues")["asides"]}.union(self.returns)
        tokens, runs = tokens - self.find_below(*(apart & tokens)), list[list[int]]([[]])
        tokens -= {at for at, relation in enumerate(self.relations) if relation == "cc" and at + 1 not in tokens}
        for token, word in enumerate(self.words):
            if token in tokens and (runs[-1] or word != "that" or self.relations[token] != "mark"):
                runs[-1].append(token)
            elif runs[-1] and HAS_WORD.search(word):
                runs.append([])
        return tuple(self.span(run) for run in runs if any(HAS_WORD.search(self.words[token]) for token in run))


def find_drafts(sentence: Sentence) -> Iterator[Draft]:
    """Find the cues of a sentence outside its quotations, each with source and content; no content where a quotation must give it."""
    found = dict[int, Draft]()
    readers = {"V": ("verbs", _read_verb), "N": ("nouns", _read_noun), "J": ("adjectives", _read_noun)}
    for token, (word, tag) in enumerate(zip(sentence.words, sentence.tags, strict=True)):
        is_verb = tag[:1] == "N" and word in read_cues("verbs") and min(len(sentence.below(token, one)) for one in ("nsubj", "ccomp")) > 0
        kind = "V" if is_verb else "J" if sentence.relations[token] == "acomp" else tag[:1]  # records show, is convinced: mistagged
        part, read = readers.get(kind, ("", _read_noun))
        if token not in sentence.quoted and token not in sentence.asides and part:
            found.update((token, draft) for cue in read_cues(part).get(word, ())[::-1] if (draft := read(sentence, token, cue)) is not None)
            if token not in found and tag in ("VBD", "VBZ") and (subject := _find_beside(sentence, token)):
                found[token] = Draft(sentence.place, sentence.span([token]), "neutral", subject, ())
    # Nobody said so; or nobody says it, and it is no more than a pronoun
    told = ((one, one.source or (one.content if len(one.content) == 1 else (one.cue,))[0]) for one in found.values())
    yield from (one for one, span in told if not read_regex("nobody" if one.source else "empty").match(sentence.page.text, *span))
    for token, (cue, source) in sentence.asides.items():
        who = ("neutral", _find_phrase(sentence, source[0], token)) if source else ("hearsay", None)
        yield Draft(sentence.place, sentence.span(cue), *who, _find_around(sentence, token, found))


def _find_beside(sentence: Sentence, token: int) -> Span | None:
    """The subject of a verb, listed or not, if both are right next to a quotation: “We won,” sighed Ann Bo."""
    subject = sentence.find_below(*(sentence.below(token, "nsubj") or sentence.below(token, "dobj")))
    start, end = sentence.span([token, *subject])
    is_beside = read_regex("beside").search(sentence.page.text[max(0, start - 4) : end + 4].replace(sentence.page.text[start:end], "<>"))
    return sentence.span(subject) if subject and is_beside else None


def _read_aside(sentence: Sentence, token: int) -> _Aside | None:
    """Cue and source of what gives the clause around it to a source: `according to X`, `citing X`, `as X put it`, `in the words of X`."""
    lists, word, head = read_list("cues"), sentence.words[token], sentence.heads[token]
    if word in lists["hearsay"]:
        return [token], []
    if word in lists["asides"]:
        said = sentence.page.text[slice(*sentence.span(sentence.find_below(token) - {token}))]
        is_aside = word == "according" or (find_type(said) and (word != "in" or sentence.words[head] not in read_cues("verbs")))
        before, paths = [], lists["asides"][word] if is_aside else []  # citing fears of a flood: a thing is no source
    elif word in lists["views"]:
        before, paths = [head], lists["owners"] if sentence.words[head] == "in" else []
    else:
        before = [c for c in sentence.below(token, "mark", "advmod", "prep", words=["as"]) if c < token and word in read_cues("verbs")]
        lemmas = {cue.lemma for cue in read_cues("verbs").get(word, ())}
        is_whole = "tell" in lemmas or {sentence.words[o] for o in sentence.below(token, "ccomp", "xcomp", "dobj")} <= {"it"}
        paths = [*lists["agents"], *(["nsubj"] if is_whole and not lemmas.isdisjoint(lists["as"]) else [])] if before else []
    source = next((found for path in paths if (found := sentence.walk(token, path))), [])
    source = source[::-1] if "-" in (sentence.words[at] for at in source) else source  # co-founder Ann Bo: three nouns to the parser
    link = sentence.heads[source[0]] if source else token
    return ([token] if link == token else [*before, token, link], source) if source else None


def _find_around(sentence: Sentence, token: int, found: Mapping[int, Draft]) -> tuple[Span, ...]:
    """The content of an aside: what the verb next to it gives to its source, else the clause it is in, without other asides.

    `The ministry urged restraint, with calls for talks, as stressed by X`: X's is the phrase before, as the clause is the ministry's.
    """
    head, word = sentence.heads[token], sentence.words[token]
    if head in found and word in read_list("cues")["asides"] and found[head].content and (head < token or word != "according"):
        return found[head].content
    if head in found and word in read_cues("verbs"):
        noun = last = max((at for at in range(min(sentence.find_below(token))) if sentence.tags[at] not in (",", ":")), default=token)
        while not sentence.tags[last].startswith("VB") and sentence.heads[last] != last:
            noun, last = (last if sentence.tags[last].startswith("N") else noun), sentence.heads[last]
        return sentence.runs({at for at in sentence.find_below(noun) if at < token})
    while sentence.relations[head] not in read_list("cues")["clauses"] and sentence.heads[head] != head:
        head = sentence.heads[head]
    others = sentence.find_below(*sentence.asides).union(*(cue for cue, _ in sentence.asides.values()))
    others |= {sentence.heads[at] for at in sentence.asides if sentence.words[at] in read_list("cues")["views"]}
    return sentence.runs(sentence.find_below(head) - others)


def _read_verb(sentence: Sentence, token: int, cue: Cue) -> Draft | None:
    """Source and content of a verb, if it is a cue where it is; an infinitive of purpose (he came to ask) is none."""
    relation, lists = sentence.relations[token], read_list("cues")
    above = {other.lemma for other in read_cues("verbs").get(sentence.words[sentence.heads[token]], ())}
    is_aim = bool(above) if relation == "xcomp" else relation in ("advcl", "acl", "relcl") and cue.lemma not in lists["aims"]
    # declined to comment, denied saying
    is_aim = is_aim and above.isdisjoint(lists["carriers"]) and ("deny" in above or bool(sentence.below(token, "aux", words=["to"])))
    who, before = _find_source(sentence, token)
    is_order = who is None and relation == "ROOT" and sentence.tags[token] == "VB" and not sentence.below(token, "aux")  # Call a doctor
    is_none = is_aim or is_order or relation in ("aux", "auxpass", "amod", "compound") or _is_act(sentence, token, cue, who)
    content = None if is_none else _find_content(sentence, token, cue)
    behind = [(c, other) for c in sentence.below(token, "xcomp") for other in read_cues("verbs").get(sentence.words[c], ())]
    is_handed_on = cue.lemma in lists["carriers"] and any(_find_content(sentence, c, other) is not None for c, other in behind)
    if content is None or is_handed_on or (who is not None and sentence.words[who] in lists["generic"].get(relation, ())):
        return None
    content -= sentence.find_below(who) if who in content else set()
    source = _find_beside(sentence, token) if who is None or who in sentence.quoted else _find_phrase(sentence, who, token)
    stands_for = None if who is None or before is None else _find_phrase(sentence, before, who)  # a poll that shows: without "that"
    if cue.kind == "hearsay":  # it seems, X appears to: what seems is part of what is said, and nobody says it
        source, stands_for, content = None, None, content | sentence.find_below(*sentence.below(token, "nsubj"))
    is_unsaid = sentence.below(token, "neg") or read_regex("unsaid").search(" ".join(sentence.words[max(0, token - 4) : token]))
    is_denied = cue.kind in ("neutral", "stance") and cue.lemma not in lists["denials"] and is_unsaid
    kind = "hearsay" if source is None and sentence.below(token, "auxpass") else "denied" if is_denied else cue.kind
    cue_span = sentence.span([token, *(child for child in sentence.below(token, "prt") if child == token + 1)])
    return Draft(sentence.place, cue_span, kind, source, sentence.runs(content), stands_for)


def _is_act(sentence: Sentence, token: int, cue: Cue, who: int | None) -> bool:
    """Whether a verb tells what somebody did or is called, and not what is said: gunmen attacked, a dock was offered, a group called."""
    objects, words, relations = sentence.below(token, "dobj"), sentence.words, sentence.relations
    if objects and cue.lemma in read_list("cues")["handed"] and not sentence.below(token, "ccomp"):
        return not any(words[c] in read_cues("nouns") or find_type(words[c]) in ("document or data", "media") for c in objects)
    links = [words[c] if relations[c] in ("prep", "prt", "aux") else relations[c] for c in sentence.children[token]]
    ends = [f"<{words[who] if who is not None else ''}>", *(words[c] for c in (*objects, *sentence.walk(token, "prep pobj")))]
    return read_regex("act").match(" ".join([cue.lemma, sentence.tags[token], relations[token], *links, *ends])) is not None


def _find_content(sentence: Sentence, token: int, cue: Cue) -> set[int] | None:
    """The tokens of what is said; none where a quotation must give it; None where the verb is no cue."""
    lists = read_list("cues")
    objects, clauses, chained, answers, joined = (sentence.below(token, one) for one in ("dobj", "ccomp", "xcomp", "intj", "conj"))
    answers += [c for c in sentence.below(token, "advmod", words=["so"]) if c == token + 1]  # said yes, said so
    after = [c for c in sentence.below(token, *lists["complements"]) if c > token and sentence.words[c] not in lists["times"]] + answers
    topics = [c for c in sentence.below(token, "prep", words=lists["topics"]) if c > token and cue.fits(sentence.words[c])]
    # Not: called on Monday, said at noon
    topics = [c for c in topics if (sentence.words[c] != "at" or "at" in cue.takes) and not sentence.walk(c, f"pobj:{lists['days']}")]
    # What they want, said X, is …
    asked = [c for c in sentence.below(token, "advcl") if c < token and sentence.words[min(sentence.find_below(c))] == "what"]
    # Asked if he won; called for X to go: the parser takes these clauses for conditions and aims
    marks = {"if": cue.lemma == "ask", "whether": cue.lemma == "ask", "for": cue.fits("for")}
    called = [c for c in sentence.below(token, "advcl") for mark in sentence.below(c, "mark") if marks.get(sentence.words[mark])]
    if sentence.below(token, "auxpass", "agent") and any(sentence.tags[c] == "VBG" for c in sentence.walk(token, "prep pcomp")):
        return None  # was quoted as saying: "saying" is the cue
    if called or (clauses and cue.fits("clause")):
        # Said he was ill and would go: the parser joins the second verb to the first
        clauses += [c for c in joined if sentence.below(c, "aux", words=lists["futures"]) and not sentence.below(c, "nsubj")]
        said = sentence.find_below(*asked, *([c for c in (*clauses, *called) if c > token] or clauses or called))
        colon = max((at for at in said if at < token and sentence.words[at] == ":" and at + 1 in sentence.quoted), default=-1)
        return {at for at in said if at > colon}  # he scolded her: “…,” she said
    if sentence.relations[token] == "parataxis" and not (objects and cue.fits("object")) and cue.fits("clause"):
        lent = [c for c in sentence.below(token, "nsubj")[:-1] if c < token] + asked  # The plan, said X, was a farce
        return sentence.find_below(sentence.heads[token]) - sentence.find_below(token) | sentence.find_below(*lent)
    if sentence.below(token, "auxpass", "agent"):
        strays = [stray for agent in sentence.walk(token, "agent pobj") for stray in _find_strays(sentence, agent)]
        return sentence.find_below(*sentence.below(token, "nsubjpass"), *after, *strays) or None if cue.fits("object") else None
    if (chained and cue.fits("to")) or (after and "state" in cue.takes) or ((objects or answers) and cue.fits("object")):
        return sentence.find_below(*after)
    return sentence.find_below(*topics) - set(topics) if topics or (objects and cue.fits("object")) or cue.fits("clause") else None


def _find_source(sentence: Sentence, token: int) -> tuple[int | None, int | None]:
    """The head of a verb's source, and what that stands for if it is a relative pronoun: agent, subject, or subject of what it hangs on."""
    at, agents = sentence.returns.get(token, token), sentence.walk(token, "agent pobj")
    if agents or sentence.below(token, "auxpass", "nsubjpass"):
        return (agents[0] if agents else None), None
    for _ in sentence.heads:  # a tree is no deeper than it has tokens
        relation, head = sentence.relations[at], sentence.heads[at]
        subjects = sentence.below(at, "nsubj") or (sentence.below(at, "nsubjpass") if at != token else [])
        if relation == "pcomp" and sentence.words[head] == "as":  # the paper quoted Ann Bo as saying
            subjects = sentence.below(sentence.heads[head], "dobj") or subjects
        others = [c for c in sentence.below(at, "ccomp") if c > at and sentence.words[c - 1] == ","]  # What they want, said X, is …
        subjects = subjects or [s for c in others for s in sentence.below(c, "nsubj") if min(sentence.find_below(s)) == at + 1]
        if len(subjects) > 1 and sentence.words[min(sentence.find_below(subjects[-1])) - 1] == "as":  # X as well as Y
            return subjects[0], None
        if subjects:  # Ann Bo, a hawk who says: she is the hawk
            head = sentence.heads[head] if sentence.relations[head] == "appos" else head
            return subjects[-1], head if relation == "relcl" and sentence.tags[subjects[-1]] in ("WP", "WDT") else None
        if relation in ("acl", "relcl"):
            return (head if sentence.tags[token] != "VBN" else None), None
        is_asked = relation == "advcl" and sentence.tags[at] == "VBN" and not sentence.below(at, "aux")  # asked about the bridge, she …
        if is_asked or relation not in read_list("cues")["climbs"]:
            break
        at = head
    return None, None


def _find_phrase(sentence: Sentence, head: int, cue: int) -> Span | None:
    """The noun phrase of a head, without the cue's own part of it and without a clause after a comma."""
    joined = [c for c in sentence.below(sentence.heads[head], "nsubj") if c > head]  # X as well as Y
    tokens = {token for token in sentence.find_below(head, *joined) if head > cue or token < cue}
    tokens -= sentence.find_below(cue) if cue in tokens else set()
    tokens -= sentence.find_below(*_find_strays(sentence, head), *sentence.below(head, "preconj", words=["both"]))
    for clause in map(sentence.find_below, sentence.below(head, "acl", "relcl")):
        tokens -= clause if min(clause) > head and sentence.words[min(clause) - 1] == "," else set()
    return sentence.span(tokens)


def _find_strays(sentence: Sentence, head: int) -> list[int]:
    """What the parser hangs on a source and belongs to its verb: condemned by X as a farce, accused by X of lying."""
    return [c for c in sentence.below(head, "prep", words=["as", "of"]) if sentence.words[c] == "as" or sentence.below(c, "pcomp")]


def _read_noun(sentence: Sentence, token: int, cue: Cue) -> Draft | None:
    """Source and content of a noun or adjective: `his claim that …`, `criticism of X by Y`, `raised questions about`, `is sure that`."""
    head, relation, is_adjective = sentence.heads[token], sentence.relations[token], not sentence.tags[token].startswith("N")
    below = sentence.below(token, "acl", "ccomp", "relcl", "xcomp")
    # Made clear that …: the parser may hang the clause on the verb
    near = (*sentence.below(token, "advcl"), *sentence.below(head, "ccomp"))
    below += [c for c in near if c > token and relation in ("oprd", "ccomp", "acomp")]
    clauses = [c for c in below if cue.fits("clause") and (is_adjective or sentence.below(c, "mark"))]
    clauses += [c for c in below if cue.fits("to") and sentence.below(c, "aux", words=["to"])]
    clauses += [c for c in sentence.below(token, "advcl") if cue.fits("for") and sentence.below(c, "mark", words=["for"])]  # to resign
    is_light, holders = sentence.words[head] in read_list("cues")["light"], [token, *[head] * (relation == "dobj")]  # took issue with
    is_light = is_light or (sentence.words[head] == "of" and sentence.words[sentence.heads[head]] in read_list("cues")["be"])  # of the view
    topics = [c for at in holders[: 1 + is_light] for c in sentence.below(at, "prep", words=cue.takes) if not clauses]
    owners = [owner for path in read_list("cues")["owners"] for owner in sentence.walk(token, path) if sentence.heads[owner] not in topics]
    is_part = relation == "dobj" and sentence.words[head] in read_cues("verbs")
    if not owners and (relation == "acomp" or (relation != "nsubj" and is_light)):
        owners = [owner for owner in _find_source(sentence, head)[:1] if owner is not None]
    owners = owners or [head] * (is_adjective and relation == "amod" and head < token)  # Teachers sceptical about …
    # Denied plans to …: the plans are what is denied.
    if not (clauses or topics) or not (owners or "unowned" in cue.takes or (clauses and not is_part and not is_adjective)):
        return None
    is_told = bool(owners) and (cue.lemma != "clear" or sentence.words[owners[0]] != "it")  # it is clear that: nobody says so
    source = _find_phrase(sentence, owners[0], token) if is_told else None
    content = sentence.find_below(*clauses, *topics) - set(topics)
    return Draft(sentence.place, sentence.span([token]), cue.kind, source, sentence.runs(content))
