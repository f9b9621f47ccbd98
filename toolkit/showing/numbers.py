"""Numbers as tables and sentences, each leading to what it counts."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.coding.agreement import POOR
from toolkit.counting.counts import PERIODS
from toolkit.errors import CodebookError, TableError, name_choices
from toolkit.estimating import Estimates, Listing
from toolkit.estimating.comparing import compare_pair
from toolkit.estimating.estimates import UNITS
from toolkit.markup import clean_text, name_ids, read_templates, write_block, write_count, write_csv, write_frame, write_rows, write_slug
from toolkit.showing.display import Shown
from toolkit.showing.evidence import Evidence, find_evidence, write_anchor
from toolkit.showing.wording import Row, find_damaged, keep_others, word_finding, word_numbers, write_basis, write_data, write_group
from toolkit.tables import check_record, read_limits

MOST_SENTENCES, MOST_MOVES, LEAST, BROAD, WIDE, HEAVIEST, NOTHING = read_limits("numbers", "showing")


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
    """State in a sentence where a number is highest, how many times that of another group it is, and which groups may be as high.

    The highest is compared with a group whose interval lies below its own: the one for which the lower bound of the ratio is highest.
    Numbers with fewer than ten mentions, or with an interval from nearly zero, are left out of this. The ratio has its interval; if that is
    wide, only its lower bound is given (*at least 2.8 times*). A sentence says so if one article holds more than a quarter of a rate.

    Args:
        estimates: Estimates. Rows without an interval are not the highest or lowest where two rows of their entry have one.
        entry: The entry; if empty, the five entries with the highest numbers.

    Returns:
        One sentence for each entry; with a single group, one for all entries. Each number opens its sentences. Entries on which coders
        agree too little are not ranked.

    Raises:
        TableError: When there is nothing to show.
        CodebookError: When the table has no such entry.

    Source: numbers whose intervals overlap may still differ (Schenker and Gentleman 2001); only clear differences are stated. Ratios as in
        `compare_groups`.

    Example:
        >>> from toolkit import estimate_shares, find_mentions, find_names, read_corpus
        >>> print(show_finding(estimate_shares(find_names(find_mentions(read_corpus("ukraine-korea"), "actors")), by="")))
        The codebook actors covers 100.0% of the names (no interval).
    """
    check_record(estimates, Estimates, "show_finding")
    estimates = keep_others(estimates, "show_finding")
    name, known = f"finding-{estimates.name}", word_numbers(estimates.known, estimates)
    if entry and entry not in set(estimates.table["entry"]):
        raise CodebookError(f"show_finding: no entry '{entry}' in the table. {name_choices(entry, set(estimates.table['entry']))}")
    known = known[known["entry"] == entry] if entry else known
    if known.empty:
        return Shown(name, NOTHING, write_block(f"<p>{NOTHING}</p>"))
    known = known.assign(anchor=[write_anchor(estimates.name, row, [*estimates.groups, "entry"]) for row in known.to_dict("records")])
    best = known.groupby("entry", sort=False)["estimate"].max().sort_values(ascending=False, kind="stable").index[:MOST_SENTENCES]
    tables = [known[known["entry"] == one] for one in best]
    evidence, plain, html = find_evidence(estimates), list[str](), list[str]()
    for told in _list_findings(tables, estimates, evidence, known["entry"].nunique() - len(best)):
        plain.append(word_finding(estimates, **told, link=lambda row: row["number"], text=str))
        html.append(word_finding(estimates, **told, link=lambda row: f'<a href="#{row["anchor"]}">{row["number"]}</a>', text=clean_text))
    linked = [row for row in known.to_dict("records") if f'"#{row["anchor"]}"' in "".join(html)]
    behind = {row["anchor"]: _write_behind(evidence, estimates, row, row["anchor"], 5)[0] for row in linked}
    return Shown(name, "\n".join(plain), _fill("finding", lines=html, behind=behind))


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
    named = " and ".join(group for group in groups if group not in unit and group != "against")
    title = f"{unit[:1].upper()}{unit[1:]}{', by ' if named else ''}{named} ({estimates.codebook})"
    table = write_frame(pd.DataFrame(lines), title, len(keys), {"estimate": unit, "interval": ""}, links)
    files = write_data(estimates, name.removeprefix("numbers-")) | evidence.write_file(np.concatenate(used), estimates.codebook)
    html = _fill("numbers", title=title, table=table, notes=notes, basis=write_basis(estimates), folds=folds)
    return Shown(name, "\n".join([title, *plain]), html, caption=title, files=files)


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
            plain.append(f"{label}: {write_count(len(rows), 'pattern')}, {write_count(int(rows['n_mentions'].sum()), 'mention')}")
        anchor = write_anchor(name, {"entry": entry}, ["entry"]) if entry else ""
        parts.append({"anchor": anchor, "head": plain[-1] if entry else "", "table": made, "samples": samples, "links": links})
    files, html = {f"{name}.csv": write_csv(listing.table)}, _fill("listing", parts=parts)
    return Shown(name, "\n".join([repr(listing), *plain]), html, caption=listing.title, files=files)


def _choose_moves(changes: pd.DataFrame) -> pd.DataFrame:
    """The rates that move most, whichever way; of a dropped pattern the outlet that moves most, where ten mentions are behind it."""
    moved = changes[changes["n_before"] != changes["n_after"]]
    size = moved["change"].abs().fillna(float("inf"))
    moved = moved.assign(size=size).sort_values(["size", "n_before", "outlet", "entry"], ascending=[False, False, True, True])
    is_dropped = bool((moved["pattern"] != "").any())
    moved = moved[moved["n_before"] + moved["n_after"] >= LEAST] if is_dropped else moved
    return moved.drop_duplicates(["entry", "pattern"] if is_dropped else ["entry", "outlet"]).head(MOST_MOVES)


def _show_table(table: pd.DataFrame, name: str, caption: str) -> Shown:
    """Any small table, everything in it escaped; the first column heads its rows."""
    named = name_ids(table.rename(columns=table.attrs.get("outlet", {})), table.attrs)
    words, rows = write_rows(named)
    caption = caption or (f"{', '.join(words[1:4])} by {words[0].lower()}" if len(words) > 1 else words[0])
    plain = [", ".join(f"{column}: {cell}" for column, cell in zip(named.columns, row, strict=True)) for row in rows]
    html = write_block(write_frame(named, caption))
    return Shown(name, "\n".join([caption, *plain]), html, caption=caption, files={f"{name}.csv": write_csv(table)})


def _list_findings(tables: Sequence[pd.DataFrame], estimates: Estimates, evidence: Evidence, n_more: int) -> Iterator[dict[str, Any]]:
    """What is to be said, a sentence or two each: of each entry, or of all at once where there is one group; and what was left out."""
    whole, groups, rest = pd.concat(tables), estimates.groups, {"damaged": list[str](), "n_left": 0, "n_more": 0}
    ordered = whole.sort_values("estimate", ascending=False, kind="stable")
    if groups == ["score"]:
        yield from ({"form": "accuracy", "rows": table.set_index("score", drop=False).to_dict("index")} for table in tables)
    elif estimates.measure.name == "robustness":
        above, below = whole["low"] > 1, whole["high"] < 1
        is_sure, side = (above, "above") if above.sum() >= below.sum() else (below, "below")
        yield {"form": "ways", "rows": ordered.to_dict("records"), "side": side, "unsure": list(whole.loc[~is_sure, "where"])}
    elif not groups or len(whole[groups].drop_duplicates()) == 1:
        yield {"form": "list", "rows": ordered.to_dict("records")}
    else:
        ranked, damaged = [_rank(table, estimates) for table in tables], find_damaged(estimates)
        told = [_tell_highest(table, estimates, evidence) for table in ranked]
        told[0]["damaged"] = damaged  # said once
        yield from (one for one in told if one["form"] == "rank")
        alike = {form: [one["rows"][0] for one in told if one["form"] == form] for form in ("unclear", "few", "poor")}
        yield from ({"form": form, "rows": tops} for form, tops in alike.items() if tops)
        left = whole.drop(pd.concat(ranked).index)
        names = left.loc[left["outlet"].isin(damaged), "where"] if damaged else left["where"].head(0)
        rest |= {"damaged": sorted(names.unique()), "n_left": len(left) - len(names), "n_more": n_more}
    if any(rest.values()):
        yield {"form": "rest", "rows": [], **rest}


def _tell_highest(table: pd.DataFrame, estimates: Estimates, evidence: Evidence) -> dict[str, Any]:
    """Which group has the highest number of an entry, how many times that of another it surely is, and which it is not surely above.

    Of the groups that are surely below it, that is named which it exceeds by most at least: not one with few mentions or a wide interval.
    """
    table = table.sort_values("estimate", ascending=False, kind="stable", ignore_index=True)
    rows, is_below = table.to_dict("records"), table["high"] < table["low"].iloc[0]
    fit = table.index[is_below & (table["n_mentions"] >= LEAST) & (table["high"] < BROAD * table["low"])]
    apart = estimates.groups in [[one] for one in ("outlet", *PERIODS)]  # else the same articles are behind both
    ratios = [(rows[at], compare_pair(table, 0, at, level=estimates.level)) for at in fit if apart]
    told = dict(zip(("pair", "ratio"), max(ratios, key=lambda one: one[1][1], default=(None, None)), strict=True))
    places = evidence.article[evidence.find(rows[0], estimates.groups)]
    share = np.unique(places, return_counts=True)[1].max(initial=0) / max(1, len(places))
    forms = {"poor": rows[0]["note"].startswith(POOR), "few": "n_coded" in table and np.isnan(rows[0]["low"])}
    forms["unclear"] = apart and len(rows) > 1 and rows[0]["low"] > 0 and table["low"].notna().all() and not is_below.any()
    form = next((form for form, holds in forms.items() if holds), "rank")
    told |= {"wide": WIDE, "unclear": [row for row, below in zip(rows[1:], is_below[1:], strict=True) if not below]}
    return {"form": form, "rows": rows, "share": share * (share > HEAVIEST and not estimates.measure.part), **told}


def _rank(table: pd.DataFrame, estimates: Estimates) -> pd.DataFrame:
    """Keep the rows that may be ranked: not those in doubt; nor those without an interval, where two have one."""
    doubtful = estimates.is_mixed.reindex(table.index).eq(True) | table.get("outlet", table["entry"]).isin(find_damaged(estimates))
    table = table if doubtful.all() else table[~doubtful]
    sure = table[table["low"].notna() & table["high"].notna()]
    return sure if len(sure) > 1 else table
