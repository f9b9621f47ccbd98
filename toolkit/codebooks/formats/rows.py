"""From the rows of another tool's file to a codebook: ids, nesting, and a word for everything that cannot come along."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from toolkit.codebooks.hiding import check_entries
from toolkit.codebooks.nodes import Fault
from toolkit.codebooks.patterns import check_pattern, check_regex, find_meaning
from toolkit.codebooks.records import Codebook, Entry, Pattern
from toolkit.errors import CorpusError
from toolkit.parsing.sources import find_encoding

Path = tuple[str, ...]


class Row(NamedTuple):
    """A row of a file: the names that lead to its category, its line, and a pattern; one without text only names the category."""

    path: Path
    line: int
    pattern: Pattern
    protects: bool = False
    meaning: str = ""


def make_row(path: Iterable[str], line: int, text: str = "", *, weight: float = 1.0, meaning: str = "") -> Row:
    """Make a row as most tools mean it: a pattern in any case, without condition."""
    return Row(tuple(name.strip() for name in path), line, Pattern(text, "pattern", False, line, weight), meaning=meaning)


def lose(line: int, message: str) -> Fault:
    """Say what could not be understood."""
    return Fault(line, message, is_warning=True)


def decode_text(content: bytes) -> str:
    """Decode the bytes of a text file, in whatever encoding its tool wrote it.

    Example:
        >>> decode_text("café".encode("cp1252")), decode_text("café".encode("utf-16"))
        ('café', 'café')
    """
    try:
        encoding, _ = find_encoding(io.BytesIO(content))
    except CorpusError:  # not text: the reader of the format says so
        encoding = "cp1252"
    return content.decode(encoding, "replace")


def build_codebook(rows: Sequence[Row | Fault], book: Codebook) -> tuple[Codebook, list[Fault]]:
    """Fill a codebook with what the rows of a file hold.

    If a category and its subcategory share a pattern, it is kept in the subcategory only; counts roll up. If categories side by side
    share a pattern, one of them would lose it, because words count once in a top-level entry. Such categories are therefore not nested:
    each becomes an entry of its own, with all patterns of its subcategories.

    Args:
        rows: What was read, in file order.
        book: The codebook, without entries.

    Returns:
        The codebook and what was lost: warnings, and errors where nothing can be made of the file.

    Example:
        >>> rows = [make_row(["Bad news", "War"], 3, "bomb*"), make_row(["Bad news", "War"], 4, ":(")]
        >>> book, losses = build_codebook(rows, Codebook("news", "frames", "", "", "", "key", (), "", "news.dic"))
        >>> [(entry.id, entry.label, [pattern.text for pattern in entry.patterns]) for entry in book.entries]
        [('Bad-news', 'Bad news', []), ('Bad-news/War', 'War', ['bomb*'])]
        >>> losses[0].message
        "left out: pattern ':(' has no letter or digit. A pattern needs at least one; * and ? only replace others."
    """
    faults = [row for row in rows if isinstance(row, Fault)]
    heads: dict[Path, Row] = {}
    held: dict[Path, dict[object, Row]] = {}  # rows of a category by what they match, so that each is there once
    for row in [row for row in rows if isinstance(row, Row)]:
        for stop in range(1, len(row.path) + 1):
            heads.setdefault(row.path[:stop], row)
            held.setdefault(row.path[:stop], {})
        clean = _clean_row(row, book.kind, faults)
        if clean is not None and (first := held[row.path].setdefault(find_meaning(clean.pattern), clean)) is not clean:
            faults.append(lose(row.line, f"left out: {clean.pattern.text!r} is in {row.path[-1]!r} already, in line {first.line}."))
    order = {path: place for place, path in enumerate(heads)}
    paths = sorted(heads, key=lambda path: [order[path[:stop]] for stop in range(1, len(path) + 1)])
    below = {path: [low for low in paths if low[: len(path)] == path] for path in paths}  # itself first
    filled = [path for path in paths if any(held[low] for low in below[path])]
    faults += [lose(heads[path].line, f"left out: category {path[-1]!r} has no pattern.") for path in paths if path not in filled]
    entries: list[Entry] = []
    for top in [path for path in filled if len(path) == 1]:
        family = [path for path in below[top] if path in filled]
        own = {path: {k: held[path][k] for k in held[path] if all(k not in held[low] for low in below[path][1:])} for path in family}
        nested = _make_entries(own, heads, book.kind, entries)
        clash = next((fault for fault in check_entries(nested, overlap=book.overlap) if not fault.is_warning), None)
        if clash is not None:
            own = {(" ".join(path),): {k: row for low in below[path] for k, row in held[low].items()} for path in family}
            nested = _make_entries(own, heads | {(" ".join(path),): heads[path] for path in family}, book.kind, entries)
            faults.append(lose(clash.line, f"categories in {top[0]!r} share patterns: read side by side, not nested. {clash.message}"))
        entries += nested
    if not entries and all(fault.is_warning for fault in faults):
        faults.append(Fault(1, "no category with a pattern. Allowed: one or more. Look at the file, or name its format."))
    return replace(book, entries=tuple(entries)), faults


def _make_entries(own: Mapping[Path, Mapping[object, Row]], heads: Mapping[Path, Row], kind: str, earlier: Sequence[Entry]) -> list[Entry]:
    """Make the entries of a family of categories, parents first, with ids that none has yet."""
    ids: dict[Path, str] = {}
    entries: list[Entry] = []
    taken = {entry.id for entry in earlier}
    for path, rows in own.items():
        letters = unicodedata.normalize("NFKD", path[-1]).encode("ascii", "ignore").decode()
        parent = ids.get(path[:-1], "")
        wanted = f"{parent}/" * bool(parent) + (re.sub("[^A-Za-z0-9-]+", "-", letters).strip("-") or "entry")
        ids[path] = next(id for id in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if id not in taken)
        taken.add(ids[path])
        counts, protects = ([row.pattern for row in rows.values() if row.protects == which] for which in (False, True))
        head, type = heads[path], "group" if kind == "actors" else ""
        entries.append(Entry(ids[path], path[-1], head.meaning, type, tuple(counts), tuple(protects), {}, (), parent, head.line))
    return entries


def _clean_row(row: Row, kind: str, faults: list[Fault]) -> Row | None:
    """Keep a row whose pattern can match, in the form in which it does; say why where it cannot."""
    if not row.pattern.text:
        return None
    text = " ".join(unicodedata.normalize("NFC", row.pattern.text).split())
    why = check_regex(text) if row.pattern.is_regex else check_pattern(text)
    faults += [lose(row.line, f"left out: {message.removesuffix(' Delete it.')}") for message in why[:1]]
    return None if why else row._replace(pattern=replace(row.pattern, text=text, via="name" if kind == "actors" else "pattern"))
