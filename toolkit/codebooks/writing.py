"""Write codebooks as YAML, for quanteda and for LIWC, and list what those two cannot represent."""

from collections import Counter
from dataclasses import fields, replace
from itertools import accumulate
from pathlib import Path

from toolkit.codebooks.formats.listing import FORMATS, Format
from toolkit.codebooks.records import Codebook, Entry, Pattern
from toolkit.errors import CodebookError, name_choices
from toolkit.markup import write_count
from toolkit.parsing.outputs import move_files, open_aside


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
