"""What a codebook has by rule: the bodies of every state, its foreign ministry among them, and the phrases that name an office."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter

from toolkit.codebooks.records import Codebook, Entry, Pattern

SLOTS, SLOT = ("name", "demonym", "metonym"), re.compile(r"\{(.*?)\}")


def expand_bodies(codebook: Codebook) -> Codebook:
    """Make an entry for every body that the rules of a codebook define for a state.

    Its id is the state's, a hyphen and the body's. An entry of that id in the file stays and gets the rule's patterns in addition. A
    pattern that is in the file already is left to its entry.

    Args:
        codebook: An actors codebook as its file has it.

    Returns:
        The codebook with the entries made, in the order of the rules and states, behind those of the file.

    Example:
        >>> from toolkit.codebooks import read_codebook
        >>> made = read_codebook("actors").entry("TUR-MFA")
        >>> made.label, made.within, [pattern.text for pattern in made.patterns][:2]
        ('Turkey: Foreign Ministry', 'TUR', ['Turkish ?oreign ?inistry', 'Turk ?oreign ?inistry'])
    """
    known = {pattern.text for entry in codebook.entries for pattern in (*entry.patterns, *entry.protects)}
    entries = {entry.id: entry for entry in codebook.entries}
    for state in [entry for entry in codebook.entries if entry.type == "state"]:
        words = {slot: list_adjectives(state) if slot == "demonym" else _list_texts(state, slot) for slot in SLOTS}
        for body in codebook.bodies:
            if body.of and state.id not in body.of:
                continue
            made = [one for pattern in body.patterns for one in _fill_slots(pattern, words) if one.text not in known]
            id, label = f"{state.id}-{body.id}", f"{state.label}: {body.label}"
            entry = entries.get(id) or Entry(id, label, "", "organisation", (), (), {}, (), "", body.line, within=state.id, body=body.id)
            names, others = ([pattern for pattern in entry.patterns if (pattern.via == "name") is is_name] for is_name in (True, False))
            entries[id] = replace(entry, patterns=(*names, *made, *others), within=entry.within or state.id)
            known.update(pattern.text for pattern in made)
    return replace(codebook, entries=tuple(entries.values()))


def list_adjectives(state: Entry) -> list[str]:
    """List the words for a state that can precede a noun: its demonyms without plurals, and names in capitals (US, U.K.).

    Example:
        >>> from toolkit.codebooks import read_codebook
        >>> list_adjectives(read_codebook("actors").entry("GBR"))
        ['British', 'Briton', 'Brits', 'UK', 'U.K.']
    """
    demonyms = _list_texts(state, "demonym")
    singular = [text for text in demonyms if text[:-1] not in demonyms]
    return [*singular, *(one.text for one in state.patterns if one.via != "demonym" and not one.near and one.text.isupper())]


def _list_texts(entry: Entry, via: str) -> list[str]:
    """The patterns of one kind."""
    return [pattern.text for pattern in entry.patterns if pattern.via == via]


def _fill_slots(pattern: Pattern, words: Mapping[str, Sequence[str]]) -> list[Pattern]:
    """A pattern of a body with the words of a state in it; it has one slot."""
    slot = SLOT.search(pattern.text)
    return [replace(pattern, text=pattern.text.replace(slot[0], word)) for word in words[slot[1]]] if slot else []


_SPELLINGS = (("Defense", "Defence"), ("Organization", "Organisation"), ("Adviser", "Advisor"), ("Prime Minister", "premier"))


def list_roles(codebook: Codebook) -> tuple[Codebook, Mapping[tuple[str, str], str]]:
    """Make a codebook of the phrases that name persons by an office they hold, each valid on the days they hold it.

    Of a role with a title and a state: `Ukrainian defence minister`, `Ukraine's …`, `Kyiv's …`, `the … of Ukraine`, in any case. A role
    without a first day gives no phrase: it is not known whose office it was.

    Args:
        codebook: An actors codebook.

    Returns:
        A codebook of the same id with an entry for each person who has such a role; all its patterns are of kind `role`. And for each of
        these, by entry and text, the title it was made of.

    Example:
        >>> from toolkit.codebooks import read_codebook
        >>> [(pattern.text, str(pattern.start)) for pattern in list_roles(read_codebook("actors"))[0].entry("umerov").patterns][:2]
        [("bankova's defence minister", '2023-09-06'), ("bankova's defense minister", '2023-09-06')]
    """
    states = {entry.id: entry for entry in codebook.entries}
    people, titles = [], dict[tuple[str, str], str]()
    for person in codebook.entries:
        held = [role for role in person.roles if role.start is not None and role.of in states and states[role.of].type == "state"]
        phrases = {(text.lower(), role.start, role.end): role.title for role in held for text in _list_phrases(role.title, states[role.of])}
        ordered = sorted(phrases, key=itemgetter(0))
        patterns = [Pattern(text, "role", False, person.line, start=start, end=end) for text, start, end in ordered]
        titles |= {(person.id, text): title for (text, _, _), title in phrases.items()}
        if patterns:
            people.append(replace(person, patterns=tuple(patterns), protects=()))
    return replace(codebook, overlap="key", entries=tuple(people)), titles


def _list_phrases(title: str, state: Entry) -> Iterable[str]:
    """Every way to name an office of a state."""
    titles = {title}
    for one, other in _SPELLINGS:
        titles |= {spelled.replace(one, other) for spelled in titles} | {spelled.replace(other, one) for spelled in titles}
    owners = [pattern.text for pattern in state.patterns if pattern.via in ("name", "alias", "metonym") and not pattern.near]
    names = [pattern.text for pattern in state.patterns if pattern.via == "name"]
    for spelled in sorted(titles):
        yield from (f"{adjective} {spelled}" for adjective in list_adjectives(state))
        yield from (f"{owner}'s {spelled}" for owner in owners)
        yield from (f"{spelled} of {the}{name}" for name in names for the in ("", "the "))
