"""What coders agreed on: one answer for each sentence and entry that has one."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.coding.toy import make_labels, make_sample


def test_what_was_settled_stands_and_else_what_all_who_were_sure_said() -> None:
    labels = make_labels({"ann": "ynyu-", "bob": "yynu-", "settled": "-n---"})
    assert labels.settled[["article_id", "sentence", "holds"]].values.tolist() == [["art000", 0, True], ["art000", 1, False]]


def test_the_chance_falls_by_the_share_of_a_stratum_that_has_an_answer() -> None:
    settled = make_labels({"ann": "yyu-"}).settled
    assert settled["stratum"].tolist() == ["x.com: war", "x.com: no mention"]
    assert settled["probability"].tolist() == pytest.approx([1 / 6, 1 / 6])


def test_nothing_coded_gives_an_empty_table_with_its_columns() -> None:
    some = make_labels({"ann": "yn"}).settled
    for none in (make_sample(3), make_labels({"ann": "uu"}), make_labels({"ann": "y", "bob": "n"})):
        assert len(none.settled) == 0
        pd.testing.assert_series_equal(none.settled.dtypes, some.dtypes)
