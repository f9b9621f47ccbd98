"""Numbers as tables and sentences, each leading to what it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from toolkit.errors import CodebookError, TableError, name_choices
from toolkit.estimating import Estimates, Listing
from toolkit.markup import (
    clean_text,
    write_block,
    write_count,
    write_csv,
    write_interval,
    write_number,
    write_rows,
    write_slug,
    write_table,
)
from toolkit.showing.display import Shown
from toolkit.showing.evidence import Evidence, find_evidence, write_anchor
from toolkit.showing.wording import Row, check_some, write_basis, write_data, write_entry, write_estimate, write_group
from toolkit.tables import check_record

MOST_SENTENCES = 5  # findings said at once; more would not be read
MOST_MOVES = 25  # rates that move, shown at once; the data file has all
NOTHING = "No numbers: nothing of the kind was found."
_SHARE = "share of "  # how `write_number` knows a share


def show_numbers(table: Estimates | Listing | pd.DataFrame, *, most: int = 3, name: str = "", caption: str = "") -> Shown:
    """Show the numbers as a table in which each opens the sentences that it counts.

    Args:
        table: Estimates; a listing (of an audit, of changes, of suggestions); or any small table, such as `count_articles` gives.
        most: Sentences shown of each number, drawn by the corpus's seed.
        name: Of the table and its files; made from the table if empty.
        caption: Of a small table.

    Returns:
        The table, folded up, the sentences beneath it, and their data.

    Raises:
        TableError: When the argument is none of these.

    Example:
        >>> from toolkit import estimate_rates, find_mentions, read_corpus
        >>> rates = estimate_rates(find_mentions(read_corpus("ukraine-korea"), "actors", ["UKR", "FRA"]), by="")
        >>> print(show_numbers(rates))
        Mentions per 1,000 words (actors)
        Ukraine: 33.1 (no interval)
        France: 2.76 (no interval)
    """
    if isinstance(table, pd.DataFrame):
        return _show_table(table, name or write_slug("table", *map(str, table.columns[:1])), caption)
    if isinstance(table, Listing):
        return _show_listing(table, name or write_slug(table.name, table.codebook), most)
    check_record(table, Estimates, "show_numbers")
    return _show_estimates(table, name or f"numbers-{table.name}", most)


def show_finding(estimates: Estimates, *, entry: str = "") -> Shown:
    """Say in a sentence where a number is highest and lowest, and whether the intervals tell the two apart.

    Args:
        estimates: Estimates. Rows without an interval cannot be the highest or lowest unless no row has one.
        entry: The entry to speak of; if empty, each of the five with the highest numbers.

    Returns:
        One sentence or two for each entry; without groups, one comparison between the entries.

    Raises:
        TableError: When there is nothing to show.
        CodebookError: When the table has no such entry.

    Source: intervals that overlap may still differ (Schenker and Gentleman 2001); only what is safe is said.

    Example:
        >>> from toolkit import estimate_shares, find_mentions, find_names, read_corpus
        >>> print(show_finding(estimate_shares(find_names(find_mentions(read_corpus("ukraine-korea"), "actors")), by="")))
        Covered by actors: 100.0% of names (no interval; 1 article).
    """
    check_record(estimates, Estimates, "show_finding")
    known, name = check_some(estimates, "show_finding"), f"finding-{estimates.name}"
    if entry and entry not in set(estimates.table["entry"]):
        raise CodebookError(f"show_finding: no entry '{entry}' in the table. {name_choices(entry, set(estimates.table['entry']))}")
    if entry:
        known = known[known["entry"] == entry]
    if known.empty:
        return Shown(name, NOTHING, write_block(f"<p>{NOTHING}</p>"))
    best = known.groupby("entry", sort=False)["estimate"].max().sort_values(ascending=False, kind="stable").index[:MOST_SENTENCES]
    tables = [known[known["entry"] == one] for one in best] if estimates.groups else [known]
    said = [_say_finding(table, estimates) for table in tables]
    said = [sentence[:1].upper() + sentence[1:] for sentence in said]
    if estimates.groups and known["entry"].nunique() > len(best):
        said.append(f"The other {write_count(known['entry'].nunique() - len(best), 'entry')} are in the table of numbers.")
    return Shown(name, "\n".join(said), write_block("".join(f"<p>{clean_text(sentence)}</p>" for sentence in said)))


def _show_estimates(estimates: Estimates, name: str, most: int) -> Shown:
    """Estimates as a table, with evidence."""
    if estimates.table.empty:
        return Shown(name, NOTHING, write_block(f"<p>{NOTHING}</p>"))
    groups, unit, thing = estimates.groups, estimates.measure.unit, estimates.measure.counted
    keys, noted = [*groups, "entry"], dict.fromkeys(estimates.table["note"]) - {"": None}.keys()
    notes = {note: f"({chr(97 + at)})" for at, note in enumerate(sorted(noted))}
    head = [*map(str.capitalize, keys), "Estimate", "Interval", f"{thing.capitalize()}s" if thing != "article" else "Mentions", "Articles"]
    head[-2] = "Together" if estimates.is_compared else head[-2]
    head += ["Expected"] if estimates.is_compared else []
    lines, plain, blocks, used = [], [], dict[str, list[str]](), []
    evidence = find_evidence(estimates)
    for row in estimates.table.to_dict("records"):
        anchor = write_anchor(name.removeprefix("numbers-"), row, keys)
        number, interval = write_number(row["estimate"], unit), write_interval(row["low"], row["high"], unit)
        names = [*(write_group(row, [group], estimates.labels) for group in groups), write_entry(row, estimates)]
        marked = f"{interval} {notes[row['note']]}" if row["note"] else interval
        cells = [f'<a href="#{anchor}">{number}</a>', marked, *(f"{row[column]:,}" for column in ("n_mentions", "n_articles"))]
        cells += [write_number(row["expected"])] if estimates.is_compared else []
        lines.append([*map(clean_text, names), *cells])
        plain.append(f"{', '.join(names)}: {number} ({interval})")
        rows = _find_checked(evidence, row, groups, estimates)
        used.append(rows)
        shown = evidence.draw(rows, most)
        n = evidence.count(rows, thing)
        where = write_group(row, groups, estimates.labels) or "All articles"
        said = f"{where}: {number} {unit.removeprefix('share ')} ({interval}). {_say_shown(len(shown), n, thing, int(row['n_articles']))}"
        block = f'<p class="fb-h" id="{anchor}" tabindex="-1">{clean_text(said)}</p>'
        blocks.setdefault(write_entry(row, estimates), []).append(block + evidence.write_items(shown, rows, str(row.get("actor", ""))))
    by = f"{' by ' if groups else ''}{' and '.join(groups)}"
    title = f"{unit[:1].upper()}{unit[1:]}{by} ({estimates.codebook})"
    html = write_table(head, lines, title, len(keys), range(len(keys), len(head)))
    explained = " ".join(f"{mark} {note[:1].upper()}{note[1:]}." for note, mark in notes.items())
    basis = f'<p class="fb-note">{clean_text(f"{explained} {write_basis(estimates)}".strip())}</p>'
    summary = f"<summary>The numbers: {clean_text(title[:1].lower() + title[1:])}</summary>"
    files = write_data(estimates, name.removeprefix("numbers-")) | evidence.write_file(np.concatenate(used), estimates.codebook)
    body = f"<details>{summary}{html}{basis}{_fold(blocks)}</details>"
    return Shown(name, "\n".join([title, *plain]), write_block(body, "fb-evidence"), caption=title, files=files)


def _find_checked(evidence: Evidence, row: Row, groups: Sequence[str], estimates: Estimates) -> np.ndarray:
    """Find the places behind a number, and hold it to them: what is counted is what opens."""
    rows = evidence.find(row, groups)
    if int(row["n_mentions"]) not in (len(rows), evidence.count(rows, "sentence"), evidence.count(rows, "article")):
        where = write_group(row, [*groups, "entry"], {})
        raise TableError(
            f"show_numbers: {where}: the number counts {row['n_mentions']}, but {len(rows)} places are behind it. Estimate it again."
        )
    return rows


def _fold(blocks: Mapping[str, Sequence[str]]) -> str:
    """Evidence by entry, folded up. JupyterLab scrolls to data-jupyter-id before id, but does not unfold: a link leads to the fold."""
    parts = []
    for label, numbers in blocks.items():
        anchors = [number.partition('id="')[2].partition('"')[0] for number in numbers]
        summary = "".join(f'<span data-jupyter-id="{anchor}"></span>' for anchor in anchors)
        said = clean_text(f"Sentences: {label} ({write_count(len(numbers), 'number')})")
        parts.append(f"<details><summary>{summary}{said}</summary>{''.join(numbers)}</details>")
    return "".join(parts)


def _say_shown(n_shown: int, n: int, thing: str, n_articles: int) -> str:
    """How many of what a number counts are shown."""
    if n == 0:
        return f"No {thing} in {write_count(n_articles, 'article')}."
    what = write_count(n, thing)
    return f"{write_count(n_shown, 'sentence')} of {what} shown{', drawn at random' if n_shown < n else ''}."


def _show_listing(listing: Listing, name: str, most: int) -> Shown:
    """A listing as a table, with evidence: an audit one for each entry; of changes, those that move most."""
    evidence, table = find_evidence(listing), listing.table
    if listing.name == "changes":
        table = _choose_moves(table)
    if listing.name == "audit":
        table = table.sort_values(["n_mentions", "pattern"], ascending=[False, True], kind="stable")
    (head, n_heads, last, write), parts, plain = _FORMS[listing.name], list[str](), list[str]()
    named = [key for key in listing.keys if key not in ("outlet", "via")][-1]
    groups = [(entry, table[table["entry"] == entry]) for entry in listing.entries] if listing.name == "audit" else [("", table)]
    for entry, rows in groups:
        lines, samples = [], []
        for row in rows.to_dict("records"):
            found = evidence.find(row, ["outlet"] if "outlet" in listing.keys else [])
            anchor, number = write_anchor(name, row, listing.keys), f"{row[listing.number]:,}"
            if len(found):
                shown = evidence.draw(found, most)
                said = f"{row[named]}: " + _say_shown(len(shown), evidence.count(found, "sentence"), "sentence", 0)
                samples.append(f'<p class="fb-h" id="{anchor}" tabindex="-1">{clean_text(said)}</p>{evidence.write_items(shown, found)}')
                number = f'<a href="#{anchor}">{number}</a>'
            lines.append(write(row, number, listing))
        label = listing.labels.get("entry", {}).get(entry, entry)
        made = write_table(head, lines, f"{listing.title}: {label}" if entry else listing.title, n_heads, range(n_heads, last))
        in_all = f", {write_count(int(rows['n_mentions'].sum()), 'mention')}" if listing.name == "audit" else ""
        said = f"{label}: {write_count(len(rows), 'row')}{in_all}"
        inner = f"<details><summary>Sentences</summary>{''.join(samples)}</details>" if samples and not entry else "".join(samples)
        parts.append(f"<details><summary>{clean_text(said)}</summary>{made}{inner}</details>" if entry else made + inner)
        plain += [said] if entry else []
    text = "\n".join([repr(listing), *plain])
    files, html = {f"{name}.csv": write_csv(listing.table)}, write_block("".join(parts), "fb-evidence")
    return Shown(name, text, html, caption=listing.title, files=files)


def _write_audit(row: Row, number: str, listing: Listing) -> list[str]:
    """The cells of one pattern."""
    shared = f"{row['n_shared']:,} ({listing.labels['entry'].get(row['shared_with'], '')})" if row["n_shared"] else "0"
    share = write_number(row["share"], _SHARE) if row["n_mentions"] else "0.0%"
    made = {"variant": " (spellings)", "given": " (given name)", "role": " (office)"}.get(row["via"], "")
    counted = [f"{row[column]:,}" for column in ("n_left_out", "n_articles", "n_outlets")]
    return [clean_text(row["pattern"] + made), number, share, *counted, clean_text(shared)]


def _write_changes(row: Row, number: str, listing: Listing) -> list[str]:
    """The cells of one rate that moves."""
    change = "new" if pd.isna(row["change"]) else f"{row['change']:+.0%}"
    names = [listing.labels["entry"].get(row["entry"], row["entry"]), row["pattern"] or "(other codebook)", row["outlet"]]
    rates = [write_number(row[rate]) for rate in ("rate_before", "rate_after")]
    return [*map(clean_text, names), number, f"{row['n_after']:,}", *rates, change]


def _write_lacking(row: Row, number: str, _: Listing) -> list[str]:
    """The cells of one name."""
    return [clean_text(row["name"]), number, f"{row['n_articles']:,}", clean_text(row["variants"]), clean_text(row["for_example"])]


# Of each listing: the names of its columns, how many of them head a row, where the numbers end, and how a row is written.
_FORMS: Mapping[str, tuple[Sequence[str], int, int, Callable[[Row, str, Listing], list[str]]]] = {
    "audit": ("Pattern|Mentions|Share|Left out|Articles|Outlets|Shared with another entry".split("|"), 1, 6, _write_audit),
    "changes": ("Entry|Pattern dropped|Outlet|Mentions before|After|Rate before|Rate after|Change".split("|"), 3, 8, _write_changes),
    "lacking": ("Name|Mentions|Articles|Variants|For example".split("|"), 1, 3, _write_lacking),
}


def _choose_moves(changes: pd.DataFrame) -> pd.DataFrame:
    """The rates that move most, whichever way; of a dropped pattern the outlet that moves most, where ten mentions are behind it."""
    moved = changes[changes["n_before"] != changes["n_after"]]
    size = moved["change"].abs().fillna(float("inf"))
    moved = moved.assign(size=size).sort_values(["size", "n_before", "outlet", "entry"], ascending=[False, False, True, True])
    is_dropped = bool((moved["pattern"] != "").any())
    moved = moved[moved["n_before"] + moved["n_after"] >= 10] if is_dropped else moved
    return moved.drop_duplicates(["entry", "pattern"] if is_dropped else ["entry", "outlet"]).head(MOST_MOVES)


def _show_table(table: pd.DataFrame, name: str, caption: str) -> Shown:
    """Any small table, everything in it escaped; the first column heads its rows."""
    words, rows = write_rows(table)
    numbers = [place for place, dtype in enumerate(table.dtypes) if place and pd.api.types.is_numeric_dtype(dtype)]
    caption = caption or (f"{', '.join(words[1:4])} by {words[0].lower()}" if len(words) > 1 else words[0])
    html = write_block(write_table(words, [[clean_text(cell) for cell in row] for row in rows], caption, 1, numbers))
    plain = [", ".join(f"{column}: {cell}" for column, cell in zip(table.columns, row, strict=True)) for row in rows]
    return Shown(name, "\n".join([caption, *plain]), html, caption=caption, files={f"{name}.csv": write_csv(table)})


def _say_finding(table: pd.DataFrame, estimates: Estimates) -> str:
    """One finding in words."""
    groups = estimates.groups
    sure = table[table["low"].notna() & table["high"].notna()]
    rows = (table if sure.empty else sure).sort_values("estimate", ascending=False, kind="stable").to_dict("records")
    high, low = rows[0], rows[-1]
    subject = f"{write_entry(high, estimates)}: " if groups else ""

    def name(row: Row) -> str:
        return write_group(row, groups, estimates.labels) if groups else write_entry(row, estimates)

    if len(rows) == 1:
        where = name(high)
        return f"{subject}{where}{':' if where else ''} {write_estimate(high, estimates)}."
    said = f"{subject}highest for {name(high)} with {write_estimate(high, estimates)}, "
    said += f"lowest for {name(low)} with {write_estimate(low, estimates)}."
    if high["estimate"] == low["estimate"]:
        said = f"{subject}the same in all {len(rows)}: {write_estimate(high, estimates)}."
    elif not sure.empty:
        apart = high["low"] > low["high"]
        said += " Their intervals do not overlap." if apart else " Their intervals overlap: which is higher is not certain."
    left = len(table) - len(rows)
    return said + (f" {write_count(left, 'row')} without an interval left out." if left else "")
