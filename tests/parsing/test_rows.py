import io
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parsing.made import ARTICLES
from toolkit.parsing import rows
from toolkit.parsing.raw import RawRefusal
from toolkit.parsing.rows import map_columns, read_rows
from toolkit.parsing.sources import Options, Source

UNCLOSED = "a quotation mark opens in this row and never closes"


def read(kind, content, **options):
    content = content if isinstance(content, bytes) else content.encode()
    return [
        raw.reason if isinstance(raw, RawRefusal) else raw.fields["text"]
        for raw in read_rows(Source("a", io.BytesIO(content), Options(**options)), kind)
    ]


def test_mark_that_never_closes_costs_its_line_only():
    assert read("csv", 'title,text\na,one\nb,"two\nc,three\nd,four\n') == ["one", UNCLOSED, "three", "four"]
    assert read("csv", 'title,text\na,"one\nand more"\nb,"two') == ["one\nand more", UNCLOSED]


def test_record_longer_than_memory_should_hold_costs_its_line_only(monkeypatch):
    monkeypatch.setattr(rows, "_LONGEST_RECORD", 1000)
    content = 'title,text\na,"one\n' + "b,two\n" * 400
    assert read("csv", content) == [UNCLOSED] + ["two"] * 400
    assert read("csv", "title,text\na," + "x" * 2500 + "\nb,two\n")[-1] == "two"


def test_too_many_marks_that_never_close_end_the_file(monkeypatch):
    monkeypatch.setattr(rows, "_LONGEST_RECORD", 100)
    found = read("csv", "title,text\n" + f'a,"{"x" * 90}\n' * 1 + ('b,"\n' + "y,y\n" * 40) * 30)
    assert found[-1] == "too many quotation marks never close: the rest was not read. Mend the file, or save it as XLSX or JSON"


def test_row_with_another_number_of_fields_is_refused():
    reason = "the row has another number of fields than the header: check its quotation marks and delimiters"
    assert read("csv", "title,text\na,b,c\nd,e\n\nf\n") == [reason, "e", reason]


def test_first_of_two_columns_of_a_name_counts():
    assert read("csv", "text,text,Text\none,two,three\n") == ["one"]


def test_header_that_never_closes_is_no_table():
    with pytest.raises(ValueError, match=r"^a quotation mark opens in the header and never closes$"):
        read("csv", 'title,"text\na,b\n')


@pytest.mark.parametrize(
    ("content", "expect"),
    [
        ('[{"text": "a"}, 5, "x", [1], {"text": "b"},]', ["a", *["a JSON value that is no object"] * 3, "b"]),
        ('{"text": "a"} {"text": "b"}\n{"text": "c"}', ["a", "b", "c"]),
        ('{"text": ["a", "b"], "authors": "x"}', ["a\n\nb"]),
        ('{"text": ["a", "b"], "title": ["x", "y"]}', ["a", "b"]),
        ('{"articles": []}', []),
        ('{"status": "ok", "Results": 3, "text": "the \\"articles\\": [{ in a text"}', ['the "articles": [{ in a text']),
        ('[{"text": {"name": "n"}}, {"text": null}, {"text": NaN}, {"text": 3.5}, {"text": true}]', ["n", "", "", "3.5", "True"]),
    ],
)
def test_json_of_many_shapes(content, expect):
    assert read("json", content) == expect


@pytest.mark.parametrize("content", ['[{"text": "a"}, {"text": "b', '[{"text": "a"}', '[{"text": "a"} : {"text": "b"}]', '{"text": "a"} x'])
def test_json_that_breaks_off_gives_what_came_before_and_says_so(content):
    source = Source("a", io.BytesIO(content.encode()))
    found = read_rows(source, "json")
    assert next(found).fields == {"text": "a"}
    with pytest.raises(ValueError, match=r"^no sound JSON from here on: the rest was not read$"):
        list(found)


@given(
    st.integers(1, 60), st.sampled_from([json.dumps(ARTICLES), json.dumps({"n": 1, "hits": ARTICLES}, indent=3), '[{"text":"é\\u00e9"} ]'])
)
def test_json_is_read_alike_however_it_comes_in(size, content):
    whole = read("json", content)
    chunk, rows.CHUNK = rows.CHUNK, size + 60  # the key of the list must be in the first part
    try:
        assert read("json", content) == whole
    finally:
        rows.CHUNK = chunk


def test_bad_line_costs_itself_only():
    reason = "the line is not sound JSON: look at it in an editor"
    assert read("jsonl", '{"text": "a"}\n\n{"text": \n' + "[" * 90_000 + '\n{"text": "b"}') == ["a", reason, reason, "b"]


def test_names_are_known_whatever_their_case_and_marks():
    assert map_columns(["Full Text", "PUBLISHED-AT", "Web_Title"], None) == {
        "headline": "Web_Title",
        "text": "Full Text",
        "published": "PUBLISHED-AT",
    }


@pytest.mark.parametrize("content", ['"' * 3_000_000, '"\n' * 100_000, ",".join('"' * 100_000), "a," * 1_000_000, '"a\n' * 100_000])
def test_hostile_tables_take_no_time(content):
    start = time.process_time()
    try:
        read("csv", "title,text\n" + content)
        read("jsonl", content)
    finally:
        assert time.process_time() - start < 5
