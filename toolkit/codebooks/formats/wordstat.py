"""WordStat (`.cat`, `.nfo`): categories by tabs, items with a weight behind them, which is left out."""

import re
from collections.abc import Iterator

from toolkit.codebooks.formats.rows import NO_WEIGHTS, Row, decode_text, lose, make_row
from toolkit.codebooks.nodes import Fault

_ITEM = re.compile(r"(.+?)\s*\(([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\)")


def read_wordstat(content: bytes) -> Iterator[Row | Fault]:
    """Read a WordStat categorization dictionary. The words of a phrase are joined by underscores there, by spaces here.

    Rules on words near one another, such as `@NAME [A NEAR #B /S 3]`, are left out and reported.

    Source: Provalis Research, WordStat user's guide.
    """
    above: list[tuple[int, str]] = []
    for line, text in enumerate(decode_text(content).splitlines(), start=1):
        depth = text[: len(text) - len(text.lstrip())].count("\t")
        above = [(level, name) for level, name in above if level < depth] if text.strip() else above
        item = _ITEM.fullmatch(text.strip())
        if item is not None and not above:
            yield lose(line, f"left out: {text.strip()!r} is in no category.")
        elif item is not None and item[1].startswith("@"):
            yield lose(line, f"left out: rule {item[1]}. Rules are not read. Write it as a pattern with near: or unless_near: in YAML.")
        elif item is not None:
            yield make_row([name for _, name in above], line, item[1].replace("_", " "))
            yield from [NO_WEIGHTS] * (float(item[2]) != 1)
        elif text.strip():
            above.append((depth, text.strip()))
            yield make_row([name for _, name in above], line)
