from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from toolkit.parsing.parts import split_paragraphs
from toolkit.parsing.quotations import find_quotations

CASES = yaml.load((Path(__file__).parents[1] / "cases" / "quotations.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
PIECES = """“We tried|” she said|``|''|`|"|'|‘|’|«|»|‹|›|„|“|”| |.|,|a|s|12|'90s|\n\n|\n\n“|\n\n"|(|—|""".split("|")
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)


def named(*kinds):
    return [pytest.param(case, id=case["label"]) for kind in kinds for case in CASES[kind]]


def check(case):
    found = find_quotations(case["text"])
    assert [case["text"][start:end] for start, end, _, _ in found] == case["expect"]
    if "depths" in case:
        assert [quotation.depth for quotation in found] == case["depths"]
    assert [number for number, quotation in enumerate(found) if quotation.goes_on] == case.get("open", [])


@pytest.mark.parametrize("case", named("wild", "synthetic", "negative"))
def test_case(case):
    check(case)


@pytest.mark.parametrize("case", named("known_failures"))
def test_known_failure(case, request):
    request.applymarker(pytest.mark.xfail(strict=True, reason=case["why"]))
    check(case)


@settings(deadline=None)
@given(TEXTS)
@example("``“We tried«” she said``")  # a mark without a partner, in a quotation that is in another
def test_quotations_keep_every_promise_whatever_the_text(text):
    paragraphs = split_paragraphs(text)
    found = find_quotations(text)
    assert found == sorted(found, key=lambda quotation: (quotation.start, -quotation.end))
    assert len({quotation[:2] for quotation in found}) == len(found)
    for start, end, depth, goes_on in found:
        assert any(first <= start < end <= last for first, last in paragraphs)
        assert depth == sum(other[0] <= start and end <= other[1] for other in found) - 1
        assert not goes_on or any(end == last for _, last in paragraphs[:-1])
    for one, other in pairwise(found):
        assert other.start >= one.end or other.end <= one.end


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_paragraphs_that_open_nothing_are_read_alone(first, second):
    """Another text may follow: where nothing goes on, the paragraphs of one do not look at the other."""
    apart, whole = find_quotations(first), find_quotations(f"{first}\n\nThe end.\n\n{second}")
    if split_paragraphs(f"{first}\n\nThe end.")[: len(split_paragraphs(first))] == split_paragraphs(first):
        assert [quotation for quotation in whole if quotation.end <= len(first)] == apart


@pytest.mark.parametrize("piece", ['"', "“", "“‘", "a’ b ", '"\n\n', "‘a\n\n"])
def test_many_marks_are_nested_or_apart(piece):
    found = find_quotations(piece * (20_000 // len(piece)))
    assert all(one.end <= other.start or other.end <= one.end for one, other in pairwise(found))
