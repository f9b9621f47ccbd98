"""LIWC (`.dic`): between two lines `%` the categories by number, then a pattern a line with the numbers of its categories."""

import re
from collections.abc import Iterator
from itertools import accumulate

from toolkit.codebooks.formats.rows import Row, decode_text, lose, make_row
from toolkit.codebooks.nodes import Fault
from toolkit.codebooks.records import Codebook
from toolkit.parsing.layouts import read_data

_CATEGORY, _WORD, _CONDITION = map(re.compile, read_data("checks", "codebooks")["LIWC"])


def read_liwc(content: bytes) -> Iterator[Row | Fault]:
    """Read a plain LIWC dictionary of the layout of 2007, 2015 or 2022; a tab before a category puts it into the one above.

    A category without a number only holds others. Numbers in parentheses are conditions of LIWC 2007: they are left out and reported,
    and the numbers that depend on them all count, as in quanteda.

    Source: LIWC2007 and LIWC2015 operator's manuals (Pennebaker et al.), on custom dictionaries.
    """
    lines = [*enumerate(decode_text(content).splitlines(), start=1)]
    marks = [number for number, line in lines if line.strip() == "%"]
    if len(marks) < 2:
        why = "A dictionary that came with LIWC is encrypted and proprietary: only LIWC reads it. Take its plain text, or your own."
        yield Fault(1, f"no two lines of a single '%' around the categories. Allowed: a plain LIWC dictionary. {why}")
        return
    paths, above = dict[int, tuple[str, ...]](), list[tuple[int, str]]()
    for number, line in lines[marks[0] : marks[1] - 1]:
        if found := _CATEGORY.fullmatch(line.rstrip()):
            depth = found[1].count("\t")
            above = [*((level, name) for level, name in above if level < depth), (depth, found[3])]
            path = tuple(name for _, name in above)
            paths |= {int(found[2]): path} if found[2] else {}
            yield make_row(path, number)
    for number, line in lines[marks[1] :]:
        if found := _WORD.fullmatch(_CONDITION.sub(" ", line).strip()):
            yield from (lose(number, f"left out: the condition {one} of {found[1]!r}.") for one in _CONDITION.findall(line))
            for code in dict.fromkeys(map(int, found[2].replace("/", " ").split())):
                row = make_row(paths.get(code, ()), number, found[1])
                yield row if row.path else lose(number, f"left out: {found[1]!r} is of category {code}, which is not declared.")
        elif line.strip():
            yield lose(number, f"{line.strip()!r} is not a pattern with numbers of categories.")


def write_liwc(codebook: Codebook) -> bytes:
    """Write the layout of 2015, which later versions read; a pattern has the numbers of all categories around it.

    Source: as `read_liwc`.
    """
    numbers = {entry.id: number for number, entry in enumerate(codebook.entries, start=1)}
    names = ("\t" * entry.id.count("/") + f"{numbers[entry.id]}\t{entry.id.rpartition('/')[2]}" for entry in codebook.entries)
    codes: dict[str, list[int]] = {}
    for entry in codebook.entries:
        around = [numbers[id] for id in accumulate(entry.id.split("/"), "{}/{}".format)]
        for pattern in entry.patterns:
            codes.setdefault(pattern.text, []).extend(around)
    lines = ["%", *names, "%"] + ["\t".join([text, *map(str, dict.fromkeys(mine))]) for text, mine in codes.items()]
    return "".join(f"{line}\n" for line in lines).encode()
