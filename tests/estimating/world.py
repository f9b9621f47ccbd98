"""Tables of Counts and Pairs for tests."""

from collections.abc import Sequence

import pandas as pd

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
            "score": mentions,
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
