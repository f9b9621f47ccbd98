"""From the tree of a YAML file to a checked codebook."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

import pydantic
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, FiniteFloat, PositiveInt, ValidationError

from toolkit.codebooks.nodes import Bare, Path, Tree
from toolkit.codebooks.patterns import check_pattern, fold_pattern
from toolkit.codebooks.records import Body, Codebook, Entry, Near, Pattern, Role
from toolkit.codebooks.roles import SLOT, SLOTS
from toolkit.errors import name_choices
from toolkit.tables import read_data

_WORDS = read_data("checks", "codebooks")
VIAS: Mapping[str, str]
VIAS, _GONE, _ALLOWED, _WANTED, _FACTS = (_WORDS[name] for name in ("vias", "gone", "allowed", "wanted", "facts"))


def _check_text(value: object) -> object:
    """Refuse a value that YAML reads as text only if it is quoted."""
    if isinstance(value, Bare):
        raise ValueError(f'YAML does not read {value} as a text. Put it in quotes: "{value}".')
    return value


def _read_day(value: object) -> date:
    """Read a day; pydantic would take seconds too."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{_describe(value)} is not a day. Allowed: a day, such as 2023-09-06.") from None


def _read_item(item: object) -> object:
    """Write a pattern that is only a text as a mapping."""
    if isinstance(item, str):
        return {"pattern": item}
    if not isinstance(item, dict) or item.keys().isdisjoint({"pattern", *_GONE}):
        allowed = "a text, or a mapping with 'pattern'. Put a text that contains ': ' in quotes."
        raise ValueError(f"{_describe(item)} is here. Allowed: {allowed}")
    return item


def _check_order(days: Any) -> Any:
    """Refuse days that are the wrong way round."""
    if days.start and days.end and days.start > days.end:
        raise ValueError(f"from {days.start} to {days.end}. Allowed: from no later than to. Correct one.")
    return days


def _check_finders(entry: Any) -> Any:
    """Refuse an entry that finds nothing."""
    finders = [key for key in (*VIAS, "entries") if key in type(entry).model_fields]
    if not entry.model_fields_set & {*finders, "vector"}:
        raise ValueError(f"nothing to find. Allowed: {', '.join(finders)}. Add one of them.")
    if "surname" in entry.model_fields_set and "names" not in entry.model_fields_set:
        raise ValueError("'surname' without names. Required: the full name. Add it under names.")
    return entry


def _check_slot(item: Any) -> Any:
    """Refuse a pattern of a body without one place for the state."""
    if SLOT.findall(item.pattern) not in ([slot] for slot in SLOTS):
        raise ValueError(f"pattern {item.pattern!r} must have one place for its state. Allowed: one of {{name}}, {{demonym}}, {{metonym}}.")
    return item


def _fill(kind: Any) -> Any:
    """A list or mapping that is not empty."""
    return Annotated[kind, Field(min_length=1)]


_Raw = Annotated[str, Field(min_length=1)]
_Text = Annotated[_Raw, BeforeValidator(_check_text)]
_Id = Annotated[str, Field(pattern=r"^[\p{L}\p{M}\p{N}-]+$"), BeforeValidator(_check_text)]
_Word = Annotated[str, Field(min_length=1), BeforeValidator(_check_text), AfterValidator(check_pattern)]
_TYPES: dict[str, Any] = {"raw": _Raw, "text": _Text, "id": _Id, "word": _Word, "words": _fill(list[_Word]), "ids": _fill(list[_Text])}
_TYPES |= {"flag": bool | None, "count": PositiveInt | None, "number": FiniteFloat, "number or none": FiniteFloat | None}
_TYPES |= {"day": Annotated[date | None, BeforeValidator(_read_day)], "numbers": tuple[FiniteFloat, ...], "any": _fill(dict[_Id, Any])}
_TYPES |= {"texts": _fill(dict[_Text, _Text]), "frames": _fill(dict[_Id, "_Frame"])}  # type: ignore[valid-type]


class _Fields(BaseModel, extra="forbid", str_strip_whitespace=True):
    """A mapping in a file, with the keys that it may have."""


class _Exact(_Fields, str_strip_whitespace=False):
    """A mapping whose texts are taken as they are."""


def _make_shape(name: str, *bases: Any, check: Any = None) -> Any:
    """Make the shape of a mapping: its fields as data/checks.yml lists them, and those of its bases."""

    def field(kind: Any, default: Any = ..., alias: str | None = None) -> Any:
        return Literal[tuple(kind)] if isinstance(kind, list) else _TYPES[kind], Field(() if default == [] else default, alias=alias)

    fields = {key: field(*facts) for key, facts in _WORDS["shapes"][name].items()}
    checks: Any = {"check": pydantic.model_validator(mode="after")(check)} if check else {}
    return pydantic.create_model(f"_{name}", __base__=bases or (_Fields,), __module__=__name__, __validators__=checks, **fields)


_Days, _Near = _make_shape("Days", check=_check_order), _make_shape("Near", _Exact)
_TYPES |= {"near": _Near | None, "days": _Days | None}
_Conditions = _make_shape("Conditions")
_Pattern = _make_shape("Pattern", _Conditions, _Exact)
_Item: Any = Annotated[_Pattern, BeforeValidator(_read_item)]
_TYPES |= {"items": _fill(list[_Item]), "bodies' items": list[Annotated[_Item, AfterValidator(_check_slot)]]}
_TYPES |= {"item": Annotated[list[_Item], BeforeValidator(lambda item: [item])]}
_Category, _Role = _make_shape("Category", _Conditions, check=_check_finders), _make_shape("Role", _Days)
_TYPES["roles"] = _fill(list[_Role])  # type: ignore[valid-type]
_Frame, _Actor = _make_shape("Frame", _Category), _make_shape("Actor", _Category)
_Body, _File = _make_shape("Body"), _make_shape("File")
_TYPES |= {"actors": _fill(dict[_Id, _Actor]), "bodies": _fill(dict[_Id, _Body])}  # type: ignore[valid-type]
_Frames, _Actors = _make_shape("Frames", _File), _make_shape("Actors", _File)
_SHAPES: Mapping[str, Any] = {"frames": _Frames, "language": _Frames, "actors": _Actors}
_PARTS: dict[object, Any] = {"near": _Near, "unless_near": _Near, "valid": _Days, "roles": _Role, "bodies": _Body}
_PARTS |= dict.fromkeys((*VIAS, "not"), _Pattern)


def check_tree(tree: Tree, *, path_name: str, sha256: str, base: Codebook | None = None) -> Codebook | None:
    """Read a codebook from its YAML tree and add everything that is wrong with it to the tree's faults.

    Args:
        tree: The tree.
        path_name: Name of the file, for the record.
        sha256: Hash of the file, for the record.
        base: The codebook that this one extends.

    Returns:
        The codebook, with what it extends (lines 0) and before bodies are made; usable when all faults are warnings. None where fields
        are missing, unknown or not of their type.

    Example:
        >>> from toolkit.codebooks.nodes import parse_yaml
        >>> tree = parse_yaml("{codebook: war, kind: frame, version: 1, licence: CC0-1.0, source: ours, entries: {a: {label: A}}}")
        >>> check_tree(tree, path_name="war.yml", sha256="")
        >>> tree.faults[0].message
        "kind 'frame' is not known. Allowed: actors, frames, language. Did you mean 'frames'?"
    """
    if not isinstance(tree.root, dict):
        tree.say((), f"the file is {_describe(tree.root)}. Allowed: a mapping. Write codebook: and kind: first.")
        return None
    shape = _SHAPES.get(str(tree.root.get("kind")), _File)
    try:
        file = shape.model_validate(tree.root)
    except ValidationError as fault:
        for error in fault.errors(include_url=False):
            path = tuple(step for step in error["loc"] if step != "[key]")
            tree.say(path, _say_error(error, path, shape))
        return None
    for key in _WANTED:
        if not getattr(file, key):
            tree.say((), f"{key!r} is missing. Others need it to use the codebook. Add it.", is_warning=True)
    if not file.entries and not file.extends:
        tree.say((), "'entries' is missing. Add it, or extend another codebook.")
    entries, bodies = _inherit(base, file, tree)
    entries |= {entry.id: entry for entry in _make_entries(file.entries, ("entries",), "", tree)}
    bodies |= {id: _make_body(id, body, tree) for id, body in getattr(file, "bodies", {}).items()}
    for path, how, id in _list_named(file):
        if id and id not in entries:
            tree.say(path, f"{how} {id!r}, which is not an entry. {name_choices(id, entries)}")
    told = file.model_dump(include={"kind", "title", "meaning", "notice", "comment", *_WANTED})
    told["overlap"] = file.overlap or (base.overlap if base else "dictionary" if file.kind == "actors" else "key")
    told |= {"entries": tuple(entries.values()), "bodies": tuple(bodies.values())}
    return Codebook(id=file.codebook, sha256=sha256, path_name=path_name, **told)


def _say_error(error: Mapping[str, Any], path: Path, shape: Any) -> str:
    """Describe a fault that pydantic found: what was found, what is allowed, what to do."""
    kind, found, key = error["type"], error["input"], next(step for step in reversed(path) if isinstance(step, str))
    if kind == "extra_forbidden" and key in _GONE:
        return f"{key!r} is not read. {_GONE[key]}"
    if kind == "extra_forbidden":
        parts = _PARTS | {"entries": _Actor if shape is _Actors else _Frame}
        around = next((parts[step] for step in reversed(path[:-1:2]) if step in parts), shape)  # ids between
        return f"unknown key {key!r}. {name_choices(key, (field.alias or name for name, field in around.model_fields.items()))}"
    if kind == "missing":
        return f"{key!r} is missing. Add it."
    if _describe(found) == "nothing":
        return f"{key!r} is empty. Fill it or delete it."
    if kind == "string_pattern_mismatch":
        return f"id {found!r} has other characters. Allowed: letters, digits, hyphens. Rename it."
    if kind == "literal_error" and isinstance(found, str):
        choices = re.findall("'(.*?)'", error["ctx"]["expected"])
        return f"{key} {str(found)!r} is not known. {name_choices(found, choices)}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return f"{key!r} {'is' if key == path[-1] else 'contains'} {_describe(found)}. Allowed: {_ALLOWED.get(kind.split('_')[0], 'a text')}."


def _describe(given: object) -> str:
    """Name a text, or the shape of another value."""
    if isinstance(given, str):
        return repr(str(given)) if given.strip() else "nothing"
    return "nothing" if not given else "a mapping" if isinstance(given, dict) else "a list"


def _inherit(base: Codebook | None, file: Any, tree: Tree) -> tuple[dict[str, Entry], dict[str, Body]]:
    """List the entries and bodies of the codebook that a file extends, without those that it drops."""
    old, rules = ({entry.id: entry for entry in base.entries}, {body.id: body for body in base.bodies}) if base else ({}, {})
    for place, id in enumerate(file.drop):
        if id not in {*old, *rules}:
            tree.say(("drop", place), f"drops {id!r}, which is not in what this extends. {name_choices(id, {*old, *rules})}")
    if base and file.kind != base.kind:
        tree.say(("kind",), f"kind {file.kind!r} extends one of kind {base.kind!r}. Allowed: the same. Write {base.kind}.")
    kept = {id: entry for id, entry in old.items() if not any(f"{id}/".startswith(f"{dropped}/") for dropped in file.drop)}
    return kept, {id: body for id, body in rules.items() if id not in file.drop}


def _list_named(file: Any) -> Iterator[tuple[Path, str, str]]:
    """List where an entry may be named: the path, how it is put, and the id."""
    if isinstance(file, _Actors):
        for id, actor in file.entries.items():
            yield ("entries", id, "within"), "within", actor.within
            yield from ((("entries", id, "roles", place), "role of", role.of) for place, role in enumerate(actor.roles))
        for id, body in file.bodies.items():
            yield from ((("bodies", id, "of", place), "body of", of) for place, of in enumerate(body.of))


def _make_entries(given: Mapping[str, Any], path: Path, parent: str, tree: Tree) -> Iterator[Entry]:
    """Make the entries of a mapping and, below each, its own."""
    for key, fields in given.items():
        id, below = f"{parent}/{key}" if parent else key, (*path, key)
        yield _make_entry(id, fields, below, parent, tree)
        yield from _make_entries(getattr(fields, "entries", {}), (*below, "entries"), id, tree)


def _make_entry(id: str, fields: Any, path: Path, parent: str, tree: Tree) -> Entry:
    """Make one entry, without those below it."""
    plain = Pattern("", "pattern", isinstance(fields, _Actor), tree.line(path))
    base = _change(plain, fields)
    kinds = ((getattr(fields, key, []), (*path, key), replace(base, via=via)) for key, via in VIAS.items())
    patterns = [pattern for kind in kinds for pattern in _make_patterns(*kind, tree)]
    for text in fields.rejected:
        if any(fold_pattern(text, case=used.case) == fold_pattern(used.text, case=used.case) for used in patterns):
            tree.say((*path, "rejected", text), f"rejected pattern {text!r} is in use. A pattern is used or rejected. Delete one.")
    if isinstance(fields, _Frame) and not fields.meaning:
        tree.say(path, "'meaning' is missing. Others need it to use the codebook. Add it.", is_warning=True)
    protects = _make_patterns(fields.protects, (*path, "not"), replace(plain, case=base.case), tree)
    roles = tuple(Role(role.title, role.of, role.start, role.end) for role in getattr(fields, "roles", ()))
    facts = {"type": "", **fields.model_dump(include={*_FACTS})}
    if facts.get("intercept") is None and (facts.get("vector") or any(pattern.weight is not None for pattern in patterns)):
        tree.say(path, "weights without 'intercept'. Required: the score of a sentence without any pattern. Add it, or delete the weights.")
    return Entry(id=id, patterns=tuple(patterns), protects=tuple(protects), roles=roles, parent=parent, line=tree.line(path), **facts)


def _make_patterns(items: Sequence[Any], path: Path, base: Pattern, tree: Tree) -> list[Pattern]:
    """Make patterns from what applies to all of them and what each adds."""
    made = [replace(_change(base, item), text=item.pattern, weight=item.weight) for item in items]
    return [replace(pattern, line=tree.line((*path, place))) for place, pattern in enumerate(made)]


def _change(base: Pattern, given: Any) -> Pattern:
    """Change when a pattern counts where fields of a pattern or an entry say so."""
    near = {one.negated: one for one in base.near}
    for negated, one in ((False, given.near), (True, given.unless_near)):
        if one:
            near[negated] = Near(tuple(one.patterns), one.within, negated)
    case, days = base.case if given.case is None else given.case, given.valid or base
    return replace(base, case=case, near=tuple(near[negated] for negated in sorted(near)), start=days.start, end=days.end)


def _make_body(id: str, fields: Any, tree: Tree) -> Body:
    """Make a rule for a body that states have."""
    line = tree.line(("bodies", id))
    patterns = _make_patterns(fields.patterns, ("bodies", id, "patterns"), Pattern("", "name", True, line), tree)
    return Body(id, fields.label, tuple(patterns), tuple(fields.of), line)
