"""Do corrected shares hold the truth? python -m tests.validity.simulate_corrections [--n 2000] [--table]

Corpora with known truth, drawn by seed: outlets whose articles have some 25 sentences, more or fewer; some articles are on the topic, and
of their sentences a share holds the entry, skewed from article to article. A machine finds the entry with a recall of 30 to 70 % and a
precision of 40 to 90 %, other ones in each outlet. Sentences are drawn for coding as `sample_sentences` draws them: half with what the
machine found, evenly over outlets. Three intervals are compared: of the raw share of sentences that the machine found; of the
coded sample alone, weighted by chances; and of the corrected share. For the share of articles, articles are drawn whole in the same way:
half of those in which the machine found a sentence.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from tests.validity.simulate_intervals import run_simulation
from toolkit.coding.sampling import share_out
from toolkit.estimating.corrections import MIN_CODED, correct_shares
from toolkit.estimating.intervals import Sums, bound_scores, find_spread, sum_up

SEED = 20170208
TABLE = Path(__file__).parents[2] / "book" / "_figures" / "corrections.md"


class World(NamedTuple):
    """What is drawn: outlets, articles of each, how much is coded, articles on the topic, share of their and other sentences with it."""

    n_outlets: int
    n_articles: int
    n_coded: int
    on: float = 0.25
    within: float = 0.15
    other: float = 0.004
    whole: bool = False


WORLDS = {
    "9 outlets of 100 articles, 200 sentences coded": World(9, 100, 200),
    "400 coded": World(9, 100, 400),
    "900 coded": World(9, 100, 900),
    "small: outlets of 20 articles, 400 coded": World(9, 20, 400),
    "rare: one sentence in 150, 900 coded": World(9, 100, 900, 0.1, 0.05),
    "3 outlets of 300 articles, 300 coded": World(3, 300, 300),
    "share of articles: 9 outlets of 100, 180 articles coded whole": World(9, 100, 180, whole=True),
    "share of articles: 9 outlets of 100, 360 coded whole": World(9, 100, 360, whole=True),
    "share of articles: 9 outlets of 300, 180 coded whole, rare": World(9, 300, 180, 0.1, 0.05, 0.001, whole=True),
    "share of articles: 3 outlets of 300, 150 coded whole": World(3, 300, 150, whole=True),
}


def draw_articles(chance: np.random.Generator, world: World) -> tuple[np.ndarray, np.ndarray]:
    """How many sentences articles have, and with which chance each of them holds the entry."""
    sizes = np.maximum(chance.lognormal(np.log(22), 0.5, world.n_articles).round().astype(int), 4)
    is_on = chance.random(world.n_articles) < world.on
    return sizes, np.where(is_on, chance.beta(2, 2 / world.within - 2, world.n_articles), world.other)


def draw_outlet(
    chance: np.random.Generator, world: World, machine: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Article, whether it holds the entry and whether the machine says so, a row per sentence; and the true share."""
    sizes, rates = draw_articles(chance, world)
    holds = chance.random(sizes.sum()) < np.repeat(rates, sizes)
    truth = world.on * world.within + (1 - world.on) * world.other
    recall, precision = machine
    false = truth * recall * (1 - precision) / precision / (1 - truth)
    loose = np.repeat(chance.gamma(0.5, 2, world.n_articles), sizes)  # false alarms come in bursts, too
    found = chance.random(len(holds)) < np.where(holds, recall, np.minimum(false * loose, 1))
    return np.repeat(np.arange(world.n_articles), sizes), holds, found, truth


def judge_articles(
    article: np.ndarray, holds: np.ndarray, found: np.ndarray, truth: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """The same of an outlet's articles: whether a sentence of each holds the entry, and whether the machine found one."""
    either = [np.bincount(article, one) > 0 for one in (holds, found)]
    return np.arange(len(either[0])), either[0], either[1], truth


def find_true_share(world: World) -> float:
    """The true share of articles: of an article with n sentences, each of which holds the entry with chance p, 1 - (1 - p)^n."""
    chance = np.random.default_rng(SEED)
    many = world._replace(n_articles=1_000_000)
    sizes, rates = draw_articles(chance, many)
    return float((1 - (1 - rates) ** sizes).mean())


def sum_coded(holds: np.ndarray, found: np.ndarray, n: tuple[int, int], chance: np.random.Generator) -> np.ndarray:
    """Draw sentences of an outlet, found and not: number, weights, their squares, weights of those that hold the entry."""
    summed = []
    for some, wanted in ((np.flatnonzero(found), n[0]), (np.flatnonzero(~found), n[1])):
        drawn = chance.choice(some, min(wanted, len(some)), replace=False)
        weight = len(some) / max(len(drawn), 1)
        summed.append((len(drawn), weight * len(drawn), weight**2 * len(drawn), weight * holds[drawn].sum()))
    return np.array(summed).T


def bound_alone(coded: np.ndarray) -> tuple[float, float]:
    """Jeffreys's interval of the weighted share of the coded sample, with the effective number of Kish."""
    _, weights, squares, yes = coded.sum(axis=1)
    n, share = weights**2 / squares, yes / weights
    low, high = betaincinv(n * share + 0.5, n * (1 - share) + 0.5, [0.025, 0.975])
    return low if share > 0 else 0.0, high


def simulate(world: World, n_corpora: int) -> pd.DataFrame:
    """Draw corpora and tell for each outlet and way whether its interval is given, holds the truth, and how wide it is."""
    fixed = np.random.default_rng(SEED)
    machines = [(fixed.uniform(0.3, 0.7), fixed.uniform(0.4, 0.9)) for _ in range(world.n_outlets)]
    rows, true_share = [], find_true_share(world) if world.whole else 0.0
    for at in range(n_corpora):
        chance = np.random.default_rng([SEED, at])
        drawn = [draw_outlet(chance, world, machine) for machine in machines]
        if world.whole:
            drawn = [judge_articles(article, holds, found, true_share) for article, holds, found, _ in drawn]
        hits, others = (share_out([int((found == side).sum()) for *_, found, _ in drawn], world.n_coded // 2) for side in (True, False))
        coded = [sum_coded(holds, found, n, chance) for (_, holds, found, _), n in zip(drawn, zip(hits, others, strict=True), strict=True)]
        summed = [
            sum_up(np.bincount(article, found)[:, None], np.bincount(article)[:, None].astype(float), share=True)
            for article, _, found, _ in drawn
        ]
        sums = Sums(*(np.stack(values) for values in zip(*summed, strict=True)))
        spread, raw = find_spread(sums, 0.95, share=True), sums.top / sums.bottom
        sizes = np.hstack([sums.top, sums.bottom - sums.top])
        parts = dict(zip(("n", "weight", "square", "yes"), np.stack(coded, axis=1), strict=True))
        _, low, high = correct_shares(sizes, spread[:, 0], parts, 0.95)
        given = (parts["n"] >= np.minimum(MIN_CODED, sizes)).all(axis=1)
        raw_low, raw_high = bound_scores(raw, spread, share=True)
        for place, (*_, truth) in enumerate(drawn):
            bounds = {
                "raw": (raw_low[place, 0], raw_high[place, 0]),
                "alone": bound_alone(coded[place]),
                "corrected": (low[place], high[place]),
            }
            rows += [(way, bool(given[place]), one <= truth <= other, other - one) for way, (one, other) in bounds.items()]
    return pd.DataFrame(rows, columns=["way", "given", "held", "width"])


def sum_rows(found: pd.DataFrame) -> pd.DataFrame:
    """Coverage and mean width of the intervals that are given, and the share given, in per cent, a row per way."""
    given = found[found["given"]].groupby("way")
    return 100 * given[["held", "width"]].mean().assign(given=found.groupby("way")["given"].mean())


def write_table(n_corpora: int) -> str:
    """The table of the book."""
    rows = [
        "| corpora | raw holds the truth | coded sample alone | corrected | mean width: raw | coded sample alone | corrected |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, world in WORLDS.items():
        table = sum_rows(simulate(world, n_corpora)).loc[["raw", "alone", "corrected"]]
        cells = [f"{held:.1f}%" for held in table["held"]] + [f"{width:.1f}" for width in table["width"]]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def show_worlds(n: int) -> None:
    """Show coverage and width in all worlds."""
    for name, world in WORLDS.items():
        print(name, sum_rows(simulate(world, n)).round(2), sep="\n")


if __name__ == "__main__":
    run_simulation(__doc__, TABLE, write_table, show_worlds)
