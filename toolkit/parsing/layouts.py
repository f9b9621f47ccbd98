"""Read what is data, not code: formats, names of columns, steps of cleaning, how others write."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def read_data(name: str, room: str = "parsing") -> dict[Any, Any]:
    """Read one of the files in data/ of a room; each says in its comments what is in it.

    Example:
        >>> read_data("layouts")["months"][3].split()[0]
        'march'
        >>> list(read_data("boilerplate"))
        ['pieces', 'tails', 'sentences', 'lines']
    """
    return dict(yaml.load((files("toolkit") / room / "data" / f"{name}.yml").read_text("utf-8"), Loader=yaml.CSafeLoader))
