"""How a format is recognised: by content first."""

from __future__ import annotations

import pytest

from toolkit.codebooks.formats.listing import find_format
from toolkit.codebooks.reading import parse_codebook
from toolkit.errors import CodebookError


@pytest.mark.parametrize(
    ("content", "suffix", "expect"),
    [
        ("\n%\n1\ta\n%\nx\t1\n", ".txt", "liwc"),
        ("A\n\tx (1)\n", ".txt", "wordstat"),
        ("A\n\t@R [x NEAR y /S 3] (1)\n", ".txt", "wordstat"),
        ("+A\nx\n", ".txt", "lexicoder"),
        ("<?xml version='1.0'?>\n<!-- dictionary -->\n<dictionary><cnode/></dictionary>", ".xml", "yoshikoder"),
        ("pattern,entry\nx,a\n", ".txt", "csv"),
        ("war,peace\nx,y\n", ".csv", "csv"),
        ("PK\x03\x04", ".zip", "csv"),
        ("a: [x]\n", ".yml", "quanteda"),
        ("a: {b: [x]}\n", ".yaml", "quanteda"),
        ("a: [x]\nkind: frames\n", ".yml", "framebook"),
        ("a: x\n", ".yml", "framebook"),
        ("- x\n", ".yml", "framebook"),
        ("codebook: a\nkind: frames\nentries:\n  a: {patterns: [x]}\n", ".txt", "framebook"),
        ("gibberish", ".lc3", "lexicoder"),
        ("gibberish", ".txt", "framebook"),
    ],
)
def test_a_format_is_recognised_by_content_then_by_suffix(content, suffix, expect):
    assert find_format(content.encode(), suffix) == expect


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"format": "lwic"},
            "format 'lwic' is not known. Allowed: csv, framebook, lexicoder, liwc, quanteda, wordstat, yoshikoder. Did you mean 'liwc'?",
        ),
        ({"kind": "frame"}, "kind 'frame' is not known. Allowed: actors, frames, language. Did you mean 'frames'?"),
    ],
)
def test_an_unknown_format_or_kind_is_refused_with_what_there_is(options, message):
    with pytest.raises(CodebookError) as raised:
        parse_codebook("a.dic", b"", **options)
    assert str(raised.value) == message
