"""HTML and CSV in which nothing from outside is anything but text: what records, charts and pages are written with."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")  # overrides and isolates can make a sentence read differently from what was written
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # not allowed in HTML; orders to a terminal
_FORMULA = re.compile(r"\s*[=+\-@]")  # a spreadsheet would run such a cell
CHANGE = "change of the rate"
NO_UNITS: Mapping[str, str] = MappingProxyType({})
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
    if unit == CHANGE:
        return "new" if math.isnan(value) else f"{value:+.0%}"
    if math.isnan(value):
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
    if math.isnan(low) or math.isnan(high):
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


def read_widget(room: str, name: str) -> tuple[str, str]:
    """Read the script and the style sheet of a widget for JupyterLab; what all share comes before its own."""
    shared, own = files("toolkit") / "data", files("toolkit") / room / "data"
    pairs = (("lines.js", f"{name}.js"), ("framebook.css", f"{name}.css"))
    script, sheet = ((shared / first).read_text("utf8") + (own / second).read_text("utf8") for first, second in pairs)
    return script, sheet


@cache
def read_templates(room: str, **filters: Callable[..., object]) -> Any:
    """Read the templates in data/ of a room, with the filters that they use; nothing in them is escaped but what a filter escapes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = FileSystemLoader(Path(__file__).parent / room / "data")
    templates = Environment(loader=folder, trim_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined)
    templates.filters |= filters
    return templates


def write_slug(*words: str) -> str:
    """Make a name from outside words.

    Example:
        >>> write_slug("rates", "by", "bbc.co.uk")
        'rates-by-bbc-co-uk'
    """
    return re.sub("[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")


def clean_signs(text: str) -> str:
    r"""Make a text from outside safe in a terminal: what moves its cursor is a sign of damage, what turns its direction is left out.

    Example:
        >>> clean_signs("\x1b[2J a\u202eb") == "\ufffd[2J ab"
        True
    """
    return _CONTROL.sub("\ufffd", _BIDI.sub("", text))


def clean_text(text: str) -> str:
    """Make a text from outside safe in HTML, in an element or a quoted attribute: it stays text, and in reading order.

    Example:
        >>> clean_text('<script>alert("$5")</script>')
        '&lt;script&gt;alert(&quot;$5&quot;)&lt;/script&gt;'
    """
    return escape(clean_signs(text))


def write_block(html: str, kind: str = "") -> str:
    """Put HTML into the block that carries our style and that formula renderers ignore: JupyterLab typesets `$5 … $6` as a formula.

    Example:
        >>> write_block("<p>$5</p>")
        '<div class="fb tex2jax_ignore mathjax_ignore"><p>$5</p></div>'
    """
    return f'<div class="{f"fb {kind}".strip()} tex2jax_ignore mathjax_ignore">{html}</div>'


def write_rows(table: pd.DataFrame, units: Mapping[str, str] = NO_UNITS) -> tuple[list[str], list[list[str]]]:
    """Write the columns and cells of any table as words.

    Args:
        table: The table.
        units: By column, the unit of its numbers.

    Returns:
        The names of the columns, and the cells of each row.

    Example:
        >>> import pandas as pd
        >>> write_rows(pd.DataFrame({"n_words": [1200], "is_new": [True]}))
        (['Words', 'Is new'], [['1,200', 'yes']])
    """
    head = [name[:1].upper() + name[1:] for name in (str(column).removeprefix("n_").replace("_", " ") for column in table.columns)]
    given = [units.get(column, "") for column in table.columns]
    return head, [[*map(_write_cell, row, given)] for row in table.astype(object).to_numpy().tolist()]


def _write_cell(value: object, unit: str) -> str:
    """A cell of any table as text."""
    import pandas as pd

    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return write_number(value, unit)
    if value is None or value is pd.NaT or value is pd.NA:
        return "none"
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def write_frame(table: pd.DataFrame, caption: str, headers: int = 1, units: Mapping[str, str] = NO_UNITS, links: Sequence[str] = ()) -> str:
    """Write a table as safe HTML that can be scrolled with the keyboard, its columns named in words.

    Args:
        table: The table.
        caption: As plain text; it names the region too.
        headers: How many columns at the left head their row.
        units: As in `write_rows`; what has a unit is a number.
        links: For each row, the id to which its first cell after the headers leads; empty for none.

    Returns:
        HTML; a sentence instead when there is no row.

    Source: WCAG 2.2, 1.3.1 and 2.1.1.

    Example:
        >>> import pandas as pd
        >>> write_frame(pd.DataFrame({"step": []}), "Repairs")
        '<p class="fb-h">Repairs</p><p>None.</p>'
        >>> '<td class="fb-n"><a href="#a">3</a></td>' in write_frame(pd.DataFrame({"word": ["so"], "n": [3]}), "Words", links=["a"])
        True
    """
    import pandas as pd

    head, rows = write_rows(table, units)
    styles = [' class="fb-n"' if pd.api.types.is_numeric_dtype(dtype) or column in units else "" for column, dtype in table.dtypes.items()]
    template = read_templates(".", text=clean_text).get_template("frame.html")
    return str(template.render(caption=caption, head=head, styles=styles, rows=[*zip_longest(rows, links)], headers=headers))


def write_first(table: pd.DataFrame, caption: str, headers: int, units: Mapping[str, str], most: int = 30) -> str:
    """Write the first rows of a record's table, with the style sheet: how it shows itself in a notebook.

    Example:
        >>> import pandas as pd
        >>> "1 row more: show_numbers shows them" in write_first(pd.DataFrame({"word": ["so", "as"]}), "Words", 1, {}, most=1)
        True
    """
    left = len(table) - most
    more = f"<p>{write_count(left, 'row')} more: show_numbers shows them, with their sentences.</p>" if left > 0 else ""
    return read_style() + write_block(write_frame(table.head(most), caption, headers, units) + more)


def name_ids(table: pd.DataFrame, labels: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Put labels in place of ids.

    Example:
        >>> import pandas as pd
        >>> name_ids(pd.DataFrame({"entry": ["UKR", "x"]}), {"entry": {"UKR": "Ukraine"}})["entry"].tolist()
        ['Ukraine', 'x']
    """
    known = {column: names for column, names in labels.items() if column in table}
    return table.assign(**{column: [names.get(id, id) for id in table[column]] for column, names in known.items()})


def write_facts(facts: Mapping[str, str], caption: str) -> str:
    """Write a table of facts in our block, with the style sheet: how a record shows itself in a notebook.

    Example:
        >>> "<th scope=" in write_facts({"Articles": "3"}, "Corpus")
        True
    """
    import pandas as pd

    return read_style() + write_block(write_frame(pd.DataFrame(facts.items(), columns=["what", "value"]), caption), "fb-facts")


class Facts:
    """A record that shows its facts: in a notebook as a table, in a terminal as one line, `_line`, in which they are named."""

    _line: str
    _facts: Any  # what there is to say of it, by name: a property of each

    def __repr__(self) -> str:
        """One line."""
        return self._line.format_map(self._facts)

    def _repr_html_(self) -> str:
        """The facts, as a table for a notebook."""
        return write_facts(self._facts, type(self).__name__)


def write_csv(table: pd.DataFrame) -> str:
    r"""Write a table as CSV text: six significant digits, dates as ISO, and no cell that a spreadsheet would run as a formula.

    Example:
        >>> import pandas as pd
        >>> write_csv(pd.DataFrame({"word": ["=1+1"], "rate": [1 / 3]}))
        "word,rate\n'=1+1,0.333333\n"
    """
    return str(defuse_formulas(table).to_csv(index=False, lineterminator="\n", float_format="%.6g"))


def defuse_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before texts that a spreadsheet would run as formulas.

    Source: OWASP on CSV injection.

    Example:
        >>> import pandas as pd
        >>> defuse_formulas(pd.DataFrame({"word": ["=1+1", "one"]}))["word"].tolist()
        ["'=1+1", 'one']
    """
    import pandas as pd

    safe = table.copy()
    for column in safe.columns[[pd.api.types.is_string_dtype(dtype) for dtype in safe.dtypes]]:
        codes, values = pd.factorize(safe[column])
        cleaned = [f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value for value in values]
        if cleaned != list(values):
            safe[column] = pd.Series([*cleaned, None], index=range(len(cleaned) + 1)).take(codes).array
    return safe
