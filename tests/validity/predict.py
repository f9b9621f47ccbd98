"""Predictions of Framebook for gold data, in the formats of outside scorers: python tests/validity/predict.py actors --texts FOLDER …

Offsets are code points of each text file as it is: nothing is repaired before it is searched.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import pandas as pd

from toolkit.codebooks import Codebook, Entry, Pattern, read_codebook
from toolkit.counting import find_mentions
from toolkit.parsing import split_sentences
from toolkit.parsing.words import count_words
from toolkit.tables import TABLES, make_table


def read_texts(folder: Path) -> pd.DataFrame:
    """Articles from text files, byte for byte; the id is the name of the file, the headline its first line if a blank one follows."""
    texts = {path.stem: path.read_bytes().decode("utf8") for path in sorted(folder.glob("*.txt"))}
    heads = [text.partition("\n")[0] for text in texts.values()]
    columns = {
        "article_id": list(texts),
        **dict.fromkeys(("outlet", "published", "byline", "dateline", "url"), [None] * len(texts)),
        "headline": [head if head.strip() and len(head) < 200 else None for head in heads],
        "text": list(texts.values()),
        "source_path": [f"{name}.txt" for name in texts],
        "source_row": [None] * len(texts),
        "n_words": [count_words(text) for text in texts.values()],
    }
    return make_table("Articles", {column.name: columns[column.name] for column in TABLES["Articles"].columns})


def read_closed_list(path: Path) -> Codebook:
    """An actors codebook of the persons or bodies of a list: full name, and for a person the surname that no other person has."""
    rows = [json.loads(line) for line in path.read_text("utf8").splitlines() if line.strip()]
    entries = []
    for row in rows:
        words = row["name"].split()
        is_person = row["kind"] == "person" and len(words) > 1
        patterns = [Pattern(row["name"], "name", True, 0)]
        if is_person:
            patterns.append(Pattern(words[-1], "surname", True, 0))
            if len(words) > 2:
                patterns.append(Pattern(f"{words[0]} {words[-1]}", "alias", True, 0))
        entries.append(Entry(row["actor"], row["name"], "", "person" if is_person else "organisation", tuple(patterns), (), {}, (), "", 0))
    return Codebook("list", "actors", "1", "", "", "dictionary", tuple(entries), "", path.name)


def predict_actors(texts: Path, codebook: str, out: Path) -> None:
    """Write one line a mention: document, start, end, actor; a capital only where it is decided to be the actor, no office."""
    articles = read_texts(texts)
    book = read_codebook("actors") if codebook == "bundled" else read_closed_list(Path(codebook))
    mentions = find_mentions(articles, split_sentences(articles), book)
    with out.open("w", encoding="utf8") as file:
        for row in mentions.to_dict("records"):
            if row["via"] == "role" or (row["via"] == "metonym" and row["use"] != "actor"):
                continue
            line = {"doc": row["article_id"], "start": row["start"], "end": row["end"], "actor": row["entry"].partition("/")[0]}
            file.write(json.dumps(line) + "\n")
    print(f"{out}: {len(mentions)} mentions in {len(articles)} texts, {dict(Counter(mentions['via']))}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    actors = commands.add_parser("actors")
    actors.add_argument("--texts", type=Path, required=True)
    actors.add_argument("--codebook", required=True, help="a JSON Lines file of a closed list, or: bundled")
    actors.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    predict_actors(given.texts, given.codebook, given.out)


if __name__ == "__main__":
    main()
