"""Files of any format become a Corpus: articles, and their sentences."""

from toolkit.parsing.corpora import hash_source, read_article, read_corpus, read_parts, read_to_file
from toolkit.parsing.corpus import Corpus
from toolkit.parsing.fetch import fetch_corpus, list_corpora
from toolkit.parsing.flags import find_flags
from toolkit.parsing.learning import learn_boilerplate
from toolkit.parsing.quotations import Quotation, find_quotations
from toolkit.parsing.sentences import split_sentences
from toolkit.parsing.store import cache_folder
from toolkit.parsing.stories import find_firsts, find_stories

__all__ = [
    "Corpus",
    "Quotation",
    "cache_folder",
    "fetch_corpus",
    "find_firsts",
    "find_flags",
    "find_quotations",
    "find_stories",
    "hash_source",
    "learn_boilerplate",
    "list_corpora",
    "read_article",
    "read_corpus",
    "read_parts",
    "read_to_file",
    "split_sentences",
]
