"""Read how others write: months, web pages, exports of archives. All of it is data/layouts.yml."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_layout(name: str) -> dict[Any, Any]:
    """Read one part of the layouts.

    Args:
        name: months, webpages, nexis, factiva or proquest.

    Returns:
        The part, as its comments in the file say.

    Example:
        >>> read_layout("months")[3].split()[0]
        'march'
    """
    import yaml

    return dict(yaml.safe_load((files("toolkit.parsing") / "data" / "layouts.yml").read_text("utf-8"))[name])
