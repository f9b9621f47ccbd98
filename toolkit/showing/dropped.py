"""What a corpus is, and what of it no count looks at: refused, repaired, left out, told again."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.parsing import Corpus, find_firsts
from toolkit.showing.display import Shown, clean_text, write_block, write_csv
from toolkit.showing.numbers import write_table
from toolkit.showing.wording import write_count

MOST_LINES = 3  # boilerplate lines shown of an outlet
LINE = 100  # code points shown of such a line
_ADDRESS = re.compile(r"\S+@\S+")  # of people; not ours to publish
MOST_LEARNED = 20  # lines learned to be boilerplate shown; the data file has all
MOST_REASONS = 10  # reasons for refusal shown; the data file has every refused row


def show_corpus(corpus: Corpus) -> Shown:
    """Show what a corpus is: articles, outlets, dates, words, rights, and the fingerprint of its source.

    Args:
        corpus: A corpus that was read.

    Returns:
        A table of facts.

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


def show_dropped(corpus: Corpus, sentences: pd.DataFrame, *, codebooks: Sequence[Codebook] = ()) -> Shown:
    """Show what no count looks at, and what was mended: rows refused, repairs, boilerplate sentences, stories told again.

    Of a codebook, what is doubtful, and what of another tool's file could not be brought over.

    Args:
        corpus: The corpus that was read.
        sentences: All its sentences, before any were selected.
        codebooks: Those that were counted.

    Returns:
        A table for each, with every row in its data file; of boilerplate only the most frequent lines, as it is others' text.

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
    often = lines[lines.groupby("outlet").cumcount() < MOST_LINES]
    n_boilerplate, n_unpaired = int((sentences["part"] == "boilerplate").sum()), int((corpus.articles["text"].str.count('"') % 2).sum())
    again = corpus.articles.loc[~find_firsts(corpus.articles), ["article_id", "outlet", "published", "story"]]
    learned = _shorten_learned(corpus.learned)
    head = f"Left out as boilerplate: {write_count(n_boilerplate, 'sentence')}; the most frequent of each outlet"
    more = f"<p>{write_count(len(reasons) - MOST_REASONS, 'reason')} more in the data file.</p>" if len(reasons) > MOST_REASONS else ""
    unpaired = f"After repair {write_count(n_unpaired, 'text')} with a straight quotation mark that has no partner."
    twice = f"{write_count(len(again), 'article')} that {'tells' if len(again) == 1 else 'tell'} a story again"
    doubts = pd.DataFrame([(book.id, line) for book in codebooks for line in (*book.losses, *book.warnings)], columns=["codebook", "doubt"])
    tables = [
        _tell(reasons.head(MOST_REASONS), ["Reason", "Rows", "First row"], "Rows refused, by reason") + more,
        _tell(repairs, ["Repair step", "Articles", "Places"], "Repairs, by step") + f"<p>{unpaired}</p>",
        _tell(often, ["Outlet", "Line", "Sentences"], head, (2,)),
        *_tell_doubts(corpus, learned.head(MOST_LEARNED)),
        f"<p>{twice[:1].upper()}{twice[1:]}: an earlier article has the same text, or most of it.</p>",
        *([_tell(doubts, ["Codebook", "What is doubtful or left out"], "Codebooks: doubts", ())] if len(doubts) else []),
    ]
    repaired, refused = write_count(corpus.repairs["article_id"].nunique(), "article"), write_count(len(corpus.refused), "row")
    said = f"{refused} refused, {repaired} repaired, {write_count(n_boilerplate, 'sentence')} left out as boilerplate, {twice}."
    data = {"refused": corpus.refused, "repairs": corpus.repairs, "flags": corpus.flags, "origins": corpus.origins}
    data |= {"learned-boilerplate": learned, "told-again": again} | ({"codebook-doubts": doubts} if len(doubts) else {})
    return Shown("dropped", write_block("".join(tables)), said, said, {f"{name}.csv": write_csv(table) for name, table in data.items()})


def _tell_doubts(corpus: Corpus, learned: pd.DataFrame) -> list[str]:
    """Flags by outlet, learned lines, and how fields were found; nothing where there is none."""
    flags = corpus.flags.merge(corpus.articles[["article_id", "outlet"]].fillna({"outlet": "unknown"}), on="article_id")
    flags = pd.crosstab(flags["outlet"], flags["flag"]).reset_index()
    origins = corpus.origins.groupby(["field", "method", "confidence"]).size().reset_index()
    found = [
        (flags, ["Outlet", *flags.columns[1:]], "Doubtful articles, by outlet and doubt; all are counted", range(1, len(flags.columns))),
        (learned, ["Outlet", "Line", "Articles", "Of"], "Lines learned to be boilerplate of an outlet; the most frequent", (2, 3)),
        (origins, ["Field", "How it was found", "How sure", "Articles"], "Fields that no source plainly gives", (3,)),
    ]
    return [_tell(*one) for one in found if len(one[0])]


def _tell(table: pd.DataFrame, head: list[str], caption: str, numbers: Sequence[int] = (1, 2)) -> str:
    """One small table as HTML; numbers with thousands separators."""
    rows = [
        [clean_text(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row]
        for row in table.astype(object).to_numpy().tolist()
    ]
    return write_table(head, rows, caption, 1, numbers)


def _shorten_learned(boilerplate: pd.DataFrame) -> pd.DataFrame:
    """Lines learned to be boilerplate, those of most articles first, as they may be shown."""
    ordered = boilerplate.sort_values(["n_articles", "outlet", "line"], ascending=[False, True, True], ignore_index=True)
    return ordered.assign(line=ordered["line"].map(_shorten), outlet=ordered["outlet"].fillna("unknown"))


def _shorten(line: str) -> str:
    """A line of boilerplate as it may be shown: without addresses of people, and not all of it."""
    line = _ADDRESS.sub("(e-mail address)", " ".join(line.split()))
    return line if len(line) <= LINE else f"{line[:LINE]}…"


def _count_boilerplate(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Lines left out, by outlet, most frequent first."""
    left = sentences[sentences["part"] == "boilerplate"].merge(articles[["article_id", "outlet", "text"]], on="article_id")
    lines = [_shorten(text[start:end]) for text, start, end in zip(left["text"], left["start"], left["end"], strict=True)]
    tally = left.assign(line=pd.Series(lines, dtype="str"), outlet=left["outlet"].fillna("outlet not given")).groupby(["outlet", "line"])
    counts = tally.size().rename("n_sentences").reset_index()
    return counts.sort_values(["outlet", "n_sentences", "line"], ascending=[True, False, True], ignore_index=True)
