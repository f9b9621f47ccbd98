"""Identify the sources of an article: names, actors and types, by rules and by the lists and patterns of `counting/data`."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from toolkit.counting.lists import read_list, read_regex
from toolkit.counting.sourcing.cues import inflect
from toolkit.counting.sourcing.pages import Draft, Named, Page, Span, find_range, overlaps

_NEAR, _FAR = 5, 500  # attributions around one, in which it may be nested; characters back, from which a quotation may reach a pronoun
_HEAD = 400  # characters, in which headlines and summaries are: roles without an article there are told by name further down
_BODIES = ("media", "named organisation", "document or data", "official body")


class Source(NamedTuple):
    """The identity of a source; "" if undecided or unknown."""

    name: str = ""
    entry: str = ""
    type: str = ""


def cut_core(phrase: str) -> str:
    """Cut a phrase to its core: no determiner, apposition, relative clause or preposition; what is counted, if something is counted.

    Example:
        >>> cut_core("the Ukrainian Defense Ministry"), cut_core("two of the officials, who asked not to be named")
        ('Ukrainian Defense Ministry', 'officials')
    """
    rest = read_regex("determiner").sub("", phrase)
    held = read_regex("held").match(rest)
    edge = read_regex("edge").search(rest, held.end() if held else 0)
    core = rest[: edge.start("cut")] if edge else rest
    if edge and edge["cut"].strip() in ("of", "among") and core.lower().rpartition(" ")[2] in _read_words("counts"):
        return cut_core(rest[edge.end() :])
    return read_regex("possessive").sub("", core.strip(" \"“”'‘’"))


def find_type(phrase: str, entry_type: str = "") -> str:
    """Find the type of a source from its own words and the type of the actor that it names.

    Args:
        phrase: The source; not a pronoun.
        entry_type: Type of the actor that its core names, if that is an entry of a codebook.

    Returns:
        A type; "" where a noun is on no list and does not look like a person or persons.

    Example:
        >>> find_type("people familiar with the talks"), find_type("Ann Bo, a nurse"), find_type("a spokesman for the ministry")
        ('unnamed other', 'named person', 'official body')
    """
    words = read_regex("word").findall(core := cut_core(phrase))
    if not words or entry_type == "person" or read_regex("held").match(core):
        return "named person" if words else ""
    if re.sub("^[ae]l-", "", words[-1])[0].islower() or not (words[-1][0].isalpha() or entry_type) or core.lower() in _read_words("plain"):
        return _find_plain_type(phrase, core, words[-1])
    head = re.split(r"\s(?:of|for|at)\s", core)[0].rpartition(" ")[2].lower().replace(".", "")
    names, called = ("media_names", "media", "document", "official", "organisation"), (read_regex("called").search(core) or ("", ""))[1]
    asked = [(core, ("whole", "firms", *names[3:])), (" ".join(core.split()[-2:]), names[3:]), (head, names), (called, names[4:])]
    listed = next((found for word, lists in asked if (found := _find_listed(lists, word.lower()))), "")
    if listed or entry_type:
        return listed or str(read_list("source-types")["entries"][entry_type])
    # Residents; not: Bishop
    is_plural = len(words) == 1 and head.endswith(("s", "men")) and head in _read_words("person") | _read_words("people")
    if not phrase.lower().startswith(("a ", "an ")) and (is_plural or _find_listed(("crowd", "officer", "person"), head)):
        return _find_plain_type(phrase, core, head)
    return "named organisation" if read_regex("body").match(phrase) and words[0].lower() not in _read_words("titles") else "named person"


def _find_plain_type(phrase: str, core: str, head: str) -> str:
    """The type of a phrase whose head is no name: no person is named in it, and of bodies those it points to (`the company`)."""
    last, is_plural = head.lower(), head.endswith(("s", "men", "people")) and not head.endswith("ss")
    if last in _read_words("speakers"):
        whose = re.search(r"\s(?:for|of|at)\s(.+)", phrase)
        kind, is_some = find_type(whose[1] if whose else core.rpartition(" ")[0]), is_plural and read_regex("some").match(phrase)
        if kind in _BODIES and not is_some:
            return kind
        return "unnamed official" if last.startswith("spoke") else "crowd" if is_plural and not is_some else "unnamed other"
    names = ("media", "document", "official", "organisation", "officer", "person", "crowd")
    listed = _find_listed(names, " ".join(core.lower().split()[-2:])) or _find_listed(names, last)  # news agency; agency
    if last in _read_words("reports") and find_type(core.rpartition(" ")[0]) == "media":
        return "media"
    if last in _read_words("plain") and not read_regex("determiner").match(phrase):  # firms; not: the firms
        return "crowd"
    is_person = last in _read_words("person") | _read_words("people") or read_regex("agents" if is_plural else "agent").search(last)
    if (listed == "crowd" or (is_person and not listed)) and read_regex("few").search(phrase):
        return "unnamed other"
    return listed or ("unnamed other" if is_person and not is_plural else "crowd" if is_person or not last[0].isalpha() else "")


def _find_listed(names: Sequence[str], word: str) -> str:
    """The type whose list has a word; persons in the plural are a crowd unless listed."""
    found = next((name for name in names if word in _read_words(name, plurals=name != "person")), "")
    return str(read_list("source-types")["types"].get(found, ""))


@cache
def _read_words(name: str, *, plurals: bool = True) -> frozenset[str]:
    """Read a list, with plurals."""
    return frozenset(form for word in read_list("source-types")[name] for form in (word, *(inflect(word, "nouns") if plurals else ())))


def name_sources(page: Page, draft: Draft) -> Iterator[Draft]:
    """Find who a phrase names: next to a role (`his adviser, Ann Cole`) the name, and each of several (`France and Germany`).

    Args:
        page: The article.
        draft: A statement; its source may be a pronoun, or nobody.

    Yields:
        The draft, once for each of its sources; `stands_for` is the part of the phrase that says who it is.
    """
    start, end = draft.stands_for or draft.source or (0, 0)
    end = start + first.end() if (first := read_regex("first").match(page.text[start:end])) else end
    beside = read_regex("name_beside").match(page.text[start:end])
    if beside and (cut_core(beside["role"]).isalpha() or find_type(beside["role"]) not in ("named person", "named organisation")):
        start, end = start + beside.start("name"), start + beside.end("name")
    elif (behind := read_regex("behind").match(page.text[start:end])) and _is_role(behind["role"], behind["noun"], behind["name"]):
        start, end = start + behind.start("name"), start + behind.end("name")
    end = others.end() if (others := read_regex("beside others").match(page.text, end, draft.cue[0])) else end
    cuts = [cut.span() for cut in read_regex("together").finditer(page.text, start, end) if not page.find_named(*cut.span())]
    edges = [start, *(edge for cut in cuts for edge in cut), end]
    parts = list(zip(edges[::2], edges[1::2], strict=True))
    cores = [_find_core(page, part) for part in parts]
    name = read_regex("name or two" if any(actor for *_, actor in cores) else "two_names")  # McCain, Graham and Schumer
    parts = parts if all(name.search(core) or (actor and core[:1].isupper()) for core, _, actor in cores) else [(start, end)]
    for part in parts:
        source = part if len(parts) > 1 and draft.stands_for is None else draft.source
        yield draft._replace(source=source, stands_for=part if draft.source else None)


def _is_role(role: str, noun: str, name: str) -> bool:
    """Whether what stands before a name without a comma is a person's role: `envoy to the UN Ann Bo`; not: `head of Human Rights Watch`."""
    bodies, persons = ("official", "organisation", "media"), ("officer", "person", "people")
    if any(_find_listed(bodies, word.lower()) for word in name.split()):
        return False
    if any(noun.lower() in _read_words(name) for name in persons):  # not: a spokesman for minister Ann Bo
        head = cut_core(read_regex("of state").sub("", role)).rpartition(" ")[2].lower()
        return head == noun.lower() or not any(head in _read_words(name) for name in persons)
    return find_type(role).startswith("unnamed") and bool(_find_listed(bodies, noun.lower()) or read_regex("seat").search(role))


def _find_core(page: Page, span: Span) -> tuple[str, int, Named | None]:
    """The core of a phrase, where it ends, and the actor that it ends with."""
    core = cut_core(phrase := page.text[slice(*span)])
    end = span[0] + max(phrase.find(core), 0) + len(core)
    return core, end, next((named for named in page.find_named(*span) if named.end == end), None)


def resolve_sources(page: Page, drafts: Sequence[Draft]) -> list[Source]:
    """Resolve the source of every draft, in the order of the text.

    A name or phrase is its own; a surname takes the full name the text gives before it. `He` and `she` are the last person who was a
    source in this paragraph or the one before, if no other person is named since and no title (Mr., Mrs.) speaks against it; if another
    is named, it is undecided who of them, but a named person. `They` and `it` are the last source there that is no single person; `who`
    is what it is next to. Else it is undecided.

    Args:
        page: The article. Its outlet, or `we` outside quotations, is the article itself.
        drafts: Who says what, in order.

    Returns:
        One source per draft.
    """
    pronouns, resolved, handed = read_list("source-types")["pronouns"], list[Source](), dict[int, int]()
    is_interview = page.text.count("?") > 2 and len(read_regex("question").findall(page.text)) > 2  # `I` is who answers
    is_interview = is_interview or read_regex("speech").search(page.text) is not None
    last = dict[str, tuple[int, int, Source]]()  # who each pronoun may be: its paragraph, where it ends, who it is
    for draft in drafts:
        span, paragraph = draft.stands_for or draft.source, page.lines[draft.place].paragraph
        phrase = page.text[slice(*span)] if span else ""
        kind = next((kind for kind, words in pronouns.items() if phrase.lower() in words), "") if phrase != "US" else ""
        is_cited = is_interview or bool(span and read_regex("opened").search(page.text, max(0, span[1] - _FAR), span[1]))
        is_cited = is_cited or read_regex("tweet").search(page.text, *page.lines[draft.place][:2]) is not None
        near = range(max(0, len(resolved) - _NEAR), min(len(drafts), len(resolved) + _NEAR)) if kind == "self" else ()  # he said we must go
        handed |= {len(resolved): at for at in near if drafts[at].source and overlaps([draft.cue], drafts[at].content)}
        own = "named person" if is_cited else "none" if kind == "you" else "self"  # whoever is interviewed or tweets has a name
        source = Source(type="none" if span is None else own if kind in ("self", "you") else "")
        if span and kind in ("he", "she", "they", "it"):
            where, start, who = last.get(kind, (-2, 0, Source()))
            if where < paragraph - 1:
                start, who = page.lines[bisect_left(page.lines, paragraph - 1, key=lambda line: line.paragraph)].start, Source()
            source = _resolve_pronoun(page, kind, start, span[0], who)
        elif span and not kind:
            source = _read_source(page, span)
        if not (source.type or kind) and draft.cue != span and read_regex("thing").match(phrase):
            source = Source(type="none")
        many = source.type.startswith("unnamed") and cut_core(phrase).endswith(("s", "men", "people"))
        heirs = read_list("source-types")["antecedents"].get("crowd" if many else source.type, ())
        last |= dict.fromkeys(heirs, (paragraph, span[1] if span else 0, source))
        resolved.append(source)
    return [resolved[handed.get(number, number)] for number in range(len(resolved))]


def _resolve_pronoun(page: Page, kind: str, start: int, end: int, who: Source) -> Source:
    """The referent of a pronoun: the source before it if no other person is named in between; otherwise the only person named there."""
    title = read_regex("title").match(who.name)
    if kind in ("they", "it") or (title and (title[1] in ("Mr", "Sir", "Lord")) == (kind == "she")):
        return who if kind in ("they", "it") else Source()
    near, names = page.find_named(start, end), {page.people[at][2] for at in find_range(page.people, start, end)}
    them = {m.entry: Source(page.text[m.start : m.end], m.entry) for m in near if m.type == "person" and m.entry != who.entry}
    them |= {name: Source(name) for name in sorted(names) if name.split()[-1] not in who.name.split()}
    return (next(iter(them.values())) if not who.type and len(them) == 1 else Source())._replace(type="named person") if them else who


def _read_source(page: Page, span: Span) -> Source:
    """The source that a name or phrase refers to."""
    lead = page.text[slice(*span)].partition(" and ")[0]  # of several, the first tells the kind
    is_kind = find_type(lead) not in ("", "named person") or read_regex("short_name").fullmatch(lead)
    if (is_kind or read_regex("two_names").search(cut_core(lead))) and not page.find_named(span[0] + len(lead), span[0] + len(lead) + 5):
        span = (span[0], span[0] + len(lead))
    phrase, (core, end, actor) = page.text[slice(*span)], _find_core(page, span)
    host = max((page.outlet.removeprefix("www.").rpartition(".")[0] or page.outlet).lower().split("."), key=len)  # bbc of bbc.co.uk
    is_own = read_regex("outlet").sub("", phrase.lower()) == read_regex("outlet").sub("", host)  # ABC News is abcnews
    if is_own or re.match(r"this (?:news)?paper|this reporter", phrase.lower()):
        return Source(type="self")
    inside, types = page.find_named(*span), read_list("source-types")["entries"]
    type = find_type(phrase, actor.type if actor else "")
    type = "named person" if type == "named organisation" and core == phrase and core in page.full_names else type  # Rob Ford, Ford
    if type == "named person" and actor is None and core.isalnum() and page.text[span[1] : span[1] + 1] != ":":  # not: BO: The bridge …
        is_common = re.search(rf"\b{low}\b", page.text) if (low := core.lower()) in page.text else read_regex("agents").search(core)
        type = "named organisation" if read_regex("short_name").fullmatch(core) else type
        plain = _find_plain_type(phrase, core, core) or "none" * (not core.endswith("s"))
        type = plain if is_common and core not in page.full_names else type
    if type != "named person":  # whoever is named in the phrase of a person is somebody else: Putin's spokesman
        actor = actor or next((m for m in inside[::-1] if m.end <= end and types.get(m.type) == type in _BODIES[:2]), None)
    if actor is None and type in ("official body", "unnamed official"):  # Ukrainian officials: the state they serve
        actor = next((m for m in inside if m.type in ("state", "people", "organisation")), None)
    head = core.rpartition(" ")[2].lower()
    borne = page.bearers.get(head) if read_regex("definite").match(phrase) else None
    is_bare = span[0] < _HEAD and not read_regex("determiner").match(phrase)  # Minister vows …
    is_role = head in _read_words("epithet", plurals=False) or read_regex("expert").search(head) is not None
    is_told = is_role and (is_bare or read_regex("told").match(phrase)) and (page.people or any(one.type == "person" for one in page.named))
    if type != "named person" and (is_told or (borne is not None and type.startswith("unnamed"))):  # whom the article names
        return Source(borne or "", type="named person")
    full = page.full_names.get(read_regex("title").sub("", core).strip(), core)
    return Source(full if type == "named person" else core if core[:1].isupper() or actor else "", actor.entry if actor else "", type)
