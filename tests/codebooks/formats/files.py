"""Read a file that a test wrote."""

from __future__ import annotations

from toolkit.codebooks import Codebook
from toolkit.codebooks.files import parse_codebook


def read(text: str | bytes, name: str, **options: str) -> Codebook | str:
    """The codebook, or the first error."""
    book, faults = parse_codebook(name, text if isinstance(text, bytes) else text.encode(), **options)
    error = next((fault for fault in faults if not fault.is_warning), None)
    return book if error is None and book is not None else f"{name}{error}"


def entries(book: Codebook) -> dict[str, list[str]]:
    """The patterns of each entry."""
    return {entry.id: [pattern.text for pattern in entry.patterns] for entry in book.entries}


def losses(book: Codebook) -> list[str]:
    """What could not be brought over."""
    return list(book.losses)
