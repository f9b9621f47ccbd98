"""A world of three articles, written for the purpose, in which every number can be counted by finger."""

from __future__ import annotations

import pandas as pd

from toolkit.codebooks import Codebook, Entry
from toolkit.tables import make_table

TEXTS = {  # id: (outlet, published, url, sentences)
    "a1": ("a.com", "2017-02-06", "https://a.com/1", ["Troops shelled Kyiv.", "Kyiv asked for peace."]),
    "a2": ("a.com", "2017-02-14", "javascript:alert(1)", ["Rebels shelled the town.", "Nothing else."]),
    "a3": ("b.co.uk", "2017-02-15", None, ["Peace came to Kyiv."]),
}
WORDS = {
    "shelled": ("frames", "war/violence"),
    "peace": ("frames", "peace"),
    "Peace": ("frames", "peace"),
    "Kyiv": ("actors", "UKR"),
}


def make_book(id: str, kind: str, labels: dict[str, str]) -> Codebook:
    entries = tuple(
        Entry(
            id=entry,
            label=label,
            meaning="",
            type="",
            patterns=(),
            protects=(),
            rejected={},
            roles=(),
            parent=entry.rpartition("/")[0],
            line=1,
        )
        for entry, label in labels.items()
    )
    return Codebook(
        id=id, kind=kind, version="1", licence="MIT", source="", overlap="key", entries=entries, sha256="", path_name=f"{id}.yml"
    )


BOOKS = [
    make_book("frames", "frames", {"war": "War", "war/violence": "Violence", "peace": "Peace"}),
    make_book("actors", "actors", {"UKR": "Ukraine", "RUS": "Russia"}),
]


def make_world(texts: dict[str, tuple[str, str, str | None, list[str]]] = TEXTS) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Articles, sentences and mentions."""
    rows: list[dict[str, object]] = []
    sentences: list[dict[str, object]] = []
    mentions: list[dict[str, object]] = []
    for id, (outlet, published, url, parts) in texts.items():
        text = " ".join(parts)
        rows.append(
            {
                "article_id": id,
                "outlet": outlet,
                "published": published,
                "headline": None,
                "byline": None,
                "dateline": None,
                "text": text,
            }
            | {"url": url, "source_path": "x.csv", "source_row": 1, "n_words": len(text.split()), "story": id}
        )
        for number, part in enumerate(parts):
            start = text.index(part)
            sentences.append(
                {
                    "article_id": id,
                    "sentence": number,
                    "paragraph": number,
                    "part": "body",
                    "start": start,
                    "end": start + len(part),
                }
                | {"quoted": False, "n_words": len(part.split())}
            )
            for word, (book, entry) in WORDS.items():
                if word in part:
                    at = start + part.index(word)
                    mentions.append(
                        {
                            "article_id": id,
                            "sentence": number,
                            "start": at,
                            "end": at + len(word),
                            "surface": word,
                            "codebook": book,
                        }
                        | {"entry": entry, "pattern": word, "via": "pattern", "use": ""}
                    )
    return (
        make_table("Articles", pd.DataFrame(rows).to_dict("list")),
        make_table("Sentences", pd.DataFrame(sentences).to_dict("list")),
        make_table("Mentions", pd.DataFrame(mentions).to_dict("list") or None),
    )


def make_estimates(rows: list[dict[str, object]], quantity: str = "rate") -> pd.DataFrame:
    """Estimates from what differs between the rows; intervals of one either way."""
    unit = {"rate": "mentions per 1,000 words", "share of articles": "share of articles"}.get(
        quantity, "share of the sentences that mention the actor"
    )
    common = {
        "quantity": quantity,
        "unit": unit,
        "level": 0.95,
        "n_words": 500,
        "method": "bootstrap of articles",
        "seed": 1,
        "note": "",
    }
    width = 1.0 if quantity == "rate" else 0.01
    full = []
    for row in rows:
        number = float(str(row["estimate"]))
        interval = {"low": number - width, "high": number + width}
        groups = {key: value for key, value in row.items() if key in ("outlet", "week", "day", "month", "actor")}
        full.append({**groups, "codebook": "frames", "entry": "war", **common, **interval, "n_mentions": 1, "n_articles": 2, **row})
    names = [
        "codebook",
        "entry",
        "quantity",
        "unit",
        "estimate",
        "low",
        "high",
        "level",
        "n_mentions",
        "n_articles",
        "n_words",
        "method",
    ]
    groups_first = [key for key in full[0] if key not in [*names, "seed", "note"]]
    table = pd.DataFrame(full)[[*groups_first, *names, "seed", "note"]]
    return make_table("Estimates", table.to_dict("list"))


RATES = make_estimates(
    [
        {"outlet": "a.com", "entry": "war", "estimate": 12.0, "n_mentions": 2},
        {"outlet": "a.com", "entry": "peace", "estimate": 3.0, "n_mentions": 1},
        {"outlet": "b.co.uk", "entry": "war", "estimate": 0.0, "low": 0.0, "high": 4.0, "n_mentions": 0, "n_articles": 1},
        {"outlet": "b.co.uk", "entry": "peace", "estimate": 9.5, "n_mentions": 1, "n_articles": 1},
    ]
)
PAIRS = make_estimates(
    [
        {"actor": "UKR", "entry": "war", "estimate": 1 / 3, "n_mentions": 1},
        {"actor": "UKR", "entry": "peace", "estimate": 2 / 3, "n_mentions": 2},
    ],
    "share of sentences",
)
WEEKS = make_estimates(
    [
        {"week": "2017-02-06", "estimate": 10.0},
        {"week": "2017-02-13", "estimate": 11.0},
        {"week": "2017-02-27", "estimate": 2.0, "n_mentions": 0},
    ]
)
