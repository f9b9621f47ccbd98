"""Files of any format become Articles; article text becomes Sentences."""

from toolkit.parsing.corpora import (
    Corpus,
    cache_folder,
    fetch_corpus,
    hash_source,
    join_corpora,
    list_corpora,
    read_article,
    read_articles,
    read_corpus,
    read_parts,
    write_corpus,
)
from toolkit.parsing.duplicates import find_duplicates
from toolkit.parsing.sentences import split_sentences

__all__ = [
    "Corpus",
    "cache_folder",
    "fetch_corpus",
    "find_duplicates",
    "hash_source",
    "join_corpora",
    "list_corpora",
    "read_article",
    "read_articles",
    "read_corpus",
    "read_parts",
    "split_sentences",
    "write_corpus",
]
