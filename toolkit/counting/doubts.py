"""What is doubtful among mentions of actors: capitals of which the use is undecided, and persons named out of office."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.codebooks import Role
from toolkit.counting.conditions import keep_dated
from toolkit.counting.mentions import Mentions

_AROUND = 60  # characters shown on either side


def list_undecided(mentions: Mentions, *, most: int = 12, n_contexts: int = 2) -> pd.DataFrame:
    """List the names of which the rules do not know whether a place or an actor is meant, to be read and judged.

    Args:
        mentions: Mentions of actors.
        most: How many names, those most often undecided first.
        n_contexts: How many places of the corpus are shown for each: spread evenly over its mentions.

    Returns:
        One row per name: `name`, `actor`, `n_undecided`, `n_mentions` (of this name), `for_example` (the words around it).
    """
    texts, rows, found = mentions.corpus.texts, [], mentions.rows
    undecided = found[found["use"] == "undecided"]
    totals = found[found["pattern"].isin(undecided["pattern"].unique())].groupby(["pattern", "entry"]).size()
    for (name, actor), own in undecided.groupby(["pattern", "entry"]):
        some = own.iloc[[(2 * n + 1) * len(own) // (2 * n_contexts) for n in range(min(n_contexts, len(own)))]]
        spans = zip(some["article_id"], some["start"], some["end"], strict=True)
        contexts = [" ".join(texts[id][max(0, start - _AROUND) : end + _AROUND].split()) for id, start, end in spans]
        label = mentions.codebook.labels.get(actor, actor)
        rows.append((name, label, len(own), int(totals[name, actor]), " … ".join(["", *contexts, ""]).strip()))
    table = pd.DataFrame(rows, columns=["name", "actor", "n_undecided", "n_mentions", "for_example"])
    return table.sort_values(["n_undecided", "name"], ascending=[False, True], ignore_index=True).head(most)


def list_out_of_office(mentions: Mentions) -> pd.DataFrame:
    """List the persons named outside the dates of every office that the codebook has for them: does it cover the years of this corpus?

    A critic would ask whether that is a fault. Mostly it is not: former presidents stay in the news. But if most mentions of a corpus fall
    outside, the codebook covers other years, and offices (`the US president`) cannot be resolved.

    Args:
        mentions: Mentions of actors; articles without a date are left out.

    Returns:
        One row per person who has an office with a first or last day and is named outside all of them, most often first: `actor`,
        `n_outside`, `n_mentions` (on any day), `first_day` and `last_day` outside, `offices`.
    """
    articles, entries = mentions.corpus.articles, mentions.codebook.entries
    labels = {entry.id: entry.label for entry in entries}
    dated = {entry.id: [role for role in entry.roles if role.start or role.end] for entry in entries}
    own = mentions.rows[mentions.rows["entry"].isin([id for id, roles in dated.items() if roles])]
    own = own.merge(articles[["article_id", "published"]], on="article_id").dropna(subset="published")
    rows = []
    for id, named in own.groupby("entry"):
        day = named["published"].to_numpy().astype("datetime64[D]")
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
