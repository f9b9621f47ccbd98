"""Close reading of one article: its whole text with everything marked that was found."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from toolkit.codebooks import Codebook
from toolkit.counting import Attributions, Mentions
from toolkit.errors import CorpusError, name_choices
from toolkit.markup import clean_text, read_templates, write_block, write_count, write_csv, write_frame
from toolkit.parsing import Corpus
from toolkit.showing.display import Shown
from toolkit.showing.evidence import Mark, mark_text
from toolkit.tables import check_record, make_table

LINES = {"actors": "solid line", "frames": "dashed line", "language": "dotted line"}


def show_article(corpus: Corpus, *found: Mentions, speech: Attributions | None = None, article: str = "") -> Shown:
    """Show the full text of one article with its mentions marked. Paragraphs are numbered; text that is not searched is set apart.

    Args:
        corpus: The corpus.
        *found: Mentions in the corpus, of any codebooks. Matches that do not count are marked as well.
        speech: Attributions; listed under each paragraph.
        article: Its id; empty for the first.

    Returns:
        The marked text, and a table of the matches.

    Raises:
        CorpusError: When there is no such article.

    Source: close reading beside counting after Moretti 2013.

    Example:
        >>> from toolkit import find_mentions, read_corpus
        >>> news = read_corpus("ukraine-korea")
        >>> show_article(news, find_mentions(news, "actors")).text
        'Ukraine Seeks Weapons Aid in South Korea Visit: 43 mentions of 19 entries counted.'
    """
    check_record(corpus, Corpus, "show_article")
    ids = sorted(corpus.articles["article_id"])
    chosen = article or next(iter(ids), "")
    if chosen not in ids:
        raise CorpusError(f"show_article: no article '{article}'. {name_choices(article, ids[:20])}")
    books = {one.codebook.id: one.codebook for one in found}
    every = pd.concat([one.rows[one.rows["article_id"] == chosen] for one in found]) if found else make_table("Mentions")
    text, spans, marks = corpus.texts[chosen], corpus.spans, defaultdict[int, list[Mark]](list)  # by sentence: each looks at its own alone
    for row in every.to_dict("records"):
        marks[row["sentence"]].append(_make_mark(row, books[row["codebook"]]))
    read = spans[spans["article_id"] == chosen].sort_values("sentence")
    said_by = make_table("Attributions") if speech is None else speech.rows[speech.rows["article_id"] == chosen]
    cut = [(row.part, mark_text(text, row.start, row.end, marks[row.sentence])) for row in read.itertuples()]
    blocks, chains = read.assign(marked=cut).groupby("paragraph"), _list_chains(text, said_by)
    paragraphs = [(n + 1, one["marked"].tolist(), [line for at in one["sentence"] for line in chains[at]]) for n, one in blocks]
    is_counted = every["left_out"] == ""
    counted, kinds = _count_entries(every[is_counted], books), every["codebook"].map({id: book.kind for id, book in books.items()})
    told = {"marked": is_counted.groupby(kinds).sum(), "lines": LINES, "is_left": (read["part"] == "boilerplate").any()}
    told |= {"paragraphs": paragraphs, "n_entries": len(counted), "out": Counter(every.loc[~is_counted, "left_out"])}
    told["table"] = write_frame(counted.drop(columns="entry"), "Mentions in this article by entry", 2)
    html = read_templates("showing", text=clean_text).get_template("article.html").render(**told)
    headline = corpus.articles.set_index("article_id")["headline"].fillna(chosen)[chosen]
    said = f"{headline}: {write_count(int(counted['n_mentions'].sum()), 'mention')} of {write_count(len(counted), 'entry')} counted."
    return Shown("close-reading", said, write_block(html, "fb-reading"), caption=said, files={"close-reading.csv": write_csv(counted)})


def _make_mark(mention: dict[Hashable, Any], book: Codebook) -> Mark:
    """Mark a mention, an actor by its id and anything else by its own label: the table has both, with the parent's."""
    label = mention["entry"] if book.kind == "actors" else book.entry(mention["entry"]).label
    left = f", {mention['left_out']}: not counted" if mention["left_out"] else ""
    why = f"{book.labels[mention['entry']]}, by the pattern {mention['pattern']}{left}"
    return Mark(mention["start"], mention["end"], book.kind, label + left, why)


def _list_chains(text: str, attributions: pd.DataFrame) -> Mapping[int, list[tuple[str, str]]]:
    """Who says what, by sentence: a line for each end of a chain, from who hands it on to who is said to have said it."""
    told = attributions.fillna({"source": "nobody", "source_type": "undecided"})
    rows, lines = told.set_index("attribution").to_dict("index"), defaultdict[int, list[tuple[str, str]]](list)
    for number, row in rows.items():
        if row["n_words"]:
            chain = [number]
            while pd.notna(rows[chain[0]]["via_attribution"]):
                chain.insert(0, int(rows[chain[0]]["via_attribution"]))
            links = [f"{rows[link]['source']} ({rows[link]['source_type']})" for link in chain]
            lines[row["sentence"]].append((" → ".join(links), " ".join(text[row["content_start"] : row["content_end"]].split()[:8])))
    return lines


def _count_entries(found: pd.DataFrame, books: Mapping[str, Codebook]) -> pd.DataFrame:
    """Mentions, sentences and words by entry, most first within each kind."""
    lines = []
    for (book, entry), own in found.groupby(["codebook", "entry"]):
        listed = ", ".join(f"{word} ({n})" if n > 1 else word for word, n in Counter(sorted(own["surface"])).most_common())
        lines.append((books[book].kind, books[book].labels[entry], entry, listed, len(own), own["sentence"].nunique()))
    lines.sort(key=lambda line: (list(LINES).index(line[0]), -line[4], line[1]))
    return pd.DataFrame(lines, columns=["kind", "label", "entry", "words", "n_mentions", "n_sentences"])
