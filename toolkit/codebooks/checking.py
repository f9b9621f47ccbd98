"""From the tree of a YAML file to a checked codebook, with all its faults at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, FiniteFloat, PositiveInt, ValidationError, model_validator

from toolkit.codebooks.bodies import SLOT, SLOTS
from toolkit.codebooks.nodes import Bare, Path, Tree
from toolkit.codebooks.patterns import check_pattern, check_regex, fold_pattern
from toolkit.codebooks.records import Body, Codebook, Entry, Near, Pattern, Role
from toolkit.errors import name_choices

VIAS = {
    **{"names": "name", "aliases": "alias", "demonyms": "demonym", "metonyms": "metonym", "titles": "title"},
    **{"patterns": "pattern", "surname": "surname"},
}
_WANTED = ("version", "licence", "source")  # without these a codebook can be used, but not by others
_FILLERS = {"kind": "frames", "type": "group", "patterns": ["{name}"], "entries": {"none": {"label": "none", "type": "group"}}}
_ALLOWED = {  # by the key, or by pydantic's name of a fault
    **dict.fromkeys(("from", "to"), "a day, such as 2023-09-06"),
    **dict.fromkeys(("list_type", "tuple_type"), "a list, such as [one, two]"),
    **dict.fromkeys(("dict_type", "model_type"), "a mapping, such as {name: value}"),
    **dict.fromkeys(("float_parsing", "float_type", "finite_number"), "a number, such as -1.5"),
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float", "greater_than"), "a whole number from 1, such as 8"),
}


def _check_text(value: object) -> object:
    """Refuse what is a text only with quotes around it."""
    if isinstance(value, Bare):
        raise ValueError(f'YAML does not read {value} as a text. Put it in quotes: "{value}".')
    return value


def _hold(check: Callable[[str], list[str]]) -> AfterValidator:
    """Refuse texts in which a check finds faults."""

    def run(text: str) -> str:
        if faults := check(text):
            raise ValueError(" ".join(faults))
        return text

    return AfterValidator(run)


def _read_item(item: object) -> object:
    """Write a pattern that is only a text as a mapping."""
    if not isinstance(item, str) and not (isinstance(item, dict) and len(item.keys() & {"pattern", "regex"}) == 1):
        allowed = "a text, or a mapping with either 'pattern' or 'regex'. Put a text that contains ': ' in quotes."
        raise ValueError(f"{_describe(item)} is here. Allowed: {allowed}")
    return {"pattern": item} if isinstance(item, str) else item


class _Fields(BaseModel, extra="forbid"):
    """A mapping in a file, with the keys that it may have."""


_Day = Annotated[date | None, BeforeValidator(lambda text: date.fromisoformat(str(text)))]  # pydantic takes seconds too
_Raw = Annotated[str, Field(min_length=1), AfterValidator(str.strip)]
_Text = Annotated[_Raw, BeforeValidator(_check_text)]
_Id = Annotated[str, Field(pattern="^[A-Za-z0-9-]+$"), BeforeValidator(_check_text)]
_Word = Annotated[str, Field(min_length=1), BeforeValidator(_check_text), _hold(check_pattern)]


class _Days(_Fields):
    """A first and a last day."""

    start: _Day = Field(None, alias="from")
    end: _Day = Field(None, alias="to")

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"from {self.start} to {self.end}. Allowed: from no later than to. Correct one.")
        return self


class _Near(_Fields):
    patterns: list[_Word | None]
    within: PositiveInt | None = None
    where: Literal["sentence"] = "sentence"


class _Conditions(_Fields):
    case: Literal["true", "false"] | None = None
    weight: FiniteFloat | None = None
    near: _Near | None = None
    unless_near: _Near | None = None
    valid: _Days | None = None


class _Pattern(_Conditions):
    pattern: _Word = ""
    regex: Annotated[str, Field(min_length=1), BeforeValidator(_check_text), _hold(check_regex)] = ""


def _check_slot(item: _Pattern) -> _Pattern:
    """Refuse a pattern of a body without one place for the state."""
    if SLOT.findall(item.pattern) not in ([slot] for slot in SLOTS):
        raise ValueError(f"pattern {item.pattern!r} must have one place for its state. Allowed: one of {{name}}, {{demonym}}, {{metonym}}.")
    return item


_Item = Annotated[_Pattern, BeforeValidator(_read_item)]
_Items = Annotated[list[_Item | None], Field(min_length=1)]  # None: was faulty
_Ids = Annotated[list[_Text | None], Field(min_length=1)]


class _Category(_Conditions):
    label: _Text
    meaning: _Text = ""
    source: _Text = ""
    comment: _Text = ""
    patterns: _Items = []
    protects: _Items = Field([], alias="not")
    rejected: Annotated[dict[_Text, _Text], Field(min_length=1)] = {}


class _Frame(_Category):
    entries: Annotated[dict[_Id, _Frame], Field(min_length=1)] = {}


class _Role(_Days):
    title: _Text
    of: _Raw = ""


class _Actor(_Category):
    type: Literal["person", "state", "organisation", "medium", "group"]
    within: _Raw = ""
    names: _Items = []
    aliases: _Items = []
    demonyms: _Items = []
    metonyms: _Items = []
    titles: _Items = []
    surname: _Word = ""
    roles: Annotated[list[_Role | None], Field(min_length=1)] = []


class _Body(_Fields):
    label: _Text
    patterns: list[Annotated[_Item, AfterValidator(_check_slot)] | None]
    of: _Ids = []


class _File(_Fields):
    codebook: _Id
    kind: Literal["frames", "actors", "language"]
    version: _Raw = ""
    licence: _Text = ""
    source: _Text = ""
    overlap: Literal["key", "dictionary"] | None = None
    title: _Text = ""
    meaning: _Text = ""
    notice: _Text = ""
    comment: _Text = ""
    entries: Annotated[dict[_Id, Any], Field(min_length=1)] = {}
    extends: _Text = ""
    drop: _Ids = []


class _Frames(_File):
    entries: Annotated[dict[_Id, _Frame], Field(min_length=1)] = {}


class _Actors(_File):
    entries: Annotated[dict[_Id, _Actor], Field(min_length=1)] = {}
    bodies: Annotated[dict[_Id, _Body], Field(min_length=1)] = {}


_FILES: Mapping[object, type[_File]] = {"frames": _Frames, "language": _Frames, "actors": _Actors}
_PARTS: dict[object, type[_Fields]] = {"near": _Near, "unless_near": _Near, "valid": _Days, "roles": _Role, "bodies": _Body}


def check_tree(tree: Tree, *, path_name: str, sha256: str, base: Codebook | None = None) -> Codebook:
    """Read a codebook from its YAML tree and add everything that is wrong with it to the tree's faults.

    Args:
        tree: The tree; what is faulty is taken out of it.
        path_name: Name of the file, for the record.
        sha256: Hash of the file, for the record.
        base: The codebook that this one extends.

    Returns:
        The codebook, with what it extends (lines 0) and before bodies are made; usable when all faults are warnings.

    Example:
        >>> from toolkit.codebooks.nodes import parse_yaml
        >>> tree = parse_yaml("{codebook: war, kind: frame, version: 1, licence: CC0-1.0, source: ours, entries: {a: {label: A}}}")
        >>> book = check_tree(tree, path_name="war.yml", sha256="")
        >>> tree.faults[0].message
        "kind 'frame' is not known. Allowed: actors, frames, language. Did you mean 'frames'?"
    """
    file = _validate(tree)
    _want(tree, (), _WANTED, file)
    if not {"entries", "extends"} & file.model_fields_set and not {("entries",), ("extends",)} & tree.faulty:
        tree.say((), "'entries' is missing. Add it, or extend another codebook.")
    made = _make_entries(file.entries if type(file) is not _File else {}, ("entries",), "", tree)
    bodies = {id: _make_body(id, body, tree) for id, body in getattr(file, "bodies", {}).items()}
    entries, bodies = _extend(base, {entry.id: entry for entry in made}, bodies, file, tree)
    for path, how, id in _list_named(file):
        if id not in entries:
            tree.say(path, f"{how} {id!r}, which is not an entry. {name_choices(id, entries)}")
    return Codebook(
        id=file.codebook,
        overlap=file.overlap or (base.overlap if base else "dictionary" if file.kind == "actors" else "key"),
        entries=tuple(entries.values()),
        sha256=sha256,
        path_name=path_name,
        bodies=tuple(bodies.values()),
        **file.model_dump(include={"kind", "title", "meaning", "notice", "comment", *_WANTED}),
    )


def _validate(tree: Tree) -> _File:
    """Read a file without what is faulty in it, and say what that is."""
    if not isinstance(tree.root, dict):
        tree.say((), f"the file is {_describe(tree.root)}. Allowed: a mapping. Write codebook: and kind: first.")
        tree.root = {key: _FILLERS.get(key, "none") for key in ("codebook", "kind", "extends", *_WANTED)}
    shape = _FILES.get(str(tree.root.get("kind")), _File)
    while True:
        try:
            return shape.model_validate(tree.root)
        except ValidationError as fault:
            errors = [(tuple(step for step in error["loc"] if step != "[key]"), error) for error in fault.errors(include_url=False)]
        for path, error in errors:
            emptied = error["type"] == "too_short" and any(part[: len(path)] == path for part in tree.faulty)
            if path not in tree.faulty and not emptied:
                tree.say(path, _say_error(error, path, shape))
        for path, error in sorted(errors, key=lambda pair: -len(pair[0])):  # what is inside first
            tree.faulty.add(path)
            _mend(tree.root, path, is_missing=error["type"] == "missing")


def _mend(around: Any, path: Sequence[Any], *, is_missing: bool) -> None:
    """Take what is faulty out of a tree; put something in where it must not be missing."""
    step, *rest = path
    inside = around[step] if isinstance(around, list) else around.get(step)
    is_item = isinstance(around, list) and rest in (["pattern"], ["regex"])
    if rest and isinstance(inside, dict | list) and not is_item:
        _mend(inside, rest, is_missing=is_missing)
    elif isinstance(around, list):
        around[step] = None  # so that the others keep their places
    elif is_missing:
        around[step] = _FILLERS.get(step, "none")
    else:
        around.pop(step, None)


def _say_error(error: Mapping[str, Any], path: Path, shape: type[_File]) -> str:
    """Say a fault that pydantic found: what was found, what is allowed, what to do."""
    kind, found, key = error["type"], error["input"], next(step for step in reversed(path) if isinstance(step, str))
    if kind == "extra_forbidden":
        return f"unknown key {key!r}. {name_choices(key, _list_keys(path, shape))}"
    if kind == "missing":
        return f"{key!r} is missing. Add it."
    if _describe(found) == "nothing" or "too_short" in kind:
        return f"{key!r} is empty. Fill it or delete it."
    if kind == "string_pattern_mismatch":
        return f"id {found!r} has other characters. Allowed: letters A-Z and a-z, digits, hyphens. Rename it."
    if kind == "literal_error" and isinstance(found, str):
        choices = re.findall("'(.*?)'", error["ctx"]["expected"])
        return f"{key} {str(found)!r} is not known. {name_choices(found, choices)}"
    if kind == "value_error" and key not in _ALLOWED:
        return str(error["ctx"]["error"])
    value = _describe(found) if kind in ("list_type", "dict_type", "model_type") or not isinstance(found, str) else repr(str(found))
    return f"{key!r} {'is' if key == path[-1] else 'contains'} {value}. Allowed: {_ALLOWED.get(key) or _ALLOWED.get(kind, 'a text')}."


def _list_keys(path: Path, shape: type[_File]) -> list[str]:
    """List the keys that the mapping around a path may have."""
    parts: Mapping[object, type[_Fields]] = _PARTS | {"entries": _Actor if shape is _Actors else _Frame}
    near = [parts[step] for step in path[-2:-4:-1] if step in parts]
    found = near[0] if near else _Pattern if len(path) > 1 else shape
    return [field.alias or name for name, field in found.model_fields.items()]


def _extend(
    base: Codebook | None, entries: dict[str, Entry], bodies: dict[str, Body], file: _File, tree: Tree
) -> tuple[dict[str, Entry], dict[str, Body]]:
    """Put the entries and bodies of a file over those of the codebook it extends, without those it drops."""
    old = base.entries if base else ()
    rules = {body.id: body for body in (base.bodies if base else ())}
    known = {entry.id for entry in old} | {*rules}
    drop = [(place, id) for place, id in enumerate(file.drop) if id is not None]
    for place, id in drop:
        if id not in known:
            tree.say(("drop", place), f"drops {id!r}, which is not in what this extends. {name_choices(id, known)}")
        elif id in entries or id in bodies:
            tree.say(("drop", place), f"{id!r} is dropped and given. A new entry replaces the old one. Delete it from drop.")
        rules.pop(id, None)
    if base and file.kind != base.kind:
        tree.say(("kind",), f"kind {file.kind!r} extends one of kind {base.kind!r}. Allowed: the same. Write {base.kind}.")
    kept = [entry for entry in old if not any(f"{entry.id}/".startswith(f"{id}/") for _, id in drop)]
    return {entry.id: entry for entry in kept} | entries, rules | bodies


def _list_named(file: _File) -> Iterator[tuple[Path, str, str]]:
    """List where an entry is named: the path, how it is put, and the id."""
    for id, actor in file.entries.items() if isinstance(file, _Actors) else ():
        yield from [(("entries", id, "within"), "within", actor.within)] * bool(actor.within)
        named = [(place, role.of) for place, role in enumerate(actor.roles) if role and role.of]
        yield from ((("entries", id, "roles", place), "role of", of) for place, of in named)
    for id, body in file.bodies.items() if isinstance(file, _Actors) else ():
        yield from ((("bodies", id, "of", place), "body of", of) for place, of in enumerate(body.of) if of)


def _want(tree: Tree, path: Path, keys: Sequence[str], fields: _Fields) -> None:
    """Say which keys are missing that others need."""
    for key in keys:
        if key not in fields.model_fields_set and (*path, key) not in tree.faulty:
            tree.say(path, f"{key!r} is missing. Others need it to use the codebook. Add it.", is_warning=True)


def _make_entries(given: Mapping[str, Any], path: Path, parent: str, tree: Tree) -> Iterator[Entry]:
    """Make the entries of a mapping and, below each, its own."""
    for key, fields in given.items():
        id, below = f"{parent}/{key}" if parent else key, (*path, key)
        finders = [finder for finder in (*VIAS, "entries") if finder in type(fields).model_fields]
        _want(tree, below, () if isinstance(fields, _Actor) else ("meaning",), fields)
        if not fields.model_fields_set & {*finders} and not tree.faulty & {(*below, finder) for finder in finders}:
            tree.say(below, f"nothing to find. Allowed: {', '.join(finders)}. Add one of them.")
        yield _make_entry(id, fields, below, parent, tree)
        yield from _make_entries(getattr(fields, "entries", {}), (*below, "entries"), id, tree)


def _make_entry(id: str, fields: _Category, path: Path, parent: str, tree: Tree) -> Entry:
    """Make one entry, without those below it."""
    actor = fields if isinstance(fields, _Actor) else None
    plain = Pattern("", "pattern", actor is not None, tree.line(path))
    base = replace(plain, **_list_conditions(fields, plain))
    patterns: list[Pattern] = []
    for key, via in VIAS.items():
        items: Any = getattr(fields, key, [])
        items = [_Pattern(pattern=items)] if key == "surname" and items else items or ()
        patterns += _make_patterns(items, (*path, key), replace(base, via=via), tree)
    for text in fields.rejected:
        if any(fold_pattern(text, case=used.case) == fold_pattern(used.text, case=used.case) for used in patterns):
            tree.say((*path, "rejected", text), f"rejected pattern {text!r} is in use. A pattern is used or rejected. Delete one.")
    if actor and actor.surname and not actor.names:
        tree.say((*path, "surname"), "'surname' without names. Required: the full name. Add it under names.")
    return Entry(
        id=id,
        type=actor.type if actor else "",
        patterns=tuple(patterns),
        protects=tuple(_make_patterns(fields.protects, (*path, "not"), replace(plain, case=base.case), tree)),
        roles=tuple(Role(role.title, role.of, role.start, role.end) for role in (actor.roles if actor else ()) if role),
        parent=parent,
        line=tree.line(path),
        within=actor.within if actor else "",
        **{key: getattr(fields, key) for key in ("label", "meaning", "source", "comment", "rejected")},
    )


def _make_patterns(items: Sequence[_Pattern | None], path: Path, base: Pattern, tree: Tree) -> list[Pattern]:
    """Make patterns from what applies to all of them and what each adds."""
    patterns = []
    for place, item in enumerate(items):
        if item is not None:
            text, line = item.pattern or item.regex, tree.line((*path, place))
            patterns.append(replace(base, text=text, is_regex=bool(item.regex), line=line, **_list_conditions(item, base)))
    return patterns


def _list_conditions(fields: _Conditions, base: Pattern) -> dict[str, Any]:
    """List what the fields of a pattern or an entry change: when a pattern counts, and for how much."""
    changes: dict[str, Any] = {} if fields.weight is None else {"weight": fields.weight}
    if fields.case is not None:
        changes["case"] = fields.case == "true"
    if fields.valid is not None:
        changes |= {"start": fields.valid.start, "end": fields.valid.end}
    if fields.near or fields.unless_near:
        own = {near.negated: near for near in base.near}
        for negated, given in ((False, fields.near), (True, fields.unless_near)):
            if given:
                own[negated] = Near(tuple(filter(None, given.patterns)), given.within, negated)
        changes["near"] = tuple(own[negated] for negated in sorted(own))
    return changes


def _make_body(id: str, fields: _Body, tree: Tree) -> Body:
    """Make a rule for a body that states have."""
    line = tree.line(("bodies", id))
    patterns = _make_patterns(fields.patterns, ("bodies", id, "patterns"), Pattern("", "name", True, line), tree)
    return Body(id, fields.label, tuple(patterns), tuple(filter(None, fields.of)), line)


def _describe(given: object) -> str:
    """Name the shape of a value."""
    if given in ("", [], {}, None) or (isinstance(given, str) and not given.strip()):
        return "nothing"
    return "a mapping" if isinstance(given, dict) else "a list" if isinstance(given, list) else "a text"
