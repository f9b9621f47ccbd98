"""Tables of Counts and Pairs for tests, and their estimates."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.counting.counts import Counts
from toolkit.estimating.estimates import MEASURES, divide_counts, list_groups
from toolkit.tables import make_table


def make_counts(
    rows: Sequence[tuple[int, int]],
    *,
    outlet: Sequence[str | None] | str = "x.com",
    published: Sequence[str | None] | str = "2017-02-08",
    story: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Counts of the entry `war`, one article per (mentions, words), each its own story."""
    mentions, words = [row[0] for row in rows], [row[1] for row in rows]
    ids = [f"a{at:04}" for at in range(len(rows))]
    return make_table(
        "Counts",
        {
            "article_id": ids,
            "outlet": outlet,
            "published": published,
            "story": ids if story is None else story,
            "codebook": "book",
            "entry": "war",
            "n_mentions": mentions,
            "n_sentences_with": [min(n, 5) for n in mentions],
            "n_sentences": 5,
            "n_words": words,
        },
    )


def make_pairs(rows: Sequence[tuple[int, int]], *, actor: str = "UKR", entry: str = "war") -> pd.DataFrame:
    """Pairs of an actor and an entry, one article per (sentences with both, sentences with the actor)."""
    return make_table(
        "Pairs",
        {
            "article_id": [f"a{at:04}" for at in range(len(rows))],
            "outlet": "x.com",
            "published": "2017-02-08",
            "story": [f"a{at:04}" for at in range(len(rows))],
            "actor": actor,
            "codebook": "book",
            "entry": entry,
            "n_both": [both for both, _ in rows],
            "n_actor": [n for _, n in rows],
            "n_entry": [both for both, _ in rows],
            "n_sentences": 9,
        },
    )


def make_grid(table: pd.DataFrame) -> Counts:
    """Counts of a table of Counts or Pairs."""
    keys = [name for name in ("actor", "entry") if name in table]
    articles = table.drop_duplicates("article_id").sort_values("article_id", ignore_index=True)
    if "n_words" not in articles:
        articles = articles.assign(n_words=0)
    columns = table[keys].drop_duplicates().reset_index(drop=True)
    places = {key: place for place, key in enumerate(columns.itertuples(index=False, name=None))}
    rows = {id: row for row, id in enumerate(articles["article_id"])}
    values = {}
    for name in ("n_mentions", "n_both", "n_actor", "n_entry"):
        if name in table:
            values[name] = np.zeros((len(articles), len(columns)))
            for row in table.to_dict("records"):
                values[name][rows[row["article_id"]], places[tuple(row[key] for key in keys)]] = row[name]
    base = articles[["article_id", "outlet", "published", "story", "n_sentences", "n_words"]]
    return Counts(base, columns, values, "book")


def estimate(kind: str, table: pd.DataFrame, *, by: str | Sequence[str] = (), level: float = 0.95):
    """Estimates of a table of Counts (rates, shares) or Pairs."""
    grid = make_grid(table)
    if kind == "pairs":
        both, actor = grid.values["n_both"], grid.values["n_actor"]
        grid = replace(grid, values={"top": both, "bottom": actor, "counted": both})
        return divide_counts(grid, MEASURES["mentions"]["together"], list_groups(by), level)
    n = grid.values["n_mentions"]
    words = np.repeat(grid.articles["n_words"].to_numpy(dtype=float)[:, None], n.shape[1], axis=1)
    tops, bottoms, measure = {
        "rates": (n, words, MEASURES["mentions"]["rates"]),
        "shares": ((n > 0).astype(float), np.ones_like(n), MEASURES["mentions"]["shares"]),
    }[kind]
    grid = replace(grid, values={"top": tops, "bottom": bottoms, "counted": n})
    return divide_counts(grid, measure, list_groups(by), level)
