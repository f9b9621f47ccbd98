"""Numbers as tables and sentences, each leading to what it counts."""

import math

import numpy as np
import pandas as pd

from toolkit.counting.counts import PERIODS
from toolkit.errors import CodebookError, TableError, name_choices
from toolkit.estimating import Estimates, Listing
from toolkit.estimating.corrections import POOR
from toolkit.estimating.listings import UNITS
from toolkit.markup import (
    clean_text,
    name_ids,
    read_templates,
    write_block,
    write_count,
    write_csv,
    write_frame,
    write_number,
    write_rows,
    write_slug,
)
from toolkit.showing.display import Shown
from toolkit.showing.evidence import Evidence, find_evidence, write_anchor
from toolkit.showing.wording import Row, find_damaged, keep_others, word_numbers, write_basis, write_data, write_group
from toolkit.tables import check_record, read_limits

MOST_SENTENCES, MOST_MOVES = read_limits("numbers", "showing")
NOTHING = "No numbers: nothing of the kind was found."

_Piece = tuple[str, Row]  # of a sentence: its text, and if it is a number, the row that it is from
_WORDS: Row = {}  # the row of a piece that is no number


def show_numbers(table: Estimates | Listing | pd.DataFrame, *, most: int = 5, name: str = "", caption: str = "") -> Shown:
    """Show the numbers as a table in which each number opens the sentences that it counts.

    Args:
        table: Estimates; a listing (of an audit, of changes, of suggestions); or any small table, such as `count_articles` gives.
        most: Maximum number of sentences shown for each number, sampled with the corpus's seed.
        name: Of the table and its files; made from the table if empty.
        caption: Of a small table.

    Returns:
        The folded table, the sentences below it, and their data.

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
    """State in one sentence where a number is highest and lowest, and whether their intervals overlap.

    The ratio is stated conservatively. If the interval of the lower number is wide, the lower bound of the higher number is divided by the
    upper bound of the lower one (*at least 2.8 times*).

    Args:
        estimates: Estimates. Rows without an interval cannot be the highest or lowest unless no row has one.
        entry: The entry; if empty, the five entries with the highest numbers.

    Returns:
        One sentence for each entry, or without groups one comparison between the entries. Each number opens its sentences.

    Raises:
        TableError: When there is nothing to show.
        CodebookError: When the table has no such entry.

    Source: numbers whose intervals overlap may still differ (Schenker and Gentleman 2001); only clear differences are stated.

    Example:
        >>> from toolkit import estimate_shares, find_mentions, find_names, read_corpus
        >>> print(show_finding(estimate_shares(find_names(find_mentions(read_corpus("ukraine-korea"), "actors")), by="")))
        Covered by actors: 100.0% of names (no interval).
    """
    check_record(estimates, Estimates, "show_finding")
    estimates = keep_others(estimates, "show_finding")
    name, known = f"finding-{estimates.name}", word_numbers(estimates.known, estimates)
    if entry and entry not in set(estimates.table["entry"]):
        raise CodebookError(f"show_finding: no entry '{entry}' in the table. {name_choices(entry, set(estimates.table['entry']))}")
    known = known[known["entry"] == entry] if entry else known
    if known.empty:
        return Shown(name, NOTHING, write_block(f"<p>{NOTHING}</p>"))
    best = known.groupby("entry", sort=False)["estimate"].max().sort_values(ascending=False, kind="stable").index[:MOST_SENTENCES]
    tables = [known[known["entry"] == one] for one in best] if estimates.groups else [known]
    ranked = tables if estimates.measure.name == "robustness" else [_rank(table, estimates) for table in tables]
    said = [_say_finding(table, estimates) for table in ranked]
    if left := sum(map(len, tables)) - sum(map(len, ranked)):
        said.append([(f"Not ranked: {write_count(left, 'number')} with damaged quotation marks, missing outlets or no interval.", _WORDS)])
    if estimates.groups and known["entry"].nunique() > len(best):
        said.append([(f"The other {write_count(known['entry'].nunique() - len(best), 'entry')} are in the table of numbers.", _WORDS)])
    said = [[(text[:1].upper() + text[1:], row), *pieces] for (text, row), *pieces in said]
    keys, evidence = [*estimates.groups, "entry"], find_evidence(estimates)
    lines = [[(text, row, write_anchor(estimates.name, row, keys) if row else "") for text, row in pieces] for pieces in said]
    behind = {anchor: _write_behind(evidence, estimates, row, anchor, 5)[0] for pieces in lines for _, row, anchor in pieces if row}
    text = "\n".join("".join(text for text, _ in pieces) for pieces in said)
    return Shown(name, text, _fill("finding", lines=lines, behind=behind))


def _show_estimates(estimates: Estimates, name: str, most: int) -> Shown:
    """Estimates as a table, with evidence by entry, folded up."""
    if estimates.table.empty:
        return Shown(name, NOTHING, write_block(f"<p>{NOTHING}</p>"))
    groups, unit, thing = estimates.groups, estimates.measure.unit, estimates.measure.counted
    keys, counted = [*groups, "entry"], "mention" if thing == "article" else thing
    counted = "together" if estimates.is_compared else f"{counted}s"
    notes = {note: f" ({chr(97 + at)})" for at, note in enumerate(sorted(set(estimates.table["note"]) - {""}))}
    evidence, lines, plain, links, used, folds = find_evidence(estimates), [], [], [], [], dict[str, dict[str, str]]()
    for row in word_numbers(estimates.table, estimates).to_dict("records"):
        names = [*(write_group(row, [group], estimates.names) for group in groups), row["who"]]
        shown = {"estimate": row["estimate"], "interval": row["interval"] + notes.get(row["note"], "")}
        shown |= {counted: row["n_mentions"], "articles": row["n_articles"]}
        lines.append(dict(zip(keys, names, strict=True)) | shown | ({"expected": row["expected"]} if estimates.is_compared else {}))
        plain.append(f"{', '.join(names)}: {row['number']} ({row['interval']})")
        links.append(write_anchor(name.removeprefix("numbers-"), row, keys))
        sentences, found = _write_behind(evidence, estimates, row, links[-1], most)
        used.append(found)
        folds.setdefault(names[-1], {})[links[-1]] = sentences
    title = f"{unit[:1].upper()}{unit[1:]}{' by ' if groups else ''}{' and '.join(groups)} ({estimates.codebook})"
    table = write_frame(pd.DataFrame(lines), title, len(keys), {"estimate": unit, "interval": ""}, links)
    files = write_data(estimates, name.removeprefix("numbers-")) | evidence.write_file(np.concatenate(used), estimates.codebook)
    html = _fill("numbers", title=title, table=table, notes=notes, basis=write_basis(estimates), folds=folds)
    return Shown(name, "\n".join([title, *plain]), html, caption=title, files=files)


def _say_robustness(table: pd.DataFrame, unit: str) -> str:
    """In how many ways of counting a conclusion stands, and in which it does not."""
    above, below = table["low"] > 1, table["high"] < 1
    stands = above if above.sum() >= below.sum() else below
    fails = [str(way) for way in table.loc[~stands, "where"]]
    first, last = (write_number(value) for value in (table["estimate"].min(), table["estimate"].max()))
    counted = f"In {int(stands.sum())} of {len(table)} ways of counting the whole interval lies {'above' if stands is above else 'below'} 1"
    end = "; not in: " + "; ".join(fails) if fails else ", so the conclusion stands"
    return f"{table['who'].iloc[0]}: {first} to {last} {unit}. {counted}{end}."


def _write_behind(evidence: Evidence, estimates: Estimates, row: Row, anchor: str, most: int) -> tuple[str, np.ndarray]:
    """Write the sentences behind a number, and find its places; the number is held to them: what is counted is what opens."""
    groups, unit = estimates.groups, estimates.measure.unit.removeprefix("share ")
    rows = evidence.find(row, groups)
    if int(row["n_mentions"]) not in (len(rows), evidence.count(rows, "sentence"), evidence.count(rows, "article")):
        said = f"the number counts {row['n_mentions']}, but {len(rows)} places are behind it. Estimate it again."
        raise TableError(f"show_numbers: {write_group(row, [*groups, 'entry'], {})}: {said}")
    said = f"{', '.join(filter(None, (row['who'], row['where'])))}: {row['number']} {unit} ({row['interval']})."
    return _write_sentences(evidence, rows, row, (anchor, said, estimates.measure.counted), most), rows


def _write_sentences(evidence: Evidence, rows: np.ndarray, row: Row, head: tuple[str, str, str], most: int) -> str:
    """The sentences that a number opens, under a head: its id, its words, and what is counted, with how many are shown."""
    (anchor, said, thing), shown = head, evidence.draw(rows, most)
    told = {"anchor": anchor, "said": said, "thing": thing, "n": evidence.count(rows, thing), "n_shown": len(shown), "row": row}
    return _fill("behind", items=evidence.write_items(shown, rows, row), **told)


def _fill(name: str, **told: object) -> str:
    """Fill a template of data/."""
    return str(read_templates("showing", text=clean_text, count=write_count, block=write_block).get_template(f"{name}.html").render(told))


def _show_listing(listing: Listing, name: str, most: int) -> Shown:
    """A listing as a table, with evidence: an audit one for each entry; of changes, those that move most."""
    evidence, table, parts, plain = find_evidence(listing), listing.table, list[dict[str, object]](), list[str]()
    if listing.name == "changes":
        table = _choose_moves(table)
    if listing.name == "audit":
        table = table.sort_values(["n_mentions", "pattern"], ascending=[False, True], kind="stable")
    columns = [column for column in listing.columns if column != "via" or table["via"].nunique() > 1]  # of actors alone
    n_heads = columns.index(listing.number)
    for entry in table.loc[table["n_mentions"] > 0, "entry"].unique() if listing.name == "audit" else [""]:
        rows, links, samples = table[table["entry"] == entry] if entry else table, [], ""
        for row in rows.to_dict("records"):
            found = evidence.find(row, listing.keys)
            links.append(write_anchor(name, row, listing.keys) if len(found) else "")
            if len(found):
                said = f"{', '.join(row[column] for column in columns[:n_heads])}:"
                samples += _write_sentences(evidence, found, row, (links[-1], said, "sentence"), most)
        label = listing.labels.get("entry", {}).get(entry, entry)
        title = f"{listing.title}: {label}" if entry else listing.title
        made = write_frame(name_ids(rows[columns], listing.names), title, n_heads, UNITS, links)
        if entry:
            plain.append(f"{label}: {write_count(len(rows), 'row')}, {write_count(int(rows['n_mentions'].sum()), 'mention')}")
        anchor = write_anchor(name, {"entry": entry}, ["entry"]) if entry else ""
        parts.append({"anchor": anchor, "head": plain[-1] if entry else "Sentences", "table": made, "samples": samples, "links": links})
    files, html = {f"{name}.csv": write_csv(listing.table)}, _fill("listing", parts=parts)
    return Shown(name, "\n".join([repr(listing), *plain]), html, caption=listing.title, files=files)


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
    named = name_ids(table.rename(columns=table.attrs.get("outlet", {})), table.attrs)
    words, rows = write_rows(named)
    caption = caption or (f"{', '.join(words[1:4])} by {words[0].lower()}" if len(words) > 1 else words[0])
    plain = [", ".join(f"{column}: {cell}" for column, cell in zip(named.columns, row, strict=True)) for row in rows]
    html = write_block(write_frame(named, caption))
    return Shown(name, "\n".join([caption, *plain]), html, caption=caption, files={f"{name}.csv": write_csv(table)})


def _say_finding(table: pd.DataFrame, estimates: Estimates) -> list[_Piece]:
    """One finding in words, in pieces; those that are numbers come with their rows."""
    if estimates.measure.name == "robustness":
        return [(_say_robustness(table, estimates.measure.unit), _WORDS)]
    rows = table.sort_values("estimate", ascending=False, kind="stable").to_dict("records")
    high, low, unit = rows[0], rows[-1], estimates.measure.unit.removeprefix("share ")
    poor = f" ({POOR})" if high["note"].startswith(POOR) else ""
    subject, level = f"{high['who']}{poor}: " if estimates.groups else "", write_number(estimates.level * 100).removesuffix(".0")
    named, link = "where" if estimates.groups else "who", "in" if {"outlet", *PERIODS}.issuperset(estimates.groups or "-") else "for"

    def say(row: Row, before: str, unit: str, after: str) -> list[_Piece]:
        interval = row["interval"] if row["interval"] == "no interval" else f"{level}% interval {row['interval']}"
        return [(before, _WORDS), (row["number"], row), (f"{unit and f' {unit}'} ({interval}){after}", _WORDS)]

    most, least = f"highest {link} {high[named]}, at ", f"{link} {low[named]}, at "
    if len(rows) == 1 or high["estimate"] == low["estimate"]:
        same = f"the same in all {len(rows)}: " if len(rows) > 1 else f"{high[named]}: " if high[named] else ""
        said = say(high, subject + same, unit, ".")
    elif high["low"] > low["high"]:
        is_sure = 0 < low["high"] < 2 * low["low"]  # else what it is divided by may as well be half as high
        ratio = f"{write_number(high['estimate'] / low['estimate'])} times that" if is_sure else "lowest"
        ratio = ratio if is_sure or high["low"] < 1.1 * low["high"] else f"at least {write_number(high['low'] / low['high'])} times that"
        said = [*say(high, subject + most, unit, f", {ratio} {least}"), *say(low, "", "", ".")]
    else:
        doubt = "" if math.isnan(high["low"]) else "no certain difference; "
        said = [*say(high, f"{subject}{doubt}{most}", unit, f", lowest {least}"), *say(low, "", "", ".")]
    return said


def _rank(table: pd.DataFrame, estimates: Estimates) -> pd.DataFrame:
    """Keep the rows that may be ranked: not those in doubt or without an interval, unless all are."""
    doubtful = estimates.is_mixed.reindex(table.index).eq(True)
    if "outlet" in estimates.groups:
        doubtful |= table["outlet"].isin(find_damaged(estimates))
    table = table if doubtful.all() else table[~doubtful]
    sure = table[table["low"].notna() & table["high"].notna()]
    return table if sure.empty else sure
