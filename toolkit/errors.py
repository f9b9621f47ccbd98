"""Exceptions of the toolkit: each says where, what was found, what is allowed and what to do."""

from collections.abc import Iterable, Sequence
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


class RunError(BuildError):
    """A notebook failed; what it made before is kept. The command line exits with 1."""


def raise_faults(faults: Sequence[str], kind: type[ToolkitError]) -> None:
    """Raise one error that lists all faults, one a line; nothing happens where there is none.

    Example:
        >>> raise_faults([], PlanError)
        >>> raise_faults(["no page.", "no figure."], PlanError)
        Traceback (most recent call last):
        ...
        toolkit.errors.PlanError: no page.
        no figure.
    """
    if faults:
        raise kind("\n".join(faults))


_LISTED = 60  # nobody reads more than that in a message, such as all actors
_ALIKE = {False: 0.66, True: 0.72}  # of 1, after difflib, among few and many: `cvs` and `csv` have 0.67, `ukraine` and `tvrain` 0.62


def name_choices(found: str, allowed: Iterable[str], *, also: Iterable[str] = (), see: str = "") -> str:
    """Say what is allowed instead of `found`, and which of it is really near; of very many, only the nearest and their number.

    Args:
        found: What the user wrote.
        allowed: What can be written.
        also: Other names for these, such as labels, that may be suggested too.
        see: How to see all of very many.

    Example:
        >>> name_choices("fraem", ["corpus", "frame"])
        "Allowed: corpus, frame. Did you mean 'frame'?"
        >>> name_choices("war-journalism", ["morality", "peace-words", "war-words"])
        "Allowed: morality, peace-words, war-words. Did you mean 'war-words'?"
        >>> name_choices("line33", [f"line {number}" for number in range(100)], see="book.labels")
        "Allowed: one of 100, such as line 3, line 33, line 93; book.labels has all. Did you mean 'line 33'?"
    """
    choices = sorted(allowed)
    written, is_many = {name.casefold(): name for name in (*also, *choices)}, len(choices) > _LISTED
    near = [written[name] for name in get_close_matches(found.casefold(), written, n=3, cutoff=_ALIKE[is_many])]
    near = near or [name for name in choices if len(found) > 2 and found.casefold() in name.casefold()]  # a part of it: BBC of bbc.co.uk
    near = near or [name for name in choices if "-" in found and name.partition("-")[0] == found.partition("-")[0]]  # renamed
    if is_many:
        listed = f"one of {len(choices):,}" + f", such as {', '.join(sorted(near))}" * bool(near) + f"; {see} has all" * bool(see)
    else:
        listed = ", ".join(choices) or "nothing"
    return f"Allowed: {listed}." + (f" Did you mean '{near[0]}'?" if near else "")
