"""What is learned is what scikit-learn says, can be written, read, struck and learned again, and tells its errors."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from tests.learning.coded import make_coded, make_labels
from toolkit import compare_codebooks, find_mentions, learn_codebook, read_codebook
from toolkit.codebooks import Pattern, write_codebook
from toolkit.coding import Labels
from toolkit.counting import score_sentences
from toolkit.errors import ToolkitError
from toolkit.learning import Learned
from toolkit.learning.fitting import _STRENGTHS
from toolkit.parsing.corpus import cut_texts


@cache
def labels() -> Labels:
    return make_labels(*make_coded(), "vile", "ruthless ruler")


@cache
def learned(**options: object) -> Learned:
    return learn_codebook(labels(), **options)


def list_probabilities(one: Learned) -> np.ndarray:
    """Of the coded sentences, in their order."""
    scores = score_sentences(find_mentions(one.labels.corpus, one.codebook))
    return one.labels.sample[["article_id", "sentence"]].merge(scores, on=["article_id", "sentence"])["probability"].to_numpy()


def test_the_probability_by_the_matcher_is_that_of_scikit_learn() -> None:
    texts = ["cruel", "ruthl*", "on monday", "the"]
    asked = replace(labels().codebook, entries=(replace(labels().codebook.entries[0], patterns=()),))
    listed = tuple(Pattern(text, "pattern", False, 0) for text in texts)
    given = replace(asked, entries=(replace(asked.entries[0], patterns=listed),))
    ours = learn_codebook(replace(labels(), codebook=asked), patterns=given)
    sentences = cut_texts(labels().corpus.articles, labels().sample)
    wanted = [re.compile(rf"\b{text.replace('*', '[a-z]*')}\b", re.IGNORECASE) for text in texts]
    x = np.array([[bool(one.search(sentence)) for one in wanted] for sentence in sentences], dtype=float)
    y = (labels().rows["label"] == "yes").to_numpy()
    ratios = np.array([abs(np.log((1 + one[y].sum()) / (2 + y.sum()) / (1 + one[~y].sum()) * (2 + (~y).sum()))) for one in x.T])
    ratios = (ratios + ratios.mean()) / 2
    models = [LogisticRegression(C=strength, max_iter=2000).fit(x * ratios, y) for strength in _STRENGTHS]
    weights = {one.text: one.weight or 0.0 for one in ours.codebook.entries[0].patterns}
    given = [weights.get(text, 0.0) for text in texts]  # a weight that rounds to nothing is left out
    theirs = min(models, key=lambda model: abs(model.coef_[0] * ratios - given).max())
    assert theirs.coef_[0] * ratios == pytest.approx(given, abs=2e-3)
    assert list_probabilities(ours) == pytest.approx(theirs.predict_proba(x * ratios)[:, 1], abs=1e-3)


def test_what_speaks_for_the_entry_is_found_and_told_better_than_by_hand() -> None:
    entry = learned().codebook.entries[0]
    weights = {one.text: one.weight or 0.0 for one in entry.patterns}
    assert weights["cruel"] > 0.5 and weights["ruthl*"] > 0.5 > 0 > weights["monday"]
    accuracy = learned().accuracy.set_index("learner")
    assert accuracy.loc["learned", "macro_f1"] > accuracy.loc["hand-made", "macro_f1"] + 0.1
    assert np.isnan(accuracy.loc["hand-made", "brier"]) and accuracy.loc["learned", "brier"] < 0.2


def test_the_hand_made_codebook_is_measured_by_what_it_counts() -> None:
    found = find_mentions(labels().corpus, labels().codebook).counted[["article_id", "sentence"]].drop_duplicates()
    hit = labels().sample.merge(found.assign(hit=True), how="left")["hit"].notna().to_numpy()
    yes = (labels().rows["label"] == "yes").to_numpy()
    row = learned().accuracy.set_index("learner").loc["hand-made"]
    assert (row["precision"], row["recall"]) == ((hit & yes).sum() / hit.sum(), (hit & yes).sum() / yes.sum())


def test_hand_made_patterns_count_where_no_coded_sentence_holds_them() -> None:
    more = learn_codebook(make_labels(*make_coded(), "vile", "cruel", "beastly"))
    weights = {one.text: one.weight or 0.0 for one in more.codebook.entries[0].patterns}
    assert weights["beastly"] > 0 and weights["cruel"] != weights["beastly"]


def test_a_match_counts_where_its_sentence_is_probable_and_it_speaks_for_it() -> None:
    mentions = find_mentions(labels().corpus, learned().codebook)
    entry = learned().codebook.entries[0]
    weights = mentions.rows["pattern"].map({one.text: one.weight for one in entry.patterns})
    chance = mentions.rows.merge(score_sentences(mentions), on=["article_id", "sentence", "entry"], how="left")["probability"]
    counts = mentions.rows["left_out"] == ""
    assert counts.any() and set(mentions.rows["left_out"]) == {"", "score"}
    assert (chance[counts] >= entry.threshold).all() and (weights[counts] > 0).all()
    assert not mentions.counted.sort_values(["article_id", "start"]).groupby("article_id").apply(_overlaps).any()


def _overlaps(rows) -> bool:
    return bool((rows["start"].to_numpy()[1:] < rows["end"].to_numpy()[:-1]).any())


def test_as_many_sentences_count_as_were_coded_yes() -> None:
    share = (list_probabilities(learned()) >= learned().codebook.entries[0].threshold).mean()
    assert share == pytest.approx(0.5, abs=0.08)


def test_the_limit_holds_and_its_price_is_told() -> None:
    few = learned(most=3)
    by_hand = {"vile", "ruthless ruler"}
    assert len({one.text for one in few.codebook.entries[0].patterns} - by_hand) <= 3
    assert few.accuracy["learner"].tolist() == ["learned", "hand-made", "learned without limit"]
    assert few.accuracy.loc[2, "macro_f1"] != few.accuracy.loc[0, "macro_f1"]


def test_it_is_written_and_read_again_and_the_same_the_second_time(tmp_path: Path) -> None:
    for name in ("one.yml", "two.yml"):
        assert write_codebook(learn_codebook(labels(), most=20).codebook, tmp_path / name) == []
    assert (tmp_path / "one.yml").read_bytes() == (tmp_path / "two.yml").read_bytes()
    again = read_codebook(tmp_path / "one.yml")
    assert again.fingerprint == learn_codebook(labels(), most=20).codebook.fingerprint and again.warnings == ()


def test_a_pattern_that_a_person_struck_stays_struck_and_one_added_is_weighed() -> None:
    entry = learned().codebook.entries[0]
    kept = (*(one for one in entry.patterns if one.text != "vile"), Pattern("gang", "pattern", False, 0))
    again = learned(patterns=replace(learned().codebook, entries=(replace(entry, patterns=kept),)))
    weights = {one.text: one.weight for one in again.codebook.entries[0].patterns}
    assert "vile" not in weights and weights["gang"] > 0 and weights.keys() <= {one.text for one in kept}


def test_calibration_and_curve_account_for_every_sentence() -> None:
    assert learned().calibration["n"].sum() == len(labels().sample) == learned().accuracy["n"][0]
    observed = np.average(learned().calibration["observed"], weights=learned().calibration["n"])
    assert observed == pytest.approx((labels().rows["label"] == "yes").mean())
    assert learned().curve["expected"].tolist() == [False, False, True]
    assert learned().curve["n"].tolist() == [50, 96, 196]


def test_weights_by_chance_move_what_is_learned() -> None:
    sample = labels().sample.assign(probability=np.where(labels().rows["label"] == "yes", 1.0, 0.1))
    rare = replace(labels(), sample=sample)
    assert learn_codebook(rare).codebook.entries[0].intercept == learned().codebook.entries[0].intercept
    told = learn_codebook(rare, weighted=True)
    assert list_probabilities(told).mean() < list_probabilities(learned()).mean() - 0.1


def test_an_entry_with_few_codes_is_refused_alone() -> None:
    corpus, holds = make_coded()
    two = make_labels(corpus, holds, "vile", ids=("loaded", "rare"))
    places = two.rows.index[two.rows["entry"] == "rare"]
    rows = two.rows.assign(label=two.rows["label"].mask(two.rows.index.isin(places[9:]), "no"))
    rows.loc[places[:9], "label"] = "yes"
    one = learn_codebook(replace(two, rows=rows))
    assert [entry.id for entry in one.codebook.entries] == ["loaded"]
    said = "Rare: 9 articles with a yes, 111 with a no. Required: 10 of each. Code more, or find more to code with a wider codebook."
    assert one.refused == {"rare": said} and repr(one).endswith("; not learned: rare")
    with pytest.raises(ToolkitError, match=re.escape(f"learn_codebook: {said}")):
        learn_codebook(replace(two, rows=rows, entries=("rare",)))


def test_a_way_that_is_not_one_is_refused() -> None:
    message = "by='word', most=300: no such way to learn. Allowed: vectors, words. Did you mean 'words'? And most from 1; 300 can be read."
    with pytest.raises(ToolkitError, match=re.escape(message)):
        learn_codebook(labels(), by="word")


def test_it_shows_itself() -> None:
    assert repr(learned()).startswith("Learned: words-learned, 1 entry; macro F1 (hand-made): Loaded 0.")
    assert "Predicted and coded" in learned()._repr_html_()


def test_it_is_compared_with_the_hand_made_one() -> None:
    before, after = (find_mentions(labels().corpus, book) for book in (labels().codebook, learned().codebook))
    changes = compare_codebooks(before, after).table
    assert changes["n_before"].sum() == len(before.counted) < changes["n_after"].sum() == len(after.counted)
