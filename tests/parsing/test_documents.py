import io
import random
import zipfile
from contextlib import suppress

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.errors import CorpusError
from toolkit.parsing.archives import DAMAGE
from toolkit.parsing.documents import read_document

WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def write_docx():
    document = Document()
    document.add_paragraph("Rain falls")
    table = document.add_table(2, 2)
    for place, text in enumerate(["HD", "Rain", "PD", "7 May"]):
        table.cell(place // 2, place % 2).text = text
    linked = document.add_paragraph("See ")
    identity = document.part.relate_to("https://example.org", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = f'<w:hyperlink {nsdecls("w")} r:id="{identity}" xmlns:r="x"><w:r><w:t>the page</w:t></w:r></w:hyperlink>'
    linked._p.append(parse_xml(link))
    linked.add_run(" now.\nIt rained.")
    changed = "<w:ins {0}><w:r><w:t>in</w:t></w:r></w:ins><w:del {0}><w:r><w:delText>out</w:delText></w:r></w:del>"
    for change in changed.format(nsdecls("w")).split("</w:ins>"):
        document.paragraphs[0]._p.append(parse_xml(change + "</w:ins>" * ("<w:ins" in change)))
    document.sections[0].header.paragraphs[0].text = "Page 1 of 2"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pack(xml, name="word/document.xml"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, xml)
    return stream.getvalue()


DOCX = write_docx()
RTF = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Times;}{\f1\fswiss\fcharset204 Arial;}}"
    + rb"\uc1 Caf\'e9 \u8220?x\u8221?\par\f1 \'ca\par}"
)


def test_docx_keeps_paragraphs_tables_links_and_insertions_in_order():
    assert read_document(DOCX) == "Rain fallsin\n\nHD\n\nRain\n\nPD\n\n7 May\n\nSee the page now.\nIt rained."


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (RTF, "Café “x”\n\nК"),
        (rb'{\rtf1 See {\field{\*\fldinst{HYPERLINK "http://x.org"}}{\fldrslt{\ul the page}}} now.\par}', "See the page now."),
        (rb"{\rtf1 \trowd HD\cell Rain\cell\row\pard One\line two\par\par End}", "HD\tRain\n\nOne\ntwo\n\nEnd"),
        (rb"{\rtf1\uc0 \u-10179\u-8704 {\header Page 1} \ldblquote x\rdblquote\~y}", "😀 “x”\u00a0y"),
        (rb"{\rtf1\ansi\ansicpg1251 \'ca\'e8\'e5\'e2}", "Киев"),
        (b"{\\rtf1\\ansi\\ansicpg1251 \xca\xe8\xe5\xe2}", "Киев"),
        (rb"{\rtf1\ansi\ansicpg932 \'93\'fa\'96\'7b}", "日本"),
        ("\ufeff{\\rtf1\\ansi Київ}".encode(), "Київ"),
        (rb"{\rtf1 a\\field b\\par c\\cell \{x\}}", "a\\field b\\par c\\cell {x}"),
        (rb"{\rtf1{\pict " + b"0f" * 4_000_000 + rb"}Rain}", "Rain"),
    ],
    ids="code pages,link,table and line,surrogates and marks,1251,raw 1251,Japanese,UTF-8,escaped,picture".split(","),
)
def test_rtf_is_read_as_a_word_processor_shows_it(rtf, text):
    assert read_document(rtf) == text


@pytest.mark.parametrize(
    ("content", "size"),
    [(pack(WORD.format(" " * 60_000_000)), "60,000,113"), (b"{\\rtf1 " + b"It rained. " * 2_400_000, "26,400,007")],
    ids=["DOCX", "RTF"],
)
def test_a_document_that_is_too_large_is_refused(content, size):
    with pytest.raises(CorpusError, match=f"^a document of {size} bytes of text; at most 25,000,000 are read: split it$"):
        read_document(content)


def test_entities_are_not_expanded():
    entities = '<!DOCTYPE x [<!ENTITY a "rain "><!ENTITY b "&a;&a;">]>'
    assert read_document(pack(entities + WORD.format("<w:p><w:r><w:t>It &b;</w:t></w:r></w:p>"))) == "It"


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([DOCX, RTF]))
def test_damaged_documents_are_read_or_refused(rng: random.Random, content):
    damaged = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(damaged) + 1)
        inserted = rng.choice(
            [rb"\u99999999", rb"\ansicpg99999", rb"\fcharset7777", rb"\pict\bin9", b"{", b"}", rb"\'ff", rng.randbytes(3)]
        )
        damaged[place : place + rng.randint(0, 9)] = inserted
    with suppress(*DAMAGE):
        assert isinstance(read_document(bytes(damaged)), str)
