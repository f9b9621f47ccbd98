import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.showing.evidence import Mark, mark_text

KINDS = st.sampled_from(["actors", "frames", "language"])
MARKS = st.lists(st.builds(lambda a, b, kind: Mark(min(a, b), max(a, b) + 1, kind), st.integers(0, 30), st.integers(0, 30), KINDS))


@given(st.text(alphabet="ab <&>\"'", max_size=30), MARKS)
def test_text_comes_out_whole_whatever_overlaps(text: str, marks: list[Mark]) -> None:
    assert html.unescape(re.sub(r"</?mark[^>]*>", "", mark_text(text, 0, len(text), marks))) == text


@given(MARKS)
def test_order_of_marks_changes_nothing(marks: list[Mark]) -> None:
    assert mark_text("x" * 31, 0, 31, marks) == mark_text("x" * 31, 0, 31, marks[::-1])


CASES = [
    (
        "apart",
        [Mark(0, 1, "actors", "A"), Mark(2, 3, "frames")],
        '<mark class="fb-actors">a<small class="fb-tag">A</small></mark>b<mark class="fb-frames">c</mark>',
    ),
    (
        "crossing",
        [Mark(0, 2, "actors", "A"), Mark(1, 3, "frames", "F")],
        '<mark class="fb-actors">a</mark><mark class="fb-actors"><mark class="fb-frames">b'
        '<small class="fb-tag">A</small></mark></mark>'
        '<mark class="fb-frames">c<small class="fb-tag">F</small></mark>',
    ),
    ("hostile label", [Mark(0, 3, "actors", "<i>")], '<mark class="fb-actors">abc<small class="fb-tag">&lt;i&gt;</small></mark>'),
]


@pytest.mark.parametrize(("why", "marks", "expected"), CASES)
def test_marks_are_cut_at_every_edge(why: str, marks: list[Mark], expected: str) -> None:
    assert mark_text("abc", 0, 3, marks) == expected
