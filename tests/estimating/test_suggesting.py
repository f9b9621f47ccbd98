"""Suggestions: who keeps company with an entry, by finger and by scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from tests.counting.world import find, make_book, make_entry, make_world
from toolkit.errors import CodebookError
from toolkit.estimating import suggest_entries

BOOK = make_book(make_entry("war", ["war"]), make_entry("sun", ["sun"]))


def suggest(pieces, **options):
    return suggest_entries(find(*make_world(pieces), BOOK, **options)).table


def test_company_is_counted_in_sentences_and_articles():
    pieces = {f"a{at}": [("body", "Shells shells fell in the war of 1916."), ("body", "The sun shone.")] for at in range(6)}
    found = suggest(pieces, entries=["war"])
    assert found["word"].tolist() == ["fell", "shells"]  # not `the`, said in both; not `war`, its own; not 1916
    assert found[["n_both", "n_word", "n_articles"]].to_numpy().tolist() == [[6, 6, 6]] * 2


def test_a_word_of_four_articles_is_none():
    pieces = {f"a{at}": [("body", "The war of shells."), ("body", "The sun.")] for at in range(4)}
    assert suggest(pieces).empty


def test_log_likelihood_is_scipys():
    rng, pieces = np.random.default_rng(7), {}
    for at in range(30):
        lines = ["war " * int(rng.random() < 0.3) + "guns " * int(rng.random() < 0.2) + "today" for _ in range(6)]
        pieces[f"a{at:02}"] = [("body", line) for line in [*lines, "war guns"]]
    row = suggest(pieces, entries=["war"]).set_index("word").loc["guns"]
    texts = [text for lines in pieces.values() for _, text in lines]
    both = sum("war" in text and "guns" in text for text in texts)
    n_war, n_guns = sum("war" in text for text in texts), sum("guns" in text for text in texts)
    cells = [[both, n_guns - both], [n_war - both, len(texts) - n_war - n_guns + both]]
    assert row["g2"] == pytest.approx(chi2_contingency(cells, correction=False, lambda_="log-likelihood").statistic)


def test_an_entry_that_is_not_there_is_refused():
    with pytest.raises(CodebookError, match=r"no entry 'wra'.*Did you mean 'war'"):
        suggest({"a": [("body", "war")]}, entries=["wra"])
