"""Progress of long work, in a terminal and in JupyterLab, and only where it takes longer than two seconds."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def show_progress(what: str, total: int, unit: str) -> Iterator[Callable[[int], object]]:
    """Show a bar with a rate and the time left, while a block of code runs.

    Args:
        what: What is being done: `parsing sentences`.
        total: How much there is to do.
        unit: Of what: `sentence`; B for bytes.

    Yields:
        A function to be called with how much was done since it was called last.

    Example:
        >>> with show_progress("counting", 2, "article") as advance:
        ...     advance(2)
    """
    from tqdm import tqdm

    is_off = os.environ.get("FRAMEBOOK_PROGRESS") == "0"  # pages of a book keep no trace of how long they took
    out = sys.stdout if type(sys.stdout).__module__.startswith("ipykernel") else sys.stderr  # JupyterLab shows standard error on red
    shown = unit if unit == "B" else f" {unit}"
    with tqdm(file=out, total=total, desc=what, unit=shown, unit_scale=unit == "B", delay=2, leave=False, disable=is_off) as bar:
        yield bar.update
