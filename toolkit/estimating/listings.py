"""The record of a table whose rows are patterns, words or names, each with the places in the text that it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from toolkit.markup import CHANGE, name_ids, write_count, write_first
from toolkit.parsing import Corpus

UNITS = {"share": "share of mentions", "change": CHANGE}
"""Units of the columns of listings that are not counts or rates."""


@dataclass(frozen=True, eq=False, repr=False)
class Listing:
    """A table of patterns, words or names, and what stands behind each.

    Attributes:
        name: What it is, as in the names of files: `audit`, `changes`, `keyness-tass-com`, `collocates`, `lacking`.
        title: What it is, in words.
        table: The table.
        columns: The columns shown, those first that say what a row is.
        number: The column after these, whose numbers open sentences.
        behind: What was counted, a row per place in the text: `article_id`, `sentence`, `start`, `end`, and columns of the table that tell
            which row a place belongs to (`outlet` is the article's).
        keys: These columns.
        labels: For columns that hold ids, labels by id.
        corpus: The corpus.
        codebook: Id of the codebook.
        kind: How places are marked: actors, frames, language.
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

    def __repr__(self) -> str:
        """One line: what is listed, and how much of it."""
        return f"{self.title}: {write_count(len(self.table), 'row')}, {self.codebook} in {self.corpus.name}"

    def _repr_html_(self) -> str:
        """The first rows, as a table for a notebook."""
        return write_first(name_ids(self.table[list(self.columns)], self.labels), repr(self), self.columns.index(self.number), UNITS)
