"""Labels in files: keystrokes as JSON Lines, one flat table for people without Jupyter, and what other programs and people made."""

import io
import json
import os
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd

from toolkit.codebooks import Codebook, read_codebook
from toolkit.coding.records import KEYS, Labels
from toolkit.counting.mentions import Book, Ids
from toolkit.errors import ToolkitError
from toolkit.markup import write_csv
from toolkit.parsing.archives import DAMAGE
from toolkit.parsing.corpus import Corpus, cut_texts, is_searched
from toolkit.parsing.rows import ROWS, find_columns
from toolkit.parsing.sources import Options, Source
from toolkit.tables import check_record, make_table, read_data

PLACE = [*KEYS, "entry"]
_FOREIGN = read_data("foreign", "coding")
_ANSWERS = {word: answer for answer, words in _FOREIGN["answers"].items() for word in words}
_UNSEEN = re.compile(r"(?:The|What the) words cannot[^.]*\.\s*")  # of a meaning: it is about the machine, and nothing to a coder
_WHEN = re.compile(rb"20\d\d-\d\d-\d\dT[\d:]{8}Z")  # a workbook says when it was written: bytes would differ
_SEVERAL, _TWO = "several sentences have this text: add article_id and sentence", "number and text are those of two sentences"

Row = Mapping[str, Any]
Paths = str | Path | Sequence[str | Path]


def add_lines(path: Path, rows: Sequence[Row]) -> None:
    """Add lines to a file of JSON Lines, and come back when they are on the disk.

    All go out in one write at the end of the file, so that two coders may share it. A line that a kill has cut off is closed first: it
    alone is lost.
    """
    with path.open("ab+") as file:
        is_cut = file.tell() > 0 and file.seek(-1, os.SEEK_END) >= 0 and file.read(1) != b"\n"
        file.write(("\n" * is_cut + "".join(f"{json.dumps(row)}\n" for row in rows)).encode())
        file.flush()
        os.fsync(file.fileno())


def read_lines(path: Path) -> Iterator[Row]:
    """Read JSON Lines, or a list in JSON: what each holds; of a damaged line, what is wrong with it, in `damage`.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     _ = (Path(folder) / "a.jsonl").write_text('{"label": "yes"}' + chr(10) + '{"label": "n')
        ...     list(read_lines(Path(folder) / "a.jsonl"))
        [{'label': 'yes'}, {'damage': 'line 2 is cut off or damaged'}]
    """
    text = path.read_text("utf-8-sig", "replace")
    for number, line in enumerate([text] if text.startswith("[") else text.split("\n"), start=1):
        try:
            value = json.loads(line or "[]")
        except (ValueError, RecursionError):
            value = ""
        for row in value if isinstance(value, list) else [value]:
            yield row if isinstance(row, dict) else {"damage": f"line {number} is cut off or damaged"}


def list_questions(labels: Labels) -> pd.DataFrame:
    """List what coders are asked: article_id, sentence, start, entry, question, meaning, text, before, after; a row per answer."""
    spans, book = labels.corpus.spans, labels.codebook
    spans = spans[is_searched(spans)].sort_values(KEYS, ignore_index=True)
    texts = spans[KEYS].assign(text=cut_texts(labels.corpus.articles, spans))
    near = texts.groupby("article_id")["text"]
    texts = texts.assign(before=near.shift(1).fillna(""), after=near.shift(-1).fillna(""))
    asked = [(f"Does the sentence hold this: {book.labels[id]}?", _UNSEEN.sub("", book.entry(id).meaning).strip()) for id in labels.entries]
    entries = pd.DataFrame(asked, columns=["question", "meaning"]).assign(entry=labels.entries)
    return labels.sample[[*KEYS, "start"]].merge(entries, how="cross").merge(texts, on=KEYS)


def write_labels(labels: Labels, path: str | Path, *, texts: bool = True) -> None:
    """Write a flat table: one row for each sentence, entry and coder. Who gets it fills in `label` (yes, no, unsure) and sends it back.

    `read_labels` reads it. Where nobody has coded, `coder` is empty: whoever fills it in is called as the file is, unless the column
    says otherwise. No cell can run as a formula. `stratum` and `probability` come last, since they betray what the machine found: hide
    these two columns from a coder, but keep them.

    Args:
        labels: The labels.
        path: Where to: a workbook where the name ends with .xlsx, else CSV. Equal labels give equal bytes.
        texts: Whether to write the sentences, with the one before and the one after; without them the table can be published where the
            texts cannot.

    Raises:
        TableError: When the argument is not Labels.

    Source: OWASP on CSV injection: a cell that begins with = + - @ gets an apostrophe before it, which `read_labels` takes away.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from toolkit import find_mentions, read_corpus, sample_sentences
        >>> drawn = sample_sentences(find_mentions(read_corpus("ukraine-korea"), "language", "loaded-words"), n=6)
        >>> with TemporaryDirectory() as folder:
        ...     write_labels(drawn, Path(folder) / "for-anna.csv", texts=False)
        ...     print((Path(folder) / "for-anna.csv").read_text().partition(chr(10))[0])
        article_id,sentence,start,end,entry,question,meaning,coder,label,note,stratum,probability
    """
    check_record(labels, Labels, "write_labels")
    sample = labels.sample.assign(probability=labels.sample["probability"].map(repr).replace("nan", ""))  # all its digits
    asked = list_questions(labels).merge(pd.Series(labels.coders or ("",), name="coder", dtype="str"), how="cross")
    table = asked.merge(sample, on=[*KEYS, "start"]).merge(labels.rows, on=[*PLACE, "coder"], how="left").fillna({"label": "", "note": ""})
    shown = ["question", "meaning", *["before", "text", "after"] * texts, "coder", "label", "note", "stratum", "probability"]
    written = write_csv(table[[*KEYS, "start", "end", "entry", *shown]]).encode("utf8", "replace")
    Path(path).write_bytes(_write_workbook(written) if Path(path).suffix == ".xlsx" else written)


def _write_workbook(written: bytes) -> bytes:
    """A workbook of a CSV file: every cell is text, without what no workbook may hold; it does not say when it was written."""
    cells = pd.read_csv(io.BytesIO(written), dtype=str, keep_default_na=False)
    first, last = io.BytesIO(), io.BytesIO()
    cells.replace("[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", regex=True).to_excel(first, index=False, engine="openpyxl")
    with ZipFile(first) as made, ZipFile(last, "w") as kept:
        for name in made.namelist():
            content = made.read(name) if name != "docProps/core.xml" else _WHEN.sub(b"2000-01-01T00:00:00Z", made.read(name))
            kept.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return last.getvalue()


def read_labels(path: Paths, corpus: Corpus, codebook: Book, *, entries: Ids = (), columns: Mapping[str, str] | None = None) -> Labels:
    """Read labels from files: keystrokes of `code_sentences`, tables, or files of other annotation tools.

    A row is matched to a sentence by article_id and sentence number or, without these, by its text (ignoring white space). A row is skipped
    if its sentence is not searched in the corpus or its text occurs there more than once; damaged lines are skipped as well. A warning
    gives the numbers and reasons. If a coder answered twice, the last answer counts.

    Args:
        path: One or several files, whose sentences and labels are combined: JSON Lines of `code_sentences`, doccano (one file per coder) or
            Prodigy; JSON of Label Studio; CSV or XLSX from `write_labels` or with other column names. Empty for no labels.
        corpus: The corpus from which the sentences were drawn.
        codebook: The codebook whose entries were coded.
        entries: The entries that were coded; default: those that occur in the files. In files that list only the chosen categories
            (doccano, Label Studio), all others are `no`; name the entries if one was never chosen.
        columns: Our column names with those of the file, if they differ: `{"text": "satz", "label": "code", "coder": "who"}`; also an entry
            with the name of its category or of the column with its answers: `{"loaded-words": "biased"}`.

    Returns:
        Labels. `probability` is missing if a file has no probabilities. Without a column of coders, the name of the file is the coder.

    Raises:
        ToolkitError: When a file cannot be read, a label is none of ours, or no row of all belongs to a sentence.
        CodebookError: When a category is no entry of the codebook.

    Source: the formats as their makers document them: doccano, Label Studio, Prodigy (textcat, choice).

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from toolkit import read_corpus
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder) / "anna.csv"
        ...     _ = file.write_text("title,loaded" + chr(10) + "Ukraine Seeks Weapons Aid in South Korea Visit,yes")
        ...     given = {"text": "title", "loaded-words": "loaded"}
        ...     labels = read_labels(file, read_corpus("ukraine-korea"), "language", columns=given)
        >>> labels.rows[["sentence", "entry", "coder", "label"]].values.tolist()
        [[0, 'loaded-words', 'anna', 'yes']]
        >>> read_labels("", read_corpus("ukraine-korea"), "language", entries="loaded-words")
        Labels: 0 sentences of ukraine-korea for 1 entry of language: Loaded words (nothing coded yet)
    """
    check_record(corpus, Corpus, "read_labels")
    book, names = codebook if isinstance(codebook, Codebook) else read_codebook(codebook), dict(columns or {})
    given = book.expand(entries) if entries else ()
    called = {names.get(entry, entry): entry for entry in (*given, *names) if entry not in _FOREIGN["columns"]}
    index, left, kept = _index_sentences(corpus), Counter[str](), []
    for file in [Path(path)] * bool(path) if isinstance(path, str | Path) else map(Path, path):
        for row in _read_rows(file, names, list(called)):
            number, text = str(row.get("sentence", "")).removesuffix(".0"), " ".join(str(row.get("text", "")).split())
            key = f"\n{row['article_id']}\n{number}\n{row.get('start', '')}" if row.get("article_id") and number.isdecimal() else text
            if (place := index.get(key)) and index.get(text, place) in (place, None):
                about = (*place, row.get("stratum") or "", _read_chance(file, row.get("probability")), row.get("note") or "")
                kept += [(*about, str(row.get("coder") or file.stem), *pair) for pair in row["said"].items()]
            else:
                left[row.get("damage", _TWO if place else _SEVERAL if key in index else "no sentence has this text or number")] += 1
    reasons = "; ".join(f"{n:,}: {reason}" for reason, n in left.items())
    if path != "" and not kept:
        raise ToolkitError(f"read_labels: no row belongs to a sentence that is searched in {corpus.name}. {reasons or 'There is no row'}.")
    if left:
        warnings.warn(f"read_labels: rows left out, {reasons}.", stacklevel=2)
    found = pd.DataFrame(kept, columns=[*make_table("Sample").columns, "note", "coder", "name", "label"])
    ids = {name: book.entry(called.get(name, name)).id for name in found["name"].unique() if name}
    asked = given or tuple(entry.id for entry in book.entries if entry.id in ids.values()) or book.expand(())
    found = found.assign(entry=found["name"].map(ids), label=found["label"].fillna("").map(lambda word: _ANSWERS.get(_fold(word), word)))
    if (found["entry"].isna() & (found["label"] != "")).any():
        raise ToolkitError("read_labels: a label says yes or no, but to which entry? Name it: entries='…', or columns={'entry': '…'}.")
    said = found[found["entry"].isin(asked) & (found["label"] != "")].drop_duplicates([*PLACE, "coder"], keep="last")
    return Labels(_tabulate("Sample", found.drop_duplicates(KEYS)), _tabulate("Labels", said), corpus, book, asked)


def _tabulate(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """A table of our own, of rows that have more columns."""
    return make_table(name, {column: rows[column].array for column in make_table(name).columns})


def _read_chance(file: Path, given: object) -> float:
    """A probability as a file has it, with a comma as some spreadsheets write it; missing where there is none."""
    with suppress(ValueError):
        chance = float("nan" if given in (None, "") else str(given).replace(",", "."))
        if not (chance <= 0 or chance > 1):
            return chance
    raise ToolkitError(f"{file}: the probability {given!r} of a sentence. Allowed: above 0, to 1; or empty.")


def _fold(word: object) -> str:
    """An answer in lower case."""
    return str("" if word is None else word).strip().casefold()


def _index_sentences(corpus: Corpus) -> Mapping[str, tuple[object, ...] | None]:
    """Each sentence searched by its number, with and without its start, and by its text; None for a text that is there more than once."""
    index: dict[str, tuple[object, ...] | None] = {}
    searched = corpus.searched[[*KEYS, "start", "end"]]
    for place, text in zip(searched.itertuples(index=False, name=None), cut_texts(corpus.articles, searched), strict=True):
        whole = " ".join(text.split())
        index[whole] = None if whole in index else place
        index |= dict.fromkeys((f"\n{place[0]}\n{place[1]}\n", f"\n{place[0]}\n{place[1]}\n{place[2]}"), place)
    return index


def _read_rows(path: Path, names: dict[str, str], called: Sequence[str]) -> Iterator[Row]:
    """The rows of a file by our names; in `said`, what a row says of which entry, by the entry's name in the file."""
    kind, rows = path.suffix.lower().removeprefix("."), []
    read = ROWS[kind] if kind in ("csv", "xlsx") else None
    try:
        source = Source(path.name, io.BytesIO(path.read_bytes()), Options(header_row=1))
        found = list(read(source) if read else _spread(read_lines(path)))
    except DAMAGE as fault:
        raise ToolkitError(f"{path}: cannot be read: {fault}. Allowed: JSON Lines, JSON, CSV, XLSX.") from fault
    for cells in found:
        row: dict[str, Any] = {"damage": cells} if isinstance(cells, str) else dict(cells)
        if read:  # the mark before what a spreadsheet would run: see write_csv
            row = {name: re.sub(r"^'(?=\s*[=+\-@])", "", str(cell)) for name, cell in row.items()}
        ours = find_columns([name for name in row if name not in names.values()], _FOREIGN["columns"]) | names
        row |= {our: row[theirs] for our, theirs in ours.items() if theirs in row}
        label = row.get("label")
        if isinstance(label, list):  # a marked span ends with its category
            row["label"] = [str(one[-1] if isinstance(one, list) else one) for one in label]
        elif not row.get("entry") and _fold(label) not in _ANSWERS:
            row["label"] = [str(label)]
        rows.append(row)
    if rows and not any({"label", "stratum", "damage", *called} & {*row} for row in rows):
        named = f"columns={{'label': '…'}}, or for an entry columns={{'{called[0] if called else 'entry'}': '…'}}"
        raise ToolkitError(f"{path}: no column of labels among {', '.join(map(str, rows[0]))}. Name it: {named}.")
    chosen = [name for row in rows if isinstance(row.get("label"), list) for name in row["label"]]
    for row in rows:
        label, wide = row.get("label"), {name: row[name] for name in called if name in row}
        one = {row.get("entry") or (called[0] if len(called) == 1 else ""): label}
        yield row | {"said": {name: str(name in label) for name in [*called, *chosen]} if isinstance(label, list) else wide or one}


def _spread(rows: Iterator[Row]) -> Iterator[Row]:
    """Rows of JSON with what is in their `data` and `meta`; of Prodigy, with its answer as label; of Label Studio, one per annotation."""
    for row in rows:
        flat = {**row, **(row.get("data") or {}), **(row.get("meta") or {})}
        if "entities" in row:
            flat["label"] = [one["label"] for one in row["entities"]]
        elif "accept" in row:
            flat["label"] = row["accept"] if row.get("answer", "accept") == "accept" else ""
        elif "answer" in row:
            flat |= {"entry": row["label"], "label": row["answer"]}
        for one in row.get("annotations", [{}]) or ():
            values, who = [result.get("value", {}) for result in one.get("result", ())], one.get("completed_by")
            chosen = [name for value in values for name in (*value.get("choices", ()), *value.get("labels", ()))]
            if not one.get("was_cancelled"):
                yield flat | ({"coder": who.get("email") if isinstance(who, dict) else who, "label": chosen} if one else {})
