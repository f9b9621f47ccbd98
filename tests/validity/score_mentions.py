"""Score coded mentions: python tests/validity/score_mentions.py [SHEET.tsv …]

Sheets are those of draw_mentions.py, filled in, one a coding pass; their labels are kept in tests/validity/mentions-labels.csv (no text),
which is read when no sheet is given. What Framebook decides is asked anew: a mention that it no longer finds is left out, and said.
"""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import pandas as pd
from scipy.stats import binomtest

from toolkit import find_mentions, read_corpus

FOLDER = Path(__file__).parent
LABELS = FOLDER / "mentions-labels.csv"
ALLOWED = {"actor_right": ("yes", "no", "unsure"), "use": ("actor", "place", "undecided")}


def read_sheets(paths: list[Path]) -> pd.DataFrame:
    """Read filled-in sheets as labels: id, coder (the place of the sheet among those given), actor_right, use."""
    sheets = [
        pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)[["id", *ALLOWED]].assign(coder=str(number))
        for number, path in enumerate(paths, start=1)
    ]
    labels = pd.concat(sheets, ignore_index=True).astype({"id": int})
    for column, allowed in ALLOWED.items():
        odd = labels[~labels[column].isin(allowed)]
        if len(odd):
            raise SystemExit(f"id {odd['id'].iloc[0]}, {column} {odd[column].iloc[0]!r}. Allowed: {', '.join(allowed)}. Fill it in.")
    return labels[["id", "coder", *ALLOWED]].sort_values(["coder", "id"], ignore_index=True)


def decide() -> pd.DataFrame:
    """Ask Framebook for the kind and use of each mention drawn."""
    places = pd.read_csv(FOLDER / "mentions.csv", dtype={"article_id": "str"})
    mentions = find_mentions(read_corpus("news-2017"), "actors", uses="all", roles=True).rows
    found = places.merge(
        mentions[["article_id", "start", "end", "entry", "via", "use"]], how="left", on=["article_id", "start", "end", "entry"]
    )
    lost = found.loc[found["via"].isna(), "id"].tolist()
    if lost:
        print(f"{len(lost)} of {len(places)} are found no more and left out: {lost}")
    return found.dropna(subset="via")


def name_share(right: pd.Series) -> str:
    """Write a share with its interval."""
    if len(right) == 0:
        return "none"
    bounds = binomtest(int(right.sum()), len(right)).proportion_ci(method="wilson")
    return f"{right.sum()} of {len(right)}, {right.mean():.2f} ({bounds.low:.2f} to {bounds.high:.2f})"


def estimate_alpha(one: pd.Series, other: pd.Series) -> float:
    """Krippendorff's alpha of two coders, nominal, without gaps (Krippendorff 2019, chapter 12)."""
    sizes = pd.concat([one, other]).value_counts()
    n = int(sizes.sum())
    unlike = n * n - int((sizes**2).sum())
    return 1 - (n - 1) * 2 * int((one != other).sum()) / unlike if unlike else float("nan")


def main() -> None:
    if len(sys.argv) > 1:
        read_sheets([Path(name) for name in sys.argv[1:]]).to_csv(LABELS, index=False)
    labels = pd.read_csv(LABELS, dtype={"coder": "str"})
    coded = labels.merge(decide(), on="id", suffixes=("", "_found"))
    for coder, of_coder in coded.groupby("coder"):
        sure = of_coder[of_coder["actor_right"] != "unsure"]
        print(f"pass {coder}: {len(of_coder)} coded, {len(of_coder) - len(sure)} unsure; right actor, with Wilson's interval of 95 %")
        for via, rows in [*sure.groupby("via"), ("all drawn (kinds weigh alike)", sure)]:
            print(f"  {via:<30} {name_share(rows['actor_right'] == 'yes')}")
        told = of_coder[(of_coder["use"] != "undecided") & of_coder["via"].isin(["name", "alias", "metonym"])]
        print("  right use, of what coder and rule both decide")
        for (via, use), rows in told[told["use_found"] != "undecided"].groupby(["via", "use_found"]):
            print(f"  {via + ', said to be ' + use:<30} {name_share(rows['use'] == use)}")
    for column in ALLOWED:
        table = labels.pivot(index="coder", columns="id", values=column)
        for one, other in combinations(table.index, 2):
            first, second = table.loc[one], table.loc[other]
            alpha = estimate_alpha(first, second)
            print(f"{column}: passes {one} and {other} agree in {(first == second).mean():.3f}, alpha {alpha:.3f}")


if __name__ == "__main__":
    main()
