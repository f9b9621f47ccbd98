"""What a codebook of actors might add: names that no entry covers. Nothing is added by itself."""

from __future__ import annotations

from toolkit.counting import Names
from toolkit.counting.discovering import find_lacking
from toolkit.estimating.listings import Listing
from toolkit.tables import check_record


def suggest_entries(names: Names, *, most: int = 10, least: int = 3) -> Listing:
    """Suggest what a codebook of actors lacks: the names that no entry covers.

    A critic would ask what a suggestion is worth. Names are capitalised words, so places and events are among them.

    Args:
        names: Names.
        most: How many at most.
        least: Fewest occurrences of a name.

    Returns:
        The most frequent first: `name`, `variants`, `n_mentions`, `n_articles`, `for_example`.

    Raises:
        ToolkitError: When the argument is not Names.

    Example:
        >>> from toolkit import find_mentions, find_names, read_corpus
        >>> suggest_entries(find_names(find_mentions(read_corpus("ukraine-korea"), "actors")))
        Names that the codebook lacks: 0 rows, actors in ukraine-korea
    """
    check_record(names, Names, "suggest_entries")
    book, (table, behind) = names.actors.codebook, find_lacking(names, least=least, most=most)
    title, columns = "Names that the codebook lacks", ("name", "n_mentions", "n_articles", "variants", "for_example")
    return Listing("lacking", title, table, columns, "n_mentions", behind, ("name",), {}, names.corpus, book.id, "actors")
