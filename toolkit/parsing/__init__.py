"""Files of any format become Articles; article text becomes Sentences."""

from toolkit.parsing.cleaning import explain_article, explain_cleaning, list_left_out
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
    read_raw,
    write_corpus,
)
from toolkit.parsing.duplicates import find_duplicates
from toolkit.parsing.flags import find_flags
from toolkit.parsing.learning import learn_boilerplate
from toolkit.parsing.sentences import split_sentences

__all__ = [
    "Corpus",
    "cache_folder",
    "explain_article",
    "explain_cleaning",
    "fetch_corpus",
    "find_duplicates",
    "find_flags",
    "hash_source",
    "join_corpora",
    "learn_boilerplate",
    "list_corpora",
    "list_left_out",
    "read_article",
    "read_articles",
    "read_corpus",
    "read_raw",
    "split_sentences",
    "write_corpus",
]
