"""Read corpora, by name or from anything that holds articles; narrow them; write them."""

import base64
import hashlib
import io
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import count, islice
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from toolkit.errors import CorpusError, TableError, name_choices, raise_faults
from toolkit.parsing.corpus import Corpus, is_searched, narrow_corpus
from toolkit.parsing.dates import settle_dates
from toolkit.parsing.fetch import describe_corpus, fetch_corpus, find_file, is_remote, list_corpora, open_file, stamp_file
from toolkit.parsing.files import Batch, collect_batches, list_files, read_files
from toolkit.parsing.flags import flag_dates, flag_texts, tabulate_flags
from toolkit.parsing.learning import Places, Sketch, learn_boilerplate, sketch_lines
from toolkit.parsing.outputs import REPLACING, open_aside
from toolkit.parsing.parallel import map_parts, show_progress
from toolkit.parsing.repair import check_steps
from toolkit.parsing.rows import USUAL_NAMES, map_rows
from toolkit.parsing.sentences import Row, nest_rows, pack_rows, split_articles, split_sentences, unnest_rows
from toolkit.parsing.sources import Options, Source
from toolkit.parsing.store import cache_folder, find_kept, forget_parts, hash_file, hash_rooms, keep_folder
from toolkit.parsing.stories import Body, find_firsts, find_stories, hash_bodies
from toolkit.parsing.summaries import Summary, count_inputs, list_failures
from toolkit.tables import TABLES, check_table, make_table, read_data

Tables = Mapping[str, pd.DataFrame]
_Paths = Sequence[Path]

STORIES = ("as published", "once per story")
# In the metadata of a corpus's file.
_BESIDE = ("Refused", "Repairs", "Origins", "Flags", "Learned")
_MARK = b"framebook"  # of the metadata
_OPTIONS = ("outlet", "format", "encoding", "dates", "name_pattern", "delimiter", "quoting", "header_row", "strict")


def read_corpus(
    *sources: str | Path | pd.DataFrame,
    outlets: str | Sequence[str] = (),
    start: str = "",
    end: str = "",
    stories: str = "as published",
    without: str | Sequence[str] = (),
    seed: int = 2017,
    columns: Mapping[str, str] | None = None,
    **options: Any,  # Any: each has its type in Options
) -> Corpus:
    """Read articles, or a part of them: a named corpus, files and folders of any format, or a DataFrame.

    Args:
        *sources: The name of a corpus; files and folders in any of the formats of `toolkit.parsing.formats.FORMATS`, here or under an
            address such as s3://bucket/news.parquet; or one DataFrame with a row per article.
        outlets: Only these; none for all.
        start: First day, as 2017-02-01.
        end: Last day, included.
        stories: `as published`, or `once per story`: of the articles that tell one story in the same words, only the earliest.
        without: Steps of cleaning not to take (`toolkit.parsing.repair.STEPS`).
        seed: Of every draw from the corpus: sampled sentences, sentences to code.
        columns: Which column of a table holds which field: `{"text": "body"}`.
        **options: For a DataFrame, columns by field: `text="body", outlet="medium", published="when"`. For files, what you know about
            them: outlet (of articles that name none), format, encoding, dates ("day-first" or "month-first"), name_pattern; of delimited
            tables delimiter, quoting ("minimal" or "none") and header_row; strict=True refuses all where something cannot be trusted.

    Returns:
        The corpus. Articles and refused inputs add up to what was found; an article found in several files is kept once.

    Raises:
        CorpusError: When there is no such corpus, file, outlet or option, a date is not one, or no article is left; says which.
        ConnectionError: When an address cannot be reached.

    Example:
        >>> news = read_corpus("ukraine-korea")
        >>> news
        Corpus ukraine-korea: 1 article, 0 outlets, no date given, 362 of 373 words searched (refused 0, repaired 0, flagged 0)
        >>> read_corpus(pd.DataFrame({"body": ["It rained."], "medium": ["The Daily"]}), text="body", outlet="medium").articles["outlet"][0]
        'The Daily'
    """
    if not sources:
        raise CorpusError(f"read_corpus: nothing to read. Give a name ({', '.join(list_corpora())}), files, folders or a DataFrame.")
    corpus = _read_whole(sources, check_steps([without] if isinstance(without, str) else without), columns, options)
    return limit_corpus(replace(corpus, seed=seed), [outlets] if isinstance(outlets, str) else outlets, start, end, stories)


def read_article(name: str | Path, article: str = "", *, seed: int = 2017) -> Corpus:
    """Read one article of a corpus.

    Args:
        name: As in `read_corpus`.
        article: Its id; empty for the first.
        seed: Of the sentences sampled.

    Returns:
        A corpus of one article.

    Raises:
        CorpusError: When there is no such corpus or article.

    Example:
        >>> read_article("ukraine-korea").articles["headline"].tolist()
        ['Ukraine Seeks Weapons Aid in South Korea Visit']
    """
    corpus = replace(_read_whole([name], frozenset(), None, {}), seed=seed)
    ids = sorted(corpus.articles["article_id"])
    if article and article not in ids:
        raise CorpusError(f"{name}: no article '{article}'. {name_choices(article, ids, see='read_corpus(…).articles')}")
    return narrow_corpus(corpus, corpus.articles["article_id"] == (article or ids[0]), f"article {article or ids[0]}")


def list_parts(name: str, *, without: Sequence[str] = (), encoding: str = "", **limits: Any) -> list[Callable[[], Corpus]]:
    """List the parts of a corpus, each to be read where and when it is worked on; only a corpus in a Parquet file has more than one.

    Args:
        name: As in `read_corpus`.
        without: As in `read_corpus`.
        encoding: As in `read_corpus`; of a corpus that is read already, it changes nothing.
        **limits: As in `read_corpus`: outlets, start, end, stories.

    Returns:
        What reads each part, in the order of the file; it can be sent to another process.

    Raises:
        CorpusError: As in `read_corpus`.
        TableError: When an article is in the corpus twice.

    Example:
        >>> [len(read().articles) for read in list_parts("ukraine-korea")]
        [1]
    """
    # A web server need not serve a part of a file.
    path: Path | str = Path(name) if not is_remote(name) else find_file(name) if name.startswith("http") else name
    if name in list_corpora() or not _is_corpus(path):
        return [partial(read_corpus, name, without=without, encoding=encoding, **limits)]
    stamp, off = stamp_file(path), check_steps(without)
    opened = _open_parquet(path, stamp)
    articles = _read_columns(opened, ["article_id", "outlet", "published", "story", "n_words"]).to_pandas()
    if (twice := articles["article_id"][articles["article_id"].duplicated()]).any():
        raise TableError(f"article {twice.iloc[0]!r} is in two parts of the corpus. Each is counted once: read the corpus anew.")
    tables = {**opened.tables, "Articles": articles, "Sentences": make_table("Sentences")}
    ids = limit_corpus(_make_corpus((PurePath(path).stem, "", "", ""), tables, off, ()), **limits).articles["article_id"]
    groups = [opened.metadata.row_group(number).num_rows for number in range(opened.metadata.num_row_groups)]
    masks = np.split(articles["article_id"].isin(ids).to_numpy(), np.cumsum(groups)[:-1])
    return [partial(_read_part, path, stamp, number, mask, off) for number, mask in enumerate(masks) if mask.any()]


def _read_part(path: Path | str, stamp: str, number: int, mask: NDArray[np.bool_], without: frozenset[str]) -> Corpus:
    """Read a part of the file of a corpus, and of it the articles that are marked."""
    opened = _open_parquet(path, stamp)
    table = _read_columns(opened, part=number)
    name, without = f"{PurePath(path).stem} part {table['article_id'][0]}", opened.without | without
    key = (table["article_id"].to_pylist(), opened.tables["Learned"].to_csv(), sorted(without), hash_rooms("parsing"))
    tables = {**_read_tables(opened, without, name, key, table), **{beside: make_table(beside) for beside in _BESIDE}}
    corpus = _make_corpus((name, PurePath(path).name, "", ""), tables, without, key)
    return narrow_corpus(corpus, pd.Series(mask), "")


def hash_source(name: str | Path) -> str:
    """Hash what a corpus is read from, without parsing it: the fingerprint that every page and record names.

    Args:
        name: The name of a corpus, a file or a folder.

    Returns:
        SHA-256 in hexadecimal: of a file's bytes; of a folder, of the names and hashes of all files that would be read.

    Raises:
        CorpusError: When there is no such corpus.

    Example:
        >>> hash_source("news-2017")[:8]
        '5b95851c'
    """
    if str(name) in list_corpora():
        described = describe_corpus(str(name))
        return str(described["fetch"]["member_sha256"]) if "fetch" in described else hash_file(fetch_corpus(str(name)))
    if (path := find_file(name)).is_file():
        return hash_file(path)
    listed = [f"{file_name}\t{file.exists() and hash_file(file)}" for file_name, file in list_files(path)]
    return hashlib.sha256("\n".join(listed).encode("utf-8", "surrogateescape")).hexdigest()


def read_to_file(  # Any: each has its type in Options
    paths: _Paths, out: Path | str, *, without: Sequence[str] = (), jobs: int | None = None, force: bool = False, **options: Any
) -> Summary:
    """Read articles as `read_corpus` does, but write them as they come: memory does not grow with what is read.

    The corpus is one file; what was refused, repaired, guessed and learned is in it, for people to see with `read_corpus(out).refused`. It
    is there whole or, if the reading was interrupted or killed, not at all.

    Args:
        paths: Files and folders; what is being written is not read.
        out: The Parquet file to write.
        without: Steps of cleaning not to take; the corpus remembers them.
        jobs: How many processes read a large input; None for one a core. The corpus is the same, to the byte.
        force: Replace `out` also where it is no corpus that Framebook wrote. An input is never replaced.
        **options: As in `read_corpus` for files.

    Returns:
        What was read, refused, repaired and guessed.

    Raises:
        CorpusError: As in `read_corpus`; and when `out` is an input or not ours.

    Example:
        >>> from tempfile import mkdtemp
        >>> read_to_file([fetch_corpus("ukraine-korea")], Path(mkdtemp()) / "corpus.parquet").n_inputs
        Counter({('text', 'read'): 1})
    """
    summary, out, inputs = Summary(), Path(out), [*map(find_file, paths)]
    if out.resolve() in {path.resolve() for path in inputs}:
        raise CorpusError(f"--out {out}: it is one of the inputs and would be replaced. Give another name.")
    if out.exists() and not force and not _is_corpus(out):
        raise CorpusError(f"--out {out}: it is there, and not a corpus that Framebook wrote. {REPLACING}")
    off = check_steps(without)
    given = Options(**options, without=off)
    told = repr(([path.resolve() for path in inputs], sorted(off), hash_rooms("parsing")))
    run = f"reading-{hashlib.sha256(told.encode()).hexdigest()[:16]}"  # whatever is written: `read_corpus` writes into its cache
    with open_aside(out.parent) as aside:
        made = aside / out.name
        parts = _read_batches(inputs, given, summary, out, run, jobs, partial(_complete_part, without=off))
        _write_parquet(made, parts, off, jobs)
        made.replace(out)  # the one commit
    forget_parts(run)
    return summary


def read_sample(paths: Sequence[Path | str], n: int, jobs: int | None = 1, **options: Any) -> tuple[pd.DataFrame, Summary]:
    """Read the first articles only, to look at them before a long run.

    Args:
        paths: Files and folders.
        n: How many articles and refusals at most.
        jobs: As in `read_to_file`.
        **options: As in `read_corpus` for files.

    Returns:
        Articles, and what was read, refused and guessed.

    Example:
        >>> read_sample([fetch_corpus("ukraine-korea")], 5)[0]["headline"].tolist()
        ['Ukraine Seeks Weapons Aid in South Korea Visit']
    """
    summary, given = Summary(), Options(**options)
    files = [named for path in paths for named in list_files(find_file(path))]
    tables = _join([*collect_batches(islice(read_files(files, given, summary), n), given, summary, jobs)])
    return tables["Articles"], summary


def _check_found(summary: Summary, sources: Sequence[object], is_strict: bool = False) -> None:
    """Hold what was read to one article at least, and if strict to no doubt; say what was refused, and why."""
    if not count_inputs(summary, "read"):
        reasons = "".join(f"\n  {n:,} refused: {reason.removesuffix('.')}." for reason, n in summary.reasons.most_common(5))
        said = reasons or " There is no file with a row or a text in it."
        raise CorpusError(f"{', '.join(map(str, sources))}: not one article in it.{said}")
    if is_strict and (failures := list_failures(summary)):
        raise CorpusError("strict: nothing was kept of what was read.\n  " + "\n  ".join(failures))


def complete_tables(tables: Tables, without: frozenset[str] = frozenset()) -> Tables:
    """Add to the tables of a whole corpus what only all its articles together tell: stories, flags, learned boilerplate, sentences.

    Args:
        tables: Articles, Refused, Repairs and Origins.
        without: Steps of cleaning not to take.

    Returns:
        The same, Articles with their stories, and Flags, Learned and Sentences; as they would be read from a file of the corpus.
    """
    with TemporaryDirectory() as folder:
        _write_parquet(made := Path(folder, "made"), [_complete_part({**tables}, without)], without)
        return _read_tables(_open_parquet(made, stamp_file(made)), without, "", ())


def _read_whole(
    sources: Sequence[str | Path | pd.DataFrame], without: frozenset[str], columns: Mapping[str, str] | None, options: Mapping[str, Any]
) -> Corpus:
    """Read a whole corpus, from the cache if it was parsed before."""
    if isinstance(sources[0], pd.DataFrame):
        return _read_frame(sources[0], without, {**(columns or {}), **options})
    if wrong := [name for name in options if name not in _OPTIONS]:
        hint = f' For a column of a table write columns={{"{wrong[0]}": …}}.' if wrong[0] in USUAL_NAMES else ""
        raise CorpusError(f"read_corpus: no option '{wrong[0]}'. {name_choices(wrong[0], _OPTIONS)}{hint}")
    first = str(sources[0])
    described = describe_corpus(first) if first in list_corpora() else {}
    paths = [fetch_corpus(first)] if described else [find_file(str(source)) for source in sources]
    name = first if described else paths[0].resolve().stem
    sha256 = hash_source(first) if described else _hash_paths(paths)
    file, told = paths[0], tuple[object, ...]()
    if len(paths) > 1 or not _is_corpus(file):
        given = {"columns": described.get("columns", columns), **options}
        told = sorted(map(str, described.items())), sorted(map(str, given.items())), [path.name for path in paths]  # endings count

        def make(folder: Path) -> None:
            read_to_file(paths, folder / "corpus.parquet", without=sorted(without), **given)
            if not described and _hash_paths(paths) != sha256:
                raise CorpusError(f"{name}: its files changed while they were read. Run it again when nobody writes to them.")

        file = keep_folder(f"{name} articles", (sha256, *told, sorted(without), hash_rooms("parsing")), make) / "corpus.parquet"
    opened = _open_parquet(file, stamp_file(file))
    key = (sha256, *told, sorted(without | opened.without), hash_rooms("parsing"))
    title = described.get("title", ", ".join(path.resolve().name for path in paths))
    tables = _read_tables(opened, without | opened.without, name, key)
    made = _make_corpus((name, title, described.get("rights", ""), sha256), tables, without | opened.without, key)
    return replace(made, outlets=described.get("outlets", {}), source=first if len(paths) == 1 and not columns and not options else "")


def _hash_paths(paths: _Paths) -> str:
    """Hash what files and folders hold."""
    return hash_source(paths[0]) if len(paths) == 1 else hashlib.sha256("".join(map(hash_source, paths)).encode()).hexdigest()


def _read_frame(frame: pd.DataFrame, without: frozenset[str], columns: Mapping[str, str]) -> Corpus:
    """Read the rows of a DataFrame."""
    sha256 = hashlib.sha256(frame.to_csv(index=False).encode("utf-8", "surrogatepass")).hexdigest()
    given, summary = Options(columns, without=without), Summary()
    source = Source("the DataFrame", io.BytesIO(), given, summary.notes)
    raws = settle_dates(map_rows(frame.rename(columns=str).to_dict("records"), columns, summary.notes), source)
    tables = _join([*collect_batches((("dataframe", "dataframe", raw) for raw in raws), given, summary)])
    _check_found(summary, ["the DataFrame"])
    key = (sha256, given, hash_rooms("parsing"))
    return _make_corpus(("dataframe", "a DataFrame", "", sha256), complete_tables(tables, without), without, key)


def _make_corpus(facts: tuple[str, str, str, str], tables: Tables, without: frozenset[str], key: tuple[object, ...]) -> Corpus:
    """Make the record of a whole corpus: name, title, rights and fingerprint, its tables, the steps not taken, what all depends on."""
    spans, hashed = tables["Sentences"], hashlib.sha256(repr(key).encode()).hexdigest()
    fields = {name.lower(): tables[name] for name in ("Articles", *_BESIDE)}
    return Corpus(*facts, spans=spans, kept=is_searched(spans), without=without, key=hashed if key else "", **fields)


def _split(articles: pd.DataFrame, without: frozenset[str], learned: pd.DataFrame | None = None) -> list[list[Row]]:
    """Split articles into sentences; the rows of each."""
    return list(split_articles(articles, boilerplate=learned, without=sorted(without)))


def _read_batches(  # Any: as `finish` has it
    paths: _Paths, given: Options, summary: Summary, out: Path, run: str, jobs: int | None, finish: Callable[[Batch], Any]
) -> Iterator[Any]:
    """Read files and folders of any format, but for `out`, a batch at a time; CorpusError where there is not one article."""
    files = [named for path in paths for named in list_files(path, out)]
    states = [stamp_file(file) for _, file in files]
    size = sum(file.stat().st_size for _, file in files if file.exists())  # one that vanishes is refused when it is opened
    with show_progress(f"reading {paths[0]}", size, "B") as advance:
        yield from collect_batches(read_files(files, given, summary, advance), given, summary, jobs, finish, run)
    changed = [name for (name, file), state in zip(files, states, strict=True) if state and stamp_file(file) not in ("", state)]
    summary.notes.update(("doubt", read_data("layouts")["doubts"]["changed"].format(path=name)) for name in changed)
    _check_found(summary, [path.name if path.is_relative_to(cache_folder()) else path for path in paths], given.strict)


def _join(batches: Sequence[Batch]) -> Batch:
    """Join batches into one."""
    return {name: check_table(pd.concat([batch[name] for batch in batches], ignore_index=True), name) for name in batches[0]}


def limit_corpus(corpus: Corpus, outlets: Sequence[str] = (), start: str = "", end: str = "", stories: str = "as published") -> Corpus:
    """Narrow a corpus to some outlets and days, and to one article a story."""
    if stories not in STORIES:
        raise CorpusError(f"stories={stories!r}: no such way to count them. {name_choices(stories, STORIES)}")
    articles, name = corpus.articles, corpus.name
    known, ids = sorted(articles["outlet"].dropna().unique()), {label: id for id, label in corpus.outlets.items()}
    outlets = [ids.get(outlet, outlet) for outlet in outlets]
    unknown = [f"{name}: no outlet '{outlet}'. {name_choices(outlet, known, also=ids)}" for outlet in outlets if outlet not in known]
    raise_faults(unknown, CorpusError)
    first, last = _parse_day("start", start), _parse_day("end", end)
    if first and last and first > last:
        raise CorpusError(f"start {start} is after end {end}. Swap them.")
    kept = articles["outlet"].isin(outlets) if outlets else articles["article_id"].notna()
    kept &= (articles["published"] >= pd.Timestamp(first)) if first else True
    kept &= (articles["published"] < pd.Timestamp(last + timedelta(days=1))) if last else True
    told = {f"outlets {', '.join(outlets)}": outlets, f"from {first}": first, f"to {last}": last, "each story once": stories != STORIES[0]}
    said = ", ".join(filter(told.get, told))
    if not kept.any():
        days = articles.loc[articles["outlet"].isin(outlets) if outlets else slice(None), "published"].dropna()
        had = f"Its dates run from {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}." if len(days) else "None of its articles has a date."
        raise CorpusError(f"{name}: no article is left ({said}). {had}")
    if stories == "once per story":
        kept &= find_firsts(articles[kept]).reindex(articles.index, fill_value=False)
    return narrow_corpus(corpus, kept, said)


def _parse_day(which: str, written: str) -> date | None:
    """Read a limit of a period."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise CorpusError(f"{which} '{written}' is not a date. Write it as year-month-day: 2017-02-01.") from None


# Tables of a part of a corpus, a sketch of its lines, its flags; of each article the body by which stories are told, packed sentences.
_Part = tuple[Batch, Sketch, pd.DataFrame, list[tuple[Any, ...]]]


def _complete_part(batch: Batch, without: frozenset[str]) -> _Part:
    """Add to the tables of a part of a corpus what is known of all its articles together."""
    articles = batch["Articles"]
    sentences = _split(articles, without)
    return batch, sketch_lines(articles, sentences), tabulate_flags(flag_texts(articles)), _pack(articles, sentences)


def _pack(articles: pd.DataFrame, sentences: Sequence[Sequence[Row]]) -> list[tuple[Any, ...]]:
    """Hash the words of articles, and pack their sentences."""
    return [(*body, pack_rows(rows)) for body, rows in zip(hash_bodies(articles, sentences), sentences, strict=False)]


def _write_parquet(path: Path, parts: Iterable[_Part], without: frozenset[str], jobs: int | None = 1) -> None:
    """Write a corpus by parts, a row group of articles each, the other tables in the metadata.

    Learned boilerplate and stories need all articles, but not at once: texts wait in a draft, words and sentences in a file next to it.
    """
    schema = pa.Schema.from_pandas(make_table("Articles"), preserve_index=False)
    draft, others, sketches, flags = path.with_name("draft"), list[Batch](), list[Sketch](), list[pd.DataFrame]()
    with closing(sqlite3.connect(path.with_name("words"))) as words:
        words.executescript("PRAGMA page_size = 65536; CREATE TABLE words (hashes, runs, sentences, place INTEGER PRIMARY KEY)")
        keep, place = partial(words.executemany, "REPLACE INTO words VALUES (?, ?, ?, ?)"), count()
        with pq.ParquetWriter(draft, schema, compression="none", use_dictionary=False) as writer:
            for batch, sketch, flagged, packed in parts:
                others.append(batch)
                if len(articles := batch.pop("Articles")):
                    writer.write_table(pa.Table.from_pandas(articles, schema, preserve_index=False))
                    sketches.append(sketch)
                    flags.append(flagged)
                    keep((*kept, next(place)) for kept in packed)
        ends = np.cumsum([len(articles) for articles, _ in sketches])
        full = schema.append(pa.field("sentences", nest_rows([]).type))
        with pq.ParquetFile(draft, pre_buffer=False) as file, pq.ParquetWriter(path, full, write_page_checksum=True) as writer:

            @lru_cache(1)
            def read(part: int) -> pd.DataFrame:
                return check_table(file.read_row_group(part).to_pandas(), "Articles")

            def read_articles(places: Places) -> pd.DataFrame:
                part = int(np.searchsorted(ends, places[0], side="right"))
                return read(part).iloc[places - ends[part]]  # their places as counted from the end

            def read_body(at: int) -> Body:
                hashes, runs = words.execute("SELECT hashes, runs FROM words WHERE place = ?", (int(at),)).fetchone()
                return np.frombuffer(hashes, np.uint32), np.frombuffer(runs, np.uint32)

            def read_split(at: int) -> tuple[pd.DataFrame, list[list[Row]]]:
                return (article := read_articles(np.array([at]))), _split(article, without)

            learns = "learned boilerplate" not in without
            learned, holding = learn_boilerplate(sketches, read_split) if learns else (make_table("Learned"), ends[:0])
            sketches.clear()  # 200 bytes an article
            some = [places for places in np.split(holding, np.searchsorted(holding, ends)) if len(places)]
            again = map_parts(lambda one: _pack(one, _split(one, without, learned)), map(read_articles, some), jobs)
            for places, packed in zip(some, again, strict=True):
                keep((*kept, at) for kept, at in zip(packed, places.tolist(), strict=True))
            brief = file.read(["article_id", "published"]).to_pandas()
            brief["story"] = find_stories(brief, read_body)
            for part, stories in enumerate(np.split(brief["story"].to_numpy(), ends[:-1])):
                span = int(ends[part]) - len(stories), int(ends[part]) - 1
                own = words.execute("SELECT sentences FROM words WHERE place BETWEEN ? AND ? ORDER BY place", span)
                table = pa.Table.from_pandas(read(part).assign(story=stories), schema, preserve_index=False)
                writer.write_table(table.append_column("sentences", nest_rows([rows for (rows,) in own])))
            flagged = pd.concat([*flags, tabulate_flags(flag_dates(brief))]).sort_values(["article_id", "flag", "detail"])
            tables = {**_join(others), "Flags": flagged, "Learned": learned}
            written = {name: base64.b64encode(tables[name].to_parquet(index=False)).decode() for name in _BESIDE}
            kept = {"without": sorted(without), "code": hash_rooms("parsing"), "tables": written}
            writer.add_key_value_metadata({_MARK: json.dumps(kept).encode()})


def _is_corpus(path: Path | str) -> bool:
    """Whether a file is a corpus that Framebook wrote."""
    if PurePath(path).suffix.lower() == ".parquet":
        with suppress(pa.ArrowException, OSError, ValueError), open_file(path) as file:
            return _MARK in (pq.read_metadata(file).metadata or {})
    return False


class _Opened(NamedTuple):
    """The file of a corpus, as it was at a time: its tables but for articles and sentences, steps not taken, whether this code split it."""

    path: Path | str
    stamp: str
    metadata: Any  # pyarrow's
    tables: Tables
    without: frozenset[str]
    is_fresh: bool


@contextmanager
def _holding(path: Path | str, stamp: str) -> Iterator[None]:
    """Say that the file of a corpus is damaged, in whatever way that shows; or that somebody changed it, and with that nothing else."""
    damage: Exception | None = None
    try:
        yield
    except (OSError, ValueError, KeyError, TableError) as fault:
        damage = fault
    if stamp_file(path) != stamp:
        raise CorpusError(f"{path}: it changed while it was read. Run it again when nobody writes to it.") from damage
    if isinstance(damage, ConnectionError):
        raise damage
    if damage:
        how = f"Make it again: framebook corpus read … --out {path}"
        raise CorpusError(f"{path}: a corpus that cannot be read ({damage}). {how}") from damage


@lru_cache(1)  # of a large one the metadata take a second
def _open_parquet(path: Path | str, stamp: str) -> _Opened:
    """Open the file of a corpus, as it was at a time."""
    with _holding(path, stamp):
        with open_file(path) as file:
            metadata = pq.read_metadata(file)
        kept = json.loads(metadata.metadata[_MARK])
        packed = {name: io.BytesIO(base64.b64decode(content)) for name, content in kept["tables"].items()}
        tables = {name: check_table(pd.read_parquet(content), name) for name, content in packed.items()}
    return _Opened(path, stamp, metadata, tables, frozenset(kept["without"]), kept.get("code") == hash_rooms("parsing"))


def _read_columns(opened: _Opened, columns: Sequence[str] | None = None, part: int | None = None) -> Any:  # pyarrow's
    """Read columns of such a file, or of a part of it; all for none."""
    with _holding(opened.path, opened.stamp), open_file(opened.path) as source:
        with pq.ParquetFile(source, metadata=opened.metadata, pre_buffer=is_remote(opened.path), page_checksum_verification=True) as file:
            return file.read(columns) if part is None else file.read_row_group(part)


def _read_tables(opened: _Opened, without: frozenset[str], name: str, key: tuple[object, ...], table: Any = None) -> Tables:  # pyarrow's
    """Read the tables of such a file, or of a part of it, split as they were when it was written, where this code would do the same."""
    table = _read_columns(opened) if table is None else table
    with _holding(opened.path, opened.stamp):
        articles = check_table(table.select([column.name for column in TABLES["Articles"].columns]).to_pandas(), "Articles")
    split = partial(split_sentences, articles, boilerplate=opened.tables["Learned"], without=sorted(without))
    is_same = opened.is_fresh and without == opened.without
    made = {"Sentences": unnest_rows(table)} if is_same else find_kept(f"{name} sentences", key, lambda: {"Sentences": split()})
    return {**opened.tables, "Articles": articles, **made}
