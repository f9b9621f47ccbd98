"""From the tree of a YAML file to a checked codebook, with all its faults at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, PositiveInt, ValidationError

from toolkit.codebooks.bodies import SLOT, SLOTS
from toolkit.codebooks.nodes import Bare, Fault, Path, Tree
from toolkit.codebooks.patterns import check_pattern, check_regex, fold_pattern
from toolkit.codebooks.records import Body, Codebook, Entry, Near, Pattern, Role
from toolkit.errors import name_choices

VIAS = {
    **{"names": "name", "aliases": "alias", "demonyms": "demonym", "metonyms": "metonym", "titles": "title"},
    **{"patterns": "pattern", "surname": "surname"},
}
_FINDERS = (*VIAS, "entries")
_ALLOWED = {  # by pydantic's name of a fault
    **{"string_type": "a text", "list_type": "a list, such as [one, two]", "tuple_type": "a list, such as [one, two]"},
    **{"dict_type": "a mapping, such as {name: value}", "model_type": "a mapping, such as {name: value}"},
    **dict.fromkeys(("float_parsing", "float_type", "finite_number"), "a number, such as -1.5"),
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float", "greater_than"), "a whole number from 1, such as 8"),
}
_ID = re.compile(r"[A-Za-z0-9-]+")


def _check_text(value: object) -> object:
    """Refuse what is a text only with quotes around it."""
    if isinstance(value, Bare):
        raise ValueError(f'{value} is not a text to YAML without quotes. Allowed: texts. Write "{value}".')
    if isinstance(value, str) and not value.strip():
        raise ValueError("a text is empty. Fill it or delete it.")
    return value


def _check_day(value: object) -> object:
    """Read a day; pydantic would also take numbers of seconds."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(f"{str(value)!r} is not a day. Allowed: a day such as 2023-09-06. Write it so.") from None


def _check_alone(text: str) -> str:
    """Refuse a pattern that can match nothing."""
    if faults := check_pattern(text):
        raise ValueError("; ".join(faults))
    return text


_Text = Annotated[str, BeforeValidator(_check_text)]
_Prose = Annotated[_Text, AfterValidator(str.strip)]
_Written = Annotated[str, AfterValidator(str.strip)]
_Day = Annotated[date | None, BeforeValidator(_check_day)]
_Names = list[Any]  # patterns, which are read one by one


class _Fields(BaseModel):
    """A mapping in a file, with the keys that it may have."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Shape = TypeVar("Shape", bound=_Fields)


class _Days(_Fields):
    start: _Day = Field(None, alias="from")
    end: _Day = Field(None, alias="to")


class _Near(_Fields):
    patterns: tuple[Annotated[_Text, AfterValidator(_check_alone)], ...]
    within: PositiveInt | None = None
    where: Literal["sentence"] = "sentence"


class _Conditions(_Fields):
    case: Literal["true", "false"] | None = None
    weight: FiniteFloat | None = None
    near: _Near | None = None
    unless_near: _Near | None = None
    valid: _Days | None = None


class _Pattern(_Conditions):
    pattern: _Text = ""
    regex: _Text = ""


class _Category(_Conditions):
    label: _Prose = ""
    meaning: _Prose = ""
    source: _Prose = ""
    comment: _Prose = ""
    patterns: _Names = []
    protects: _Names = Field([], alias="not")
    rejected: dict[_Text, _Prose] = {}


class _Frame(_Category):
    entries: dict[Any, Any] = {}


class _Actor(_Category):
    type: Literal["person", "state", "organisation", "medium", "group"] | None = None
    within: _Written = ""
    names: _Names = []
    aliases: _Names = []
    demonyms: _Names = []
    metonyms: _Names = []
    titles: _Names = []
    surname: _Text = ""
    roles: list[Any] = []


class _Either(_Actor):
    entries: dict[Any, Any] = {}


class _Role(_Days):
    title: _Prose = ""
    of: _Prose = ""


class _Body(_Fields):
    label: _Prose = ""
    patterns: _Names = []
    of: list[_Text] = []


class _File(_Fields):
    codebook: _Prose = ""
    kind: Literal["frames", "actors", "language"] | None = None
    version: _Written = ""
    licence: _Prose = ""
    source: _Prose = ""
    overlap: Literal["key", "dictionary"] | None = None
    title: _Prose = ""
    meaning: _Prose = ""
    notice: _Prose = ""
    comment: _Prose = ""
    entries: dict[Any, Any] = {}
    bodies: dict[Any, Any] = {}
    extends: _Prose = ""
    drop: list[_Text] = []


_SHAPES: Mapping[str | None, type[_Category]] = {"frames": _Frame, "language": _Frame, "actors": _Actor, None: _Either}
_PARTS: Mapping[object, type[_Fields]] = {"near": _Near, "unless_near": _Near, "valid": _Days}


@dataclass(frozen=True)
class _Reading:
    """What is handed down while a file is read; the lists grow in file order, `entry` is where we are."""

    tree: Tree
    kind: str | None
    entry: str
    bundled: bool
    entries: list[Entry]
    named: list[tuple[str, Path, str, str]]  # where an entry is named: in which entry, at which path, how it is put, and the id

    def say(self, path: Path, message: str, *, is_warning: bool = False) -> None:
        """Put down one fault."""
        self.tree.faults.append(Fault(self.tree.line(path), message, self.entry, is_warning))


def check_tree(
    tree: Tree, *, path_name: str, sha256: str, bundled: bool = False, base: Codebook | None = None
) -> tuple[Codebook, list[Fault]]:
    """Read a codebook from its YAML tree and say everything that is wrong with it.

    Args:
        tree: The tree.
        path_name: Name of the file, for the record.
        sha256: Hash of the file, for the record.
        bundled: Whether licence, source, version and meanings must be there; in a user's file a missing one is a warning.
        base: The codebook that this one extends.

    Returns:
        The codebook, with what it extends (lines 0) and before bodies are made, and the faults; usable when all are warnings.

    Example:
        >>> from toolkit.codebooks.nodes import parse_yaml
        >>> tree = parse_yaml("{codebook: war, kind: frame, version: 1, licence: CC0-1.0, source: ours, entries: {a: {label: A}}}")
        >>> check_tree(tree, path_name="war.yml", sha256="")[1][0].message
        "kind 'frame' is not known. Allowed: actors, frames, language. Did you mean 'frames'?"
    """
    reading = _Reading(tree, None, "", bundled, [], [])
    required = ("codebook", "kind") if isinstance(tree.root, dict) and "extends" in tree.root else ("codebook", "kind", "entries")
    file = _read(_File, tree.root, (), reading, required, ("version", "licence", "source"))
    if file.codebook:
        _check_id(file.codebook, ("codebook",), reading)
    reading = replace(reading, kind=file.kind)
    _read_entries(file.entries, ("entries",), "", reading)
    bodies = {str(id): _read_body(str(id), given, replace(reading, entry=f"bodies/{id}")) for id, given in file.bodies.items()}
    entries, bodies = _extend(base, {entry.id: entry for entry in reading.entries}, bodies, file, reading)
    for entry, path, how, id in reading.named:
        if id not in entries:
            replace(reading, entry=entry).say(path, f"{how} {id!r}, which is not an entry. {name_choices(id, entries)}")
    texts = ("version", "licence", "source", "title", "meaning", "notice", "comment")
    book = Codebook(
        id=file.codebook,
        kind=file.kind or "",
        overlap=file.overlap or (base.overlap if base else "dictionary" if file.kind == "actors" else "key"),
        entries=tuple(entries.values()),
        sha256=sha256,
        path_name=path_name,
        bodies=tuple(bodies.values()),
        **{key: getattr(file, key) for key in texts},
    )
    return book, tree.faults


def _extend(
    base: Codebook | None, entries: dict[str, Entry], bodies: dict[str, Body], file: _File, reading: _Reading
) -> tuple[dict[str, Entry], dict[str, Body]]:
    """Put the entries and bodies of a file over those of the codebook it extends, without those it drops."""
    old = base.entries if base else ()
    rules = {body.id: body for body in (base.bodies if base else ())}
    known = {entry.id for entry in old} | {*rules}
    for place, id in enumerate(file.drop):
        if id not in known:
            reading.say(("drop", place), f"drops {id!r}, which is not in what this extends. {name_choices(id, known)}")
        elif id in entries or id in bodies:
            reading.say(("drop", place), f"{id!r} is dropped and given. A new entry replaces the old one. Delete it from drop.")
        rules.pop(id, None)
    if base and file.kind and file.kind != base.kind:
        reading.say(("kind",), f"kind {file.kind!r} extends one of kind {base.kind!r}. Allowed: the same. Write {base.kind}.")
    kept = [entry for entry in old if not any(f"{entry.id}/".startswith(f"{id}/") for id in file.drop)]
    return {entry.id: _forget_lines(entry) for entry in kept} | entries, rules | bodies


def _forget_lines(entry: Entry) -> Entry:
    """An entry of another file, whose lines say nothing in this one."""
    patterns, protects = (tuple(replace(pattern, line=0) for pattern in group) for group in (entry.patterns, entry.protects))
    return replace(entry, line=0, patterns=patterns, protects=protects)


def _read(
    shape: type[Shape], given: Any, path: Path, reading: _Reading, required: Sequence[str] = (), wanted: Sequence[str] = ()
) -> Shape:
    """Read a mapping without the keys that are faulty, and say what is wrong with them."""
    if not isinstance(given, dict):
        keys = ", ".join(_list_keys(shape))
        reading.say(path, f"{_describe(given)} is here. Allowed: a mapping of {keys}. Write key: value.")
        return shape()
    errors = []
    try:
        fields = shape.model_validate(given)
    except ValidationError as fault:
        errors = fault.errors(include_url=False)
        faulty = {error["loc"][0] for error in errors}
        fields = shape.model_validate({key: value for key, value in given.items() if key not in faulty})
    for error in errors:
        reading.say((*path, *(step for step in error["loc"] if step != "[key]")), _say_error(error, shape))
    for key in [key for key, value in given.items() if value in ([], {}) and key in _list_keys(shape)]:
        reading.say((*path, key), f"{key!r} is empty. Fill it or delete it.")
    required, wanted = ((*required, *wanted), ()) if reading.bundled else (required, wanted)
    for key in sorted({*required} - {*given}):
        reading.say(path, f"{key!r} is missing. Required: {', '.join(required)}. Add it.")
    for key in sorted({*wanted} - {*given}):
        reading.say(path, f"{key!r} is missing. Others need it to use the codebook. Add it.", is_warning=True)
    return fields


@cache
def _list_keys(shape: type[_Fields]) -> tuple[str, ...]:
    """List the keys that a mapping may have."""
    return tuple(field.alias or name for name, field in shape.model_fields.items())


def _say_error(error: Mapping[str, Any], shape: type[_Fields]) -> str:
    """Say a fault that pydantic found: what was found, what is allowed, what to do."""
    steps, found, kind = error["loc"], error["input"], error["type"]
    key = next(step for step in reversed(steps) if isinstance(step, str) and step != "[key]")
    if kind == "extra_forbidden":
        return f"unknown key {str(key)!r}. {name_choices(key, _list_keys(_PARTS.get(steps[-2], shape) if len(steps) > 1 else shape))}"
    if kind == "missing":
        return f"{key!r} is missing. Add it."
    if isinstance(found, str) and not found.strip():
        return f"{key!r} is empty. Fill it or delete it."
    if kind == "literal_error" and isinstance(found, str):
        choices = re.findall("'(.*?)'", error["ctx"]["expected"])
        return f"{key} {str(found)!r} is not known. {name_choices(found, choices)}"
    if kind == "value_error":
        return f"{key!r}: {error['ctx']['error']}"
    is_value = isinstance(found, str) and kind.partition("_")[0] not in ("list", "tuple", "dict", "model")
    return f"{key!r} is {repr(str(found)) if is_value else _describe(found)}. Allowed: {_ALLOWED.get(kind, 'a text')}. Write it so."


def _read_entries(given: Mapping[Any, Any], path: Path, parent: str, reading: _Reading) -> None:
    """Read the entries of a mapping and, below each, its own."""
    wanted = () if reading.kind in ("actors", None) else ("meaning",)  # without it a codebook can be used, but not by others
    required = ("label", "type") if reading.kind == "actors" else ("label",) if reading.kind else ()
    shape = _SHAPES[reading.kind]
    for key, value in given.items():
        id = f"{parent}/{key}" if parent else str(key)
        here, below = replace(reading, entry=id), (*path, key)
        _check_id(key, below, here)
        fields = _read(shape, value, below, here, required, wanted)
        if isinstance(value, dict) and not {*value} & {*_FINDERS}.intersection(_list_keys(shape)):
            here.say(below, f"nothing to find. Allowed: {', '.join(f for f in _FINDERS if f in _list_keys(shape))}. Add one of them.")
        if isinstance(value, dict):
            reading.entries.append(_read_entry(fields, below, parent, here))
        _read_entries(getattr(fields, "entries", {}), (*below, "entries"), id, reading)


def _read_entry(fields: _Category, path: Path, parent: str, reading: _Reading) -> Entry:
    """Read one entry, without those below it."""
    line = reading.tree.line(path)
    plain = Pattern("", "pattern", reading.kind == "actors", line)
    base = _add_conditions(plain, fields, path, reading)
    actor = fields if isinstance(fields, _Actor) else _Actor()
    patterns = []
    for key, via in VIAS.items():
        listed = getattr(fields, key, None) or []
        patterns += _read_patterns([listed] if isinstance(listed, str) else listed, (*path, key), replace(base, via=via), reading)
    if actor.surname and not actor.names:
        reading.say((*path, "surname"), "'surname' without names. Required: the full name. Add it under names.")
    if actor.within:
        reading.named.append((reading.entry, (*path, "within"), "within", actor.within))
    for text in fields.rejected:
        if any(fold_pattern(text, case=used.case) == fold_pattern(used.text, case=used.case) for used in patterns):
            message = f"rejected pattern {text!r} is in use. A pattern is used or rejected. Delete one."
            reading.say((*path, "rejected", text), message)
    return Entry(
        id=reading.entry,
        type=actor.type or "",
        patterns=tuple(patterns),
        protects=tuple(_read_patterns(fields.protects, (*path, "not"), replace(plain, case=base.case), reading)),
        rejected=fields.rejected,
        roles=tuple(_read_role(role, (*path, "roles", place), reading) for place, role in enumerate(actor.roles)),
        parent=parent,
        line=line,
        within=actor.within,
        **{key: getattr(fields, key) for key in ("label", "meaning", "source", "comment")},
    )


def _read_patterns(given: Sequence[Any], path: Path, base: Pattern, reading: _Reading) -> list[Pattern]:
    """Read a list of patterns on top of what holds for all of them; leave out those that are faulty."""
    patterns = []
    for place, item in enumerate(given):
        at = path if path[-1] == "surname" else (*path, place)
        here, text, is_regex = replace(base, line=reading.tree.line(at)), item, False
        if isinstance(item, dict) and ("pattern" in item or "regex" in item):
            if "pattern" in item and "regex" in item:
                reading.say(at, "'pattern' and 'regex' in one. Allowed: one of them. Write two patterns.")
            fields = _read(_Pattern, item, at, reading)
            is_regex, text = "pattern" not in item, fields.pattern or fields.regex
            here = _add_conditions(here, fields, at, reading)
        elif not isinstance(item, str):
            allowed = "texts, or mappings with 'pattern' or 'regex'. Put a text that contains ': ' into quotes."
            reading.say(at, f"{_describe(item)} is in {path[-1]!r}. Allowed: {allowed}")
            continue
        messages = _check(text, is_regex=is_regex) if text or not isinstance(item, dict) else [""]
        for message in filter(None, messages):
            reading.say(at, message)
        patterns += [replace(here, text=text, is_regex=is_regex)] * (not messages)
    return patterns


def _check(text: str, *, is_regex: bool) -> list[str]:
    """Say why the text of a pattern cannot be used."""
    try:
        _check_text(text)
    except ValueError as fault:
        return [f"pattern {fault}" if isinstance(text, Bare) else "a pattern is empty. Delete it."]
    return check_regex(text) if is_regex else check_pattern(text)


def _add_conditions(base: Pattern, fields: _Conditions, path: Path, reading: _Reading) -> Pattern:
    """Say when a pattern counts, and for how much; what the fields do not say stays as in its entry."""
    changes: dict[str, Any] = {}
    if fields.case is not None:
        changes["case"] = fields.case == "true"
    if fields.weight is not None:
        changes["weight"] = fields.weight
    if fields.near or fields.unless_near:
        own = {near.negated: near for near in base.near}
        for negated, given in ((False, fields.near), (True, fields.unless_near)):
            if given:
                own[negated] = Near(given.patterns, given.within, negated)
        changes["near"] = tuple(own[negated] for negated in sorted(own))
    if fields.valid:
        _check_order(fields.valid, "valid", (*path, "valid"), reading)
        changes |= {"start": fields.valid.start, "end": fields.valid.end}
    return replace(base, **changes) if changes else base


def _read_role(given: Any, path: Path, reading: _Reading) -> Role:
    """Read an office that a person holds."""
    fields = _read(_Role, given, path, reading, ("title",) if isinstance(given, dict) else ())
    if fields.of:
        reading.named.append((reading.entry, path, "role of", fields.of))
    _check_order(fields, "role", path, reading)
    return Role(fields.title, fields.of, fields.start, fields.end)


def _read_body(id: str, given: Any, reading: _Reading) -> Body:
    """Read a rule for a body that states have."""
    path: Path = ("bodies", id)
    _check_id(id, path, reading)
    if reading.kind != "actors":
        reading.say(path, f"a body in a codebook of {reading.kind or 'no kind'}. Allowed: in one of actors. Delete it.")
    fields = _read(_Body, given, path, reading, ("label", "patterns"))
    line = reading.tree.line(path)
    patterns = _read_patterns(fields.patterns, (*path, "patterns"), Pattern("", "name", True, line), reading)
    odd = [pattern for pattern in patterns if SLOT.findall(pattern.text) not in ([slot] for slot in SLOTS)]
    for pattern in odd:
        allowed = ", ".join(f"{{{slot}}}" for slot in SLOTS)
        reading.say(path, f"pattern {pattern.text!r} does not name its state exactly once. Allowed: one of {allowed}. Write one.")
    reading.named.extend((reading.entry, (*path, "of", place), "body of", of) for place, of in enumerate(fields.of))
    return Body(id, fields.label, tuple(pattern for pattern in patterns if pattern not in odd), tuple(fields.of), line)


def _check_order(days: _Days, what: str, path: Path, reading: _Reading) -> None:
    """Say that a first day is after the last one."""
    if days.start and days.end and days.start > days.end:
        reading.say(path, f"{what} from {days.start} to {days.end}. Allowed: from no later than to. Correct one.")


def _check_id(id: str, path: Path, reading: _Reading) -> None:
    """Say that an id is not well-formed."""
    if isinstance(id, Bare):
        reading.say(path, f'id {id} is not a text to YAML without quotes. Allowed: texts. Write "{id}".')
    elif not _ID.fullmatch(id):
        reading.say(path, f"id {id!r} has other characters. Allowed: letters A-Z and a-z, digits, hyphens. Rename it.")


def _describe(given: object) -> str:
    """Name the shape of a value."""
    if given is None or given == "" or given == [] or given == {}:
        return "nothing"
    return "a mapping" if isinstance(given, dict) else "a list" if isinstance(given, list) else "a text"
