"""Files of any format become Articles; article text becomes Sentences."""

from toolkit.parsing.cleaning import explain_article, explain_cleaning, list_left_out
from toolkit.parsing.corpora import (
    Corpus,
    cache_folder,
    fetch_corpus,
    hash_source,
    list_corpora,
    read_article,
    read_articles,
    read_corpus,
    read_parts,
    read_raw,
    read_to_file,
    write_corpus,
)
from toolkit.parsing.flags import find_flags
from toolkit.parsing.learning import learn_boilerplate
from toolkit.parsing.quotations import Quotation, find_quotations
from toolkit.parsing.sentences import split_sentences
from toolkit.parsing.stories import find_firsts, find_stories

__all__ = [
    "Corpus",
    "Quotation",
    "cache_folder",
    "explain_article",
    "explain_cleaning",
    "fetch_corpus",
    "find_firsts",
    "find_flags",
    "find_quotations",
    "find_stories",
    "hash_source",
    "learn_boilerplate",
    "list_corpora",
    "list_left_out",
    "read_article",
    "read_articles",
    "read_corpus",
    "read_parts",
    "read_raw",
    "read_to_file",
    "split_sentences",
    "write_corpus",
]
