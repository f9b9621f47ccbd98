"""Read files and folders of any format into batches of Articles, Refused, Repairs and Origins: one way in, for memory and for disk."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

import pandas as pd

from toolkit.errors import CorpusError, name_choices
from toolkit.parsing.archives import is_hidden
from toolkit.parsing.dates import read_date
from toolkit.parsing.formats import FORMATS, Raw, find_format, read_source
from toolkit.parsing.parts import cut_suffix, find_dateline
from toolkit.parsing.raw import AGAIN, NO_TEXT, RawArticle, RawRefusal
from toolkit.parsing.repair import repair_text
from toolkit.parsing.rows import USUAL_NAMES, check_columns, read_metadata, write_cell
from toolkit.parsing.sources import Options, Source
from toolkit.parsing.steps import check_steps
from toolkit.parsing.summaries import Summary
from toolkit.parsing.words import count_words
from toolkit.tables import TABLES, make_table

BATCH_TABLES = ("Articles", "Refused", "Repairs", "Origins")
"""The tables of a batch, in order."""
Batch = tuple[pd.DataFrame, ...]

_BATCH_ARTICLES = 2000  # a row group; with `_BATCH_CHARACTERS`, some 100 MB in memory while it is written
_BATCH_CHARACTERS = 8_000_000
_HOST = re.compile(r"\w+://(?:[^/@\s]*@)?(?:www\.)?([^/:?#\s]+)")
_DATE_AND_TIME = re.compile(r"\d{4}[/-]\d{1,2}[/-]\d{1,2}(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
_MOST_REASONS = 1000  # told apart in the summary; a reason may quote its file, and there may be millions of files
_LONGEST_ARTICLE = 1_000_000  # characters, 400 pages of a book; the longest reportages have 200,000, and hostile ones must not take minutes
_LONGEST_HEADLINE = 160  # characters; the longest of the sample corpus has 133
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: JSON can say it, UTF-8 cannot


_Rows = dict[str, list[dict[str, object]]]  # of the tables of a batch, by their names


def list_files(path: Path, skip: Iterable[Path] = ()) -> list[tuple[str, Path]]:
    """List the files that would be read: a file itself, or all below a folder that are not hidden.

    Args:
        path: A file or folder.
        skip: Files that are no input.

    Returns:
        Name, relative to the folder, and path of each, sorted by name; links to folders are not followed.

    Raises:
        CorpusError: When there is nothing.

    Example:
        >>> from importlib.resources import files
        >>> [name for name, _ in list_files(Path(str(files("toolkit.parsing") / "data"))) if name.endswith(".txt")]
        ['ukraine-korea.txt']
    """
    if path.is_file():
        return [(path.name, path)]
    if not path.is_dir():
        raise CorpusError(f"{path}: there is no such file or folder. Give a file or a folder in any of the formats: {', '.join(FORMATS)}.")
    skipped = {file.resolve() for file in skip}
    files = [Path(folder) / name for folder, _, names in os.walk(path) for name in names]
    named = [(file.relative_to(path), file) for file in files if file.is_file() and file.resolve() not in skipped]
    return sorted((name.as_posix(), file) for name, file in named if not is_hidden(name.parts))


def check_options(options: Options) -> None:
    """Hold what a user says about files to what there is, before any work.

    Raises:
        CorpusError: Says what is allowed.
    """
    check_columns(options.columns)
    check_steps(options.without)
    if options.format and options.format not in FORMATS:
        raise CorpusError(f"No format '{options.format}'. {name_choices(options.format, FORMATS)}")
    try:
        codecs.lookup(options.encoding or "utf-8")
    except LookupError:
        raise CorpusError(f"No encoding '{options.encoding}'. Name one that Python knows, such as utf-8, cp1252, gb18030.") from None
    _compile_pattern(options.name_pattern)


def read_batches(
    paths: Sequence[Path], options: Options, summary: Summary, *, advance: Callable[[int], object] = lambda _: None
) -> Iterator[Batch]:
    """Read files and folders of any format, a batch at a time, in memory that does not grow with them.

    Args:
        paths: Files and folders.
        options: What the user says about them.
        summary: What was found is added to it.
        advance: Called with the bytes read since it was called last.

    Yields:
        Articles, Refused, Repairs and Origins of some thousand inputs, in reading order. Articles and refused inputs add up to what was
        found; an article that was read before is refused.

    Raises:
        CorpusError: When a path is not there or an option is wrong; before anything is read.

    Example:
        >>> from toolkit.parsing import fetch_corpus
        >>> [batch[0]["headline"].tolist() for batch in read_batches([fetch_corpus("ukraine-korea")], Options(), Summary())]
        [['Ukraine Seeks Weapons Aid in South Korea Visit']]
    """
    check_options(options)
    skip = {*options.skip, *([Path(options.metadata)] if options.metadata is not None else [])}
    files = [named for path in paths for named in list_files(path, skip)]
    yield from _collect(_read_opened(files, options, summary, advance), options, summary)


def read_stream(name: str, stream: IO[bytes], options: Options, summary: Summary) -> Iterator[Batch]:
    """Read one open file, as `read_batches` does."""
    return _collect(read_source(Source(name, stream, options, summary.notes)), options, summary)


def read_rows(rows: Iterable[Mapping[str, object]], options: Options, summary: Summary) -> Iterator[Batch]:
    """Read articles that are records already, as `read_batches` does.

    Args:
        rows: Records by our names (headline, subtitle, text, published, url, outlet, byline); None, NaN and NA are no value.
        options: As for files; what says where things are in files is of no use here.
        summary: What was found is added to it.

    Yields:
        As `read_batches`; records are numbered from 1, and `source_path` is "dataframe".

    Raises:
        CorpusError: When an option is wrong; before anything is read.

    Example:
        >>> batches = read_rows([{"text": "It rains.", "published": pd.Timestamp("2017-02-07"), "byline": None}], Options(), Summary())
        >>> [batch[0][["published", "text", "n_words"]].astype(str).values.tolist() for batch in batches]
        [[['2017-02-07', 'It rains.', '2']]]
    """
    check_options(options)
    fields = ({name: write_cell(value, "\n\n" if name == "text" else ", ") for name, value in row.items()} for row in rows)
    raws = (RawArticle(number, found) for number, found in enumerate(fields, start=1))
    yield from _collect((("dataframe", "dataframe", raw) for raw in raws), options, summary)


def _read_opened(
    files: Sequence[tuple[str, Path]], options: Options, summary: Summary, advance: Callable[[int], object]
) -> Iterator[tuple[str, str, Raw]]:
    """Open one file after the other and read it."""
    for name, file in files:
        done = 0
        try:
            with file.open("rb") as stream:
                for number, found in enumerate(read_source(Source(name, stream, options, summary.notes))):
                    yield found
                    if number % 100 == 0 and not stream.closed:
                        advance(max(0, stream.tell() - done))
                        done = max(done, stream.tell())
        except OSError as fault:
            yield name, "unknown", RawRefusal(None, f"cannot be opened: {fault.strerror}")
        else:
            advance(file.stat().st_size - done)


def _collect(inputs: Iterable[tuple[str, str, Raw]], options: Options, summary: Summary) -> Iterator[Batch]:
    """Collect what readers yield into batches."""
    rows: _Rows = {name: [] for name in BATCH_TABLES}
    seen: set[str] = set()  # ids
    pattern, listed = _compile_pattern(options.name_pattern), _list_metadata(options)
    unused, n_characters = dict.fromkeys(listed), 0
    for path, kind, raw in inputs:
        path = _UNPRINTABLE.sub("\ufffd", path)
        if isinstance(raw, RawArticle):
            key = next((key for key in (path, Path(path).name, Path(path).stem) if key in listed), "")
            unused.pop(key, None)
            named = pattern.fullmatch(path) if pattern and raw.row is None else None
            summary.notes["name", "the file's name does not fit the pattern"] += pattern is not None and raw.row is None and named is None
            known = _complete(raw, named.groupdict() if named else {}, listed.get(key, {}), options.outlet)
            reason = _add(rows, seen, path, known, options.without)
            n_characters += sum(map(len, known.fields.values()))
        else:
            reason = _SURROGATE.sub("\ufffd", raw.reason)
        _tally(rows, summary, (path, kind, raw.row), reason)
        if len(rows["Articles"]) + len(rows["Refused"]) >= _BATCH_ARTICLES or n_characters > _BATCH_CHARACTERS:
            yield _make_tables(rows, summary)
            n_characters = 0
    for name in unused:
        _tally(rows, summary, (Path(str(options.metadata)).name, "metadata", None), f"no file '{name[:80]}', which it names, was read")
    yield _make_tables(rows, summary)


def _tally(rows: _Rows, summary: Summary, source: tuple[str, str, int | None], reason: str) -> None:
    """Count one input, and refuse it if there is a reason."""
    path, kind, row = source
    summary.n_inputs[kind, "refused" if reason else "read"] += 1
    if reason:
        summary.reasons[reason if reason in summary.reasons or len(summary.reasons) < _MOST_REASONS else "other reasons"] += 1
        rows["Refused"].append({"source_path": path, "source_row": row, "reason": reason})


def _list_metadata(options: Options) -> dict[str, dict[str, str]]:
    """What the table beside the texts says, by file name."""
    if options.metadata is None:
        return {}
    path = Path(options.metadata)
    if not path.is_file():
        raise CorpusError(f"{path}: there is no such file. Give a table (CSV, XLSX, JSON) with one row a file name.")
    with path.open("rb") as stream:
        source = Source(path.name, stream)
        return read_metadata(source, find_format(source))


def _compile_pattern(pattern: str) -> re.Pattern[str] | None:
    """Compile a pattern of file names, matched without going back: each field goes to the next literal. None for none."""
    pieces = re.split(r"\{(\w+)\}", pattern)
    fields, known = pieces[1::2], sorted({"_", *USUAL_NAMES} - {"text"})
    faults = [f"'{name}' is not a field. {name_choices(name, known)}" for name in fields if name not in known]
    faults += [f"'{name}' appears twice. Write {{_}} for one of them." for name in known[1:] if fields.count(name) > 1]
    if pattern and not fields:
        faults.append("it has no field. Write {outlet}_{published}_{headline}, and {_} for parts to ignore.")
    if "" in pieces[2:-1:2]:
        faults.append("two fields touch, so they cannot be told apart. Put what separates them between them.")
    if faults:
        raise CorpusError("\n".join(f"--name-pattern {pattern}: {fault}" for fault in faults))
    if not pattern:
        return None
    groups = ("[^/]+?" if name == "_" else f"(?P<{name}>[^/]+?)" for name in fields)
    ends = [*(re.escape(piece) for piece in pieces[2:-1:2]), re.escape(pieces[-1]) + r"(?:\.[^./]*)?\Z"]
    steps = (f"(?>{group}{end})" for group, end in zip(groups, ends, strict=True))
    return re.compile(rf"(?:.*/)?{re.escape(pieces[0])}{''.join(steps)}")


def _complete(raw: RawArticle, named: Mapping[str, str], listed: Mapping[str, str], outlet: str | None) -> RawArticle:
    """Add what is known beside a file: of a file that is one article it counts before what was found in it, of others after."""
    known = {ours: value for ours, value in {**named, **listed}.items() if value}
    own = {ours: value for ours, value in raw.fields.items() if value}
    fields = {**own, **known} if raw.row is None else {**known, **own}
    origins = {ours: origin for ours, origin in raw.origins.items() if fields.get(ours) == own.get(ours)}
    origins |= {ours: ("file name", "stated") for ours, value in named.items() if fields.get(ours) == value and ours not in listed}
    if outlet and not fields.get("outlet", "").strip():
        fields["outlet"] = outlet
    return RawArticle(raw.row, fields, origins)


def _add(rows: _Rows, seen: set[str], path: str, raw: RawArticle, without: Collection[str]) -> str:
    """Add one article to the rows, or say why not."""
    fields = {name: _SURROGATE.sub("\ufffd", raw.fields.get(name, "")) for name in USUAL_NAMES}
    if sum(map(len, fields.values())) > _LONGEST_ARTICLE:
        return f"over {_LONGEST_ARTICLE:,} characters in one article: if they are several, split them, or give a table with one a row"
    text, headline, byline, n_changes = _repair(fields, is_file=raw.row is None, without=without)
    n_words = count_words(text)
    if n_words == 0:
        return NO_TEXT
    article_id = hashlib.sha256(json.dumps(list(fields.values())).encode()).hexdigest()[:12]
    if article_id in seen:  # another article has the same id once in 280 billion pairs
        return AGAIN
    seen.add(article_id)
    origins = {ours: origin for ours, origin in raw.origins.items() if fields.get(ours)}
    published, date_step = _parse_date(fields["published"])
    n_changes.update([date_step] if date_step else [])
    url, outlet = fields["url"].strip(), fields["outlet"].strip()
    if not outlet and (host := _HOST.match(url)):
        outlet, origins["outlet"] = host[1].lower(), ("address", "likely")
    headline = headline if "outlet suffix" in without else cut_suffix(headline, outlet)
    if headline and not fields["headline"]:
        origins["headline"] = ("first line", "likely")
    dateline = raw.fields.get("dateline", "").strip() or find_dateline(text, headline)
    article: dict[str, object] = {
        "article_id": article_id, "outlet": outlet, "published": published, "headline": headline, "byline": byline, "dateline": dateline,
        "text": text, "url": url, "source_path": path, "source_row": raw.row, "n_words": n_words, "story": article_id,
    }  # fmt: skip  # `story` until others are known
    rows["Articles"].append({name: None if value == "" else value for name, value in article.items()})
    rows["Repairs"] += [{"article_id": article_id, "step": step, "n_changes": n} for step, n in sorted(n_changes.items())]
    for ours, (method, confidence) in sorted(origins.items()):
        rows["Origins"].append({"article_id": article_id, "field": ours, "method": method, "confidence": confidence})
    return ""


def _repair(fields: Mapping[str, str], *, is_file: bool, without: Collection[str]) -> tuple[str, str, str, Counter[str]]:
    """Repair the parts of an article: its text with the headline first, headline, byline, and the number of places changed by step.

    Where a file is the article and names no headline, its first line is one if it looks so.
    """
    n_changes: Counter[str] = Counter()
    repaired = {}
    for part in ("headline", "subtitle", "text", "byline"):
        repaired[part], changed = repair_text(fields[part], without=without)
        n_changes.update(changed)
    headline = " ".join(repaired["headline"].split())
    text = "\n\n".join(piece for piece in (headline, repaired["subtitle"], repaired["text"]) if piece) if repaired["text"] else ""
    if is_file and not headline:
        first, _, rest = text.partition("\n")
        is_headline = len(first) <= _LONGEST_HEADLINE and not re.search(r"""[.…]["'”’)]*\s*$""", first) and re.match(r"[^\S\n]*\n", rest)
        headline = first.strip() if is_headline else ""
    return text, headline, repaired["byline"], n_changes


def _parse_date(written: str) -> tuple[datetime | None, str]:
    """Read a date, dropping its time zone; and the repair step: "" if sound, "date" if only the day was taken, else "date lost"."""
    if not written.strip():
        return None, ""
    found, is_whole = read_date(written), _DATE_AND_TIME.fullmatch(written) is not None
    if not found:
        return None, "date lost"
    return datetime.fromisoformat(found if is_whole else found[:10]), "" if is_whole else "date"


def _make_tables(rows: _Rows, summary: Summary) -> Batch:
    """Make the tables of a batch, and empty its rows."""
    summary.repairs.update(str(row["step"]) for row in rows["Repairs"])
    tables = tuple(make_table(name, pd.DataFrame(rows[name], columns=[one.name for one in TABLES[name].columns])) for name in rows)
    for listed in rows.values():
        listed.clear()
    return tables
