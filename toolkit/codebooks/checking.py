"""From a tree of YAML nodes to a checked codebook, with all its faults at once."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from toolkit.codebooks.bodies import SLOT, SLOTS
from toolkit.codebooks.nodes import NO_TEXT, Fault, Items, Node, Pairs, Text
from toolkit.codebooks.patterns import check_pattern, check_regex, fold_pattern
from toolkit.codebooks.records import KINDS, OVERLAPS, TYPES, Body, Codebook, Entry, Near, Pattern, Role
from toolkit.errors import name_choices

_SHAPES = {"text": Text, "list": Items, "mapping": Pairs}
_HOW = {"text": "Write {}: some text.", "list": "Write {}: [one, two].", "mapping": "Write {}: {{name: value}}."}
VIAS = {
    **{"names": "name", "aliases": "alias", "demonyms": "demonym", "metonyms": "metonym", "titles": "title"},
    **{"patterns": "pattern", "surname": "surname"},
}
_LISTS = tuple(key for key in VIAS if key != "surname")
_TEXTS = ("label", "meaning", "source", "comment")
_FILE_TEXTS = ("codebook", "version", "licence", "source", "title", "meaning", "notice", "comment")
_FILE_KEYS = {
    **dict.fromkeys((*_FILE_TEXTS, "kind", "overlap"), "text"),
    **{"entries": "mapping", "bodies": "mapping", "extends": "text", "drop": "list"},
}
_CONDITION_KEYS = {
    **dict.fromkeys(("case", "weight"), "text"),
    **dict.fromkeys(("near", "unless_near", "valid"), "mapping"),
}
_PATTERN_KEYS = {"pattern": "text", "regex": "text", **_CONDITION_KEYS}
_NEAR_KEYS = {"patterns": "list", "within": "text", "where": "text"}
_DAY_KEYS = dict.fromkeys(("from", "to"), "text")
_FRAME_KEYS = {
    **dict.fromkeys(_TEXTS, "text"),
    **_CONDITION_KEYS,
    **{"patterns": "list", "not": "list", "rejected": "mapping", "entries": "mapping"},
}
_ACTOR_KEYS = {
    **dict.fromkeys((*_TEXTS, "type", "surname", "within"), "text"),
    **_CONDITION_KEYS,
    **dict.fromkeys((*_LISTS, "not", "roles"), "list"),
    **{"rejected": "mapping"},
}
_ROLE_KEYS = {**dict.fromkeys(("title", "of"), "text"), **_DAY_KEYS}
_BODY_KEYS = {"label": "text", "patterns": "list", "of": "list"}
_ENTRY_KEYS = {"frames": _FRAME_KEYS, "language": _FRAME_KEYS, "actors": _ACTOR_KEYS}
_REQUIRED = {"frames": ("label",), "language": ("label",), "actors": ("label", "type")}
_WANTED = {"frames": ("meaning",), "language": ("meaning",)}  # without these a codebook can be used, but not by others

_ID = re.compile(r"[A-Za-z0-9-]+")
_AS_WRITTEN = ("version", "case", "from", "to", "within", "weight")  # fields that hold such a thing


@dataclass(frozen=True)
class _Reading:
    """What is handed down while a file is read; the lists grow in file order, `entry` is where we are."""

    kind: str
    entry: str
    bundled: bool
    faults: list[Fault]
    entries: list[Entry]
    named: list[tuple[str, str, Text]]  # where an entry is named in another one: that one, how it is put, and the id

    def say(self, line: int, message: str, *, is_warning: bool = False) -> None:
        """Put down one fault."""
        self.faults.append(Fault(line, message, self.entry, is_warning))


def check_nodes(
    root: Node, *, path_name: str, sha256: str, bundled: bool = False, base: Codebook | None = None
) -> tuple[Codebook, list[Fault]]:
    """Read a codebook from its YAML tree and say everything that is wrong with it.

    Args:
        root: The tree.
        path_name: Name of the file, for the record.
        sha256: Hash of the file, for the record.
        bundled: Whether licence, source, version and meanings must be there; in a user's file a missing one is a warning.
        base: The codebook that this one extends.

    Returns:
        The codebook, with what it extends (lines 0) and before bodies are made, and the faults; of use when none is more than a warning.

    Example:
        >>> from toolkit.codebooks.nodes import parse_nodes
        >>> root, _ = parse_nodes("{codebook: war, kind: frame, version: 1, licence: CC0-1.0, source: ours, entries: {a: {label: A}}}")
        >>> check_nodes(root, path_name="war.yml", sha256="")[1][0].message
        "kind 'frame' is not known. Allowed: actors, frames, language. Did you mean 'frames'?"
    """
    reading = _Reading("", "", bundled, [], [], [])
    is_whole = not (isinstance(root, Pairs) and any(key.value == "extends" for key, _ in root.pairs))
    required = ("codebook", "kind", *(["entries"] if is_whole else []))
    fields = _read_fields(root, _FILE_KEYS, required, reading, wanted=("version", "licence", "source"))
    texts = _join_texts(fields, *_FILE_TEXTS)
    if "codebook" in fields:
        _check_id(texts["codebook"], fields["codebook"].line, reading)
    kind = _read_choice(fields, "kind", KINDS, reading)
    overlap = _read_choice(fields, "overlap", OVERLAPS, reading)
    _read_entries(fields.get("entries"), "", replace(reading, kind=kind))
    bodies = {body.id: body for body in _read_bodies(fields.get("bodies"), replace(reading, kind=kind))}
    entries, bodies = _extend(base, {entry.id: entry for entry in reading.entries}, bodies, fields, reading)
    known = {*entries}
    for entry, how, id in reading.named:
        if id.value not in known:
            replace(reading, entry=entry).say(id.line, f"{how} {id.value!r}, which is no entry. {name_choices(id.value, known)}")
    book = Codebook(
        id=texts.pop("codebook"),
        kind=kind,
        overlap=overlap or (base.overlap if base else "dictionary" if kind == "actors" else "key"),
        entries=tuple(entries.values()),
        sha256=sha256,
        path_name=path_name,
        bodies=tuple(bodies.values()),
        **texts,  # type: ignore[arg-type]  # its texts alone
    )
    return book, reading.faults


def _extend(
    base: Codebook | None, entries: dict[str, Entry], bodies: dict[str, Body], fields: Mapping[str, Node], reading: _Reading
) -> tuple[dict[str, Entry], dict[str, Body]]:
    """Put the entries and bodies of a file over those of the codebook it extends, without those it drops."""
    drop = _list_texts(fields.get("drop"), "drop", reading)
    old = base.entries if base else ()
    rules = {body.id: body for body in (base.bodies if base else ())}
    known = {entry.id for entry in old} | {*rules}
    for id in drop:
        if id.value not in known:
            reading.say(id.line, f"drops {id.value!r}, which is not in what this extends. {name_choices(id.value, known)}")
        elif id.value in entries or id.value in bodies:
            reading.say(id.line, f"{id.value!r} is dropped and given. A new entry takes the old one's place. Delete it from drop.")
        rules.pop(id.value, None)
    if base and isinstance(kind := fields.get("kind"), Text) and kind.value != base.kind:
        reading.say(kind.line, f"kind {kind.value!r} extends one of kind {base.kind!r}. Allowed: the same. Write {base.kind}.")
    kept = [entry for entry in old if not any(f"{entry.id}/".startswith(f"{id.value}/") for id in drop)]
    return {entry.id: _forget_lines(entry) for entry in kept} | entries, rules | bodies


def _forget_lines(entry: Entry) -> Entry:
    """An entry of another file, whose lines say nothing in this one."""
    patterns, protects = (tuple(replace(pattern, line=0) for pattern in group) for group in (entry.patterns, entry.protects))
    return replace(entry, line=0, patterns=patterns, protects=protects)


def _read_fields(
    node: Node, shapes: Mapping[str, str], required: Sequence[str], reading: _Reading, *, wanted: Sequence[str] = ()
) -> dict[str, Node]:
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
    named = {key.value for key, _ in node.pairs}
    required, wanted = ((*required, *wanted), ()) if reading.bundled else (required, wanted)
    for missing in sorted({*required} - named):
        reading.say(node.line, f"{missing!r} is missing. Required: {', '.join(required)}. Add it.")
    for missing in sorted({*wanted} - named):
        reading.say(node.line, f"{missing!r} is missing. Others need it to use the codebook. Add it.", is_warning=True)
    return fields


def _read_entries(node: Node | None, parent: str, reading: _Reading) -> None:
    """Read the entries of a mapping and, below each, its own."""
    for key, value in node.pairs if isinstance(node, Pairs) else ():
        id = f"{parent}/{key.value}" if parent else key.value
        here = replace(reading, entry=id)
        if _is_text(key, "id", here):
            _check_id(key.value, key.line, here)
        shapes = _ENTRY_KEYS.get(reading.kind, _FRAME_KEYS | _ACTOR_KEYS)
        required, wanted = _REQUIRED.get(reading.kind, ()), _WANTED.get(reading.kind, ())
        fields = _read_fields(replace(value, line=key.line), shapes, required, here, wanted=wanted)
        if isinstance(value, Pairs):
            finders = [finder for finder in (*VIAS, "entries") if finder in shapes]
            if not {given.value for given, _ in value.pairs} & {*finders}:
                here.say(key.line, f"nothing to find. Allowed: {', '.join(finders)}. Add one of them.")
            reading.entries.append(_read_entry(parent, key.line, fields, here))
            _read_entries(fields.get("entries"), id, reading)


def _read_entry(parent: str, line: int, fields: Mapping[str, Node], reading: _Reading) -> Entry:
    """Read one entry, without those below it."""
    plain = Pattern("", "pattern", reading.kind == "actors", line)
    base = _read_conditions(fields, plain, reading)
    patterns = [pattern for key, via in VIAS.items() for pattern in _read_patterns(fields.get(key), key, replace(base, via=via), reading)]
    if "surname" in fields and "names" not in fields:
        reading.say(fields["surname"].line, "'surname' without names. Required: the full name. Add it under names.")
    if isinstance(within := fields.get("within"), Text):
        reading.named.append((reading.entry, "within", within))
    return Entry(
        id=reading.entry,
        type=_read_choice(fields, "type", TYPES, reading),
        patterns=tuple(patterns),
        protects=tuple(_read_patterns(fields.get("not"), "not", replace(plain, case=base.case), reading)),
        rejected=_read_rejected(fields.get("rejected"), patterns, reading),
        roles=_read_roles(fields.get("roles"), reading),
        parent=parent,
        line=line,
        **_join_texts(fields, *_TEXTS, "within"),
    )


def _read_patterns(node: Node | None, key: str, base: Pattern, reading: _Reading) -> list[Pattern]:
    """Read a list of patterns, or the one of a surname, on top of what holds for all of them; leave out those that are none."""
    patterns = []
    for item in node.items if isinstance(node, Items) else [node] if node else []:
        here, text, is_regex = replace(base, line=item.line), item, False
        if isinstance(item, Pairs) and {given.value for given, _ in item.pairs} & {"pattern", "regex"}:
            fields = _read_fields(item, _PATTERN_KEYS, (), reading)
            if "pattern" in fields and "regex" in fields:
                reading.say(item.line, "'pattern' and 'regex' in one. Allowed: one of them. Write two patterns.")
            is_regex = "pattern" not in fields
            text = fields.get("regex" if is_regex else "pattern", item)
            here = _read_conditions(fields, here, reading)
        elif not isinstance(item, Text):
            allowed = "texts, or mappings with 'pattern' or 'regex'. Put a text that holds ': ' into quotes."
            reading.say(item.line, f"{_describe(item)} stands in {key!r}. Allowed: {allowed}")
        if isinstance(text, Text) and _is_text(text, "pattern", reading):
            messages = check_regex(text.value) if is_regex else check_pattern(text.value)
            for message in messages:
                reading.say(item.line, message)
            patterns += [replace(here, text=text.value, is_regex=is_regex)] * (not messages)
    return patterns


def _read_conditions(fields: Mapping[str, Node], base: Pattern, reading: _Reading) -> Pattern:
    """Read when a pattern counts, and for how much; what the fields do not say stays as in its entry."""
    near = [
        given
        for key, negated in (("near", False), ("unless_near", True))
        for given in ([_read_near(fields[key], key, reading)] if key in fields else [own for own in base.near if own.negated == negated])
    ]
    case, weight = _read_choice(fields, "case", ("false", "true"), reading), _read_number(fields, "weight", reading)
    start, end = base.start, base.end
    if "valid" in fields:
        days = _read_fields(fields["valid"], _DAY_KEYS, (), reading)
        start, end = _read_days(days, "valid", fields["valid"].line, reading)
    return replace(
        base,
        case=case == "true" if case else base.case,
        weight=base.weight if weight is None else weight,
        near=tuple(near),
        start=start,
        end=end,
    )


def _read_near(node: Node, key: str, reading: _Reading) -> Near:
    """Read what must, or must not, stand near in the same sentence."""
    fields = _read_fields(node, _NEAR_KEYS, ("patterns",), reading)
    _read_choice(fields, "where", ("sentence",), reading)
    within = _read_number(fields, "within", reading, whole=True)
    texts = []
    for item in listed.items if isinstance(listed := fields.get("patterns"), Items) else ():
        if not isinstance(item, Text):
            reading.say(item.line, f"{_describe(item)} stands in the patterns of {key!r}. Allowed: texts. Write a text.")
        elif _is_text(item, "pattern", reading):
            texts.append(item.value)
            for message in check_pattern(item.value):
                reading.say(item.line, message)
    return Near(tuple(texts), None if within is None else int(within), negated=key == "unless_near")


def _read_number(fields: Mapping[str, Node], key: str, reading: _Reading, *, whole: bool = False) -> float | None:
    """Read a number, or a whole one from 1; None where there is none."""
    if not isinstance(node := fields.get(key), Text):
        return None
    try:
        number = float(node.value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or (whole and (number < 1 or number % 1)):
        allowed = "a whole number of words from 1, such as 8" if whole else "a number, such as -1.5"
        reading.say(node.line, f"{key!r} is {node.value!r}. Allowed: {allowed}. Write it so.")
        return None
    return number


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
        texts = _join_texts(fields, "title", "of")
        if isinstance(of := fields.get("of"), Text):
            reading.named.append((reading.entry, "role of", of))
        roles.append(Role(texts["title"], texts["of"], *_read_days(fields, "role", item.line, reading)))
    return tuple(roles)


def _read_bodies(node: Node | None, reading: _Reading) -> tuple[Body, ...]:
    """Read the rules for bodies that states have."""
    bodies = []
    for key, value in node.pairs if isinstance(node, Pairs) else ():
        here = replace(reading, entry=f"bodies/{key.value}")
        _check_id(key.value, key.line, here)
        if reading.kind != "actors":
            here.say(key.line, f"a body in a codebook of {reading.kind or 'no kind'}. Allowed: in one of actors. Delete it.")
        fields = _read_fields(replace(value, line=key.line), _BODY_KEYS, ("label", "patterns"), here)
        patterns = _read_patterns(fields.get("patterns"), "patterns", Pattern("", "name", True, key.line), here)
        odd = [pattern for pattern in patterns if SLOT.findall(pattern.text) not in ([slot] for slot in SLOTS)]
        for pattern in odd:
            allowed = ", ".join(f"{{{slot}}}" for slot in SLOTS)
            here.say(pattern.line, f"pattern {pattern.text!r} has not one place for its state. Allowed: one of {allowed}. Write one.")
        of = _list_texts(fields.get("of"), "of", here)
        reading.named.extend((here.entry, "body of", id) for id in of)
        good = tuple(pattern for pattern in patterns if pattern not in odd)
        bodies.append(Body(key.value, _join_texts(fields, "label")["label"], good, tuple(id.value for id in of), key.line))
    return tuple(bodies)


def _read_days(fields: Mapping[str, Node], what: str, line: int, reading: _Reading) -> tuple[date | None, date | None]:
    """Read a first and a last day, None where there is none."""
    days: dict[str, date | None] = {"from": None, "to": None}
    for key, text in _join_texts(fields, *days).items():
        try:
            days[key] = date.fromisoformat(text) if text else None
        except ValueError:
            reading.say(fields[key].line, f"{key!r} is {text!r}. Allowed: a day such as 2023-09-06. Write it so.")
    start, end = days["from"], days["to"]
    if start and end and start > end:
        reading.say(line, f"{what} from {start} to {end}. Allowed: from no later than to. Correct one.")
    return start, end


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


def _list_texts(node: Node | None, key: str, reading: _Reading) -> list[Text]:
    """Take the texts of a list; say what else is in it."""
    items = node.items if isinstance(node, Items) else ()
    for item in items:
        if not isinstance(item, Text):
            reading.say(item.line, f"{_describe(item)} stands in {key!r}. Allowed: texts. Write a text.")
    return [item for item in items if isinstance(item, Text) and _is_text(item, "id", reading)]


def _is_text(node: Node, what: str, reading: _Reading) -> bool:
    """Whether this is a text to every YAML reader; says so if it is none, for lack of quotes or of anything."""
    if not isinstance(node, Text):
        return False
    if _is_empty(node):
        reading.say(node.line, f"{what} is empty. Allowed: a text. Delete it.")
        return False
    if node.plain and NO_TEXT.fullmatch(node.value):
        reading.say(node.line, f'{what} {node.value} is no text to YAML without quotes. Allowed: texts. Write "{node.value}".')
        return False
    return True


def _is_empty(node: Node) -> bool:
    """Whether nothing is in it."""
    return not (node.value.strip() if isinstance(node, Text) else node.items if isinstance(node, Items) else node.pairs)


def _describe(node: Node) -> str:
    """Name the shape of a node."""
    return "nothing" if _is_empty(node) else next(f"a {name}" for name, shape in _SHAPES.items() if isinstance(node, shape))
