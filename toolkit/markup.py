"""HTML and CSV in which nothing from outside is anything but text: what records, charts and pages are written with."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")  # overrides and isolates can make a sentence read differently from what was written
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # not allowed in HTML
_FORMULA = re.compile(r"\s*[=+\-@]")  # a spreadsheet would run such a cell
_PLURAL = {"entry": "entries", "story": "stories", "day": "days"}


def write_count(n: int, thing: str) -> str:
    """Write how many of a thing there are.

    Example:
        >>> write_count(1, "outlet"), write_count(2000, "entry")
        ('1 outlet', '2,000 entries')
    """
    return f"{n:,} {thing if n == 1 else _PLURAL.get(thing, thing + 's')}"


def is_share(unit: str) -> bool:
    """Whether a unit is a share, which is written as a percentage."""
    return unit.startswith("share of ")


def write_number(value: float, unit: str = "") -> str:
    """Write a number: a share as a percentage with one decimal, a whole number in full, any other with three significant figures.

    Example:
        >>> write_number(12.345), write_number(0.04567), write_number(1234567), write_number(0.5, "share of articles")
        ('12.3', '0.0457', '1,234,567', '50.0%')
    """
    import pandas as pd

    if pd.isna(value):
        return "none"
    if is_share(unit):
        return f"{100 * value:.1f}%"
    if isinstance(value, int) or value == 0:
        return f"{value:,.0f}"
    return f"{value:,.{min(6, max(0, 2 - math.floor(math.log10(abs(value)))))}f}"


def write_interval(low: float, high: float, unit: str = "") -> str:
    """Write an interval with an en dash, the unit once; "no interval" when a bound is missing.

    Example:
        >>> write_interval(1.04, 12.3), write_interval(0.1, 0.25, "share of articles")
        ('1.04–12.3', '10.0–25.0%')
    """
    import pandas as pd

    if pd.isna(low) or pd.isna(high):
        return "no interval"
    return f"{write_number(low, unit).removesuffix('%')}–{write_number(high, unit)}"


@cache
def read_style() -> str:
    """Read the style sheet as a `<style>` element. It precedes the HTML of every output; a book removes it again.

    Example:
        >>> read_style()[:23]
        '<style class="fb-style"'
    """
    sheet = re.sub(r"\s*\n\s*", " ", (files("toolkit") / "data" / "framebook.css").read_text("utf8"))
    return f'<style class="fb-style">{sheet.strip()}</style>'


def write_slug(*words: str) -> str:
    """Make a name from outside words.

    Example:
        >>> write_slug("rates", "by", "bbc.co.uk")
        'rates-by-bbc-co-uk'
    """
    return re.sub("[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")


def clean_text(text: str) -> str:
    """Make a text from outside safe in HTML, in an element or a quoted attribute: it stays text, and in reading order.

    Example:
        >>> clean_text('<script>alert("$5")</script>')
        '&lt;script&gt;alert(&quot;$5&quot;)&lt;/script&gt;'
    """
    return escape(_CONTROL.sub("\ufffd", _BIDI.sub("", text)))


def write_block(html: str, kind: str = "") -> str:
    """Put HTML into the block that carries our style and that formula renderers ignore: JupyterLab typesets `$5 … $6` as a formula.

    Example:
        >>> write_block("<p>$5</p>")
        '<div class="fb tex2jax_ignore mathjax_ignore"><p>$5</p></div>'
    """
    return f'<div class="{f"fb {kind}".strip()} tex2jax_ignore mathjax_ignore">{html}</div>'


def write_table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str, headers: int = 1, numbers: Sequence[int] = ()) -> str:
    """Write an HTML table that can be scrolled with the keyboard.

    Args:
        head: Names of the columns, as plain text.
        rows: Cells, as HTML that is already safe.
        caption: As plain text; it names the region too.
        headers: How many cells at the left head their row.
        numbers: Places of the columns that hold numbers.

    Returns:
        HTML; a sentence instead when there is no row.

    Source: WCAG 2.2, 1.3.1 and 2.1.1.

    Example:
        >>> write_table(["Step"], [], "Repairs")
        '<p class="fb-h">Repairs</p><p>None.</p>'
    """
    if not rows:
        return f'<p class="fb-h">{clean_text(caption)}</p><p>None.</p>'
    style = [' class="fb-n"' if place in numbers else "" for place in range(len(head))]
    top = "".join(f'<th scope="col"{kind}>{clean_text(word)}</th>' for word, kind in zip(head, style, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f'<th scope="row">{cell}</th>' if place < headers else f"<td{style[place]}>{cell}</td>" for place, cell in enumerate(row))
        + "</tr>"
        for row in rows
    )
    title = clean_text(caption)
    table = f"<table><caption>{title}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="fb-scroll" tabindex="0" role="region" aria-label="{title}">{table}</div>'


def write_rows(table: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Write the columns and cells of any table as words.

    Example:
        >>> import pandas as pd
        >>> write_rows(pd.DataFrame({"n_words": [1200], "is_new": [True]}))
        (['Words', 'Is new'], [['1,200', 'yes']])
    """
    head = [str(column).removeprefix("n_").replace("_", " ").capitalize() for column in table.columns]
    return head, [[_write_cell(value) for value in row] for row in table.astype(object).to_numpy().tolist()]


def _write_cell(value: object) -> str:
    """A cell of any table as text."""
    import pandas as pd

    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return "none"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return write_number(value) if isinstance(value, int | float) else str(value)


def write_facts(facts: Mapping[str, str], caption: str) -> str:
    """Write a table of facts in our block, with the style sheet: how a record shows itself in a notebook.

    Example:
        >>> "<th scope=" in write_facts({"Articles": "3"}, "Corpus")
        True
    """
    rows = [[clean_text(word), f'<span class="fb-hash">{clean_text(value)}</span>'] for word, value in facts.items()]
    return read_style() + write_block(write_table(["What", "Value"], rows, caption))


def write_csv(table: pd.DataFrame) -> str:
    r"""Write a table as CSV text: six significant digits, dates as ISO, and no cell that a spreadsheet would run as a formula.

    Source: OWASP on CSV injection: such a cell gets an apostrophe before it.

    Example:
        >>> import pandas as pd
        >>> write_csv(pd.DataFrame({"word": ["=1+1"], "rate": [1 / 3]}))
        "word,rate\n'=1+1,0.333333\n"
    """
    import pandas as pd

    safe = table.copy()
    for column in safe.columns[[pd.api.types.is_string_dtype(dtype) for dtype in safe.dtypes]]:
        codes, values = pd.factorize(safe[column])
        cleaned = [f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value for value in values]
        if cleaned != list(values):
            safe[column] = pd.Series([*cleaned, None], index=range(len(cleaned) + 1)).take(codes).array
    text: str = safe.to_csv(index=False, lineterminator="\n", float_format="%.6g")
    return text
