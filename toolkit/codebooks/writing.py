"""Write codebooks as our YAML, for quanteda and for LIWC, and say what those two cannot carry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from toolkit.codebooks.formats.listing import FORMATS, Format
from toolkit.codebooks.records import Codebook, Entry
from toolkit.errors import CodebookError, name_choices

_OF_PATTERNS = {"case": "exact case", "weight": "weights", "via": "kinds of names"}
_OF_ENTRIES = {
    **{"type": "types", "meaning": "meanings", "protects": "'not' patterns", "rejected": "rejected patterns"},
    **{"roles": "roles", "source": "sources of entries", "comment": "comments", "within": "states of bodies"},
}
_OF_FILES = ("title", "meaning", "version", "licence", "source", "notice", "comment")
_USUAL = {"via": "pattern", "weight": 1}
_SHOWN = 8  # examples in a line; patterns that are left out are all named


def write_codebook(codebook: Codebook, path: str | Path, *, format: str = "") -> list[str]:
    """Write a codebook into a file, as our YAML, for quanteda or for LIWC.

    A pattern that would mean something else there is left out, never changed: one with a condition, a regular expression, for LIWC a
    wildcard other than a star at the end.

    Args:
        codebook: The codebook.
        path: The file to write.
        format: A name in `FORMATS` that is written; "" takes it from the suffix.

    Returns:
        What the format cannot carry, a line for each kind; empty if it carries all.

    Raises:
        CodebookError: When there is no such format, or it is only read.

    Example:
        >>> import tempfile
        >>> from toolkit.codebooks import read_codebook
        >>> write_codebook(read_codebook("frames"), Path(tempfile.mkdtemp(), "frames.yml"))
        []
    """
    suffix = Path(path).suffix.lower()
    name = format or next((name for name, known in FORMATS.items() if suffix in known.suffixes), suffix)
    writable = [name for name, known in FORMATS.items() if known.written]
    write = FORMATS[name].write if name in FORMATS else None
    if write is None:
        raise CodebookError(f"{path}: format {name!r} cannot be written. {name_choices(name, writable)}")
    kept, losses = (codebook, []) if FORMATS[name].read is None else _leave_out(codebook, FORMATS[name])
    Path(path).write_bytes(write(kept))
    return losses


def _leave_out(codebook: Codebook, known: Format) -> tuple[Codebook, list[str]]:
    """Leave out the patterns that a format cannot say and the entries that are then empty; list what is lost."""
    said = [replace(entry, patterns=tuple(filter(known.says, entry.patterns))) for entry in codebook.entries]
    filled = {entry.id for entry in said if entry.patterns}
    kept = tuple(entry for entry in said if any(f"{id}/".startswith(f"{entry.id}/") for id in filled))
    lost: dict[str, list[str]] = {"patterns": []}
    for entry, short in zip(codebook.entries, said, strict=True):
        lost["patterns"] += [f"{pattern.text!r} of {entry.id!r}" for pattern in entry.patterns if pattern not in short.patterns]
        for field, what in _OF_PATTERNS.items():
            odd = [pattern for pattern in short.patterns if getattr(pattern, field) != _USUAL.get(field, False)]
            lost.setdefault(what, []).extend(f"{pattern.text!r} of {entry.id!r}" for pattern in odd)
        for what in _list_facts(entry):
            lost.setdefault(what, []).append(repr(entry.id))
    lost["facts of the file"] = [field for field in _OF_FILES if getattr(codebook, field)]
    lost["facts of the file"] += ["overlap"] * (codebook.overlap != "key") + ["bodies"] * bool(codebook.bodies)
    shown = {what: items if what == "patterns" or len(items) <= _SHOWN else [*items[:_SHOWN], "…"] for what, items in lost.items()}
    losses = [f"{known.title}: {what} lost ({len(lost[what]):,}): {', '.join(items)}" for what, items in shown.items() if items]
    return replace(codebook, entries=kept), losses


def _list_facts(entry: Entry) -> list[str]:
    """Name what an entry has that other tools have no place for."""
    label = ["labels"] if entry.label != entry.id.rpartition("/")[2] else []
    return label + [what for field, what in _OF_ENTRIES.items() if getattr(entry, field)]
