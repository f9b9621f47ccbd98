"""YAML: our own, and quanteda's, in which keys are nested and end in lists of glob patterns."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from toolkit.codebooks.checking import VIAS
from toolkit.codebooks.formats.rows import Row, decode_text, make_row
from toolkit.codebooks.nodes import Fault, Path, Tree, parse_yaml, write_yaml
from toolkit.codebooks.records import Codebook, Entry, Pattern

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
    if isinstance(given, dict | list):
        for key, value in given.items() if isinstance(given, dict) else enumerate(given):
            yield from _read_key(value, (*path, key), names if isinstance(key, int) or key in (_OWN, "") else (*names, key), tree)
    elif not names:
        yield Fault(tree.line(path), f"pattern {given!r} has no key. Allowed: keys with lists of patterns. Write key: [pattern].")
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
        nodes[entry.id] = _write_entry(entry, exact=codebook.kind == "actors")
        nodes[entry.parent].setdefault("entries", {})[entry.id.rpartition("/")[2]] = nodes[entry.id]
    for body in codebook.bodies:
        patterns = [_write_pattern(pattern, exact=True) for pattern in body.patterns]
        nodes[""].setdefault("bodies", {})[body.id] = {"label": body.label, "of": list(body.of), "patterns": patterns}
    return write_yaml(nodes[""]).encode()


def _write_entry(entry: Entry, *, exact: bool) -> dict[str, Any]:
    """Write an entry, without those below it."""
    write = partial(_write_pattern, exact=exact)
    facts = {key: getattr(entry, key) for key in ("label", "type", "within", "meaning", "source", "comment", "intercept")}
    facts |= {"threshold": entry.threshold if entry.threshold != Entry.threshold else None, "model": entry.model}
    lists: dict[str, Any] = {key: [write(pattern) for pattern in entry.patterns if pattern.via == via] for key, via in VIAS.items()}
    lists |= {"surname": next(iter(lists["surname"]), ""), "not": [*map(write, entry.protects)]}
    roles = [{"title": role.title, "of": role.of, "from": role.start, "to": role.end} for role in entry.roles]
    return facts | lists | {"roles": roles, "rejected": entry.rejected, "vector": list(entry.vector)}


def _write_pattern(pattern: Pattern, *, exact: bool) -> str | dict[str, Any]:
    """Write a pattern: its text, or a mapping where it is more. `exact` is the case that its codebook takes where none is given."""
    written: dict[str, Any] = {"case": None if pattern.case == exact else pattern.case, "weight": pattern.weight}
    written["valid"] = {"from": pattern.start, "to": pattern.end} if pattern.start or pattern.end else None
    written |= {"unless_near" if one.negated else "near": {"patterns": [*one.patterns], "within": one.within} for one in pattern.near}
    said = {key: written[key] for key in ("case", "valid", "near", "unless_near", "weight") if written.get(key) is not None}
    return {"pattern": pattern.text, **said} if said else pattern.text
