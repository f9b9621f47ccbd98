"""The counts that quanteda's users know, and where ours differ by choice."""

from pathlib import Path

import pytest
import yaml

from toolkit.counting import count_mentions

from .world import find, make_book, make_entry, make_world

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "quanteda.yml").read_text("utf-8"))
LISTED = [(group, case) for group in CASES for case in CASES[group]]


@pytest.mark.parametrize(("group", "case"), LISTED, ids=lambda value: value["label"] if isinstance(value, dict) else value)
def test_counts_are_quantedas_or_differ_for_a_reason(group, case):
    entries = [make_entry(id, patterns, case=case.get("case", False)) for id, patterns in case["entries"].items()]
    book = make_book(*entries, overlap=case.get("overlap", "key"))
    articles, sentences = make_world({f"d{at}": [("body", text)] for at, text in enumerate(case["texts"])})
    counts = count_mentions(find(articles, sentences, book, list(case["entries"])))
    found = {entry: rows["n_mentions"].tolist() for entry, rows in counts.groupby("entry")}
    assert found == case["expect"]
    assert (group == "different") == (case.get("quanteda", found) != found)
