"""The table of formats: each read from a file that a tool made which is not ours."""

import io
import json
import zipfile
from html import escape
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.parsing.made import ARTICLES, FIRST, MADE, PAGE, PLAIN, write_csv, write_zip
from tests.parsing.test_files import read_bytes
from toolkit.parsing import read_corpus
from toolkit.parsing.formats import FORMATS, find_format, read_source
from toolkit.parsing.sources import Options, RawArticle, RawRefusal, Source

PDF = "a PDF keeps no reading order: save it as text, DOCX or HTML, or take the archive's export in another format"
REFERENCES = "references of a library (RIS, BibTeX, EndNote), which hold abstracts: export full texts"
CASES = Path(__file__).parents[1] / "cases" / "exports.yml"
BEFORE = "headline,text\nRain,It rains.\n"


def read(name, content, **options):
    return [raw for _, _, raw in read_source(Source(name, io.BytesIO(content), Options(**options)))]


@pytest.mark.parametrize(("kind", "name", "content", "n"), MADE.values(), ids=MADE)
def test_each_format_is_recognised_and_gives_its_articles(kind, name, content, n):
    found = list(read_source(Source(name, io.BytesIO(content))))
    assert {known for _, known, _ in found} == {kind}
    tables = read_bytes(name, content, outlet="The Daily")
    assert len(tables["Refused"]) == 0
    articles = tables["Articles"]
    assert articles["headline"].tolist() == [one["title"] for one in ARTICLES[:n]]
    assert (articles["outlet"] == "The Daily").all()
    for text, one in zip(articles["text"], ARTICLES, strict=False):
        assert [part for part in text.split("\n\n") if part != one["title"]] == one["text"].split("\n\n")
    if kind not in ("text", "docx", "rtf") or n == 2:
        assert articles["published"].tolist() == [pd.Timestamp(one["date"]) for one in ARTICLES[:n]]


def test_a_page_that_a_browser_saved_is_read(browser, tmp_path):
    page = browser.new_page()
    page.set_content(PAGE)
    (tmp_path / "page.html").write_text(page.content(), "utf-8")
    page.close()
    row = read_corpus(tmp_path).articles.iloc[0]
    assert (row["headline"], row["outlet"], row["published"]) == (FIRST["title"], "The Daily", pd.Timestamp("2017-02-07"))


def test_a_page_that_a_browser_saved_as_one_file_is_read(browser, tmp_path):
    page = browser.new_page()
    page.set_content(PAGE)
    saved = page.context.new_cdp_session(page).send("Page.captureSnapshot", {"format": "mhtml"})["data"]
    (tmp_path / "page.mhtml").write_bytes(saved.encode("utf-8"))
    page.close()
    news = read_corpus(tmp_path)
    row = news.articles.iloc[0]
    assert (row["headline"], row["outlet"], row["published"]) == (FIRST["title"], "The Daily", pd.Timestamp("2017-02-07"))
    assert row["text"].endswith(FIRST["text"].split("\n\n")[-1])
    undated = saved.replace("2017-02-07", "no day")  # the date in its head is that of saving
    assert [raw.fields.get("published", "") for raw in read("page.mhtml", undated.encode())] == [""]


def test_a_letter_in_an_encoding_that_nobody_knows_is_read_as_a_page_or_refused():
    page = "<article><h1>Rain</h1><p>" + "It rained on the town all day. " * 9 + "</p></article>"
    head = b"MIME-Version: 1.0\nSubject: Rain\nContent-Type: text/html; charset=x-unknown\n\n"
    assert "It rained on the town" in read("a.eml", head + page.encode())[0].fields["text"]
    (refusal,) = read("a.eml", head.replace(b"html", b"plain") + b"It rains.")
    assert isinstance(refusal, RawRefusal)


def test_an_export_saved_as_a_web_page_gives_its_articles():
    case = next(
        one for one in yaml.load(CASES.read_text("utf-8"), Loader=yaml.CSafeLoader)["wild"] if one["label"] == "Factiva for readers"
    )
    marked = "".join(f"<div>{escape(line)}</div>" for line in case["text"].splitlines() if line)
    page = f"<html><head><title>Factiva</title></head><body>{marked}</body></html>"
    for options in ({}, {"format": "factiva"}):
        raws = read("found.html", page.encode("cp1252"), **options)
        assert [raw.fields["headline"] for raw in raws] == [one["headline"] for one in case["expect"]]
        assert [raw.fields["text"] for raw in raws] == ["\n\n".join(one["text"]) for one in case["expect"]]


def test_every_format_is_made_in_a_test():
    exports = {"nexis", "factiva", "proquest", "europresse"}  # tests/cases/exports.yml, reading.yml
    assert {kind for kind, *_ in MADE.values()} | exports == set(FORMATS)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"%PDF-1.7", PDF),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office file of before 2007 or with a password: save it as DOCX or XLSX"),
        ("a.rar", b"Rar!\x1a\x07", "packed by RAR, 7-Zip, bzip2 or xz: unpack it and give the files"),
        ("a.png", b"\x89PNG\r\n", "a picture, a sound or a font, not an article"),
        ("page_files/site.css", b"p {color: red}", "a part of a saved web page, not an article"),
        ("a.mht", b"MIME-Version: 1.0\nContent-Type: multipart/related;", "a message without a text: save the page or the letter as HTML"),
        ("a.ris", b"TY  - NEWS\nTI  - Rain\nAB  - It rained.\nER  - \n", REFERENCES),
        ("a.txt", b"@article{bo, title={Rain}, abstract={It rained.}}", REFERENCES),
        ("a.xml", b"<?xml version='1.0'?><nitf><body><p>Rain.</p></body></nitf>",
             "XML with the root <nitf>, which is not read, as RSS, NITF, NewsML and TEI are not: make a table of it (CSV, JSON)"),
        ("a.odt", write_zip({"mimetype": "x"}), "an office file of another kind: save it as DOCX or XLSX"),
        ("a.parquet", b"PAR1 and no more", "damaged, or not what it looks like; what could be read of it was read (ArrowInvalid)"),
        ("a.xlsx", write_zip({"[Content_Types].xml": "x", "xl/workbook.xml": "x"}),
         "damaged, or not what it looks like; what could be read of it was read (XMLSyntaxError)"),
        ("a.zip", b"PK\x03\x04 and no more", "damaged, or not what it looks like; what could be read of it was read (BadZipFile)"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_what_to_do(name, content, reason):
    assert read(name, content) == [RawRefusal(None, reason)]


def test_a_workbook_that_unpacks_to_far_more_than_memory_holds_is_refused_before_it_is_unpacked():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, "x")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(513):
                sheet.write(bytes(1 << 20))
    assert len(bomb.getvalue()) < 10_000_000
    said = "a workbook that unpacks to over 512 MB (a bomb?): save it as CSV, if you trust it"
    assert read("a.xlsx", bomb.getvalue()) == [RawRefusal(None, said)]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.csv", PAGE, "html"),
        ("a.dat", write_csv(), "csv"),
        ("a.txt", "[Editor's note: it rains.]", "text"),
        ("a.txt", "{Aume} It rains.", "text"),
        ("a.txt", "Text, body, and soul\n\nIt rains on all of them.", "text"),
        ("a.txt", "Title, text\nIt rained.", "text"),
        ("a.txt", "-- It rains.\n\nTitle: no front matter", "text"),
        ("a.txt", "<Ann> It rains.", "text"),
        ("a.json", '{"text": "a\nb"}', "json"),
        ("a.csv", "name;words\nRain;It rains.", "csv"),
        ("a.htm", "It rains.", "html"),
    ],
)
def test_content_decides_before_the_name_and_prose_is_prose(name, text, kind):
    assert find_format(Source(name, io.BytesIO(text.encode()))) == kind


def test_format_and_encoding_can_be_said():
    assert read("a.json", b'{"text": "It rains."}', format="text")[0].fields == {"text": '{"text": "It rains."}'}
    assert read("a.txt", "Журналист".encode("cp866"), encoding="cp866")[0].fields == {"text": "Журналист"}
    assert len(read("a.txt", b"Full text: It rained.", format="proquest")) == 1


@pytest.mark.parametrize(("name", "text"), [("a.md", "# Rain"), ("a", "---\ntitle: Rain\n---\n\nIt rained.")])
def test_markdown_is_refused_with_what_to_do(name, text):
    assert "pandoc" in read(name, text.encode())[0].reason


CELLS = st.text(st.sampled_from("ab.,;\"'\n\r\t\\{}[]<>*#&|\u00a0“”\u200b") | st.characters(codec="utf-8"), max_size=20)
TABLES = st.lists(st.fixed_dictionaries({"title": CELLS, "text": CELLS, "source": CELLS}), min_size=1, max_size=6)


def write_json_table(kind, rows):
    if kind == "jsonl":
        return "".join(json.dumps(row) + "\n" for row in rows).encode()
    if kind == "json":
        return json.dumps({"articles": rows}).encode()
    stream = io.BytesIO()
    pd.DataFrame(rows, columns=["title", "text", "source"]).to_parquet(stream)
    return stream.getvalue()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["json", "jsonl", "parquet"]), TABLES)
def test_articles_and_refused_add_up_to_the_rows_of_any_table(kind, rows):
    content = write_json_table(kind, rows)
    articles, refused, _, _ = read_bytes(f"a.{kind}", content).values()
    assert sorted([*articles["source_row"], *refused["source_row"]]) == list(range(1, len(rows) + 1))
    backwards = read_bytes(f"a.{kind}", write_json_table(kind, rows[::-1]))["Articles"]
    assert set(articles["article_id"]) == set(backwards["article_id"])


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.text("abc", min_size=1), st.text(max_size=30), min_size=1, max_size=6))
def test_articles_and_refused_add_up_to_the_members_of_an_archive(texts):
    found = read("a.zip", write_zip({f"{name}.txt": text.encode() for name, text in texts.items()}), format="text")
    assert len(found) == len(texts)


def test_a_bad_part_costs_itself_and_not_the_rest():
    members = {"a.txt": PLAIN, "b.zip": b"PK\x03\x04", "c.parquet": b"PAR1", "d.csv": BEFORE, "e.docx": b"PK\x05\x06" + bytes(18)}
    found = list(read_source(Source("a.zip", io.BytesIO(write_zip(members)))))
    assert [(path, isinstance(raw, RawArticle)) for path, _, raw in found] == [
        ("a.zip!/a.txt", True),
        ("a.zip!/b.zip", False),
        ("a.zip!/c.parquet", False),
        ("a.zip!/d.csv", True),
        ("a.zip!/e.docx", False),
    ]
