"""Files of any format become Articles; article text becomes Sentences."""

from toolkit.parsing.corpora import (
    Corpus,
    cache_folder,
    fetch_corpus,
    hash_source,
    list_corpora,
    read_article,
    read_articles,
    read_corpus,
    read_to_file,
    write_corpus,
)
from toolkit.parsing.quotations import Quotation, find_quotations
from toolkit.parsing.sentences import split_sentences
from toolkit.parsing.stories import find_firsts, find_stories

__all__ = [
    "Corpus",
    "Quotation",
    "cache_folder",
    "fetch_corpus",
    "find_firsts",
    "find_quotations",
    "find_stories",
    "hash_source",
    "list_corpora",
    "read_article",
    "read_articles",
    "read_corpus",
    "read_to_file",
    "split_sentences",
    "write_corpus",
]
