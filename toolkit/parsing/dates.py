"""Read a date as archives and web pages write it, or say that it cannot be told."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from toolkit.parsing.layouts import read_layout

_TIME = r"(?:[T ,]\D{0,20}?(?<!\d)(\d{1,2}):(\d\d)(?::(\d\d))?\s?([ap]\.?m\b)?)?"  # `Monday 10:15 AM`
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.]|年)(\d{1,2})(?:\2|月)(\d{1,2})(?!\d)日?" + _TIME, re.I)
_DAY_FIRST = re.compile(
    r"(?<![\d-])(\d{1,2})(?:\.|st|nd|rd|th|er|º)?[ -](?:de |of )?([^\W\d_]{3,12})\.?,?[ -](?:de |del )?(\d{4})(?!\d)" + _TIME, re.I
)
_MONTH_FIRST = re.compile(r"(?<![\w-])([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)" + _TIME, re.I)
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)" + _TIME, re.I)


def read_date(written: str) -> str:
    """Read the first date in a text, without its time zone; a wrong date is worse than none, so nothing is guessed.

    A critic would ask about 03/04/2017: it is 3 April in London and 4 March in New York, so it cannot be told. 13/04/2017 can, and so can
    03.04.2017, because where dots part the numbers the day comes first.

    Args:
        written: The date as a file gives it, with a month's name in one of seven languages or in figures.

    Returns:
        YYYY-MM-DD, with THH:MM:SS where a time is given; "" where the day cannot be told for certain.

    Example:
        >>> [read_date(text) for text in ("January 11, 2010 Monday 10:15 PM GMT", "11. Januar 2010", "13/04/2017", "03/04/2017")]
        ['2010-01-11T22:15:00', '2010-01-11', '2017-04-13', '']
    """
    text = " ".join(written[:500].split())
    for pattern in (_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST, _NUMBERS):
        for found in pattern.finditer(text):
            day = _write(found, pattern)
            if day:
                return day
    return ""


def _write(found: re.Match[str], pattern: re.Pattern[str]) -> str:
    """Write a match as ISO 8601; "" for a day that is none, or one of two."""
    *parts, hour, minute, second, half = found.groups()
    if pattern is _YEAR_FIRST:
        year, month, day = int(parts[0]), int(parts[2]), int(parts[3])
    elif pattern is _NUMBERS:
        year, month, day = int(parts[3]), int(parts[2]), int(parts[0])
        if parts[1] != ".":
            if month != day and max(month, day) <= 12:
                return ""
            month, day = (day, month) if month > 12 else (month, day)
    else:
        name, day = (parts[1], int(parts[0])) if pattern is _DAY_FIRST else (parts[0], int(parts[1]))
        year, month = int(parts[2]), _read_month(name)
    try:
        if hour is None:
            return date(year, month, day).isoformat()
        hour = int(hour) % 12 + 12 * (half[0] in "pP") if half else int(hour)
        return datetime(year, month, day, hour, int(minute), int(second or 0)).isoformat()
    except ValueError:  # 31 February; no month; 10:75
        return ""


def _read_month(name: str) -> int:
    """Number of a month by its name or an abbreviation of three letters or more; 0 for any other word, and for one that fits two months."""
    folded = "".join(letter for letter in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(letter))
    months = {number for number, names in read_layout("months").items() if any(known.startswith(folded) for known in names.split())}
    return months.pop() if len(months) == 1 else 0
