"""Sentences as vectors: each by itself, by the official weights, off with a clear error; a coder by vectors finds sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from tests.counting.world import make_corpus, make_text
from tests.learning.coded import make_coded, make_labels
from toolkit import find_mentions, learn_codebook, read_codebook
from toolkit.codebooks import write_codebook
from toolkit.counting import score_sentences, vectors
from toolkit.counting.vectors import find_vectors, open_model
from toolkit.errors import ToolkitError

TEXT = ("The cat sat on the mat.", "A cat was sitting on a rug.", "Parliament passed the budget after a long and bitter debate.")


@pytest.fixture
def installed() -> None:
    if missing := [name for name in (*vectors._NEEDS, vectors._PACKAGE) if find_spec(name) is None]:
        pytest.skip(f"the extra 'vectors' is not installed: {', '.join(missing)}")


def test_alike_sentences_are_near_and_a_vector_does_not_depend_on_its_neighbours(installed: None) -> None:
    corpus = make_corpus(*make_text(*TEXT))
    found = find_vectors(corpus, corpus.searched)
    near = np.corrcoef(found)
    assert near[0, 1] > near[0, 2] + 0.2 and found.shape == (3, 768)
    vectors._embed.cache_clear()
    assert (find_vectors(corpus, corpus.searched.iloc[[2, 0]]) == found[[2, 0]]).all()


def test_a_coder_by_vectors_finds_sentences_and_is_written_and_read(installed: None, tmp_path) -> None:
    labels = make_labels(*make_coded(60), "vile")
    learned = learn_codebook(labels, by="vectors")
    assert write_codebook(learned.codebook, tmp_path / "coder.yml") == []
    book = read_codebook(tmp_path / "coder.yml")
    assert book.fingerprint == learned.codebook.fingerprint
    mentions = find_mentions(labels.corpus, book)
    scores = score_sentences(mentions)
    above = scores[scores["probability"] >= book.entries[0].threshold].merge(labels.corpus.searched)
    counted = mentions.counted
    assert set(counted["pattern"]) == set(counted["via"]) == {"vector"}
    key = ["article_id", "sentence", "start", "end"]
    assert counted[key].sort_values(key).to_numpy().tolist() == above[key].sort_values(key).to_numpy().tolist()
    assert set(mentions.rows.loc[mentions.rows["pattern"] == "vile", "left_out"]) == {"score"}
    accuracy = learned.accuracy.set_index("learner")["macro_f1"]
    assert accuracy["learned"] > accuracy["hand-made"]
    with pytest.raises(ToolkitError, match=re.escape(f"the model has SHA-256 {open_model()[2]}. Required: 0123. Name its folder")):
        find_mentions(labels.corpus, replace(book, entries=(replace(book.entries[0], model="0123"),)))


def test_another_folder_must_hold_a_model(installed: None, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("FRAMEBOOK_VECTORS", str(tmp_path))
    open_model.cache_clear()
    with pytest.raises(ToolkitError, match=re.escape("no model.safetensors and tokenizer.json. Required: a model of 6 layers, as MiniLM.")):
        open_model()


def test_without_the_extra_the_error_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(vectors, "_NEEDS", ("no_such_package",))
    open_model.cache_clear()
    message = "sentence vectors: no_such_package not installed. Required: the extra 'vectors'. Install it."
    with pytest.raises(ToolkitError, match=re.escape(message)):
        open_model()
    open_model.cache_clear()
