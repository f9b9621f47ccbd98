"""Read the text of word processors' documents: DOCX and RTF, known by their content, whatever their names say."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

_LARGEST_DOCX = 50_000_000  # bytes of text and mark-up: a thousand articles and more
_MOST_TAGS = 2_500_000  # in that text: three seconds and 400 MB where they are empty; a document of 50 MB has some 2,000,000
_LARGEST_RTF = 10_000_000  # bytes without pictures: six seconds, because striprtf takes every character by itself
_LONGEST_FONT_TABLE = 50_000  # characters; Word's own have some 10,000, and striprtf takes quadratic time over it
_MAIN_PART = re.compile(r"word/document\d*\.xml")
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_NOT_SHOWN = ("{*}pPr", "{*}del", "{*}moveFrom", "{*}Fallback")  # tab stops; deleted, moved; a drawing's second copy for old readers
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PICTURE = re.compile(r"(?<![0-9a-fA-F\r\n])[0-9a-fA-F\r\n]{1000,}+")  # written as digits; no word is as long
_RTF_STEPS = (  # what striprtf does otherwise than we want, each after an even number of backslashes
    (re.compile(r"(?<!\\)((?:\\\\)*)\\field(?![a-z])"), r"\1"),  # a hyperlink's address would follow its text; its search is quadratic
    (re.compile(r"(?<!\\)((?:\\\\)*)\\(?=f\d)"), "\\1\n\\\\"),  # keeps its search for fonts within a line
    (re.compile(r"(?<!\\)((?:\\\\)*)\\(?:par|row|nestrow)(?![a-z])"), r"\1\\par\\par"),  # a blank line ends paragraphs and rows only
    (re.compile(r"(?<!\\)((?:\\\\)*)\\(?:nest)?cell(?![a-z])"), r"\1\\tab"),
)


def read_document(content: bytes) -> str:
    r"""Read the text of a DOCX or RTF document, as a reader of it sees it.

    Paragraphs and tables come in their order, with the text of hyperlinks, text boxes and tracked insertions. Headers, footers, notes,
    comments, deletions and pictures stay out.

    Args:
        content: Bytes of the file.

    Returns:
        The text, paragraphs parted by a blank line, the cells of a row by a tab.

    Raises:
        ValueError: When it is no such document, encrypted, damaged or too large; the message says which, and what to do.

    Example:
        >>> read_document(rb"{\rtf1\ansi\ansicpg1252 Caf\'e9 owners\par {\b met} in Ki\u235?v.}")
        'Café owners\n\nmet in Kiëv.'
    """
    if content.startswith(b"PK\x03\x04"):
        text = _read_docx(content)
    elif content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        text = _read_rtf(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # a compound file: Word before 2007, or any encrypted document
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise ValueError("an encrypted document: save it without a password")
        raise ValueError("a document of an old kind (.doc): save it as .docx")
    else:
        raise ValueError("neither a DOCX nor an RTF document")
    return re.sub(r"\s*\n[^\S\n]*\n\s*", "\n\n", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")).strip()


def _check_size(size: int, largest: int, unit: str = "bytes of text") -> None:
    """Refuse a document that would take too much memory or time."""
    if size > largest:
        raise ValueError(f"a document of {size:,} {unit}; at most {largest:,} are read: split it")


def _read_docx(content: bytes) -> str:
    """Read the main part of a DOCX in one pass: a new paragraph at each `p`, text at each `t`."""
    from lxml import etree

    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            part = next((info for info in package.infolist() if _MAIN_PART.fullmatch(info.filename)), None)
            if part is None:
                raise ValueError("a ZIP archive that is no DOCX document")
            if part.flag_bits & 1:
                raise ValueError("an encrypted document: save it without a password")
            _check_size(part.file_size, _LARGEST_DOCX)
            xml = package.read(part)
            _check_size(xml.count(b"<"), _MOST_TAGS, "tags")
            body = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, EOFError, NotImplementedError, OSError) as fault:
        raise ValueError(f"a damaged DOCX document ({fault}): save it anew") from None
    etree.strip_elements(body, *_NOT_SHOWN, with_tail=False)
    pieces: list[str] = []
    for element in body.iter("{*}p", "{*}t", *(f"{{*}}{name}" for name in _BREAKS)):
        name = etree.QName(element).localname
        if name == "p":
            cell, before = element.getparent(), element.getprevious()
            starts_cell = cell is not None and cell.tag.endswith("}tc") and (before is None or before.tag.endswith("}tcPr"))
            pieces.append("\t" if starts_cell and cell.getprevious() is not None and cell.getprevious().tag == cell.tag else "\n\n")
        else:
            pieces.append(_BREAKS.get(name) or element.text or "")
    return "".join(pieces)


def _read_rtf(content: bytes) -> str:
    """Read an RTF document: raw bytes as UTF-8 or else in its code page, then striprtf."""
    from striprtf.striprtf import font_table_group, rtf_to_text

    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        page = _CODE_PAGE.search(content)
        try:
            text = content.decode(f"cp{page[1].decode()}" if page else "cp1252", "replace")
        except LookupError:
            text = content.decode("cp1252", "replace")
    text = _PICTURE.sub("", text)
    _check_size(len(text), _LARGEST_RTF)
    for pattern, instead in _RTF_STEPS:
        text = pattern.sub(instead, text)
    if len(font_table_group(text)) > _LONGEST_FONT_TABLE:  # type: ignore[no-untyped-call]
        raise ValueError(f"a damaged RTF document (a font table of more than {_LONGEST_FONT_TABLE:,} characters): save it anew")
    try:
        return str(rtf_to_text(text, errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, OverflowError, TypeError) as fault:  # striprtf checks no number and no code page
        raise ValueError(f"a damaged RTF document ({fault}): save it anew") from None
