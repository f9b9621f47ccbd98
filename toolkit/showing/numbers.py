"""Numbers as tables and sentences: each written from a row, each leading to its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pandas as pd

from toolkit.codebooks.records import Codebook
from toolkit.errors import CodebookError, name_choices
from toolkit.showing.display import Shown, clean_text, write_block, write_csv, write_slug
from toolkit.showing.wording import (
    Labels,
    Row,
    check_one_quantity,
    find_groups,
    find_labels,
    write_basis,
    write_count,
    write_entry,
    write_estimate,
    write_group,
    write_interval,
    write_name,
    write_number,
)
from toolkit.tables import check_table

MOST_SENTENCES = 5  # findings said at once; more would not be read
NOTHING = "No numbers: nothing of the kind was found."


def write_anchor(row: Row, groups: Sequence[str]) -> str:
    """Make the id under which the evidence of a number stands: readable, the same in every run, and its own for every number.

    Example:
        >>> write_anchor({"codebook": "frames", "entry": "conflict", "outlet": "bbc.co.uk", "quantity": "rate"}, ["outlet"])
        'evidence-conflict-bbc-co-uk-rate-de13a8'
    """
    parts = [str(row["entry"]), *(str(row[group]) for group in groups), str(row["quantity"])]
    key = "\0".join([str(row["codebook"]), *groups, *parts])
    return f"{write_slug('evidence', *parts)}-{hashlib.sha256(key.encode('utf8', 'replace')).hexdigest()[:6]}"


def show_numbers(estimates: pd.DataFrame, *, codebooks: Sequence[Codebook] = (), name: str = "") -> Shown:
    """Show the table behind a figure, folded up; each number is a link to its sentences (see `show_evidence`).

    Args:
        estimates: Estimates of one quantity.
        codebooks: Where labels are taken from.
        name: Of the table; made from the estimates if empty.

    Returns:
        The table; its data file is the figure's, so it brings none.

    Raises:
        TableError: When quantities are mixed or there is nothing to show.

    Example:
        >>> show_numbers(pd.DataFrame())
        Traceback (most recent call last):
        ...
        toolkit.errors.TableError: table Estimates: columns are ; expected codebook, entry, ...
    """
    if check_table(estimates, "Estimates").empty:
        return Shown(name or "numbers", write_block(f"<p>{NOTHING}</p>"), NOTHING)
    known = check_one_quantity(estimates, "show_numbers")
    groups, labels, unit = find_groups(estimates), find_labels(codebooks), str(estimates["unit"].iloc[0])
    noted, compared = bool((estimates["note"] != "").any()), "expected" in estimates
    counted = "Together" if compared else "Sentences" if estimates["quantity"].iloc[0] == "share of sentences" else "Mentions"
    head = [*(group.capitalize() for group in groups), "Entry", "Estimate", "Interval", counted, "Articles"]
    lines, plain = [], []
    for row in estimates.to_dict("records"):
        number, interval = write_number(row["estimate"], unit), write_interval(row["low"], row["high"], unit)
        names = [*(write_group(row, [group], labels) for group in groups), write_entry(row, labels)]
        link = f'<a href="#{write_anchor(row, groups)}">{number}</a>'
        cells = [link, interval, *(f"{row[column]:,}" for column in ("n_mentions", "n_articles"))]
        cells += [write_number(row["expected"])] if compared else []
        lines.append([*map(clean_text, names), *cells, *([clean_text(row["note"])] if noted else [])])
        plain.append(f"{', '.join(names)}: {number} ({interval})")
    book = ", ".join(dict.fromkeys(estimates["codebook"]))
    title = f"{unit[:1].upper()}{unit[1:]}{' by ' if groups else ''}{' and '.join(groups)} ({book})"
    head += ["Expected"] if compared else []
    table = write_table([*head, *(["Note"] if noted else [])], lines, title, len(groups) + 1, range(len(groups) + 1, len(head)))
    basis = f'<p class="fb-note">{clean_text(write_basis(estimates if known.empty else known))}</p>'
    html = f"<details><summary>The numbers: {clean_text(title[:1].lower() + title[1:])}</summary>{table}{basis}</details>"
    name = name or write_slug("numbers", book, write_name(estimates))
    return Shown(name, write_block(html), "\n".join([title, *plain]), title)


def show_finding(estimates: pd.DataFrame, *, entry: str = "", codebooks: Sequence[Codebook] = ()) -> Shown:
    """Say in a sentence where a number is highest and lowest, and whether the intervals tell the two apart.

    Args:
        estimates: Estimates of one quantity. Rows without an interval cannot be the highest or lowest unless no row has one.
        entry: The entry to speak of; if empty, each of the five with the highest numbers.
        codebooks: Where labels are taken from.

    Returns:
        One sentence or two for each entry; without groups, one comparison between the entries.

    Raises:
        TableError: When quantities are mixed or there is nothing to show.
        CodebookError: When the table has no such entry.

    Example:
        >>> show_finding(pd.DataFrame())
        Traceback (most recent call last):
        ...
        toolkit.errors.TableError: table Estimates: columns are ; expected codebook, entry, ...
    """
    known, groups, labels = check_one_quantity(estimates, "show_finding"), find_groups(estimates), find_labels(codebooks)
    if entry and entry not in set(estimates["entry"]):
        raise CodebookError(f"show_finding: no entry '{entry}' in the table. {name_choices(entry, set(estimates['entry']))}")
    if entry:
        known = known[known["entry"] == entry]
    if known.empty:
        return Shown(f"finding-{write_name(estimates)}", write_block(f"<p>{NOTHING}</p>"), NOTHING)
    best = known.groupby("entry", sort=False)["estimate"].max().sort_values(ascending=False, kind="stable").index[:MOST_SENTENCES]
    tables = [known[known["entry"] == one] for one in best] if groups else [known]
    said = [_say_finding(table, groups, labels) for table in tables]
    said = [sentence[:1].upper() + sentence[1:] for sentence in said]
    if groups and known["entry"].nunique() > len(best):
        said.append(f"The other {write_count(known['entry'].nunique() - len(best), 'entry')} are in the table of numbers.")
    html = "".join(f"<p>{clean_text(sentence)}</p>" for sentence in said)
    return Shown(f"finding-{write_name(estimates)}", write_block(html), "\n".join(said))


def show_table(table: pd.DataFrame, *, caption: str, name: str) -> Shown:
    r"""Show any small table, everything in it escaped; the first column heads its rows.

    Args:
        table: At most a screen or two of rows.
        caption: What it holds and in which unit.
        name: Of the table and its CSV file.

    Returns:
        The table with its data.

    Example:
        >>> show_table(pd.DataFrame({"word": ["<b>"], "n": [1200]}), caption="Words", name="words").text
        'Words\nword: <b>, n: 1,200'
    """
    head = [str(column) for column in table.columns]
    rows = [[_write_cell(value) for value in row] for row in table.astype(object).to_numpy().tolist()]
    numbers = [place for place, dtype in enumerate(table.dtypes) if place and pd.api.types.is_numeric_dtype(dtype)]
    html = write_table(
        [word.removeprefix("n_").replace("_", " ").capitalize() for word in head],
        [[clean_text(cell) for cell in row] for row in rows],
        caption,
        1,
        numbers,
    )
    plain = [", ".join(f"{column}: {cell}" for column, cell in zip(head, row, strict=True)) for row in rows]
    return Shown(name, write_block(html), "\n".join([caption, *plain]), caption, {f"{name}.csv": write_csv(table)})


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


def _say_finding(table: pd.DataFrame, groups: Sequence[str], labels: Labels) -> str:
    """One finding in words."""
    sure = table[table["low"].notna() & table["high"].notna()]
    rows = (table if sure.empty else sure).sort_values("estimate", ascending=False, kind="stable").to_dict("records")
    high, low = rows[0], rows[-1]
    subject = f"{write_entry(high, labels)}: " if groups else ""

    def name(row: Row) -> str:
        return write_group(row, groups, labels) if groups else write_entry(row, labels)

    if len(rows) == 1:
        where = name(high)
        return f"{subject}{where}{':' if where else ''} {write_estimate(high)}."
    said = f"{subject}highest for {name(high)} with {write_estimate(high)}, lowest for {name(low)} with {write_estimate(low)}."
    if high["estimate"] == low["estimate"]:
        said = f"{subject}the same in all {len(rows)}: {write_estimate(high)}."
    elif not sure.empty:
        apart = high["low"] > low["high"]
        said += " Their intervals do not overlap." if apart else " Their intervals overlap: which is higher is not certain."
    left = len(table) - len(rows)
    return said + (f" {write_count(left, 'row')} without an interval left out." if left else "")


def _write_cell(value: object) -> str:
    """A cell of any table as text."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return "none"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return write_number(value) if isinstance(value, int | float) else str(value)
