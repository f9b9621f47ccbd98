"""Do intervals hold the truth? python -m tests.validity.simulate_intervals [--n 2000] [--table]

Corpora with known truth, drawn by seed: outlets of 5, 8, 15, 30 and 60 articles of about 400 words, of which one in five (one in twenty:
rare) is on the topic and holds a burst of mentions, skewed from article to article. Each corpus is estimated as a user would have it
estimated; what is counted is how often the interval of an outlet holds the truth, how often there is an interval, and how wide it is.
`alone` is a corpus that is one outlet, so that nothing is known of its spread but what it shows. Beside it, the percentile bootstrap.

At the same mix of actors: six outlets of 60, 120 and 240 articles write about four actors to very different shares, and an article is on
the topic the more often the more its actor is in the news. The truth is the mean of the true rates of the actors, weighted as they are in
the corpus drawn. Beside it, how often the interval as published holds this truth. Twenty times mentions are drawn for each corpus.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit.counting.counts import Counts
from toolkit.estimating.estimates import MEASURES, divide_counts, standardise
from toolkit.estimating.intervals import MIN_ARTICLES, Sums, bound_ratios, sum_up

SIZES = (5, 8, 15, 30, 60)
SEED = 20170208
DIFFERENT = dict(zip(SIZES, (0.4, 0.1, 0.3, 0.05, 0.2), strict=True))  # share of an outlet's articles on the topic
Drawn = tuple[np.ndarray, np.ndarray]
TABLE = Path(__file__).parents[2] / "book" / "_figures" / "intervals.md"


def draw_words(chance: np.random.Generator, n: int, on: float, shape: float) -> Drawn:
    """Mentions and words: an article is on the topic with a chance, and then has 10 in 1,000 words on average."""
    words = np.maximum(chance.lognormal(np.log(400), 0.4, n).round(), 30)
    rate = (chance.random(n) < on) * chance.gamma(shape, 0.010 / shape, n)
    return chance.poisson(rate * words).astype(float), words


def draw_articles(chance: np.random.Generator, n: int, on: float) -> Drawn:
    """Articles with a mention, out of all; one in ten is told twice."""
    copies = 1.0 + (chance.random(n) < 0.1)
    return (chance.random(n) < on) * copies, copies


def draw_statements(chance: np.random.Generator, n: int, mean: float) -> Drawn:
    """Words of a kind of source, out of all attributed words: four statements an article, 25 words each, alike within it."""
    every = chance.poisson(4, n)
    return 25.0 * chance.binomial(every, chance.beta(mean, 1 - mean, n)), 25.0 * every


WORLDS: dict[str, tuple[Callable[[np.random.Generator, int], Drawn], float | dict[int, float], bool]] = {
    "rate": (lambda chance, n: draw_words(chance, n, 0.2, 2), 0.002, False),
    "rate, more skewed": (lambda chance, n: draw_words(chance, n, 0.2, 0.7), 0.002, False),
    "rate, rare": (lambda chance, n: draw_words(chance, n, 0.05, 2), 0.0005, False),
    "rate, outlets that differ": (
        lambda chance, n: draw_words(chance, n, DIFFERENT[n], 2),
        {n: 0.01 * on for n, on in DIFFERENT.items()},
        False,
    ),
    "share of articles": (lambda chance, n: draw_articles(chance, n, 0.2), 0.2, True),
    "share of attributed words": (lambda chance, n: draw_statements(chance, n, 0.3), 0.3, True),
}

MIXED = np.array([(6, 2, 1, 1), (1, 6, 2, 1), (2, 1, 6, 1), (3, 3, 1, 3), (2.5, 2.5, 2.5, 2.5), (1, 2, 3, 4)]) / 10  # actors by outlet
MIXED_SIZES, TIMES = (60, 120, 240), 20
ON = np.array([0.4, 0.2, 0.1, 0.05])  # share of articles on the topic, by actor
MIXED_WORLDS = {"": (1, np.ones(6)), ", rare": (0.25, np.ones(6)), ", outlets that differ": (1, np.array([2, 1, 0.5, 1, 1.5, 0.25]))}


def resample(tops: np.ndarray, bottoms: np.ndarray, chance: np.random.Generator) -> tuple[float, float]:
    """The percentile interval of 400 resamples."""
    drawn = chance.integers(0, len(tops), (400, len(tops)))
    with np.errstate(invalid="ignore"):
        low, high = np.nanquantile(tops[drawn].sum(axis=1) / bottoms[drawn].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def simulate(world: str, n_corpora: int, *, sizes: tuple[int, ...] = SIZES, beside: bool = False) -> pd.DataFrame:
    """Draw corpora and tell for each outlet whether its interval holds the truth: size, given, held, width; with `beside`, of both ways."""
    draw, truths, share = WORLDS[world]
    rows = []
    for at in range(n_corpora):
        chance = np.random.default_rng([SEED, at])
        outlets = [draw(chance, size) for size in sizes]
        summed = [sum_up(top[:, None], bottom[:, None], share=share) for top, bottom in outlets]
        low, high = bound_ratios(Sums(*(np.stack(values) for values in zip(*summed, strict=True))), 0.95, share=share)
        for place, (size, (top, bottom)) in enumerate(zip(sizes, outlets, strict=True)):
            truth = truths[size] if isinstance(truths, dict) else truths
            bounds = {"score": (float(low[place, 0]), float(high[place, 0]))}
            if beside and bottom.sum():
                bounds["percentile"] = resample(top, bottom, chance)
            for way, (one, other) in bounds.items():
                given = not np.isnan(one) and (bottom > 0).sum() >= MIN_ARTICLES
                rows.append((way, size, given, one <= truth <= other, (other - one) / truth))
    return pd.DataFrame(rows, columns=["way", "size", "given", "held", "width"])


def sum_rows(found: pd.DataFrame) -> pd.DataFrame:
    """Coverage and median width of those given, and how many are given, in per cent: a row per way and size."""
    given = found[found["given"]].groupby(["way", "size"])
    return pd.DataFrame(
        {
            "held": 100 * given["held"].mean(),
            "width": given["width"].median(),
            "given": 100 * found.groupby(["way", "size"])["given"].mean(),
        }
    )


def draw_mixed(
    chance: np.random.Generator, n: int, on: np.ndarray, *, share: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Outlet and actor of articles, n of each outlet; what is counted of each entry, a column each; and words, or 1."""
    outlets = np.repeat(np.arange(len(MIXED)), n)
    actors = np.concatenate([chance.choice(len(shares), n, p=shares) for shares in MIXED])
    holds = chance.random((len(outlets), len(on))) < on[:, outlets, actors].T
    if share:
        return outlets, actors, holds.astype(float), np.ones(len(outlets))
    words = np.maximum(chance.lognormal(np.log(400), 0.4, len(outlets)).round(), 30)
    rates = holds * chance.gamma(2, 0.010 / 2, holds.shape)
    return outlets, actors, chance.poisson(rates * words[:, None]).astype(float), words


def simulate_mixed(n_draws: int, n: int, *, share: bool = False) -> pd.DataFrame:
    """Draw corpora and tell for each outlet and world whether intervals are given, hold the truth at the same mix, and how wide they are.

    Ways: `fixed` at the same mix, `raw` as published.
    """
    each = np.stack([np.outer(differ, ON) * often for often, differ in MIXED_WORLDS.values()])
    on, worlds = np.tile(each, (min(TIMES, n_draws), 1, 1)), np.tile(list(MIXED_WORLDS), min(TIMES, n_draws))
    measure, rows = MEASURES["mentions"]["shares" if share else "rates"], []
    keys = pd.DataFrame({"entry": [f"{at:03}" for at in range(len(on))]})
    for at in range(max(1, n_draws // TIMES)):
        outlets, actors, tops, bottoms = draw_mixed(np.random.default_rng([SEED, at]), n, on, share=share)
        ids, days = pd.Series(np.arange(len(outlets)).astype(str)), pd.Series([pd.NaT] * len(outlets))
        names = {"outlet": pd.Series(outlets).astype(str), "actor": pd.Series(actors).astype(str)}
        articles = pd.DataFrame({"article_id": ids, "story": ids, "published": days, "n_words": bottoms.astype(int), **names})
        wide = np.repeat(bottoms[:, None], len(keys), axis=1)
        counts = Counts(articles, keys, {"top": tops, "bottom": wide, "counted": tops}, "mixed")
        raw = divide_counts(counts, measure, ["outlet"], 0.95)
        fixed = standardise(raw, counts, measure, "actor", 0.95)
        fine = (
            divide_counts(counts, measure, ["outlet", "actor"], 0.95)
            .pivot(index=["outlet", "entry"], columns="actor", values="low")
            .notna()
        )
        sizes = articles["actor"].value_counts().reindex(fine.columns)
        kept = fine[fine @ sizes >= sizes.sum() / 2].all()  # the actors that count: estimates.standardise
        weights = (sizes * kept / sizes[kept].sum()).reindex(map(str, range(len(ON))), fill_value=0).to_numpy()
        truths = measure.per * (1 if share else 0.010) * (on * weights).sum(axis=2).T.ravel()
        for way, table in (("fixed", fixed), ("raw", raw)):
            held, width = (table["low"] <= truths) & (truths <= table["high"]), (table["high"] - table["low"]) / truths
            world = np.tile(worlds, len(MIXED))
            rows.append(pd.DataFrame({"way": way, "world": world, "given": fixed["low"].notna(), "held": held, "width": width}))
    return pd.concat(rows, ignore_index=True)


def sum_mixed(found: pd.DataFrame) -> pd.DataFrame:
    """Coverage and median width of those given, and how many are given, in per cent: a row per way and world."""
    given = found.groupby(["way", "world"])["given"].mean()
    told = found[found["given"]].groupby(["way", "world"]).agg(held=("held", "mean"), width=("width", "median"))
    return told.assign(held=100 * told["held"], given=100 * given)


def write_mixed(n_draws: int) -> str:
    """The table of the book, at the same mix."""
    rows = [f"| articles of the outlet | {' | '.join(map(str, MIXED_SIZES))} |", f"|---|{'--:|' * len(MIXED_SIZES)}"]
    for start, share in (("rate", False), ("share of articles", True)):
        tables = [sum_mixed(simulate_mixed(n_draws, n, share=share))["held"] for n in MIXED_SIZES]
        named = {f"{start}, at the same mix of actors{world}": ("fixed", world) for world in MIXED_WORLDS}
        for name, key in (named | {f"*{start}, as published*": ("raw", "")}).items():
            rows.append(f"| {name} | {' | '.join(f'{held[key]:.1f}%' for held in tables)} |")
    return "\n".join(rows)


def write_table(n_corpora: int) -> str:
    """The tables of the book."""
    rows = [f"| articles of the outlet | {' | '.join(map(str, SIZES))} |", f"|---|{'--:|' * len(SIZES)}"]
    for world in WORLDS:
        table = sum_rows(simulate(world, n_corpora, beside=world == "rate"))
        for way in ("score", "percentile"):
            if way in table.index.get_level_values("way"):
                name = f"*{world}, percentile bootstrap*" if way == "percentile" else world
                rows.append(f"| {name} | {' | '.join(f'{held:.1f}%' for held in table.loc[way, 'held'])} |")
    return "\n".join([*rows, "", write_mixed(n_corpora)])


def run_simulation(doc: str | None, table: Path, write: Callable[[int], str], show: Callable[[int], None]) -> None:
    """Read the command line: write the table of the book, or show the figures."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=2000, help="number of corpora")
    parser.add_argument("--table", action="store_true", help=f"write {table.name}, which the book includes")
    given = parser.parse_args()
    if given.table:
        table.write_text(write(given.n) + "\n", "utf8")
    else:
        show(given.n)


def show_worlds(n: int) -> None:
    """Show coverage and width in all worlds, and of an outlet alone."""
    for world in WORLDS:
        print(world, sum_rows(simulate(world, n, beside=True)).round(2), sep="\n")
    for share in (False, True):
        for size in MIXED_SIZES:
            print(
                "same mix",
                "share" if share else "rate",
                size,
                sum_mixed(simulate_mixed(n, size, share=share)).round(2),
                sep="\n",
                flush=True,
            )
    for size in (15, 30, 60, 120):
        print("rate, alone", size, sum_rows(simulate("rate", n, sizes=(size,))).round(2).to_string(header=False))


if __name__ == "__main__":
    run_simulation(__doc__, TABLE, write_table, show_worlds)
