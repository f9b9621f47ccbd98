"""Split articles into sentences, by rule, with exact offsets, and say what part of the article each is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from toolkit.parsing.boilerplate import find_boilerplate_sentences
from toolkit.parsing.parts import Span, find_parts, list_learned, split_paragraphs
from toolkit.parsing.quotations import find_quotations
from toolkit.parsing.steps import check_steps
from toolkit.parsing.words import count_words
from toolkit.tables import make_table

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


def split_sentences(articles: pd.DataFrame, *, boilerplate: pd.DataFrame | None = None, without: Sequence[str] = ()) -> pd.DataFrame:
    """Split every article into sentences and say what each is.

    A sentence ends at a stop before white space and something that can begin one; not after titles, initials or inside abbreviations.
    Nothing is cut out: a repeated headline, a standfirst that the story repeats, "Leave a Reply" and the like are rows of part
    `boilerplate`. A critic would ask about quotations: a sentence is `quoted` when a quotation covers any of it; one that is never closed
    counts for its own sentence only, unless the next paragraph opens with a quotation mark again.

    Args:
        articles: Articles.
        boilerplate: Lines learned to be boilerplate of an outlet (`Corpus.boilerplate`); None for none.
        without: Steps of cleaning not to take (`toolkit.parsing.steps.STEPS`).

    Returns:
        Sentences, one row per sentence, in the order of the articles and of their text; only white space stands between them.

    Raises:
        CorpusError: When there is no such step.

    Source: our choice of rules, after the usual hard cases of English news; tests/cases/sentences.yml lists them.

    Example:
        >>> from toolkit.parsing import read_corpus
        >>> news = read_corpus("ukraine-korea")
        >>> split_sentences(news.articles)["part"].value_counts(sort=False).to_dict()
        {'headline': 1, 'boilerplate': 2, 'dateline': 1, 'body': 8}
    """
    names = ["article_id", "sentence", "paragraph", "part", "start", "end", "quoted", "n_words"]
    off, learned = check_steps(without), list_learned(boilerplate)
    given = (articles[name] for name in ("article_id", "outlet", "text", "headline"))
    rows = [
        (article_id, number, *row)
        for article_id, outlet, text, headline in zip(*given, strict=True)
        for number, row in enumerate(
            split_text(
                text,
                headline if isinstance(headline, str) else "",
                learned=learned.get(outlet if isinstance(outlet, str) else None, frozenset()),
                without=off,
            )
        )
    ]
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return make_table("Sentences", dict(zip(names, map(list, columns), strict=True)))


def split_text(
    text: str, headline: str, *, learned: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
) -> Iterator[tuple[int, str, int, int, bool, int]]:
    r"""Split one text.

    Args:
        text: The text of an article.
        headline: Its headline, as it stands at the start of the text; "" for none.
        learned: Lines learned to be boilerplate of its outlet, white space collapsed.
        without: Steps of cleaning not to take.

    Yields:
        Paragraph, part, start, end, quoted, number of words.

    Source: see `split_sentences`.

    Example:
        >>> text = "Talks fail\n\nKYIV – Mr. Bo left. “We tried. We lost.”"
        >>> [(part, text[start:end], quoted) for _, part, start, end, quoted, _ in split_text(text, "Talks fail")]
        [('headline', 'Talks fail', False), ('dateline', 'KYIV –', False), ('body', 'Mr. Bo left.', False),
         ('body', '“We tried.', True), ('body', 'We lost.”', True)]
    """
    paragraphs = split_paragraphs(text)
    parts = find_parts(text, headline, paragraphs, learned=learned, without=without)
    pieces: list[tuple[int, int, int, str]] = []  # paragraph, start, end, part
    at = 0
    for number, (start, end) in enumerate(paragraphs):
        while at < len(parts) and parts[at][0] < end:
            pieces += [(number, *span, "body") for span in _split_span(text, start, parts[at][0])]
            pieces.append((number, *parts[at][:3]))
            start, at = parts[at][1], at + 1
        pieces += [(number, *span, "body") for span in _split_span(text, start, end)]
    starts, ends = [piece[1] for piece in pieces], [piece[2] for piece in pieces]
    furniture = dict(find_boilerplate_sentences(text, starts, ends, learned=learned, without=without))
    quotations = [quotation for quotation in find_quotations(text, paragraphs) if quotation.depth == 0]
    at = 0
    for place, (number, start, end, part) in enumerate(pieces):
        while at < len(quotations) and quotations[at].end <= start:
            at += 1
        n_words = count_words(text[start:end])
        if part == "body" and (place in furniture or (n_words == 0 and "no word" not in without)):
            part = "boilerplate"
        yield number, part, start, end, at < len(quotations) and quotations[at].start < end, n_words


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
