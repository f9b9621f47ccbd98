"""Flag what is doubtful about an article: its date, length, repeats, marks. Nothing is dropped for a flag."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from toolkit.parsing.parts import Span, find_parts, split_paragraphs
from toolkit.tables import make_table

FEWEST_WORDS = 50
"""Words, the headline's among them: below, an article is mostly a picture's caption, a liveblog's stub or what a paywall lets through."""

_PASSAGE = 100  # characters of a passage that does not stand twice by chance
_BREAK = re.compile(r"\n+|(?<=[.!?])\s")


def find_flags(articles: pd.DataFrame) -> pd.DataFrame:
    """Flag what is doubtful about each article, so that a reader can look, or set the flagged apart and see whether it matters.

    No clock may speak in a result, so a wrong date is one further from the middle 90 % of the corpus's dates than these are apart (92 days
    at least).

    Args:
        articles: Articles.

    Returns:
        Flags, one row per article and flag: `date before the archive`, `date in the future`, `a passage twice`, `under 50 words`,
        `unpaired quotation marks`; sorted by article and flag.

    Source: our choice.

    Example:
        >>> from toolkit.parsing import read_corpus
        >>> articles = read_corpus("ukraine-korea").articles.assign(n_words=49)
        >>> find_flags(articles)[["flag", "detail"]].values.tolist()
        [['under 50 words', '49 words']]
    """
    rows: list[tuple[str, str, str]] = []
    low, high = _limits(articles["published"])
    columns = ("article_id", "published", "headline", "text", "n_words")
    for article_id, published, headline, text, n_words in zip(*(articles[name] for name in columns), strict=True):
        paragraphs = split_paragraphs(text)
        found = {
            "date before the archive": f"{published:%Y-%m-%d}" if published < low else "",
            "date in the future": f"{published:%Y-%m-%d}" if published > high else "",
            "a passage twice": _find_twice(text, headline if isinstance(headline, str) else "", paragraphs),
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
