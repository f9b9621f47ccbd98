"""Read the text of word processors' documents: DOCX and RTF, known by their content, whatever their names say."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from toolkit.parsing.sources import decode

_LARGEST_DOCX = 25_000_000  # bytes of text and mark-up, of five hundred articles and more; 700 MB in memory where they are tags alone
_LARGEST_RTF = 10_000_000  # bytes without pictures: six seconds, because striprtf takes every character by itself
_LONGEST_FONT_TABLE = 50_000  # characters; Word's own have some 10,000, and striprtf takes quadratic time over it
_MAIN_PART = re.compile(r"word/document\d*\.xml")
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_NOT_SHOWN = ("{*}pPr", "{*}del", "{*}moveFrom", "{*}Fallback")  # tab stops; deleted, moved; a drawing's second copy for old readers
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PICTURE = re.compile(r"(?<![0-9a-fA-F\r\n])[0-9a-fA-F\r\n]{1000,}+")  # written as digits; no word is as long
_RTF_STEPS = tuple(  # what striprtf does otherwise than we want, each after an even number of backslashes
    (re.compile(rf"(?<!\\)((?:\\\\)*)\\{word}"), rf"\1{instead}")
    for word, instead in (
        (r"field(?![a-z])", ""),  # a hyperlink's address would follow its text; its search is quadratic
        (r"(?=f\d)", "\n\\\\"),  # keeps its search for fonts within a line
        (r"(?:par|row|nestrow)(?![a-z])", r"\\par\\par"),  # a blank line ends paragraphs and rows only
        (r"(?:nest)?cell(?![a-z])", r"\\tab"),
    )
)


def read_document(content: bytes) -> str:
    r"""Read the text of a DOCX or RTF document, as a reader of it sees it.

    Paragraphs and tables come in their order, with the text of hyperlinks, text boxes and tracked insertions. Headers, footers, notes,
    comments, deletions and pictures stay out.

    Args:
        content: Bytes of the file.

    Returns:
        The text, paragraphs separated by a blank line, the cells of a row by a tab.

    Raises:
        ValueError: When it is not such a document, encrypted, damaged or too large; the message says which, and what to do.

    Example:
        >>> read_document(rb"{\rtf1\ansi\ansicpg1252 Caf\'e9 owners\par {\b met} in Ki\u235?v.}")
        'Café owners\n\nmet in Kiëv.'
    """
    if content.startswith(b"PK\x03\x04"):
        text = _read_docx(content)
    elif content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        text = _read_rtf(content)
    else:
        raise ValueError("neither a DOCX nor an RTF document")
    return re.sub(r"\s*\n[^\S\n]*\n\s*", "\n\n", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")).strip()


def _check_size(size: int, largest: int) -> None:
    """Refuse a document that would take too much memory or time."""
    if size > largest:
        raise ValueError(f"a document of {size:,} bytes of text; at most {largest:,} are read: split it")


def _read_docx(content: bytes) -> str:
    """Read the main part of a DOCX in one pass: a new paragraph at each `p`, text at each `t`."""
    from lxml import etree

    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            part = next((info for info in package.infolist() if _MAIN_PART.fullmatch(info.filename)), None)
            if part is None:
                raise ValueError("a ZIP archive that is not a DOCX document")
            _check_size(part.file_size, _LARGEST_DOCX)
            body = etree.fromstring(package.read(part), etree.XMLParser(resolve_entities=False, no_network=True))
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, EOFError, NotImplementedError, OSError, RuntimeError) as fault:
        raise ValueError(f"a damaged or encrypted DOCX document ({fault}): save it again, without a password") from None
    etree.strip_elements(body, *_NOT_SHOWN, with_tail=False)
    pieces: list[str] = []
    gap = "\n\n"
    for element in body.iter("{*}tc", "{*}p", "{*}t", *(f"{{*}}{name}" for name in _BREAKS)):
        name, before = etree.QName(element).localname, element.getprevious()
        if name == "tc":
            gap = "\t" if before is not None and before.tag == element.tag else gap
        else:
            pieces.append(gap if name == "p" else _BREAKS.get(name) or element.text or "")
            gap = "\n\n" if name == "p" else gap
    return "".join(pieces)


def _read_rtf(content: bytes) -> str:
    """Read an RTF document: raw bytes as UTF-8 or else in its code page, then striprtf."""
    from striprtf.striprtf import font_table_group, rtf_to_text

    page = _CODE_PAGE.search(content)
    text = _PICTURE.sub("", decode(content, declared=f"cp{page[1].decode()}" if page else "cp1252"))
    _check_size(len(text), _LARGEST_RTF)
    for pattern, instead in _RTF_STEPS:
        text = pattern.sub(instead, text)
    if len(font_table_group(text)) > _LONGEST_FONT_TABLE:  # type: ignore[no-untyped-call]
        raise ValueError(f"a damaged RTF document (a font table of more than {_LONGEST_FONT_TABLE:,} characters): save it again")
    try:
        return str(rtf_to_text(text, errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, OverflowError, TypeError) as fault:  # striprtf checks no number and no code page
        raise ValueError(f"a damaged RTF document ({fault}): save it again") from None
