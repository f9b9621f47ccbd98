"""The record of what was learned from coded sentences."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.coding import Labels
from toolkit.markup import name_ids, write_block, write_count, write_facts, write_frame


@dataclass(frozen=True, eq=False, repr=False)
class Learned:
    """A scored codebook, and how well it classifies held-out sentences.

    Attributes:
        codebook: The codebook: `find_mentions` accepts it like any other, `write_codebook` writes it.
        accuracy: Table Accuracies: one row per entry and learner, on the same folds; no article is in two folds.
        curve: Table Curve: macro F1 by number of training sentences; the last row of an entry is the value expected with 100 more.
        calibration: Table Calibration: the share that coders coded yes, by bins of the predicted probability.
        labels: The labels from which it was learned.
        refused: Entries that were not learned, with the reason.
    """

    codebook: Codebook
    accuracy: pd.DataFrame
    curve: pd.DataFrame
    calibration: pd.DataFrame
    labels: Labels
    refused: Mapping[str, str]

    def __repr__(self) -> str:
        """One line: what was learned, how well, and what was refused."""
        f1 = self.accuracy.pivot(index="entry", columns="learner", values="macro_f1")[["learned", "hand-made"]]
        told = [f"{self.codebook.labels[str(entry)]} {learned:.2f} ({hand:.2f})" for entry, learned, hand in f1.itertuples()]
        refused = f"; not learned: {', '.join(self.refused)}" if self.refused else ""
        return f"Learned: {self.codebook.id}, {write_count(len(told), 'entry')}; macro F1 (hand-made): {', '.join(told)}{refused}"

    def _repr_html_(self) -> str:
        """What was learned, its accuracy, curve and calibration."""
        tables = {"Accuracy": self.accuracy, "What more sentences bring": self.curve, "Predicted and coded": self.calibration}
        shown = [write_frame(name_ids(table, {"entry": self.codebook.labels}), title) for title, table in tables.items()]
        return write_facts({"Codebook": repr(self.codebook), "From": repr(self.labels), **self.refused}, "Learned") + write_block(
            "".join(shown)
        )
