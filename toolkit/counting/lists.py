"""The word lists of this room, which are data: `counting/data/*.yml`."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from toolkit.tables import read_data, read_pattern


def read_list(name: str) -> Mapping[str, Any]:
    """Read a file of word lists."""
    return read_data(name, "counting")


@cache
def read_words(file: str, *names: str) -> frozenset[str]:
    """Read the words of some lists of a file, where these are written as running text.

    Example:
        >>> "May" in read_words("names", "words"), "Umerov" in read_words("names", "words", "common")
        (True, False)
    """
    return frozenset(word for name in names for word in read_list(file)[name].split())


def read_regex(name: str) -> re.Pattern[str]:
    """Compile one of the patterns of patterns.yml.

    Example:
        >>> read_regex("next name").match(" Street")[1]
        'Street'
    """
    return read_pattern(name, "counting")
