import io

import pytest

from toolkit.errors import CorpusError
from toolkit.parsing import rows
from toolkit.parsing.rows import map_columns, read_rows
from toolkit.parsing.sources import Options, RawRefusal, Source

UNCLOSED = (
    "a quotation mark opens in this row and never closes, or a cell has over 33,554,432 characters: "
    "it and what follows were not read. Close it, or save as XLSX"
)


def read(kind, content, **options):
    content = content if isinstance(content, bytes) else content.encode()
    return [
        raw.reason if isinstance(raw, RawRefusal) else raw.fields["text"]
        for raw in read_rows(Source("a", io.BytesIO(content), Options(**options)), kind)
    ]


def test_mark_that_never_closes_ends_the_file_and_says_so():
    assert read("csv", 'title,text\na,one\nb,"two\nc,three\nd,four\n') == ["one", UNCLOSED]
    assert read("csv", 'title,text\na,"one\nand more"\nb,"two') == ["one\nand more", UNCLOSED]
    assert read("csv", 'title,"text\na,b\n') == [UNCLOSED]


def test_record_longer_than_memory_should_hold_ends_the_file(monkeypatch):
    monkeypatch.setattr(rows, "_LONGEST_FIELD", 1000)
    assert read("csv", 'title,text\na,"one\n' + "b,two\n" * 400) == [UNCLOSED.replace("33,554,432", "1,000")]


def test_cell_longer_than_memory_should_hold_ends_the_file_in_its_row(monkeypatch):
    monkeypatch.setattr(rows, "_LONGEST_FIELD", 1000)
    told = UNCLOSED.replace("33,554,432", "1,000")
    assert read("csv", f"title,text\na,one\nb,{'two ' * 1000}\nc,three\n") == ["one", told]
    assert read("csv", f"title,text\nb,{'two ' * 1000}\nc,three\n") == [told]


def test_row_with_another_number_of_fields_is_refused():
    reason = "the row has another number of fields than the header: check its quotation marks and delimiters"
    assert read("csv", "title,text\na,b,c\nd,e\n\nf\n") == [reason, "e", reason]


def test_first_of_two_columns_of_a_name_counts():
    assert read("csv", "text,text,Text\none,two,three\n") == ["one"]


@pytest.mark.parametrize(
    ("content", "expect"),
    [
        ('[{"text": "a"}, 5, "x", [1], {"text": "b"}]', ["a", *["a JSON value that is not an object"] * 3, "b"]),
        ('{"text": ["a", "b"], "authors": "x"}', ["a\n\nb"]),
        ('{"text": ["a", "b"], "title": ["x", "y"]}', ["a", "b"]),
        ('{"articles": []}', []),
        ('{"status": "ok", "Results": 3, "text": "the \\"articles\\": [{ in a text"}', ['the "articles": [{ in a text']),
        ('[{"text": {"name": "n"}}, {"text": null}, {"text": NaN}, {"text": 3.5}, {"text": true}]', ["n", "", "", "3.5", "True"]),
    ],
)
def test_json_of_many_shapes(content, expect):
    assert read("json", content) == expect


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ('[{"text": "a"}, {"text": "b', "line 1, column 26"),
        ('[{"text": "a"}', "line 1, column 15"),
        ('{"text": "a"} x', "line 1, column 15"),
        ('{"text": "a"}\n{"text": "b"}', "line 2, column 1"),
    ],
)
def test_json_that_breaks_off_says_where(content, place):
    with pytest.raises(CorpusError, match=f"^no sound JSON at {place}: nothing of it was read$"):
        read("json", content)


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
def test_hostile_tables_are_refused_row_by_row(content):
    assert len(read("csv", "title,text\n" + content)) >= 1
    assert len(read("jsonl", content)) >= 1
