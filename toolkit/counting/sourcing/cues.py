"""The cues: which words, in which construction, give a statement to a source. The lists are data in `counting/data/cues.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML


@dataclass(frozen=True)
class Cue:
    """A cue in its base form, its kind, and what must stand with it ("any": anything)."""

    lemma: str
    kind: str
    takes: frozenset[str]


@cache
def read_list(name: str) -> Mapping[str, Any]:
    """Read a word list of this room."""
    lists: Mapping[str, Any] = YAML(typ="safe").load((files("toolkit.counting") / "data" / f"{name}.yml").read_text("utf8"))
    return lists


@cache
def read_cues(part: str) -> Mapping[str, tuple[Cue, ...]]:
    """Map every form of every cue of a part of speech (verbs, nouns) to what it may be."""
    lists, found = read_list("cues"), dict[str, list[Cue]]()
    for group in lists[part]:
        takes = frozenset([group["takes"]] if isinstance(group["takes"], str) else group["takes"])
        for word in group["words"]:
            forms = lists["irregular"].get(word) or (_inflect(word) if part == "verbs" else [f"{word}s", f"{word[:-1]}ies"])
            for form in {word, *forms}:
                found.setdefault(form, []).append(Cue(word, group["kind"], takes))
    return {form: tuple(cues) for form, cues in found.items()}


def _inflect(verb: str) -> list[str]:
    """The regular forms of a verb; where the last consonant may be doubled, both spellings."""
    if verb[-1] == "y" and verb[-2] not in "aeiou":
        return [f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"]
    stem = verb.removesuffix("e")
    ing = f"{verb[:-2]}ying" if verb.endswith("ie") else f"{stem}ing" if not verb.endswith("ee") else f"{verb}ing"
    forms = [f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{verb}s", f"{stem}ed", ing]
    if verb[-1] not in "aeiouwxy" and verb[-2] in "aeiou":
        forms += [f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing"]
    return forms
