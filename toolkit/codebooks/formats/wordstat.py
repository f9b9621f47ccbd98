"""WordStat (`.cat`, `.nfo`): categories by tabs, items with a weight behind them, and rules on words near one another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from toolkit.codebooks.formats.rows import Row, decode_text, lose, make_row
from toolkit.codebooks.nodes import Fault
from toolkit.codebooks.records import Near

_ITEM = re.compile(r"(.+?)\s*\(([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\)")
_RULE = re.compile(r"@\S+\s*\[([^/]+?)\s+(NOT\s+)?(NEAR|AFTER|BEFORE|AND)\s+([^/]+?)\s*(?:/\s*([CPS])\s*(\d+)?)?\s*\]")
_OPERATOR = re.compile(r"\s(NEAR|AFTER|BEFORE|AND|OR|NOT)\s")


def read_wordstat(content: bytes) -> Iterator[Row | Fault]:
    """Read a WordStat categorization dictionary. The words of a phrase are joined by underscores there, by spaces here.

    A rule `@NAME [A NEAR #B /S 3]` becomes A, near the items of category B within 3 words. What `near` cannot say is reported: the side
    of a word (AFTER, BEFORE), and windows wider than a sentence (/P, /C).

    Source: Provalis Research, WordStat user's guide, "Working with rules".
    """
    rows: list[Row] = []
    above: list[tuple[int, str]] = []
    for line, text in enumerate(decode_text(content).splitlines(), start=1):
        depth = text[: len(text) - len(text.lstrip())].count("\t")
        above = [(level, name) for level, name in above if level < depth] if text.strip() else above
        item = _ITEM.fullmatch(text.strip())
        if item is not None and not above:
            yield lose(line, f"left out: {text.strip()!r} is in no category.")
        elif item is not None:
            rows.append(make_row([name for _, name in above], line, _part_words(item[1]), weight=float(item[2])))
        elif text.strip():
            above.append((depth, text.strip()))
            rows.append(make_row([name for _, name in above], line))
    items: dict[str, list[str]] = {}
    for row in [row for row in rows if row.pattern.text and not row.pattern.text.startswith("@")]:
        for name in row.path:
            items.setdefault(f"#{name}".casefold(), []).append(row.pattern.text)
    for row in rows:
        yield from _read_rule(row, items) if row.pattern.text.startswith("@") else [row]


def _part_words(text: str) -> str:
    """An item with spaces between its words; a rule keeps its name and the names of categories."""
    return text if text.startswith("@") else text.replace("_", " ")


def _read_rule(row: Row, items: dict[str, list[str]]) -> Iterator[Row | Fault]:
    """Bring over a rule: a pattern with a condition for each word that it is about."""
    text = row.pattern.text
    rule = _RULE.fullmatch(text)
    if rule is None or _OPERATOR.search(rule[1]) or _OPERATOR.search(rule[4]):
        yield lose(row.line, f"left out: rule {text}. Understood: [A NEAR B /S 3], with NOT, AFTER, BEFORE, AND, /P, /C.")
        return
    about, context = (items.get(side.casefold(), []) if side.startswith("#") else [_part_words(side)] for side in (rule[1], rule[4]))
    if not about or not context:
        yield lose(row.line, f"left out: rule {text}, which refers to a category that is empty or not there.")
    if rule[3] in ("AFTER", "BEFORE") or rule[5] != "S":
        yield lose(row.line, f"rule {text} is read as NEAR in a sentence: the side of the word, or a wider window, is lost.")
    near = Near(tuple(dict.fromkeys(context)), int(rule[6] or 0) or None, negated=bool(rule[2]))
    for word in about if context else []:
        yield row._replace(pattern=replace(row.pattern, text=word, near=(near,)))
