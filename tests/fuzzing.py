"""Damaged codebooks, and texts made of what confuses: nothing may crash or hang, and what is found must be there.

By hand: python -m tests.fuzzing codebooks 4000, python -m tests.fuzzing texts 2000 (or `make fuzz`). A case that fails is said with its
number; `make_codebook(number)` and `make_text(number)` make it again.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from multiprocessing import Pool
from pathlib import Path

import pandas as pd
import yaml

from tests.codebooks.formats import test_lexicoder, test_wordstat, test_yamls
from tests.parsing.fuzzing import HOSTILE, flip_bytes, insert, reencode, repeat, truncate, unclose
from tests.payloads import KINDS
from toolkit import find_attributions, find_mentions, keep_voice, read_corpus, show_article
from toolkit.codebooks import check_codebook, read_codebook, write_codebook
from toolkit.errors import ToolkitError
from toolkit.parsing.words import count_words

LONGEST = 20.0  # seconds of the processor for a case
MUTATIONS = (flip_bytes, truncate, insert, repeat, unclose, reencode)
CASES = Path(__file__).parent / "cases"
JOINTS = [
    *"“”‘’\"'«»„,;:.?!…—–-()[]\n\t ",
    "\n\n",
    ". ",
    "” ",
    " “",
    "’s ",
    "''",
    "``",
    "\u200b",
    "\u202e",
    "é",
    "e\u0301",
    "İ",
    "ß",
    "中文",
    "🙂",
]
CUES = [
    " said ",
    " says that ",
    ", according to ",
    " told ",
    " asked: ",
    " denied ",
    " he added.",
    " citing ",
    " who said ",
    " reportedly ",
]
LIWC = "%\n1\tGood\n2\tBad\n%\nkind*\t1\nwell done\t1\nawful\t2\nhate*\t1\t2\n"


@cache
def list_codebooks() -> list[tuple[str, bytes]]:
    """Sound codebooks of every format."""
    data = files("toolkit") / "codebooks" / "data"
    made = {
        "war.yml": test_yamls.OURS,
        "places.yml": test_yamls.PLACES,
        "a.ykd": test_lexicoder.YKD,
        "a.cat": test_wordstat.CAT,
        "a.dic": LIWC,
    }
    made["a.csv"] = "word,category\nkind,good\nawful,bad\n"
    bundled = [(name, (data / name).read_bytes()) for name in ("frames.yml", "language.yml", "gun-violence.yml")]
    return [*((name, text.encode()) for name, text in made.items()), *bundled]


def make_codebook(number: int) -> tuple[str, bytes]:
    """Name and content of a damaged codebook."""
    chance = random.Random(f"codebook {number}")
    name, content = chance.choice(list_codebooks())
    for _ in range(chance.choice([1, 1, 2, 3])):
        content = chance.choice(MUTATIONS)(content, chance)
    return chance.choice([name, name, name, "a.yml", "a.dic", "a.cat", "a.csv", "a.xlsx", "a"]), content


def check_made_codebook(number: int) -> str:
    """What is wrong with how a damaged codebook is read; "" if nothing. What is read is written, read and searched for."""
    name, content = make_codebook(number)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        try:
            faults = check_codebook(path)
            book = read_codebook(path)
        except ToolkitError:
            return ""
        if any(not fault.is_warning for fault in faults):
            return "read in spite of an error"
        write_codebook(book, Path(folder, "again.yml"))
        again = read_codebook(Path(folder, "again.yml"))
        found = [find_mentions(read_corpus("ukraine-korea"), one, [entry.id for entry in one.entries]).rows for one in (book, again)]
        columns = ["start", "end", "entry"]
        return "" if found[0][columns].equals(found[1][columns]) else "written and read again, it finds something else"


@cache
def list_texts() -> list[str]:
    """Texts of the cases, and hostile ones."""
    cases = [yaml.safe_load((CASES / f"{name}.yml").read_text("utf8")) for name in ("sourcing", "actors", "frames")]
    said = [case["text"] for groups in cases for group in groups.values() if isinstance(group, list) for case in group if "text" in case]
    return [*said, *(text for texts in KINDS.values() for text in texts[::6])]


def make_text(number: int) -> str:
    """A text put together of pieces of others, cues, marks and damage."""
    chance = random.Random(f"text {number}")
    pieces: list[str] = []
    for _ in range(chance.choice([2, 5, 12])):
        piece = chance.choice(list_texts())
        start, end = sorted((chance.randrange(len(piece) + 1), chance.randrange(len(piece) + 1)))
        whole = chance.random() < 0.6
        pieces += [
            piece if whole else piece[start:end],
            chance.choice(JOINTS if chance.random() < 0.6 else CUES) * chance.choice([1, 1, 1, 2, 40]),
        ]
    text = "".join(pieces)
    if chance.random() < 0.3:
        text = text.replace(chance.choice(JOINTS), chance.choice(JOINTS))
    if chance.random() < 0.1:
        place = chance.randrange(len(text) + 1)
        text = text[:place] + chance.choice(HOSTILE).decode("utf8", "replace") + text[place:]
    return text.upper() if chance.random() < 0.05 else text


def check_made_text(number: int) -> str:
    """What is wrong with what is found in a text; "" if nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl")  # where a text can hold half of a pair of surrogates
        path.write_text(json.dumps({"text": make_text(number), "outlet": "a.example", "headline": "Rain in Ukraine"}), "utf8")
        try:
            news = read_corpus(path)
        except ToolkitError as fault:
            return "" if "not one article" in str(fault) else f"refused: {fault}"
    text, spans = news.articles["text"].iloc[0], news.spans
    edges = [0, *spans[["start", "end"]].to_numpy().ravel().tolist(), len(text)]
    faults = ["words between sentences"] if any(text[a:b].strip() for a, b in zip(edges[::2], edges[1::2], strict=True)) else []
    actors = find_mentions(news, "actors", roles=True)
    frames = find_mentions(news, "language", "loaded-words")
    faults += [f"mention {row.surface!r}" for row in actors.rows.itertuples() if text[row.start : row.end] != row.surface]
    speech = find_attributions(actors)
    for row in speech.rows.to_dict("records"):
        for what in ("source", "cue"):
            if pd.notna(row[what]) and text[row[f"{what}_start"] : row[f"{what}_end"]] != row[what]:
                faults.append(f"{what} {row[what]!r}")
        if not 0 <= row["content_start"] < row["content_end"] <= len(text):
            faults.append("content is nowhere")
        if pd.notna(row["gap_start"]) and not row["content_start"] < row["gap_start"] < row["gap_end"] < row["content_end"]:
            faults.append("gap is not within")
    if speech.rows["n_words"].sum() > count_words(text) or speech.rows["n_words"].min() < 0:
        faults.append("a word counts twice")
    voices = ["own voice", "named source", "unnamed source"]
    if sum(len(keep_voice(frames, speech, voice).measured) for voice in voices) > len(frames.measured):
        faults.append("a mention has two voices")
    show_article(news, actors, frames, speech=speech)
    return "; ".join(dict.fromkeys(faults))


CHECKS: dict[str, Callable[[int], str]] = {"codebooks": check_made_codebook, "texts": check_made_text}


def run_case(case: tuple[str, int]) -> str:
    """Check a case: what is wrong with it."""
    warnings.simplefilter("ignore")
    began = time.process_time()
    try:
        fault = CHECKS[case[0]](case[1])
    except Exception as error:  # a crash is what is looked for
        fault = f"crash: {type(error).__name__}: {error}"
    seconds = time.process_time() - began
    fault = fault or (f"took {seconds:.1f} s" if seconds > LONGEST else "")
    return f"{case[0]} {case[1]}: {fault}" if fault else ""


def _begin(cache_folder: str) -> None:
    os.environ["FRAMEBOOK_CACHE"] = cache_folder
    sys.stderr = Path(os.devnull).open("w")  # bars of progress


def run_cases(kind: str, n: int) -> list[str]:
    """Check n cases on all cores; what is wrong."""
    with tempfile.TemporaryDirectory() as folder, Pool(min(2, os.cpu_count() or 1), _begin, (folder,)) as pool:
        return [fault for fault in pool.map(run_case, [(kind, number) for number in range(n)], chunksize=5) if fault]


def main() -> None:
    kind, n = sys.argv[1], int(sys.argv[2])
    faults = run_cases(kind, n)
    print("\n".join([*faults, f"{n:,} {kind}: {len(faults)} faults"]))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
