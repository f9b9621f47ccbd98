"""Small files of every format, made by tools that are not ours; the texts are. Each holds the same two articles, or the first of them."""

import csv
import gzip
import io
import json
import tarfile
import zipfile
from email.message import EmailMessage

import docx
import openpyxl
import pandas as pd
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

BODY = (
    "The river rose by two metres on Monday, and the lower town is under water, the mayor said.",
    "“It is the third time this year,” she told reporters. Shops near the quay did not open.",
)
OTHER = ("Shops on the quay stay shut for a week, their owners say.", "They ask the town for help, and the mayor’s café is open again.")
ARTICLES = [
    {"title": "River rises in Aume", "text": "\n\n".join(BODY), "date": "2017-02-07", "source": "The Daily"},
    {"title": "Shops stay shut", "text": "\n\n".join(OTHER), "date": "2017-02-09", "source": "The Daily"},
]
FIRST = ARTICLES[0]
PAGE = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>River rises in Aume</title>"
    "<meta property='og:site_name' content='The Daily'><meta property='article:published_time' content='2017-02-07'></head>"
    f"<body><nav><a href='/'>Home</a></nav><article><h1>River rises in Aume</h1><p>{BODY[0]}</p><p>{BODY[1]}</p></article></body></html>"
)
NEXIS = """Documents (2)

1. River rises in Aume

2. Shops stay shut

River rises in Aume

The Daily

February 7, 2017 Tuesday

Length: 21 words

Body

{}

{}

End of Document

Shops stay shut

The Daily

February 9, 2017 Thursday

Length: 21 words

Body

{}

{}

End of Document
""".format(*BODY, *OTHER)


def write_csv(delimiter=","):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(FIRST), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(ARTICLES)
    return stream.getvalue()


def write_xlsx():
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(list(FIRST))
    for article in ARTICLES:
        book.active.append(list(article.values()))
    book.create_sheet("empty")
    book.save(stream)
    return stream.getvalue()


def write_docx(paragraphs):
    document, stream = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(stream)
    return stream.getvalue()


def write_rtf(text):
    escaped = "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in text)
    return b"{\\rtf1\\ansi\\ansicpg1252 " + escaped.replace("\n\n", "\\par\\par ").encode("ascii") + b"}"


def write_parquet():
    stream = io.BytesIO()
    pd.DataFrame(ARTICLES).assign(date=lambda table: pd.to_datetime(table["date"])).to_parquet(stream, index=False)
    return stream.getvalue()


def write_warc():
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    for path, content, kind in (("river", PAGE.encode(), "text/html; charset=utf-8"), ("logo", b"\x89PNG", "image/png")):
        http = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(f"https://daily.example/{path}", "response", payload=io.BytesIO(content), http_headers=http)
        )
    return stream.getvalue()


def write_zip(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def write_tar(members, mode="w:gz"):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def write_message(text: str, kind: str = "plain") -> bytes:
    """A message as Python's own library writes it."""
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = (
        "The Daily <news@daily.example>",
        FIRST["title"],
        "Tue, 07 Feb 2017 00:00:00 +0000",
    )
    message.set_content(text, subtype=kind)
    return message.as_bytes()


PLAIN = f"{FIRST['title']}\n\n{FIRST['text']}"
JSONL = "".join(json.dumps(article) + "\n" for article in ARTICLES)
NEWS_PLEASE = {"authors": ["Ann Lee", "Bob Roe"], "date_publish": "2017-02-07 00:00:00", "description": BODY[0],
               "maintext": FIRST["text"], "title": FIRST["title"], "source_domain": "The Daily", "language": None}  # fmt: skip
NEWSPAPER4K = {"url": "https://daily.example/1", "title": FIRST["title"], "authors": ["Ann Lee"], "publish_date": "2017-02-07 00:00:00",
               "text": FIRST["text"], "keywords": ["river"], "meta_site_name": "The Daily", "images": [], "summary": BODY[0]}  # fmt: skip
NEWSAPI = {"status": "ok", "totalResults": 2, "articles": [
    {"source": {"id": None, "name": one["source"]}, "author": "Ann Lee", "title": one["title"], "publishedAt": f"{one['date']}T00:00:00Z",
     "content": one["text"]} for one in ARTICLES]}  # fmt: skip
ELASTIC = {"took": 3, "hits": {"total": 2, "hits": [{"_id": str(n), "_source": one} for n, one in enumerate(ARTICLES)]}}

MADE: dict[str, tuple[str, str, bytes, int]] = {
    "plain text": ("text", "a.txt", PLAIN.encode(), 1),
    "plain text in an old encoding": ("text", "a.txt", PLAIN.encode("cp1252"), 1),
    "web page": ("html", "a.html", PAGE.encode(), 1),
    "web page without an ending": ("html", "a", PAGE.encode("utf-8-sig"), 1),
    "WARC by warcio": ("warc", "a.warc.gz", write_warc(), 1),
    "CSV by csv": ("csv", "a.csv", write_csv().encode(), 2),
    "CSV for Excel": ("csv", "a.csv", ("sep=;\r\n" + write_csv(";")).encode("utf-8-sig"), 2),
    "TSV in UTF-16, called .txt": ("csv", "a.txt", write_csv("\t").encode("utf-16"), 2),
    "XLSX by openpyxl": ("xlsx", "a.xlsx", write_xlsx(), 2),
    "JSON, a list": ("json", "a.json", json.dumps(ARTICLES, indent=1).encode(), 2),
    "JSON, lists by column": ("json", "a.json", json.dumps({key: [one[key] for one in ARTICLES] for key in FIRST}).encode(), 2),
    "JSON by pandas": ("json", "a.json", pd.DataFrame(ARTICLES).to_json().encode(), 2),
    "JSON by pandas, by row": ("json", "a.json", pd.DataFrame(ARTICLES).to_json(orient="index").encode(), 2),
    "JSON by news-please": ("json", "a.json", json.dumps(NEWS_PLEASE).encode(), 1),
    "JSON by newspaper4k": ("json", "a.json", json.dumps(NEWSPAPER4K).encode(), 1),
    "JSON as of NewsAPI": ("json", "a.json", json.dumps(NEWSAPI).encode(), 2),
    "JSON as of Elasticsearch": ("json", "a.json", json.dumps(ELASTIC).encode(), 2),
    "JSON Lines": ("jsonl", "a.jsonl", JSONL.encode(), 2),
    "JSON Lines, called .json": ("jsonl", "a.json", JSONL.encode(), 2),
    "Parquet by pandas": ("parquet", "a.parquet", write_parquet(), 2),
    "DOCX by python-docx": ("docx", "a.docx", write_docx([FIRST["title"], *BODY]), 1),
    "e-mail": ("message", "a.eml", write_message(FIRST["text"]), 1),
    "e-mail with a web page": ("message", "a.eml", write_message(PAGE, "html"), 1),
    "RTF": ("rtf", "a.rtf", write_rtf(PLAIN), 1),
    "Nexis as text": ("text", "a.txt", NEXIS.encode(), 2),
    "Nexis as DOCX": ("docx", "a.docx", write_docx(NEXIS.split("\n\n")), 2),
    "Nexis as RTF": ("rtf", "a.rtf", write_rtf(NEXIS), 2),
    "gzip": ("csv", "a.csv.gz", gzip.compress(write_csv().encode()), 2),
    "ZIP": ("csv", "a.zip", write_zip({"__MACOSX/._a.csv": b"x", "folder/a.csv": write_csv().encode()}), 2),
    "TAR": ("text", "a.tar", write_tar({"a.txt": PLAIN.encode()}, "w"), 1),
    "TAR.GZ in ZIP": ("csv", "a", write_zip({"b.tar.gz": write_tar({"a.csv": write_csv().encode()})}), 2),
}
"""By label: format, name, content, and how many of the two articles it holds."""
