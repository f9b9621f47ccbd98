"""Write codebooks for other tools, and find what a format cannot carry by reading back what was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from toolkit.codebooks.formats.listing import FORMATS
from toolkit.codebooks.reading import parse_codebook
from toolkit.codebooks.records import Codebook, Entry, Near, Pattern, Role
from toolkit.errors import CodebookError, name_choices

_OF_PATTERNS = {
    **{"case": "exact case", "weight": "weights", "near": "conditions of nearness", "start": "days", "end": "days"},
    **{"is_regex": "regular expressions", "via": "kinds of names"},
}
_OF_ENTRIES = {
    **{"label": "labels", "type": "types", "meaning": "meanings", "protects": "'not' patterns", "rejected": "rejected patterns"},
    **{"roles": "roles", "source": "sources of entries", "comment": "comments"},
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

    Source: our choice; the table of formats is on the codebooks page.

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
    """List what each format can carry, found by writing one small codebook for each thing and reading it back.

    Returns:
        One row per format, one column per thing, `yes` or `no`; `suffixes`, and whether it is `written` (all are read).

    Source: our choice.

    Example:
        >>> list_formats().set_index("format").loc["liwc", ["nesting", "weights"]].tolist()
        ['yes', 'no']
    """
    war = Pattern("war", "pattern", False, 1)
    plain = Entry("war", "war", "", "", (war,), (), {}, (), "", 1)
    patterns = {
        "phrases": replace(war, text="air strike"),
        "* at the end": replace(war, text="bomb*"),
        "* and ? inside": replace(war, text="w*m?n"),
        "exact case": replace(war, case=True),
        "weights": replace(war, weight=-1.5),
        "near": replace(war, near=(Near(("talks", "truce*"), 8),)),
        "unless_near": replace(war, near=(Near(("trade",), None, negated=True),)),
        "valid": replace(war, start=date(2017, 1, 1)),
        "regex": replace(war, text=r"war \d+", is_regex=True),
    }
    books: dict[str, tuple[Entry, ...]] = {thing: (replace(plain, patterns=(pattern,)),) for thing, pattern in patterns.items()}
    books |= {
        "not": (replace(plain, protects=(replace(war, text="trade war"),)),),
        "nesting": (plain, replace(plain, id="war/air", label="air", parent="war", patterns=(replace(war, text="raid"),))),
        "labels": (replace(plain, label="War and its ways"),),
        "meanings": (replace(plain, meaning="Force of arms."),),
        "rejected, comments": (replace(plain, comment="See peace.", rejected={"row": "too wide"}),),
        "types, roles": (replace(plain, type="person", roles=(Role("General", "", None, None),)),),
    }
    empty = Codebook("probe", "frames", "", "", "", "key", (), "", "probe")
    rows = []
    for name, known in FORMATS.items():
        row = {"format": name, "title": known.title, "suffixes": " ".join(known.suffixes), "written": "yes" if known.write else "no"}
        for thing, entries in books.items() if known.write else ():
            book = replace(empty, kind="actors" if thing == "types, roles" else "frames", entries=entries)
            row[thing] = "no" if _list_losses(book, _write_content(book, name), name) else "yes"
        rows.append({**dict.fromkeys(books, ""), **row})
    return pd.DataFrame(rows)[["format", "title", "suffixes", "written", *books]]


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
    twins = {entry.id: entry for entry in after.entries} if after is not None else {}
    left_out: list[str] = []
    lost: dict[str, list[str]] = {}
    for entry in codebook.entries:
        twin = twins.get(entry.id)
        written = {(pattern.text, pattern.start): pattern for pattern in twin.patterns} if twin else {}
        for pattern in entry.patterns:
            named, again = f"{pattern.text!r} of {entry.id!r}", written.get((pattern.text, pattern.start))
            left_out += [named] if again is None else []
            for field in [field for field in _OF_PATTERNS if again is not None and getattr(pattern, field) != getattr(again, field)]:
                lost.setdefault(_OF_PATTERNS[field], []).append(named)
        for field in [field for field in _OF_ENTRIES if twin is not None and _clear(getattr(entry, field)) != _clear(getattr(twin, field))]:
            lost.setdefault(_OF_ENTRIES[field], []).append(repr(entry.id))
    facts = [field for field in _OF_FILES if after is not None and getattr(codebook, field) != getattr(after, field)]
    lost |= {"facts of the file": facts} if facts else {}
    title = FORMATS[name].title
    shortened = {what: items[:_SHOWN] + [f"and {len(items) - _SHOWN:,} more"] * (len(items) > _SHOWN) for what, items in lost.items()}
    lines = [f"{title}: {len(left_out):,} patterns left out: {', '.join(left_out)}"] if left_out else []
    return lines + [f"{title}: no {what}, which {len(lost[what]):,} had: {', '.join(items)}" for what, items in shortened.items()]


def _clear(value: object) -> object:
    """Leave lines out of patterns, which another file has elsewhere."""
    return [replace(part, line=0) if isinstance(part, Pattern) else part for part in value] if isinstance(value, tuple) else value
