"""Read what is data and no code, data/layouts.yml: how others write, formats, names of columns, steps of cleaning."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_layout(name: str) -> dict[Any, Any]:
    """Read one part of the layouts.

    Args:
        name: A key of the file.

    Returns:
        The part, as its comments in the file say.

    Example:
        >>> read_layout("months")[3].split()[0]
        'march'
    """
    return dict(_read_all()[name])


@cache
def _read_all() -> dict[str, dict[Any, Any]]:
    """Read the file."""
    import yaml

    return dict(yaml.load((files("toolkit.parsing") / "data" / "layouts.yml").read_text("utf-8"), Loader=yaml.CSafeLoader))
