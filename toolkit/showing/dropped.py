"""What no count looks at, and what is doubtful: refused, repaired, left out, told again, undecided."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from toolkit.counting.mentions import Mentions, is_of
from toolkit.markup import clean_text, name_ids, read_templates, write_block, write_count, write_csv, write_frame
from toolkit.parsing import Corpus, find_firsts
from toolkit.showing.display import Shown
from toolkit.showing.wording import fill_words
from toolkit.tables import check_record, read_limits

MOST_LINES, LINE, AROUND, MOST_ROWS = read_limits("dropped", "showing")
_ADDRESS = re.compile(r"\S+@\S+")  # of people; not ours to publish


def show_dropped(corpus: Corpus, *found: Mentions) -> Shown:
    """Show what is excluded from the counts, what was repaired, and what is doubtful.

    For a corpus: inputs refused, articles repaired, sentences excluded as boilerplate, articles that repeat a story. For results, these are
    summarised in a sentence, followed by matches that do not count, capitals whose use is undecided, and warnings of codebooks.

    Args:
        corpus: The corpus.
        *found: Mentions or attributions found in it.

    Returns:
        One table for each kind; the data files contain all rows, except that only the most frequent lines of boilerplate are listed.

    Example:
        >>> from toolkit import read_corpus
        >>> show_dropped(read_corpus("ukraine-korea")).text
        'Refused: 0 inputs. Repaired: 0 articles. Left out as boilerplate: 2 sentences. Repeating an earlier article: 0 articles.'
    """
    check_record(corpus, Corpus, "show_dropped")
    for one in found:
        check_record(one, Mentions, "show_dropped")
    spans, books = corpus.spans, {one.codebook.id: one.codebook for one in found}.values()
    n_boilerplate = int((spans["part"] == "boilerplate").sum())
    again = corpus.articles.loc[~find_firsts(corpus.articles), ["article_id", "outlet", "published", "story"]]
    counts = {"n_refused": len(corpus.refused), "n_repaired": corpus.repairs["article_id"].nunique(), "n_again": len(again)}
    said, twice = fill_words("dropped", **counts, n_boilerplate=n_boilerplate), write_count(len(again), "article")
    told: dict[str, Any] = {"found": list(map(_find_left, found)), "said": said, "n_boilerplate": n_boilerplate, "twice": twice}
    if found:  # what is of the corpus is said once, where nothing was counted yet
        doubts = pd.DataFrame([(book.id, line) for book in books for line in (*book.losses, *book.warnings)], columns=["codebook", "doubt"])
        files = {"codebook-doubts.csv": write_csv(doubts)} if len(doubts) else {}
        return Shown("dropped", said, _write_tables(told | {"doubts": doubts}), caption=said, files=files)
    reasons = corpus.refused.groupby("reason").agg(n_inputs=("reason", "size"), first_row=("source_row", "min")).reset_index()
    reasons = reasons.sort_values(["n_inputs", "reason"], ascending=[False, True])
    repairs = corpus.repairs.groupby("step").agg(n_articles=("article_id", "nunique"), n_places=("n_changes", "sum")).reset_index()
    names = {"outlet": corpus.outlets}
    lines = name_ids(_count_boilerplate(corpus.articles, spans), names)
    learned = corpus.learned.sort_values(["n_articles", "outlet", "line"], ascending=[False, True, True], ignore_index=True)
    learned = name_ids(learned.assign(line=learned["line"].map(_shorten), outlet=learned["outlet"].fillna("unknown")), names)
    flags = corpus.flags.merge(corpus.articles[["article_id", "outlet"]].fillna({"outlet": "unknown"}), on="article_id")
    told |= {"reasons": reasons.head(MOST_ROWS), "n_more": max(0, len(reasons) - MOST_ROWS), "repairs": repairs}
    told |= {"lines": lines[lines.groupby("outlet").cumcount() < MOST_LINES], "learned": learned.head(MOST_ROWS)}
    told["doubtful"] = pd.crosstab(name_ids(flags, names)["outlet"], flags["flag"]).reset_index()
    told["origins"] = corpus.origins.groupby(["field", "method", "confidence"]).size().rename("n_articles").reset_index()
    data = {"refused": corpus.refused, "repairs": corpus.repairs, "flags": corpus.flags, "origins": corpus.origins}
    data |= {"learned-boilerplate": learned, "told-again": again}
    files = {f"{name}.csv": write_csv(table) for name, table in data.items()}
    return Shown("dropped", said, _write_tables(told), caption=said, files=files)


def _find_left(found: Mentions) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """Of a codebook, its id, the matches that do not count, by entry and reason, and the capitals undecided."""
    left = found.rows[(found.rows["left_out"] != "") & is_of(found.rows["entry"], found.entries)]
    counted = left.groupby(["entry", "left_out"]).size().rename("n_matches").reset_index()
    counted = counted.sort_values(["n_matches", "entry"], ascending=[False, True]).head(MOST_ROWS)
    undecided = list_undecided(found) if found.codebook.kind == "actors" else pd.DataFrame()
    return found.codebook.id, name_ids(counted, {"entry": found.codebook.labels}), undecided


def _write_tables(told: Mapping[str, object]) -> str:
    """The tables as HTML."""
    template = read_templates("showing", text=clean_text, frame=write_frame, count=write_count).get_template("dropped.html")
    return write_block(template.render(told))


def _shorten(line: str) -> str:
    """A line of boilerplate as it may be shown: without addresses of people, and not all of it."""
    line = _ADDRESS.sub("(e-mail address)", " ".join(line.split()))
    return line if len(line) <= LINE else f"{line[:LINE]}…"


def _count_boilerplate(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Lines left out, by outlet, most frequent first."""
    left = sentences[sentences["part"] == "boilerplate"].merge(articles[["article_id", "outlet", "text"]], on="article_id")
    lines = [_shorten(text[start:end]) for text, start, end in zip(left["text"], left["start"], left["end"], strict=True)]
    tally = left.assign(line=pd.Series(lines, dtype="str"), outlet=left["outlet"].fillna("unknown")).groupby(["outlet", "line"])
    counts = tally.size().rename("n_sentences").reset_index()
    return counts.sort_values(["outlet", "n_sentences", "line"], ascending=[True, False, True], ignore_index=True)


def list_undecided(mentions: Mentions, *, most: int = 12, n_contexts: int = 2) -> pd.DataFrame:
    """List the names of which the rules do not know whether a place or an actor is meant, to be read and judged.

    Args:
        mentions: Mentions of actors.
        most: How many names, those most often undecided first.
        n_contexts: How many places of the corpus are shown for each: spread evenly over its mentions.

    Returns:
        One row per name: `name`, `actor`, `n_undecided`, `n_mentions` (of this name), `for_example` (the words around it).
    """
    texts, rows, found = mentions.corpus.texts, [], mentions.rows
    undecided = found[found["use"] == "undecided"]
    totals = found[found["pattern"].isin(undecided["pattern"].unique())].groupby(["pattern", "entry"]).size()
    for (name, actor), own in undecided.groupby(["pattern", "entry"]):
        some = own.iloc[[(2 * n + 1) * len(own) // (2 * n_contexts) for n in range(min(n_contexts, len(own)))]]
        spans = zip(some["article_id"], some["start"], some["end"], strict=True)
        contexts = [" ".join(texts[id][max(0, start - AROUND) : end + AROUND].split()) for id, start, end in spans]
        rows.append((name, mentions.codebook.labels[actor], len(own), int(totals[name, actor]), " … ".join(["", *contexts, ""]).strip()))
    table = pd.DataFrame(rows, columns=["name", "actor", "n_undecided", "n_mentions", "for_example"])
    return table.sort_values(["n_undecided", "name"], ascending=[False, True], ignore_index=True).head(most)
