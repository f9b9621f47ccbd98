"""Read and check codebooks: bundled ones by name, others by path."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from toolkit.codebooks.checking import check_nodes
from toolkit.codebooks.nodes import Fault, parse_nodes
from toolkit.codebooks.records import Codebook
from toolkit.errors import CodebookError, name_choices

_BUNDLED = Path(__file__).parent / "data"


def list_codebooks() -> tuple[str, ...]:
    """List the names of the bundled codebooks.

    Source: our choice.

    Example:
        >>> list_codebooks()
        ('actors', 'frames', 'language')
    """
    return tuple(sorted(path.stem for path in _BUNDLED.glob("*.yml")))


def read_codebook(name_or_path: str | Path) -> Codebook:
    """Read a codebook; a codebook with any fault is not used at all.

    Args:
        name_or_path: Name of a bundled codebook, or a YAML file.

    Returns:
        The codebook.

    Raises:
        CodebookError: Lists every fault, one a line.

    Source: our choice; the form is defended on the codebooks page.

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
    path_name, content = _read_content(name_or_path)
    book, faults = _parse_codebook(Path(path_name).name, content)
    if book is None or faults:
        raise CodebookError("\n".join(_write_fault(path_name, fault) for fault in faults))
    return book


def check_codebook(name_or_path: str | Path) -> list[str]:
    """Say everything that is wrong with a codebook, by line.

    Args:
        name_or_path: Name of a bundled codebook, or a YAML file.

    Returns:
        The faults, none for a good codebook: where, what was found, what is allowed, what to do.

    Source: our choice.

    Example:
        >>> check_codebook("frames")
        []
        >>> check_codebook("no-such.yml")[0][:45]
        'no-such.yml: no such file or bundled codebook'
    """
    try:
        path_name, content = _read_content(name_or_path)
    except CodebookError as fault:
        return [str(fault)]
    return [_write_fault(path_name, fault) for fault in _parse_codebook(Path(path_name).name, content)[1]]


def _read_content(name_or_path: str | Path) -> tuple[str, bytes]:
    """Read the bytes of a codebook file; name it as the user did."""
    name = str(name_or_path)
    bundled = name in list_codebooks()
    path = _BUNDLED / f"{name}.yml" if bundled else Path(name_or_path)
    if not path.is_file():
        raise CodebookError(f"{name}: no such file or bundled codebook. {name_choices(name, list_codebooks())} Or give a file.")
    try:
        return f"{name}.yml" if bundled else name, path.read_bytes()
    except OSError as fault:
        raise CodebookError(f"{name}: {fault.strerror}. Allowed: a file that you may read. Change its rights.") from fault


@lru_cache(maxsize=8)  # checking four hundred actors takes half a second, and a notebook asks for them more than once
def _parse_codebook(path_name: str, content: bytes) -> tuple[Codebook | None, tuple[Fault, ...]]:
    """Parse and check the content of a file; faults in the order of lines."""
    try:
        root, faults = parse_nodes(content.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        return None, (Fault(line, f"byte {content[fault.start]:#04x} is not UTF-8. Allowed: text in UTF-8. Save the file so."),)
    if root is None:
        return None, tuple(faults)
    book, more = check_nodes(root, path_name=path_name, sha256=hashlib.sha256(content).hexdigest())
    return book, tuple(sorted({*faults, *more}))


def _write_fault(path_name: str, fault: Fault) -> str:
    """Write a fault as one line: where, what, what is allowed, what to do."""
    entry = f", entry {fault.entry!r}" if fault.entry else ""
    return f"{path_name}:{fault.line}{entry}: {fault.message}"
