"""What a reader of a format hands on: articles as the file gives them, before any cleaning, and what could not be read as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_TEXT = "no text"
AGAIN = "the same in everything as an article already read"


@dataclass(frozen=True)
class RawArticle:
    """One article as a file gives it.

    `fields` are texts by our names (headline, subtitle, text, published, url, outlet, byline; what is not there is left out), paragraphs
    separated by a blank line. `row` is its place in the file from 1, or None where the file is the article. `origins` says, by field, the
    method and the confidence (see the table Origins) where the file does not plainly give it.
    """

    row: int | None
    fields: Mapping[str, str]
    origins: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class RawRefusal:
    """A part of a file that could not be read as an article: its place from 1 (None: the whole file), and why, and what to do."""

    row: int | None
    reason: str
