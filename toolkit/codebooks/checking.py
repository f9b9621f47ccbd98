"""From a tree of YAML nodes to a checked codebook, with all its faults at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from toolkit.codebooks.nodes import Fault, Items, Node, Pairs, Text
from toolkit.codebooks.patterns import check_pattern, fold_pattern
from toolkit.codebooks.records import KINDS, OVERLAPS, TYPES, Codebook, Entry, Pattern, Role
from toolkit.errors import name_choices

_SHAPES = {"text": Text, "list": Items, "mapping": Pairs}
_HOW = {"text": "Write {}: some text.", "list": "Write {}: [one, two].", "mapping": "Write {}: {{name: value}}."}
_VIAS = {
    **{"names": "name", "aliases": "alias", "demonyms": "demonym", "metonyms": "metonym", "titles": "title"},
    **{"patterns": "pattern", "surname": "surname"},
}
_LISTS = tuple(key for key in _VIAS if key != "surname")
_TEXTS = ("label", "meaning", "source", "comment")
_FILE_TEXTS = ("codebook", "version", "licence", "source", "title", "meaning", "notice", "comment")
_FILE_KEYS = {**dict.fromkeys((*_FILE_TEXTS, "kind", "overlap"), "text"), "entries": "mapping"}
_FRAME_KEYS = {
    **dict.fromkeys((*_TEXTS, "case"), "text"),
    **{"patterns": "list", "not": "list", "rejected": "mapping", "entries": "mapping"},
}
_ACTOR_KEYS = {
    **dict.fromkeys((*_TEXTS, "type", "surname"), "text"),
    **dict.fromkeys((*_LISTS, "not", "roles"), "list"),
    **{"rejected": "mapping"},
}
_ROLE_KEYS = dict.fromkeys(("title", "of", "from", "to"), "text")
_ENTRY_KEYS = {"frames": _FRAME_KEYS, "language": _FRAME_KEYS, "actors": _ACTOR_KEYS}
_REQUIRED = {"frames": ("label", "meaning"), "language": ("label", "meaning"), "actors": ("label", "type")}

_ID = re.compile(r"[A-Za-z0-9-]+")
_NO_TEXT = re.compile(
    r"""yes|no|on|off|true|false|null|~|y|n    # truths and nothing, of YAML 1.1 and 1.2
    |[-+]?[\d_]*\.?\d[\d_]*\.?(e[-+]?\d+)?     # numbers: 24, 1_000, .5, 1e3
    |0[xo][\da-f]+|[-+]?\.(inf|nan)
    |\d+(:\d\d)+|\d{4}-\d\d?-\d\d?.*           # 24:30, 2017-02-01
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What YAML takes for something else than a text when it has no quotes: Norway's `no`, the year 1984."""
_AS_WRITTEN = ("version", "case", "from", "to")  # fields that hold such a thing


@dataclass(frozen=True)
class _Reading:
    """What is handed down while a file is read; the lists grow in file order, `entry` is where we are."""

    kind: str
    entry: str
    faults: list[Fault]
    entries: list[Entry]
    offices: list[tuple[str, Text]]  # the entry a role belongs to, and its `of`

    def say(self, line: int, message: str) -> None:
        """Put down one fault."""
        self.faults.append(Fault(line, message, self.entry))


def check_nodes(root: Node, *, path_name: str, sha256: str) -> tuple[Codebook, list[Fault]]:
    """Read a codebook from its YAML tree and say everything that is wrong with it.

    Args:
        root: The tree.
        path_name: Name of the file, for the record.
        sha256: Hash of the file, for the record.

    Returns:
        The codebook (of use only when there is no fault) and the faults.

    Source: our choice; the rules are those of the codebooks page.

    Example:
        >>> from toolkit.codebooks.nodes import parse_nodes
        >>> root, _ = parse_nodes("{codebook: war, kind: frame, version: 1, licence: CC0-1.0, source: ours, entries: {a: {label: A}}}")
        >>> check_nodes(root, path_name="war.yml", sha256="")[1][0].message
        "kind 'frame' is not known. Allowed: actors, frames, language. Did you mean 'frames'?"
    """
    reading = _Reading("", "", [], [], [])
    fields = _read_fields(root, _FILE_KEYS, ("codebook", "kind", "version", "licence", "source", "entries"), reading)
    texts = _join_texts(fields, *_FILE_TEXTS)
    if "codebook" in fields:
        _check_id(texts["codebook"], fields["codebook"].line, reading)
    kind = _read_choice(fields, "kind", KINDS, reading)
    overlap = _read_choice(fields, "overlap", OVERLAPS, reading)
    _read_entries(fields.get("entries"), "", replace(reading, kind=kind))
    _check_doubles(replace(reading, kind=kind))
    known = {entry.id for entry in reading.entries}
    for entry, of in reading.offices:
        if of.value not in known:
            replace(reading, entry=entry).say(of.line, f"role of {of.value!r}, which is no entry. {name_choices(of.value, known)}")
    book = Codebook(
        id=texts.pop("codebook"),
        kind=kind,
        overlap=overlap or ("dictionary" if kind == "actors" else "key"),
        entries=tuple(reading.entries),
        sha256=sha256,
        path_name=path_name,
        **texts,
    )
    return book, reading.faults


def _read_fields(node: Node, shapes: Mapping[str, str], required: Sequence[str], reading: _Reading) -> dict[str, Node]:
    """Keep the fields of a mapping that have a known key and the right shape; say what is wrong with the others."""
    if not isinstance(node, Pairs):
        reading.say(node.line, f"{_describe(node)} stands here. Allowed: a mapping of {', '.join(shapes)}. Write key: value.")
        return {}
    fields: dict[str, Node] = {}
    for key, value in node.pairs:
        shape = shapes.get(key.value)
        if shape is None:
            reading.say(key.line, f"unknown key {key.value!r}. {name_choices(key.value, shapes)}")
        elif _is_empty(value):
            reading.say(key.line, f"{key.value!r} is empty. Allowed: a {shape}. Fill it or delete it.")
        elif not isinstance(value, _SHAPES[shape]):
            reading.say(key.line, f"{key.value!r} is {_describe(value)}. Allowed: a {shape}. {_HOW[shape].format(key.value)}")
        elif shape != "text" or key.value in _AS_WRITTEN or _is_text(value, repr(key.value), reading):
            fields[key.value] = value
    for missing in sorted({*required} - {key.value for key, _ in node.pairs}):
        reading.say(node.line, f"{missing!r} is missing. Required: {', '.join(required)}. Add it.")
    return fields


def _read_entries(node: Node | None, parent: str, reading: _Reading) -> None:
    """Read the entries of a mapping and, below each, its own."""
    for key, value in node.pairs if isinstance(node, Pairs) else ():
        id = f"{parent}/{key.value}" if parent else key.value
        here = replace(reading, entry=id)
        if _is_text(key, "id", here):
            _check_id(key.value, key.line, here)
        shapes = _ENTRY_KEYS.get(reading.kind, _FRAME_KEYS | _ACTOR_KEYS)
        fields = _read_fields(replace(value, line=key.line), shapes, _REQUIRED.get(reading.kind, ()), here)
        if isinstance(value, Pairs):
            finders = [finder for finder in (*_VIAS, "entries") if finder in shapes]
            if not {given.value for given, _ in value.pairs} & {*finders}:
                here.say(key.line, f"nothing to find. Allowed: {', '.join(finders)}. Add one of them.")
            reading.entries.append(_read_entry(parent, key.line, fields, here))
            _read_entries(fields.get("entries"), id, reading)


def _read_entry(parent: str, line: int, fields: Mapping[str, Node], reading: _Reading) -> Entry:
    """Read one entry, without those below it."""
    case = reading.kind == "actors" or _read_choice(fields, "case", ("true", "false"), reading) == "true"
    patterns = [pattern for key, via in _VIAS.items() for pattern in _read_patterns(fields.get(key), key, via, case, reading)]
    if "surname" in fields and "names" not in fields:
        reading.say(fields["surname"].line, "'surname' without names. Required: the full name. Add it under names.")
    return Entry(
        id=reading.entry,
        type=_read_choice(fields, "type", TYPES, reading),
        patterns=tuple(patterns),
        protects=tuple(_read_patterns(fields.get("not"), "not", "pattern", case, reading)),
        rejected=_read_rejected(fields.get("rejected"), patterns, reading),
        roles=_read_roles(fields.get("roles"), reading),
        parent=parent,
        line=line,
        **_join_texts(fields, *_TEXTS),
    )


def _read_patterns(node: Node | None, key: str, via: str, case: bool, reading: _Reading) -> list[Pattern]:
    """Read a list of patterns, or the one of a surname, and leave out those that are no text."""
    patterns = []
    for item in node.items if isinstance(node, Items) else [node] if node else []:
        if not isinstance(item, Text):
            reading.say(item.line, f"{_describe(item)} stands in {key!r}. Allowed: texts. Put a text that holds ': ' into quotes.")
        elif _is_text(item, "pattern", reading):
            patterns.append(Pattern(item.value, via, case, item.line))
            for message in check_pattern(item.value):
                reading.say(item.line, message)
    return patterns


def _read_rejected(node: Node | None, patterns: Sequence[Pattern], reading: _Reading) -> dict[str, str]:
    """Read the patterns that were tried and left out, each with its reason."""
    rejected = {}
    for key, value in node.pairs if isinstance(node, Pairs) else ():
        _is_text(key, "rejected pattern", reading)
        if not isinstance(value, Text) or _is_empty(value):
            reading.say(key.line, f"rejected pattern {key.value!r} has no reason. Required: a text. Write '{key.value}': why.")
        else:
            rejected[key.value] = value.value.strip()
        if any(fold_pattern(key.value, case=used.case) == fold_pattern(used.text, case=used.case) for used in patterns):
            reading.say(key.line, f"rejected pattern {key.value!r} is in use. A pattern is used or rejected. Delete one.")
    return rejected


def _read_roles(node: Node | None, reading: _Reading) -> tuple[Role, ...]:
    """Read the offices a person holds."""
    roles = []
    for item in node.items if isinstance(node, Items) else ():
        fields = _read_fields(item, _ROLE_KEYS, ("title",), reading)
        texts = _join_texts(fields, "title", "of", "from", "to")
        if isinstance(of := fields.get("of"), Text):
            reading.offices.append((reading.entry, of))
        days: dict[str, date | None] = {"from": None, "to": None}
        for key in [key for key in days if texts[key]]:
            try:
                days[key] = date.fromisoformat(texts[key])
            except ValueError:
                reading.say(fields[key].line, f"{key!r} is {texts[key]!r}. Allowed: a day such as 2023-09-06. Write it so.")
        start, end = days["from"], days["to"]
        if start and end and start > end:
            reading.say(item.line, f"role from {start} to {end}. Allowed: from no later than to. Correct one.")
        roles.append(Role(texts["title"], texts["of"], start, end))
    return tuple(roles)


def _check_doubles(reading: _Reading) -> None:
    """Say which patterns stand twice in an entry with its children, or are an actor's pattern and another one's `not`."""
    seen: dict[tuple[bool, str], list[tuple[Entry, Pattern, bool]]] = {}
    for entry in reading.entries:
        for pattern, protects in [*((kept, False) for kept in entry.patterns), *((kept, True) for kept in entry.protects)]:
            earlier = seen.setdefault((pattern.case, fold_pattern(pattern.text, case=pattern.case)), [])
            for other, first, other_protects in earlier:
                nested = other.id.partition("/")[0] == entry.id.partition("/")[0]
                if nested or (reading.kind == "actors" and protects != other_protects):
                    same = other is entry and first.text == pattern.text
                    where = "" if same else f", first as {first.text!r} of {other.id!r} in line {first.line}"
                    more = "" if other is entry else " and those nested in it" if nested else "; one actor's 'not' holds for all"
                    rule = f"Each pattern may appear once in an entry{more}. Delete one."
                    name = ("'not' pattern" if protects else "pattern") + f" {pattern.text!r}"
                    replace(reading, entry=entry.id).say(pattern.line, f"{name} appears twice{where}. {rule}")
                    break
            earlier.append((entry, pattern, protects))


def _check_id(id: str, line: int, reading: _Reading) -> None:
    """Say that an id is not well-formed."""
    if not _ID.fullmatch(id):
        reading.say(line, f"id {id!r} has other characters. Allowed: letters A-Z and a-z, digits, hyphens. Rename it.")


def _read_choice(fields: Mapping[str, Node], key: str, choices: Sequence[str], reading: _Reading) -> str:
    """Read a field that has one of a few values; "" where it is missing or wrong."""
    node = fields.get(key)
    if isinstance(node, Text) and node.value not in choices:
        reading.say(node.line, f"{key} {node.value!r} is not known. {name_choices(node.value, choices)}")
    return node.value if isinstance(node, Text) and node.value in choices else ""


def _join_texts(fields: Mapping[str, Node], *keys: str) -> dict[str, str]:
    """Take the texts of fields, "" where there is none."""
    return {key: node.value.strip() if isinstance(node := fields.get(key), Text) else "" for key in keys}


def _is_text(node: Node, what: str, reading: _Reading) -> bool:
    """Whether this is a text to every YAML reader; says so if it is none, for lack of quotes or of anything."""
    if not isinstance(node, Text):
        return False
    if _is_empty(node):
        reading.say(node.line, f"{what} is empty. Allowed: a text. Delete it.")
        return False
    if node.plain and _NO_TEXT.fullmatch(node.value):
        reading.say(node.line, f'{what} {node.value} is no text to YAML without quotes. Allowed: texts. Write "{node.value}".')
        return False
    return True


def _is_empty(node: Node) -> bool:
    """Whether nothing is in it."""
    return not (node.value.strip() if isinstance(node, Text) else node.items if isinstance(node, Items) else node.pairs)


def _describe(node: Node) -> str:
    """Name the shape of a node."""
    return "nothing" if _is_empty(node) else next(f"a {name}" for name, shape in _SHAPES.items() if isinstance(node, shape))
