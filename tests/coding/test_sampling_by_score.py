"""Sentences of which a scored codebook is least sure are drawn more often, and their chances are kept."""

from __future__ import annotations

import re

import pytest

from tests.learning.coded import make_coded, make_labels
from toolkit import find_mentions, learn_codebook, sample_sentences
from toolkit.counting import score_sentences
from toolkit.errors import ToolkitError


def test_the_nearest_to_undecided_are_oversampled_with_their_chances() -> None:
    labels = make_labels(*make_coded(), "vile")
    learned = learn_codebook(labels)
    mentions = find_mentions(labels.corpus, learned.codebook)
    drawn = sample_sentences(mentions, n=24, undecided=0.5).sample
    near = drawn["stratum"].str.endswith(": undecided")
    assert len(drawn) == 24 and near.sum() == 12
    n_searched = len(labels.corpus.searched)
    assert (1 / drawn["probability"]).sum() == pytest.approx(n_searched)
    assert drawn["stratum"].str.partition(":")[0].nunique() == 3
    scores = score_sentences(mentions).merge(drawn, on=["article_id", "sentence"], suffixes=("", "_drawn"))
    away = (scores["probability"] - learned.codebook.entries[0].threshold).abs()
    assert away[scores["stratum"].str.endswith("undecided")].max() <= away[~scores["stratum"].str.endswith("undecided")].min()


def test_without_scores_nothing_is_undecided() -> None:
    labels = make_labels(*make_coded(), "vile")
    with pytest.raises(ToolkitError, match=re.escape("undecided: words is not scored. Required: a learned codebook.")):
        sample_sentences(find_mentions(labels.corpus, labels.codebook), undecided=0.5)
