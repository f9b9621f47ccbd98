"""Read files and folders of any format into batches of Articles, Refused, Repairs and Origins: one way in, for memory and for disk."""

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.errors import CorpusError, name_choices, raise_faults
from toolkit.parsing.archives import is_hidden
from toolkit.parsing.dates import ORDERS, read_date
from toolkit.parsing.formats import FORMATS, Found, read_source
from toolkit.parsing.parallel import map_parts
from toolkit.parsing.parts import cut_suffix, find_cues, find_dateline, split_paragraphs
from toolkit.parsing.quotations import find_quotations
from toolkit.parsing.repair import join_words, list_words, repair_text
from toolkit.parsing.rows import USUAL_NAMES
from toolkit.parsing.sources import AGAIN, NO_TEXT, Options, Raw, RawArticle, RawRefusal, Source, name_encoding
from toolkit.parsing.store import resume_part
from toolkit.parsing.summaries import DATED, Summary, add_summary, count_article
from toolkit.parsing.words import blank_between, count_words
from toolkit.tables import TABLES, make_table, read_data, read_limits, read_pattern

Batch = dict[str, pd.DataFrame]  # tables Articles, Refused, Repairs and Origins, by name

_BATCH_ARTICLES, _BATCH_CHARACTERS, _LONGEST_ARTICLE, _LONGEST_OUTLET, _LONGEST_HEADLINE = read_limits("files")
_HOST, _DATE_AND_TIME, _UNPRINTABLE, _SURROGATE = map(read_pattern, ("host", "date and time", "unprintable", "half a character"))

_Rows = dict[str, list[dict[str, object]]]  # of the tables of a batch, by their names
_Input = tuple[str, str, Raw, str, bool]  # path, format, article or refusal, id, whether it was read before


def list_files(path: Path, out: Path | None = None) -> list[tuple[str, Path]]:
    """List the files that would be read: a file itself, or all below a folder that are not hidden.

    Args:
        path: A file or folder.
        out: A file that is no input: the one that is being written.

    Returns:
        Name, relative to the folder, and path of each, sorted by name. Links to folders are not followed. Only a link to a file outside
        the folder is listed as the link that it is: it is not to be read.

    Example:
        >>> from importlib.resources import files
        >>> [name for name, _ in list_files(Path(str(files("toolkit.parsing") / "data"))) if name.endswith("korea.txt")]
        ['ukraine-korea.txt']
    """
    if path.is_file():
        return [(path.name, path.resolve())]
    written, inside = out and out.resolve(), path.resolve()
    files = [Path(folder) / name for folder, _, names in os.walk(path) for name in names]
    named = [(file.relative_to(path), file) for file in files if (file.is_file() or file.is_symlink()) and file.resolve() != written]
    paths = ((name, file.resolve() if file.resolve().is_relative_to(inside) else file) for name, file in named if not is_hidden(name.parts))
    return sorted((name.as_posix(), file) for name, file in paths)


def _check_options(options: Options) -> re.Pattern[str] | None:
    """Hold what a user says about files to what there is, before any work; the pattern of their names."""
    wrong, encoding = [ours for ours in options.columns or () if ours not in USUAL_NAMES], options.encoding
    faults = [f"'{ours}' is not one of our columns. {name_choices(ours, USUAL_NAMES)}" for ours in wrong]
    told = ("format", options.format, FORMATS), ("order of dates", options.dates, ORDERS), ("quoting", options.quoting, ("minimal", "none"))
    faults += [f"No {what} '{value}'. {name_choices(value, known)}" for what, value, known in told if value not in ("", *known)]
    faults += [f"No delimiter '{options.delimiter}'. Name one sign, such as ; or a tab."] * (len(options.delimiter) > 1)
    if encoding and not name_encoding(encoding):
        faults.append(f"No encoding '{encoding}'. Name one that Python knows, such as utf-8, cp1252, gb18030.")
    raise_faults(faults, CorpusError)
    return _compile_pattern(options.name_pattern)


def read_files(
    files: Iterable[tuple[str, Path]], options: Options, summary: Summary, advance: Callable[[int], object] = lambda _: None
) -> Iterator[Found]:
    """Open one file after the other and read it.

    Args:
        files: Name and path of each.
        options: What the user says about them.
        summary: What was guessed is added to it.
        advance: Called with the bytes read since it was called last.

    Yields:
        Path, format and article or refusal.

    Example:
        >>> from toolkit.parsing import fetch_corpus
        >>> [kind for _, kind, _ in read_files(list_files(fetch_corpus("ukraine-korea")), Options(), Summary())]
        ['text']
    """
    for name, file in files:
        done = 0
        if file.is_symlink():
            yield name, "unknown", RawRefusal(None, read_data("layouts")["outside"])
            continue
        try:
            with file.open("rb") as stream:
                for number, found in enumerate(read_source(Source(name, stream, options, summary.notes))):
                    yield found
                    if number % 100 == 0 and not stream.closed:
                        advance(max(0, stream.tell() - done))
                        done = max(done, stream.tell())
            advance(file.stat().st_size - done)
        except OSError as fault:
            yield name, "unknown", RawRefusal(None, f"cannot be opened: {fault.strerror}")


def collect_batches(
    inputs: Iterable[Found], options: Options, summary: Summary, jobs: int | None = 1, finish: Callable[[Batch], Any] = dict, run: str = ""
) -> Iterator[Any]:  # as `finish` has it
    """Collect what readers yield into tables, a batch at a time, in memory that does not grow with them.

    Args:
        inputs: Path, format and article or refusal of each.
        options: What the user says about them.
        summary: What was found is added to it.
        jobs: How many processes repair the texts; None for one a core.
        finish: What else these processes do with a batch.
        run: The name of a run that goes on where it was stopped; "" for one that begins anew.

    Yields:
        What `finish` made of the tables of some thousand inputs, in reading order. Articles and refused inputs add up to what was found;
        an article that was read before is refused.

    Raises:
        CorpusError: When an option is wrong; before anything is read.

    Example:
        >>> inputs = [("a.txt", "text", RawArticle(None, {"text": "It rains."}))]
        >>> [batch["Articles"]["n_words"].tolist() for batch in collect_batches(inputs, Options(), Summary())]
        [[2]]
    """
    pattern = _check_options(options)

    def cut() -> Iterator[list[_Input]]:
        listed, n_characters = list[_Input](), 0
        seen: set[str] = set()  # ids; another article has the same once in 280 billion pairs
        for path, kind, raw in inputs:
            path, article_id = _UNPRINTABLE.sub("\ufffd", path), ""
            if isinstance(raw, RawArticle):
                raw = _complete(raw, path, pattern, options.outlet, summary)
                n_characters += sum(map(len, raw.fields.values()))
                article_id = hashlib.sha256(json.dumps([raw.fields[name] for name in USUAL_NAMES]).encode()).hexdigest()[:12]
            listed.append((path, kind, raw, article_id, article_id in seen))
            seen.add(article_id)
            if len(listed) >= _BATCH_ARTICLES or n_characters > _BATCH_CHARACTERS:
                yield listed
                listed, n_characters = [], 0
        yield listed
        noted = {kind for kind, _ in summary.notes}
        for option in [name for name, kind in read_data("layouts")["needs"].items() if getattr(options, name) and kind not in noted]:
            summary.notes["doubt", read_data("layouts")["doubts"][f"not used: {option}"]] += 1

    work = partial(_make_batch, without=options.without, finish=finish)
    for made, found in map_parts(partial(resume_part, work=work, run=run) if run else work, cut(), jobs):
        add_summary(summary, found)
        yield made


def _make_batch(inputs: list[_Input], without: Collection[str], finish: Callable[[Batch], Any]) -> tuple[Any, Summary]:
    """Make the tables of a batch, and say what was found in it."""
    for cached in (split_paragraphs, find_quotations, find_cues, blank_between):  # texts of other batches
        cached.cache_clear()
    rows: _Rows = {name: [] for name in ("Articles", "Refused", "Repairs", "Origins")}
    summary = Summary()
    known = list_words([one[2].fields["text"] for one in inputs if isinstance(one[2], RawArticle) and "broken words" not in without])
    for path, kind, raw, article_id, is_again in inputs:
        reason = _SURROGATE.sub("\ufffd", _add(rows, path, raw, article_id, is_again, without, known))
        summary.n_inputs[kind, "refused" if reason else "read"] += 1
        summary.files[path][reason or "read"] += 1
        if isinstance(raw, RawArticle) and not reason:
            count_article(summary, path, kind, raw, rows["Articles"][-1])
        else:
            summary.reasons[reason] += 1
            rows["Refused"].append({"source_path": path, "source_row": raw.row, "reason": reason})
    summary.repairs.update(str(row["step"]) for row in rows["Repairs"])
    guesses = (row for row in rows["Origins"] if row["confidence"] != "stated")
    summary.notes.update(("guess", f"{row['field']}, {row['confidence']}: {row['method']}") for row in guesses)
    tables = {name: make_table(name, {one.name: [row[one.name] for row in rows[name]] for one in TABLES[name].columns}) for name in rows}
    return finish(tables), summary


def _compile_pattern(pattern: str) -> re.Pattern[str] | None:
    """Compile a pattern of file names: each field goes to the next literal. None for none."""
    fields, known = re.findall(r"\{(\w+)\}", pattern), sorted({"_", *USUAL_NAMES} - {"text"})
    faults = [f"'{name}' is not a field. {name_choices(name, known)}" for name in fields if name not in known]
    if pattern and (not fields or "}{" in pattern or any(fields.count(name) > 1 for name in known[1:])):
        faults.append("write {outlet}_{published}_{headline}: each field once, something between two, and {_} for parts to ignore.")
    raise_faults([f"--name-pattern {pattern}: {fault}" for fault in faults], CorpusError)
    groups = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+?)", re.escape(pattern)).replace("(?P<_>", "(?:")
    groups = groups.replace("(?P<published>", f"(?P<published>{DATED.pattern}|")  # which holds what may part fields
    return re.compile(rf"(?:.*/)?{groups}(?:\.[^./]*)?") if pattern else None


def _complete(raw: RawArticle, path: str, pattern: re.Pattern[str] | None, outlet: str | None, summary: Summary) -> RawArticle:
    """Add what is known of a file: by its name, which counts before its content; the outlet given; empty fields."""
    fields, origins = dict(raw.fields), dict(raw.origins)
    if pattern and raw.row is None:
        named = pattern.fullmatch(path)
        summary.notes["name", "the file's name does not fit the pattern"] += named is None
        fields |= named.groupdict() if named else {}
        origins |= dict.fromkeys(named.groupdict() if named else (), ("file name", "stated"))
    fields |= {"outlet": outlet} if outlet and not fields.get("outlet", "").strip() else {}
    filled = {name: text if (text := fields.get(name, "")).isascii() else _SURROGATE.sub("\ufffd", text) for name in USUAL_NAMES}
    return RawArticle(raw.row, fields | filled, origins)


def _add(rows: _Rows, path: str, raw: Raw, article_id: str, is_again: bool, without: Collection[str], known: Collection[str]) -> str:
    """Add one article to the rows, or say why not."""
    if isinstance(raw, RawRefusal):
        return raw.reason
    fields = raw.fields
    if sum(len(fields[name]) for name in USUAL_NAMES) > _LONGEST_ARTICLE:
        return f"over {_LONGEST_ARTICLE:,} characters in one article: if they are several, split them, or give a table with one a row"
    if len(fields["outlet"].strip()) > _LONGEST_OUTLET:
        return f"its outlet has over {_LONGEST_OUTLET} characters: name the column that holds the outlet (--column outlet=NAME)"
    text, headline, byline, outlet, n_changes = _repair(raw, without, known)
    n_words = count_words(text)
    if n_words == 0 or is_again:
        return AGAIN if n_words else NO_TEXT
    origins = {ours: origin for ours, origin in raw.origins.items() if fields.get(ours)}
    published, date_step = _parse_date(fields["published"])
    n_changes.update([date_step] if date_step else [])
    url = fields["url"].strip()
    if host := _HOST.match(outlet or url):  # scrapers write addresses into the column of the source, too
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


def _repair(raw: RawArticle, without: Collection[str], known: Collection[str]) -> tuple[str, str, str, str, Counter[str]]:
    """Repair the parts of an article: its text with the headline first, headline, byline, outlet, and the number of places changed by step.

    Where a file is the article and names no headline, its first line is one if it looks so.
    """
    n_changes, repaired = Counter[str](), dict[str, str]()
    for part in ("headline", "subtitle", "text", "byline", "outlet"):
        repaired[part], changed = repair_text(raw.fields[part], without=without)
        n_changes.update(changed)
    repaired["text"], n_changes["broken words"] = join_words(repaired["text"], known)
    headline = " ".join(repaired["headline"].split())
    pieces = headline, repaired["subtitle"], repaired["text"]
    text = "\n\n".join(filter(None, pieces)) if pieces[2] and any(map(str.isalnum, pieces[1] + pieces[2])) else ""
    if raw.row is None and not headline:
        first, _, rest = text.partition("\n")
        is_headline = len(first) <= _LONGEST_HEADLINE and not re.search(r"""[.…]["'”’)]*\s*$""", first) and re.match(r"[^\S\n]*\n", rest)
        headline = first.strip() if is_headline else ""
    byline = repaired["byline"] * any(map(str.isalpha, repaired["byline"]))  # a number is that of an account
    return text, headline, byline, repaired["outlet"], +n_changes


def _parse_date(written: str) -> tuple[datetime | None, str]:
    """Read a date, dropping its time zone; and the repair step: "" if sound, "date" if only the day was taken, else "date lost"."""
    if not written.strip():
        return None, ""
    found, is_whole = read_date(written), _DATE_AND_TIME.fullmatch(written) is not None
    return (datetime.fromisoformat(found if is_whole else found[:10]), "" if is_whole else "date") if found else (None, "date lost")
