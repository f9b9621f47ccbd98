"""The record of coded sentences: the sample, the probability of each sentence, and the labels of coders."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.counting.mentions import list_labels as list_labels
from toolkit.markup import Facts, write_count
from toolkit.parsing import Corpus

SETTLED = "settled"  # the coder whose labels stand for what coders agreed on afterwards
KEYS = ["article_id", "sentence"]
# How the strata begin of articles that were drawn whole, with all their sentences.
WHOLE = "whole articles, "


@dataclass(frozen=True, eq=False, repr=False)
class Labels(Facts):
    """Sentences drawn for coding, and the labels that coders gave them.

    Attributes:
        sample: Table Sample: the sentences, in the order in which they are coded.
        rows: Table Labels: one row per sentence, entry and coder; empty until somebody has coded.
        corpus: The corpus from which they were drawn; the sample keeps only sentences that are searched in it.
        codebook: The codebook of the entries.
        entries: The entries to code.
    """

    sample: pd.DataFrame
    rows: pd.DataFrame
    corpus: Corpus
    codebook: Codebook
    entries: tuple[str, ...]

    @cached_property
    def coders(self) -> tuple[str, ...]:
        """Who coded, by name."""
        return tuple(sorted(self.rows["coder"].unique()))

    @cached_property
    def settled(self) -> pd.DataFrame:
        """One answer for each sentence and entry that has one: article_id, sentence, stratum, probability, entry, holds.

        What was settled stands; else what all coders said who were sure. A sentence on which coders differ, or are unsure, has no answer
        until it is settled. Of a stratum of which a part has an answer, the chance of each is lower by that share.
        """
        by, rows = [*KEYS, "entry"], self.rows[self.rows["label"] != "unsure"]
        sure = rows.assign(holds=rows["label"] == "yes", is_settled=rows["coder"] == SETTLED)
        stands = sure["is_settled"] == sure.groupby(by)["is_settled"].transform("any")
        said = sure.loc[stands, [*by, "holds"]].drop_duplicates()
        found = self.sample[[*KEYS, "stratum", "probability"]].merge(said.drop_duplicates(by, keep=False), on=KEYS)
        drawn = self.sample["stratum"].value_counts()
        share = found.groupby(["stratum", "entry"])["holds"].transform("size") / found["stratum"].map(drawn).astype("float64")
        return found.assign(probability=found["probability"] * share)

    _line = "Labels: {Sentences} for {Entries} ({Coded})"

    @cached_property
    def _facts(self) -> dict[str, str]:
        """What there is to say of them."""
        by = [f"{coder}: {write_count(n, 'label')}" for coder, n in sorted(self.rows["coder"].value_counts().items())]
        return {
            "Sentences": f"{write_count(len(self.sample), 'sentence')} of {self.corpus.name}",
            "Entries": f"{write_count(len(self.entries), 'entry')} of {self.codebook.id}: {list_labels(self.codebook, self.entries)}",
            "Coded": ", ".join(by) or "nothing coded yet",
        }
