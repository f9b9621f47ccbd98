"""A codebook as data: entries in a flat list, parents before their children, every pattern with its line."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from toolkit.errors import CodebookError, name_choices
from toolkit.markup import read_style, write_block, write_frame

KINDS = ("frames", "actors", "language")
_PLURALS = {"state": "states", "person": "persons", "organisation": "organisations", "medium": "media", "group": "groups"}
_N_ROWS, _N_PATTERNS = 30, 8  # what fits a notebook cell


@dataclass(frozen=True)
class Near:
    """A condition on a match: one of `patterns` is (`negated`: none is) in its sentence, at most `within` words away.

    In a file, `near:` and `unless_near:` of an entry or a pattern. `unless_near: {patterns: [no, not, never, "*n't"], within: 3}` leaves
    out negated words.

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
    A match whose conditions fail is no match: it takes no words. `weight` is what a pattern adds to the score of its sentence, where its
    entry has an intercept.
    """

    text: str
    via: str
    case: bool
    line: int = field(compare=False, repr=False)
    near: tuple[Near, ...] = ()
    start: date | None = None
    end: date | None = None
    weight: float | None = None


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

    With an `intercept` the entry is scored: the probability of a sentence is 1 / (1 + exp(−(intercept + the weights of the different
    patterns found in it))), and a match counts where it is at least `threshold`. `vector` is what the numbers of a sentence's vector weigh,
    after the sum over words; `model` is the SHA-256 of the model that makes the vectors.
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
    line: int = field(compare=False, repr=False)
    source: str = ""
    comment: str = ""
    within: str = ""
    body: str = ""
    intercept: float | None = None
    threshold: float = 0.5
    vector: tuple[float, ...] = ()
    model: str = ""


@dataclass(frozen=True)
class Body:
    """A body that states have, such as a foreign ministry. In its patterns, {name}, {demonym} or {metonym} is replaced by the state's.

    `of` are the states it is looked for; none: all.
    """

    id: str
    label: str
    patterns: tuple[Pattern, ...]
    of: tuple[str, ...]
    line: int = field(compare=False, repr=False)


@dataclass(frozen=True, repr=False)
class Codebook:
    """A checked codebook. `path_name` is the name of the file without folders; `sha256` is the hash of its bytes.

    `warnings` lists what is doubtful or missing in the file; `losses` lists what could not be converted from the file of another tool.
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
    def labels(self) -> Mapping[str, str]:
        """Labels by id: a nested entry has its parent's label before its own; a label that occurs twice has the id.

        Example:
            >>> from toolkit.codebooks import read_codebook
            >>> read_codebook("actors").labels["UKR-MFA"]
            'Ukraine: Foreign Ministry'
        """
        full: dict[str, str] = {}
        for entry in self.entries:
            full[entry.id] = f"{full[entry.parent]}: {entry.label}" if entry.parent in full else entry.label
        often = Counter(full.values())
        return {id: label if often[label] == 1 else f"{label} ({id})" for id, label in full.items()}

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of all that can change what is matched or labelled, whether it was read from a file or made in code."""
        return hashlib.sha256(repr((self.id, self.kind, self.overlap, self.entries, self.bodies)).encode()).hexdigest()

    def __hash__(self) -> int:
        """Hash what is matched: codebooks have mappings in them, which have no hash."""
        return hash(self.fingerprint)

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, Entry]]:
        """The entries by what they may be called, in lower case: id, label, full label."""
        names: dict[str, dict[str, Entry]] = {}
        for entry in self.entries:
            for name in (entry.id, entry.label, self.labels[entry.id]):
                names.setdefault(name.casefold(), {})[entry.id] = entry
        return names

    def entry(self, id: str) -> Entry:
        """Find an entry by its id or label; upper and lower case are the same.

        Raises:
            CodebookError: When there is none, or several share the label.

        Example:
            >>> from toolkit.codebooks import read_codebook
            >>> read_codebook("actors").entry("UKR").label, read_codebook("actors").entry("ukraine").id
            ('Ukraine', 'UKR')
        """
        found = self._names.get(id.casefold(), {})
        if id in found or len(found) == 1:
            return found.get(id) or next(iter(found.values()))
        if found:
            raise CodebookError(f"{self.path_name}: {id!r} names {len(found)} entries: {', '.join(sorted(found))}. Write one of these ids.")
        choices = name_choices(id, [entry.id for entry in self.entries], also=self.labels.values(), see="codebook.labels")
        raise CodebookError(f"{self.path_name}: there is no entry {id!r}. {choices}")

    def top(self) -> tuple[Entry, ...]:
        """List the top-level entries.

        Example:
            >>> from toolkit.codebooks import read_codebook
            >>> [entry.id for entry in read_codebook("frames").top()][:2]
            ['war-words', 'peace-words']
        """
        return tuple(entry for entry in self.entries if not entry.parent)

    def expand(self, ids: str | Sequence[str]) -> tuple[str, ...]:
        """Resolve names to entries: all top-level entries if empty, all of a type for `type:state`, the bodies of a state for `within:UKR`.

        Args:
            ids: Ids or labels; `type:` and a type of actor; `within:` and a state. A single one may be given without a list.

        Returns:
            Ids in the order given, each once.

        Raises:
            CodebookError: When an entry, a type or a state with bodies is not in this codebook.

        Example:
            >>> from toolkit.codebooks import read_codebook
            >>> read_codebook("actors").expand(["Ukraine", "type:state"])[:2]
            ('UKR', 'AFG')
        """
        wanted: list[str] = []
        ids = ids or [entry.id for entry in self.top()]
        for id in [ids] if isinstance(ids, str) else ids:
            scope, colon, name = id.partition(":")
            if colon and scope in ("type", "within"):
                name = name if scope == "type" else self.entry(name).id
                if not (found := [entry.id for entry in self.entries if getattr(entry, scope) == name]):
                    known = {f"{scope}:{getattr(entry, scope)}" for entry in self.entries if getattr(entry, scope)}
                    raise CodebookError(f"{self.path_name}: there is no entry with {id!r}. {name_choices(id, known)}")
                wanted += found
            else:
                wanted.append(self.entry(id).id)
        return tuple(dict.fromkeys(wanted))

    def __repr__(self) -> str:
        """Write one line: what it is and how much is in it."""
        types = Counter(entry.type for entry in self.entries if entry.type)
        several = [f"{types[type]:,} {_PLURALS[type] if types[type] > 1 else type}" for type in _PLURALS if types[type]]
        inside = ", ".join(several) or f"{sum(len(entry.patterns) for entry in self.entries):,} patterns"
        return f"{' '.join(filter(None, ('Codebook', self.id, self.version)))}: {len(self.entries):,} entries ({inside}), kind {self.kind}"

    def _repr_html_(self) -> str:
        """The first top-level entries, as a table for a notebook."""
        import pandas as pd

        top, rows = self.top(), []
        for entry in top[:_N_ROWS]:
            family = [one for one in self.entries if f"{one.id}/".startswith(f"{entry.id}/")]
            texts = [pattern.text for one in family for pattern in one.patterns][:_N_PATTERNS]
            rows.append((entry.id, entry.label, entry.type, ", ".join(texts)))
        table = pd.DataFrame(rows, columns=["id", "label", "type", "first_patterns"])
        facts = " · ".join(filter(None, (repr(self), self.title, self.licence)))
        more = f"<p>and {len(top) - _N_ROWS:,} more at the top level</p>" if len(top) > _N_ROWS else ""
        return read_style() + write_block(write_frame(table, facts) + more)
