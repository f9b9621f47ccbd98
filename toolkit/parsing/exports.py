"""Read the articles in an export of an archive of the press: Nexis, Factiva, ProQuest, Europresse. Their layouts are data/layouts.yml."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain, compress, pairwise
from typing import Any

from toolkit.parsing.dates import ORDERS, read_date
from toolkit.parsing.rows import USUAL_NAMES, find_columns
from toolkit.parsing.sources import EXPORTS, MARKS, RawArticle, RawRefusal
from toolkit.parsing.words import count_words
from toolkit.tables import read_data, read_limits, read_pattern

_Fields = defaultdict[str, list[str]]  # lines by field
_Layout = Mapping[str, Any]
_Article = tuple[_Fields, dict[str, tuple[str, str]]]  # and the origins of fields that are guesses

_LONGEST_LINE, _LONGEST_HEADLINE, _WRAPPED, _SHARE_OF_LABELS = read_limits("exports")
_PATTERNS = ("label", "code", "spaced code", "date in figures", "between", "beginning")
_LABEL, _CODE, _SPACED, _FIGURES, _BETWEEN, _BEGINNING = map(read_pattern, _PATTERNS)


def recognise_export(text: str) -> str:
    r"""Recognise the archive that exported a text, by several of its markers on lines of their own; words in running text say nothing.

    Args:
        text: The text of a file.

    Returns:
        A key of the readers, such as "nexis"; several, joined by ` and `, where it has the marks of several; "" for any other text.

    Example:
        >>> recognise_export("Rain falls\n\nThe Daily\n\nLength: 2 words\n\nBody\n\nIt rained.\n\nEnd of Document")
        'nexis'
    """
    lines = list(filter(None, _split_lines(text)))
    nexis, factiva, proquest, europresse = map(_layout, _READERS)
    codes, labels = ({_find(line, layout)[0] for line in lines} for layout in (factiva, proquest))
    tail, head = ({_find(line, nexis, name)[0] for line in lines} for name in ("tail", "head"))
    is_cut = _is(nexis["end"], *lines) or _is(nexis["begin"], *lines)
    is_proquest = (_is(proquest["between"], *lines) or "id" in labels) and len(labels & {"text", "outlet", "published", "url", "id"}) > 1
    is_nexis = (is_cut and any(map(_is_nexis, lines))) or ("length" in head and "loaded" in tail)
    is_factiva = _is(factiva["end"], *lines) or codes >= {"headline", "published", "text"}
    return " and ".join(compress(_READERS, (is_nexis, is_factiva, is_proquest, _is(europresse["end"], *lines))))


def find_repeated_label(text: str) -> tuple[str, str]:
    r"""Find what stands more than once with a date, so that several articles may be told.

    It is a label, and another as often; a line of signs; or a line of one beginning, as `The Quay Times, 12 May 2017`, next to a headline.

    Args:
        text: The text of a file that no archive is known for.

    Returns:
        The label with its colon or the line, and how the first long line after its second place begins; empty for none.

    Example:
        >>> text = "Source: A\nDate: 2017-02-01\nIt rained.\nSource: B\nDate: 2017-02-03\nIt snowed on the town for all of the day."
        >>> find_repeated_label(text)
        ('Date:', 'It snowed on the town for all of the day.')
    """
    lines = list(filter(None, _split_lines(text)))
    labels = [(place, found[1], found[2]) for place, line in enumerate(lines) if (found := _LABEL.match(line[:_LONGEST_LINE]))]
    near = [(place, label, [value or "".join(lines[place + 1 : place + 2]), lines[max(place - 1, 0)]]) for place, label, value in labels]
    near += [(place, line, lines[place + 1 : place + 4]) for place, line in enumerate(lines) if _BETWEEN.fullmatch(line)]
    heads = [(place, line) for place, line in enumerate(lines) if _has_date(line) and _is_head(lines, place)]
    first = {(_find_beginning(line), read_date(line, ORDERS[0])[:10]): (place, line) for place, line in heads[::-1]}  # of each day
    near += [(place, f" {begin}", [line]) for (begin, _), (place, line) in reversed(first.items()) if begin]
    dated = [(place, label) for place, label, others in near if any(map(_has_date, others))]
    n_of, n_dated = Counter(label for _, label, _ in labels), Counter(label for _, label in dated)
    for label, n in n_dated.items():
        if n > 1 and (not label[0].isalpha() or sum(other >= n for other in n_of.values()) > 1):
            second = [place for place, one in dated if one == label][1]
            return label.strip() + ":" * label[0].isalpha(), next(filter(_is_long, lines[second + 1 :]), "")[:60]
    return "", ""


def _has_date(line: str) -> bool:
    """Whether a short line holds a date, whichever of day and month comes first."""
    return len(line) <= _LONGEST_HEADLINE and any(map(str.isdigit, line)) and (_is_date(line) or bool(read_date(line, ORDERS[0])))


def _is_head(lines: Sequence[str], place: int) -> bool:
    """Whether a line is next to what may be a headline, and above a story."""
    near = [*lines[max(place - 1, 0) : place], *lines[place + 1 : place + 2]]
    is_near = any(len(other) <= _LONGEST_HEADLINE and other[-1] not in ".!?" for other in near)
    return is_near and any(map(_is_long, lines[place + 1 : place + 9]))


def _find_beginning(line: str) -> str:
    """The words of a line before its first figure, but for the number of a list and months."""
    return " ".join(word for word in _BEGINNING.sub(r"\1", line).split() if not read_date(f"1 {word} 2000"))


def _is_long(line: str) -> bool:
    """Whether a line is one of a story: nine words, or as many signs where no spaces are written."""
    return count_words(line) > 8 or len(line.encode()) > _LONGEST_HEADLINE


def read_labels(text: str) -> RawArticle:
    r"""Read a text below lines such as `Title: Rain` and `Date: 2017-02-07`: two at least that we know, a headline or a date among them.

    Args:
        text: The text of a file that holds one article.

    Returns:
        The article, with what its labels say; labels between those that we know are left out. A text without them stays as it is.

    Example:
        >>> read_labels("Title: Rain\nPage: 3\nDate: 2017-02-07\n\nIt rained.").fields
        {'headline': 'Rain', 'published': '2017-02-07', 'text': 'It rained.'}
    """
    fields, lines, start = dict[str, str](), text.splitlines(), 0
    for place, line in enumerate(lines):
        found = _LABEL.match(line[:_LONGEST_LINE].strip())
        if "text" in fields or (line.strip() and not found):
            break
        for ours in find_columns([found[1]], USUAL_NAMES) if found else ():
            fields[ours], start = line.strip().partition(":")[2].strip(), place + 1
    if len(fields.keys() - {"text"}) < 2 or not {"headline", "published"} & fields.keys():
        return RawArticle(None, {"text": text})
    origins = dict.fromkeys(fields.keys() - {"text"}, ("label above the text", "likely"))
    return RawArticle(None, {**fields, "text": "\n".join([fields.get("text", ""), *lines[start:]]).strip()}, origins)


def read_export(kind: str, text: str) -> Iterator[RawArticle | RawRefusal]:
    r"""Read the articles of an export, and compare their number with the one the file announces.

    Layouts differ by year, language and the fields asked for, so nothing but a mark between articles is required, and what a label says
    is believed before what its place in the layout suggests. A date whose day and month cannot be distinguished is handed on as it is.

    Args:
        kind: "nexis", "factiva", "proquest" or "europresse".
        text: The text of the file, paragraphs separated by a blank line; they may be broken to a width, as in older files.

    Yields:
        Each article (also with a field `dateline` where the archive has it apart) or its refusal, numbered from 1; last and without a
        number, a refusal for those that were announced and not found.

    Example:
        >>> text = "Rain falls\n\nThe Daily\n\nFebruary 7, 2017 Tuesday\n\nLength: 2 words\n\nBody\n\nIt rained.\n\nEnd of Document"
        >>> sorted(next(read_export("nexis", text)).fields.items())
        [('headline', 'Rain falls'), ('outlet', 'The Daily'), ('published', '2017-02-07'), ('text', 'It rained.')]
    """
    layout, lines, row = _layout(kind), _split_lines(text), 0
    for row, (found, origins) in enumerate(_READERS[kind](lines, layout), start=1):
        texts = {name: dict.fromkeys(values) if name == "byline" else values for name, values in found.items()}  # ProQuest gives it twice
        fields = {name: ("\n\n" if name == "text" else " ").join(filter(None, map(str.strip, values))) for name, values in texts.items()}
        fields = {name: value.translate(_NO_MARKS) for name, value in fields.items() if value and name in (*USUAL_NAMES, "dateline")}
        if "published" in fields:
            fields["published"] = read_date(fields["published"]) or fields["published"]
        if "error" in layout and _is(layout["error"], *found["plain"]):
            yield RawRefusal(row, "the archive could not show this article: export it again")
        elif not count_words(fields.get("text", "")):
            yield RawRefusal(row, f"no text in the export, headline '{fields.get('headline', '')[:80]}': export full texts")
        else:
            yield RawArticle(row, fields, {name: origin for name, origin in origins.items() if name in fields})
    short = (line for line in lines if len(line) <= _LONGEST_LINE)
    # By total, how often it is told: of several, one that is told once may occur in a story.
    told = Counter(int(match[1][:9]) for line in short for pattern in layout["announced"] if (match := pattern.fullmatch(line)))
    announced = sum(total * -(-n // max(total, 1)) for total, n in told.items() if n > 1 or max(told.values()) == 1)
    if announced > row:
        yield RawRefusal(None, f"the file announces {announced} articles and {row} were found: export the others again")


@cache
def _layout(kind: str) -> _Layout:
    """Read the layout of an archive's files: a pattern by each name, and the fields by label."""
    written = read_data("layouts")[kind]
    layout: dict[str, Any] = {name: re.compile(value, re.I) for name, value in written.items() if isinstance(value, str)}
    for name in {"head", "tail", "labels"} & set(written):
        layout[name] = {label.strip().casefold(): field for field, labels in written[name].items() for label in labels.split("|")}
    return {**layout, "announced": [re.compile(value, re.I) for value in written.get("announced", [])]}


@lru_cache(1)  # a text that is no export of one archive may be of another
def _split_lines(text: str) -> list[str]:
    """Split a text into lines, "" between blocks; lines of a paragraph that was broken to a width are joined, heads of pages left out."""
    written = [line.strip(" \ufeff") for line in re.sub("[\u00a0\u202f]", " ", text).splitlines()]
    if {"HD", "PD", "TD"} <= {line[:2] for line in written if _SPACED.match(line)}:  # codes of Factiva, and one space in place of columns
        written = [_SPACED.sub(r"\1  ", line) for line in written]
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", "\n".join("" if _is(_layout("nexis")["page"], line) else line for line in written)):
        kept = [line for line in block.split("\n") if line.strip()]
        is_wrapped = all(_WRAPPED[0] <= len(line) <= _WRAPPED[1] and not _BETWEEN.fullmatch(line) for line in kept[:-1])
        joined = read_pattern("wrapped").sub(" ", "\n".join(kept)) if is_wrapped else "\n".join(kept)
        lines += [*filter(None, joined.split("\n")), ""]
    return lines


def _is(pattern: re.Pattern[str], *lines: str) -> bool:
    """Whether any of some lines is as a whole what a pattern says."""
    return any(len(line) <= _LONGEST_LINE and pattern.fullmatch(line.strip()) for line in lines)


def _find(line: str, layout: _Layout, labels: str = "labels") -> tuple[str, str]:
    """Field and value of a line that starts with one of the labels (or codes, where there are such); "" and the line for any other."""
    found = (_CODE if "coded" in layout else _LABEL).match(line)
    field = layout[labels].get(found[1].casefold()) if found else None
    return (field, found[2]) if found and field else ("", line)


def _is_date(line: str) -> bool:
    """Whether a line is a date, with a weekday, a time or an edition at most."""
    return len(line) <= 60 and (bool(read_date(line)) or _is(_FIGURES, line))


def _cut(lines: Sequence[str], is_end: Callable[[str], bool]) -> list[list[str]]:
    """Cut lines into pieces at each line that ends one; what follows the last end is a piece too."""
    ends = [place for place, line in enumerate(lines) if is_end(line)]
    return [list(lines[end + 1 : following]) for end, following in pairwise([-1, *ends, len(lines)])]


def _is_nexis(line: str) -> bool:
    """Whether a line is one that no article in a file of Nexis is without."""
    layout = _layout("nexis")
    return _find(line, layout, "head")[0] == "length" or _find_tail(line, layout)[0] == "loaded" or _is(layout["body"], line)


def _find_tail(line: str, layout: _Layout) -> tuple[str, str]:
    """Field and value of a metadata line after the text; lines like `Update: The minister left` are text."""
    field, value = _find(line, layout, "tail")
    if _is(layout["tail_lines"], line) or layout["index"].match(line):
        return "other", ""
    is_sound = read_date(value) if field == "loaded" else line[:4].isupper() or count_words(value) < 4
    return (field, value) if field and is_sound else ("", line)


def _read_nexis(lines: Sequence[str], layout: _Layout) -> Iterator[_Article]:
    """Read Nexis: older files begin an article with its number, newer ones end it with a line."""
    is_old = _is(layout["begin"], *lines) or not (_is(layout["end"], *lines) or _is(layout["body"], *lines))
    pieces = _cut(lines, lambda line: _is(layout["begin" if is_old else "end"], line))
    # Of old files the first is what was asked for, by whom; a single article may have no number. Of newer ones the last may be none.
    pieces = pieces[len(pieces) > 1 :] if is_old else pieces[: len(pieces) - (not any(map(_is_nexis, pieces[-1])))]
    for fields in (_split_nexis(piece, layout) for piece in pieces):
        (_read_old_head if is_old else _read_head)(fields, layout)
        is_guess = not fields["published"]
        fields["published"] = fields["published"] or fields["loaded"]
        yield fields, {"published": ("date of loading into the archive", "guess")} if is_guess else {}


def _split_nexis(lines: Sequence[str], layout: _Layout) -> _Fields:
    """Split an article into its lines before the first label (`plain`), its text, and the values of its labels."""
    # `now` is plain, text, tail, the field of the last label, or a gap: a blank line after a label
    fields, has_body, now = _Fields(list), _is(layout["body"], *lines), "plain"
    for line in lines:
        field, value = _find(line, layout, "head") if now not in ("text", "tail") else ("", line)
        tail, rest = _find_tail(line, layout)
        if not line:
            fields["plain"] += [""] if now == "plain" else []
            now = now if now in ("plain", "text", "tail") else "gap"
        elif now != "tail" and _is(layout["body"], line):
            now = "text"
        elif tail or field:
            now = "tail" if tail else field
            fields[tail or field].append(rest if tail else value)
        elif _is(layout["rights"], line) and not (now == "text" and has_body):
            now = "tail" if now == "text" else now
        elif now != "tail":
            now = ("other" if has_body else "text") if now == "gap" else now
            fields[now].append(line)
    return fields


def _read_head(fields: _Fields, layout: _Layout) -> None:
    """Read headline, outlet and date, in this order, before which the first article has a cover with a table of contents."""
    names = [line for line in fields["plain"] if line]
    dates = [place for place, line in enumerate(names) if place and _is_date(line)]  # the headline may be one
    is_covered = any(_is(pattern, line) for line in names for pattern in (layout["cover"], *layout["announced"]))
    start, end = 0, dates[-1] if dates else len(names) if is_covered else 2
    if is_covered:
        listed = next((found[1].casefold() for line in names if (found := layout["contents"].match(line))), None)
        start = max((place for place, line in enumerate(names[:end]) if line.casefold() == listed), default=max(end - 2, 0))
    fields |= {"headline": names[start : end - 1], "outlet": names[max(end - 1, start) : end], "published": names[end : end + bool(dates)]}


def _read_old_head(fields: _Fields, layout: _Layout) -> None:
    """Read outlet, date (with the edition below it), and headline, in this order; what follows is text."""
    blocks = [block for block in _cut(fields["plain"], lambda line: not line) if block]
    dated = next((place for place, block in enumerate(blocks) if any(map(_is_date, block))), None)
    after = 1 if dated is None else dated + 1
    while blocks[after:] and all(_is(layout["edition"], line) for line in blocks[after]):
        after += 1
    fields["outlet"] = [line for line in chain(*blocks[:after]) if not _is_date(line)][:1]
    fields["published"] = list(filter(_is_date, blocks[dated]))[:1] if dated is not None else []
    fields["headline"] = list(chain(*blocks[after : after + 1]))
    fields["text"][:0] = list(chain(*blocks[after + 1 :]))


def _read_factiva(lines: Sequence[str], layout: _Layout) -> Iterator[_Article]:
    """Read Factiva: articles with the codes of their fields, or in its layout for readers, where their places tell."""
    is_coded = {"headline", "published"} <= {_find(line, layout)[0] for line in lines}
    *pieces, last = _cut([line for line in lines if line], lambda line: _is(layout["end"], _find(line, layout)[1] if is_coded else line))
    for piece in [*pieces, last]:
        counted = next((place for place, line in enumerate(piece) if _is(layout["words"], line)), None)
        if is_coded:
            yield from _read_codes(piece, layout)
        elif counted is not None:
            yield _read_places(piece[max(counted - 3, 0) : counted], piece[counted + 1 :], layout)
        elif piece is not last:  # an end, and no article before it that could be read
            yield defaultdict(list, headline=piece[:1]), {}


def _read_codes(lines: Sequence[str], layout: _Layout) -> Iterator[_Article]:
    """Read the fields of an article by their codes; more than one where the number that ends an article is missing."""
    fields, now = _Fields(list), ""
    for field, value in [*(_find(line, layout) for line in lines), ("headline", "")]:
        if field == "headline" and fields["headline"]:
            yield fields, {}
            fields = defaultdict(list)
        now = field or now
        fields[now].append(value)


def _read_places(before: list[str], after: list[str], layout: _Layout) -> _Article:
    """Read the lines before the word count (section, headline, byline; the first and last may be missing) and after it."""
    numbered = [place for place, line in enumerate(before) if layout["number"].match(line)]
    n_candidates = len(before) - (len(before) > 1 and layout["by"].match(before[-1]) is not None)
    at = numbered[0] if numbered else max(range(n_candidates), key=lambda place: len(before[place]), default=0)
    n_dated = 1 + (len(after) > 1 and _is(layout["time"], after[1])) if after and _is_date(after[0]) else 0
    ends = [place for place, line in enumerate(after[:9]) if _is(layout["rights"], line) or _is(layout["language"], line)]
    fields: _Fields = defaultdict(list, headline=[layout["number"].sub("", line) for line in before[at : at + 1]], byline=before[at + 1 :])
    after = after[: -_is(layout["publisher"], *after[-1:]) or None]  # its last line, if it names the publisher
    fields |= {"published": after[:n_dated], "outlet": after[n_dated : n_dated + 1], "text": after[max(ends, default=n_dated) + 1 :]}
    guess = ("lengths of the lines before the word count", "guess")
    return fields, {} if numbered or n_candidates < 2 else {"headline": guess, "byline": guess}


def _read_proquest(lines: Sequence[str], layout: _Layout) -> Iterator[_Article]:
    """Read ProQuest: labels, between lines of underscores."""
    pieces = _cut(lines, lambda line: _is(layout["between"], line) or any(_is(pattern, line) for pattern in layout["announced"]))
    for kept in (record for piece in pieces for record in _cut_records(list(filter(None, piece)), layout)):
        found = [_find(line, layout) for line in kept]
        names = [field for field, _ in found]
        if not {"text", "abstract", "id", "published"} & set(names):
            continue  # a cover, or the address of ProQuest
        text, n_told = names.index("text") if "text" in names else -1, [*accumulate(map(bool, names[::-1]))][::-1]  # from a line on
        ends = (at for at in range(text + 1, len(names)) if all(names[at : at + 2]) and n_told[at] >= _SHARE_OF_LABELS * (len(names) - at))
        end = next(ends, len(names))
        while text + 1 < end < len(names) and _LABEL.match(kept[end - 1]) and kept[end - 1][-1] not in ".!?\"”»'’":
            end -= 1  # a label of another language
        fields, now = _Fields(list), "plain"
        for place, (field, value) in enumerate(found):
            is_new = field and (now != "text" or place >= end)
            is_other = not field and now not in ("plain", "text") and _LABEL.match(kept[place])
            now = field if is_new else "other" if is_other or place == end else now
            fields[now].append(value if is_new else kept[place])
        fields["headline"] = fields["headline"] or fields["plain"][:1]
        yield fields, {}


def _cut_records(lines: list[str], layout: _Layout) -> Iterator[list[str]]:
    """Cut records where the label of the text comes again; the labels before it, and the headline above these, are of the new record."""
    names, start = [_find(line, layout)[0] for line in lines], 0
    for place in [place for place, name in enumerate(names) if name == "text"][1:]:
        at = next((at for at in range(place - 1, start, -1) if not names[at]), place)
        yield lines[start:at]
        start = at
    yield lines[start:]


def _read_europresse(lines: Sequence[str], layout: _Layout) -> Iterator[_Article]:
    """Read Europresse: what its page marks, or else outlet, date, headline by their places; the number of a document ends it."""
    for piece in _cut([line for line in lines if line], lambda line: _is(layout["end"], line))[:-1]:
        start = max((place + 1 for place, line in enumerate(piece) if place < 9 and _is(layout["certificate"], line)), default=0)
        marked = [place for place, line in enumerate(piece) if line[0] in MARKS.values()]
        dated = next((place for place, line in enumerate(piece) if place > start and len(line) <= _LONGEST_LINE and read_date(line)), start)
        begin = (marked[-1] if marked else dated + 1) + 1
        end = next((place for place, line in enumerate(piece) if place >= begin and _is(layout["rights"], line)), len(piece))
        fields: _Fields = defaultdict(list, text=piece[begin:end])
        placed = {"outlet": piece[dated - 1 : dated], "published": piece[dated : dated + 1], "headline": piece[begin - 1 : begin]}
        named = {field: [line for line in piece if line.startswith(mark)] for field, mark in MARKS.items()}
        fields |= named if marked else placed
        yield fields, {} if marked else {"headline": ("its place below the date", "guess")}


_NO_MARKS = str.maketrans(dict.fromkeys(MARKS.values(), ""))
_READERS = dict(zip(EXPORTS, (_read_nexis, _read_factiva, _read_proquest, _read_europresse), strict=True))
