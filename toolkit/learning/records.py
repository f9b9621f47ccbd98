"""The record of what was learned from coded sentences."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.coding import Labels
from toolkit.markup import name_ids, write_count, write_facts, write_frame


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
        best = self.accuracy.pivot(index="entry", columns="learner", values="macro_f1")
        told = [f"{self.codebook.labels[entry]} {row['learned']:.2f} ({row['hand-made']:.2f})" for entry, row in best.iterrows()]
        refused = f"; not learned: {', '.join(self.refused)}" if self.refused else ""
        return f"Learned: {self.codebook.id}, {write_count(len(told), 'entry')}; macro F1 (hand-made): {', '.join(told)}{refused}"

    def _repr_html_(self) -> str:
        """What was learned, its accuracy, curve and calibration."""
        n_patterns = sum(len(entry.patterns) for entry in self.codebook.entries)
        facts = {"Codebook": repr(self.codebook), "Patterns": f"{n_patterns:,}", "From": repr(self.labels), **self.refused}
        named = {"entry": self.codebook.labels}
        tables = {"Accuracy": self.accuracy, "What more sentences bring": self.curve, "Predicted and coded": self.calibration}
        return write_facts(facts, "Learned") + "".join(write_frame(name_ids(table, named), title) for title, table in tables.items())
