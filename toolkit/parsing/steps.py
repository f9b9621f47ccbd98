"""The named steps of cleaning: every change to a text, and everything that is left out of the counts, is one of them."""

from collections.abc import Iterable, Mapping

from toolkit.errors import CorpusError, name_choices, raise_faults
from toolkit.tables import read_data

STEPS: Mapping[str, str] = read_data("layouts")["steps"]  # What each step does and why, in the order in which they are taken


def check_steps(names: Iterable[str]) -> frozenset[str]:
    """Check names of steps to be switched off.

    Args:
        names: Names of steps.

    Returns:
        The names.

    Raises:
        CorpusError: Names every one that is not a step.

    Example:
        >>> check_steps(["datelin"])
        Traceback (most recent call last):
        ...
        toolkit.errors.CorpusError: there is no step of cleaning 'datelin'. Allowed: ...
    """
    faults = [f"there is no step of cleaning '{name}'. {name_choices(name, STEPS)}" for name in sorted(set(names)) if name not in STEPS]
    raise_faults(faults, CorpusError)
    return frozenset(names)
