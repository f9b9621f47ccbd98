"""Exceptions of the toolkit: each says where, what was found, what is allowed and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ToolkitError(Exception):
    """A fault in what the user gave: a file, a parameter, a table. The command line prints it and exits with 2."""


class TableError(ToolkitError):
    """A table does not fit its schema in `toolkit.tables`."""


class CorpusError(ToolkitError):
    """A corpus cannot be found, fetched or read."""


class CodebookError(ToolkitError):
    """A codebook file has faults; the message lists all of them, one a line, with line numbers."""


class PlanError(ToolkitError):
    """The plan of the book, or the parameters of a notebook, have faults."""


class BuildError(ToolkitError):
    """The book could not be built or does not verify."""


_LISTED = 60  # more than that, such as all actors, nobody reads in a message


def name_choices(found: str, allowed: Iterable[str]) -> str:
    """Say what is allowed instead of `found`, and which of it is nearest; of very many, some.

    Example:
        >>> name_choices("fraem", ["corpus", "frame"])
        "Allowed: corpus, frame. Did you mean 'frame'?"
    """
    choices = sorted(allowed)
    near = get_close_matches(found, choices, n=5)
    some = choices if len(choices) <= _LISTED else [*(near or choices[:5]), "…"]
    listed = ", ".join(some) if choices else "nothing"
    return f"Allowed: {listed}." + (f" Did you mean '{near[0]}'?" if near else "")
