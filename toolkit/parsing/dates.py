"""Read a date as archives and web pages write it, or say that it cannot be decided."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from toolkit.parsing.sources import Raw, RawArticle, RawRefusal, Source
from toolkit.tables import read_data, read_pattern

_DATES = [re.compile("".join(form)) for form in read_data("layouts")["dates"].values()]
_NUMBERS = [(re.compile(form, re.I), *facts) for form, *facts in read_data("layouts")["numbers"]]
_MONTHS: dict[str, int] = {known: number for number, names in read_data("layouts")["months"].items() for known in names.split()}
_CHANGED = read_pattern("date of a change")
ORDERS = ("day-first", "month-first")


def read_date(written: str, order: str = "") -> str:
    """Read the first date in a text, without its time zone; a wrong date is worse than none, so nothing is guessed.

    03/04/2017 is ambiguous: it is 3 April in London and 4 March in New York, so it cannot be decided. 13/04/2017 can, and so can
    03.04.2017, because where dots separate the numbers the day comes first.

    Args:
        written: The date as a file gives it, with a month's name (of the languages in data/layouts.yml) or in figures.
        order: One of `ORDERS`, where it is known which comes first.

    Returns:
        YYYY-MM-DD, with THH:MM:SS where a time is given; "" where the day cannot be decided for certain.

    Example:
        >>> [read_date(text) for text in ("January 11, 2010 Monday 10:15 PM GMT", "11. Januar 2010", "13/04/2017", "03/04/2017")]
        ['2010-01-11T22:15:00', '2010-01-11', '2017-04-13', '']
    """
    # In Croatian, where a full stop comes before it, it is October; in Polish it is November.
    text = _CHANGED.sub("", " ".join(written[:500].split()).replace(". listopada", ". oktobra"))
    return next(filter(None, (_write(found, order) for pattern in _DATES for found in pattern.finditer(text))), "")


def settle_dates(raws: Iterable[Raw], source: Source) -> Iterator[Raw]:
    """Tell day from month by all dates of a file: one 13/04/2017 settles 03/04/2017; and read dates that are numbers of days or seconds.

    Args:
        raws: What a file gives, in order.
        source: The file; a date that contradicts the order of the others, or of what the user says, is noted as a doubt.

    Yields:
        The same; a date that could be two, and is settled, is written as year-month-day, with its origin. If none settles it, all stay.

    Example:
        >>> from io import BytesIO
        >>> raws = [RawArticle(n, {"published": f"{n:02}/04/2017"}) for n in (3, 13)]
        >>> [raw.fields["published"] for raw in settle_dates(raws, Source("a.csv", BytesIO()))]
        ['2017-04-03', '13/04/2017']
    """
    waiting, order = list[Raw](), source.options.dates
    for raw in raws:
        found = _DATES[-1].search(raw.fields.get("published", "")) if isinstance(raw, RawArticle) else None
        found = found if found and found["sign"] != "." else None  # where dots separate the numbers, the day comes first
        if found and max(int(found["day"]), int(found["month"])) > 12 and not _begins_with_year(found):
            told = ORDERS[int(found["month"]) > 12]
            order = order or told
            said = read_data("layouts")["doubts"]["two orders"].format(path=source.path, told=told, order=order)
            source.notes["doubt", said] += told != order
        waiting.append(raw)
        if order or not (found or waiting[:-1]) or len(waiting) > 50_000:  # more would take too much memory
            yield from (_settle(one, order) for one in waiting)
            waiting.clear()
    yield from (_settle(one, order) for one in waiting)


def _settle(raw: Raw, order: str) -> Raw:
    """Write a date that can be known from the others as year-month-day."""
    written = raw.fields.get("published", "").strip() if isinstance(raw, RawArticle) else ""
    counted = (start + timedelta(seconds=round(float(written) * unit)) for form, unit, start in _NUMBERS if form.fullmatch(written))
    told, method = next(map(datetime.isoformat, counted), ""), "a number of days or seconds"
    if order and not told and not read_date(written):
        told, method = read_date(written, order), f"{order}, by --dates or by others of the file"
    if not told or isinstance(raw, RawRefusal):
        return raw
    return replace(raw, fields={**raw.fields, "published": told}, origins={**raw.origins, "published": (method, "guess")})


def _write(found: re.Match[str], order: str) -> str:
    """Write a match as ISO 8601; "" for a day that is none, or one of two."""
    said = found.groupdict()
    day, month = int(said["day"]), int(said["month"]) if "month" in said else _read_month(said["name"])
    year = int(said["year"]) + (len(said["year"]) == 2) * (1900 if said["year"] > "68" else 2000)  # as POSIX does
    if found.re is _DATES[-1] and said["sign"] != "." and (day != month or _begins_with_year(found)):
        if not order and (max(day, month) <= 12 or _begins_with_year(found)):
            return ""
        if month > 12 or (day <= 12 and order == ORDERS[1]):
            day, month = month, day
    try:
        written = date(year if 1600 < year < 2100 else 0, month, day)  # others are of another calendar, or stand for nothing
        if said["hour"] is None:
            return written.isoformat()
        hour = int(said["hour"]) % 12 + 12 * (said["half"][0] in "pP") if said["half"] else int(said["hour"])
        return datetime.combine(written, time(hour, int(said["minute"]), int(said["second"] or 0))).isoformat()
    except ValueError:  # 31 February; no month; 10:75
        return ""


def _begins_with_year(found: re.Match[str]) -> bool:
    """Whether a date in figures may be one of which the year comes first: 17-05-12."""
    return found["sign"] == "-" and len(found["year"]) == 2 and int(found["month"]) <= 12 and int(found["year"]) <= 31


@lru_cache(10_000)
def _read_month(name: str) -> int:
    """Number of a month by its name or an abbreviation of three letters or more; 0 for any other word, and for one that fits two months."""
    decomposed = unicodedata.normalize("NFKD", name.lower().replace("ı", "i"))
    folded = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    months = {number for known, number in _MONTHS.items() if known.startswith(folded)}
    return _MONTHS.get(folded) or (months.pop() if len(months) == 1 else 0)
