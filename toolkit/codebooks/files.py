"""Read, check and write codebooks: bundled ones by name, others by path, in our YAML and in the formats of other tools."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from toolkit.codebooks.checking import check_tree
from toolkit.codebooks.formats.listing import FORMATS, Format, find_format
from toolkit.codebooks.formats.rows import build_codebook, decode_text, lose
from toolkit.codebooks.nodes import Fault, Tree, parse_yaml
from toolkit.codebooks.patterns import find_doubles
from toolkit.codebooks.records import KINDS, Codebook, Entry, Pattern
from toolkit.codebooks.roles import expand_bodies
from toolkit.errors import CodebookError, name_choices
from toolkit.markup import write_count
from toolkit.parsing.outputs import move_files, open_aside

_BUNDLED = Path(__file__).parent / "data"
_LACKS = lose(1, "this format cannot store a version, licence, source or entry types. Convert it to YAML and add them.")


def list_codebooks() -> tuple[str, ...]:
    """List the names of the bundled codebooks.

    Example:
        >>> list_codebooks()
        ('actors', 'frames', 'frames-learned', 'gun-violence', 'language', 'language-learned')
    """
    return tuple(sorted(path.stem for path in _BUNDLED.glob("*.yml") if path.stem not in ("checks", "spellings")))


def read_codebook(name_or_path: str | Path, *, kind: str = "", format: str = "", encoding: str = "") -> Codebook:
    """Read a codebook or a dictionary of another tool; a file with an error is refused as a whole.

    Args:
        name_or_path: Name of a bundled codebook, or a file in one of `FORMATS`.
        kind: Kind, if the file does not state it: frames (default), actors or language.
        format: A name of `FORMATS`; "" finds it by what is in the file.
        encoding: Of the file, as Python names it; "" finds it, and says so where it is a guess.

    Returns:
        The codebook. `warnings` lists what is doubtful, `losses` what could not be converted from the file of another tool.

    Raises:
        CodebookError: Lists every error, one a line.

    Example:
        >>> import tempfile
        >>> war = Path(tempfile.mkdtemp(), "war.yml")
        >>> n_characters = war.write_text('''
        ... codebook: war
        ... kind: frames
        ... version: 2026.1
        ... licence: CC-BY-4.0
        ... source: Written for this example
        ... entries:
        ...   violence:
        ...     label: Violence
        ...     meaning: Force against people or things.
        ...     patterns: [bomb*, shell*]
        ...     not: [shell company]
        ... ''')
        >>> book = read_codebook(war)
        >>> [pattern.text for pattern in book.entry("violence").patterns]
        ['bomb*', 'shell*']
    """
    path_name, content = _read_content(name_or_path, encoding)
    book, faults = parse_codebook(Path(path_name).name, content, kind=kind, format=format)
    errors = [str(replace(fault, path=path_name)) for fault in faults if not fault.is_warning]
    if book is None or errors:
        raise CodebookError("\n".join(errors))
    return book


def check_codebook(name_or_path: str | Path, *, encoding: str = "") -> list[Fault]:
    """List all faults of a codebook, by line.

    Args:
        name_or_path: Name of a bundled codebook, or a file in one of `FORMATS`.
        encoding: As for `read_codebook`.

    Returns:
        The faults, none for a good codebook; `str` of one says where, what was found, what is allowed, what to do. With those that
        `is_warning` the codebook can be used.

    Raises:
        CodebookError: When there is no such file, or it is not in that encoding.

    Example:
        >>> check_codebook("frames")
        []
    """
    path_name, content = _read_content(name_or_path, encoding)
    return [replace(fault, path=path_name) for fault in parse_codebook(Path(path_name).name, content)[1]]


def _read_content(name_or_path: str | Path, encoding: str = "") -> tuple[str, bytes]:
    """Read the bytes of a codebook file, as UTF-8 if its encoding is given; name it as the user did."""
    name = str(name_or_path)
    named = name in list_codebooks()
    path = _BUNDLED / f"{name}.yml" if named else Path(name_or_path)
    if not path.is_file():
        raise CodebookError(f"{name}: no such file or bundled codebook. {name_choices(name, list_codebooks())} Or give a file.")
    try:
        content = path.read_bytes()
        return f"{name}.yml" if named else name, content.decode(encoding).encode() if encoding else content
    except (LookupError, UnicodeError) as fault:
        raise CodebookError(f"{name}: not text in the encoding '{encoding}' ({fault}). Name another, such as cp1250.") from None
    except OSError as fault:
        raise CodebookError(f"{name}: {fault.strerror}. Allowed: a file that you may read. Change its rights.") from fault


@lru_cache(maxsize=8)  # a notebook asks for the same codebook more than once
def parse_codebook(path_name: str, content: bytes, *, kind: str = "", format: str = "") -> tuple[Codebook | None, tuple[Fault, ...]]:
    """Parse and check the content of a file.

    Args:
        path_name: Name of the file, without folders.
        content: Its bytes.
        kind: As for `read_codebook`.
        format: As for `read_codebook`.

    Returns:
        The codebook, None where there is none to go on with, and its faults in the order of lines.

    Raises:
        CodebookError: When the kind or the format is not known.
    """
    format = format or find_format(content, Path(path_name).suffix.lower())
    for what, name, choices in (("kind", kind, KINDS), ("format", format, FORMATS)):
        if name and name not in choices:
            raise CodebookError(f"{what} {name!r} is not known. {name_choices(name, choices)}")
    sha256, reader = hashlib.sha256(content).hexdigest(), FORMATS[format].read
    if reader is None:
        return _parse_framebook(path_name, content, sha256)
    id = re.sub("[^A-Za-z0-9-]+", "-", Path(path_name).stem).strip("-") or "codebook"
    overlap = "dictionary" if kind == "actors" else "key"
    book, losses = build_codebook([*reader(content)], Codebook(id, kind or "frames", "", "", "", overlap, (), sha256, path_name))
    decode_text(content, notes := Counter[tuple[str, str]]())
    losses += [lose(1, f"read as {told}. Name another: codebook convert --encoding.") for _, told in notes]
    book = replace(book, warnings=_list_warnings([_LACKS], path_name), losses=_list_warnings(losses, path_name))
    return book, tuple(sorted({*losses, _LACKS}))


def _parse_framebook(path_name: str, content: bytes, sha256: str) -> tuple[Codebook | None, tuple[Fault, ...]]:
    """Parse and check our own YAML."""
    try:
        tree = parse_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        return None, (Fault(line, f"byte {content[fault.start]:#04x} is not UTF-8. Allowed: text in UTF-8. Save the file so."),)
    book = check_tree(tree, path_name=path_name, sha256=sha256, base=_find_base(tree)) if tree.root is not None else None
    if book is not None:
        ordered = sorted(book.entries, key=lambda entry: entry.line > 0)  # of two doubles, the file's own is reported
        tree.faults += find_doubles(ordered, overlap=book.overlap)
        book = replace(expand_bodies(book), warnings=_list_warnings(tree.faults, path_name))
    return book, tuple(sorted({*tree.faults}))


def _list_warnings(faults: Iterable[Fault], path_name: str) -> tuple[str, ...]:
    """Write the warnings among faults, a line each."""
    return tuple(str(replace(fault, path=path_name)) for fault in sorted({*faults}) if fault.is_warning)


def _find_base(tree: Tree) -> Codebook | None:
    """Read the bundled codebook that a file extends, as its own file has it."""
    name = tree.root.get("extends") if isinstance(tree.root, dict) else None
    if name in list_codebooks():
        path_name, content = _read_content(name)
        base = parse_yaml(content.decode())
        base.lines.clear()  # they say nothing in the file that extends it
        return check_tree(base, path_name=path_name, sha256="")
    if isinstance(name, str) and name.strip():
        tree.say(("extends",), f"extends {name!r}, which is not a bundled codebook. {name_choices(name, list_codebooks())}")
    return None


def write_codebook(codebook: Codebook, path: str | Path, *, format: str = "", force: bool = True) -> list[str]:
    """Write a codebook into a file, as our YAML, for quanteda or for LIWC.

    A pattern that would mean something else there is left out, never changed: one with a condition, for LIWC a wildcard other
    than a star at the end.

    Args:
        codebook: The codebook.
        path: The file to write.
        format: A name in `FORMATS` that is written; "" takes it from the suffix.
        force: Replace a file that holds something else.

    Returns:
        What the format cannot carry, a line for each kind of fact, with how many have it; empty if it carries all.

    Raises:
        CodebookError: When there is no such format, or it is only read, or another file is not to be replaced.

    Example:
        >>> import tempfile
        >>> from toolkit.codebooks import read_codebook
        >>> write_codebook(read_codebook("frames"), Path(tempfile.mkdtemp(), "frames.yml"))
        []
    """
    suffix = Path(path).suffix.lower()
    name = format or next((name for name, known in FORMATS.items() if suffix in known.suffixes), suffix)
    write = FORMATS[name].write if name in FORMATS else None
    if write is None:
        writable = [one for one in FORMATS if FORMATS[one].write]
        raise CodebookError(f"{path}: format {name!r} cannot be written. {name_choices(name, writable)}")
    kept, losses = (codebook, []) if FORMATS[name].read is None else _leave_out(codebook, FORMATS[name])
    content, out = write(kept), Path(path)
    if out.exists() and not force and (out.is_dir() or out.read_bytes() != content):
        raise CodebookError(f"{out}: there is another file of that name already. Give another name, or replace it with --force.")
    with open_aside(out.parent) as aside:
        (aside / out.name).write_bytes(content)
        move_files(aside, out.parent)
    return losses


def _leave_out(codebook: Codebook, known: Format) -> tuple[Codebook, list[str]]:
    """Leave out the patterns that a format cannot say and the entries that are then empty; list what is lost."""
    said = [replace(entry, patterns=tuple(filter(known.says, entry.patterns))) for entry in codebook.entries]
    filled = {id for entry in said if entry.patterns for id in accumulate(entry.id.split("/"), "{}/{}".format)}
    left = [f"{pattern.text!r} of {entry.id!r}" for entry in codebook.entries for pattern in entry.patterns if not known.says(pattern)]
    facts: Counter[str] = Counter()
    for entry in said:
        plain = Entry(entry.id, entry.id.rpartition("/")[2], "", "", entry.patterns, (), {}, (), entry.parent, 0)
        facts.update(f"{name} of entries" for name in _list_facts(entry, plain))
        for pattern in entry.patterns:
            facts.update(f"{name} of patterns" for name in _list_facts(pattern, Pattern(pattern.text, "pattern", False, 0)))
    empty = Codebook(codebook.id, codebook.kind, "", "", "", "key", codebook.entries, codebook.sha256, codebook.path_name)
    facts.update(f"{name} of the file" for name in _list_facts(replace(codebook, warnings=(), losses=()), empty))
    losses = [f"{known.title}: {write_count(len(left), 'pattern')} left out: {', '.join(left)}"] if left else []
    losses += [f"{known.title}: {name} lost ({n:,})" for name, n in facts.items()]
    return replace(codebook, entries=tuple(entry for entry in said if entry.id in filled)), losses


def _list_facts(given: Codebook | Entry | Pattern, plain: Codebook | Entry | Pattern) -> list[str]:
    """Name what is not as in a plain one, which holds all that other tools have a place for."""
    return [field.name for field in fields(given) if field.compare and getattr(given, field.name) != getattr(plain, field.name)]
