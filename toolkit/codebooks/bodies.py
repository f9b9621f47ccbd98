"""Bodies that every state has, by rule: `{demonym} foreign ministry` is a pattern of each state's foreign ministry, an actor of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

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
