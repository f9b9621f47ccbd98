"""A codebook as data: entries in a flat list, parents before their children, every pattern with its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from toolkit.errors import CodebookError, name_choices

KINDS = ("frames", "actors", "language")
TYPES = ("person", "state", "organisation", "medium", "group")
OVERLAPS = ("key", "dictionary")


@dataclass(frozen=True)
class Near:
    """A condition on a match: one of `patterns` stands (`negated`: none stands) in its sentence, at most `within` words away.

    Neighbouring words are 1 apart; `within` None means anywhere in the sentence. The patterns have the case of the pattern they belong to.
    """

    patterns: tuple[str, ...]
    within: int | None
    negated: bool = False


@dataclass(frozen=True)
class Pattern:
    """A pattern: its text, which kind it is (see `toolkit.tables.VIA`), whether case must be exact, its line in the file, and conditions.

    All conditions of `near` must hold; an entry's own are on each of its patterns that has no other of that kind. `start` and `end` are
    the first and last day of articles in which the pattern counts; with either, it does not count in an article without a date.
    `weight` is the score of a hit. A match whose conditions fail is no match: it takes no words. `is_regex`: `text` is a regular
    expression (RE2) instead, searched in the sentence as it stands, in any case unless `case`; a hit counts only where it begins and
    ends at the edge of a word.
    """

    text: str
    via: str
    case: bool
    line: int
    weight: float = 1.0
    is_regex: bool = False
    near: tuple[Near, ...] = ()
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Role:
    """An office a person holds: its title, the entry it belongs to (or ""), first and last day (None: not known, or still)."""

    title: str
    of: str
    start: date | None
    end: date | None


@dataclass(frozen=True)
class Entry:
    """One category. `protects` are the `not` patterns; `rejected` maps a pattern that was tried to the reason against it.

    `within` is the state that a body is part of; `body`, the rule of `Codebook.bodies` that the whole entry was made by.
    """

    id: str
    label: str
    meaning: str
    type: str
    patterns: tuple[Pattern, ...]
    protects: tuple[Pattern, ...]
    rejected: Mapping[str, str]
    roles: tuple[Role, ...]
    parent: str
    line: int
    source: str = ""
    comment: str = ""
    within: str = ""
    body: str = ""


@dataclass(frozen=True)
class Body:
    """A body that states have, such as a foreign ministry. In its patterns, {name}, {demonym} or {metonym} stands for the state's.

    `of` are the states it is looked for; none: all.
    """

    id: str
    label: str
    patterns: tuple[Pattern, ...]
    of: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Codebook:
    """A codebook, checked. `path_name` is the file's name without folders; `sha256` is of the file's bytes.

    `warnings` says, a line each, what is doubtful or missing in the file; `losses`, what of another tool's file could not be brought over.
    """

    id: str
    kind: str
    version: str
    licence: str
    source: str
    overlap: str
    entries: tuple[Entry, ...]
    sha256: str
    path_name: str
    title: str = ""
    meaning: str = ""
    notice: str = ""
    comment: str = ""
    warnings: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    bodies: tuple[Body, ...] = ()

    @cached_property
    def _by_id(self) -> Mapping[str, Entry]:
        """Index the entries."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def fingerprint(self) -> str:
        """Tmp."""
        import hashlib

        return hashlib.sha256(repr((self.id, self.kind, self.overlap, self.entries, self.bodies)).encode("utf8", "replace")).hexdigest()

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Tmp."""
        from collections import Counter

        full: dict[str, str] = {}
        for entry in self.entries:
            full[entry.id] = f"{full[entry.parent]}: {entry.label}" if entry.parent in full else entry.label
        often = Counter(full.values())
        return {id: label if often[label] == 1 else f"{label} ({id})" for id, label in full.items()}

    def entry(self, id: str) -> Entry:
        """Find one entry by its id.

        Raises:
            CodebookError: When there is none; says which there are, and whose label it is.

        Example:
            >>> from toolkit.codebooks import read_codebook
            >>> read_codebook("actors").entry("UKR").label
            'Ukraine'
        """
        if id in self._by_id:
            return self._by_id[id]
        labelled = next((entry.id for entry in self.entries if entry.label.casefold() == id.casefold()), "")
        hint = f" {id!r} is the label of {labelled!r}; write that." if labelled else ""
        raise CodebookError(f"{self.path_name}: no entry {id!r}.{hint} {name_choices(id, self._by_id)}")

    def top(self) -> tuple[Entry, ...]:
        """List the entries that stand in no other entry.

        Example:
            >>> from toolkit.codebooks import read_codebook
            >>> [entry.id for entry in read_codebook("frames").top()][:2]
            ['war-journalism', 'peace-journalism']
        """
        return tuple(entry for entry in self.entries if not entry.parent)

    def expand(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Say which entries are meant: all top-level ones for none, all of a type for `type:state`, a state's bodies for `within:UKR`.

        Args:
            ids: Ids, or `type:` and a type of actor, or `within:` and a state.

        Returns:
            Ids in the order given, each once.

        Raises:
            CodebookError: When an id, a type or a state with bodies is not in this codebook.

        Example:
            >>> from toolkit.codebooks import read_codebook
            >>> read_codebook("actors").expand(["UKR", "type:state"])[:1]
            ('UKR',)
        """
        if not ids:
            return tuple(entry.id for entry in self.top())
        groups: dict[str, list[str]] = {}
        for entry in self.entries:
            for group in ([f"type:{entry.type}"] if entry.type else []) + ([f"within:{entry.within}"] if entry.within else []):
                groups.setdefault(group, []).append(entry.id)
        wanted: list[str] = []
        for id in ids:
            if id.startswith(("type:", "within:")) and id not in groups:
                alike = [group for group in groups if group.partition(":")[0] == id.partition(":")[0]]
                raise CodebookError(f"{self.path_name}: no entry has {id!r}. {name_choices(id, alike)}")
            wanted += groups[id] if id in groups else [self.entry(id).id]
        return tuple(dict.fromkeys(wanted))
