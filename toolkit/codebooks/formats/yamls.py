"""YAML: our own, and quanteda's, in which keys are nested and end in lists of glob patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from toolkit.codebooks.checking import VIAS
from toolkit.codebooks.formats.rows import Row, decode_text, make_row
from toolkit.codebooks.nodes import Fault, Path, Tree, parse_yaml, write_yaml
from toolkit.codebooks.records import Codebook, Entry, Pattern

_LISTS = {via: key for key, via in VIAS.items()}
_OWN = "__"  # under it `quanteda::as.yaml` writes the patterns of a key that has keys below


def read_quanteda(content: bytes) -> Iterator[Row | Fault]:
    """Read a dictionary written by `quanteda::as.yaml`, or for `quanteda::dictionary(file = )`.

    Source: quanteda's reference for `dictionary` and `as.yaml` (Benoit et al. 2018).
    """
    tree = parse_yaml(decode_text(content))
    yield from tree.faults
    yield from _read_key(tree.root, (), (), tree) if tree.root is not None else ()


def _read_key(given: Any, path: Path, names: tuple[str, ...], tree: Tree) -> Iterator[Row | Fault]:
    """Read what is below a key."""
    if isinstance(given, dict):
        for key, value in given.items():
            yield from _read_key(value, (*path, key), names if key in (_OWN, "") else (*names, key), tree)
    elif isinstance(given, list):
        for place, item in enumerate(given):
            yield from _read_key(item, (*path, place), names, tree)
    elif not names:
        why = "Allowed: keys with lists of patterns. Write key: [pattern]."
        yield Fault(tree.line(path), f"pattern {given!r} has no key. {why}")
    else:
        yield make_row(names, tree.line(path), given)


def write_quanteda(codebook: Codebook) -> bytes:
    """Write a dictionary for `quanteda::dictionary(file = )`.

    Source: as `read_quanteda`.
    """
    parents = {entry.parent for entry in codebook.entries}
    nodes: dict[str, Any] = {"": {}}
    for entry in codebook.entries:
        patterns = [pattern.text for pattern in entry.patterns]
        nodes[entry.id] = patterns if entry.id not in parents else {_OWN: patterns} if patterns else {}
        nodes[entry.parent][entry.id.rpartition("/")[2]] = nodes[entry.id]
    return write_yaml(nodes[""]).encode()


def write_framebook(codebook: Codebook) -> bytes:
    """Write a codebook so that `read_codebook` reads the same again; comments of the YAML itself are not in a codebook, so not here."""
    keys = ("kind", "title", "meaning", "version", "licence", "source", "notice", "comment")
    usual = "dictionary" if codebook.kind == "actors" else "key"
    head = {"codebook": codebook.id, **{key: getattr(codebook, key) for key in keys}}
    nodes: dict[str, Any] = {"": head | {"overlap": codebook.overlap if codebook.overlap != usual else "", "entries": {}}}
    for entry in [entry for entry in codebook.entries if not entry.body]:
        nodes[entry.id] = _write_entry(entry, case=codebook.kind == "actors")
        nodes[entry.parent].setdefault("entries", {})[entry.id.rpartition("/")[2]] = nodes[entry.id]
    bare = Pattern("", "name", True, 0)
    for body in codebook.bodies:
        patterns = [_write_pattern(pattern, bare) for pattern in body.patterns]
        nodes[""].setdefault("bodies", {})[body.id] = {"label": body.label, "of": list(body.of), "patterns": patterns}
    return write_yaml(nodes[""]).encode()


def _write_entry(entry: Entry, *, case: bool) -> dict[str, Any]:
    """Write an entry, without those below it; what applies to all its patterns is written once."""
    plain = Pattern("", "pattern", case, 0)
    shared = {pattern.via == "surname": pattern for pattern in entry.patterns}.get(True)  # a surname has no conditions of its own
    if shared is None and len({repr(_write_conditions(pattern, plain)) for pattern in (*entry.patterns, *entry.protects)}) == 1:
        shared = entry.patterns[0] if len(entry.patterns) > 1 and not entry.protects else None
    base = shared or plain
    lists: dict[str, list[Any]] = {}
    for pattern in entry.patterns:
        lists.setdefault(_LISTS[pattern.via], []).append(_write_pattern(pattern, base))
    bare = Pattern("", "pattern", base.case, 0)
    roles = [{"title": role.title, "of": role.of, "from": role.start, "to": role.end} for role in entry.roles]
    return {
        **{key: getattr(entry, key) for key in ("label", "type", "within", "meaning", "source", "comment")},
        **_write_conditions(base, plain),
        **{key: lists[key] if key != "surname" else lists[key][0] for key in VIAS if key in lists},
        **{"not": [_write_pattern(pattern, bare) for pattern in entry.protects], "roles": roles, "rejected": dict(entry.rejected)},
    }


def _write_pattern(pattern: Pattern, base: Pattern) -> str | dict[str, Any]:
    """Write a pattern: its text, or a mapping where it is more."""
    more = _write_conditions(pattern, base)
    return {"regex" if pattern.is_regex else "pattern": pattern.text, **more} if more or pattern.is_regex else pattern.text


def _write_conditions(pattern: Pattern, base: Pattern) -> dict[str, Any]:
    """Write what a pattern has of conditions that its base has not."""
    days: Mapping[str, date | None] = {"from": pattern.start, "to": pattern.end}
    near = {
        "unless_near" if near.negated else "near": {"patterns": list(near.patterns), "within": near.within}
        for near in pattern.near
        if near not in base.near
    }
    return {
        **({} if pattern.case == base.case else {"case": pattern.case}),
        **({} if pattern.weight == base.weight else {"weight": pattern.weight}),
        **({} if (pattern.start, pattern.end) == (base.start, base.end) else {"valid": days}),
        **near,
    }
