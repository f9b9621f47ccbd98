"""Flag what is doubtful about an article: its date, author, language, length, marks. Nothing is dropped for a flag."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd

from toolkit.parsing.parts import Span, find_parts, split_paragraphs
from toolkit.tables import make_table

FEWEST_WORDS = 50
"""Words, the headline's among them: below, an article is mostly a picture's caption, a liveblog's stub or what a paywall lets through."""

_LONGEST_LOOK = 500  # characters that tell a language: of 3,788 English articles, none needed more, and 1,000 take twice the time
_SHORTEST_LOOK = 200  # characters below which the detector guesses: a headline of names may be any language
_SUREST = 0.9  # probability of the other language: none of the 3,788 articles is given to its own with less
_PASSAGE = 100  # characters of a passage that does not stand twice by chance
_BREAK = re.compile(r"\n+|(?<=[.!?])\s")
_CLOCK = re.compile(  # what a date or a time is made of: an author of nothing else, and at least a digit, is none
    r"(?<![^\W\d_])(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\d(?:st|nd|rd|th|t|z)?|[\W_]"
    r"|(?<![^\W\d_])(?:[ap]\.?m|gmt|utc|[bce]e?[sd]?t|[ep][sd]t|updated|published|posted|last|modified|on|at|ago|hours?|min(?:ute)?s?|days?)\b",
    re.IGNORECASE,
)


def find_flags(articles: pd.DataFrame) -> pd.DataFrame:
    """Flag what is doubtful about each article, so that a reader can look, or set the flagged apart and see whether it matters.

    No clock may speak in a result, so a wrong date is one further from the middle 90 % of the corpus's dates than these are apart (92 days
    at least).

    Args:
        articles: Articles.

    Returns:
        Flags, one row per article and flag: `date before the archive`, `date in the future`, `author is a date`, `a passage twice`,
        `another language`, `under 50 words`, `unpaired quotation marks`; sorted by article and flag.

    Source: our choice; the language by py3langid (Barbaresi 2022, after Lui and Baldwin 2012), on at most 500 characters.

    Example:
        >>> from toolkit.parsing import read_corpus
        >>> articles = read_corpus("ukraine-korea").articles.assign(n_words=49, byline="12:30 GMT")
        >>> find_flags(articles)[["flag", "detail"]].values.tolist()
        [['author is a date', '12:30 GMT'], ['under 50 words', '49 words']]
    """
    rows: list[tuple[str, str, str]] = []
    low, high = _limits(articles["published"])
    languages = [_find_language(text) if len(articles) > 1 else ("", 0.0) for text in articles["text"]]  # one alone is as the corpus is
    counted = Counter(language for language, _ in languages if language)
    usual = min(counted, key=lambda language: (-counted[language], language), default="")
    columns = ("article_id", "published", "headline", "byline", "text", "n_words")
    for row, (language, probability) in zip(zip(*(articles[name] for name in columns), strict=True), languages, strict=True):
        article_id, published, headline, byline, text, n_words = row
        paragraphs = split_paragraphs(text)
        found = {
            "date before the archive": f"{published:%Y-%m-%d}" if published < low else "",
            "date in the future": f"{published:%Y-%m-%d}" if published > high else "",
            "author is a date": byline if isinstance(byline, str) and re.search(r"\d", byline) and not _CLOCK.sub("", byline) else "",
            "a passage twice": _find_twice(text, headline if isinstance(headline, str) else "", paragraphs),
            "another language": f"{language}; the corpus is mostly {usual}" if language != usual and probability >= _SUREST else "",
            f"under {FEWEST_WORDS} words": f"{n_words} words" if n_words < FEWEST_WORDS else "",
            "unpaired quotation marks": _find_unpaired(text, paragraphs),
        }
        rows += [(article_id, flag, detail) for flag, detail in found.items() if detail]
    return make_table("Flags", pd.DataFrame(sorted(rows), columns=["article_id", "flag", "detail"]))


def _limits(published: pd.Series) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Set the limits outside which a date is doubtful."""
    known = published.dropna().sort_values()
    if known.empty:
        return pd.Timestamp.min, pd.Timestamp.max
    low, high = known.iloc[int(len(known) * 0.05)], known.iloc[int((len(known) - 1) * 0.95)]
    apart = max(high - low, pd.Timedelta(days=92))
    return low - apart, high + apart


def _find_language(text: str) -> tuple[str, float]:
    """Find the language of a text, as a code, and its probability; "" for a text too short to tell."""
    if len(text) < _SHORTEST_LOOK:
        return "", 0.0
    language, probability = _detector().classify(text[:_LONGEST_LOOK])
    return str(language), float(probability)


@cache
def _detector() -> Any:  # Any: the library has no types
    """Load the detector, with probabilities."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _find_twice(text: str, headline: str, paragraphs: Sequence[Span]) -> str:
    """Find the first passage that stands twice, repeated headline and standfirst apart; its beginning."""
    for start, end, _, step in reversed(find_parts(text, headline, paragraphs)):
        if step.startswith("repeated"):
            text = text[:start] + "\n" + text[end:]
    seen: set[str] = set()
    for passage in _BREAK.split(text):
        if len(passage) >= _PASSAGE:
            if passage in seen:
                return passage[:60]
            seen.add(passage)
    return ""


def _find_unpaired(text: str, paragraphs: Sequence[Span]) -> str:
    """Say which marks do not pair; a mark left open at the end of a paragraph pairs if the next paragraph opens with it again."""
    found = []
    for opens, closes in ('""', "“”", "«»"):
        if (opens in text or closes in text) and not (opens == "“" and "„" in text):  # there “ closes
            counted = [(text.count(opens, *paragraph), text.count(closes, *paragraph)) for paragraph in paragraphs]
            left = [n_open % 2 if opens == closes else n_open - n_closed for n_open, n_closed in counted]
            again = sum(n > 0 and text[start] == opens for n, (start, _) in zip(left, paragraphs[1:], strict=False))
            if (sum(left) - again) % (2 if opens == closes else len(text)):
                found.append(" and ".join(f"{text.count(mark)} {mark}" for mark in dict.fromkeys(opens + closes)))
    return ", ".join(found)
