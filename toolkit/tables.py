"""The schema of every table that crosses a door between two rooms.

The schemas are data: `check_table` holds tables to them and the book's data dictionary is generated from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from toolkit.errors import TableError

TEXT, WHOLE, WHOLE_OR_NONE, NUMBER, DATE, TRUTH = "str", "int64", "Int64", "float64", "datetime64[us]", "bool"


@dataclass(frozen=True)
class Column:
    """One column: its name, pandas dtype, meaning, unit, whether a value or the whole column may be missing, and the values allowed."""

    name: str
    dtype: str
    meaning: str
    unit: str = ""
    missing: bool = False
    allowed: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its grain, its columns in order, and the columns that together are unique."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()
    open_left: bool = False  # further (group) columns may stand before the first one


PARTS = ("headline", "dateline", "body", "boilerplate")
SEARCHED_PARTS = ("headline", "dateline", "body")
VIA = ("name", "alias", "variant", "demonym", "metonym", "title", "surname", "given", "role", "pattern")

USES = ("", "actor", "place", "undecided")

_WHO = ("named person", "named organisation", "official body", "unnamed official", "unnamed other")
SOURCE_TYPES = (*_WHO, "document or data", "media", "crowd", "self", "none")
CUE_KINDS = ("neutral", "stance", "judgement", "cognition", "intention", "evidence", "hearsay")
CONTENT_KINDS = ("direct", "mixed", "indirect")
TOGETHER = ("together in sentences", "together in articles")

_ARTICLE = Column("article_id", TEXT, "The article: the first 12 hexadecimal digits of a hash of its content.")
_OUTLET = Column("outlet", TEXT, "Who published the article.", missing=True)
_PUBLISHED = Column("published", DATE, "When it was published, as the source says, without time zone.", missing=True)
_STORY = Column("story", TEXT, "The story it tells: id of the first article that has this text; its own where it stands alone.")
_OF_ARTICLE = (_ARTICLE, _OUTLET, _PUBLISHED, _STORY)
_SENTENCE = Column("sentence", WHOLE, "Number of the sentence in its article, from 0.")
_CODEBOOK = Column("codebook", TEXT, "Id of the codebook.")
_ENTRY = Column("entry", TEXT, "Id of the entry in the codebook; a nested entry is written parent/child.")
_WORDS = Column("n_words", WHOLE, "Words: maximal runs of letters, digits and combining marks.", "words")
_SOURCE_PATH = Column("source_path", TEXT, "File it was read from, relative to the folder that was given.")
_SOURCE_ROW = Column("source_row", WHOLE_OR_NONE, "Row of that file, from 1; missing where a file is one article.", missing=True)


def _span(what: str, of: str, missing: bool = False) -> tuple[Column, Column]:
    """Two offset columns, half-open, in code points of the article's text."""
    dtype = WHOLE_OR_NONE if missing else WHOLE
    unit = "code points from 0"
    return (
        Column(f"{what}start", dtype, f"Where {of} starts in the article's text.", unit, missing),
        Column(f"{what}end", dtype, f"Where {of} ends in the article's text (first code point after it).", unit, missing),
    )


TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "Articles",
            "one row per article",
            (
                _ARTICLE,
                _OUTLET,
                _PUBLISHED,
                Column("headline", TEXT, "The headline, as it stands in the text.", missing=True),
                Column("byline", TEXT, "Who wrote it, as the source says.", missing=True),
                Column("dateline", TEXT, "Place line at the start of the story, without its dash: SEOUL.", missing=True),
                Column("text", TEXT, "All that was read, after repair; every offset counts in it."),
                Column("url", TEXT, "Web address, as the source says.", missing=True),
                _SOURCE_PATH,
                _SOURCE_ROW,
                _WORDS,
                _STORY,
            ),
            unique=("article_id",),
        ),
        Table(
            "Refused",
            "one row per input that was not read as an article",
            (_SOURCE_PATH, _SOURCE_ROW, Column("reason", TEXT, "Why, and what to do.")),
        ),
        Table(
            "Repairs",
            "one row per article and repair step that changed it",
            (
                _ARTICLE,
                Column("step", TEXT, "Name of the repair step."),
                Column("n_changes", WHOLE, "Places changed in the article.", "places"),
            ),
            unique=("article_id", "step"),
        ),
        Table(
            "Origins",
            "one row per article and field that its source does not plainly give",
            (
                _ARTICLE,
                Column("field", TEXT, "The field of Articles: text, published, outlet, byline, headline."),
                Column("method", TEXT, "How it was found, such as: JSON-LD datePublished; address; extraction by trafilatura."),
                Column("confidence", TEXT, "How far the method can be trusted.", allowed=("stated", "likely", "guess")),
            ),
            unique=("article_id", "field"),
        ),
        Table(
            "Flags",
            "one row per article and doubt about it; a flagged article is counted like any other",
            (
                _ARTICLE,
                Column("flag", TEXT, "What is doubtful, such as: date in the future; under 50 words."),
                Column("detail", TEXT, "What was found; empty where there is no more to say."),
            ),
            unique=("article_id", "flag"),
        ),
        Table(
            "Boilerplate",
            "one row per outlet and line that was learned to be boilerplate there",
            (
                _OUTLET,
                Column("line", TEXT, "The line or closing sentence, white space collapsed."),
                Column("n_articles", WHOLE, "Articles of the outlet in which it stands.", "articles"),
                Column("n_outlet_articles", WHOLE, "Articles of the outlet.", "articles"),
            ),
            unique=("outlet", "line"),
        ),
        Table(
            "Cleaning",
            "one row per place of an article that a step of cleaning changed, left out or set apart, in reading order",
            (
                _ARTICLE,
                Column("step", TEXT, "Name of the step."),
                Column("start", WHOLE_OR_NONE, "Where it stands in the article's text.", "code points from 0", missing=True),
                Column("before", TEXT, "What stood there."),
                Column("after", TEXT, "What is read and counted in its place; empty for nothing. What is left out stays in the text."),
                Column("why", TEXT, "What the step is for."),
            ),
        ),
        Table(
            "Stories",
            "one row per article; those with the same story tell it in the same words",
            (
                _ARTICLE,
                _STORY,
                Column("similarity", NUMBER, "Runs of five words that it has in common with the first, of the shorter text's.", "share"),
            ),
            unique=("article_id",),
        ),
        Table(
            "Sentences",
            "one row per sentence",
            (
                _ARTICLE,
                _SENTENCE,
                Column("paragraph", WHOLE, "Number of the paragraph in its article, from 0."),
                Column("part", TEXT, "What the sentence is in its article; boilerplate is never searched.", allowed=PARTS),
                *_span("", "the sentence"),
                Column("quoted", TRUTH, "Whether any of its words stand inside quotation marks."),
                _WORDS,
            ),
            unique=("article_id", "sentence"),
        ),
        Table(
            "Mentions",
            "one row per kept match",
            (
                _ARTICLE,
                _SENTENCE,
                *_span("", "the match"),
                Column("surface", TEXT, "The words matched, as they stand in the text."),
                _CODEBOOK,
                _ENTRY,
                Column("pattern", TEXT, "The pattern of the codebook that matched, or that what matched was made of."),
                Column("via", TEXT, "Which kind of pattern it was.", allowed=VIA),
                Column("use", TEXT, "Whether an actor or a place is meant; empty where the codebook is not one of actors.", allowed=USES),
            ),
        ),
        Table(
            "Attributions",
            "one row per statement that the text gives to a source, or to nobody",
            (
                _ARTICLE,
                Column("attribution", WHOLE, "Number of the attribution in its article, from 0, in the order of the text."),
                _SENTENCE,
                *_span("source_", "the source", missing=True),
                Column("source", TEXT, "The source, as it stands in the text.", missing=True),
                Column("source_name", TEXT, "The fullest form in which the article names it; missing where undecided.", missing=True),
                Column("source_entry", TEXT, "The actor it resolves to.", missing=True),
                Column("source_type", TEXT, "Kind of source; missing where a pronoun is undecided.", missing=True, allowed=SOURCE_TYPES),
                Column("reason", TEXT, "Why it is not named, as the article says: on condition of anonymity.", missing=True),
                Column("withheld", TRUTH, "Whether the article says that the source is kept back."),
                *_span("cue_", "the reporting cue", missing=True),
                Column("cue", TEXT, "The reporting cue, as it stands in the text.", missing=True),
                Column("cue_kind", TEXT, "What the cue does beside reporting.", allowed=CUE_KINDS),
                *_span("content_", "what is said"),
                *_span("gap_", "what interrupts it, such as source and cue,", missing=True),
                Column("content_kind", TEXT, "Whether all, some or none of its words stand in quotation marks.", allowed=CONTENT_KINDS),
                Column("n_words", WHOLE, "Words of the content, less those of attributions inside it: no word counts twice.", "words"),
                Column(
                    "via_attribution", WHOLE_OR_NONE, "The attribution that this one is handed on by (an agency citing it).", missing=True
                ),
            ),
            unique=("article_id", "attribution"),
        ),
        Table(
            "Counts",
            "one row per article and entry, zeros included",
            (
                *_OF_ARTICLE,
                _CODEBOOK,
                _ENTRY,
                Column("n_mentions", WHOLE, "Mentions of the entry in the sentences searched.", "mentions"),
                Column("score", NUMBER, "Sum of the weights of these mentions; a pattern without a weight has 1."),
                Column("n_sentences_with", WHOLE, "Sentences searched that hold a mention.", "sentences"),
                Column("n_sentences", WHOLE, "Sentences searched.", "sentences"),
                Column("n_words", WHOLE, "Words in the sentences searched.", "words"),
            ),
            unique=("article_id", "codebook", "entry"),
        ),
        Table(
            "Pairs",
            "one row per article, actor and entry, zeros included",
            (
                *_OF_ARTICLE,
                Column("actor", TEXT, "Entry of the actors codebook."),
                _CODEBOOK,
                _ENTRY,
                Column("n_both", WHOLE, "Sentences searched that mention the actor and hold the entry.", "sentences"),
                Column("n_actor", WHOLE, "Sentences searched that mention the actor.", "sentences"),
                Column("n_entry", WHOLE, "Sentences searched that hold the entry.", "sentences"),
                Column("n_sentences", WHOLE, "Sentences searched.", "sentences"),
            ),
            unique=("article_id", "actor", "codebook", "entry"),
        ),
        Table(
            "Prominence",
            "one row per article and actor, zeros included",
            (
                *_OF_ARTICLE,
                _CODEBOOK,
                _ENTRY,
                Column("n_mentions", WHOLE, "Mentions of the actor: those in the headline, first third and rest.", "mentions"),
                Column("n_sentences_with", WHOLE, "Sentences searched that hold a mention.", "sentences"),
                Column("n_headline", WHOLE, "Mentions in the headline.", "mentions"),
                Column("n_first_third", WHOLE, "Mentions in sentences that begin in the first third of the words after it.", "mentions"),
                Column("n_rest", WHOLE, "Mentions in later sentences.", "mentions"),
                Column("n_source", WHOLE, "Mentions that name the source of an attribution.", "mentions"),
                Column("n_subject", WHOLE, "Mentions as the subject of a verb, or the agent of a passive one.", "mentions"),
                Column("n_object", WHOLE, "Mentions as the object of a verb, or the subject of a passive one.", "mentions"),
            ),
            unique=("article_id", "codebook", "entry"),
        ),
        Table(
            "Audit",
            "one row per entry and pattern of a codebook, those that found nothing included",
            (
                _CODEBOOK,
                _ENTRY,
                Column("pattern", TEXT, "The pattern."),
                Column("via", TEXT, "Which kind of pattern it is.", allowed=VIA),
                Column("n_mentions", WHOLE, "Mentions that the pattern made.", "mentions"),
                Column("share", NUMBER, "Its share of the entry's own mentions, those of nested entries apart.", "share", missing=True),
                Column("n_articles", WHOLE, "Articles with such a mention.", "articles"),
                Column("n_outlets", WHOLE, "Outlets with such an article.", "outlets"),
                Column("n_shared", WHOLE, "Mentions that have a word in common with a mention of another entry.", "mentions"),
                Column("shared_with", TEXT, "The entry with which most of them have; empty where none has."),
            ),
            unique=("codebook", "entry", "pattern", "via"),
        ),
        Table(
            "Changes",
            "one row per outlet, entry and, where patterns are dropped in turn, dropped pattern",
            (
                Column("outlet", TEXT, "Who published the articles."),
                _CODEBOOK,
                _ENTRY,
                Column("pattern", TEXT, "The pattern that is dropped; empty where two codebooks are compared."),
                Column("n_before", WHOLE, "Mentions before.", "mentions"),
                Column("n_after", WHOLE, "Mentions after.", "mentions"),
                Column("n_words", WHOLE, "Words searched.", "words"),
                Column("rate_before", NUMBER, "Rate before.", "mentions per 1,000 words"),
                Column("rate_after", NUMBER, "Rate after.", "mentions per 1,000 words"),
                Column(
                    "change", NUMBER, "Change of the rate, as a share of the rate before; missing where that is 0.", "share", missing=True
                ),
            ),
            unique=("outlet", "codebook", "entry", "pattern"),
        ),
        Table(
            "Suggestions",
            "one row per word that keeps company with an entry",
            (
                _CODEBOOK,
                _ENTRY,
                Column("word", TEXT, "The word, folded."),
                Column("n_both", WHOLE, "Sentences that hold the word and a mention of the entry.", "sentences"),
                Column("n_word", WHOLE, "Sentences that hold the word.", "sentences"),
                Column("n_articles", WHOLE, "Articles with a sentence that holds both.", "articles"),
                Column("log_ratio", NUMBER, "How much more frequent in the entry's sentences than in others.", "doublings"),
                Column("g2", NUMBER, "Log-likelihood ratio: how sure it is that it is more frequent."),
            ),
            unique=("codebook", "entry", "word"),
        ),
        Table(
            "Estimates",
            "one row per group, entry and quantity; the group's columns come first",
            (
                _CODEBOOK,
                _ENTRY,
                Column(
                    "quantity",
                    TEXT,
                    "What is estimated.",
                    allowed=(
                        "rate",
                        "score",
                        "share of articles",
                        "share of sentences",
                        "share of sources",
                        "share of mentions",
                        *TOGETHER,
                        "diversity",
                    ),
                ),
                Column("unit", TEXT, "Unit of the estimate and its bounds."),
                Column("estimate", NUMBER, "The estimate.", missing=True),
                Column("low", NUMBER, "Lower bound of the interval.", missing=True),
                Column("high", NUMBER, "Upper bound of the interval.", missing=True),
                Column("level", NUMBER, "Confidence level of the interval.", "share"),
                Column("n_mentions", WHOLE, "Mentions behind the estimate (for sentences: sentences that hold both).", "mentions"),
                Column("n_articles", WHOLE, "Articles behind the estimate.", "articles"),
                Column("n_words", WHOLE, "Words searched in them.", "words"),
                Column("method", TEXT, "How the interval was made."),
                Column("seed", WHOLE, "Seed of the resampling."),
                Column("note", TEXT, "Why bounds are missing or wide; empty where there is nothing to say."),
                Column(
                    "expected", NUMBER, "What chance would give in place of n_mentions; only where the two are compared.", optional=True
                ),
            ),
            open_left=True,
        ),
    )
}


def make_table(name: str, columns: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Build the table called `name` with the dtypes of its schema; without columns, an empty one.

    Args:
        name: A key of `TABLES`.
        columns: Values by column name; for an open table the group columns come first.

    Returns:
        The table, checked.

    Raises:
        TableError: When the values do not fit the schema.

    Source: our choice; the data dictionary page lists every schema.

    Example:
        >>> make_table("Refused", {"source_path": ["a.txt"], "source_row": [None], "reason": ["empty"]}).shape
        (1, 3)
    """
    schema = TABLES[name]
    given = dict(columns) if columns is not None else {column.name: [] for column in schema.columns if not column.optional}
    table = pd.DataFrame(given)
    for column in schema.columns:
        if column.name in table:
            try:
                table[column.name] = table[column.name].astype(column.dtype)
            except (TypeError, ValueError) as fault:
                raise TableError(f"table {name}, column '{column.name}': {fault}. Expected {column.dtype}. Convert it first.") from fault
    return check_table(table, name)


def check_table(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Hold a table to its schema and return it unchanged.

    Args:
        table: The table to check.
        name: A key of `TABLES`.

    Returns:
        The same table.

    Raises:
        TableError: Lists every fault: missing, extra or misordered columns, wrong dtypes, missing or disallowed values, doubles.

    Source: our choice; the data dictionary page lists every schema.

    Example:
        >>> check_table(pd.DataFrame({"source_path": ["a.txt"]}), "Refused")
        Traceback (most recent call last):
        ...
        toolkit.errors.TableError: table Refused: columns are source_path; expected source_path, source_row, reason.
    """
    schema = TABLES[name]
    found = [str(column) for column in table.columns]
    columns = [column for column in schema.columns if not column.optional or column.name in found]
    expected = [column.name for column in columns]
    fits = found[-len(expected) :] == expected if schema.open_left else found == expected
    if not fits:
        raise TableError(f"table {name}: columns are {', '.join(found)}; expected {', '.join(expected)}.")
    faults = [fault for column in columns for fault in _column_faults(table[column.name], column)]
    if schema.unique and table.duplicated(list(schema.unique)).any():
        double = table.loc[table.duplicated(list(schema.unique)), list(schema.unique)].iloc[0].tolist()
        faults.append(f"{', '.join(schema.unique)} must be unique; {double} stands twice")
    if faults:
        raise TableError("\n".join(f"table {name}: {fault}." for fault in faults))
    return table


def _column_faults(values: pd.Series, column: Column) -> Sequence[str]:
    """List what is wrong with one column."""
    faults = []
    if str(values.dtype) != column.dtype:
        faults.append(f"column '{column.name}' is {values.dtype}; expected {column.dtype}")
    if not column.missing and values.isna().any():
        faults.append(f"column '{column.name}' lacks a value in row {int(values.isna().to_numpy().argmax())}; it may not be missing")
    if column.allowed:
        odd = sorted(set(values.dropna().unique()) - set(column.allowed))
        if odd:
            faults.append(f"column '{column.name}' holds {odd[0]!r}; allowed: {', '.join(column.allowed)}")
    return faults
