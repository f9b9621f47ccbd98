"""Read the articles in an export of an archive of the press: Nexis, Factiva, ProQuest. What their files look like is data/layouts.yml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from toolkit.parsing.dates import read_date
from toolkit.parsing.layouts import read_layout
from toolkit.parsing.raw import RawArticle, RawRefusal
from toolkit.parsing.words import count_words

_Fields = dict[str, list[str]]  # lines by field

_LONGEST_LINE = 200  # characters of a label, a date or a marker with its value; longer lines are text
_WRAPPED = (50, 90)  # characters of all lines but the last in a paragraph that was broken to a width; Nexis broke at 78
_PAGE_HEAD = re.compile(r"(?:Page|Seite|Página|Pagina) \d+ (?:of|von|sur|de|di|van) \d+", re.I)
_LABEL = re.compile(r"([^\W\d_][\w /-]{1,40}?)\s?:(?:\s+|$)(.*)", re.S)
_CODE = re.compile(r"([A-Z]{2,3})(?:\s*\t+| {2,}|\s*$)(.*)", re.S)
_COVER = re.compile(r"(?:User Name|Job Number|Date and Time|Benutzername|Auftragsnummer)\b.*", re.S)
_CONTENTS = re.compile(r"1\.\s+(.+)", re.S)
_NUMBER = re.compile(r"\d+\)\s+(?=\S)")  # Factiva's web pages number headlines: `95) Rain falls`
_FIGURES = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b.*")
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?(?: [A-Z]{2,4})?", re.I)
_BY = re.compile(r"(?:By|Von|Par|Por|Di|Door)\b", re.I)
_SHARE_OF_LABELS = 0.7  # of the lines after the text in a file of ProQuest; an article may hold a few lines like `Location: the quay`
_PLACE = ("place in the layout", "likely")
_LENGTHS = ("lengths of the lines before the word count", "guess")


def recognise_export(text: str) -> str:
    r"""Recognise the archive that exported a text, by several of its markers on lines of their own; words in running text say nothing.

    Args:
        text: The text of a file.

    Returns:
        "nexis", "factiva" or "proquest"; "" for any other text.

    Source: our choice; data/layouts.yml names the descriptions.

    Example:
        >>> recognise_export("Rain falls\n\nThe Daily\n\nLength: 2 words\n\nBody\n\nIt rained.\n\nEnd of Document")
        'nexis'
    """
    lines = [line for line in _split_lines(text) if line]
    nexis, factiva, proquest = map(_layout, _READERS)
    codes = {_find_code(line, factiva)[0] for line in lines}
    if _has(nexis, "end", lines) + _has(nexis, "begin", lines) and any(map(_is_nexis, lines)):
        return "nexis"
    if (_has(factiva, "end", lines) and _has(factiva, "words", lines)) or codes >= {"headline", "published", "text"}:
        return "factiva"
    labels = {_find_label(line, proquest["labels"])[0] for line in lines}
    return "proquest" if _has(proquest, "between", lines) and len(labels & {"text", "outlet", "published", "url", "id"}) > 1 else ""


def read_export(kind: str, text: str) -> Iterator[RawArticle | RawRefusal]:
    r"""Read the articles of an export, and compare their number with the one the file announces.

    Layouts differ by year, language and the fields asked for, so nothing but a mark between articles is required, and what a label says
    is believed before what its place in the layout suggests. A date whose day and month cannot be told apart is handed on as it stands.

    Args:
        kind: "nexis", "factiva" or "proquest".
        text: The text of the file, paragraphs parted by a blank line; they may be broken to a width, as in older files.

    Yields:
        Each article (also with a field `dateline` where the archive has it apart) or its refusal, numbered from 1; last and without a
        number, a refusal for those that were announced and not found.

    Raises:
        ValueError: When the kind is another.

    Source: our choice; data/layouts.yml names the descriptions.

    Example:
        >>> text = "Rain falls\n\nThe Daily\n\nFebruary 7, 2017 Tuesday\n\nLength: 2 words\n\nBody\n\nIt rained.\n\nEnd of Document"
        >>> sorted(next(read_export("nexis", text)).fields.items())
        [('headline', 'Rain falls'), ('outlet', 'The Daily'), ('published', '2017-02-07'), ('text', 'It rained.')]
    """
    if kind not in _READERS:
        raise ValueError(f"no archive '{kind}'. Allowed: {', '.join(_READERS)}.")
    layout, lines = _layout(kind), _split_lines(text)
    row = 0
    for row, (found, origins) in enumerate(_READERS[kind](lines, layout), start=1):
        fields = {name: ("\n\n" if name == "text" else " ").join(filter(None, map(str.strip, values))) for name, values in found.items()}
        fields = {name: value for name, value in fields.items() if value and name in _FIELDS}
        if "published" in fields:
            fields["published"] = read_date(fields["published"]) or fields["published"]
        if "error" in layout and _has(layout, "error", found.get("plain", [])):
            yield RawRefusal(row, "the archive could not show this article: export it again")
        elif not count_words(fields.get("text", "")):
            yield RawRefusal(row, f"no text in the export, headline '{fields.get('headline', '')[:80]}': export full texts")
        else:
            yield RawArticle(row, fields, {name: origin for name, origin in origins.items() if name in fields})
    short = (line for line in lines if len(line) <= _LONGEST_LINE)
    numbers = [int(match[1][:9]) for line in short for pattern in layout["announced"] if (match := pattern.fullmatch(line))]
    if max(numbers, default=0) > row:
        yield RawRefusal(None, f"the file announces {max(numbers)} articles and {row} were found: export the others again")


@cache
def _layout(kind: str) -> Mapping[str, Any]:
    """Read the layout of an archive's files: a pattern by each name, and the fields by label."""
    written = read_layout(kind)
    layout: dict[str, Any] = {name: re.compile(value, re.I) for name, value in written.items() if isinstance(value, str)}
    for name in ("head", "tail", "labels", "codes"):
        layout[name] = {label.strip().casefold(): field for field, labels in written.get(name, {}).items() for label in labels.split("|")}
    layout["announced"] = [re.compile(value, re.I) for value in written.get("announced", [])]
    return layout


def _split_lines(text: str) -> list[str]:
    """Split a text into lines, "" between blocks; lines of a paragraph that was broken to a width are joined, heads of pages left out."""
    written = [line.strip(" \ufeff") for line in re.sub("[\u00a0\u202f]", " ", text).splitlines()]
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", "\n".join("" if _is(_PAGE_HEAD, line) else line for line in written)):
        kept = [line for line in block.split("\n") if line.strip()]
        is_wrapped = all(_WRAPPED[0] <= len(line) <= _WRAPPED[1] for line in kept[:-1])
        start = len(lines)
        for line in kept:
            if is_wrapped and len(lines) > start and not _LABEL.match(line):
                lines[-1] += f" {line}"
            else:
                lines.append(line)
        lines.append("")
    return lines


def _is(pattern: re.Pattern[str], line: str) -> bool:
    """Whether a whole line is what a pattern says."""
    return len(line) <= _LONGEST_LINE and pattern.fullmatch(line.strip()) is not None


def _has(layout: Mapping[str, Any], name: str, lines: Sequence[str]) -> bool:
    """Whether any line is a marker of a layout."""
    return any(_is(layout[name], line) for line in lines)


def _find_label(line: str, labels: Mapping[str, str]) -> tuple[str, str]:
    """Field and value of a line that starts with one of the labels; "" and the line for any other."""
    found = _LABEL.match(line)
    field = labels.get(found[1].casefold()) if found else None
    return (field, found[2]) if found and field else ("", line)


def _find_code(line: str, layout: Mapping[str, Any]) -> tuple[str, str]:
    """Field and value of a line that starts with one of Factiva's codes; "" and the line for any other."""
    found = _CODE.match(line)
    field = layout["codes"].get(found[1].casefold()) if found else None
    return (field, found[2]) if found and field else ("", line)


def _is_date(line: str) -> bool:
    """Whether a line is a date, with a weekday, a time or an edition at most."""
    return len(line) <= 60 and (bool(read_date(line)) or _is(_FIGURES, line))


def _cut(lines: Sequence[str], is_end: Callable[[str], bool]) -> list[list[str]]:
    """Cut lines into pieces at each line that ends one; what follows the last end is a piece too."""
    pieces: list[list[str]] = [[]]
    for line in lines:
        if is_end(line):
            pieces.append([])
        else:
            pieces[-1].append(line)
    return pieces


def _is_nexis(line: str) -> bool:
    """Whether a line is one that no article in a file of Nexis is without."""
    layout = _layout("nexis")
    return _find_label(line, layout["head"])[0] == "length" or _find_tail(line, layout)[0] == "loaded" or _is(layout["body"], line)


def _find_tail(line: str, layout: Mapping[str, Any]) -> tuple[str, str]:
    """Field and value of a line that stands after the text; `Update: The minister left` and `Language: it was his home` stand in it."""
    field, value = _find_label(line, layout["tail"])
    if _is(layout["tail_lines"], line):
        return "other", ""
    is_sound = (
        read_date(value)
        if field == "loaded"
        else value.startswith("http")
        if field == "url"
        else line[:4].isupper() or count_words(value) < 4
    )
    return (field, value) if field and is_sound else ("", line)


def _read_nexis(lines: Sequence[str], layout: Mapping[str, Any]) -> Iterator[tuple[_Fields, dict[str, tuple[str, str]]]]:
    """Read Nexis: older files begin an article with its number, newer ones end it with a line."""
    is_old = _has(layout, "begin", lines)
    pieces = _cut(lines, lambda line: _is(layout["begin" if is_old else "end"], line))
    if is_old:
        del pieces[0]  # what was asked for, by whom
    elif not any(map(_is_nexis, pieces[-1])):
        del pieces[-1]
    for piece in pieces:
        fields = _split_nexis(piece, layout)
        origins = _read_old_head(fields) if is_old else _read_head(fields, layout)
        if "published" not in fields and "loaded" in fields:
            fields["published"], origins["published"] = fields["loaded"], ("date of loading into the archive", "guess")
        yield fields, origins


def _split_nexis(lines: Sequence[str], layout: Mapping[str, Any]) -> _Fields:
    """Split an article into its lines before the first label (`plain`), its text, and the values of its labels."""
    fields: _Fields = {"plain": [], "text": []}
    has_body = _has(layout, "body", lines)
    now = "plain"
    for line in lines:
        is_labelled = now not in ("plain", "text", "gap", "tail")
        field, value = _find_label(line, layout["head"]) if now not in ("text", "tail") else ("", line)
        tail, rest = _find_tail(line, layout)
        if not line:
            now = "gap" if is_labelled else now
            fields["plain"] += [""] if now == "plain" else []
        elif now != "tail" and _is(layout["body"], line):
            now = "text"
        elif tail:
            now = "tail"
            fields.setdefault(tail, []).append(rest)
        elif field:
            now = field
            fields.setdefault(field, []).append(value)
        elif _is(layout["rights"], line) and not (now == "text" and has_body):
            now = "tail" if now == "text" else now
        elif now != "tail":
            now = "other" if now == "gap" and has_body else "text" if now == "gap" else now
            fields.setdefault(now, []).append(line)
    return fields


def _read_head(fields: _Fields, layout: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Read headline, outlet and date, in this order, before which the first article has a cover with a table of contents."""
    names = [line for line in fields["plain"] if line]
    dates = [place for place, line in enumerate(names) if place and _is_date(line)]  # the headline may be one
    is_covered = any(_is(pattern, line) for line in names for pattern in (_COVER, *layout["announced"]))
    end = dates[-1] if dates else len(names) if is_covered else 2
    start = 0
    if is_covered:
        listed = next((found[1].casefold() for line in names if (found := _CONTENTS.match(line))), None)
        start = max((place for place, line in enumerate(names[:end]) if line.casefold() == listed), default=max(end - 2, 0))
    fields |= {"headline": names[start : end - 1], "outlet": names[max(end - 1, start) : end]}
    if dates:
        fields["published"] = [names[end]]
    return {"headline": _PLACE, "outlet": _PLACE, "published": _PLACE}


def _read_old_head(fields: _Fields) -> dict[str, tuple[str, str]]:
    """Read outlet, date (with the edition below it), and headline, in this order."""
    blocks = [block for block in _cut(fields["plain"], lambda line: not line) if block]
    dated = next((place for place, block in enumerate(blocks) if any(map(_is_date, block))), None)
    after = 1 if dated is None else dated + 1
    if dated is not None:
        fields["published"] = [next(filter(_is_date, blocks[dated]))]
    fields["outlet"] = [line for block in blocks[: max(after - 1, 1)] for line in block if dated != 0 and not _is_date(line)]
    fields["headline"] = [line for block in blocks[after : after + 1] for line in block]
    fields["text"][:0] = [line for block in blocks[after + 1 :] for line in block]
    return {"headline": _PLACE, "outlet": _PLACE, "published": _PLACE}


def _read_factiva(lines: Sequence[str], layout: Mapping[str, Any]) -> Iterator[tuple[_Fields, dict[str, tuple[str, str]]]]:
    """Read Factiva: articles with the codes of their fields, or in its layout for readers, where their places tell."""
    is_coded = any(_find_code(line, layout)[0] == "headline" for line in lines)
    for piece in _cut(lines, lambda line: _is(layout["end"], _find_code(line, layout)[1] if is_coded else line)):
        kept = [line for line in piece if line]
        if is_coded:
            yield from ((fields, {}) for fields in _read_codes(kept, layout))
            continue
        counted = next((place for place, line in enumerate(kept) if _is(layout["words"], line)), None)
        if counted is not None:
            yield _read_places(kept[max(counted - 3, 0) : counted], kept[counted + 1 :], layout)


def _read_codes(lines: Sequence[str], layout: Mapping[str, Any]) -> Iterator[_Fields]:
    """Read the fields of an article by their codes; more than one where the number that ends an article is missing."""
    fields: _Fields = {}
    field = ""
    for line in lines:
        found, value = _find_code(line, layout)
        if found == "headline" and "headline" in fields:
            yield fields
            fields = {}
        field = found or field
        fields.setdefault("published" if field == "time" else field, []).append(value)
    if "headline" in fields:
        yield fields


def _read_places(before: list[str], after: list[str], layout: Mapping[str, Any]) -> tuple[_Fields, dict[str, tuple[str, str]]]:
    """Read what stands before the word count (section, headline, byline; the first and last may be missing) and after it."""
    numbered = next((place for place, line in enumerate(before) if _NUMBER.match(line)), None)
    at = numbered
    if at is None and len(before) > 1 and _BY.match(before[-1]):
        at = len(before) - 2
    origin = _LENGTHS if at is None and len(before) > 1 else _PLACE
    if at is None:
        at = max(range(len(before)), key=lambda place: len(before[place]), default=0)
    fields = {"headline": [_NUMBER.sub("", line) for line in before[at : at + 1]], "byline": before[at + 1 :]}
    n_dated = 1 + (len(after) > 1 and _is(_TIME, after[1])) if after and _is_date(after[0]) else 0
    fields |= {"published": after[:n_dated], "outlet": after[n_dated : n_dated + 1]}
    ends = [place for place, line in enumerate(after[:9]) if _is(layout["rights"], line) or _is(layout["language"], line)]
    fields["text"] = after[max(ends, default=n_dated) + 1 :]
    return fields, {"headline": origin, "byline": origin, "published": _PLACE, "outlet": _PLACE}


def _read_proquest(lines: Sequence[str], layout: Mapping[str, Any]) -> Iterator[tuple[_Fields, dict[str, tuple[str, str]]]]:
    """Read ProQuest: labels, between lines of underscores."""
    for piece in _cut(lines, lambda line: _is(layout["between"], line)):
        kept = [line for line in piece if line and not any(_is(pattern, line) for pattern in layout["announced"])]
        labels = [_find_label(line, layout["labels"]) for line in kept]
        if not {"text", "abstract", "id", "published"} & {field for field, _ in labels}:
            continue  # a cover, or the address of ProQuest
        n_labels, tail = 0, len(labels)
        text = next((place for place, (field, _) in enumerate(labels) if field == "text"), tail)
        for n_lines, place in enumerate(range(len(labels) - 1, text, -1), start=1):
            n_labels += bool(labels[place][0])
            starts = labels[place][0] and all(field for field, _ in labels[place + 1 : place + 2])
            tail = place if starts and n_labels >= _SHARE_OF_LABELS * n_lines else tail
        fields: _Fields = {}
        now = "plain"
        for place, (field, value) in enumerate(labels):
            if field and (now != "text" or place >= tail):
                now = field
                fields.setdefault(now, []).append(value)
            else:
                fields.setdefault(now, []).append(kept[place])
        if "headline" not in fields:
            fields["headline"] = fields.get("plain", [])[:1]
        yield fields, {}


_FIELDS = ("headline", "subtitle", "text", "published", "url", "outlet", "byline", "dateline")
_READERS: Mapping[str, Callable[[Sequence[str], Mapping[str, Any]], Iterator[tuple[_Fields, dict[str, tuple[str, str]]]]]] = {
    "nexis": _read_nexis,
    "factiva": _read_factiva,
    "proquest": _read_proquest,
}
