"""The cues: words that give a statement, a view or an intention to a source, in every form; the lists are counting/data/cues.yml."""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from toolkit.counting.lists import read_list


class Cue(NamedTuple):
    """A cue in its base form, its kind, and the constructions in which it is a cue ("any": all, also alone)."""

    lemma: str
    kind: str
    takes: frozenset[str]

    def fits(self, *constructions: str) -> bool:
        """Whether the cue allows one of the constructions."""
        return "any" in self.takes or not self.takes.isdisjoint(constructions)


@cache
def read_cues(part: str) -> Mapping[str, tuple[Cue, ...]]:
    """Map every form of every cue of a part of speech (verbs, nouns, adverbs) to what it may be."""
    lists, found = read_list("cues"), dict[str, dict[Cue, None]]()
    for group in lists[part]:
        for word in group["words"]:
            for form in {word, *lists["irregular"].get(word, inflect(word, part))}:
                found.setdefault(form, {})[Cue(word, group["kind"], frozenset(group["takes"]))] = None
    return {form: tuple(cues) for form, cues in found.items()}


def inflect(word: str, part: str) -> list[str]:
    """The regular forms of a word of a part of speech: those of the first ending that it has; none for adverbs.

    Example:
        >>> inflect("agency", "nouns"), inflect("witness", "nouns"), inflect("deny", "verbs")
        (['agencies'], ['witnesses'], ['denies', 'denied', 'denying'])
    """
    rules = read_list("cues")["endings"].get(part, {})
    return next(([re.sub(ending, form, word) for form in forms] for ending, forms in rules.items() if re.search(ending, word)), [])
