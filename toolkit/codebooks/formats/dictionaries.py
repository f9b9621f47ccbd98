"""Dictionaries of other tools: Lexicoder (`.lc3`, `.lcd`), Yoshikoder (`.ykd`), LIWC (`.dic`), WordStat (`.cat`), tables (`.csv`)."""

import io
import re
from collections.abc import Iterator
from itertools import accumulate

from toolkit.codebooks.formats.rows import NO_WEIGHTS, Row, decode_text, lose, make_row
from toolkit.codebooks.nodes import Fault
from toolkit.codebooks.records import Codebook
from toolkit.tables import read_data

_NAMES, _REFUSED = (read_data("checks", "codebooks")[name] for name in ("columns", "refused"))
_CATEGORY, _WORD, _CONDITION, _ITEM, _CROSS = map(re.compile, read_data("checks", "codebooks")["lines"])


def read_lexicoder(content: bytes) -> Iterator[Row | Fault]:
    """Read a Lexicoder 3 dictionary. A name with a slash is a category in another.

    Source: Daku, Soroka & Young (2015), Lexicoder 3.0 manual.
    """
    path: list[str] = []
    for line, text in enumerate(map(str.strip, decode_text(content).splitlines()), start=1):
        if text.startswith("+"):
            path = text[1:].split("/")
            yield make_row(path, line)
        elif text:
            yield make_row(path, line, text) if path else lose(line, f"{text!r} is before the first category.")


def read_yoshikoder(content: bytes) -> Iterator[Row | Fault]:
    """Read a Yoshikoder or Lexicoder 2 dictionary; no entity, document type or other file is followed.

    Source: Yoshikoder's own writer (Lowe 2015), class ExportUtil: the outermost category is the dictionary itself, a score is a weight.
    """
    from lxml import etree

    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as fault:
        yield Fault(fault.lineno or 1, f"not XML: {fault.msg}. Save the dictionary again in its tool.")
        return
    if root.getroottree().docinfo.doctype:
        yield Fault(1, "a document type is declared. Allowed: XML without one. Delete the <!DOCTYPE …>.")
        return
    dictionary = next(root.iter("dictionary"), root)
    if "reg" in dictionary.get("patternengine", ""):
        yield Fault(dictionary.sourceline, _REFUSED["expressions"])
        return
    outer = dictionary.findall("cnode")
    is_wrapped = len(outer) == 1 and dictionary.get("name") is None and outer[0].find("pnode") is None
    for node in dictionary.iterdescendants():
        path = [up.get("name") or "category" for up in (node, *node.iterancestors()) if up.tag == "cnode"][::-1][is_wrapped:]
        yield from [NO_WEIGHTS] * (node.get("score", "1") not in ("", "1", "1.0"))
        if node.tag == "cnode" and path:
            yield make_row(path, node.sourceline, meaning=" ".join(node.get("desc", "").split()))
        elif node.tag == "pnode" and path:
            yield make_row(path, node.sourceline, node.get("name", ""))
        elif node.tag != "cnode" and isinstance(node.tag, str):
            yield lose(node.sourceline, f"<{node.tag}> is not known here.")


def read_liwc(content: bytes) -> Iterator[Row | Fault]:
    """Read a plain LIWC dictionary of the layout of 2007, 2015 or 2022; a tab before a category puts it into the one above.

    A category without a number only holds others. Numbers in parentheses, and `<of>`, are conditions of LIWC 2007: they are left out and
    reported, and the numbers that depend on them all count, as in quanteda.

    Source: LIWC2007 and LIWC2015 operator's manuals (Pennebaker et al.), on custom dictionaries.
    """
    lines = [*enumerate(decode_text(content).splitlines(), start=1)]
    marks = [number for number, line in lines if line.strip() == "%"]
    if len(marks) < 2:
        yield Fault(1, _REFUSED["no categories"])
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


def read_csv(content: bytes) -> Iterator[Row | Fault]:
    """Read a CSV file, separated by commas, semicolons or tabs, with names in the first row."""
    import pandas as pd

    if content.startswith(b"PK"):
        yield Fault(1, "an XLSX workbook or another ZIP file. Allowed: CSV. Save the sheet as CSV.")
        return
    text = decode_text(content)
    separator = max(",;\t", key=text.partition("\n")[0].count)
    try:
        table = pd.read_csv(io.StringIO(text), sep=separator, header=None, dtype=str, keep_default_na=False, skip_blank_lines=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        yield Fault(1, f"not a table: {' '.join(str(fault).split())}. Allowed: as many cells in a row as there are names.")
        return
    head, *body = [[str(cell).strip() for cell in row] for row in table.itertuples(index=False)] or [[]]
    known = [name.casefold() for name in head]
    found = {ours: next((known.index(name) for name in names if name in known), None) for ours, names in _NAMES.items()}
    pattern, entry = found.values()
    for name in [name for place, name in enumerate(head) if name and entry is not None and place not in found.values()]:
        yield lose(1, f"left out: column {name!r}. Read are {', '.join(_NAMES)}.")
    for line, cells in enumerate(body, start=2):
        named = [(name or f"column {place}", cell) for place, (name, cell) in enumerate(zip(head, cells, strict=True), start=1)]
        if pattern is None:
            yield from (make_row(name.split("/"), line, cell) for name, cell in named if cell)
        elif not cells[pattern]:
            yield from [lose(line, "left out: a row without a pattern.")] * any(cells)
        elif entry is not None:
            yield make_row((cells[entry] or "no category").split("/"), line, cells[pattern])
        else:
            for name, cell in [*named[:pattern], *named[pattern + 1 :]]:
                yield from _read_cross(name, cell, line, cells[pattern])


def _read_cross(name: str, cell: str, line: int, text: str) -> Iterator[Row | Fault]:
    """Read whether a cell puts a pattern into the category of its column."""
    cross = _CROSS.fullmatch(cell)
    left = lose(line, f"left out: {text!r} in {name!r}, since {cell!r} is neither a cross nor a number.")
    if cross is None or cross["out"] is None:
        yield make_row(name.split("/"), line, text) if cross else left
        yield from [NO_WEIGHTS] * bool(cross and cross["weight"])
