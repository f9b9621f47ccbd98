"""Make in advance what several pages of a book, or several calls, will ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from toolkit.codebooks import read_codebook
from toolkit.counting.discovering import find_names
from toolkit.counting.mentions import find_mentions
from toolkit.counting.sourcing.attributions import find_attributions
from toolkit.parsing import read_corpus


def prepare_corpus(name: str, codebooks: Sequence[str], *, speech: bool, advance: Callable[[str], object] = lambda _: None) -> None:
    """Fill the cache with the tables of a corpus: articles, sentences, mentions by codebook, names, who says what.

    Args:
        name: A corpus, as in `read_corpus`.
        codebooks: Codebooks, as in `find_mentions`.
        speech: Whether to find names and who says what, with the codebooks of actors.
        advance: Called with what is being made, before it is.

    Raises:
        ToolkitError: When a corpus or codebook cannot be read.
    """
    advance(f"{name}: articles")
    corpus = read_corpus(name)
    books = [read_codebook(one) for one in dict.fromkeys(codebooks)]
    for book in books:
        advance(f"{name}: mentions of {book.id}")
        found = find_mentions(corpus, book)
        if speech and book.kind == "actors":
            advance(f"{name}: who says what")
            find_attributions(found)
            advance(f"{name}: names")
            find_names(found)
