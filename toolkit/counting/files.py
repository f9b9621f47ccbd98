"""Count a corpus and find its sources part by part into files, on all cores, so that memory use does not grow with its size."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from toolkit.codebooks import Codebook
from toolkit.counting.counts import count_mentions
from toolkit.counting.mentions import Book, find_mentions
from toolkit.counting.sourcing.attributions import find_attributions
from toolkit.errors import CodebookError
from toolkit.markup import defuse_formulas
from toolkit.parsing import Corpus
from toolkit.parsing.outputs import check_replaced, move_files, open_aside
from toolkit.parsing.parallel import map_parts, show_progress
from toolkit.tables import make_table

_Reader = Callable[[], Corpus]
# Of a part: how many articles, what goes into each file, and what there is of what.
_Part = tuple[int, Mapping[str, pd.DataFrame | str], pd.Series]


def write_counts(parts: Sequence[_Reader], codebooks: Sequence[Codebook], folder: Path, *, force: bool = False) -> tuple[int, pd.Series]:
    """Find and count every entry of codebooks in the parts of a corpus, and write mentions.parquet, counts.parquet and counts.csv.

    Capitals that are only places, and offices, are among the mentions but are not counted (see `find_mentions`). The mentions of a part are
    kept in the cache: after an interruption, or where other parts of the corpus changed, they are not searched again.

    Args:
        parts: What reads each part of a corpus (`toolkit.parsing.list_parts`).
        codebooks: What to look for.
        folder: Where to write; all three files are replaced in the end, or none.
        force: Replace also files that Framebook did not make.

    Returns:
        How many articles there are, and the mentions by codebook and entry, zeros included.

    Raises:
        TableError: When a file of such a name is another table.
        CodebookError: When two codebooks have the same id.

    Example:
        >>> from tempfile import mkdtemp
        >>> from toolkit import read_codebook
        >>> from toolkit.parsing import list_parts
        >>> n_articles, n_mentions = write_counts(list_parts("ukraine-korea"), [read_codebook("actors")], Path(mkdtemp()))
        >>> n_articles, int(n_mentions["actors", "UKR"])
        (1, 12)
    """
    names = [book.id for book in codebooks]
    if len(set(names)) < len(names):
        raise CodebookError(f"Two codebooks have the same id: {', '.join(sorted(names))}. Each needs an id of its own. Rename one.")
    files = {"mentions.parquet": "Mentions", "counts.parquet": "Counts", "counts.csv": "Counts"}
    return _write_parts("counting", parts, partial(_count_part, codebooks=codebooks), folder, files, force)


def write_attributions(parts: Sequence[_Reader], actors: Book, folder: Path, *, force: bool = False) -> tuple[int, pd.Series]:
    """Find who says what in the parts of a corpus, and write attributions.parquet and attributions.csv.

    Args:
        parts: As in `write_counts`; the attributions of a part are kept in the cache.
        actors: The codebook to whose entries sources are resolved.
        folder: Where to write; both files are replaced in the end, or none.
        force: Replace also files that Framebook did not make.

    Returns:
        How many articles there are, and the attributions by type of source.

    Raises:
        TableError: When a file of such a name is another table.
    """
    files = {"attributions.parquet": "Attributions", "attributions.csv": "Attributions"}
    return _write_parts("finding who says what", parts, partial(_attribute_part, actors=actors), folder, files, force)


def _count_part(read: _Reader, codebooks: Sequence[Codebook]) -> _Part:
    """Count a part."""
    corpus = read()
    found = [find_mentions(corpus, book, [*book.labels]) for book in codebooks]
    places = {id: place for place, id in enumerate(corpus.articles["article_id"])}
    mentions, counts = pd.concat([one.rows for one in found]), pd.concat([count_mentions(one) for one in found])
    mentions, counts = (table.iloc[table["article_id"].map(places).argsort(kind="stable")] for table in (mentions, counts))
    made = {"mentions.parquet": mentions, "counts.parquet": counts, "counts.csv": defuse_formulas(counts).to_csv(index=False, header=False)}
    return len(places), made, counts.groupby(["codebook", "entry"])["n_mentions"].sum()


def _attribute_part(read: _Reader, actors: Book) -> _Part:
    """Find who says what in a part."""
    speech = find_attributions(find_mentions(read(), actors))
    made = {"attributions.parquet": speech.rows, "attributions.csv": defuse_formulas(speech.rows).to_csv(index=False, header=False)}
    return len(speech.corpus.articles), made, speech.rows["source_type"].fillna("undecided").value_counts()


def _write_parts(
    told: str, parts: Sequence[_Reader], work: Callable[[_Reader], _Part], folder: Path, files: Mapping[str, str], force: bool
) -> tuple[int, pd.Series]:
    """Work on parts and write what comes back into files, given with their kinds of table; how many articles, and what there is of what."""
    check_replaced({folder / name: list(make_table(kind).columns) for name, kind in files.items()}, force=force)
    n_articles, totals = 0, list[pd.Series]()
    with open_aside(folder) as made, ExitStack() as closing, show_progress(told, len(parts), "part") as advance:
        schemas = {name: pa.Schema.from_pandas(make_table(kind), preserve_index=False) for name, kind in files.items()}
        texts = {name: closing.enter_context((made / name).open("w", encoding="utf-8")) for name in files if name.endswith(".csv")}
        tables = {name: closing.enter_context(ParquetWriter(made / name, schemas[name])) for name in files.keys() - texts.keys()}
        for name, text in texts.items():
            make_table(files[name]).to_csv(text, index=False)
        for n, own, total in map_parts(work, parts):
            n_articles += n
            totals.append(total)
            for name, text in texts.items():
                text.write(own[name])
            for name, table in tables.items():
                table.write_table(pa.Table.from_pandas(own[name], schemas[name], preserve_index=False))
            advance(1)
        closing.close()
        move_files(made, folder)
    every = pd.concat(totals)
    return n_articles, every.groupby(level=[*range(every.index.nlevels)]).sum()
