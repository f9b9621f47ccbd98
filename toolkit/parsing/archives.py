"""Unpack archives as streams: nothing is written under a name that an archive gives, and a bomb is stopped before it goes off."""

import csv
import gzip
import re
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import pairwise
from typing import IO, cast

from toolkit.errors import CorpusError
from toolkit.parsing.sources import CHUNK, LARGEST
from toolkit.tables import read_limits

# What we, the standard library, openpyxl and pyarrow raise at damaged bytes, as the fuzz run found: they say so in many ways.
DAMAGE = (CorpusError, csv.Error, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, EOFError, RecursionError,
          RuntimeError, AssertionError, SyntaxError, zipfile.BadZipFile, tarfile.TarError, zlib.error)  # fmt: skip

DEEPEST, _HIGHEST_RATIO, _SMALL = read_limits("archives")


def is_hidden(parts: Sequence[str]) -> bool:
    """Whether a path names what systems leave beside files, or what a user has hidden: no input.

    Example:
        >>> [is_hidden(path.split("/")) for path in ("__MACOSX/a.txt", ".git/config", "a/b.txt")]
        [True, True, False]
    """
    return any((part.startswith((".", "~$")) and part.strip(".")) or part in ("__MACOSX", "Thumbs.db", "desktop.ini") for part in parts)


def look_into_zip(stream: IO[bytes]) -> str:
    """Tell what a ZIP file is by what is in it."""
    with zipfile.ZipFile(stream) as archive:
        names, size = set(archive.namelist()), sum(member.file_size for member in archive.infolist())
    if names.isdisjoint(("[Content_Types].xml", "mimetype")):
        return "zip"
    if any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
        return "docx"
    if "xl/workbook.xml" in names:
        if size > LARGEST:
            raise CorpusError(f"a workbook that unpacks to over {LARGEST >> 20} MB (a bomb?): save it as CSV, if you trust it")
        return "xlsx"
    raise CorpusError("an office file of another kind: save it as DOCX or XLSX")


def unpack(kind: str, stream: IO[bytes]) -> Iterator[tuple[str, IO[bytes] | str]]:
    """Unpack an archive, one member after the other. Folders and hidden files are no members; links and devices in a TAR are refused.

    Args:
        kind: "zip", "tar" or "gzip".
        stream: Its bytes.

    Yields:
        The path of a member ("" for the one file that gzip packs), and its stream, to be closed by the taker, or why it is refused.

    Raises:
        CorpusError: And others of `DAMAGE`, when the archive breaks off; what came before was read.
    """
    for path, n_packed, opened in {"zip": _zip_members, "tar": _tar_members, "gzip": _only_member}[kind](stream):
        if not is_hidden(re.split(r"[/\\]", path)):
            yield path, _copy(opened, n_packed) if opened else "a link or a device, no file"


_Member = tuple[str, int, Callable[[], IO[bytes]] | None]  # path, packed size, opener: None for what is no file


def _zip_members(stream: IO[bytes]) -> Iterator[_Member]:
    """The files in a ZIP."""
    with zipfile.ZipFile(stream) as archive:
        places = sorted((member.header_offset, member.header_offset + member.compress_size) for member in archive.infolist())
        if any(end > start for (_, end), (start, _) in pairwise(places)):
            raise CorpusError("its entries share the same bytes (a bomb?): unpack it yourself and give the files, if you trust it")
        files = (member for member in archive.infolist() if not member.is_dir())
        yield from ((file.filename, file.compress_size, partial(archive.open, file)) for file in files)


def _tar_members(stream: IO[bytes]) -> Iterator[_Member]:
    """The files in a TAR."""
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        while (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # the module keeps them all: 1 KB each
            if not member.isdir():
                opener = cast("Callable[[], IO[bytes]]", partial(archive.extractfile, member))
                yield member.name, member.size, opener if member.isreg() else None
        stream.seek(archive.offset)
        if stream.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):  # the module takes a damaged header for the end
            raise CorpusError("the end mark of the archive is missing")


def _only_member(stream: IO[bytes]) -> Iterator[_Member]:
    """The one file in what gzip made."""
    n_packed = stream.seek(0, 2)
    stream.seek(0)
    yield "", n_packed, lambda: cast("IO[bytes]", gzip.open(stream))


def _copy(opened: Callable[[], IO[bytes]], n_packed: int) -> IO[bytes] | str:
    """Copy a member to where it can be read twice, or say why not."""
    copy = tempfile.SpooledTemporaryFile(_SMALL)
    with suppress(*DAMAGE), opened() as member:
        while chunk := member.read(CHUNK):
            copy.write(chunk)
            if copy.tell() > max(_SMALL, _HIGHEST_RATIO * n_packed):
                return "it unpacks to far more than text does (a bomb?): unpack it yourself and give the files, if you trust it"
        copy.seek(0)
        return copy
    return "it cannot be unpacked: it is damaged, locked with a password, or packed in another way"
