"""Flag what is doubtful about an article: its date, length, quotation marks. Nothing is dropped for a flag."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pandas as pd

from toolkit.parsing.parts import find_cues
from toolkit.parsing.quotations import find_quotations
from toolkit.tables import make_table, read_data

# Words, the headline's among them: below, an article is mostly a caption, a note of a live blog or what a paywall lets through.
FEWEST_WORDS = 50

_ENDS = "(?m)(?:^|(?<=[.!?] ))"  # before a sentence
_WALLS = [(item["cue"], re.compile(f"{_ENDS}(?:{item['pattern']})")) for item in read_data("boilerplate")["sentences"] if "wall" in item]

Flag = tuple[str, str, str]  # article, flag and detail


def tabulate_flags(flags: Iterable[Flag]) -> pd.DataFrame:
    """Make the table of what is doubtful about articles, so that a reader can look, or set the flagged apart and see whether it matters.

    Args:
        flags: What `flag_texts` and `flag_dates` found.

    Returns:
        Flags, one row per article and flag: `date before the archive`, `date in the future`, `under 50 words`, `cut off by a
        paywall`, `unpaired quotation marks`; sorted by article and flag.

    Example:
        >>> tabulate_flags([("b", "under 50 words", "2 words"), ("a", "under 50 words", "3 words")])["article_id"].tolist()
        ['a', 'b']
    """
    return make_table("Flags", pd.DataFrame(sorted(flags), columns=["article_id", "flag", "detail"]))


def flag_dates(articles: pd.DataFrame) -> Iterator[Flag]:
    """Flag the dates that are far from all others of the corpus.

    No clock may speak in a result, so a wrong date is one further from the middle 90 % of the corpus's dates than these are apart (92 days
    at least).

    Source: our choice.

    Example:
        >>> list(flag_dates(pd.DataFrame({"article_id": ["a"], "published": pd.to_datetime(["2017-02-01"])})))
        []
    """
    low, high = articles["published"].quantile([0.05, 0.95], interpolation="lower")
    apart = max(high - low, pd.Timedelta(days=92))
    wrong = {"date before the archive": articles["published"] < low - apart, "date in the future": articles["published"] > high + apart}
    for flag, which in wrong.items():
        yield from ((id, flag, f"{day:%Y-%m-%d}") for id, day in articles.loc[which, ["article_id", "published"]].itertuples(index=False))


def flag_texts(articles: pd.DataFrame) -> Iterator[Flag]:
    """Flag what can be known of an article by itself: it is short, cut off, or has unpaired quotation marks.

    Example:
        >>> list(flag_texts(pd.DataFrame({"article_id": ["a"], "text": ["It rains."], "n_words": [2]})))
        [('a', 'under 50 words', '2 words')]
    """
    for article_id, text, n_words in articles[["article_id", "text", "n_words"]].itertuples(index=False):
        unpaired = Counter(text[start] for start, end, _, _ in find_quotations(text) if end - start == 1)
        found = {
            f"under {FEWEST_WORDS} words": f"{n_words} words" if n_words < FEWEST_WORDS else "",
            "cut off by a paywall": find_wall(text),
            "unpaired quotation marks": ", ".join(f"{n} {mark}" for mark, n in unpaired.items()),
        }
        yield from ((article_id, flag, detail) for flag, detail in found.items() if detail)


def find_wall(text: str) -> str:
    """Find the sentence near the end of a text with which a paywall cuts it off.

    Example:
        >>> find_wall("The board met. Subscribe now to read the full story."), find_wall("The board met.")
        ('Subscribe now to read the full story.', '')
    """
    cued, tail = {item.cue for _, item in find_cues(text)}, text[-2000:]  # characters in which a paywall speaks
    return next((hit[0] for cue, wall in _WALLS if cue in cued and (hit := wall.search(tail))), "")
