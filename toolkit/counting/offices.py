"""Persons named in articles of days on which they held none of the offices that the codebook knows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.codebooks import Codebook, Role
from toolkit.counting.conditions import keep_dated


def list_out_of_office(mentions: pd.DataFrame, articles: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """List the persons named outside the dates of every office that the codebook has for them: is it for the years of this corpus?

    A critic would ask whether that is a fault. Mostly it is not: a former president is still news. But where most of a corpus is outside,
    the codebook is of other years, and offices (`the US president`) resolve to nobody.

    Args:
        mentions: Mentions.
        articles: Articles; those without a day are left out.
        codebook: The actors codebook of the mentions.

    Returns:
        One row per person who has an office with a first or last day and is named outside all of them, most often first: `actor`,
        `n_outside`, `n_mentions` (on any day), `first_day` and `last_day` outside, `offices`.

    Example:
        >>> from toolkit import find_mentions, read_codebook, read_corpus, split_sentences
        >>> news, book = read_corpus("ukraine-korea"), read_codebook("actors")
        >>> later = news.articles.assign(published=pd.to_datetime(["2025-09-01"]))
        >>> table = list_out_of_office(find_mentions(later, split_sentences(later), book), later, book)
        >>> table[["actor", "n_outside", "offices"]].values.tolist()[0]
        ['Rustem Umerov', 3, 'Defense Minister of Ukraine (2023-09-06 to 2025-07-17)']
    """
    labels = {entry.id: entry.label for entry in codebook.entries}
    dated = {entry.id: [role for role in entry.roles if role.start or role.end] for entry in codebook.entries}
    days = pd.Series(articles["published"].to_numpy().astype("datetime64[D]"), index=articles["article_id"])
    own = mentions[(mentions["codebook"] == codebook.id) & mentions["entry"].isin([id for id, roles in dated.items() if roles])]
    own = own.assign(day=days.loc[own["article_id"]].to_numpy()).dropna(subset="day")
    rows = []
    for id, named in own.groupby("entry"):
        day = named["day"].to_numpy().astype("datetime64[D]")
        bounds = np.array([(role.start, role.end) for role in dated[id]], dtype="datetime64[D]")
        outside = day[~keep_dated(bounds[:, :1], bounds[:, 1:], day).any(axis=0)]  # offices × mentions
        if len(outside):
            offices = "; ".join(_say_role(role, labels) for role in dated[id])
            rows.append((labels[id], len(outside), len(day), str(outside.min()), str(outside.max()), offices))
    table = pd.DataFrame(rows, columns=["actor", "n_outside", "n_mentions", "first_day", "last_day", "offices"])
    return table.sort_values(["n_outside", "actor"], ascending=[False, True], ignore_index=True)


def _say_role(role: Role, labels: dict[str, str]) -> str:
    """An office in words, with its days."""
    of = f" of {labels[role.of]}" if role.of in labels else ""
    days = " ".join(f"{word} {day}" for word, day in (("from", role.start), ("to", role.end)) if day is not None)
    return f"{role.title}{of} ({days.removeprefix('from ') if role.end else days})"
