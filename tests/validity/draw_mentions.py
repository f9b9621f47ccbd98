"""Draw 300 mentions of news-2017 to be coded by hand: python tests/validity/draw_mentions.py --seed 2017 --sheets FOLDER

As many of each kind (`via`) as there are, up to an equal share, so that rare rules are there. Writes tests/validity/mentions.csv (places in
the corpus only: its texts are not ours) and, into a folder outside the repository, the sheet that a coder fills in, mentions.tsv, and the
key with what Framebook decided, mentions-key.tsv, which no coder may see.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit import find_mentions, read_corpus

N_MENTIONS = 300
PLACES = Path(__file__).parent / "mentions.csv"
AROUND = 350  # characters shown on either side


def share_out(sizes: pd.Series, n: int) -> pd.Series:
    """Share n out among groups as equally as their sizes allow."""
    shares = pd.Series(0, index=sizes.index)
    while shares.sum() < n and (shares < sizes).any():
        smallest = shares[shares < sizes].idxmin()
        shares[smallest] += 1
    return shares


def draw_mentions(mentions: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Draw by kind, then shuffle; ids from 1."""
    dice = np.random.default_rng(seed)
    shares = share_out(mentions["via"].value_counts().sort_index(), N_MENTIONS)
    rows = [dice.choice(np.flatnonzero(mentions["via"] == via), n, replace=False) for via, n in shares.items()]
    drawn = mentions.iloc[dice.permutation(np.concatenate(rows))]
    return drawn.assign(id=range(1, len(drawn) + 1))


def show_context(text: str, start: int, end: int) -> str:
    """Mark the mention in what stands around it, on one line."""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return " ".join(f"{before}⟦{text[start:end]}⟧{after}".replace("\n", " / ").split())


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str) -> None:
    """Write a table."""
    with path.open("w", encoding="utf8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerows([header, *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--sheets", type=Path, required=True, help="a folder outside the repository")
    given = parser.parse_args()
    news = read_corpus("news-2017")
    found = find_mentions(news, "actors", uses="all", roles=True)
    drawn = draw_mentions(found.counted, seed=given.seed)
    rows = list(drawn.merge(news.articles[["article_id", "published", "text"]], on="article_id", how="left").itertuples(index=False))
    places = [(m.id, m.article_id, m.start, m.end, m.entry) for m in rows]
    write_rows(PLACES, ("id", "article_id", "start", "end", "entry"), places, delimiter=",")
    labels = {entry.id: f"{entry.label} ({entry.type})" for entry in found.codebook.entries}
    sheet = [(m.id, f"{m.published:%Y-%m-%d}", labels[m.entry], show_context(m.text, m.start, m.end), "", "", "") for m in rows]
    given.sheets.mkdir(parents=True, exist_ok=True)
    header = ("id", "published", "actor", "context", "actor_right", "use", "note")
    write_rows(given.sheets / "mentions.tsv", header, sheet, delimiter="\t")
    key = [(m.id, m.entry, m.via, m.use, m.pattern) for m in rows]
    write_rows(given.sheets / "mentions-key.tsv", ("id", "entry", "via", "use", "pattern"), key, delimiter="\t")
    print(f"{len(drawn)} mentions drawn with seed {given.seed}: {drawn['via'].value_counts().sort_index().to_dict()}")
    print("actor_right: yes, no, unsure. use: actor, place, undecided (of states and capitals; persons and bodies are actors).")


if __name__ == "__main__":
    main()
