"""What is doubtful among mentions of actors: capitals of which the use is undecided."""

from __future__ import annotations

import pandas as pd

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
