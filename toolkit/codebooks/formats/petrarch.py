"""PETRARCH and TABARI actor dictionaries: names with CAMEO codes, some of them for a time only. Read only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from toolkit.codebooks.formats.rows import Row, decode_text, lose, make_row
from toolkit.codebooks.nodes import Fault

_CODE = re.compile(r"\s*((?!\S*\d{6})[^\s<>]*[A-Za-z+#-][^\s<>]*?)\s*(?:([<>])\s*(\d+)|\s(\d+)\s*-\s*(\d+))?\s*")
_NO_CODES = ("---", "###", "+++")  # no actor; a sentence, or a whole text, to discard
_SHORT = 3  # letters; all is in capitals: a longer name matches in any case, a shorter one (US, UN, PLO) might then be a common word
_DAY = timedelta(days=1)

Span = tuple[date, date]  # first and last day
_EVER: Span = (date.min, date.max)


def read_petrarch(content: bytes) -> Iterator[Row | Fault]:
    """Read an actor dictionary: an entry for each code, with the names that have it and the days on which they do.

    A code holds from its first day to before its last. Of several for a day the first holds; one without days, on all that are left.

    Source: CAMEO manual (Schrodt 2012), chapter 3; PETRARCH2, `NounPhrase.check_date`.
    """
    names: list[tuple[int, str]] = []
    codes: list[tuple[int, str]] = []
    text = re.sub("<!.*?-->", lambda comment: "\n" * comment[0].count("\n"), decode_text(content), flags=re.DOTALL)
    for number, line in [*enumerate(text.splitlines(), start=1), (0, "end")]:
        rest = re.sub(r"\s*[#;](?![^\[]*\]).*", "", line)
        name = " ".join(rest.partition("[")[0].replace("_", " ").strip(" =\t").split())
        if name and not name.startswith("+"):
            yield from _read_actor(names, codes)
            names, codes = [], []
        names += [(number, name.lstrip("+ "))] if name.strip("+ ") else []
        codes += [(number, code) for code in re.findall(r"\[([^\]]*)\]", rest)]


def _read_actor(names: Sequence[tuple[int, str]], codes: Sequence[tuple[int, str]]) -> Iterator[Row | Fault]:
    """Give the names of an actor to the categories of its codes."""
    free, read = [_EVER], []
    for line, code in codes:
        found = _CODE.fullmatch(code)
        span = _read_span(found) if found else None
        if not found or span is None:
            yield lose(line, f"left out: [{code}]. Understood: [CODE], [CODE <YYMMDD], [CODE >YYMMDD], [CODE YYMMDD-YYMMDD].")
        else:
            read.append((span, found[1]))
        if found and found[1] in _NO_CODES:
            yield lose(line, f"left out: [{code}] is not an actor; its names are not patterns for that time.")
    for (start, end), code in sorted(read, key=lambda pair: pair[0] == _EVER):
        meet = [(max(start, first), min(end, last)) for first, last in free if max(start, first) <= min(end, last)]
        for first, last in meet if code not in _NO_CODES else ():
            starts, ends = None if first == date.min else first, None if last == date.max else last
            for part, (line, name) in [(part, named) for part in code.split("/") for named in names]:
                row = make_row([part], line, name)
                case = sum(map(str.isalpha, name)) <= _SHORT or not name.isupper()
                yield row._replace(pattern=replace(row.pattern, case=case, start=starts, end=ends))
        before = [(first, min(last, start - _DAY)) for first, last in free if start > first]
        free = before + [(max(first, end + _DAY), last) for first, last in free if end < last]
    for line, name in names if not read else ():
        yield lose(line, f"left out: {name!r} has no code.")


def _read_span(found: re.Match[str]) -> Span | None:
    """Read the days on which a code holds; None where they are no days. Two-digit years from 31 are of the last century."""
    days = [("19" if text[:2] > "30" else "20") * (len(text) == 6) + text for text in found.groups()[2:] if text]
    try:
        read = [date.fromisoformat(text) for text in days]
    except ValueError:
        return None
    if len(read) == 2:
        return read[0], read[1] - _DAY
    return _EVER if not read else (date.min, read[0] - _DAY) if found[2] == "<" else (read[0], date.max)
