"""Unpack archives as streams: nothing is written under a name that an archive gives, and a bomb is stopped before it goes off."""

from __future__ import annotations

import bz2
import csv
import gzip
import lzma
import re
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from toolkit.parsing.sources import CHUNK

DAMAGE = (csv.Error, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, EOFError, RecursionError,
          AssertionError, SyntaxError, NotImplementedError, zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError)  # fmt: skip
"""What the standard library, openpyxl and pyarrow raise at damaged bytes, as the fuzz run found: they say so in many ways."""

OPENERS: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}  # type: ignore[dict-item]
"""Compressors of a single file."""

DEEPEST = 4
"""Archives in archives (a .tar.gz is two): a delivery by month in a delivery by year is four at most; deeper ones are made to do harm."""
_MOST_MEMBERS = 1_000_000  # files in one archive, those of archives in it included; the largest news corpora have some millions of articles
_MOST_BYTES = 64 << 30  # unpacked: six times the 10 GB of a large corpus
_HIGHEST_RATIO = 200  # unpacked to packed: news packs 3 to 30 times; what deflate makes of one repeated letter is 1,000
_SMALL = (
    64 << 20
)  # bytes unpacked that harm no machine, whatever the ratio; up to here a member stays in memory, then on disk without a name
_BOMB = "it unpacks to far more than text does (a bomb?): unpack it yourself and give the files, if you trust it"
_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:[/\\]|(?:.*[/\\])?\.\.(?:[/\\]|$)", re.DOTALL)


@dataclass
class Budget:
    """What one archive, and the archives in it, may still unpack."""

    n_bytes: int = _MOST_BYTES
    n_members: int = _MOST_MEMBERS


def is_hidden(parts: Sequence[str]) -> bool:
    """Whether a path names what systems leave beside files, or what a user has hidden: no input.

    Example:
        >>> [is_hidden(path.split("/")) for path in ("__MACOSX/a.txt", ".git/config", "a/b.txt")]
        [True, True, False]
    """
    return any((part.startswith(".") and part.strip(".") != "") or part in ("__MACOSX", "Thumbs.db", "desktop.ini") for part in parts)


def check_zip(archive: zipfile.ZipFile, n_packed: int) -> None:
    """Refuse a ZIP (or a DOCX, XLSX) that says it unpacks to far more than it is; no member unpacks to more than it says.

    Raises:
        ValueError: When it is a bomb.
    """
    n_bytes = sum(member.file_size for member in archive.infolist())
    if n_bytes > max(_SMALL, _HIGHEST_RATIO * n_packed):
        raise ValueError(_BOMB)


def unpack(kind: str, stream: IO[bytes], budget: Budget) -> Iterator[tuple[str, IO[bytes] | str]]:
    """Unpack an archive, one member after the other.

    Folders and hidden files are no members. Links, devices and paths that lead out of the archive are refused: nothing would be written
    there, but who sends them means no good.

    Args:
        kind: "zip", "tar", or a key of `OPENERS`.
        stream: Its bytes.
        budget: What it may unpack; used up here.

    Yields:
        The path of a member ("" where there is one only, without a name), and its stream, to be closed by the taker, or why it is refused.

    Raises:
        ValueError: And others of `DAMAGE`, when the archive breaks off or asks for too much; what came before was read.
    """
    members = _zip_members(stream) if kind == "zip" else _tar_members(stream) if kind == "tar" else _only_member(kind, stream)
    for path, n_packed, fault, opened in members:
        if is_hidden(re.split(r"[/\\]", path)):
            continue
        budget.n_members -= 1
        if budget.n_members < 0:
            raise ValueError(f"more than {_MOST_MEMBERS:,} files in it: unpack it and give the folder")
        fault = "its path leads out of the archive" if _OUTSIDE.match(path) else fault
        yield path, fault or _copy(opened, n_packed, budget)


_Member = tuple[str, int, str, Callable[[], IO[bytes]]]


def _zip_members(stream: IO[bytes]) -> Iterator[_Member]:
    """Path, packed size, fault and opener of each file in a ZIP."""
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                fault = "locked with a password: unpack it and give the folder" if member.flag_bits & 1 else ""
                fault = "a link, no file" if member.external_attr >> 28 == 0xA else fault
                yield member.filename, member.compress_size, fault, lambda member=member: archive.open(member)  # type: ignore[misc]


def _tar_members(stream: IO[bytes]) -> Iterator[_Member]:
    """Path, size, fault and opener of each file in a TAR."""
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        while (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # the module keeps them all: 1 KB each
            if not member.isdir():
                fault = "" if member.isreg() else "a link or a device, no file"
                yield member.name, member.size, fault, lambda member=member: archive.extractfile(member)  # type: ignore[misc]
        stream.seek(archive.offset)
        if stream.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):  # the module takes a damaged header for the end
            raise ValueError("the end mark of the archive is missing")


def _only_member(kind: str, stream: IO[bytes]) -> Iterator[_Member]:
    """The one file in what gzip, bzip2 or xz made."""
    n_packed = stream.seek(0, 2)
    stream.seek(0)
    yield "", n_packed, "", lambda: OPENERS[kind](stream)


def _copy(opened: Callable[[], IO[bytes]], n_packed: int, budget: Budget) -> IO[bytes] | str:
    """Copy a member to where it can be read twice, or say why not."""
    copy = tempfile.SpooledTemporaryFile(_SMALL)
    try:
        with opened() as member:
            while chunk := member.read(CHUNK):
                budget.n_bytes -= len(chunk)
                if budget.n_bytes < 0 or copy.tell() + len(chunk) > max(_SMALL, _HIGHEST_RATIO * n_packed):
                    raise ValueError(_BOMB)
                copy.write(chunk)
    except DAMAGE as fault:
        copy.close()
        return str(fault) if str(fault) == _BOMB else "it cannot be unpacked: it is damaged, or packed in an unknown way"
    copy.seek(0)
    return copy
