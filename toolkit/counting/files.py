"""Count a corpus part by part into files, so that memory use does not grow with its size."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from toolkit.codebooks import Codebook
from toolkit.counting.counts import count_mentions
from toolkit.counting.matching import match_articles
from toolkit.counting.mentions import make_mentions
from toolkit.errors import CodebookError, TableError
from toolkit.markup import defuse_formulas
from toolkit.parsing import Corpus
from toolkit.parsing.outputs import check_replaced, move_files, open_aside
from toolkit.tables import make_table


def write_counts(parts: Iterable[Corpus], codebooks: Sequence[Codebook], folder: Path, *, force: bool = False) -> tuple[int, pd.Series]:
    """Find and count every entry of codebooks in the parts of a corpus, and write mentions.parquet, counts.parquet and counts.csv.

    Capitals that are only places, and offices, are among the mentions but are not counted (see `find_mentions`).

    Args:
        parts: Corpora that have no article in common.
        codebooks: What to look for.
        folder: Where to write; all three files are replaced in the end, or none.
        force: Replace also files that Framebook did not make.

    Returns:
        How many articles there are, and the mentions by codebook and entry, zeros included.

    Raises:
        TableError: When an article is in two parts, or a file of such a name is another table.
        CodebookError: When two codebooks have the same id.

    Example:
        >>> from tempfile import mkdtemp
        >>> from toolkit import read_codebook, read_corpus
        >>> n_articles, n_mentions = write_counts([read_corpus("ukraine-korea")], [read_codebook("actors")], Path(mkdtemp()))
        >>> n_articles, int(n_mentions["actors", "UKR"])
        (1, 12)
    """
    names = [book.id for book in codebooks]
    if len(set(names)) < len(names):
        raise CodebookError(f"Two codebooks have the same id: {', '.join(sorted(names))}. Each needs an id of its own. Rename one.")
    files = {"mentions.parquet": "Mentions", "counts.parquet": "Counts", "counts.csv": "Counts"}
    check_replaced({folder / name: list(make_table(kind).columns) for name, kind in files.items()}, force=force)
    ids, totals = set[str](), list[pd.Series]()
    with open_aside(folder) as made, ExitStack() as closing:
        paths = {kind: made / f"{kind.lower()}.parquet" for kind in ("Mentions", "Counts")}
        schemas = {kind: pa.Schema.from_pandas(make_table(kind), preserve_index=False) for kind in paths}
        writers = {kind: closing.enter_context(ParquetWriter(paths[kind], schemas[kind])) for kind in paths}
        csv = paths["Counts"].with_suffix(".csv")
        make_table("Counts").to_csv(csv, index=False)
        for corpus in parts:
            places = {id: place for place, id in enumerate(corpus.articles["article_id"])}
            if twice := sorted(ids & places.keys()):
                raise TableError(f"article {twice[0]!r} is in two parts of the corpus. Each is counted once: read the corpus anew.")
            ids |= places.keys()
            matches = [match_articles(corpus.articles, corpus.spans, book) for book in codebooks]
            found = [make_mentions(rows, corpus, book, [*book.labels]) for rows, book in zip(matches, codebooks, strict=True)]
            tables = {"Mentions": pd.concat([one.rows for one in found]), "Counts": pd.concat([count_mentions(one) for one in found])}
            totals.append(tables["Counts"].groupby(["codebook", "entry"])["n_mentions"].sum())
            ordered = {kind: table.iloc[table["article_id"].map(places).argsort(kind="stable")] for kind, table in tables.items()}
            for kind, table in ordered.items():
                writers[kind].write_table(pa.Table.from_pandas(table, schemas[kind], preserve_index=False))
            defuse_formulas(ordered["Counts"]).to_csv(csv, index=False, header=False, mode="a")
        closing.close()
        move_files(made, folder)
    return len(ids), pd.concat(totals).groupby(level=[0, 1]).sum()
