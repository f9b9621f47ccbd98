"""Attributions and articles for tests, in as few words as can be."""

from collections.abc import Mapping, Sequence

import pandas as pd

from toolkit.tables import TABLES, make_table


def make_articles(outlets: Mapping[str, str | None]) -> pd.DataFrame:
    """Articles by id and outlet."""
    given: dict[str, object] = dict.fromkeys(column.name for column in TABLES["Articles"].columns if column.missing)
    given |= {"article_id": list(outlets), "outlet": list(outlets.values()), "text": "", "source_path": "x", "n_words": 0}
    given |= {"story": list(outlets)} if "story" in {column.name for column in TABLES["Articles"].columns} else {}
    return make_table("Articles", {column.name: given[column.name] for column in TABLES["Articles"].columns})


def make_attributions(rows: Sequence[tuple[str, str | None]], **columns: Sequence[object]) -> pd.DataFrame:
    """Attributions by article and name of the source; ten words each, unless columns say otherwise."""
    numbers: dict[str, int] = {}
    order = [numbers.update({article: numbers.get(article, -1) + 1}) or numbers[article] for article, _ in rows]
    given: dict[str, object] = dict.fromkeys(column.name for column in TABLES["Attributions"].columns if column.missing)
    given |= {
        "article_id": [article for article, _ in rows],
        "attribution": order,
        "sentence": order,
        "source_name": [name for _, name in rows],
    }
    given |= {"source_type": "named person", "withheld": False, "cue_kind": "neutral", "content_start": 0, "content_end": 9}
    given |= {"content_kind": "indirect", "n_words": 10, **columns}
    return make_table("Attributions", {column.name: given[column.name] for column in TABLES["Attributions"].columns})
