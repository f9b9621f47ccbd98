"""Evidence: for every number the sentences behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import pandas as pd

from toolkit.codebooks.records import Codebook
from toolkit.counting import STANDING, name_periods
from toolkit.errors import TableError
from toolkit.showing.display import Shown, clean_text, write_block, write_csv, write_slug
from toolkit.showing.marking import Mark, mark_text
from toolkit.showing.numbers import write_anchor
from toolkit.showing.wording import (
    PERIODS,
    Labels,
    Row,
    find_groups,
    find_labels,
    write_count,
    write_entry,
    write_group,
    write_interval,
    write_number,
)
from toolkit.tables import check_table

SNIPPET = 200  # code points of a sentence shown: enough to judge a mention, too little to stand for the article
AROUND = 50  # code points before and after a mention in the data file
MOST_SNIPPETS = 5  # snippets of an article in the data file; its other mentions keep their offsets only


def show_evidence(
    estimates: Sequence[pd.DataFrame],
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    actors: pd.DataFrame | None = None,
    per_number: int = 3,
    seed: int,
    codebooks: Sequence[Codebook] = (),
) -> Shown:
    """Show for every number a few of the sentences behind it, drawn at random, each with outlet, date and link.

    The tables must be those that were counted: where they do not give the number again, this is an error, not a footnote.

    Args:
        estimates: The tables of numbers on the page; each number gets the id that `show_numbers` links to.
        mentions: The mentions that were counted.
        sentences: The sentences that were searched.
        articles: Their articles.
        actors: The mentions of actors; needed where a table is grouped by actor.
        per_number: Sentences shown for a number.
        seed: Of the draw.
        codebooks: Where labels are taken from.

    Returns:
        One foldable block for each entry, and a data file: every mention behind a number, with its offsets, and with
        up to 50 characters on either side for at most five mentions of an article.

    Raises:
        TableError: When a table does not fit its schema, or the mentions given are not those behind the numbers.

    Example:
        >>> from toolkit.tables import make_table
        >>> show_evidence([], make_table("Mentions"), make_table("Sentences"), make_table("Articles"), seed=1).text
        'Evidence: 0 numbers, 0 mentions.'
    """
    for table in estimates:
        check_table(table, "Estimates")
    labels, hits = find_labels(codebooks), find_hits(mentions, sentences, articles, seed)
    kinds = {book.id: book.kind for book in codebooks}
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    blocks: dict[tuple[str, str], dict[str, str]] = {}  # by codebook and entry, then by anchor
    families: dict[tuple[str, str], pd.DataFrame] = {}  # the mentions of an entry and those nested in it
    used: set[int] = set()
    for table in estimates:
        groups = find_groups(table)
        for row in table.to_dict("records"):
            anchor = write_anchor(row, groups)
            family = str(row["codebook"]), str(row["entry"])
            numbers = blocks.setdefault(family, {})
            if anchor in numbers:
                continue
            if family not in families:
                families[family] = hits[(hits["codebook"] == family[0]) & _is_entry(hits, family[1])]
            found, others = _find_behind(row, groups, families[family], actors)
            used.update(found.index)
            shown = found.drop_duplicates(["article_id", "sentence"]).head(per_number).sort_values(["published", "article_id", "start"])
            marks = find_marks(found, kinds.get(family[0], "frames"), shown) + find_marks(others, "actors", shown)
            items = "".join(write_item(hit, texts[hit["article_id"]], marks) for hit in shown.to_dict("records"))
            said = _say_number(row, groups, labels, len(shown), found)
            block = f'<p class="fb-h" id="{anchor}" tabindex="-1">{clean_text(said)}</p>' + (f"<ul>{items}</ul>" if items else "")
            numbers[anchor] = block
    parts = []
    for (book, entry), numbers in blocks.items():
        said = f"{write_entry({'codebook': book, 'entry': entry}, labels)} ({write_count(len(numbers), 'number')})"
        # JupyterLab scrolls to data-jupyter-id before id, but does not unfold: there a link leads to what the reader can unfold.
        summary = "".join(f'<span data-jupyter-id="{anchor}"></span>' for anchor in numbers) + clean_text(said)
        parts.append(f"<details><summary>{summary}</summary>{''.join(numbers.values())}</details>")
    listed = _list_hits(hits.loc[sorted(used)], texts)
    text = f"Evidence: {write_count(sum(map(len, blocks.values())), 'number')}, {write_count(len(listed), 'mention')}."
    name = write_slug("evidence", *dict.fromkeys(book for book, _ in blocks))
    html = write_block("".join(parts) or "<p>None.</p>", "fb-evidence")
    return Shown(name, html, text, text, {f"{name}.csv": write_csv(listed)})


def write_link(url: object, text: str) -> str:
    """Write a link to an article as HTML if its address is one of the web, else the text alone.

    Source: publishing notes, section 2: an address from a file can be a script.

    Example:
        >>> write_link("javascript:alert(1)", "a.com")
        'a.com'
    """
    try:
        is_web = isinstance(url, str) and urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).netloc)
    except ValueError:
        is_web = False
    return f'<a href="{clean_text(str(url))}" rel="noopener noreferrer nofollow">{clean_text(text)}</a>' if is_web else clean_text(text)


def find_hits(mentions: pd.DataFrame, sentences: pd.DataFrame, articles: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Mentions with their sentence, article and periods, in an order drawn by lot that no order of rows can change."""
    spans = sentences[["article_id", "sentence", "start", "end"]].rename(columns={"start": "first", "end": "last"})
    hits = mentions.merge(spans, on=["article_id", "sentence"])
    hits = hits.merge(articles[["article_id", "outlet", "published", "url"]], on="article_id")
    hits = hits.assign(
        outlet=hits["outlet"].fillna("unknown"), **{by: name_periods(hits["published"], by).fillna("unknown") for by in PERIODS}
    )
    keys = hits[["article_id", "codebook", "entry", "start", "end"]].itertuples(index=False)
    lots = [hashlib.blake2b(repr((seed, *map(str, key))).encode("utf8", "replace"), digest_size=8).hexdigest() for key in keys]
    return hits.assign(lot=lots).sort_values("lot", ignore_index=True)


def _find_behind(row: Row, groups: Sequence[str], found: pd.DataFrame, actors: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of the mentions of an entry those behind one number, and the mentions of the actor it is about."""
    others = found[:0]
    for group in groups:
        if group == "actor" and row["codebook"] == STANDING:  # of the mentions in the headline those of the actor: headline/UKR
            found = found[_is_entry(found, f"{row['entry']}/{row['actor']}")]
        elif group == "actor":
            if actors is None:
                raise TableError("show_evidence: a table is grouped by actor. Expected actors=, the mentions of actors. Give them.")
            others = actors[_is_entry(actors, str(row["actor"]))]
            keys = ["article_id", "sentence"] if row["quantity"] != "together in articles" else ["article_id"]
            found = found[pd.MultiIndex.from_frame(found[keys]).isin(pd.MultiIndex.from_frame(others[keys]))]
        else:
            found = found[found[group] == row[group]]
    n, expected = _count_behind(row, found), int(row["n_mentions"])
    if row["quantity"] != "share of articles" and n != expected:
        where = write_group(row, groups, {}) or "all"
        raise TableError(
            f"show_evidence: entry '{row['entry']}', {where}: the numbers count {expected}, the mentions given are {n}. "
            "Give the mentions, sentences and articles that were counted."
        )
    return found, others


def _is_entry(mentions: pd.DataFrame, entry: str) -> pd.Series:
    """Which mentions are of an entry or one nested in it."""
    return (mentions["entry"] == entry) | mentions["entry"].str.startswith(f"{entry}/")


def _count_behind(row: Row, found: pd.DataFrame) -> int:
    """How many of what the number counts: mentions, articles, or sentences."""
    keys = {"article": ["article_id"], "sentence": ["article_id", "sentence"]}.get(_name_thing(row))
    return len(found) if keys is None else len(found.drop_duplicates(keys))


def _name_thing(row: Row) -> str:
    """What the number counts: mentions, articles or sentences."""
    return {"articles": "article", "sentences": "sentence"}.get(str(row["quantity"]).split()[-1], "mention")


def _say_number(row: Row, groups: Sequence[str], labels: Labels, shown: int, found: pd.DataFrame) -> str:
    """The line above the sentences of a number."""
    unit, thing = str(row["unit"]), _name_thing(row)
    where = write_group(row, groups, labels) or "All articles"
    interval = write_interval(row["low"], row["high"], unit)
    n = _count_behind(row, found)
    said = f"{shown} of {write_count(n, thing)} shown{', drawn at random' if shown < n else ''}."
    if n == 0:
        said = f"No {thing} among {write_count(int(row['n_articles']), 'article')}."
    return f"{where}: {write_number(row['estimate'], unit)} {unit.removeprefix('share ')} ({interval}). {said}"


def write_item(hit: Row, text: str, marks: Sequence[tuple[str, Mark]]) -> str:
    """One sentence, or the stretch of it around the mention, with outlet, date and link."""
    first, last = int(hit["first"]), int(hit["last"])
    spare = max(0, SNIPPET - 2 - (hit["end"] - hit["start"]))
    start = max(first, min(hit["start"] - spare // 2, last - spare - (hit["end"] - hit["start"])))
    end = min(last, max(hit["end"], start + SNIPPET - 2))
    start = text.find(" ", start, hit["start"]) + 1 or start if start > first else first
    end = max(text.rfind(" ", hit["end"], end), hit["end"]) if end < last else last
    here = [mark for article_id, mark in marks if article_id == hit["article_id"]]
    snippet = ("…" if start > first else "") + mark_text(text, start, end, here) + ("…" if end < last else "")
    source = f"{write_link(hit['url'], write_group(hit, ['outlet'], {}))}, {write_group(hit, ['day'], {})}"
    return f'<li><bdi>{snippet}</bdi> <span class="fb-from">{source}</span></li>'


def find_marks(mentions: pd.DataFrame, kind: str, shown: pd.DataFrame) -> list[tuple[str, Mark]]:
    """Marks for the mentions in the articles shown, each with its article."""
    here = mentions.loc[mentions["article_id"].isin(shown["article_id"]), ["article_id", "start", "end"]]
    return [(article_id, Mark(start, end, kind)) for article_id, start, end in here.itertuples(index=False)]


def _list_hits(hits: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    """The data file: every mention; the words around it for the first few of an article, as drawn."""
    quoted = hits.groupby("article_id").cumcount() < MOST_SNIPPETS
    before, after = [], []
    spans = hits[["article_id", "first", "start", "end", "last"]].itertuples(index=False)
    for (article_id, first, start, end, last), is_quoted in zip(spans, quoted, strict=True):
        text = texts[article_id] if is_quoted else ""
        before.append(text[max(first, start - AROUND) : start])
        after.append(text[end : min(last, end + AROUND)])
    names = ["article_id", "outlet", "day", "url", "sentence", "start", "end", "codebook", "entry", "surface"]
    listed = hits[names].rename(columns={"day": "published"}).assign(before=before, after=after)
    return listed.sort_values(["article_id", "start", "end", "codebook", "entry"], ignore_index=True)
