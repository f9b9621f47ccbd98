"""Score our source types against two passes of hand coding, and the passes against each other.

python tests/validity/score_coding.py [--texts FOLDER] [tests/validity/sources-news]

A name stands for two tables: what was drawn (.csv: id, article, start, end) and how it was coded (-labels.csv: id, first, second). Texts:
a folder of files as they are (that of PolNeAR's train part, for sources-polnear); without it, the corpus news-2017.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from predict import read_texts

from toolkit import find_attributions, find_mentions, read_corpus
from toolkit.parsing import Corpus
from toolkit.parsing.corpus import narrow_corpus

_Z = 1.959964  # two-sided 95% of the normal distribution


def compute_alpha(first: Sequence[str], second: Sequence[str]) -> float:
    """Krippendorff's alpha for two coders, nominal labels, none missing: 1 − (n − 1) Σ disagreements / Σ disagreements by chance."""
    n, totals = 2 * len(first), Counter([*first, *second])
    observed = 2 * sum(one != other for one, other in zip(first, second, strict=True))
    chance = sum(totals[one] * totals[other] for one in totals for other in totals if one != other)
    return 1 - (n - 1) * observed / chance if chance else 1.0


def compute_wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson's interval of a share (Wilson 1927)."""
    if n == 0:
        return 0.0, 1.0
    share = hits / n
    middle, wide = share + _Z**2 / (2 * n), _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n * n))
    return (middle - wide) / (1 + _Z**2 / n), (middle + wide) / (1 + _Z**2 / n)


def find_our_types(drawn: pd.DataFrame, corpus: Corpus) -> dict[int, str]:
    """Our type of each drawn source: that of the attribution whose source shares most characters with it; "not found" without one.

    A phrase to which we give the type "none" (what says nothing) is what a coder calls "not a source".
    """
    found = find_attributions(find_mentions(corpus, "actors")).rows
    sourced = found[found["source_start"].notna()]
    by_article = {article: part for article, part in sourced.groupby("article_id")}
    ours = {}
    for row in drawn.itertuples():
        part = by_article.get(row.article, sourced[:0])
        shared = part["source_end"].clip(upper=row.end) - part["source_start"].clip(lower=row.start)
        is_found = len(shared) > 0 and int(shared.max()) > 0
        ours[int(row.id)] = str(part.loc[shared.idxmax(), "source_type"]) if is_found else "not found"
    return {id: {"nan": "undecided", "none": "not a source"}.get(label, label) for id, label in ours.items()}


def write_report(first: Mapping[int, str], second: Mapping[int, str], ours: Mapping[int, str]) -> str:
    """Agreement of the passes; and, where they agree and we found the source, our accuracy, precision and recall by type."""
    both = sorted(first.keys() & second.keys())
    same = [id for id in both if first[id] == second[id]]
    alpha = compute_alpha([first[id] for id in both], [second[id] for id in both])
    lines = [f"{len(both)} coded twice, {len(same)} alike ({len(same) / len(both):.3f}), Krippendorff's alpha {alpha:.3f}"]
    known = [id for id in same if ours[id] != "not found"]
    hits = sum(ours[id] == first[id] for id in known)
    low, high = compute_wilson(hits, len(known))
    lines.append(f"ours: {len(known)} of the {len(same)} found; right {hits / max(1, len(known)):.3f} ({low:.3f}–{high:.3f})")
    for label in sorted({first[id] for id in same}):
        coded, said = [id for id in known if first[id] == label], [id for id in known if ours[id] == label]
        right = sum(ours[id] == label for id in coded)
        agreed = sum(first[id] == second[id] == label for id in both)
        either = sum(label in (first[id], second[id]) for id in both)
        spans = [f"{right}/{n} ({compute_wilson(right, n)[0]:.2f}–{compute_wilson(right, n)[1]:.2f})" for n in (len(coded), len(said))]
        lines.append(f"{label:<20} agreed {agreed} of {either} in either pass; recall {spans[0]}, precision {spans[1]}")
    return "\n".join(lines)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="?", default=str(Path(__file__).with_name("sources-news")))
    parser.add_argument("--texts", type=Path)
    given = parser.parse_args()
    drawn, coded = pd.read_csv(f"{given.name}.csv"), pd.read_csv(f"{given.name}-labels.csv").set_index("id")
    corpus = read_texts(given.texts, headlines=False) if given.texts else read_corpus("news-2017")
    ours = find_our_types(drawn, narrow_corpus(corpus, corpus.articles["article_id"].isin(drawn["article"]), "articles drawn"))
    first, second = (coded[name].dropna().to_dict() for name in ("first", "second"))
    print(write_report(first, second, ours))


if __name__ == "__main__":
    main()
