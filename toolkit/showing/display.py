"""What the room hands on: a `Chart` or a `Shown`, which carry their own alt text, caption and data into the notebook's output."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path

import pandas as pd

from toolkit.errors import ToolkitError

MIME = "application/vnd.framebook+json"
PIXELS = 560  # shown width of a chart: 5.6 inches at 100 pixels an inch; the file has 1.6 times as many
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")  # overrides and isolates can make a sentence read otherwise than it was written
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # not allowed in HTML
_FORMULA = re.compile(r"\s*[=+\-@]")  # a spreadsheet would run such a cell


@dataclass(frozen=True)
class Chart:
    """One figure: its PNG, what it shows in words (`alt`), its caption, and its data as CSV text by file name."""

    name: str
    png: bytes = field(repr=False)
    alt: str
    caption: str
    files: Mapping[str, str] = field(repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a name that could not be a file name."""
        check_name(self.name)

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, object], dict[str, object]]:
        """Hand Jupyter the picture, its words and its data."""
        data: dict[str, object] = {"image/png": base64.b64encode(self.png).decode(), "text/plain": self.alt, MIME: _entry(self)}
        return data, {"image/png": {"width": PIXELS}}

    def save(self, folder: Path | str) -> tuple[Path, ...]:
        """Write the PNG and its CSV files into a folder, made if need be; return their paths."""
        return _save(folder, {f"{self.name}.png": self.png, **_encode(self.files)})


@dataclass(frozen=True)
class Shown:
    """A piece of page: HTML in which everything from outside is escaped, the same as plain text, and its data as CSV text."""

    name: str
    html: str = field(repr=False)
    text: str
    caption: str = ""
    files: Mapping[str, str] = field(repr=False, default_factory=dict)
    alt: str = ""
    png: bytes = field(repr=False, default=b"")

    def __post_init__(self) -> None:
        """Refuse a name that could not be a file name."""
        check_name(self.name)

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, object], dict[str, object]]:
        """Hand Jupyter the HTML with its style sheet, the text and the data."""
        return {"text/html": read_style() + self.html, "text/plain": self.text, MIME: _entry(self)}, {}

    def save(self, folder: Path | str) -> tuple[Path, ...]:
        """Write the HTML, as a page of its own, and its CSV files into a folder, made if need be; return their paths."""
        head = f'<head><meta charset="utf-8"><title>{self.name}</title>{read_style()}</head>'
        page = f'<!doctype html>\n<html lang="en">{head}<body><main>{self.html}</main></body></html>\n'
        return _save(folder, {f"{self.name}.html": page.encode(), **_encode(self.files)})


@cache
def read_style() -> str:
    """Read the style sheet as a `<style>` element, which stands before the HTML of every output; a book may take it off again.

    Example:
        >>> read_style()[:23]
        '<style class="fb-style"'
    """
    sheet = re.sub(r"\s*\n\s*", " ", (files("toolkit.showing") / "data" / "framebook.css").read_text("utf8"))
    return f'<style class="fb-style">{sheet.strip()}</style>'


def check_name(name: str) -> str:
    """Hold a name to what can be a file name and part of an address on any machine.

    Raises:
        ToolkitError: When it is anything but lower-case letters, digits and single hyphens.

    Example:
        >>> check_name("rates-by-outlet")
        'rates-by-outlet'
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ToolkitError(f"name {name!r} of a chart or table: expected lower-case letters, digits and hyphens, as in 'rates-by-outlet'.")
    return name


def write_slug(*words: str) -> str:
    """Make a name of words from outside.

    Example:
        >>> write_slug("rates", "by", "bbc.co.uk")
        'rates-by-bbc-co-uk'
    """
    return re.sub("[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")


def clean_text(text: str) -> str:
    """Make a text from outside safe to stand in HTML, in an element or a quoted attribute: it stays text, and in reading order.

    Example:
        >>> clean_text('<script>alert("$5")</script>')
        '&lt;script&gt;alert(&quot;$5&quot;)&lt;/script&gt;'
    """
    return escape(_CONTROL.sub("\ufffd", _BIDI.sub("", text)))


def write_block(html: str, kind: str = "") -> str:
    """Put a piece of HTML into the block that carries our style and that no formula renderer looks into.

    Source: publishing notes, section 2: JupyterLab typesets `$5 … $6` as a formula.

    Example:
        >>> write_block("<p>$5</p>")
        '<div class="fb tex2jax_ignore mathjax_ignore"><p>$5</p></div>'
    """
    return f'<div class="{f"fb {kind}".strip()} tex2jax_ignore mathjax_ignore">{html}</div>'


def write_csv(table: pd.DataFrame) -> str:
    r"""Write a table as CSV text: six significant digits, dates as ISO, and no cell that a spreadsheet would run as a formula.

    Source: OWASP, "CSV Injection": such a cell gets an apostrophe in front.

    Example:
        >>> write_csv(pd.DataFrame({"word": ["=1+1", "aid"], "rate": [1 / 3, 2.0]}))
        "word,rate\n'=1+1,0.333333\naid,2\n"
    """
    safe = table.copy()
    for column in safe.columns[[pd.api.types.is_string_dtype(dtype) for dtype in safe.dtypes]]:
        safe[column] = [f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value for value in safe[column]]
    text: str = safe.to_csv(index=False, lineterminator="\n", float_format="%.6g")
    return text


def _entry(shown: Chart | Shown) -> dict[str, object]:
    """What the page builder takes from the output."""
    return {"version": 1, "name": shown.name, "alt": shown.alt, "caption": shown.caption, "files": dict(shown.files)}


def _encode(texts: Mapping[str, str]) -> dict[str, bytes]:
    """Texts as UTF-8 by file name."""
    return {name: text.encode("utf8", "replace") for name, text in texts.items()}


def _save(folder: Path | str, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files into a folder."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    paths = tuple(Path(folder) / name for name in contents)
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    return paths
