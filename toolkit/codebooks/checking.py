"""From a tree of YAML nodes to a checked codebook, with all its faults at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from toolkit.codebooks.nodes import Fault, Items, Node, Pairs, Text
from toolkit.codebooks.patterns import check_pattern, fold_pattern
from toolkit.codebooks.records import KINDS, OVERLAPS, TYPES, Codebook, Entry, Pattern, Role
from toolkit.errors import name_choices

_SHAPES = {"text": Text, "list": Items, "mapping": Pairs}
_HOW = {"text": "Write {}: some text.", "list": "Write {}: [one, two].", "mapping": "Write {}: {{name: value}}."}
_VIAS = {
    "names": "name",
    "aliases": "alias",
    "demonyms": "demonym",
    "metonyms": "metonym",
    "titles": "title",
    "patterns": "pattern",
}

_FILE_KEYS = {
    **dict.fromkeys(
        ("codebook", "kind", "version", "licence", "source", "overlap", "title", "meaning", "notice", "comment"), "text"
    ),
    **{"entries": "mapping"},
}
_FRAME_KEYS = {
    **dict.fromkeys(("label", "meaning", "source", "comment", "case"), "text"),
    **{"patterns": "list", "not": "list", "rejected": "mapping", "entries": "mapping"},
}
_ACTOR_KEYS = {
    **dict.fromkeys(("label", "type", "meaning", "source", "comment", "surname"), "text"),
    **dict.fromkeys((*_VIAS, "not", "roles"), "list"),
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
class _Report:
    """Where faults are put down; `entry` is the entry that is being read."""

    faults: list[Fault]
    entry: str = ""

    def say(self, line: int, message: str) -> None:
        """Put down one fault."""
        self.faults.append(Fault(line, message, self.entry))


@dataclass(frozen=True)
class _Reading:
    """What is handed down while entries are read: the kind of codebook, the entries and the `of` fields so far, in file order."""

    kind: str
    entries: list[Entry]
    offices: list[tuple[_Report, Text]]


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
        >>> root, _ = parse_nodes("{codebook: war, kind: frame}")
        >>> [fault.message for fault in check_nodes(root, path_name="war.yml", sha256="")[1] if "frame'" in fault.message]
        ["kind 'frame' is not known. Allowed: actors, frames, language. Did you mean 'frames'?"]
    """
    report = _Report([])
    fields = _read_fields(root, _FILE_KEYS, ("codebook", "kind", "version", "licence", "source", "entries"), report)
    texts = {key: value.value.strip() for key, value in fields.items() if isinstance(value, Text)}
    if "codebook" in texts and not _ID.fullmatch(texts["codebook"]):
        _say_id(fields["codebook"].line, texts["codebook"], report)
    kind = _check_choice(fields, "kind", KINDS, report)
    overlap = _check_choice(fields, "overlap", OVERLAPS, report)
    reading = _Reading(kind, [], [])
    _read_entries(fields.get("entries"), "", reading, report)
    _check_doubles(reading.entries, kind, report)
    known = {entry.id for entry in reading.entries}
    for here, of in reading.offices:
        if of.value not in known:
            here.say(of.line, f"role of {of.value!r}, which is no entry here. {name_choices(of.value, known)}")
    book = Codebook(
        id=texts.get("codebook", ""),
        kind=kind,
        version=texts.get("version", ""),
        licence=texts.get("licence", ""),
        source=texts.get("source", ""),
        overlap=overlap or ("dictionary" if kind == "actors" else "key"),
        entries=tuple(reading.entries),
        sha256=sha256,
        path_name=path_name,
        title=texts.get("title", ""),
        meaning=texts.get("meaning", ""),
        notice=texts.get("notice", ""),
    )
    return book, report.faults


def _read_fields(node: Node, shapes: Mapping[str, str], required: Collection[str], report: _Report) -> dict[str, Node]:
    """Keep the fields of a mapping that have a known key and the right shape; say what is wrong with the others."""
    if not isinstance(node, Pairs):
        report.say(
            node.line, f"{_describe(node)} stands here. Allowed: a mapping of {', '.join(sorted(shapes))}. Write key: value."
        )
        return {}
    fields: dict[str, Node] = {}
    for key, value in node.pairs:
        shape = shapes.get(key.value)
        if shape is None:
            report.say(key.line, f"unknown key {key.value!r}. {name_choices(key.value, shapes)}")
        elif _is_empty(value):
            report.say(key.line, f"{key.value!r} is empty. Allowed: a {shape}. Fill it or delete it.")
        elif not isinstance(value, _SHAPES[shape]):
            report.say(key.line, f"{key.value!r} is {_describe(value)}. Allowed: a {shape}. {_HOW[shape].format(key.value)}")
        elif key.value in _AS_WRITTEN or _is_text(value, f"{key.value!r}", report) or shape != "text":
            fields[key.value] = value
    given = {key.value for key, _ in node.pairs}
    for missing in [key for key in required if key not in given]:
        report.say(node.line, f"{missing!r} is missing. Required: {', '.join(required)}. Add it.")
    return fields


def _read_entries(node: Node | None, parent: str, reading: _Reading, report: _Report) -> None:
    """Read the entries of a mapping and, below each, its own."""
    if not isinstance(node, Pairs):
        return
    for key, value in node.pairs:
        id = f"{parent}/{key.value}" if parent else key.value
        here = _Report(report.faults, id)
        if _is_text(key, "id", here) and not _ID.fullmatch(key.value):
            _say_id(key.line, key.value, here)
        placed = Pairs(value.pairs, key.line) if isinstance(value, Pairs) else value
        shapes = _ENTRY_KEYS.get(reading.kind, _FRAME_KEYS | _ACTOR_KEYS)
        fields = _read_fields(placed, shapes, _REQUIRED.get(reading.kind, ("label",)), here)
        if isinstance(value, Pairs):
            reading.entries.append(_read_entry(id, key.line, fields, reading, here))
            _read_entries(fields.get("entries"), id, reading, report)


def _read_entry(id: str, line: int, fields: Mapping[str, Node], reading: _Reading, report: _Report) -> Entry:
    """Read one entry, without those below it."""
    texts = {key: value.value.strip() for key, value in fields.items() if isinstance(value, Text)}
    case = _check_choice(fields, "case", ("true", "false"), report) == "true" or reading.kind == "actors"
    patterns = [
        Pattern(text.value, via, case, text.line)
        for key, via in _VIAS.items()
        for text in _read_patterns(fields.get(key), key, report)
    ]
    surname = fields.get("surname")
    if isinstance(surname, Text):
        patterns += [Pattern(text.value, "surname", case, text.line) for text in _read_patterns(surname, "surname", report)]
        if "names" not in fields:
            report.say(surname.line, f"surname {surname.value!r} without names. Required: the full name. Add it under names.")
    if not patterns and not fields.keys() & {*_VIAS, "entries"}:
        keys = ", ".join((*_VIAS, "surname") if reading.kind == "actors" else ("patterns", "entries"))
        report.say(line, f"nothing to find. Allowed: {keys}. Add at least one pattern.")
    protects = tuple(Pattern(text.value, "pattern", case, text.line) for text in _read_patterns(fields.get("not"), "not", report))
    return Entry(
        id=id,
        label=texts.get("label", ""),
        meaning=texts.get("meaning", ""),
        type=_check_choice(fields, "type", TYPES, report),
        patterns=tuple(patterns),
        protects=protects,
        rejected=_read_rejected(fields.get("rejected"), patterns, report),
        roles=_read_roles(fields.get("roles"), reading, report),
        parent=id.rpartition("/")[0],
        line=line,
        source=texts.get("source", ""),
        comment=texts.get("comment", ""),
    )


def _read_patterns(node: Node | None, key: str, report: _Report) -> list[Text]:
    """Read a list of patterns, or the one of a surname, and leave out those that are no text."""
    texts = []
    for item in node.items if isinstance(node, Items) else [] if node is None else [node]:
        if not isinstance(item, Text):
            report.say(item.line, f"{_describe(item)} stands in {key!r}. Allowed: texts. Put a text that holds ': ' into quotes.")
        elif _is_empty(item):
            report.say(item.line, f"an empty pattern stands in {key!r}. Allowed: texts. Delete it.")
        elif _is_text(item, "pattern", report):
            texts.append(item)
            for message in check_pattern(item.value):
                report.say(item.line, message)
    return texts


def _read_rejected(node: Node | None, patterns: Sequence[Pattern], report: _Report) -> dict[str, str]:
    """Read the patterns that were tried and left out, each with its reason."""
    rejected = {}
    used = {fold_pattern(pattern.text, case=pattern.case) for pattern in patterns}
    for key, value in node.pairs if isinstance(node, Pairs) else ():
        if not _is_text(key, "rejected pattern", report):
            continue
        if not isinstance(value, Text) or _is_empty(value):
            report.say(key.line, f"rejected pattern {key.value!r} has no reason. Required: a text. Write {key.value}: why.")
            continue
        if used & {fold_pattern(key.value, case=pattern.case) for pattern in patterns}:
            report.say(key.line, f"rejected pattern {key.value!r} is in use. A pattern is used or rejected. Delete one.")
        rejected[key.value] = value.value.strip()
    return rejected


def _read_roles(node: Node | None, reading: _Reading, report: _Report) -> tuple[Role, ...]:
    """Read the offices a person holds."""
    roles = []
    for item in node.items if isinstance(node, Items) else ():
        fields = _read_fields(item, _ROLE_KEYS, ("title",), report)
        texts = {key: value.value.strip() for key, value in fields.items() if isinstance(value, Text)}
        if isinstance(of := fields.get("of"), Text):
            reading.offices.append((report, of))
        days: dict[str, date] = {}
        for key in [key for key in ("from", "to") if key in texts]:
            try:
                days[key] = date.fromisoformat(texts[key])
            except ValueError:
                report.say(fields[key].line, f"{key!r} is {texts[key]!r}. Allowed: a day such as 2023-09-06. Write it so.")
        if len(days) == 2 and days["from"] > days["to"]:
            report.say(item.line, f"role from {days['from']} to {days['to']}. Allowed: from before to. Swap or correct them.")
        roles.append(Role(texts.get("title", ""), texts.get("of", ""), days.get("from"), days.get("to")))
    return tuple(roles)


def _check_doubles(entries: Sequence[Entry], kind: str, report: _Report) -> None:
    """Say which patterns stand twice in an entry with its children, or are an actor's pattern and another one's `not`."""
    seen: dict[tuple[bool, str], list[tuple[Entry, Pattern, bool]]] = {}
    for entry in entries:
        for pattern, protects in [*((p, False) for p in entry.patterns), *((p, True) for p in entry.protects)]:
            here = _Report(report.faults, entry.id)
            earlier = seen.setdefault((pattern.case, fold_pattern(pattern.text, case=pattern.case)), [])
            for other, first, other_protects in earlier:
                if other is entry:
                    as_written = "" if first.text == pattern.text else f", as {first.text!r} in line {first.line}"
                    here.say(
                        pattern.line,
                        f"pattern {pattern.text!r} appears twice{as_written}. Each pattern may appear once in an entry. Delete one.",
                    )
                elif other.id.partition("/")[0] == entry.id.partition("/")[0]:
                    rule = "Each pattern may appear once in an entry and those nested in it. Delete one."
                    here.say(pattern.line, f"pattern {pattern.text!r} stands in {other.id!r} too, line {first.line}. {rule}")
                elif kind == "actors" and protects != other_protects:
                    rule = "'not' holds for all actors, so it would never be found. Delete one."
                    here.say(
                        pattern.line,
                        f"pattern {pattern.text!r} is found for one actor and 'not' for {other.id!r}, line {first.line}. {rule}",
                    )
                else:
                    continue
                break
            earlier.append((entry, pattern, protects))


def _check_choice(fields: Mapping[str, Node], key: str, choices: Sequence[str], report: _Report) -> str:
    """Read a field that has one of a few values; "" where it is missing or wrong."""
    node = fields.get(key)
    if not isinstance(node, Text):
        return ""
    if node.value not in choices:
        report.say(node.line, f"{key} {node.value!r} is not known. {name_choices(node.value, choices)}")
        return ""
    return node.value


def _is_text(node: Node, what: str, report: _Report) -> bool:
    """Whether this is a text to every YAML reader; says so if it is none for lack of quotes."""
    if isinstance(node, Text) and node.plain and _NO_TEXT.fullmatch(node.value):
        quoted = f'"{node.value}"'
        report.say(node.line, f"{what} {node.value} is no text to YAML without quotes. Allowed: texts. Write {quoted}.")
        return False
    return isinstance(node, Text)


def _is_empty(node: Node) -> bool:
    """Whether nothing is in it."""
    return not (node.value.strip() if isinstance(node, Text) else node.items if isinstance(node, Items) else node.pairs)


def _describe(node: Node) -> str:
    """Name the shape of a node."""
    return next(f"a {name}" for name, shape in _SHAPES.items() if isinstance(node, shape))


def _say_id(line: int, id: str, report: _Report) -> None:
    """Say that an id is not well-formed."""
    report.say(line, f"id {id!r} has other characters. Allowed: letters A-Z and a-z, digits, hyphens. Rename it.")
