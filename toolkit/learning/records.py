"""The record of what was learned from coded sentences."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.coding import Labels
from toolkit.markup import name_ids, write_block, write_count, write_facts, write_frame


@dataclass(frozen=True, eq=False, repr=False)
class Learned:
    """A scored codebook, and how well it tells sentences that it did not learn from.

    Attributes:
        codebook: The codebook: `find_mentions` takes it as any other, `write_codebook` writes it.
        accuracy: Table Accuracies: one row per entry and learner, on the same folds; no article is in two.
        curve: Table Curve: macro F1 by the number of sentences learned from; the last row of an entry is expected of 100 more.
        calibration: Table Calibration: in bins of the predicted probability, the share that coders said yes to.
        labels: What it was learned from.
        refused: By entry, why it was not learned.
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
        facts = {"Codebook": repr(self.codebook), "From": repr(self.labels), **self.refused}
        return write_facts(facts, "Learned") + write_block("".join(shown))
