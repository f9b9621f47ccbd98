"""Say who the sources of an article are: names, actors, types; by stated rules, and lists and patterns of `counting/data`."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from toolkit.counting.lists import read_list, read_regex
from toolkit.counting.sourcing.cues import inflect_noun
from toolkit.counting.sourcing.spans import Draft, Page, Span

_BODIES = ("media", "document or data", "official body", "named organisation")
_PERSONS = ("named person", "unnamed official", "unnamed other")


class Source(NamedTuple):
    """Who a source is; "" where not decided or not known."""

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
    edge = read_regex("edge").search(rest)
    core = rest[: edge.start()] if edge else rest
    if edge and edge[0].strip() in ("of", "among") and core.lower().rpartition(" ")[2] in _read_words("counts"):
        return cut_core(rest[edge.end() :])
    return re.sub(r"['’]s?$", "", core.strip(" \"“”'‘’"))


def find_type(phrase: str, entry_type: str = "") -> str:
    """Say of which type a source is, as far as its own words and the type of the actor it names tell.

    Args:
        phrase: The source; not a pronoun.
        entry_type: Type of the actor that its core names, if that is an entry of a codebook.

    Returns:
        A type; "" where a noun is on no list and does not look like a person or persons.

    Example:
        >>> find_type("people familiar with the talks"), find_type("Ann Bo, a nurse"), find_type("a spokesman for the ministry")
        ('unnamed other', 'named person', 'official body')
    """
    core = cut_core(phrase)
    words = read_regex("word").findall(core)
    if not words:
        return ""
    if words[-1][0].islower() or not words[-1][0].isalpha():
        return _find_plain_type(phrase, core, words[-1])
    head = re.split(r"\s(?:of|for|at)\s", core)[0].rpartition(" ")[2].lower()
    listed = _find_listed(("media_names", "media", "document", "official", "organisation"), head)
    if entry_type == "person" or listed or entry_type:
        return "named person" if entry_type == "person" else listed or read_list("source-types")["entries"][entry_type]
    beside = read_regex("phrase_beside").search(phrase)
    told = find_type(beside[1]) if beside and not read_regex("people").search(beside[1]) else ""
    if told in _BODIES:
        return told
    indefinite, definite = phrase.lower().startswith(("a ", "an ")), phrase.lower().startswith("the ")
    is_name = all(word[0].isupper() and word[-2:-1] not in "'’" for word in words) and not told
    if not indefinite and _find_listed(("crowd", "officer", "person"), head):
        return _find_plain_type(phrase, core, head)
    if is_name and (indefinite or definite) and words[0].lower().rstrip(".") not in _read_words("titles"):
        return "unnamed other" if indefinite else "named organisation"
    return "named person"


def _find_plain_type(phrase: str, core: str, head: str) -> str:
    """The type of a phrase whose head is no name."""
    last, is_plural = head.lower(), head.endswith("s") and not head.endswith("ss")
    if read_regex("name_beside").search(phrase) and not is_plural:
        return "named person"
    if last in _read_words("speakers"):
        whose = re.search(r"\s(?:for|of|at)\s(.+)", phrase)
        kind = find_type(whose[1] if whose else core.rpartition(" ")[0]) if whose or core[:1].isupper() else ""
        return kind if kind in _BODIES else "unnamed official" if last.startswith("spoke") else "unnamed other"
    if phrase[:4].lower() in ("the ", "his ", "her ") and last in _read_words("known", plurals=False):
        return "named person"
    names = ("media", "document", "official", "organisation", "officer", "person", "crowd")
    listed = _find_listed(names, " ".join(core.lower().split()[-2:])) or _find_listed(names, last)  # news agency; agency
    if listed in ("crowd", "") and (read_regex("close").search(phrase) or phrase.lower().startswith("one ")):
        return "unnamed other"
    is_person = last in _read_words("person") | _read_words("people") or read_regex("agents" if is_plural else "agent").search(last)
    return listed or ("crowd" if not last[0].isalpha() or (is_person and is_plural) else "unnamed other" if is_person else "")


def _find_listed(names: Sequence[str], word: str) -> str:
    """The type whose list has a word; persons in the plural are a crowd unless listed."""
    found = next((name for name in names if word in _read_words(name, plurals=name != "person")), "")
    return str(read_list("source-types")["types"].get(found, ""))


@cache
def _read_words(name: str, *, plurals: bool = True) -> frozenset[str]:
    """Read a list, with plurals."""
    words = read_list("source-types")[name]
    return frozenset([*words, *(plural for word in words if plurals for plural in inflect_noun(word))])


def resolve_sources(page: Page, drafts: Sequence[Draft]) -> list[Source]:
    """Resolve the source of every draft, in the order of the text.

    A name or phrase is its own; a surname takes the full name the text gives before it. `He` and `she` are the last person who was a
    source in this paragraph or the one before, if no other person is mentioned since and no title (Mr., Mrs.) speaks against it; `they`
    and `it` the last source there that is no single person; `who` is what it stands beside. Else it is undecided.

    Args:
        page: The article. Its outlet, or `we` outside quotations, is the article itself.
        drafts: Who says what, in order.

    Returns:
        One source per draft.
    """
    full = {found[1]: found[0] for found in reversed(list(read_regex("full_name").finditer(page.text)))}  # the first stays
    pronouns, resolved, seen = read_list("source-types")["pronouns"], list[Source](), list[tuple[int, int, Source]]()
    for draft in drafts:
        span, paragraph = draft.stands_for or draft.source, page.lines[draft.place].paragraph
        phrase = page.text[slice(*span)] if span else ""
        kind = next((kind for kind, words in pronouns.items() if phrase.lower() in words), "")
        source = Source(type="none") if span is None else Source(type="self") if kind == "self" else Source()
        if span and kind in ("he", "she", "they"):
            near = [(end, who) for end, where, who in seen if where >= paragraph - 1 and end <= span[0]]
            recent = [one for one in near if (one[1].type in _PERSONS) == (kind != "they")]
            end, who = recent[-1] if recent else (span[0], Source())
            title = read_regex("title").match(who.name)
            others = {m.entry for m in page.named if m.type == "person" and end <= m.start < span[0]} - {who.entry}
            clashes = kind != "they" and (others or (title and (title[1] in ("Mr", "Sir", "Lord")) == (kind == "she")))
            source = Source() if clashes else who
        elif span and not kind:
            source = _read_source(page, span, full)
        if span and source.type:
            seen.append((span[1], paragraph, source))
        resolved.append(source)
    return resolved


def _read_source(page: Page, span: Span, full: Mapping[str, str]) -> Source:
    """Who a name or phrase means."""
    text, phrase = page.text, page.text[slice(*span)]
    own = re.sub(r"^www\.|\W", "", (page.outlet.rpartition(".")[0] or page.outlet).lower())
    if re.sub(r"^the\s|\W", "", phrase.lower()) == own or re.match(r"this (?:news)?paper|this reporter", phrase.lower()):
        return Source(type="self")
    core, inside = cut_core(phrase), [m for m in page.named if m.start < span[1] and m.end > span[0]]
    end, types = span[0] + max(phrase.find(core), 0) + len(core), read_list("source-types")["entries"]
    actor = next((m for m in inside if m.end == end), None)
    type = find_type(phrase, actor.type if actor else "")
    if type == "named person" and actor is None and phrase.isalnum() and text[span[1] : span[1] + 1] != ":":  # not: BO: The bridge …
        type = _find_lone_type(text, phrase)
    actor = actor or next((m for m in inside[::-1] if m.end <= end and types.get(m.type) == type != "official body"), None)
    if actor is None and type in ("official body", "unnamed official"):  # Ukrainian officials: the state they serve
        actor = next((m for m in inside if m.type in ("state", "people", "organisation")), None)
    name = core if core[:1].isupper() or actor else ""
    if type == "named person":
        name = full.get(read_regex("title").sub("", core).strip(), core)
    return Source(name, actor.entry if actor else "", type)


def _find_lone_type(text: str, word: str) -> str:
    """The type of a capitalised word on no list: a common noun if the text has it in small letters too, or if it is a plural of persons."""
    is_plural = read_regex("agents").search(word) and not re.search(rf"[A-Z][\w.]*\s{word}\b", text)  # Activists; not: Ann Peters
    small = word.lower()
    if is_plural or (small in text and re.search(rf"(?<!\w){small}(?!\w)", text)):
        return _find_plain_type(word, word, word)
    return "named organisation" if read_regex("short_name").fullmatch(word) else "named person"
