"""Split articles into sentences, by rule, with exact offsets, and say what part of the article each is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from toolkit.parsing.boilerplate import find_boilerplate_patterns, find_boilerplate_pieces
from toolkit.parsing.words import count_words
from toolkit.tables import make_table

Span = tuple[int, int]

_TITLES = frozenset(
    """mr mrs ms messrs dr prof gen lt col maj capt cmdr adm sgt cpl pvt sen sens rep reps gov govs pres hon rev fr st mt ft supt insp det
    vs approx ca cf fig vol pp ed eds dept govt""".split()
)
"""After these a full stop never ends a sentence: a name or a number follows."""

_BEFORE_NUMBER = frozenset("no nos jan feb mar apr jun jul aug sep sept oct nov dec p art sec".split())
"""After these it does not where a digit follows: `No. 5`, `Feb. 3`."""

_MAYBE = frozenset("inc corp co ltd bros jr sr etc al ph.d calif fla mass mich minn ariz conn ill ind pa va wis tenn okla ore wash".split())
"""After these, initials and dotted abbreviations (`U.S.`, `a.m.`) it does only where a word of `_STARTERS` or a quotation follows."""

_STARTERS = frozenset(
    """The A An He She It They We I You In On At But And If As When While After Before This That These Those There His Her Its Their Our
    My For To From With By Some Many Most Both Asked However Meanwhile Yet So What Who Why How Where Is Are Was Were Do Does Did Not No
    Now Then Since Until Although Though Despite According Also Another Other Such Even Under Over Last Earlier Later""".split()
)

_STOP = re.compile(r"""([.!?…])([.!?…]*)(["'”’»)\]]*)\s+(?=([\["'“‘«(—–-]*)([^\s.,;:!?…a-z)\]]))""")
_NEXT_WORD = re.compile(r"[\w]+(?!\.\w|\.\s+[A-Z])")
_DOTTED = re.compile(r"[a-z](?:\.[a-z])*")
_SAID = re.compile(r"(?:[A-Z][\w'’-]+\s){1,4}(?:said|says|asked|asks|added|replied|wrote|tweeted|told|shouted|wondered|continued)\b")
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_BREAK = re.compile(r"\n\s*")
_LONG_LINE = re.compile(r"[^\n]{121}")

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2}(?:,\s\d{4})?[.,]?"
_NO_PLACE = "LIVE|WATCH|UPDATE|EXCLUSIVE|BREAKING|VIDEO|ANALYSIS|OPINION|EDITORIAL|NATO"
_PLACE = rf"(?!(?:{_NO_PLACE})\b)[A-ZÀ-Þ][A-ZÀ-Þ.'’/ -]{{2,40}}(?:,\s(?!{_MONTH})[\w.' -]{{2,30}}?){{0,2}}"
_NAME = r"[A-Z][\w'’.-]+(?:\s[A-Z][\w'’.-]+){0,2}"
_DATELINE = re.compile(
    rf"""
      (?:(?P<place1>{_PLACE})(?:\s/[\w ]+/|\s\([\w ]+\))?(?:,\s)?)?(?:{_MONTH})?\s*   # MOSCOW, February 7. /TASS/.   WASHINGTON (Reuters) -
      (?P<credit1>(?:/(?:TASS|PRNewswire)\s?/\.?|\((?:AP|AFP|Reuters|dpa|Xinhua|UPI|CNN|Variety\.com)\))(?:\s*[-–—]+(?=\s))?)
    | (?P<place2>{_PLACE})(?:,\s{_MONTH})?\s*(?:[–—]|--|(?<=\s)-)(?=\s*["“'‘]?[A-ZÀ-Þ0-9])   # SEOUL–A   RALEIGH, N.C. — The
    | (?P<place3>{_NAME},\s{_NAME})\s[-–—]+(?=\s["“]?[A-Z]|(?<=--)[A-Z])   # Geneva, Switzerland - The
    | (?P<place4>{_NAME}(?:,\s{_NAME})?)\s?(?P<credit4>\(CNN\))   # Washington (CNN)
    """,
    re.VERBOSE,
)

_QUOTATION_MARK = re.compile('["“”«»‘’]')
_CLOSES = {"”": "“", "»": "«", "’": "‘"}
_LONGEST_QUOTATION = 2000  # characters, some twelve sentences: a longer one is taken for two marks that lost their partners
_SHORTEST_REPEAT = 25  # characters of a standfirst; shorter paragraphs ("Yes.") stand twice by chance


def split_sentences(articles: pd.DataFrame) -> pd.DataFrame:
    """Split every article into sentences and say what each is.

    A sentence ends at a stop before white space and something that can begin one; not after titles, initials or inside abbreviations.
    Nothing is cut out: a repeated headline, a standfirst that the story repeats, "Leave a Reply" and the like are rows of part
    `boilerplate`. A critic would ask about quotations: a sentence is `quoted` when a quotation covers any of it; one that is never closed
    counts for its own sentence only, unless the next paragraph opens with a quotation mark again.

    Args:
        articles: Articles.

    Returns:
        Sentences, one row per sentence, in the order of the articles and of their text; only white space stands between them.

    Source: our choice of rules, after the usual hard cases of English news; tests/cases/sentences.yml lists them.

    Example:
        >>> from toolkit.parsing import read_corpus
        >>> news = read_corpus("ukraine-korea")
        >>> split_sentences(news.articles)["part"].value_counts(sort=False).to_dict()
        {'headline': 1, 'boilerplate': 2, 'dateline': 1, 'body': 8}
    """
    names = ["article_id", "sentence", "paragraph", "part", "start", "end", "quoted", "n_words"]
    rows = [
        (article_id, number, *row)
        for article_id, text, headline in zip(articles["article_id"], articles["text"], articles["headline"], strict=True)
        for number, row in enumerate(split_text(text, headline if isinstance(headline, str) else ""))
    ]
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return make_table("Sentences", dict(zip(names, map(list, columns), strict=True)))


def split_text(text: str, headline: str) -> Iterator[tuple[int, str, int, int, bool, int]]:
    r"""Split one text.

    Args:
        text: The text of an article.
        headline: Its headline, as it stands at the start of the text; "" for none.

    Yields:
        Paragraph, part, start, end, quoted, number of words.

    Source: see `split_sentences`.

    Example:
        >>> text = "Talks fail\n\nKYIV – Mr. Bo left. “We tried. We lost.”"
        >>> [(part, text[start:end], quoted) for _, part, start, end, quoted, _ in split_text(text, "Talks fail")]
        [('headline', 'Talks fail', False), ('dateline', 'KYIV –', False), ('body', 'Mr. Bo left.', False),
         ('body', '“We tried.', True), ('body', 'We lost.”', True)]
    """
    paragraphs = _split_paragraphs(text)
    fixed = _fix_parts(text, headline, paragraphs)
    quotations = _find_quotations(text, paragraphs) if _QUOTATION_MARK.search(text) else []
    furniture = find_boilerplate_patterns(text)
    at_fixed = at_quotation = 0
    for number, (start, end) in enumerate(paragraphs):
        pieces: list[tuple[int, int, str]] = []
        while at_fixed < len(fixed) and fixed[at_fixed][0] < end:
            first, last, part = fixed[at_fixed]
            pieces += [(*span, "body") for span in _split_span(text, start, first)]
            pieces.append((first, last, part))
            start, at_fixed = last, at_fixed + 1
        pieces += [(*span, "body") for span in _split_span(text, start, end)]
        for first, last, part in pieces:
            while at_quotation < len(quotations) and quotations[at_quotation][1] <= first:
                at_quotation += 1
            quoted = at_quotation < len(quotations) and quotations[at_quotation][0] < last
            sentence = text[first:last]
            n_words = count_words(sentence)
            if part == "body" and (n_words == 0 or any(pattern.fullmatch(sentence) for pattern in furniture)):
                part = "boilerplate"  # also a lone dash
            yield number, part, first, last, quoted, n_words


def find_dateline(text: str, headline: str) -> str:
    """Find the place named before the story, without date, agency and dash.

    Args:
        text: The text of an article.
        headline: Its headline, as it stands at the start of the text; "" for none.

    Returns:
        The place as it stands, or "".

    Source: our choice.

    Example:
        >>> find_dateline("MOSCOW, February 7. /TASS/. It snows.", "")
        'MOSCOW'
    """
    found = _match_dateline(text, headline, _split_paragraphs(text))
    return "" if found is None else _place(found)


def _match_dateline(text: str, headline: str, paragraphs: Sequence[Span]) -> re.Match[str] | None:
    """Match the dateline in one of the first paragraphs: the headline, its repeat and a standfirst may stand before it."""
    for start, end in paragraphs[:4]:
        found = _DATELINE.match(text, start, end)
        if found is not None and text[start:end] != headline:
            return found
    return None


def _place(found: re.Match[str]) -> str:
    """The place in a matched dateline."""
    return (found["place1"] or found["place2"] or found["place3"] or found["place4"] or "").strip(" ,")


def _split_paragraphs(text: str) -> list[Span]:
    """Find the paragraphs: parted by blank lines, or by every line break in a text that has a line too long to be wrapped by hand."""
    breaks = _LINE_BREAK if "\n" in text and _LONG_LINE.search(text) else _PARAGRAPH_BREAK
    edges = [len(text) - len(text.lstrip()), *(edge for gap in breaks.finditer(text.rstrip()) for edge in gap.span()), len(text.rstrip())]
    return [(start, start + len(text[start:end].rstrip())) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]


def _fix_parts(text: str, headline: str, paragraphs: Sequence[Span]) -> list[tuple[int, int, str]]:
    """Find the spans that are not split: headline, its repeats, a repeated standfirst, dateline, boilerplate pieces; in order."""
    fixed: list[tuple[int, int, str]] = []
    has_headline = bool(headline and paragraphs) and text[slice(*paragraphs[0])] == headline
    for number, (start, end) in enumerate(paragraphs if has_headline else ()):
        if text[start:end] == headline:
            fixed.append((start, end, "boilerplate" if number else "headline"))
        elif text.startswith(headline, start) and len(headline) >= _SHORTEST_REPEAT and text[start + len(headline)].isspace():
            fixed.append((start, start + len(headline), "boilerplate"))  # the story begins with its headline, on the same line
    for start, end in paragraphs[1:3] if has_headline else ():
        if end - start >= _SHORTEST_REPEAT and text.find(text[start:end], end) >= 0:
            fixed.append((start, end, "boilerplate"))
            break
    dateline = _match_dateline(text, headline if has_headline else "", paragraphs)
    if dateline is not None:
        credit = dateline.start("credit1") if dateline["credit1"] else dateline.start("credit4") if dateline["credit4"] else dateline.end()
        spans = ((dateline.start(), credit, "dateline"), (credit, dateline.end(), "boilerplate"))
        fixed += [(start, start + len(text[start:end].rstrip()), part) for start, end, part in spans if text[start:end].strip()]
    ends = [end for _, end in paragraphs]
    fixed += [(start, end, "boilerplate") for start, end in find_boilerplate_pieces(text) if _is_inside(start, end, ends)]
    kept: list[tuple[int, int, str]] = []
    for span in sorted(fixed):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _is_inside(start: int, end: int, ends: Sequence[int]) -> bool:
    """Whether a span lies in one paragraph, given the ends of all."""
    return next((last for last in ends if last > start), 0) >= end


def _split_span(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences between two offsets, which lie in one paragraph."""
    while start < end and text[start].isspace():
        start += 1
    for stop in _STOP.finditer(text, start, end):
        if stop[1] != "." or stop[2] or stop[3] or _ends_sentence(text, start, stop):
            if stop[1] in "?!" and stop[3] and not stop[4] and _SAID.match(text, stop.end()):
                continue  # “Is it over?” Ann Bo asked.
            yield start, stop.end(3)
            start = stop.end()
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a sentence ends at a single full stop with nothing closed after it."""
    before = text[max(start, stop.start() - 20) : stop.start()]
    word = before.replace("\n", " ").replace("—", " ").replace("-", " ").rpartition(" ")[2].lstrip("(['\"“‘").lower()
    if word in _TITLES:
        return False
    if word in _BEFORE_NUMBER:
        return not stop[5].isdigit()
    if word.isdigit() and stop.start() - len(word) == start:  # 1. A list
        return False
    if word in _MAYBE or _DOTTED.fullmatch(word):
        following = _NEXT_WORD.match(text, stop.end() + len(stop[4]))
        return bool(stop[4]) or (following is not None and following[0] in _STARTERS)
    return True


def _find_quotations(text: str, paragraphs: Sequence[Span]) -> list[Span]:
    """Find the quotations of a text, in order, overlapping ones joined."""
    found: list[Span] = []
    for number, (start, end) in enumerate(paragraphs):
        opened: dict[str, int] = {}
        for mark in _QUOTATION_MARK.finditer(text, start, end):
            at, kind = mark.start(), _CLOSES.get(mark[0], mark[0])
            if kind == "‘" and text[at - 1 : at].isalnum() and (mark[0] == "‘" or text[at + 1 : at + 2].isalnum()):
                continue  # an apostrophe
            if _opens(text, at, mark[0], kind in opened):
                if kind in opened:  # two in a row: the first lost its partner
                    found.append((opened[kind], opened[kind] + 1))
                opened[kind] = at
            elif kind not in opened:
                if not text[at - 1 : at].isdigit() and kind != "‘":  # neither inches nor an apostrophe
                    found.append((max(start, at - 1), at))
            else:
                first = opened.pop(kind)
                found += [(first, at + 1)] if at - first <= _LONGEST_QUOTATION else [(first, first + 1), (at - 1, at)]
        following = text[paragraphs[number + 1][0]] if number + 1 < len(paragraphs) else ""
        found += [(first, end if following == kind else first + 1) for kind, first in opened.items()]
    joined: list[Span] = []
    for first, last in sorted(found):
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _opens(text: str, at: int, mark: str, is_open: bool) -> bool:
    """Whether a mark opens a quotation; a straight one is judged by its neighbours."""
    if mark != '"':
        return mark not in _CLOSES
    before, after = text[at - 1 : at] if at else " ", text[at + 1 : at + 2] or " "
    if before.isalnum() and after.isalnum():
        return not is_open
    return not after.isspace() and (before.isspace() or before in "([{-–—‘'" or (not is_open and not before.isalnum() and after.isalnum()))
