"""Read the web pages of a web archive (WARC)."""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import IO, Any

from toolkit.errors import CorpusError
from toolkit.parsing.dates import read_date
from toolkit.parsing.sources import RawArticle, RawRefusal
from toolkit.parsing.webpages import read_webpage

_LARGEST = 11_000_000  # bytes of a record: a page of the most that `read_webpage` reads, and its headers
_HTML = ("text/html", "application/xhtml+xml")


def read_warc(stream: IO[bytes]) -> Iterator[RawArticle | RawRefusal]:
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

    types, row = WarcRecordType.response | WarcRecordType.resource, 0
    try:
        for record in ArchiveIterator(stream, record_types=types, parse_http=False):
            if found := _read_record(record):
                row += 1
                yield replace(found, row=row)
        if not row and stream.tell():
            yield RawRefusal(None, "no web page in it; if it is an extract (WET, WAT), give the web archive of which it was made")
    except OSError as fault:
        yield RawRefusal(row + 1, f"a broken record ({fault}): neither it nor what may follow was read")


def _read_record(record: Any) -> RawArticle | RawRefusal | None:
    """Read the page of a record; None for what is not a page, OSError for a record cut off."""
    content = record.reader.read(_LARGEST)
    if len(content) < min(record.content_length, _LARGEST):
        raise OSError(f"cut off after {len(content):,} of {record.content_length:,} bytes")
    for packed in ("all", "content", "transfer", "none"):  # a server may say that it packed what it did not
        copy = type(record)()  # after a fault in its content, fastwarc loses its place in the archive
        copy.set_bytes_content(content)
        copy.is_http = record.headers.get("WARC-Type", "").lower() == "response"
        with suppress(OSError):
            copy.parse_http(auto_decode=packed)
            body = copy.reader.read(_LARGEST)
            break
    kind = (copy.http_content_type if copy.is_http else record.headers.get("Content-Type")) or ""
    if not kind.lower().startswith(_HTML) or (copy.is_http and not 200 <= (copy.http_headers.status_code or 200) < 300):
        return None
    with suppress(zlib.error):  # packed, and not as it is said
        body = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, _LARGEST)
    url = record.headers.get("WARC-Target-URI", "").strip("<> ")  # WARC 1.0 has angle brackets
    try:
        page = read_webpage(body, encoding=(copy.http_charset or "").replace("\0", ""), url=url)
    except CorpusError as fault:
        return RawRefusal(None, str(fault))
    crawled = read_date(record.headers.get("WARC-Date", ""))
    if "published" in page.fields or not crawled:
        return page
    origins = {**page.origins, "published": ("date of the crawl (WARC-Date)", "guess")}
    return replace(page, fields={**page.fields, "published": crawled}, origins=origins)
