"""Find articles that have the same text."""

from __future__ import annotations

import hashlib

import pandas as pd

from toolkit.parsing.words import fold
from toolkit.tables import make_table


def find_duplicates(articles: pd.DataFrame) -> pd.DataFrame:
    """Find the articles whose text another has too, headlines, case and white space apart; a standfirst is part of the text.

    Nothing is dropped: whether a text printed twice counts twice is for the reader of a number to know.

    Args:
        articles: Articles.

    Returns:
        Duplicates, one row per article but the earliest of each text; of two of the same day the smaller id is the earlier.

    Source: our choice; near duplicates are not looked for.

    Example:
        >>> from toolkit.parsing import read_corpus
        >>> len(find_duplicates(read_corpus("ukraine-korea").articles))
        0
    """
    bodies = [
        text[len(headline) :] if isinstance(headline, str) and text.startswith(headline) else text
        for text, headline in zip(articles["text"], articles["headline"], strict=True)
    ]
    hashes = [hashlib.sha256(" ".join(fold(body).split()).encode()).hexdigest() for body in bodies]
    ordered = articles.assign(body=hashes).sort_values(["published", "article_id"], na_position="last")
    first = ordered.groupby("body", sort=False)["article_id"].transform("first")
    later = ordered["article_id"] != first
    found = pd.DataFrame({"article_id": ordered.loc[later, "article_id"], "first_article_id": first[later]}).sort_values("article_id")
    return make_table("Duplicates", {name: found[name].tolist() for name in found})
