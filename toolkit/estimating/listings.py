"""The record of a table of patterns, words or names, with the places in the text behind each row."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from toolkit.markup import CHANGE, name_ids, write_count, write_first
from toolkit.parsing import Corpus

UNITS = {"share": "share of mentions", "change": CHANGE}
"""Units of the columns of listings that are not counts or rates."""


@dataclass(frozen=True, eq=False, repr=False)
class Listing:
    """A table of patterns, words or names, with the places in the text behind each row.

    Attributes:
        name: Short name, used for files: `audit`, `changes`, `keyness-tass-com`, `collocates`, `lacking`.
        title: Title in words.
        table: The table.
        columns: The columns shown; the first ones identify the row.
        number: The next column, whose numbers open sentences.
        behind: What was counted, one row per place in the text: `article_id`, `sentence`, `start`, `end`, and the columns of the table that
            identify the row (`outlet` is that of the article).
        keys: The columns that identify the row.
        labels: For columns that hold ids, labels by id.
        corpus: The corpus.
        codebook: Id of the codebook.
        kind: Kind of mark for these places: actors, frames, language.
    """

    name: str
    title: str
    table: pd.DataFrame
    columns: tuple[str, ...]
    number: str
    behind: pd.DataFrame
    keys: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]]
    corpus: Corpus
    codebook: str
    kind: str

    @property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """Labels by id, those of outlets too."""
        return {**self.labels, "outlet": self.corpus.outlets}

    def __repr__(self) -> str:
        """One line: what is listed, and how much of it."""
        return f"{self.title}: {write_count(len(self.table), 'row')}, {self.codebook} in {self.corpus.name}"

    def _repr_html_(self) -> str:
        """The first rows, as a table for a notebook."""
        return write_first(name_ids(self.table[list(self.columns)], self.names), repr(self), self.columns.index(self.number), UNITS)
