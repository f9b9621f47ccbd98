"""Agreement between coders, held to published worked examples and to other implementations."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.coding.toy import ANSWERS, make_labels
from toolkit import estimate_agreement
from toolkit.coding.agreement import _compare, find_disputed
from toolkit.errors import ToolkitError

answers = st.text("ynu-", min_size=1, max_size=14)


def compare(*coders: str, missing: str = "*") -> dict[str, object]:
    """The measures for coders, each given by the values in a row."""
    said = pd.DataFrame({str(at): list(values) for at, values in enumerate(coders)}).replace(missing, None)
    index = pd.MultiIndex.from_tuples([(f"a{at}", 0) for at in said.index], names=["article_id", "sentence"])
    names = ("n_sentences", "agreement", "kappa", "alpha", "low", "high", "ac1", "note")
    return dict(zip(names, _compare(said.set_index(index).dropna(how="all"), [1]), strict=True))


def test_alpha_is_that_of_krippendorffs_binary_example() -> None:
    """Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, example A: Meg and Owen."""
    assert compare("0100000010", "1110010000")["alpha"] == pytest.approx(0.095, abs=5e-4)


def test_alpha_is_that_of_krippendorffs_nominal_example() -> None:
    """Krippendorff 2011, example B: Ben and Gerry."""
    assert compare("aabbdcccedda", "babbbccceddd")["alpha"] == pytest.approx(0.692, abs=5e-4)


def test_four_observers_with_missing_answers() -> None:
    """Krippendorff 2011, example C, which is Gwet 2014's too: alpha .743, and AC1 .775 (package irrCAC of Gwet: 0.77544)."""
    found = compare("123321412***", "1233224125*3", "*3332342251*", "12332441251*")
    assert found["alpha"] == pytest.approx(0.743, abs=5e-4)
    assert found["ac1"] == pytest.approx(0.77544, abs=5e-6)


def test_kappa_and_ac1_are_those_of_gwets_abstractors() -> None:
    """Gwet 2014, Handbook of Inter-Rater Reliability (contingency table of two abstractors; package irrCAC: 0.7964094, 0.8493305)."""
    cells = {"ee": 13, "aa": 20, "an": 7, "na": 4, "nn": 56}
    found = compare(*("".join(pair[at] * n for pair, n in cells.items()) for at in (0, 1)))
    assert found["kappa"] == pytest.approx(0.7964094, abs=5e-8)
    assert found["ac1"] == pytest.approx(0.8493305, abs=5e-8)


def test_ac1_stays_high_where_kappa_falls_below_chance() -> None:
    """Gwet 2002, Inter-Rater Reliability: Dependency on Trait Prevalence: the paradox that AC1 was made for."""
    found = compare("+" * 123 + "-" * 2, "+" * 118 + "-" * 5 + "+" * 2)
    assert found["agreement"] == pytest.approx(0.944)
    assert found["kappa"] == pytest.approx(-0.0234, abs=5e-5)
    assert found["ac1"] == pytest.approx(0.9408, abs=5e-5)


@given(st.lists(answers, min_size=2, max_size=4))
def test_alpha_and_kappa_are_those_of_the_libraries(coders: list[str]) -> None:
    import krippendorff
    from statsmodels.stats.inter_rater import cohens_kappa

    n = max(map(len, coders))
    rows = [list(values.ljust(n, "-")) for values in coders]
    found = compare(*("".join(row) for row in rows), missing="-")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        numbers = [["ynu".find(value) if value != "-" else np.nan for value in row] for row in rows]
        try:
            alpha = krippendorff.alpha(np.array(numbers, dtype=float), level_of_measurement="nominal")
        except ValueError:
            alpha = np.nan
    assert found["alpha"] == pytest.approx(alpha, nan_ok=True)
    pairs = [pair for pair in zip(*rows, strict=True) if "-" not in pair]
    if len(rows) == 2 and len(set(sum(pairs, ()))) > 1:
        table = np.array([[pairs.count((one, other)) for other in "ynu"] for one in "ynu"])
        assert found["kappa"] == pytest.approx(cohens_kappa(table).kappa, nan_ok=True)
        assert found["agreement"] == pytest.approx(sum(one == other for one, other in pairs) / len(pairs))


@given(st.permutations(range(8)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    labels = make_labels({"ann": "yynn", "bob": "ynnu"})
    shuffled = replace(labels, rows=labels.rows.iloc[order].reset_index(drop=True))
    first, second = estimate_agreement(labels), estimate_agreement(shuffled)
    pd.testing.assert_frame_equal(first.table, second.table)
    pd.testing.assert_frame_equal(first.disputed, second.disputed)


def test_every_pair_and_all_together_stand_in_the_table() -> None:
    table = estimate_agreement(make_labels({"ann": "yynn" * 5, "bob": "yynn" * 5, "cid": "nynn" * 5})).table
    assert table["coders"].tolist() == ["ann, bob", "ann, cid", "bob, cid", "ann, bob, cid"]
    assert table["agreement"].tolist() == pytest.approx([1, 0.75, 0.75, 10 / 12])
    assert table["kappa"].isna().tolist() == [False, False, False, True]
    assert table["note"].tolist() == ["", "not reliable", "not reliable", "not reliable"]


def test_the_interval_holds_alpha_and_comes_from_the_seed() -> None:
    labels = make_labels({"ann": "yynnyynnyn" * 4, "bob": "yynnyynnnn" * 4})
    row, again = (estimate_agreement(labels).table.iloc[0] for _ in range(2))
    assert row["low"] < row["alpha"] < row["high"] <= 1
    assert row["low"] == again["low"]
    other = replace(labels, corpus=replace(labels.corpus, seed=1))
    assert estimate_agreement(other).table.loc[0, "low"] != row["low"]


def test_few_articles_have_no_interval() -> None:
    assert np.isnan(estimate_agreement(make_labels({"ann": "yynnyn", "bob": "yynnyy"})).table.loc[0, "low"])


def test_alpha_is_not_defined_where_all_gave_one_answer() -> None:
    row = estimate_agreement(make_labels({"ann": "nnnn", "bob": "nnnn"})).table.iloc[0]
    assert (row["agreement"], row["ac1"], row["note"]) == (1, 1, "not defined")
    assert np.isnan(row["alpha"]) and np.isnan(row["kappa"])


def test_coders_without_a_sentence_in_common_are_told() -> None:
    row = estimate_agreement(make_labels({"ann": "yn--", "bob": "--yn"})).table.iloc[0]
    assert (row["n_sentences"], row["note"]) == (0, "not defined")


def test_what_is_disputed_stands_side_by_side_with_its_text() -> None:
    disputed = find_disputed(make_labels({"bob": "ynu-n", "ann": "nnu-n", "settled": "y"}, notes={"ann": "hm"}))
    assert disputed[["said", "settled", "text"]].values.tolist() == [
        ["ann: no (hm) · bob: yes", "yes", "Sentence 0 is told."],
        ["ann: unsure (hm) · bob: unsure", "", "Sentence 2 is told."],
    ]


def test_what_was_settled_is_no_coder_of_its_own() -> None:
    labels = make_labels({"ann": "yn", "bob": "yy", "settled": "yy"})
    agreement = estimate_agreement(labels)
    assert agreement.table["coders"].tolist() == ["ann, bob"]
    assert repr(agreement) == "Agreement on 1 entry, of which 1 not reliable; 0 answers to settle"
    assert set(labels.rows["coder"]) == {"ann", "bob", "settled"}


def test_agreement_shows_itself_and_markup_stays_text() -> None:
    shown = estimate_agreement(make_labels({"<b>": "yn", "bob": "nn"}, notes={"bob": "<img src=x>"}))._repr_html_()
    assert "<img" not in shown and "&lt;img" in shown and "<b>" not in shown
    assert "not reliable" in shown


def test_one_coder_cannot_agree() -> None:
    with pytest.raises(ToolkitError) as fault:
        estimate_agreement(make_labels({"ann": "yn"}))
    assert str(fault.value) == "estimate_agreement: coded by ann; two are needed. Read the files of several coders."
    assert ANSWERS["u"] == "unsure"
