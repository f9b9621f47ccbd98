"""What reading found, counted for its user and laid out in lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from toolkit.parsing.formats import FORMATS
from toolkit.parsing.sources import AGAIN, NO_TEXT

_MOST_LINES = 8  # of one kind; the tables in the corpus have all
_TITLES = {
    "columns": "columns, as taken (--column OURS=THEIRS takes another)",
    "encoding": "encoding, as taken (--encoding NAME takes another, for all files)",
    "export": "export, as taken (--format NAME takes another, for all files)",
    "name": "name, as taken (--name-pattern says otherwise)",
    "corpus": "the whole corpus",
}


@dataclass
class Summary:
    """Inputs by format and fate, reasons of refusals, articles by repair, and by kind what was guessed."""

    n_inputs: Counter[tuple[str, str]] = field(default_factory=Counter)  # format, "read" or "refused"
    reasons: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)


def count_inputs(summary: Summary, fate: str) -> int:
    """Count the inputs that were "read" or "refused".

    Example:
        >>> count_inputs(Summary(n_inputs=Counter({("csv", "read"): 2, ("text", "read"): 1})), "read")
        3
    """
    return sum(n for (_, found), n in summary.n_inputs.items() if found == fate)


def has_failed(summary: Summary) -> bool:
    """Whether half of the articles lost their dates, or anything could not be read, but for what has no text or was read before.

    Example:
        >>> has_failed(Summary(reasons=Counter({NO_TEXT: 3}))), has_failed(Summary(reasons=Counter({"damaged": 1})))
        (False, True)
    """
    return 2 * summary.repairs["date lost"] > count_inputs(summary, "read") or bool({*summary.reasons} - {NO_TEXT, AGAIN})


def list_summary(summary: Summary) -> Iterator[str]:
    r"""Lay out a summary: inputs by format, what was guessed and how to say otherwise, refusals, repairs.

    Example:
        >>> summary = Summary(n_inputs=Counter({("csv", "read"): 2, ("csv", "refused"): 1}), reasons=Counter([NO_TEXT]))
        >>> print(*list_summary(summary), sep="\n")
        <BLANKLINE>
            found      read   refused
                3         2         1  CSV, TSV
        <BLANKLINE>
        refused, by reason
                1  no text
    """
    yield "\n" + "".join(f"{name:>10}" for name in ("found", "read", "refused")).removeprefix(" ")
    for kind in sorted({kind for kind, _ in summary.n_inputs}, key=[*FORMATS, "dataframe", "archive", "unknown"].index):
        n_read, n_refused = summary.n_inputs[kind, "read"], summary.n_inputs[kind, "refused"]
        yield f"{n_read + n_refused:>9,}{n_read:>10,}{n_refused:>10,}  {FORMATS[kind].name if kind in FORMATS else kind}"
    for kind, title in _TITLES.items():
        yield from _list_counts(title, Counter({what: n for (of, what), n in summary.notes.items() if of == kind and n}))
    yield from _list_counts("refused, by reason", summary.reasons)
    yield from _list_counts("articles repaired, by step" + "; lost dates: try --dates" * ("date lost" in summary.repairs), summary.repairs)


def _list_counts(title: str, counts: Counter[str]) -> Iterator[str]:
    """A title and its counts, the highest first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    yield from [f"\n{title}"] if ordered else []
    for what, n in ordered[:_MOST_LINES]:
        yield f"{n:>9,}  {what.replace(chr(10), ' ')}"
    if len(ordered) > _MOST_LINES:
        yield f"{sum(n for _, n in ordered[_MOST_LINES:]):>9,}  … of {len(ordered) - _MOST_LINES:,} other kinds"
