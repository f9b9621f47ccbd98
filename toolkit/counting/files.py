"""Count a corpus part by part into files, so that memory stays the same however large it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.counting.counts import count_mentions
from toolkit.counting.matching import match_articles
from toolkit.counting.mentions import make_mentions
from toolkit.errors import TableError
from toolkit.parsing import Corpus
from toolkit.tables import make_table

_ROW_GROUP = 50_000  # rows that are written at a time, whatever the parts


def write_counts(parts: Iterable[Corpus], codebooks: Sequence[Codebook], folder: Path) -> tuple[int, pd.Series]:
    """Find and count every entry of codebooks in the parts of a corpus, and write mentions.parquet, counts.parquet and counts.csv.

    Capitals that are only places, and offices, are among the mentions but are not counted (see `find_mentions`).

    Args:
        parts: Corpora that have no article in common.
        codebooks: What to look for.
        folder: Where to write; all three files are replaced in the end, or none.

    Returns:
        How many articles there are, and the mentions by codebook and entry, zeros included.

    Raises:
        TableError: When an article is in two parts.

    Example:
        >>> from tempfile import mkdtemp
        >>> from toolkit import read_codebook, read_corpus
        >>> n_articles, n_mentions = write_counts([read_corpus("ukraine-korea")], [read_codebook("actors")], Path(mkdtemp()))
        >>> n_articles, int(n_mentions["actors", "UKR"])
        (1, 12)
    """
    folder.mkdir(parents=True, exist_ok=True)
    ids, totals = list[str](), list[pd.Series]()
    with TemporaryDirectory(dir=folder, prefix=".writing-") as name, ExitStack() as closing:
        files = {kind: closing.enter_context(_Table(Path(name) / f"{kind.lower()}.parquet", kind)) for kind in ("Mentions", "Counts")}
        for corpus in parts:
            found = match_articles(corpus.articles, corpus.spans, codebooks)
            of_book = [found[found["codebook"] == book.id] for book in codebooks]
            records = [
                make_mentions(rows, corpus, book, [entry.id for entry in book.entries])
                for rows, book in zip(of_book, codebooks, strict=True)
            ]
            counts = pd.concat([count_mentions(record) for record in records], ignore_index=True)
            mentions = pd.concat([record.rows for record in records]).sort_index()
            places = dict(zip(corpus.articles["article_id"], range(len(corpus.articles)), strict=True))
            ids += places
            totals.append(counts.groupby(["codebook", "entry"])["n_mentions"].sum())
            for kind, table in (("Mentions", mentions), ("Counts", counts)):
                files[kind].add(table.iloc[table["article_id"].map(places).argsort(kind="stable")])
        twice = [id for id, following in pairwise(sorted(ids)) if id == following]
        if twice:
            raise TableError(f"article {twice[0]!r} is in two parts of the corpus. Each is counted once: read the corpus anew.")
        closing.close()
        for file in sorted(Path(name).iterdir()):
            file.replace(folder / file.name)
    return len(ids), pd.concat(totals).groupby(level=[0, 1]).sum()


class _Table:
    """A table on its way into a Parquet file, and counts into CSV too."""

    def __init__(self, path: Path, name: str) -> None:
        """Begin the files."""
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        empty = make_table(name)
        self.rows = pa.Table.from_pandas(empty, preserve_index=False)
        self.writer = ParquetWriter(path, self.rows.schema)
        self.csv = path.with_suffix(".csv").open("w", encoding="utf-8", newline="") if name == "Counts" else None
        if self.csv:
            empty.to_csv(self.csv, index=False)

    def add(self, table: pd.DataFrame) -> None:
        """Take more rows; whole row groups are written."""
        import pyarrow as pa

        if self.csv:
            table.to_csv(self.csv, index=False, header=False)
        self.rows = pa.concat_tables([self.rows, pa.Table.from_pandas(table, self.rows.schema, preserve_index=False)])
        while len(self.rows) >= _ROW_GROUP:
            self.writer.write_table(self.rows[:_ROW_GROUP].combine_chunks())
            self.rows = self.rows[_ROW_GROUP:]

    def __enter__(self) -> _Table:
        return self

    def __exit__(self, *_: object) -> None:
        """Write the last rows."""
        self.writer.write_table(self.rows.combine_chunks())
        self.writer.close()
        if self.csv:
            self.csv.close()
