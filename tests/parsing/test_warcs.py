import gzip
import io
import zlib

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.parsing.test_webpages import PARAGRAPHS, STORY
from toolkit.parsing.sources import RawRefusal
from toolkit.parsing.warcs import read_warc

HTML = ("Content-Type", "text/html; charset=utf-8")


def write_page(writer, number, *headers, body=None, status="200 OK", kind="response"):
    content = body if body is not None else f"<title>Page {number}</title><article>{STORY}</article>".encode()
    http = StatusAndHeaders(status, list(headers) or [HTML], protocol="HTTP/1.1") if kind == "response" else None
    said = {"WARC-Date": "2017-02-07T08:30:00Z"} | ({"Content-Type": HTML[1]} if kind == "resource" else {})
    record = writer.create_warc_record(
        f"https://daily.example/{number}", kind, payload=io.BytesIO(content), http_headers=http, warc_headers_dict=said
    )
    writer.write_record(record)


def write_warc(n, *, compressed=False):
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=compressed)
    writer.write_record(writer.create_warcinfo_record("crawl.warc", {"software": "ours"}))
    for number in range(1, n + 1):
        write_page(writer, number)
    return stream.getvalue()


def summarise(content):
    return [one.reason if isinstance(one, RawRefusal) else one.fields["headline"] for one in read_warc(io.BytesIO(content))]


def chunk(body):
    return b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"


PLAIN, COMPRESSED = write_warc(4), write_warc(4, compressed=True)
HALF = len(COMPRESSED) // 2
BROKEN = "a broken record (Invalid WARC header): neither it nor what may follow was read"


@pytest.mark.parametrize("content", [PLAIN, COMPRESSED, gzip.compress(PLAIN)], ids=["plain", "by record", "as a whole"])
def test_each_html_record_is_an_article_with_its_address_and_place(content):
    articles = list(read_warc(io.BytesIO(content)))
    assert [(article.row, article.fields["headline"], article.fields["url"]) for article in articles] == [
        (number, f"Page {number}", f"https://daily.example/{number}") for number in range(1, 5)
    ]
    assert articles[0].fields["text"].split("\n\n") == PARAGRAPHS


def test_date_of_the_crawl_is_a_guess_and_yields_to_that_of_the_page():
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=False)
    write_page(writer, 1)
    write_page(writer, 2, body=f"<meta name=date content=2017-01-31><title>x</title>{STORY}".encode())
    first, second = read_warc(io.BytesIO(stream.getvalue()))
    assert (first.fields["published"], first.origins["published"]) == ("2017-02-07T08:30:00", ("date of the crawl (WARC-Date)", "guess"))
    assert (second.fields["published"], second.origins["published"]) == ("2017-01-31", ("trafilatura", "likely"))


@pytest.mark.parametrize(
    ("headers", "pack"),
    [
        ([HTML, ("Content-Encoding", "gzip")], gzip.compress),
        ([HTML, ("Content-Encoding", "br")], brotli.compress),
        ([HTML, ("Transfer-Encoding", "chunked")], chunk),
        ([HTML, ("Content-Encoding", "gzip")], lambda body: body),
        ([HTML, ("Content-Encoding", "deflate")], lambda body: body),
        ([HTML, ("Content-Encoding", "br")], lambda body: body),
        ([HTML, ("Content-Encoding", "br")], gzip.compress),
        ([HTML, ("Content-Encoding", "gzip")], zlib.compress),
        ([HTML, ("Content-Encoding", "utf-8")], lambda body: body),
        ([HTML], gzip.compress),
        ([HTML, ("Transfer-Encoding", "chunked")], lambda body: body),
        ([HTML, ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], lambda body: body),
        ([HTML, ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], gzip.compress),
        ([HTML, ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], chunk),
        ([HTML, ("Content-Length", "10")], lambda body: body),
        ([HTML, ("Content-Length", "100000")], lambda body: body),
        ([("Content-Type", "text/html; charset=cp1251")], lambda body: body.decode().replace("Page", "Дождь").encode("cp1251", "replace")),
        ([("Content-Type", "TEXT/HTML; charset=made-up")], lambda body: body),
    ],
    ids=["gzip", "brotli", "chunked", "no gzip", "no deflate", "no brotli", "gzip, no brotli", "deflate, no gzip", "a charset",
         "gzip unsaid", "not chunked", "neither chunked nor gzip", "gzip, not chunked", "chunked, no gzip", "too short", "too long",
         "charset of the header", "no charset"],
)  # fmt: skip
def test_what_a_server_packed_is_unpacked_and_what_it_did_not_is_read(headers, pack):
    stream = io.BytesIO()
    write_page(WARCWriter(stream, gzip=False), 1, *headers, body=pack(f"<title>Page 1</title>{STORY}".encode()))
    (article,) = read_warc(io.BytesIO(stream.getvalue()))
    assert article.fields["headline"] == ("Дождь 1" if "1251" in headers[0][1] else "Page 1")


def test_a_page_of_elements_in_one_another_costs_itself_alone():
    deep, stream = b"<title>Deep</title>" + b"<div>" * 12_000 + STORY.encode(), io.BytesIO()
    writer = WARCWriter(stream, gzip=False)
    for number, body in enumerate((deep, None), start=1):
        write_page(writer, number, body=body)
    first, second = read_warc(io.BytesIO(stream.getvalue()))
    assert isinstance(first, RawRefusal) and not isinstance(second, RawRefusal)


def test_resources_are_pages_and_redirects_errors_pictures_and_requests_are_not():
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=False)
    write_page(writer, 1, kind="resource")
    write_page(writer, 2, status="301 Moved")
    write_page(writer, 3, status="404 Not Found")
    write_page(writer, 4, ("Content-Type", "image/png"))
    write_page(writer, 5, ("Content-Type", "application/xhtml+xml"))
    assert summarise(stream.getvalue()) == ["Page 1", "Page 5"]


def damage(content, old, new, which):
    """Replace one of the occurrences of a piece, counted from 1."""
    pieces = content.split(old)
    return old.join(pieces[:which]) + new + old.join(pieces[which:])


@pytest.mark.parametrize(
    ("content", "expect"),
    [
        (damage(PLAIN, b"WARC/1.0", b"WXRC/1.0", 3), ["Page 1", BROKEN]),
        (damage(PLAIN, b"HTTP/1.1 200", b"XTTP/1.1 200", 2), ["Page 1", "Page 2", "Page 3", "Page 4"]),
        (PLAIN[:-200], ["Page 1", "Page 2", "Page 3", None]),
        (b"no archive " * 99, [BROKEN]),
        (b"", []),
    ],
    ids=["header", "HTTP", "cut off", "no archive", "nothing"],
)  # fmt: skip
def test_broken_record_is_refused_and_ends_the_archive_but_a_broken_status_is_read_over(content, expect):
    found = summarise(content)
    assert [one for one, want in zip(found, expect, strict=True) if want is not None] == [want for want in expect if want is not None]
    assert all(one.startswith("a broken record (cut off after") for one, want in zip(found, expect, strict=True) if want is None)


def test_damage_within_compressed_records_is_said_once():
    found = summarise(COMPRESSED[:HALF] + b"\0" * 20 + COMPRESSED[HALF + 20 :])
    assert found[0] == "Page 1" and found[-1].startswith("a broken record (") and len(found) < 5


def test_page_that_cannot_be_unpacked_or_unpacks_to_too_much_is_refused():
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=False)
    write_page(writer, 1, HTML, ("Content-Encoding", "br"), body=b"nonsense")
    write_page(writer, 2, HTML, ("Content-Encoding", "gzip"), body=gzip.compress(b"<p>" + b"It rained. " * 9_000_000))
    write_page(writer, 3)
    assert summarise(stream.getvalue()) == [
        "no story was found in the page: look at it in a browser and save it once the story shows",
        "a page of 11,000,000 bytes; at most 10,000,000 are read",
        "Page 3",
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([PLAIN, COMPRESSED]), st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=4), st.integers(0, 9)), max_size=4)
)
def test_damaged_archives_are_read_or_refused_in_order(content, changes):
    damaged = bytearray(content)
    for place, inserted, n_lost in changes:
        damaged[place : place + n_lost] = inserted
    found = list(read_warc(io.BytesIO(bytes(damaged))))
    assert [one.row for one in found] == list(range(1, len(found) + 1))
