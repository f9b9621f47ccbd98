"""Read articles from text files, folders of them, and CSV files."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pandas as pd

from toolkit.errors import CorpusError, name_choices
from toolkit.parsing.parts import find_dateline
from toolkit.parsing.repair import repair_text
from toolkit.parsing.words import count_words
from toolkit.tables import TABLES, make_table

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "headline": ("headline", "title"),
    "subtitle": ("subtitle", "standfirst", "deck"),
    "text": ("text", "body", "content", "article", "full_text", "fulltext", "article_text"),
    "published": ("published", "publish_date", "published_at", "pub_date", "date", "datetime"),
    "url": ("url", "link", "article_source_link"),
    "outlet": ("outlet", "source", "publisher", "publication", "newspaper", "medium"),
    "byline": ("byline", "author", "authors"),
}
"""What a column of a CSV file may mean, and the names by which it is known where none is mapped; the first that is there is taken."""

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
                     (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_HOST = re.compile(r"\w+://(?:[^/@\s]*@)?(?:www\.)?([^/:?#\s]+)")
_DATE = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?!\d)")
_DATE_AND_TIME = re.compile(_DATE.pattern + r"(?:[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
_LONGEST_HEADLINE = 160  # characters; the longest of the sample corpus has 133


@dataclass
class _Read:
    """What reading found: rows of Articles, Refused and Repairs, and the hashes of the articles so far."""

    articles: list[dict[str, object]] = field(default_factory=list)
    refused: list[tuple[str, int | None, str]] = field(default_factory=list)
    repairs: list[tuple[str, str, int]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def read_files(path: Path, columns: Mapping[str, str] | None, outlet: str | None) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read the articles of a text file, a folder of text files or a CSV file.

    Args:
        path: The file or folder.
        columns: For a CSV file, its column names by ours; None looks for the usual ones.
        outlet: Outlet of every article that names none.

    Returns:
        Articles (sorted by source), Refused and Repairs. Articles and refused inputs add up to what was found.

    Raises:
        CorpusError: When the path, or a column, is not there.

    Source: our choice.

    Example:
        >>> from importlib.resources import files
        >>> read_files(Path(str(files("toolkit.parsing") / "data" / "ukraine-korea.txt")), None, None)[0]["headline"].tolist()
        ['Ukraine Seeks Weapons Aid in South Korea Visit']
    """
    if path.is_dir():
        texts = sorted((file for file in path.rglob("*.txt") if file.is_file()), key=lambda file: file.relative_to(path).as_posix())
        if not texts:
            raise CorpusError(f"{path}: no .txt file in this folder. Give a folder of .txt files, a .txt or a .csv file.")
        return _tables(_read_texts([(file.relative_to(path).as_posix(), file.read_bytes()) for file in texts], outlet))
    if not path.is_file():
        raise CorpusError(f"{path}: there is no such file or folder. Give a folder of .txt files, a .txt or a .csv file.")
    return read_bytes(path.name, path.read_bytes(), columns, outlet)


def read_bytes(
    name: str, content: bytes, columns: Mapping[str, str] | None, outlet: str | None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    r"""Read the articles in the bytes of one text or CSV file; what it is, its name says.

    Args:
        name: Name of the file.
        content: Its bytes.
        columns: As in `read_files`.
        outlet: As in `read_files`.

    Returns:
        Articles, Refused and Repairs.

    Raises:
        CorpusError: When the file is of another kind, or lacks a column.

    Source: our choice.

    Example:
        >>> read_bytes("a.csv", b"title,text\nRain,It rains.\nSun,\n", None, None)[1]["reason"].tolist()
        ['no text']
    """
    kind = Path(name).suffix.lower()
    if kind == ".txt":
        return _tables(_read_texts([(name, content)], outlet))
    if kind == ".csv":
        return _tables(_read_csv(name, content, columns, outlet))
    raise CorpusError(
        f"{name}: {kind or 'a file without an ending'} cannot be read. Allowed: a folder of .txt files, .csv, .txt, .parquet."
    )


def _decode(content: bytes) -> str:
    """Decode bytes by byte order mark, else as UTF-8, else in the likeliest encoding; ValueError when none fits."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(content).best()
        if best is None:
            raise ValueError("in no known encoding") from None
        return str(best)


def _read_texts(texts: list[tuple[str, bytes]], outlet: str | None) -> _Read:
    """Read text files, each one article."""
    read = _Read()
    for name, content in texts:
        try:
            text = _decode(content)
        except ValueError:
            read.refused.append((name, None, "not text in any known encoding"))
            continue
        repaired, n_changes = repair_text(text)
        first, _, rest = repaired.partition("\n")
        is_headline = len(first) <= _LONGEST_HEADLINE and not re.search(r"""[.…]["'”’)]*\s*$""", first) and re.match(r"[^\S\n]*\n", rest)
        headline = first.strip() if is_headline else ""
        _add(read, (name, None), {"text": text, "outlet": outlet or ""}, headline, repaired, Counter(n_changes))
    return read


def _read_csv(name: str, content: bytes, columns: Mapping[str, str] | None, outlet: str | None) -> _Read:
    """Read a CSV file, one article a row."""
    try:
        lines = io.StringIO(_decode(content), newline="")
    except ValueError:
        raise CorpusError(f"{name}: not text in any known encoding. Save it as UTF-8.") from None
    csv.field_size_limit(2**31 - 1)  # the default refuses texts over 128 KiB
    header_line = lines.readline()
    delimiter = max(",;\t", key=header_line.count)
    header = next(csv.reader([header_line], delimiter=delimiter), [])
    places = {ours: header.index(theirs) for ours, theirs in _map_columns(name, header, columns).items()}
    read = _Read()
    for row_number, row in _rows(lines, delimiter):
        if len(row) != len(header):
            reason = "the row has another number of fields than the header: check its quotation marks and delimiters"
            read.refused.append((name, row_number, reason))
            continue
        raw = {ours: row[place] for ours, place in places.items()}
        n_changes: Counter[str] = Counter()
        repaired = {}
        for part in ("headline", "subtitle", "text", "byline"):
            repaired[part], changed = repair_text(raw.get(part, ""))
            n_changes.update(changed)
        headline = " ".join(repaired["headline"].split())
        text = "\n\n".join(piece for piece in (headline, repaired["subtitle"], repaired["text"]) if piece) if repaired["text"] else ""
        _add(read, (name, row_number), {"outlet": outlet or "", **raw, "byline": repaired["byline"]}, headline, text, n_changes)
    return read


def _rows(lines: io.StringIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows after the header, numbered from 1; an empty line is no row."""
    return enumerate((row for row in csv.reader(lines, delimiter=delimiter) if row), start=1)


def _map_columns(name: str, header: list[str], columns: Mapping[str, str] | None) -> Mapping[str, str]:
    """Find the file's name of each of our columns."""
    if columns is None:
        folded = {theirs.strip().lower(): theirs for theirs in reversed(header)}
        mapped = {ours: folded[usual] for ours, names in USUAL_NAMES.items() for usual in reversed(names) if usual in folded}
        if "text" not in mapped:
            usual = ", ".join(USUAL_NAMES["text"])
            raise CorpusError(f"{name}: no column holds the text. Found: {', '.join(header)}. Known names: {usual}. Map one: text=NAME.")
        return mapped
    faults = [f"{name}: '{ours}' is no column of ours. {name_choices(ours, USUAL_NAMES)}" for ours in columns if ours not in USUAL_NAMES]
    absent = [(ours, theirs) for ours, theirs in columns.items() if theirs not in header]
    faults += [f"{name}: no column '{theirs}' (our {ours}). {name_choices(theirs, header)}" for ours, theirs in absent]
    if "text" not in columns:
        faults.append(f"{name}: no column is mapped to 'text'. Found: {', '.join(header)}. Map one: text=NAME.")
    if faults:
        raise CorpusError("\n".join(faults))
    return columns


def _add(read: _Read, source: tuple[str, int | None], raw: Mapping[str, str], headline: str, text: str, n_changes: Counter[str]) -> None:
    """Add one input to what was read: an article, or a refusal."""
    if count_words(text) == 0:
        read.refused.append((*source, "no text"))
        return
    digest = hashlib.sha256(json.dumps([raw.get(name, "") for name in USUAL_NAMES]).encode()).hexdigest()
    if digest in read.seen:
        read.refused.append((*source, "the same in everything as an article already read"))
        return
    read.seen.add(digest)
    published, date_step = _parse_date(raw.get("published", ""))
    if date_step:
        n_changes[date_step] += 1
    url = raw.get("url", "").strip()
    host = _HOST.match(url)
    article_id = digest[:12]
    read.articles.append(
        {
            "article_id": article_id,
            "outlet": raw.get("outlet", "").strip() or (host[1].lower() if host else None),
            "published": published,
            "headline": headline or None,
            "byline": raw.get("byline") or None,
            "dateline": find_dateline(text, headline) or None,
            "text": text,
            "url": url or None,
            "source_path": source[0],
            "source_row": source[1],
            "n_words": count_words(text),
        }
    )
    read.repairs += [(article_id, step, n) for step, n in sorted(n_changes.items())]


def _parse_date(written: str) -> tuple[datetime | None, str]:
    """Read a date, dropping its time zone; and the repair step: "" if sound, "date" if only a day was found in it, else "date lost"."""
    if not written.strip():
        return None, ""
    whole, day = _DATE_AND_TIME.fullmatch(written), _DATE.search(written)
    for found, step in ((whole, ""), (day, "date")):
        try:
            if found is not None:
                return datetime(*(int(number) for number in found.groups() if number)), step  # type: ignore[arg-type]
        except ValueError:  # a 31 February
            continue
    return None, "date lost"


def _tables(read: _Read) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make the tables of what was read."""
    found = (("Articles", [tuple(row.values()) for row in read.articles]), ("Refused", read.refused), ("Repairs", sorted(read.repairs)))
    articles, refused, repairs = (
        make_table(name, {column.name: [row[place] for row in rows] for place, column in enumerate(TABLES[name].columns)})
        for name, rows in found
    )
    return articles, refused, repairs
