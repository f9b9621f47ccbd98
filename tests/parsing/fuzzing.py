"""Mutated inputs by seed: of every format, damaged in the ways in which files are damaged, and in those of people who mean harm.

By hand: python -m tests.parsing.fuzzing 20000 (or `make fuzz`). A case that fails is said with its
number; `make_case(number)` makes it again.
"""

import gzip
import io
import json
import os
import random
import re
import sys
import time
import warnings
from collections import Counter
from itertools import zip_longest
from multiprocessing import Pool

import pandas as pd

from tests.parsing.made import MADE, write_tar, write_zip
from toolkit.parsing.files import collect_batches
from toolkit.parsing.formats import read_source
from toolkit.parsing.sources import Options, Source
from toolkit.parsing.summaries import Summary

LONGEST = 5.0  # seconds of CPU for a case
LONG_LINE = 10_000_000
ENCODINGS = ("utf-16", "utf-32", "cp1252", "cp1251", "shift_jis", "gb18030", "utf-7", "cp037", "utf-8-sig")
HOSTILE = tuple(
    piece.encode("utf-8", "surrogateescape")
    for piece in (
        *("\0", '"', "'", "<", "<p>", "<!--", "<script>", "<div>" * 300, "]]>", "&#x110000;", "&amp;" * 50),
        *("[" * 3000, '{"a":' * 3000, "]", "}", "\\", "\\ud800", "9" * 5000, "-1", "NaN", ",", ";", "\t", "\r", "\n\n", "\x1a", "---\n"),
        *("\udcff\udcfe", "\udcef\udcbb\udcbf", "\udce2\udc80", "\u202e", "e\u0301" * 100, "{\\rtf1", "PK\x03\x04", "%s%n{0}"),
        *("../../etc/passwd", "WARC/1.1\r\n", "PAR1", "ustar"),
    )
)


def flip_bytes(content, chance):
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 3, 30, 300])):
        if damaged:
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def truncate(content, chance):
    start, end = sorted((chance.randrange(len(content) + 1), chance.randrange(len(content) + 1)))
    return chance.choice([content[:end], content[start:], content[:start] + content[end:], content[:-1]])


def insert(content, chance):
    for _ in range(chance.choice([1, 1, 4])):
        place = chance.randrange(len(content) + 1)
        content = content[:place] + chance.choice(HOSTILE) + content[place:]
    return content


def repeat(content, chance):
    start = chance.randrange(len(content) + 1)
    part = content[start : start + chance.choice([1, 20, 500])]
    return content[:start] + part * chance.choice([2, 50]) + content[start:]


def unclose(content, chance):
    """Take out what closes: tags, quotation marks, brackets, groups."""
    closing = chance.choice([b"</p>", b"</article>", b"</html>", b">", b'"', b"}", b"]", b")", b"\n"])
    places = [place for place in range(len(content)) if content.startswith(closing, place)]
    for place in reversed(chance.sample(places, min(len(places), chance.choice([1, 5])))):
        content = content[:place] + content[place + len(closing) :]
    return content


def reencode(content, chance):
    return content.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")


def join(content, chance):
    return content + chance.choice(list(MADE.values()))[2]


NAMES = ("a.txt", "../a.txt", "/a", "b/c.csv", "d.json", "a\x00b.html", "é.md", "a.zip", "C:\\a", "a" * 300)
PACKERS = (
    lambda _, content: gzip.compress(content),
    lambda name, content: write_tar({name: content}, "w"),
    lambda name, content: write_tar({name: content, "b.txt": b"It rains."}),
    lambda name, content: write_zip({name: content}),
    lambda name, content: write_zip({name: content, "b.txt": b"It rains."}),
)


def nest(content, chance):
    for _ in range(chance.choice([1, 1, 2, 6])):
        content = chance.choice(PACKERS)(chance.choice(NAMES), content)
    return content


def lengthen(content, chance):
    """Put a line of ten megabytes in."""
    place = chance.randrange(len(content) + 1)
    unit = chance.choice([b"rain ", b"x", b'"', b"<b>", b"a,b;c\t", "é".encode(), "“It rains,” he said. ".encode(), b"\0", b"*a_b* "])
    return content[:place] + unit * (LONG_LINE // len(unit)) + content[place:]


MUTATIONS = (flip_bytes, truncate, insert, repeat, unclose, reencode, join, nest)


def make_case(number, *, long=False):
    """Name and content of one case."""
    chance = random.Random(number)
    _, name, content, _ = chance.choice(list(MADE.values()))
    for _ in range(chance.choice([1, 1, 2, 3])):
        content = chance.choice(MUTATIONS)(content, chance)
    if long:
        content = lengthen(content, chance)
    name = chance.choice([name, name, name, "a", "a.txt", "a.csv", "a.html", "a.json", "a.md", "a.\ud800"])
    return name, content


def mix(number):
    """Name and content of a mixture of two formats: one after, in the middle of, or between the lines of the other, or under its name."""
    chance = random.Random(f"mixture {number}")
    (_, name, first, _), (_, other, second, _) = chance.sample(list(MADE.values()), 2)
    place = chance.choice([0, len(first), first.find(b"\n") + 1, first.find(b">") + 1, chance.randrange(len(first) + 1)])
    lines = [line for pair in zip_longest(first.split(b"\n"), second.split(b"\n"), fillvalue=b"") for line in pair]
    content = chance.choice([first[:place] + second + first[place:], first[:place] + second, b"\n".join(lines), json.dumps(
        {"title": "Rain", "text": second.decode("utf-8", "replace")}).encode(), second])  # fmt: skip
    return chance.choice([name, other]), content


def check_case(number, *, long=False):
    """What is wrong with how a case is read, "" if nothing; and what was found. Negative numbers are mixtures."""
    name, content = mix(number) if number < 0 else make_case(number, long=long)
    summary, start = Summary(), time.process_time()
    articles = refused = 0
    rows = Counter()
    for tables in collect_batches(read_source(Source(name, io.BytesIO(content))), Options(), summary):
        articles, refused = articles + len(tables["Articles"]), refused + len(tables["Refused"])
        for table in (tables["Articles"], tables["Refused"]):
            rows.update((path, row) for path, row in zip(table["source_path"], table["source_row"], strict=True) if not pd.isna(row))
    seconds = time.process_time() - start
    faults = [f"took {seconds:.1f} s"] if seconds > LONGEST else []
    if articles + refused == 0:
        faults.append("nothing found")
    if articles + refused != sum(summary.n_inputs.values()):
        faults.append("articles and refused are not the inputs")
    faults += [
        f"ours broke: {reason}" for reason in summary.reasons if re.search(r"\((?:Type|Key|Index|Attribute|Assertion)Error\)", reason)
    ]
    for path in {path for path, _ in rows}:
        numbers = sorted(int(row) for of, row in rows if of == path)
        if numbers and "!/" not in path and numbers != list(range(1, len(numbers) + 1)):
            faults.append(f"rows missing: {numbers[:5]}")
    return "; ".join(faults), articles, refused, seconds


def run_case(number):
    """Check a case; every two hundredth has a line of ten megabytes."""
    warnings.simplefilter("ignore")
    try:
        return number, *check_case(number, long=number % 200 == 199)
    except Exception as fault:  # a crash is what is looked for
        return number, f"crash: {type(fault).__name__}: {fault}", 0, 0, 0.0


def run_cases(n, *, start=0):
    """Check n cases on all cores; faults, and totals."""
    with Pool(min(2, os.cpu_count() or 1)) as pool:
        done = pool.map(run_case, range(start, start + n), chunksize=20)
    faults = [f"case {number}: {fault}" for number, fault, *_ in done if fault]
    return faults, sum(one[2] for one in done), sum(one[3] for one in done), max(one[4] for one in done), sum(one[4] for one in done)


def main():
    n, all_faults = int(sys.argv[1]), 0
    for what, start, number in (("cases", 0, n), ("mixtures of two formats", -(n // 20), n // 20)):
        faults, articles, refused, slowest, seconds = run_cases(number, start=start)
        print("\n".join(faults))
        print(
            f"{number:,} {what}: {articles:,} articles, {refused:,} refused, {len(faults)} faults; "
            f"slowest {slowest:.1f} s, in all {seconds:.0f} s"
        )
        all_faults += len(faults)
    sys.exit(1 if all_faults else 0)


if __name__ == "__main__":
    main()
