"""The record of a table whose rows are patterns, words or names, each with the places in the text that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from toolkit.markup import clean_text, read_style, write_block, write_count, write_rows, write_table
from toolkit.parsing import Corpus

MOST_ROWS = 30
"""Rows that a listing shows of itself in a notebook; `show_numbers` shows more, with sentences."""


@dataclass(frozen=True, eq=False, repr=False)
class Listing:
    """A table of patterns, words or names, and what stands behind each.

    Attributes:
        name: What it is, as in the names of files: `audit`, `changes`, `words`, `lacking`.
        title: What it is, in words.
        table: The table.
        number: The column whose numbers open sentences.
        behind: What was counted, a row per place in the text: `article_id`, `sentence`, `start`, `end`, and columns of the table that tell
            which row a place belongs to (`outlet` is the article's).
        keys: These columns.
        labels: For each of them, labels by id.
        corpus: The corpus.
        codebook: Id of the codebook.
        kind: How places are marked: actors, frames, language.
    """

    name: str
    title: str
    table: pd.DataFrame
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
        head, cells = write_rows(self.table.head(MOST_ROWS))
        rows, left = [[*map(clean_text, row)] for row in cells], len(self.table) - len(cells)
        more = f"<p>{write_count(left, 'row')} more: show_numbers shows them, with sentences.</p>" if left > 0 else ""
        return read_style() + write_block(write_table(head, rows, repr(self), 1) + more)

    @cached_property
    def entries(self) -> list[str]:
        """The entries that it lists, in order."""
        return list(dict.fromkeys(self.table["entry"])) if "entry" in self.table else []
