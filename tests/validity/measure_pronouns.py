"""Measure what it costs that pronouns and bare roles (`the minister`) are no mentions, and how many sources stay undecided.

python tests/validity/measure_pronouns.py [--gold POLNEAR]

Without gold: of the attributions in news-2017, whose source is a pronoun, and whether it was resolved. With PolNeAR's data folder (parts
train and dev, one annotator a document): of the annotated sources that are one person, how many are a pronoun or a role without a name.
Intervals: 95%, articles as clusters (Cochran 1977, 6.4: the ratio of two totals).
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import pandas as pd
from draw_sources import read_gold

from toolkit import find_attributions, find_mentions, read_corpus
from toolkit.counting.lists import read_list, read_regex
from toolkit.counting.sourcing.sources import cut_core, find_type

_Z = 1.959964  # two-sided 95% of the normal distribution


def name_form(phrase: str) -> str:
    """What a source is: a pronoun by its list, a bare role (the minister), one named person, or something else.

    Example:
        >>> [name_form(phrase) for phrase in ("she", "the minister", "Ann Bo, a nurse", "officials")]
        ['she', 'role', 'name', 'other']
    """
    lists = read_list("source-types")["pronouns"]
    pronoun = next((kind for kind, words in lists.items() if phrase.lower() in words), "")
    if pronoun or not phrase:
        return pronoun or "other"
    kind, is_one = find_type(phrase), not cut_core(phrase).endswith("s")
    is_role = kind in ("unnamed official", "unnamed other") and is_one and read_regex("definite").match(phrase) is not None
    return "role" if is_role else "name" if kind == "named person" else "other"


def write_share(table: pd.DataFrame, hit: pd.Series, base: pd.Series) -> str:
    """A share of rows with its interval, articles as clusters."""
    own = pd.DataFrame({"article": table["article"], "hit": hit & base, "base": base}).groupby("article")[["hit", "base"]].sum()
    n, share = int(own["base"].sum()), own["hit"].sum() / own["base"].sum()
    error = math.sqrt(((own["hit"] - share * own["base"]) ** 2).sum() * len(own) / (len(own) - 1)) / n
    bounds = (100 * max(0.0, share - _Z * error), 100 * min(1.0, share + _Z * error))
    return f"{100 * share:.1f}% ({bounds[0]:.1f}–{bounds[1]:.1f}%), n = {n:,} in {len(own):,} articles"


def report_gold(folder: Path) -> list[str]:
    """The form of the sources that are one person: those that a count of names leaves out."""
    rows = []
    for part in ("train", "dev"):
        texts = {path.stem: path.read_bytes().decode("utf8") for path in (folder / part / "text").glob("*.txt")}
        rows += [(row.article, name_form(texts[row.article][row.start : row.end])) for row in read_gold(folder, part).itertuples()]
    table = pd.DataFrame(rows, columns=["article", "form"])
    person = table["form"].isin(["he", "she", "role", "name"])
    forms = {"he or she": ["he", "she"], "a role without a name": ["role"]}
    return [f"gold: one person, as {name}: {write_share(table, table['form'].isin(own), person)}" for name, own in forms.items()]


def report_news() -> list[str]:
    """Pronouns as sources in news-2017, and those that stay undecided."""
    rows = find_attributions(find_mentions(read_corpus("news-2017"), "actors")).rows
    rows = rows[rows["source"].notna()].rename(columns={"article_id": "article"})
    form = rows["source"].map(name_form)
    every, single, many = form.notna(), form.isin(["he", "she"]), form.isin(["they", "it"])
    named, typed = rows["source_name"].notna(), rows["source_type"].notna()
    return [
        f"news: source without a type: {write_share(rows, ~typed, every)}",
        f"news: source is he or she: {write_share(rows, single, every)}",
        f"news: of he and she, a name: {write_share(rows, named, single)}",
        f"news: of he and she, a type and no name: {write_share(rows, typed & ~named, single)}",
        f"news: of he and she, undecided: {write_share(rows, ~typed, single)}",
        f"news: of they and it, undecided: {write_share(rows, ~typed, many)}",
    ]


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, help="PolNeAR's data folder")
    given = parser.parse_args()
    print("\n".join(report_gold(given.gold) if given.gold else report_news()))


if __name__ == "__main__":
    main()
