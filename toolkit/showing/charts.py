"""Charts that read on a phone: one call each, nothing by colour alone, words and data computed from the same rows."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import pairwise, product
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from toolkit.counting.counts import PERIODS, list_periods, name_periods
from toolkit.errors import TableError, name_choices
from toolkit.estimating import Estimates, Listing
from toolkit.markup import clean_text, is_share, name_ids, write_count, write_csv, write_slug
from toolkit.showing import wording
from toolkit.showing.display import Shown
from toolkit.showing.evidence import write_anchor
from toolkit.showing.wording import find_damaged, keep_others, word_numbers, write_data, write_extremes, write_group, write_period
from toolkit.tables import check_record, read_limits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    _Drawn = tuple[Axes, pd.Index, Sequence[float], Sequence[float]]  # a panel, and of its points the rows, and where they are on its axes
_Of = TypeVar("_Of")
_Spots = list[tuple[int, tuple[float, float]]]  # of rows of a table: where each is in a picture, in per cent of its width and height
_Cells = dict[tuple[str, str], tuple[float, float]]  # the same by row and column
WIDTH, MOST_WEEKS, COLOURS, MOST_ACROSS, MOST_PANELS, HIGHEST, HEAVY, *_SAID = read_limits("charts", "showing")
TOO_FEW, BLUE, PALE, GREY = _SAID
STYLE = Path(__file__).parent / "data" / "framebook.mplstyle"


def draw(table: Estimates | Listing | pd.DataFrame, how: str = "", *, name: str = "", events: Sequence[str] = ()) -> Shown:
    """Draw a chart of a table: a heat map for pairs, lines for periods, dots for everything else.

    In charts of sources or voices, a † marks outlets whose quotation marks were damaged before the texts were read.

    Args:
        table: Estimates; the listing of an audit, of keyness or of collocates; or a table that `count_articles` gives.
        how: `dots`, `lines` or `cells`, to override the choice.
        name: Name of the chart and its files; derived from the table if empty.
        events: Over periods: days with what happened, such as `"2017-02-13 Kim Jong-nam is killed"`, drawn as dashed lines with a letter.
            An event beside a line is not its cause.

    Returns:
        The chart with its caption, alternative text and data.

    Raises:
        TableError: When the table is empty, `how` does not fit it, or an event does not begin with a day.

    Source: Cleveland and McGill 1984 (position on a common scale). Shades are hard to read, so each cell shows its number.

    Example:
        >>> from toolkit import estimate_rates, find_mentions, read_corpus
        >>> print(draw(estimate_rates(find_mentions(read_corpus("ukraine-korea"), "actors", ["UKR", "FRA"]), by="")).alt)
        Dot chart of mentions per 1,000 words: Ukraine, France.
        Highest: Ukraine, 33.1 (no interval); lowest: France, 2.76 (no interval).
    """
    if isinstance(table, Listing):
        return (_draw_terms if "log_ratio" in table.table else _draw_audit)(table, name)
    if isinstance(table, pd.DataFrame):
        return _draw_articles(table, name)
    check_record(table, Estimates, "draw")
    forms: dict[str, Callable[..., Shown]] = {"cells": _draw_cells, "lines": partial(_draw_lines, events=events), "dots": _draw_dots}
    if how and how not in forms:
        raise TableError(f"how={how!r} is not a form of chart. {name_choices(how, list(forms))}")
    table = keep_others(table, "draw")
    if table.known.empty:
        return _draw_nothing(table, name, TOO_FEW)
    form = "cells" if "actor" in table.groups and table.beside is not None else "lines" if set(table.groups) & set(PERIODS) else "dots"
    return forms[how or form](table, name)


def _draw_dots(estimates: Estimates, name: str) -> Shown:
    """Draw dots with their intervals: one row a group, one panel an entry; without groups, the entries are the rows.

    Panels share their axis, so that entries can be compared too. The rows of several panels have the order of the first.
    """
    groups, points = estimates.groups, _find_points(estimates)
    if is_one := points["row"].nunique() == 1 and bool(groups):  # of one group, the entries are the rows
        groups, points = [], points.assign(row=points["panel"])
    full = points.groupby("who")["estimate"].transform("min").eq(100) & is_share(estimates.measure.unit)
    points = points[~full | full.all()].copy()  # what is all there is, everywhere, is so by construction
    if marked := find_damaged(estimates):
        points["row"] = [f"{row}†" if id in marked else row for row, id in zip(points["row"], points["outlet"], strict=True)]
    points, left_out = _keep_highest(points, "panel", MOST_PANELS) if groups else _keep_highest(points, "row")
    points["panel"] = points["panel"] if groups else ""
    order, said = list(points.sort_values("estimate", ascending=False, kind="stable")["row"]), "Sorted by value."
    if set(groups) & set(PERIODS):
        order, said = list(dict.fromkeys(points["row"])), ""
    elif points["panel"].nunique() > 1:
        first = points[points["panel"] == points["panel"].iloc[0]].sort_values("estimate", ascending=False, kind="stable")
        order, said = list(dict.fromkeys([*first["row"], *points["row"]])), "Sorted by value in the first panel."
    own = _has_own_scales(points) and estimates.measure.name != "places"  # parts of one whole: to be compared across panels
    many = estimates.measure.name == "robustness"
    even = float(many or (estimates.measure.name == "compared" and "times" in estimates.measure.unit))  # where one is as high as the others
    png, spots = _paint_dots(points, order, _name_axis(estimates), own=own, line=even, is_log=many)
    told = {"full": full.any() and not full.all(), "even": even, "many": many, "order": said, "own": own, "left_out": left_out}
    told |= {"hollow": points["low"].isna().any() and points["low"].notna().any(), "damaged": marked, "is_one": is_one}
    return _finish(estimates, name, (png, spots), "Dot chart", wording.write_caption("dots", estimates, **told))


def _paint_dots(
    points: pd.DataFrame, order: Sequence[str], axis: str, *, own: bool = False, line: float = 0, is_log: bool = False
) -> tuple[bytes, _Spots]:
    """Paint dots with their intervals, from zero, in rows and panels; a hollow dot where there is no interval.

    Args:
        points: What is drawn: `row` and `estimate`; `panel`, `low` and `high` of what has intervals; `raw` as a hollow diamond; and `text`,
            which is next to the rows of a single panel.
        order: The rows, from the top.
        axis: What the numbers are.
        own: Whether each panel has its own scale.
        line: A number at which a dashed line is drawn; 0 for none.
        is_log: Whether the axis is one of ratios: twice is as far from 1 as half.

    Returns:
        The picture, as PNG, and where each dot is in it.
    """
    points = points if "low" in points else points.assign(panel="", low=points["estimate"], high=points["estimate"])
    panels = list(dict.fromkeys(points["panel"]))
    columns = 2 if len(panels) in (2, 4) else min(3, len(panels))
    lines, most = -(-len(panels) // columns), (44, 17, 13)[columns - 1]  # letters of a line of a panel's title
    texts = [wrap_label(" ".join(points.loc[points["row"] == row, "text"]), 18) if len(panels) == 1 else "" for row in order]
    labels = [wrap_label(row, 26 if columns == 1 and max(map(len, texts)) < 9 else 19) for row in order]
    high = [1 + max(label.count("\n"), text.count("\n")) for label, text in zip(labels, texts, strict=True)]
    # no label on the next
    height = max([sum(0.1 + 0.15 * n for n in high), *(0.11 * (above + below) * len(high) for above, below in pairwise(high))])
    title = max(0.25 + 0.2 * wrap_label(panel, most).count("\n") for panel in panels)
    drawn_at: list[_Drawn] = []
    with _painting(lines * (height + title + (0.25 if own else 0)) + 0.7) as (figure, png):
        grid = figure.subplots(lines, columns, sharex=not own, sharey=True, squeeze=False)
        for axes, panel in zip(grid.flat, panels, strict=False):
            here = points[points["panel"] == panel]
            places = [order.index(row) for row in here["row"]]
            drawn_at.append((axes, here.index, here["estimate"], places))
            axes.hlines(places, here["low"], here["high"], color=BLUE, linewidth=2.2)
            filled = ["white" if missing else BLUE for missing in here["low"].isna()]
            axes.scatter(here["estimate"], places, s=42, c=filled, edgecolors=BLUE, linewidths=1.5, zorder=3, clip_on=False)
            if "raw" in here:
                axes.scatter(here["raw"], [place + 0.2 for place in places], s=26, c="white", marker="D", edgecolors=GREY, zorder=2)
            left, right = _find_limits(here if own else points)
            axes.set_xlim(left, max(right, 1.06 * line))
            if is_log:
                seen = here[["estimate", "low", "high"]].where(lambda values: values > 0).stack()
                axes.set_xscale("log", base=2)
                axes.set_xlim(min(seen.min(), line) / 1.2, max(seen.max(), line) * 1.2)
                axes.xaxis.set_major_formatter("{x:g}")
            axes.set_title(wrap_label(panel, most))
            if line:
                axes.axvline(line, color=GREY, linestyle="--", linewidth=1.2)
        for axes in grid.flat[len(panels) :]:
            axes.set_axis_off()
        for axes in grid.flat[max(0, len(panels) - columns) : len(panels)]:
            axes.xaxis.set_tick_params(labelbottom=True)
        first: Axes = grid.flat[0]
        first.set_ylim(len(order) - 0.4, -0.6)
        first.set_yticks(range(len(order)), labels)
        for place, text in enumerate(texts):
            first.text(1.03, place, text, transform=first.get_yaxis_transform(), va="center", fontsize=11)
        figure.supxlabel(axis, fontsize=11.5)
    return png.getvalue(), [spot for panel in drawn_at for spot in _locate(*panel)]


def _draw_lines(estimates: Estimates, name: str, events: Sequence[str] = ()) -> Shown:
    """Draw a line over periods in the band of its intervals, one panel an entry: bands on top of one another cannot be distinguished.

    The line breaks where a period has no article: nothing is drawn over what is not known. It begins and ends with the first and last
    period that has an interval; articles without a date are not in it.
    """
    by = next((group for group in estimates.groups if group in PERIODS), "")
    if not by:
        raise TableError(f"draw: lines need a period. Estimate with one of by={', '.join(map(repr, PERIODS))}.")
    known = estimates.known.assign(mixed=estimates.is_mixed)
    known = known[known[by] != "unknown"]
    if known.empty:
        return _draw_nothing(estimates, name, "No article has a date: there is nothing to draw over time.")
    n_known, sure = known[by].nunique(), known.loc[known["low"].notna(), by]
    if not sure.empty:
        known = known[known[by].between(sure.min(), sure.max())]
    drawn, edges = replace(estimates, table=known), n_known - known[by].nunique()
    points, left_out = _keep_highest(_find_points(drawn, period=by), "panel")
    panels, periods, own = list(dict.fromkeys(points["panel"])), list_periods(known[by], by), _has_own_scales(points)
    marks, said = _find_events(events, by, periods)
    drawn_at: list[_Drawn] = []
    with _painting((2.2 if len(panels) == 1 else 1.45) * len(panels) + 0.7) as (figure, png):
        grid = figure.subplots(len(panels), 1, sharex=True, squeeze=False)
        for axes, panel in zip(grid.flat, panels, strict=True):
            here = points[points["panel"] == panel]
            line, places = here.set_index(by).reindex(periods), range(len(periods))
            alone = line["mixed"].eq(True)
            axes.fill_between(places, line["low"], line["high"], where=~alone, color=PALE, linewidth=0)
            axes.plot(places, line["estimate"].mask(alone), color=BLUE, linewidth=1.8, marker="o", markersize=4)
            axes.scatter(places, line["estimate"].where(alone), s=18, c="white", edgecolors=BLUE, zorder=3)
            for letter, place in marks.items():
                axes.axvline(place, color=GREY, linestyle="--", linewidth=1)
                axes.text(place, 1, letter, transform=axes.get_xaxis_transform(), fontsize=11, va="top", backgroundcolor="white")
            axes.set_title(wrap_label(panel, 44))
            axes.grid(axis="x", visible=False)
            axes.set_ylim(_find_limits(here if own else points))
            drawn_at.append((axes, here.index, [periods.index(period) for period in here[by]], here["estimate"]))
        _set_period_ticks(grid.flat[-1], [write_period(period) for period in periods])
        figure.supylabel(wrap_label(_name_axis(estimates), 26 if len(panels) == 1 else 40), fontsize=11.5)
    told = {"by": by, "n": len(periods), "n_empty": len(set(periods) - set(known[by])), "n_edges": edges, "own": own, "left_out": left_out}
    told |= {"events": said, "bare": known["low"].isna().any(), "n_mixed": known.loc[known["mixed"], by].nunique()}
    spots = [spot for panel in drawn_at for spot in _locate(*panel)]
    return _finish(estimates, name, (png.getvalue(), spots), "Line chart", wording.write_caption("lines", drawn, **told))


def _find_events(events: Sequence[str], by: str, periods: Sequence[str]) -> tuple[dict[str, int], str]:
    """Give each event in the periods drawn a letter and its place there, and say what they are."""
    days = pd.to_datetime(pd.Series([event[:10] for event in events], dtype="str"), format="%Y-%m-%d", errors="coerce")
    for event in [event for event, day in zip(events, days, strict=True) if pd.isna(day) or not event[10:].strip()]:
        raise TableError(f"draw: event {event!r} is not a day and what happened. Expected such as '2017-02-13 Kim Jong-nam is killed'.")
    drawn = sorted((period, event) for period, event in zip(name_periods(days, by), events, strict=True) if period in periods)
    marks = {f"{ascii_uppercase[at % 26]}{at // 26 or ''}": periods.index(period) for at, (period, _) in enumerate(drawn)}  # Z, A1
    said = [f"{letter}: {write_period(event[:10])}, {event[10:].strip()}" for letter, (_, event) in zip(marks, drawn, strict=True)]
    said += [f"{len(events) - len(drawn)} more in no {by} that is drawn"] if len(drawn) < len(events) else []
    return marks, f" Dashed lines, in the {by} of: {'; '.join(said)}." if said else ""


def _draw_cells(estimates: Estimates, name: str) -> Shown:
    """Draw a table of numbers as cells, the darker the higher.

    What is compared with chance is drawn in two colours: blue where it is more, orange where it is less, white where chance may be all.
    """
    known, rows, order = estimates.known, " and ".join(estimates.groups), list[str]()
    if estimates.is_mutual:  # a pair is in two cells
        known = pd.concat([known, known.rename(columns={"actor": "entry", "entry": "actor"})])
        order = list(dict.fromkeys(known["actor"]))
        known = known[known["actor"].isin(order[:MOST_ACROSS]) & known["entry"].isin(order[:MOST_ACROSS])]
    points = _find_points(replace(estimates, table=known))
    if not rows or points.duplicated(["row", "panel"]).any():
        raise TableError("draw: cells need two columns, each pair once: an actor or a group, and the entry.")
    points, less_rows = _keep_highest(points, "row")
    points, less_columns = _keep_highest(points, "panel", MOST_ACROSS)
    down = list(dict.fromkeys(points["row"]))
    across = down if estimates.is_mutual else list(dict.fromkeys(points["panel"]))
    shades = points["estimate"]
    if estimates.is_compared:
        shades = np.log2(shades.clip(1 / 8, 8).where((points["low"] > 1) | (points["high"] < 1), 1)) / 6 + 0.5
    cells = points.assign(shade=shades).pivot(index="row", columns="panel", values=["shade", "text"])
    texts = cells["text"].fillna("–").map(lambda text: text.removesuffix("%" if len(across) > 4 else ""))
    table = cells["shade"].astype(float).loc[down, across]
    png, places = draw_cells(table, texts.loc[down, across], _name_axis(estimates), around=estimates.is_compared)
    spots = [(at, places[cell]) for at, cell in zip(points.index, zip(points["row"], points["panel"], strict=True), strict=True)]
    told = {"rows": rows, "n_actors": len(order), "n_across": len(across), "left_out": f"{less_rows}{less_columns}"}
    return _finish(estimates, name, (png, spots), "Heat map", wording.write_caption("cells", estimates, **told))


def draw_cells(table: pd.DataFrame, texts: pd.DataFrame, axis: str, *, around: bool = False) -> tuple[bytes, _Cells]:
    """Draw a table of numbers as cells, the darker the higher, with what is in each and a name for the whole below.

    With `around`, numbers from 0 to 1 are drawn in two colours, white at a half. Returned are the PNG, and where in it each cell is.

    Example:
        >>> table = pd.DataFrame({"a.com": [1.0]}, index=["b.com"])
        >>> draw_cells(table, table.astype(str), "stories")[0][1:4]
        b'PNG'
    """
    across, down = list(table.columns), list(table.index)
    colors = ["#E8935A", "#FFFFFF", "#6FB1DB"] if around else ["#FFFFFF", "#9CC9E3", "#0072B2", "#003F63"]
    top = 1.0 if around else float(table.to_numpy().max(where=table.notna().to_numpy(), initial=0)) or 1.0
    narrow, labels = len(across) > 4, [wrap_label(word, 12 if len(across) > 8 else 18) for word in down]  # 12: beside it, 2500 fits
    height = max(0.5, 0.2 + 0.2 * max((label.count("\n") for label in labels), default=0)) * len(down)
    with _painting(height + (2.0 if narrow else 1.1)) as (figure, png):
        from matplotlib.colors import LinearSegmentedColormap

        shades, axes = LinearSegmentedColormap.from_list("framebook", colors, bad="#F2F2F2"), figure.subplots()
        axes.imshow(table, cmap=shades, vmin=0, vmax=top, aspect="auto")
        for place, value in np.ndenumerate(table.to_numpy(dtype=float)):
            ink, size = _choose_ink(shades(value / top)), 11 if narrow else 12
            axes.text(place[1], place[0], texts.iat[place], ha="center", va="center", color=ink, fontsize=size)
        axes.xaxis.tick_top()
        axes.set_xticks(range(len(across)), [wrap_label(word, 16 if narrow else 13) for word in across], rotation=90 if narrow else 0)
        axes.set_yticks(range(len(down)), labels)
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        axes.set_xlabel(wrap_label(axis, 44))
    return png.getvalue(), dict(_locate(axes, list(product(down, across)), *np.indices(table.shape)[::-1].reshape(2, -1)))


def _draw_articles(table: pd.DataFrame, name: str) -> Shown:
    """Draw what `count_articles` gives: dots for outlets, bars for periods and lengths, cells for weeks of outlets."""
    table = name_ids(table.rename(columns=table.attrs.get("outlet", {})), table.attrs)
    by, others = str(table.columns[0]) if len(table.columns) else "none", [str(column) for column in table.columns[1:]]
    if by == "week" and others and others != ["n_articles", "n_words"]:
        made, png, alt, caption = "articles-by-outlet-and-week", *_draw_weeks(table[table["week"] != "unknown"].set_index("week").T)
    elif others == ["n_articles", "n_words"] and len(table):
        made, png, alt, caption = f"articles-by-{by}", *_draw_numbers(table, by)
    else:
        raise TableError(f"draw: {len(table)} rows of columns {by}, …; expected Estimates, an audit, or a table that count_articles gives.")
    return Shown(name or made, alt, png=png, alt=alt, caption=caption, files={f"{name or made}.csv": write_csv(table)})


def _draw_numbers(table: pd.DataFrame, by: str) -> tuple[bytes, str, str]:
    """Draw numbers of articles: the picture, what it shows, and its caption."""
    labels = [write_group({by: value}, [by], {}) for value in table[by]]
    drawn = pd.DataFrame({"row": labels, "text": table["n_articles"].map("{:,}".format), "estimate": table["n_articles"]})
    if by in (*PERIODS, "length"):
        is_known = table[by] != "unknown"
        kind, drawn = "Bar", drawn.loc[_trim_edges(drawn.loc[is_known | ~is_known.any(), "estimate"]).index]
        with _painting(3.0) as (figure, png):
            axes = figure.subplots()
            axes.bar(range(len(drawn)), drawn["estimate"], color=BLUE, width=0.8 if len(drawn) < 40 else 1.0)
            axes.set_ylabel("articles")
            axes.grid(axis="x", visible=False)
            axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value == int(value) else "")
            _set_period_ticks(axes, [row.split("–")[0].removeprefix("the week of ") for row in drawn["row"]])
            axes.set_xlabel("words in the article" if by == "length" else "")
        picture, order = png.getvalue(), ""
    else:
        rows = drawn.sort_values("estimate", ascending=False, kind="stable")["row"]
        kind, picture, order = "Dot", _paint_dots(drawn, list(rows), "articles")[0], "Sorted by number."
    told = {"by": by, "kind": kind, "n": int(table["n_articles"].sum()), "n_drawn": int(drawn["estimate"].sum()), "order": order}
    told |= {"most": drawn.loc[drawn["estimate"].idxmax()], "fewest": drawn.loc[drawn["estimate"].idxmin()]}
    alt, caption = (wording.fill_words("articles", is_alt=is_alt, **told) for is_alt in (True, False))
    return picture, alt, caption


def _draw_weeks(dated: pd.DataFrame) -> tuple[bytes, str, str]:
    """Draw the articles of each outlet week by week, as cells: where the collection begins, ends and has gaps."""
    drawn = dated[_trim_edges(dated.sum()).index].iloc[:, :MOST_WEEKS]
    counts = drawn.rename(columns=write_period).T
    texts = counts.map(lambda n: format(n, "," if len(drawn) <= 8 else "") if n else "·")  # of many outlets, no comma fits
    png, _ = draw_cells(counts.astype(float), texts, "articles in the week from Monday")
    every = [week for week in drawn.columns if (drawn[week] > 0).all()]
    said = f"All outlets are there from the week of {write_period(every[0])}." if every else "In no week are all outlets there."
    alt = f"Heat map of the articles of {write_count(len(drawn), 'outlet')} in {write_count(drawn.shape[1], 'week')}. {said}"
    return png, alt, wording.fill_words("weeks", said=said, is_trimmed=drawn.shape[1] < dated.shape[1])


def _draw_audit(listing: Listing, name: str) -> Shown:
    """Draw how much of each entry its most frequent pattern makes: an entry that is one word is that word under another name."""
    if listing.name != "audit":
        raise TableError(f"draw: a listing of {listing.name} has no chart. Give show_numbers the listing.")
    ordered = listing.table.sort_values(["share", "pattern"], ascending=[False, True]).drop_duplicates("entry")
    total = ordered["n_mentions"] / ordered["share"]
    known = name_ids(ordered.assign(total=total, estimate=100 * ordered["share"])[total >= 10], listing.labels).reset_index(drop=True)
    # of many entries with a single name, those that are found most often
    largest = known.assign(share=known["share"].clip(upper=HEAVY)).sort_values(["share", "total"], ascending=False, kind="stable")
    points = known.loc[sorted(largest.index[:HIGHEST])].rename(columns={"entry": "row", "pattern": "text"})
    told = {"n": len(known), "n_heavy": int((known["share"] > HEAVY).sum()), "rows": points.to_dict("records"), "heavy": f"{HEAVY:.0%}"}
    rows = list(dict.fromkeys(points["row"]))
    png = _paint_dots(points, rows, "% of the entry's mentions", line=100 * HEAVY)[0] if rows else _paint_nothing(TOO_FEW)
    alt, caption = (wording.fill_words("audit", is_alt=is_alt, **told) for is_alt in (True, False))
    name = name or write_slug("audit", "chart", listing.codebook)
    return Shown(name, alt, png=png, alt=alt, caption=caption, files={f"{name}.csv": write_csv(listing.table)})


def _draw_terms(listing: Listing, name: str) -> Shown:
    """Draw how many times as frequent the surest terms of the first group or actor are there as elsewhere."""
    known = name_ids(listing.table, listing.names)
    points = known[known["where"].eq(known["where"].iloc[0] if len(known) else "")].head(HIGHEST)
    points = points.assign(row=points["term"], text=points["n_mentions"].map("{:,}".format), estimate=2 ** points["log_ratio"])
    rows = list(points["row"])
    png = _paint_dots(points, rows, "times as frequent", line=1, is_log=True)[0] if rows else _paint_nothing(TOO_FEW)
    told = {"title": listing.title, "rows": points.to_dict("records"), "nothing": TOO_FEW}
    alt, caption = (wording.fill_words("terms", is_alt=is_alt, **told) for is_alt in (True, False))
    return Shown(name or f"{write_slug(listing.name)}-chart", alt, png=png, alt=alt, caption=caption)


def wrap_label(text: str, width: int) -> str:
    r"""Break a long label into lines, at spaces if there are any, else after dots and hyphens, else anywhere.

    Example:
        >>> wrap_label("europe.chinadaily.com.cn", 18), wrap_label("War journalism", 10)
        ('europe.chinadaily.\ncom.cn', 'War\njournalism')
    """
    pieces = text if " " in text else text.replace(".", ". ").replace("-", "- ")
    lines = textwrap.wrap(pieces, width + (" " not in text), break_on_hyphens=False)
    return "\n".join(line if " " in text else line.replace(" ", "") for line in lines)


def _draw_nothing(estimates: Estimates, name: str, said: str) -> Shown:
    """A chart that says why there is none: a page does not end because a corpus is small."""
    return Shown(name or estimates.name, said, png=_paint_nothing(said), alt=said, caption=said, files=write_data(estimates, name))


def _paint_nothing(said: str) -> bytes:
    """The picture of a chart that says why there is none."""
    with _painting(0.6) as (figure, png):
        figure.text(0.02, 0.5, said, va="center", fontsize=12)
    return png.getvalue()


def _find_points(estimates: Estimates, period: str = "") -> pd.DataFrame:
    """What is drawn: panel, row, and the numbers in the unit of the axis, each also as text."""
    unit, groups = estimates.measure.unit, [group for group in estimates.groups if group != period]
    words = word_numbers(estimates.known, estimates, groups)
    panels = [", ".join(filter(None, pair)) for pair in zip(words["who"], words["where"], strict=True)] if period else words["who"]
    numbers = {name: words[name] * (100 if is_share(unit) else 1) for name in ("estimate", "low", "high", "raw") if name in words}
    return words.assign(panel=panels, row=words["where" if groups else "who"], text=words["number"], **numbers)


def _keep_highest(points: pd.DataFrame, column: str, most: int = HIGHEST) -> tuple[pd.DataFrame, str]:
    """Keep the panels or rows with the highest numbers, in their order, and say what was left out."""
    best = points.groupby(column, sort=False)["estimate"].max().sort_values(ascending=False, kind="stable")
    said = f" The {most} highest of {len(best)} are drawn; the data file has all." if len(best) > most else ""
    return points[points[column].isin(best.index[:most])].copy(), said


def _trim_edges(numbers: pd.Series) -> pd.Series:
    """Leave out the first and last half per cent of articles if that frees more than a quarter of the axis."""
    before = numbers.cumsum() - numbers
    inner = numbers[(before + numbers > 0.005 * numbers.sum()) & (before < 0.995 * numbers.sum())]
    return inner if 0 < len(inner) < 0.75 * len(numbers) else numbers


def _set_period_ticks(axes: Axes, periods: Sequence[str]) -> None:
    """Label at most five periods, evenly spaced."""
    places = list(range(0, len(periods), -(-len(periods) // 5)))
    axes.set_xticks(places, [wrap_label(periods[place], 7) for place in places])
    axes.set_xlim(-0.6, len(periods) - 0.4)


def _choose_ink(color: Sequence[float]) -> str:
    """Black or white, whichever has more contrast with a color: never less than 4.5 to 1 (WCAG 2.2, relative luminance)."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color[:3])
    return "white" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 else "black"


def _has_own_scales(points: pd.DataFrame) -> bool:
    """Whether the panels differ so much that on one scale the lowest could not be read."""
    lengths = [np.ptp(_find_limits(panel)) for _, panel in points.groupby("panel")]
    return bool(max(lengths) > 4 * min(lengths))


def _find_limits(points: pd.DataFrame) -> tuple[float, float]:
    """Where an axis that holds zero begins and ends: it begins below only for scores below zero."""
    bottom = min(0.0, points[["estimate", "low"]].min().min())
    top = max(0.0, points[[name for name in ("estimate", "high", "raw") if name in points]].max().max())
    return 1.06 * bottom, 1.06 * top or (0.0 if bottom else 1.0)


def _name_axis(estimates: Estimates) -> str:
    """The unit, as written at an axis."""
    unit = estimates.measure.unit
    return unit.replace("share of", "% of", 1) if is_share(unit) else unit


def _locate(axes: Axes, rows: Iterable[_Of], across: Iterable[float], down: Iterable[float]) -> list[tuple[_Of, tuple[float, float]]]:
    """Where in a picture that is painted some points are, from its left and upper edge."""
    to_picture = axes.transData + axes.figure.transFigure.inverted()
    spots = to_picture.transform(np.column_stack([list(across), list(down)]))
    return [(row, (100 * x, 100 * (1 - y))) for row, (x, y) in zip(rows, spots, strict=True)]


def _finish(estimates: Estimates, name: str, painted: tuple[bytes, _Spots], kind: str, caption: str) -> Shown:
    """Put the chart together with its words and data, and a link for each point to what it counts."""
    known, groups = word_numbers(estimates.known, estimates), estimates.groups
    entries = list(known["who"].unique())
    entries += sorted({*known["where"]} - {*entries}) if estimates.is_mutual else []
    sizes = [] if estimates.is_mutual else [write_count(known[group].nunique(dropna=False), group) for group in groups]
    told = {"kind": kind, "unit": estimates.measure.unit, "entries": entries, "sizes": sizes, "extremes": write_extremes(estimates)}
    alt = wording.fill_words("chart", **told)
    links, rows = "", known.to_dict("index")
    for at, (x, y) in painted[1]:
        anchor, said = write_anchor(estimates.name, rows[at], [*groups, "entry"]), "{who}, {where}: {number}".format_map(rows[at])
        links += f'<a href="#{anchor}" style="left:{x:.1f}%;top:{y:.1f}%">{clean_text(said)}</a>'
    return Shown(name or estimates.name, alt, links, painted[0], alt=alt, caption=caption, files=write_data(estimates, name))


@contextmanager
def _painting(height: float) -> Iterator[tuple[Figure, io.BytesIO]]:
    """A figure that no window or global state knows of, in our style whatever the user's is; at the end the file holds it as PNG."""
    import matplotlib.style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    file, drawn = io.BytesIO(), io.BytesIO()
    with matplotlib.style.context(STYLE, after_reset=True):
        figure = Figure(figsize=(WIDTH, height), dpi=160, layout="constrained", facecolor="white")
        yield figure, file
        # `savefig` would draw it twice
        FigureCanvasAgg(figure).print_png(drawn, metadata={"Software": None})  # type: ignore[no-untyped-call]
        Image.open(drawn).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
