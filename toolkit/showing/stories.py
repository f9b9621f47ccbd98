"""Stories told more than once: who shares them with whom, the largest, and the words in which two versions differ."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import pandas as pd

from toolkit.errors import CorpusError, TableError, name_choices
from toolkit.parsing.words import WORD, fold
from toolkit.showing.charts import HIGHEST, draw_cells
from toolkit.showing.display import Chart, Shown, clean_text, write_block, write_csv
from toolkit.showing.numbers import write_table
from toolkit.showing.wording import write_count

KEPT = {"both": 5, "first": 15, "second": 15}  # words kept at either end of a passage, by the versions that have it
MOST_PASSAGES = 30  # passages shown of two versions; by then it is seen how they differ
MOST_STORIES = 5  # stories shown with their versions; the data file has all


def draw_shared(shared: pd.DataFrame) -> Chart:
    """Draw how many stories each outlet shares with each other, as a table of cells; on the diagonal, those it told more than once itself.

    Args:
        shared: What `count_shared` gives.

    Returns:
        The chart; at most twelve outlets, those that share most; its CSV file has all.

    Raises:
        TableError: When there is no outlet.

    Example:
        >>> draw_shared(pd.DataFrame({"outlet": ["x.com", "y.com"], "x.com": [0, 1], "y.com": [1, 2]})).alt
        'Heat map of the stories shared two by two by 2 outlets. Most: x.com and y.com, 1.'
    """
    if shared.empty:
        raise TableError("draw_shared: the table has no outlet. Expected what count_shared gives. Widen the outlets or dates.")
    table = shared.set_index("outlet").astype(float)
    drawn = sorted(table.sum().sort_values(ascending=False, kind="stable").index[:HIGHEST])
    texts = table.map(lambda n: f"{n:,.0f}" if n else "·")
    png = draw_cells(table.loc[drawn, drawn], texts.loc[drawn, drawn], "stories that both tell in the same words")
    pairs = {(one, other): int(table.loc[one, other]) for one in table.index for other in table.columns if one < other}
    one, other = max(pairs, key=lambda pair: pairs[pair], default=("", ""))
    most = f"Most: {one} and {other}, {pairs[one, other]:,}." if any(pairs.values()) else "No two share any."
    left = f" Only the {HIGHEST} that share most are drawn." if len(table) > HIGHEST else ""
    alt = f"Heat map of the stories shared two by two by {write_count(len(table), 'outlet')}. {most}"
    caption = f"Stories that two outlets tell in the same words; on the diagonal, those that one told more than once; a dot is none.{left}"
    return Chart("shared-stories", png, alt, caption, {"shared-stories.csv": write_csv(shared)})


def show_stories(articles: pd.DataFrame) -> Shown:
    """Show the stories told most often: who told each, when, and how the first two versions differ.

    Args:
        articles: Articles with their stories.

    Returns:
        A list to unfold; its data has every article that shares its story, those of many outlets first.

    Example:
        >>> from toolkit.tables import make_table
        >>> show_stories(make_table("Articles")).text
        '0 stories told more than once.'
    """
    sizes = articles.groupby("story").agg(n_articles=("article_id", "size"), n_outlets=("outlet", "nunique")).reset_index()
    told = articles[["story", "outlet", "published", "headline", "article_id"]].merge(sizes[sizes["n_articles"] > 1], on="story")
    told = told.sort_values(["published", "article_id"]).sort_values(["n_articles", "n_outlets"], ascending=False, kind="stable")
    pieces = []
    for number, (_, members) in enumerate(list(told.groupby("story", sort=False))[:MOST_STORIES], start=1):
        rows = [[clean_text(_tell(value)) for value in row] for row in members[["outlet", "published", "headline"]].to_numpy().tolist()]
        table = write_table(["Outlet", "Published", "Headline"], rows, f"Story {number}: who told it, the earliest first")
        count = f"{write_count(len(members), 'article')} of {write_count(int(members['n_outlets'].iloc[0]), 'outlet')}"
        versions = compare_versions(articles, *members["article_id"].iloc[:2])
        pieces.append(f"<details><summary>{rows[0][2]} ({count})</summary>{table}{versions.html}</details>")
    said = f"{write_count(told['story'].nunique(), 'story')} told more than once."
    more = f" The {MOST_STORIES} told most often:" if len(pieces) == MOST_STORIES else ""
    return Shown("stories", write_block(f"<p>{said}{more}</p>{''.join(pieces)}"), said, said, {"stories.csv": write_csv(told)})


def compare_versions(articles: pd.DataFrame, one: str, other: str) -> Shown:
    """Show two articles side by side: struck through what only the earlier has, underlined what only the later has.

    Words are compared without case and punctuation; a lone dash is left out. What both have stands as the earlier writes it, cut to its
    ends, and so are long passages that only one has.

    Args:
        articles: Articles.
        one: Id of an article.
        other: Id of another.

    Returns:
        The two, the earlier first, and the passages as data.

    Raises:
        CorpusError: When there is no such article.

    Source: Ratcliff & Metzener 1988 (Python's difflib).

    Example:
        >>> columns = {"article_id": ["a", "b"], "outlet": ["x.com"] * 2, "headline": [None] * 2, "text": ["Rain in Kyiv.", "Snow in Kyiv"]}
        >>> compare_versions(pd.DataFrame(columns).assign(published=pd.Timestamp("2017-02-08")), "b", "a").text
        'x.com, 2017-02-08 and x.com, 2017-02-08: 2 words in both, 1 only in the first, 1 only in the second. Which was first is not known.'
    """
    known = set(articles["article_id"])
    for id in (one, other):
        if id not in known:
            raise CorpusError(f"compare_versions: no article '{id}'. {name_choices(id, sorted(known)[:20])}")
    pair = articles[articles["article_id"].isin([one, other])].sort_values(["published", "article_id"], na_position="last").iloc[[0, -1]]
    texts = [[word for word in text.split() if WORD.search(word)] for text in pair["text"]]
    first, second = ([fold("".join(WORD.findall(word))) for word in words] for words in texts)
    rows: list[tuple[str, int, str]] = []
    for tag, *ends in SequenceMatcher(a=first, b=second, autojunk=False).get_opcodes():
        sides = (texts[0][ends[0] : ends[1]], texts[1][ends[2] : ends[3]])
        kinds = ("both",) if tag == "equal" else ("first", "second")
        rows += [(kind, len(words), _cut(words, KEPT[kind])) for kind, words in zip(kinds, sides, strict=False) if words]
    table = pd.DataFrame(rows, columns=["version", "n_words", "words"])
    names = [f"{_tell(outlet)}, {_tell(published)}" for outlet, published in zip(pair["outlet"], pair["published"], strict=True)]
    n = {kind: int(table.loc[table["version"] == kind, "n_words"].sum()) for kind in KEPT}
    said = f"{write_count(n['both'], 'word')} in both, {n['first']:,} only in the first, {n['second']:,} only in the second."
    said += " Which was first is not known." if pair["published"].isna().any() or pair["published"].nunique() < 2 else ""
    left = f" {len(rows) - MOST_PASSAGES:,} more passages not shown." if len(rows) > MOST_PASSAGES else ""
    html = "".join(
        f'<div><p class="fb-h">{clean_text(f"The {kind}: {name}")}</p><p>{_mark(rows[:MOST_PASSAGES], kind, element)}</p></div>'
        for kind, name, element in (("first", names[0], "del"), ("second", names[1], "ins"))
    )
    text = f"{' and '.join(names)}: {said}"
    html = f'<p class="fb-note">{said}{left}</p><div class="fb-versions">{html}</div>'
    return Shown("versions", write_block(html), text, text, {"versions.csv": write_csv(table)})


def _mark(rows: Sequence[tuple[str, int, str]], kind: str, element: str) -> str:
    """One version: what both have, and in an element what only it has."""
    marks = {"both": "{}", kind: f"<{element}>{{}}</{element}>"}
    return " ".join(marks[which].format(clean_text(words)) for which, _, words in rows if which in marks)


def _cut(words: Sequence[str], keep: int) -> str:
    """The words, or only some at either end and how many stand between."""
    if len(words) <= 3 * keep:
        return " ".join(words)
    return " ".join([*words[:keep], f"[… {len(words) - 2 * keep:,} words …]", *words[-keep:]])


def _tell(value: object) -> str:
    """A cell about an article, as it is told."""
    if pd.isna(value):
        return "not given"
    return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00") if isinstance(value, pd.Timestamp) else str(value)
