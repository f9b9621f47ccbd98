"""Read what is data, not code: formats, names of columns, steps of cleaning, how others write."""

import re
from functools import cache

from toolkit.tables import read_data as read_data
from toolkit.tables import read_limits as read_limits


@cache
def read_pattern(name: str, room: str = "parsing") -> re.Pattern[str]:
    """Compile one of the patterns of data/patterns.yml of a room; white space is no part of those that begin with (?x).

    Example:
        >>> read_pattern("said").match("Ann Bo asked") is not None
        True
    """
    return re.compile(_put_together(name, room))


def _put_together(name: str, room: str) -> str:
    """A pattern with those that it names in their places."""
    return re.sub("<<(.+?)>>", lambda other: _put_together(other[1], room), str(read_data("patterns", room)[name]).strip())
