"""Explain what cleaning did to an article, step by step, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

import pandas as pd

from toolkit.parsing.corpora import read_article, read_raw
from toolkit.parsing.repair import REPAIRS
from toolkit.parsing.steps import STEPS, check_steps
from toolkit.tables import make_table

_TOKEN = re.compile(r"\s+|\S+")
_Change = tuple[str, int, str, str]  # step, start, before, after


def list_left_out(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """List what is not running text of the story: every boilerplate sentence and dateline, with the step that set it apart.

    Args:
        articles: Articles.
        sentences: Their sentences.

    Returns:
        Cleaning, one row per sentence, in their order. Grouped by step it is the tally of a corpus.

    Example:
        >>> from toolkit.parsing import read_corpus, split_sentences
        >>> articles = read_corpus("ukraine-korea").articles
        >>> list_left_out(articles, split_sentences(articles))["step"].tolist()
        ['repeated headline', 'dateline', 'known boilerplate']
    """
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    left = sentences.loc[sentences["step"] != "", ["article_id", "step", "start", "end"]]
    pieces = ((*row, texts[row.article_id][row.start : row.end]) for row in left.itertuples(index=False))
    return _table([(id, (step, start, piece, piece if step == "dateline" else "")) for id, step, start, _, piece in pieces])


def explain_article(name: str, article_id: str) -> pd.DataFrame:
    """Explain what cleaning did to one article of a corpus; its source is read again.

    Args:
        name: As in `read_corpus`. A Parquet file holds texts after repair: of it, only what is left out can be explained.
        article_id: Its id; "" takes the smallest.

    Returns:
        Cleaning, as in `explain_cleaning`.

    Raises:
        CorpusError: When there is no such article.

    Example:
        >>> explain_article("ukraine-korea", "")[["step", "before", "after"]].values.tolist()[-1]
        ['known boilerplate', 'Leave a Replay', '']
    """
    news = read_article(name, article_id)
    return explain_cleaning(news.articles, read_raw(name, article_id), news.spans, without=sorted(news.without))


def explain_cleaning(
    articles: pd.DataFrame, raw: Mapping[str, str], sentences: pd.DataFrame, *, without: Sequence[str] = ()
) -> pd.DataFrame:
    r"""Explain what cleaning did to one article: what was rewritten when it was read, and what of it is left out of the counts.

    Args:
        articles: Articles, of one row.
        raw: Its fields as its source has them, by our names: headline, subtitle, text, byline.
        sentences: Its sentences, which say what is left out.
        without: Steps that were not taken.

    Returns:
        Cleaning, in reading order; what is not in the text (the byline) comes last.

    Raises:
        CorpusError: When there is no such step.

    Example:
        >>> from toolkit.parsing import split_sentences
        >>> columns = {"article_id": ["a"], "outlet": ["b"], "headline": ["Rain"], "text": ["Rain\n\nThey don't know. View Comments"]}
        >>> raw = {"headline": "Rain", "text": 'They don"t know. View Comments'}
        >>> articles = pd.DataFrame(columns)
        >>> explain_cleaning(articles, raw, split_sentences(articles))[["step", "start", "before", "after"]].values.tolist()
        [['apostrophes', 11, 'don"t', "don't"], ['known boilerplate', 23, 'View Comments', '']]
    """
    article_id, text = articles["article_id"].iloc[0], articles["text"].iloc[0]
    rows: list[tuple[str, _Change]] = []
    at = 0
    for name in ("headline", "subtitle", "text", "byline"):
        repaired, changes = _list_repairs(raw.get(name, ""), check_steps(without))
        base = text.find(repaired, at) if name != "byline" else -1
        rows += [(article_id, (step, base + start if base >= 0 else -1, before, after)) for step, start, before, after in changes]
        at = max(at, base + len(repaired))
    found = pd.concat([_table(rows), list_left_out(articles, sentences)])
    return found.sort_values("start", kind="stable", na_position="last", ignore_index=True)


def _list_repairs(raw: str, without: frozenset[str]) -> tuple[str, list[_Change]]:
    """Take every repair step on a text and list what each changed, with the place in the repaired text."""
    changes: list[_Change] = []
    text = raw
    for step, clean in REPAIRS.items():
        cleaned = clean(text)[0] if step not in without else text
        if cleaned != text:
            same, found = _compare(text, cleaned)
            changes = [(name, _shift(start, same), *words) for name, start, *words in changes]  # type: ignore[misc]
            changes += [(step, *change) for change in found]
            text = cleaned
    lead = len(text) - len(text.lstrip())
    return text.strip(), sorted(((step, max(0, start - lead), before, after) for step, start, before, after in changes), key=lambda c: c[1])


def _compare(old: str, new: str) -> tuple[list[tuple[int, int]], list[tuple[int, str, str]]]:
    """Compare two texts word by word: where each stretch starts in both, and what differs, with its place in the new one."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    starts, found = [], []
    at_old = at_new = 0
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after).get_opcodes():
        words_old, words_new = "".join(before[i1:i2]), "".join(after[j1:j2])
        starts.append((at_old, at_new))
        if kind != "equal":
            found.append((at_new, words_old, words_new))
        at_old, at_new = at_old + len(words_old), at_new + len(words_new)
    return starts, found


def _shift(start: int, stretches: Sequence[tuple[int, int]]) -> int:
    """Find where a place in the old text is in the new one."""
    old, new = max(stretch for stretch in stretches if stretch[0] <= start)
    return new + start - old


def _table(rows: Iterable[tuple[str, _Change]]) -> pd.DataFrame:
    """Make the table of changes."""
    listed = ((id, step, start if start >= 0 else None, before, after, STEPS[step]) for id, (step, start, before, after) in rows)
    return make_table("Cleaning", pd.DataFrame(listed, columns=["article_id", "step", "start", "before", "after", "why"]))
