"""Write codebooks for other tools, and find what a format cannot carry by reading back what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from toolkit.codebooks.formats.listing import FORMATS
from toolkit.codebooks.reading import parse_codebook
from toolkit.codebooks.records import Codebook, Entry, Near, Pattern
from toolkit.errors import CodebookError, name_choices

_OF_PATTERNS = {
    **{"case": "exact case", "weight": "weights", "near": "conditions of nearness", "start": "days", "end": "days"},
    **{"is_regex": "regular expressions", "via": "kinds of names"},
}
_OF_ENTRIES = {
    **{"label": "labels", "type": "types", "meaning": "meanings", "protects": "'not' patterns", "rejected": "rejected patterns"},
    **{"roles": "roles", "source": "sources of entries", "comment": "comments", "within": "states of bodies"},
}
_SHOWN = 8  # examples in a line; patterns that are left out are all named
_OF_FILES = ("title", "meaning", "version", "licence", "source", "notice", "comment", "overlap")


def write_codebook(codebook: Codebook, path: str | Path, *, format: str = "") -> list[str]:
    """Write a codebook into a file, in our YAML or for another tool.

    A pattern that would mean something else there is left out, never changed: one with a condition the format does not know, a
    regular expression, a wildcard where it takes none. What is written is read back, and all that differs is told.

    Args:
        codebook: The codebook.
        path: The file to write.
        format: A name of `list_formats`; "" takes it from the suffix.

    Returns:
        What could not be said, a line for each kind; none where all of it could.

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
    writable = [name for name, known in FORMATS.items() if known.write is not None]
    if name not in writable:
        raise CodebookError(f"{path}: format {name!r} cannot be written. {name_choices(name, writable)}")
    content = _write_content(codebook, name)
    Path(path).write_bytes(content)
    return _list_losses(codebook, content, name)


def list_formats() -> pd.DataFrame:
    """List what each format can carry, found by writing a small codebook that has an entry for each thing, and reading it back.

    Returns:
        One row per format: its name, title, suffixes, whether it is `written` (all are read), and per thing `yes` or `no`.

    Example:
        >>> list_formats().set_index("format").loc["liwc", ["nesting", "weights"]].tolist()
        ['yes', 'no']
    """
    war = Pattern("war", "pattern", False, 1)
    patterns = {
        "phrases": replace(war, text="air strike"),
        "nesting": war,  # in the one before it
        "* at the end": replace(war, text="bomb*"),
        "* and ? inside": replace(war, text="w*m?n"),
        "exact case": replace(war, case=True),
        "weights": replace(war, weight=-1.5),
        "near": replace(war, near=(Near(("talks", "truce*"), 8),)),
        "unless_near": replace(war, near=(Near(("trade",), None, negated=True),)),
        "valid": replace(war, start=date(2017, 1, 1)),
        "regex": replace(war, text=r"war \d+", is_regex=True),
        **dict.fromkeys(("not", "labels", "meanings", "rejected, comments"), war),
    }
    ids = {thing: f"e{number}" for number, thing in enumerate(patterns)}
    entries = {thing: Entry(ids[thing], ids[thing], "", "", (pattern,), (), {}, (), "", 1) for thing, pattern in patterns.items()}
    entries["not"] = replace(entries["not"], protects=(replace(war, text="trade war"),))
    entries["nesting"] = replace(entries["nesting"], id=f"{ids['phrases']}/below", label="below", parent=ids["phrases"])
    entries["labels"] = replace(entries["labels"], label="War and its ways")
    entries["meanings"] = replace(entries["meanings"], meaning="Force of arms.")
    entries["rejected, comments"] = replace(entries["rejected, comments"], comment="See peace.", rejected={"row": "too wide"})
    book = Codebook("probe", "frames", "", "", "", "key", tuple(entries.values()), "", "probe")
    rows = []
    for name, known in FORMATS.items():
        after, _ = parse_codebook("probe", _write_content(book, name), kind="frames", format=name)
        kept = {entry.id: _clear(entry) for entry in after.entries} if after is not None else {}
        says = {thing: "yes" if kept.get(entry.id) == _clear(entry) else "no" if known.write else "" for thing, entry in entries.items()}
        rows.append({"format": name, "title": known.title, "suffixes": " ".join(known.suffixes), "written": bool(known.write), **says})
    return pd.DataFrame(rows)


def _write_content(codebook: Codebook, name: str) -> bytes:
    """Write the bytes of a file, without the patterns that its format cannot say, and without entries that are then empty."""
    known = FORMATS[name]
    said = [replace(entry, patterns=tuple(filter(known.says, entry.patterns))) for entry in codebook.entries]
    filled = {entry.id for entry in said if entry.patterns or known.read is None}
    kept = tuple(entry for entry in said if any(f"{id}/".startswith(f"{entry.id}/") for id in filled))
    return known.write(replace(codebook, entries=kept)) if known.write else b""


def _list_losses(codebook: Codebook, content: bytes, name: str) -> list[str]:
    """List what is in a codebook and not in what was written of it."""
    after, _ = parse_codebook(codebook.path_name, content, kind=codebook.kind, format=name)
    twins = {entry.id: _clear(entry) for entry in after.entries} if after is not None else {}
    lost: dict[str, list[str]] = {"patterns": []}
    for entry in map(_clear, codebook.entries):
        twin = twins.get(entry.id, replace(entry, patterns=()))
        written = {(pattern.text, pattern.start): pattern for pattern in twin.patterns}
        for pattern in entry.patterns:
            named, again = f"{pattern.text!r} of {entry.id!r}", written.get((pattern.text, pattern.start))
            for what in ["patterns"] if again is None else _differ(pattern, again, _OF_PATTERNS):
                lost.setdefault(what, []).append(named)
        for what in _differ(entry, twin, _OF_ENTRIES):
            lost.setdefault(what, []).append(repr(entry.id))
    lost["facts of the file"] = [] if after is None else _differ(codebook, after, {field: field for field in _OF_FILES})
    shown = {what: items if what == "patterns" or len(items) <= _SHOWN else [*items[:_SHOWN], "…"] for what, items in lost.items()}
    return [f"{FORMATS[name].title}: {what} lost ({len(lost[what]):,}): {', '.join(items)}" for what, items in shown.items() if items]


def _differ(before: object, after: object, names: Mapping[str, str]) -> list[str]:
    """Name the fields that differ, each name once."""
    return list(dict.fromkeys(name for field, name in names.items() if getattr(before, field) != getattr(after, field)))


def _clear(entry: Entry) -> Entry:
    """Leave the lines out of an entry: another file has other ones."""
    counts, protects = (tuple(replace(pattern, line=0) for pattern in group) for group in (entry.patterns, entry.protects))
    return replace(entry, patterns=counts, protects=protects, line=0)
