"""Phrases that name an office instead of its holder: the South Korean president, Kyiv's defence minister."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import itemgetter

from toolkit.codebooks.bodies import list_adjectives
from toolkit.codebooks.records import Codebook, Entry, Pattern

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
