"""Draw the sources that are coded by book/coding-guide.md: 300 of PolNeAR's annotated ones, 300 of those we find in news-2017.

python tests/validity/draw_sources.py --gold POLNEAR --sheets FOLDER
python tests/validity/draw_sources.py --check --sheets FOLDER

Kept here are ids and offsets alone (sources-polnear.csv, sources-news.csv); the sheets, which hold text, go outside the project. With
--check, 200 others of those we find are drawn (sources-check.csv), to be coded after a change of the rules that was made by the first.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit import find_attributions, find_mentions, read_corpus

HERE = Path(__file__).parent
SEED, N, N_CHECK = 2017, 300, 200
AROUND = 300  # characters of context on either side


def read_gold(folder: Path, part: str = "train") -> pd.DataFrame:
    """The sources of a part of PolNeAR: document, offsets of source and cue; one annotator a document, the first by name."""
    rows = []
    for text in sorted((folder / part / "text").glob("*.txt")):
        files = sorted((folder / part / "attributions").glob(f"{text.stem}_????.ann"))
        spans: dict[str, tuple[int, int]] = {}
        for line in files[0].read_bytes().decode("utf8").split("\n") if files else ():
            cells = line.split("\t")
            if line.startswith("T") and len(cells) > 1:
                edges = [int(number) for number in re.findall(r"\d+", cells[1])]
                spans[cells[0]] = (edges[0], edges[-1])
            elif line.startswith("E") and len(cells) > 1:
                roles = dict(pair.split(":") for pair in cells[1].split() if pair.count(":") == 1)
                if spans.get(roles.get("Source", "")):
                    rows.append((text.stem, *spans[roles["Source"]], *spans.get(roles.get("Cue", ""), (0, 0))))
    return pd.DataFrame(rows, columns=["article", "start", "end", "cue_start", "cue_end"]).drop_duplicates(["article", "start"])


def draw(found: pd.DataFrame, n: int = N) -> pd.DataFrame:
    """Draw rows by the seed, whatever order they come in; numbered in the order drawn."""
    ordered = found.sort_values(["article", "start", "end"], ignore_index=True)
    chosen = np.random.default_rng(SEED).choice(len(ordered), size=n, replace=False)
    return ordered.iloc[chosen].assign(id=range(1, n + 1))


def write_sheet(drawn: pd.DataFrame, texts: Mapping[str, str], path: Path) -> None:
    """Write what a coder reads: id, context with the source in ⟦…⟧, cue, an empty label."""
    with path.open("w", encoding="utf8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        writer.writerow(["id", "context", "cue", "label"])
        for row in drawn.itertuples():
            text = texts[row.article]
            before, source, after = (
                text[max(0, row.start - AROUND) : row.start],
                text[row.start : row.end],
                text[row.end : row.end + AROUND],
            )
            cells = [f"{before}⟦{source}⟧{after}", text[int(row.cue_start) : int(row.cue_end)]]
            writer.writerow([row.id, *(" ".join(cell.split()) for cell in cells), ""])


def main() -> None:
    """Draw both samples."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, help="PolNeAR's data folder")
    parser.add_argument("--check", action="store_true", help="draw 200 further sources that we find")
    parser.add_argument("--sheets", type=Path, required=True, help="a folder outside the project")
    given = parser.parse_args()
    news = read_corpus("news-2017")
    found = find_attributions(find_mentions(news, "actors")).rows
    ours = found[found["source_start"].notna()].drop_duplicates(["article_id", "source_start"])
    ours = ours.rename(columns={"article_id": "article", "source_start": "start", "source_end": "end"}).fillna(
        {"cue_start": 0, "cue_end": 0}
    )
    given.sheets.mkdir(parents=True, exist_ok=True)
    if given.check:
        before = pd.read_csv(HERE / "sources-news.csv").set_index(["article", "start"]).index
        samples = {"check": (draw(ours[~ours.set_index(["article", "start"]).index.isin(before)], N_CHECK), news.texts)}
    else:
        gold_texts = {path.stem: path.read_bytes().decode("utf8") for path in (given.gold / "train" / "text").glob("*.txt")}
        samples = {"polnear": (draw(read_gold(given.gold)), gold_texts), "news": (draw(ours), news.texts)}
    for name, (drawn, texts) in samples.items():
        drawn[["id", "article", "start", "end"]].to_csv(HERE / f"sources-{name}.csv", index=False)
        write_sheet(drawn, texts, given.sheets / f"sources-{name}.tsv")


if __name__ == "__main__":
    main()
