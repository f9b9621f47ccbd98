"""Read the web pages of a web archive (WARC)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from toolkit.parsing.dates import read_date
from toolkit.parsing.raw import RawArticle, RawRefusal
from toolkit.parsing.webpages import read_webpage

_LARGEST = 11_000_000  # bytes of a record: a page of the most that `read_webpage` reads, and its headers
_HTML = ("text/html", "application/xhtml+xml")


def read_warc(stream: BinaryIO) -> Iterator[RawArticle | RawRefusal]:
    r"""Read every web page of an archive: its HTML records, of which there is one for each time a page was fetched.

    An input is a record of type response with a status of 200 to 299, or of type resource, whose content is said to be HTML, and a broken
    record, which ends the archive. Requests, revisits, metadata, redirects, errors of servers, pictures and other files are none.

    Args:
        stream: The archive, plain or compressed by record (gzip, zstd).

    Yields:
        For each input, in the order of the archive and numbered from 1, the article with the address under which it was fetched, or the
        refusal. Where a page states no date, the date of the crawl is taken as a guess.

    Example:
        >>> from io import BytesIO
        >>> page = b"<title>Rain</title><p>" + b"It rained on the town all day. " * 9
        >>> head = "WARC/1.1\r\nWARC-Type: resource\r\nContent-Type: text/html\r\nContent-Length: "
        >>> [article.fields["headline"] for article in read_warc(BytesIO(f"{head}{len(page)}\r\n\r\n".encode() + page))]
        ['Rain']
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    types = WarcRecordType.response | WarcRecordType.resource
    row = 0
    try:
        for record in ArchiveIterator(stream, record_types=types, parse_http=False):
            if found := _read_record(record):
                row += 1
                yield replace(found, row=row)
    except OSError as fault:
        yield RawRefusal(row + 1, f"a broken record ({fault}): neither it nor what may follow was read")


def _read_record(record: Any) -> RawArticle | RawRefusal | None:
    """Read the page of a record; None for what is not a page, OSError for a record cut off."""
    content = record.reader.read(_LARGEST)
    if len(content) < min(record.content_length, _LARGEST):
        raise OSError(f"cut off after {len(content):,} of {record.content_length:,} bytes")
    said = {name.lower(): value for name, value in record.headers.items()}
    kind, charset = said.get("content-type", ""), ""
    if said["warc-type"].lower() == "response":
        response = type(record)()  # a copy: after a fault in its content, fastwarc loses its place in the archive
        response.set_bytes_content(content)
        response.is_http = True
        try:
            response.parse_http(auto_decode="all")
            status = response.http_headers.status_code
            if status is None:
                return RawRefusal(None, "a record without the headers of a server: fetch the page again")
            kind, charset = response.http_content_type or "" if 200 <= status < 300 else "", response.http_charset or ""
            content = response.reader.read(_LARGEST) if kind.lower().startswith(_HTML) else b""
        except OSError as fault:
            return RawRefusal(None, f"a page that cannot be unpacked ({fault}): fetch it again")
    if not kind.lower().startswith(_HTML):
        return None
    found = read_webpage(content, encoding=charset, url=said.get("warc-target-uri", "").strip("<> "))  # WARC 1.0 has angle brackets
    crawled = read_date(said.get("warc-date", ""))
    if isinstance(found, RawRefusal) or "published" in found.fields or not crawled:
        return found
    origins = {**found.origins, "published": ("date of the crawl (WARC-Date)", "guess")}
    return replace(found, fields={**found.fields, "published": crawled}, origins=origins)
