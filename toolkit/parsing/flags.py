"""Flag what is doubtful about an article: its date, length, quotation marks. Nothing is dropped for a flag."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

import pandas as pd

from toolkit.parsing.layouts import read_data
from toolkit.parsing.quotations import find_quotations
from toolkit.tables import make_table

FEWEST_WORDS = 50
"""Words, the headline's among them: below, an article is mostly a caption, a note of a live blog or what a paywall lets through."""


def find_flags(articles: pd.DataFrame) -> pd.DataFrame:
    """Flag what is doubtful about each article, so that a reader can look, or set the flagged apart and see whether it matters.

    No clock may speak in a result, so a wrong date is one further from the middle 90 % of the corpus's dates than these are apart (92 days
    at least).

    Args:
        articles: Articles, all of the corpus.

    Returns:
        Flags, one row per article and flag: `date before the archive`, `date in the future`, `under 50 words`, `cut off by a
        paywall`, `unpaired quotation marks`; sorted by article and flag.

    Source: our choice.

    Example:
        >>> from toolkit.parsing import read_corpus
        >>> articles = read_corpus("ukraine-korea").articles.assign(n_words=49)
        >>> find_flags(articles)[["flag", "detail"]].values.tolist()
        [['under 50 words', '49 words']]
    """
    return pd.concat([flag_texts(articles), flag_dates(articles)]).sort_values(["article_id", "flag"], ignore_index=True)


def flag_dates(articles: pd.DataFrame) -> pd.DataFrame:
    """Flag the dates that are far from all others of the corpus.

    Example:
        >>> len(flag_dates(pd.DataFrame({"article_id": ["a"], "published": pd.to_datetime(["2017-02-01"])})))
        0
    """
    low, high = articles["published"].quantile([0.05, 0.95], interpolation="lower")
    apart = max(high - low, pd.Timedelta(days=92))
    wrong = {"date before the archive": articles["published"] < low - apart, "date in the future": articles["published"] > high + apart}
    found = ((*row, flag) for flag, which in wrong.items() for row in articles.loc[which, ["article_id", "published"]].to_numpy())
    return _tabulate((article_id, flag, f"{day:%Y-%m-%d}") for article_id, day, flag in found)


def flag_texts(articles: pd.DataFrame) -> pd.DataFrame:
    """Flag what can be told of an article by itself: it is short, cut off, or has unpaired quotation marks.

    Example:
        >>> flag_texts(pd.DataFrame({"article_id": ["a"], "text": ["It rains."], "n_words": [2]}))["flag"].tolist()
        ['under 50 words']
    """
    rows: list[tuple[str, str, str]] = []
    for article_id, text, n_words in articles[["article_id", "text", "n_words"]].itertuples(index=False):
        unpaired = Counter(text[start] for start, end, _, _ in find_quotations(text) if end - start == 1)
        found = {
            f"under {FEWEST_WORDS} words": f"{n_words} words" if n_words < FEWEST_WORDS else "",
            "cut off by a paywall": find_wall(text),
            "unpaired quotation marks": ", ".join(f"{n} {mark}" for mark, n in unpaired.items()),
        }
        rows += [(article_id, flag, detail) for flag, detail in found.items() if detail]
    return _tabulate(rows)


def _tabulate(rows: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    """Make the table of flags."""
    return make_table("Flags", pd.DataFrame(rows, columns=["article_id", "flag", "detail"]))


def find_wall(text: str) -> str:
    """Find the sentence near the end of a text with which a paywall cuts it off.

    Example:
        >>> find_wall("The board met. Subscribe now to read the full story."), find_wall("The board met.")
        ('Subscribe now to read the full story.', '')
    """
    tail = text[-2000:]  # characters in which a paywall speaks
    return next((hit[0] for cue, wall in _list_walls() if cue in tail and (hit := wall.search(tail))), "")


@cache
def _list_walls() -> list[tuple[str, re.Pattern[str]]]:
    """Compile what paywalls say, with the cue of each."""
    items = [item for item in read_data("boilerplate")["sentences"] if "wall" in item]
    return [(item["cue"], re.compile(rf"(?m)(?:^|(?<=[.!?] ))(?:{item['pattern']})")) for item in items]
