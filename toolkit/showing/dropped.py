"""What a corpus is, and what of it no count looks at: refused, repaired, left out, told again."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from toolkit.parsing import Corpus, find_firsts
from toolkit.showing.display import Shown, clean_text, write_block, write_csv
from toolkit.showing.numbers import write_table
from toolkit.showing.wording import write_count

MOST_LINES = 3  # boilerplate lines shown of an outlet
LINE = 100  # code points shown of such a line
_ADDRESS = re.compile(r"\S+@\S+")  # of people; not ours to publish
MOST_REASONS = 10  # reasons for refusal shown; the data file has every refused row


def show_corpus(corpus: Corpus) -> Shown:
    """Show what a corpus is: articles, outlets, dates, words, rights, and the fingerprint of its source.

    Args:
        corpus: A corpus that was read.

    Returns:
        A table of facts.

    Source: our choice, after Gebru et al. 2021, Datasheets for Datasets.

    Example:
        >>> from toolkit.tables import make_table
        >>> tables = {"articles": make_table("Articles"), "refused": make_table("Refused"), "repairs": make_table("Repairs")}
        >>> print(show_corpus(Corpus(name="none", title="Nothing", **tables, sha256="0" * 64, rights="None needed")).text)
        Nothing: 0 articles of 0 outlets, 0 words.
    """
    articles = corpus.articles
    outlets = sorted(articles["outlet"].dropna().unique())
    days = articles["published"].dropna()
    facts = {
        "Corpus": f"{corpus.title} ({corpus.name})",
        "Articles": f"{len(articles):,}",
        "Outlets": f"{len(outlets):,}" + (f": {', '.join(outlets[:20])}" if outlets else "") + (", …" if len(outlets) > 20 else ""),
        "Published": f"{days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}" if len(days) else "no date given",
        "Words": f"{articles['n_words'].sum():,}",
        "Refused": write_count(len(corpus.refused), "row"),
        "Repaired": write_count(corpus.repairs["article_id"].nunique(), "article"),
        "Rights": corpus.rights,
        "SHA-256 of the source": corpus.sha256,
    }
    said = f"{corpus.title}: {write_count(len(articles), 'article')} of {write_count(len(outlets), 'outlet')}, {facts['Words']} words."
    rows = [[clean_text(word), f'<span class="fb-hash">{clean_text(value)}</span>'] for word, value in facts.items()]
    table = write_table(["What", "Value"], rows, "The corpus")
    return Shown("corpus", write_block(table), said, said)


def show_dropped(corpus: Corpus, sentences: pd.DataFrame) -> Shown:
    """Show what no count looks at, and what was mended: rows refused, repairs, boilerplate sentences, stories told again.

    Args:
        corpus: The corpus that was read.
        sentences: All its sentences, before any were selected.

    Returns:
        A table for each, with every row in its data file; of boilerplate only the most frequent lines, as it is others' text.

    Source: our choice; what is left out silently cannot be questioned.

    Example:
        >>> from toolkit.tables import make_table
        >>> tables = {"articles": make_table("Articles"), "refused": make_table("Refused"), "repairs": make_table("Repairs")}
        >>> show_dropped(Corpus(name="none", title="Nothing", **tables, sha256="0" * 64, rights=""), make_table("Sentences")).text
        '0 rows refused, 0 articles repaired, 0 sentences left out as boilerplate, 0 articles that tell a story again.'
    """
    reasons = corpus.refused.groupby("reason").agg(n_rows=("reason", "size"), first_row=("source_row", "min")).reset_index()
    reasons = reasons.sort_values(["n_rows", "reason"], ascending=[False, True])
    repairs = corpus.repairs.groupby("step").agg(n_articles=("article_id", "nunique"), n_places=("n_changes", "sum")).reset_index()
    lines = _count_boilerplate(corpus.articles, sentences)
    again = corpus.articles.loc[~find_firsts(corpus.articles), ["article_id", "outlet", "published", "story"]]
    n_boilerplate = int((sentences["part"] == "boilerplate").sum())
    tables = [
        _tell(reasons.head(MOST_REASONS), ["Reason", "Rows", "First row"], "Rows refused, by reason"),
        _tell(repairs, ["Repair step", "Articles", "Places"], "Repairs, by step"),
        _tell(
            lines[lines.groupby("outlet").cumcount() < MOST_LINES],
            ["Outlet", "Line", "Sentences"],
            f"Left out as boilerplate: {write_count(n_boilerplate, 'sentence')}; the most frequent of each outlet",
            (2,),
        ),
    ]
    if len(reasons) > MOST_REASONS:
        tables.insert(1, f"<p>{write_count(len(reasons) - MOST_REASONS, 'reason')} more in the data file.</p>")
    twice = f"{write_count(len(again), 'article')} that {'tells' if len(again) == 1 else 'tell'} a story again"
    tables.append(f"<p>{twice[:1].upper()}{twice[1:]}: an earlier article has the same text, or most of it. All are counted.</p>")
    repaired, refused = write_count(corpus.repairs["article_id"].nunique(), "article"), write_count(len(corpus.refused), "row")
    said = f"{refused} refused, {repaired} repaired, {write_count(n_boilerplate, 'sentence')} left out as boilerplate, {twice}."
    data = {"refused.csv": corpus.refused, "repairs.csv": corpus.repairs, "told-again.csv": again}
    return Shown("dropped", write_block("".join(tables)), said, said, {name: write_csv(table) for name, table in data.items()})


def _tell(table: pd.DataFrame, head: list[str], caption: str, numbers: Sequence[int] = (1, 2)) -> str:
    """One small table as HTML; numbers with thousands separators."""
    rows = [
        [clean_text(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row]
        for row in table.astype(object).to_numpy().tolist()
    ]
    return write_table(head, rows, caption, 1, numbers)


def _count_boilerplate(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Lines left out, by outlet, most frequent first."""
    left = sentences[sentences["part"] == "boilerplate"].merge(articles[["article_id", "outlet", "text"]], on="article_id")
    spans = zip(left["text"], left["start"], left["end"], strict=True)
    lines = [_ADDRESS.sub("(e-mail address)", " ".join(text[start:end].split())) for text, start, end in spans]
    cut = [line if len(line) <= LINE else f"{line[:LINE]}…" for line in lines]
    tally = left.assign(line=pd.Series(cut, dtype="str"), outlet=left["outlet"].fillna("outlet not given")).groupby(["outlet", "line"])
    counts = tally.size().rename("n_sentences").reset_index()
    return counts.sort_values(["outlet", "n_sentences", "line"], ascending=[True, False, True], ignore_index=True)
