"""Build small articles, sentences and codebooks for tests."""

from collections.abc import Mapping, Sequence

import pandas as pd

from toolkit.codebooks import Codebook, Entry, Pattern
from toolkit.counting import Mentions, find_mentions
from toolkit.parsing import Corpus, split_sentences
from toolkit.parsing.corpus import is_searched
from toolkit.parsing.words import count_words
from toolkit.tables import make_table


def make_articles(texts: Mapping[str, str], **columns: Sequence[object]) -> pd.DataFrame:
    """Articles by id; columns such as `outlet` may be given."""
    n = len(texts)
    given = {
        "article_id": list(texts),
        "outlet": ["x.com"] * n,
        "published": ["2017-02-08"] * n,
        **dict.fromkeys(("headline", "byline", "dateline"), [None] * n),
        "text": list(texts.values()),
        "url": [None] * n,
        "source_path": ["x.csv"] * n,
        "source_row": list(range(1, n + 1)),
        "n_words": [count_words(text) for text in texts.values()],
        "story": list(texts),
    }
    return make_table("Articles", given | columns)


def make_world(pieces: Mapping[str, Sequence[tuple[str, str]]], **columns: Sequence[object]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Articles and Sentences; each article is a list of (part, sentence), which stand in its text with one space between."""
    texts = {id: " ".join(sentence for _, sentence in sentences) for id, sentences in pieces.items()}
    rows = []
    for id, sentences in pieces.items():
        start = 0
        for number, (part, sentence) in enumerate(sentences):
            rows.append((id, number, 0, part, "", start, start + len(sentence), False, count_words(sentence)))
            start += len(sentence) + 1
    names = ("article_id", "sentence", "paragraph", "part", "step", "start", "end", "quoted", "n_words")
    given = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return make_articles(texts, **columns), make_table("Sentences", given)


def make_text(*sentences: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One article of body sentences."""
    return make_world({"a": [("body", sentence) for sentence in sentences]})


def make_pattern(given: str | tuple[str, str] | Pattern, *, case: bool = False) -> Pattern:
    """A pattern, given by its text, by (text, via), or as it is."""
    if isinstance(given, Pattern):
        return given
    text, via = (given, "pattern") if isinstance(given, str) else given
    return Pattern(text, via, case, 1)


def make_entry(
    id: str, patterns: Sequence[str | tuple[str, str] | Pattern] = (), *, protects: Sequence[str | Pattern] = (), case: bool = False
) -> Entry:
    """One entry."""
    return Entry(
        id=id,
        label=id,
        meaning="",
        type="",
        patterns=tuple(make_pattern(pattern, case=case) for pattern in patterns),
        protects=tuple(make_pattern(pattern, case=case) for pattern in protects),
        rejected={},
        roles=(),
        parent=id.rpartition("/")[0],
        line=1,
    )


def make_book(*entries: Entry, kind: str = "frames", overlap: str = "key", id: str = "book") -> Codebook:
    """A codebook."""
    return Codebook(
        id=id,
        kind=kind,
        version="1",
        licence="MIT",
        source="for tests",
        overlap=overlap,
        entries=entries,
        sha256="",
        path_name="book.yml",
    )


def list_found(mentions: pd.DataFrame) -> list[list[str]]:
    """Surface and entry of each mention."""
    return mentions[["surface", "entry"]].to_numpy().tolist()


def make_corpus(articles: pd.DataFrame, sentences: pd.DataFrame | None = None, **fields: object) -> Corpus:
    """A corpus of tables; nothing made of it is kept."""
    spans = split_sentences(articles) if sentences is None else sentences
    tables = {name: make_table(name.capitalize()) for name in ("refused", "repairs", "origins", "flags", "learned")}
    given = {"articles": articles, "spans": spans, "kept": is_searched(spans), **tables, **fields}
    return Corpus("toy", "A toy", "", "0" * 64, **given)


def find(
    articles: pd.DataFrame,
    sentences: pd.DataFrame | None,
    book: Codebook,
    entries: Sequence[str] | str = (),
    uses: str = "all",
    **options: bool,
) -> Mentions:
    """What is found of a codebook in tables, everything counted unless `uses` says otherwise."""
    return find_mentions(make_corpus(articles, sentences), book, entries, uses=uses, **{"roles": uses == "all", **options})
