"""Run a function that loops over arrays: compiled by numba for long texts, as plain Python for short ones.

Compiling takes seconds, once on a machine (numba keeps the result next to the source, or in the user's cache): one article must not wait
for it. A kernel is written once, in the Python that numba knows, takes arrays and numbers only, and calls no other function of ours.
"""

from collections.abc import Callable
from typing import Any

# Characters below which plain Python answers in some tenths of a second, sooner than numba is even imported.
LITTLE = 100_000


def run_kernel(kernel: Callable[..., Any], *arguments: Any, size: int) -> Any:  # Any: numba's functions have no types
    """Run a kernel on arrays and numbers.

    Args:
        kernel: A plain function.
        *arguments: What it takes.
        size: Characters it will walk over.

    Returns:
        What the kernel returns; the same whichever way it is run.

    Example:
        >>> import numpy as np
        >>> run_kernel(len, np.zeros(3), size=3)
        3
    """
    if size >= LITTLE and kernel not in _COMPILED:
        from numba import njit

        _COMPILED[kernel] = njit(kernel, cache=True, nogil=True)  # compiles, or loads what was; without the interpreter's lock
    return _COMPILED.get(kernel, kernel)(*arguments)


# Kernels that much text was given before: then little text is soonest read by them too.
_COMPILED: dict[Callable[..., Any], Callable[..., Any]] = {}
