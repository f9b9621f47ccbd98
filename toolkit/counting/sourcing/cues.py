"""The cues: which words, in which construction, give a statement to a source. The lists are data in `counting/data/*.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from toolkit.counting.lists import read_list


@dataclass(frozen=True)
class Cue:
    """A cue in its base form, its kind, and what may stand with it to make it one ("any": anything, or nothing)."""

    lemma: str
    kind: str
    takes: frozenset[str]

    def fits(self, *constructions: str) -> bool:
        """Whether it takes one of some constructions."""
        return "any" in self.takes or not self.takes.isdisjoint(constructions)


@cache
def read_cues(part: str) -> Mapping[str, tuple[Cue, ...]]:
    """Map every form of every cue of a part of speech (verbs, nouns, adverbs) to what it may be."""
    lists, found = read_list("cues"), dict[str, dict[Cue, None]]()
    inflect = {"verbs": inflect_verb, "nouns": inflect_noun}.get(part, list)
    for group in lists[part]:
        takes = frozenset([group["takes"]] if isinstance(group["takes"], str) else group["takes"])
        for word in group["words"]:
            for form in {word, *lists["irregular"].get(word, inflect(word))}:
                found.setdefault(form, {})[Cue(word, group["kind"], takes)] = None
    return {form: tuple(cues) for form, cues in found.items()}


def inflect_noun(noun: str) -> list[str]:
    """The regular plural of a noun.

    Example:
        >>> inflect_noun("agency"), inflect_noun("witness"), inflect_noun("source")
        (['agencies'], ['witnesses'], ['sources'])
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return [f"{noun[:-1]}ies"]
    return [f"{noun}es" if noun.endswith(("s", "sh", "ch", "x", "z")) else f"{noun}s"]


def inflect_verb(verb: str) -> list[str]:
    """The regular forms of a verb; both spellings where the last consonant may be doubled.

    Example:
        >>> inflect_verb("deny"), inflect_verb("admit")[-2:]
        (['denies', 'denied', 'denying'], ['admitted', 'admitting'])
    """
    stem = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"]
    forms = [*inflect_noun(verb), f"{stem}ed", f"{verb if verb.endswith('ee') else stem}ing"]
    if verb[-1] not in "aeiouwxy" and verb[-2] in "aeiou":
        forms += [f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing"]
    return forms
