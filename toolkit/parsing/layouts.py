"""Read what is data, not code: formats, names of columns, steps of cleaning, how others write."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


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
    return dict(read_data("layouts")[name])


@cache
def read_data(name: str, room: str = "parsing") -> dict[Any, Any]:
    """Read one of the files in data/ of a room.

    Example:
        >>> list(read_data("boilerplate"))
        ['pieces', 'tails', 'sentences', 'lines']
    """
    return dict(yaml.load((files("toolkit") / room / "data" / f"{name}.yml").read_text("utf-8"), Loader=yaml.CSafeLoader))
