"""Files that people have: each kind that was lost without a word, with its right value (tests/cases/reading.yml)."""

import io
import json
from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml

from toolkit.parsing.files import collect_batches
from toolkit.parsing.formats import read_source
from toolkit.parsing.sources import Options, Source
from toolkit.parsing.summaries import Summary, list_summary

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "reading.yml").read_text("utf8"))
FIELDS = ["headline", "outlet", "published", "byline"]


def read(name, content, **options):
    """The articles of one file as lists of what is known of each, reasons of refusals, and what a user is told."""
    given, summary = Options(**options), Summary()
    batches = list(collect_batches(read_source(Source(name, io.BytesIO(content), given, summary.notes)), given, summary))
    articles, refused = (pd.concat([batch[table] for batch in batches], ignore_index=True) for table in ("Articles", "Refused"))
    articles["published"] = articles["published"].map(lambda day: None if pd.isna(day) else day.isoformat().removesuffix("T00:00:00"))
    known = articles.astype(object).where(articles.notna(), None)
    said = [[*row[:4], row[4].rpartition("\n\n")[2]] for row in known[[*FIELDS, "text"]].to_numpy().tolist()]
    return said, refused["reason"].tolist(), "\n".join(list_summary(summary))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for kind in ("tables", "exports") for case in CASES[kind]])
def test_file_gives_what_is_in_it(case):
    articles, refused, told = read(case["name"], case["content"].encode(case.get("encoding", "utf8")))
    assert articles == case["articles"]
    assert refused == case.get("refused", [])
    assert case.get("told", "") in told


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in CASES["dates"]])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_dates_of_a_file_are_read_together(case, kind):
    rows = [{"title": f"Ferry {n}", "text": "The board met.", "date": written} for n, written in enumerate(case["written"])]
    table = pd.DataFrame(rows).to_csv(index=False) if kind == "csv" else "".join(json.dumps(row) + "\n" for row in rows)
    articles, refused, _ = read(f"a.{kind}", table.encode(), dates=case.get("order", ""))
    assert ([article[2] for article in articles], refused) == (case["read"], [])


def test_header_of_a_sheet_may_stand_below_titles():
    book = openpyxl.Workbook()
    for row in (
        ["Export from the archive"],
        ["12 May 2017", "2 articles"],
        ["Title", "Text"],
        ["One", "It rained.\n_x000D_Again."],
        ["Two", "Sun."],
    ):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    assert read("a.xlsx", stream.getvalue())[0] == [
        ["One", None, None, None, "It rained.\n\nAgain."[-6:]],
        ["Two", None, None, None, "Sun."],
    ]


def test_origins_say_which_dates_were_told_by_others():
    rows = "text,date\nOne.,03/04/2017\nTwo.,13/04/2017\n"
    given = Options()
    batches = list(collect_batches(read_source(Source("a.csv", io.BytesIO(rows.encode()))), given, Summary()))
    assert Counter(batches[0]["Origins"]["method"]) == {"day-first, as others of the file": 1}
