"""Fit the weights of a scored entry, and evaluate them on held-out sentences."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.counting.vectors import Floats

_STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # C of scikit-learn, from strong to weak penalty
_FOLDS, _FIRST, _MORE = 5, 50, 100  # the learning curve starts at 50 sentences and doubles; what 100 more bring is expected


class Coded(NamedTuple):
    """The numbers that an entry is learned from: a row per sentence, in random order; `n_own` columns of patterns come first."""

    features: Any
    holds: Any
    weight: Floats
    article: Any
    n_own: int
    seed: int

    def take(self, rows: Any) -> "Coded":
        """Take some rows."""
        return Coded(self.features[rows], self.holds[rows], self.weight[rows], self.article[rows], self.n_own, self.seed)


class Fit(NamedTuple):
    """Weights by column, the score of a sentence without any, and the probability from which a sentence counts."""

    weights: Floats
    intercept: float
    threshold: float = 0.5
    strength: float = 1.0


def fit_weights(coded: Coded, most: int, strengths: Sequence[float] = _STRENGTHS) -> Fit:
    """Fit the weights, `most` of patterns and those of all other columns, with the penalty and the threshold that suit unseen sentences.

    Source: C by the cross-validated log loss; threshold: the quantile at which as many sentences count as were coded yes (our choice).
    """
    from sklearn.metrics import log_loss

    y, weight, folds = coded.holds, coded.weight, _list_folds(coded)
    told = {strength: _predict(coded, folds, lambda part, strength=strength: _fit(part, most, strength))[0] for strength in strengths}
    best = min(strengths, key=lambda strength: float(log_loss(y, told[strength], sample_weight=weight)))
    threshold = np.quantile(told[best], 1 - np.average(y, weights=weight), weights=weight, method="inverted_cdf")
    return _fit(coded, most, best)._replace(threshold=float(threshold), strength=best)


def _fit(coded: Coded, most: int, strength: float) -> Fit:
    """Fit the weights of all columns; where there are more patterns than `most`, those that move the score most are fitted again alone.

    Source: the more a pattern by itself tells, the less its weight is penalised: Wang & Manning 2012, eq. 2 and 3, without the sign; half
        way between the ratio and its mean, by cross-validation.
    """
    from scipy.sparse import diags_array
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import BernoulliNB

    scale = np.ones(coded.features.shape[1])
    if coded.n_own:
        no, yes = BernoulliNB().fit(coded.features[:, : coded.n_own], coded.holds, coded.weight).feature_log_prob_
        scale[: coded.n_own] = (np.abs(yes - no) + np.abs(yes - no).mean()) / 2
    features, weights, kept = coded.features @ diags_array(scale), np.zeros(len(scale)), np.arange(len(scale))
    model = LogisticRegression(C=strength, max_iter=2000).fit(features, coded.holds, coded.weight)
    if coded.n_own > most:
        share = np.asarray(coded.features.mean(axis=0)).ravel()
        moved = np.abs(model.coef_[0] * scale) * np.sqrt(np.maximum(0, share * (1 - share)))
        order = np.argsort(-moved[: coded.n_own], kind="stable")
        kept = np.append(np.sort(order[:most]), kept[coded.n_own :])
        model = model.fit(features[:, kept], coded.holds, coded.weight)
    weights[kept] = model.coef_[0] * scale[kept]
    return Fit(weights, float(model.intercept_[0]))


def _list_folds(coded: Coded) -> Sequence[Any]:
    """List the folds: rows to learn from and to test on; an article is in one, and the shares of yes are alike."""
    from sklearn.model_selection import StratifiedGroupKFold

    return [*StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=coded.seed).split(coded.features, coded.holds, coded.article)]


def _predict(coded: Coded, folds: Sequence[Any], fit: Any, n: int | None = None) -> tuple[Floats, Any]:
    """Predict each row by what was learned from the other folds, or from `n` rows of them: its probability, and whether it counts."""
    p, counts = np.empty(len(coded.holds)), np.zeros(len(coded.holds), dtype=bool)
    for train, test in folds:
        one = fit(coded.take(train[:n]))
        p[test] = 1 / (1 + np.exp(-(one.intercept + coded.features[test] @ one.weights)))
        counts[test] = p[test] >= one.threshold
    return p, counts


def measure_learners(coded: Coded, most: int, n_hits: Floats, strength: float) -> list[pd.DataFrame]:
    """Evaluate what was learned on held-out sentences: tables Accuracies, Curve and Calibration, without the entry.

    What is learned chooses its penalty again in each fold; without limit, and of fewer sentences, it has the one given, which saves time.
    """
    y, weight, folds = coded.holds, coded.weight, _list_folds(coded)
    p, counts = _predict(coded, folds, lambda part: fit_weights(part, most))
    free = _predict(coded, folds, lambda part: fit_weights(part, coded.n_own, [strength])) if coded.n_own > most else (p, counts)
    said = {"learned": (p, counts), "hand-made": (n_hits, n_hits > 0), "learned without limit": free}
    accuracy = pd.DataFrame([{"learner": name, "n": len(y), **_measure(y, *told, weight)} for name, told in said.items()])
    accuracy["brier"] = [np.average((told - y) ** 2, weights=weight) if name != "hand-made" else None for name, (told, _) in said.items()]
    n, least = len(folds[0][0]), 2 * _FOLDS / min(y.mean(), 1 - y.mean())
    sizes = [size for size in (_FIRST * 2**step for step in range(12)) if least <= size < 0.9 * n]
    grown = [_predict(coded, folds, lambda part: fit_weights(part, most, [strength]), size) for size in sizes]
    curve = [(size, _measure(y, *one, weight)["macro_f1"]) for size, one in zip(sizes, grown, strict=True)]
    curve.append((n, accuracy["macro_f1"].iloc[0]))
    slope = np.polyfit(np.log([size for size, _ in curve]), [f1 for _, f1 in curve], 1)[0] if sizes else 0.0
    curve.append((n + _MORE, min(1.0, curve[-1][1] + max(0.0, slope) * np.log(1 + _MORE / n))))
    expected = pd.DataFrame(curve, columns=["n", "macro_f1"]).assign(expected=[False] * (len(curve) - 1) + [True])
    parts = {"low": np.minimum(np.floor(p * 10), 9) / 10, "n": 1, "predicted": p * weight, "observed": y * weight, "w": weight}
    bins = pd.DataFrame(parts).groupby("low").sum().reset_index()
    return [accuracy, expected, bins.assign(predicted=bins["predicted"] / bins["w"], observed=bins["observed"] / bins["w"])]


def _measure(y: Any, p: Floats, counts: Any, weight: Floats) -> dict[str, float]:
    """Measure predictions."""
    from sklearn.metrics import f1_score, precision_recall_fscore_support, roc_auc_score

    facts = precision_recall_fscore_support(y, counts, average="binary", zero_division=0, sample_weight=weight)[:3]
    macro, auc = f1_score(y, counts, average="macro", sample_weight=weight), roc_auc_score(y, p, sample_weight=weight)
    return dict(zip(("precision", "recall", "f1"), facts, strict=True)) | {"macro_f1": macro, "auc": auc}
