"""Learn from half of the coded texts, score on the other half, ten times over; print the mean figures.

python tests/validity/score_framing.py --task babe|frames|gvfc --gold GOLD --eval FOLDER [--n 200] [--learner vectors] [--codebook FILE]

GOLD is what the scorer takes, FOLDER holds the scorer, framing.py. Halves are drawn by seed, 0 to 9; --n learns from the first n texts of
the half. Whatever the scorer computes is printed as the mean and the range of the draws.
"""

from __future__ import annotations

import argparse
import sys
from argparse import Namespace
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from predict import predict_learned

from toolkit import read_codebook
from toolkit.codebooks import Codebook

FIGURES = {"babe": ("macro_f1", "auc", "words"), "frames": ("mean_auc", "macro_f1"), "gvfc": ("mean_auc", "macro_f1")}
BOOKS = {"babe": "language", "frames": "frames", "gvfc": "gun-violence"}


def draw_score(scorer: Any, texts: list[Any], seed: int, given: Namespace, codebook: Codebook) -> dict[str, float]:
    """Learn from one half, score on the other."""
    order = np.random.default_rng(seed).permutation(len(texts)).tolist()
    half = len(texts) // 2
    learn_from, held = [texts[at] for at in order[:half][: given.n]], [texts[at] for at in order[half:]]
    key = "label" if given.task == "babe" else "frames"
    coded = {text.doc: {key: text.gold} for text in learn_from}
    every = {text.doc: text.text for text in (*learn_from, *held)}
    kept = {text.doc for text in held}
    predicted = predict_learned(every, coded, given.task, codebook, given.learner)
    told = {str(row["doc"]): row for row in predicted if row["doc"] in kept}
    options = Namespace(threshold=0.5, bootstrap=0, seed=1, with_quotes=False)
    names = scorer.FRAMES if given.task == "frames" else scorer.GVFC
    score = scorer.score_sentences if given.task == "babe" else lambda *rest: scorer.score_frames(rest[0], rest[1], names, rest[2])
    scores, _ = score(held, told, options)
    return {name: scores[name]["f1"] if name == "words" else scores[name] for name in FIGURES[given.task]}


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--task", choices=tuple(FIGURES), required=True)
    parser.add_argument("--gold", required=True)
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--n", type=int)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--learner", choices=("words", "vectors"), default="words")
    parser.add_argument("--codebook", default="")
    given = parser.parse_args()
    sys.path.append(str(given.eval))
    import framing as scorer

    texts = scorer.TASKS[given.task](given.gold, "dev", given)
    book = read_codebook(given.codebook or BOOKS[given.task])
    draws = [draw_score(scorer, texts, seed, given, book) for seed in range(given.draws)]
    print(f"{given.task}, {given.learner}, learned from {given.n or len(texts) // 2} of {len(texts)} texts, {given.draws} draws")
    for name in FIGURES[given.task]:
        values = [draw[name] for draw in draws]
        print(f"{name:<9} {mean(values):.3f} ({min(values):.3f}–{max(values):.3f})")


if __name__ == "__main__":
    main()
