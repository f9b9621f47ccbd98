"""The counts that quanteda's users know, and where ours differ by choice."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from toolkit.counting import count_mentions, find_mentions

from .world import make_book, make_entry, make_world

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "cases" / "quanteda.yml")
LISTED = [(group, case) for group in CASES for case in CASES[group]]


@pytest.mark.parametrize(("group", "case"), LISTED, ids=lambda value: value["label"] if isinstance(value, dict) else value)
def test_counts_are_quantedas_or_differ_for_a_reason(group, case):
    entries = [make_entry(id, patterns, case=case.get("case", False)) for id, patterns in case["entries"].items()]
    book = make_book(*entries, overlap=case.get("overlap", "key"))
    articles, sentences = make_world({f"d{at}": [("body", text)] for at, text in enumerate(case["texts"])})
    counts = count_mentions(find_mentions(articles, sentences, book), sentences, articles, book, entries=list(case["entries"]))
    found = {entry: rows["n_mentions"].tolist() for entry, rows in counts.groupby("entry")}
    assert found == case["expect"]
    assert (group == "different") == (case.get("quanteda", found) != found)
