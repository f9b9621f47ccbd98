import html
import re

import pandas as pd
import pytest

from toolkit.errors import CodebookError
from toolkit.showing import show_finding, show_numbers, show_table
from toolkit.showing.numbers import write_anchor

from .tables import BOOKS, PAIRS, RATES, make_estimates


def test_finding_is_computed_from_the_rows() -> None:
    assert show_finding(RATES, entry="war", codebooks=BOOKS).text == (
        "War: highest for a.com with 12.0 mentions per 1,000 words (95% interval 11.0–13.0; 2 articles), "
        "lowest for b.co.uk with 0 mentions per 1,000 words (95% interval 0–4.00; 1 article). Their intervals do not overlap."
    )


def test_overlapping_intervals_are_not_told_apart() -> None:
    near = make_estimates([{"outlet": "a.com", "estimate": 3.0}, {"outlet": "b.com", "estimate": 2.5}])
    assert show_finding(near).text.endswith("Their intervals overlap: which is higher is not certain.")


def test_row_without_interval_is_neither_highest_nor_lowest() -> None:
    three = make_estimates([{"outlet": "a", "estimate": 3.0}, {"outlet": "b", "estimate": 2.0}, {"outlet": "c", "estimate": 99.0}])
    three.loc[2, ["low", "high"]] = float("nan")
    said = show_finding(three).text
    assert "highest for a with" in said and said.endswith("1 row without an interval left out.")


def test_without_groups_the_entries_are_compared() -> None:
    said = show_finding(make_estimates([{"entry": "war", "estimate": 5.0}, {"entry": "peace", "estimate": 1.0}]), codebooks=BOOKS).text
    assert said.startswith("Highest for War with 5.00")


def test_unknown_entry_is_refused() -> None:
    with pytest.raises(CodebookError) as caught:
        show_finding(RATES, entry="waar")
    assert str(caught.value) == "show_finding: no entry 'waar' in the table. Allowed: peace, war. Did you mean 'war'?"


def test_numbers_are_links_in_a_table_with_headers() -> None:
    shown = show_numbers(PAIRS, codebooks=BOOKS)
    anchor = write_anchor(PAIRS.to_dict("records")[0], ["actor"])
    assert f'<th scope="row">Ukraine</th><th scope="row">War</th><td class="fb-n"><a href="#{anchor}">33.3%</a></td>' in shown.html
    assert '<td class="fb-n">32.3–34.3%</td><td class="fb-n">1</td><td class="fb-n">2</td></tr>' in shown.html
    assert 'tabindex="0" role="region" aria-label="Share of the sentences that mention the actor by actor (frames)"' in shown.html


def test_anchors_that_read_the_same_differ() -> None:
    row = {"codebook": "frames", "quantity": "rate", "entry": "a", "outlet": "b.c"}
    anchors = {write_anchor(row | change, ["outlet"]) for change in [{}, {"outlet": "b-c"}, {"outlet": "B.C"}, {"codebook": "language"}]}
    assert len(anchors) == 4


def test_note_stands_beside_its_number() -> None:
    shown = show_numbers(make_estimates([{"outlet": "a", "estimate": 1.0, "note": "fewer than 5 articles <5"}]))
    assert '<th scope="col">Note</th>' in shown.html and "<td>fewer than 5 articles &lt;5</td>" in shown.html


def test_table_is_escaped_and_formatted() -> None:
    table = pd.DataFrame({"n<b>": ["<script>", None], "day": pd.to_datetime(["2017-02-06", None]), "n_words": [12345, 1]})
    shown = show_table(table, caption="A & B", name="odd")
    assert "<script>" not in shown.html and "<caption>A &amp; B</caption>" in shown.html
    cells = [html.unescape(cell) for cell in re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", shown.html)]
    assert cells == ["N<b>", "Day", "Words", "<script>", "2017-02-06", "12,345", "none", "none", "1"]
    assert '<td class="fb-n">12,345</td>' in shown.html
