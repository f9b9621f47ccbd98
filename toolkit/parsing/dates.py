"""Read a date as archives and web pages write it, or say that it cannot be told."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

from toolkit.parsing.layouts import read_data

_TIME = r"(?:[T ,]\D{0,20}?(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?\s?(?P<half>[ap]\.?m\b)?)?"  # Monday 10:15 AM
_YEAR_FIRST = r"(?<!\d)(?P<year>\d{4})(?P<sign>[-/.]|年)(?P<month>\d{1,2})(?:(?P=sign)|月)(?P<day>\d{1,2})(?!\d)日?"
_DAY_FIRST = (
    r"(?<![\d-])(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er|º)?[ -](?:de |of )?(?P<name>[^\W\d_]{3,12})\.?,?[ -](?:de |del )?(?P<year>\d{4})(?!\d)"
)
_MONTH_FIRST = r"(?<![\w-])(?P<name>[^\W\d_]{3,12})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})(?!\d)"
_FIGURES = r"(?<!\d)(?P<day>\d{1,2})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4})(?!\d)"
_DATES = [re.compile(date + _TIME, re.I) for date in (_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST, _FIGURES)]


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
    days = (_write(found) for pattern in _DATES for found in pattern.finditer(text))
    return next(filter(None, days), "")


def _write(found: re.Match[str]) -> str:
    """Write a match as ISO 8601; "" for a day that is none, or one of two."""
    said = found.groupdict()
    day, month = int(said["day"]), int(said["month"]) if "month" in said else _read_month(said["name"])
    if found.re is _DATES[-1] and said["sign"] != "." and day != month:
        if max(day, month) <= 12:
            return ""
        day, month = max(day, month), min(day, month)
    try:
        written = date(int(said["year"]), month, day)
        if said["hour"] is None:
            return written.isoformat()
        hour = int(said["hour"]) % 12 + 12 * (said["half"][0] in "pP") if said["half"] else int(said["hour"])
        return datetime.combine(written, time(hour, int(said["minute"]), int(said["second"] or 0))).isoformat()
    except ValueError:  # 31 February; no month; 10:75
        return ""


def _read_month(name: str) -> int:
    """Number of a month by its name or an abbreviation of three letters or more; 0 for any other word, and for one that fits two months."""
    folded = "".join(letter for letter in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(letter))
    months = {
        number for number, names in read_data("layouts")["months"].items() if any(known.startswith(folded) for known in names.split())
    }
    return months.pop() if len(months) == 1 else 0
