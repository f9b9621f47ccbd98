"""Read the text of word processors' documents: DOCX and RTF."""

import re
import zipfile
from io import BytesIO

from toolkit.errors import CorpusError
from toolkit.parsing.sources import decode
from toolkit.tables import read_data, read_pattern

_LARGEST = 25_000_000  # bytes of text and mark-up without pictures, of five hundred articles and more
_MAIN_PART, _PICTURE = map(read_pattern, ("main part", "picture"))
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_NOT_SHOWN, _SIGNS = read_data("layouts")["docx"]
# What striprtf does otherwise than we want, each after an even number of backslashes.
_RTF_STEPS = [(re.compile(rf"(?<!\\)((?:\\\\)*)\\{word}"), rf"\1{instead}") for word, instead in read_data("layouts")["rtf"].items()]


def read_document(content: bytes) -> str:
    r"""Read the text of a DOCX or RTF document. Headers, footers, notes, comments, deletions and pictures stay out.

    Args:
        content: Bytes of the file.

    Returns:
        The text, paragraphs separated by a blank line, the cells of a row of RTF by a tab.

    Raises:
        CorpusError: When it is too large; and others of `DAMAGE`, when it is damaged.

    Example:
        >>> read_document(rb"{\rtf1\ansi\ansicpg1252 Caf\'e9 owners\par {\b met} in Ki\u235?v.}")
        'Café owners\n\nmet in Kiëv.'
    """
    text = _read_docx(content) if content.startswith(b"PK") else _read_rtf(content)
    return re.sub(r"\s*\n[^\S\n]*\n\s*", "\n\n", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")).strip()


def _check_size(size: int) -> None:
    """Refuse a document that would take too much memory or time."""
    if size > _LARGEST:
        raise CorpusError(f"a document of {size:,} bytes of text; at most {_LARGEST:,} are read: split it")


def _read_docx(content: bytes) -> str:
    """Read the main part of a DOCX in one pass: a new paragraph at each `p`, text at each `t`."""
    from lxml import etree

    with zipfile.ZipFile(BytesIO(content)) as package:
        part = package.getinfo(next(filter(_MAIN_PART.fullmatch, package.namelist()), ""))
        _check_size(part.file_size)
        body = etree.fromstring(package.read(part), etree.XMLParser(resolve_entities=False, no_network=True))
    etree.strip_elements(body, *_NOT_SHOWN, with_tail=False)
    shown = body.iter("{*}t", *(f"{{*}}{name}" for name in _SIGNS))
    return "".join(_SIGNS.get(etree.QName(element).localname) or element.text or "" for element in shown)


def _read_rtf(content: bytes) -> str:
    """Read an RTF document: raw bytes as UTF-8 or else in its code page, then striprtf."""
    from striprtf.striprtf import rtf_to_text

    page = _CODE_PAGE.search(content)
    text = _PICTURE.sub("", decode(content, declared=f"cp{page[1].decode()}" if page else "cp1252"))
    _check_size(len(text))
    for pattern, instead in _RTF_STEPS:
        text = pattern.sub(instead, text)
    return str(rtf_to_text(text, errors="replace"))  # type: ignore[no-untyped-call]
