"""Convert the rows of another tool's file to a codebook: ids, nesting, and a note on everything that cannot be converted."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from toolkit.codebooks.nodes import Fault
from toolkit.codebooks.patterns import check_pattern, find_doubles, find_meaning
from toolkit.codebooks.records import Codebook, Entry, Pattern
from toolkit.errors import CorpusError
from toolkit.parsing.sources import decode
from toolkit.parsing.words import WORD
from toolkit.tables import read_data

Path = tuple[str, ...]
_COMMON = frozenset(read_data("checks", "codebooks")["common words"].split())
NO_WEIGHTS = Fault(1, "weights are left out: every pattern counts one.", is_warning=True)


class Row(NamedTuple):
    """A row of a file: the names that lead to its category, its line, and a pattern; one without text only names the category."""

    path: Path
    line: int
    pattern: Pattern
    meaning: str = ""


def make_row(path: Iterable[str], line: int, text: str = "", *, meaning: str = "") -> Row:
    """Make a row as most tools mean it: a pattern in any case, without condition."""
    return Row(tuple(unicodedata.normalize("NFC", name.strip()) for name in path), line, Pattern(text, "pattern", False, line), meaning)


def lose(line: int, message: str) -> Fault:
    """Note what could not be understood."""
    return Fault(line, message, is_warning=True)


def decode_text(content: bytes, notes: Counter[tuple[str, str]] | None = None) -> str:
    """Decode the bytes of a text file, in whatever encoding its tool wrote it; a guess is noted.

    Example:
        >>> decode_text("café".encode("cp1252")), decode_text("café".encode("utf-16"))
        ('café', 'café')
    """
    try:
        return decode(content, notes=notes)
    except CorpusError:  # not text: the reader of the format says so
        return content.decode("cp1252", "replace")


def build_codebook(rows: Sequence[Row | Fault], book: Codebook) -> tuple[Codebook, list[Fault]]:
    """Build a codebook from the rows of a file.

    If a category and its subcategory share a pattern, it is kept in the subcategory only; counts roll up. If categories side by side
    share a pattern, one of them would lose it, because words count once in a top-level entry. The categories of such a file are
    therefore not nested: each becomes an entry of its own, with all patterns of its subcategories. Actors are never nested: each category
    with patterns becomes one, and its meaning names the categories around it. An actor's name that is also a common word when it is
    not in capitals (`us`) is looked for in capitals only.

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
    heads, held = dict[Path, Row](), dict[Path, dict[object, Pattern]]()
    for row in [row for row in rows if isinstance(row, Row)]:
        for stop in range(1, len(row.path) + 1):
            heads.setdefault(row.path[:stop], row)
            held.setdefault(row.path[:stop], {})
        pattern = _clean_pattern(row.pattern, book.kind, faults)
        if pattern is not None and (first := held[row.path].setdefault(find_meaning(pattern), pattern)) is not pattern:
            faults.append(lose(row.line, f"left out: {pattern.text!r} is in {row.path[-1]!r} already, in line {first.line}."))
    order = {path: place for place, path in enumerate(heads)}
    paths = sorted(heads, key=lambda path: [order[path[:stop]] for stop in range(1, len(path) + 1)])
    lower: dict[Path, dict[object, Pattern]] = {path: {} for path in paths}  # patterns of all categories in it
    for path in paths:
        for stop in range(1, len(path)):
            lower[path[:stop]] |= held[path]
    whole = {path: held[path] | lower[path] for path in paths}
    faults += [lose(heads[path].line, f"left out: category {path[-1]!r} has no pattern.") for path in paths if not whole[path]]
    own = {path: {k: held[path][k] for k in held[path] if k not in lower[path]} for path in paths if whole[path]}
    is_nested = book.kind != "actors"
    entries = _make_entries(own if is_nested else {path: held[path] for path in own if held[path]}, heads, book.kind, is_nested=is_nested)
    if is_nested and (doubles := find_doubles(entries, overlap="key")):
        entries = _make_entries({path: whole[path] for path in own}, heads, book.kind, is_nested=False)
        faults.append(lose(doubles[0].line, f"categories share patterns: read side by side, not nested. {doubles[0].message}"))
    if not entries and all(fault.is_warning for fault in faults):
        faults.append(Fault(1, "no category with a pattern. Allowed: one or more. Look at the file, or name its format."))
    return replace(book, entries=tuple(entries)), faults


def _make_entries(own: Mapping[Path, Mapping[object, Pattern]], heads: Mapping[Path, Row], kind: str, *, is_nested: bool) -> list[Entry]:
    """Make the entries of categories, parents first, with ids that differ."""
    ids, often, entries = dict[Path, str](), Counter[str](), list[Entry]()
    for path, patterns in own.items():
        label, parent = (path[-1], ids.get(path[:-1], "")) if is_nested else (path[-1] if kind == "actors" else " ".join(path), "")
        id = wanted = f"{parent}/" * bool(parent) + ("-".join(WORD.findall(label)) or "entry")
        while often[id]:
            often[wanted] += 1
            id = f"{wanted}-{often[wanted]}"
        often[id], ids[path] = 1, id
        type, head = "group" if kind == "actors" else "", heads[path]
        meaning = head.meaning or (", ".join(path[:-1]) if type else "")
        entries.append(Entry(id, label, meaning, type, tuple(patterns.values()), (), {}, (), parent, head.line))
    return entries


def _clean_pattern(pattern: Pattern, kind: str, faults: list[Fault]) -> Pattern | None:
    """Normalise a pattern that can match; note the reason if it cannot."""
    if not pattern.text:
        return None
    text = " ".join(unicodedata.normalize("NFC", pattern.text).split())
    if kind == "actors" and text.lower() in _COMMON:
        faults.append(lose(pattern.line, f"{text!r} is also a common word: as an actor, it is looked for in capitals only."))
        pattern, text = replace(pattern, case=True), text.upper()
    try:
        return replace(pattern, text=check_pattern(text), via="name" if kind == "actors" else "pattern")
    except ValueError as fault:
        faults.append(lose(pattern.line, f"left out: {str(fault).removesuffix(' Delete it.')}"))
        return None
