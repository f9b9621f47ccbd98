"""Count a corpus part by part into files, so that memory stays the same however large it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.counting.counts import count_mentions
from toolkit.counting.matching import find_mentions
from toolkit.counting.selecting import find_counted
from toolkit.errors import TableError
from toolkit.parsing import Corpus, split_sentences
from toolkit.tables import make_table

_RANGE = 2000  # articles that are put in order at a time
_ROW_GROUP = 20_000  # rows: what is read of a file to find those of some articles


def write_counts(
    parts: Iterable[Corpus], codebooks: Sequence[Codebook], folder: Path, *, without: Sequence[str] = ()
) -> tuple[int, pd.Series]:
    """Find and count every entry of codebooks in the parts of a corpus, and write mentions.parquet, counts.parquet and counts.csv.

    Capitals that are only places, and offices, stand in the mentions but are not counted (see `find_counted`).

    Args:
        parts: Corpora that have no article in common.
        codebooks: What to look for.
        folder: Where to write; all three files are replaced in the end, or none.
        without: Steps of cleaning not to take, as in `split_sentences`.

    Returns:
        How many articles there are, and the mentions by codebook and entry, zeros included.

    Raises:
        TableError: When an article is in two parts.

    Source: our choice: rows are in the order of the articles' ids, so that files do not tell in what parts a corpus was read.

    Example:
        >>> from tempfile import mkdtemp
        >>> from toolkit import read_codebook, read_corpus
        >>> n_articles, n_mentions = write_counts([read_corpus("ukraine-korea")], [read_codebook("actors")], Path(mkdtemp()))
        >>> n_articles, int(n_mentions["actors", "UKR"])
        (1, 12)
    """
    folder.mkdir(parents=True, exist_ok=True)
    ids, totals = list[str](), list[pd.Series]()
    with TemporaryDirectory(dir=folder, prefix=".writing-") as name:
        temporary = Path(name)
        for part, corpus in enumerate(parts):
            sentences = split_sentences(corpus.articles, boilerplate=corpus.boilerplate, without=without)
            mentions = find_mentions(corpus.articles, sentences, codebooks)
            counted = find_counted(mentions)
            counts = pd.concat(
                [
                    count_mentions(counted, sentences, corpus.articles, book, entries=[entry.id for entry in book.entries])
                    for book in codebooks
                ],
                ignore_index=True,
            )
            ids += corpus.articles["article_id"].tolist()
            totals.append(counts.groupby(["codebook", "entry"])["n_mentions"].sum())
            for kind, table in (("mentions", mentions), ("counts", counts)):
                (temporary / kind).mkdir(exist_ok=True)
                ordered = table.sort_values("article_id", kind="stable")
                ordered.to_parquet(temporary / kind / f"{part:06}.parquet", index=False, row_group_size=_ROW_GROUP)
        twice = [id for id, following in pairwise(sorted(ids)) if id == following]
        if twice:
            raise TableError(f"article {twice[0]!r} is in two parts of the corpus. Each is counted once: read the corpus anew.")
        lows = sorted(ids)[::_RANGE]
        _merge(temporary / "mentions", "Mentions", lows)
        _merge(temporary / "counts", "Counts", lows)
        for file in sorted(temporary.glob("*.*")):
            file.replace(folder / file.name)
    return len(ids), pd.concat(totals).groupby(level=[0, 1]).sum()


def _merge(parts: Path, name: str, lows: Sequence[str]) -> None:
    """Merge the tables of all parts into one file beside their folder, some articles at a time; counts as CSV too."""
    import pyarrow as pa
    from pyarrow.dataset import dataset, field
    from pyarrow.parquet import ParquetWriter

    rows, schema = dataset(parts), pa.Schema.from_pandas(make_table(name), preserve_index=False)
    with ParquetWriter(parts.with_suffix(".parquet"), schema) as writer:
        for place, low in enumerate(lows or [""]):
            own = field("article_id") >= low
            if place + 1 < len(lows):
                own &= field("article_id") < lows[place + 1]
            table = rows.to_table(filter=own).to_pandas().sort_values("article_id", kind="stable")
            writer.write_table(pa.Table.from_pandas(table, schema, preserve_index=False))
            if name == "Counts":
                table.to_csv(parts.with_suffix(".csv"), index=False, mode="a", header=place == 0)
