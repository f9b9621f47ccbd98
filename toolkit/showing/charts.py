"""Charts that read on a phone: one call each, nothing by colour alone, words and data computed from the same rows."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.counting.counts import PERIODS, list_periods
from toolkit.errors import TableError, name_choices
from toolkit.estimating import Estimates, Listing
from toolkit.markup import is_share, write_count, write_csv, write_number, write_slug
from toolkit.parsing import Corpus
from toolkit.showing.display import Shown
from toolkit.showing.wording import check_some, write_basis, write_data, write_entry, write_extremes, write_group, write_period
from toolkit.tables import check_record

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

WIDTH = 5.6  # inches: at 375 px a letter of 11.5 points is still 9.5 px high
TOO_FEW = "Too few mentions: there is nothing to compare."
OWN_SCALES = " Each panel has its own scale, from zero."
MOST_WEEKS = 24
MOST_ACROSS = 10  # columns of cells: more numbers do not fit the width
HIGHEST = 12  # more panels, rows or cells than this cannot be compared by eye; all of them are in the CSV file
BLUE, INK, PALE, GREY = "#0072B2", "#222222", "#B9D9EB", "#5F5F5F"  # the blue of Okabe and Ito (2008)
_BLUES = ("#FFFFFF", "#9CC9E3", "#0072B2", "#003F63")
STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib: the same pixels on every machine
    "font.size": 11.5,
    "axes.titlesize": 12,
    "axes.labelsize": 11.5,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11.5,
    "text.parse_math": False,  # a $ in an outlet's name is a $
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E3E3E3",
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "axes.titlelocation": "left",
}
HEAVY = 0.6
"""Share of an entry's mentions above which one pattern is the entry: it must be defended in the codebook (our choice)."""
DAMAGED = 0.1
"""Share of an outlet's articles with repaired quotation marks from which it is marked: at a tenth, what repair misses can move a number."""


def draw(table: Estimates | Listing | pd.DataFrame, how: str = "", *, name: str = "") -> Shown:
    """Draw numbers, by the shape of their table: pairs as cells, periods as lines, everything else as dots.

    A † marks outlets whose quotation marks were damaged before the texts were read, where a chart is about sources or voices.

    Args:
        table: Estimates; the listing of an audit; or a table that `count_articles` gives.
        how: `dots`, `lines` or `cells`, where another form is wanted.
        name: Of the chart and its files; made from the table if empty.

    Returns:
        The chart, with its words and data.

    Raises:
        TableError: When there is nothing to draw, or the form does not fit the table.

    Source: Cleveland and McGill 1984 (position on a common scale). A shade alone cannot be read, so cells hold their numbers.

    Example:
        >>> from toolkit import estimate_rates, find_mentions, read_corpus
        >>> print(draw(estimate_rates(find_mentions(read_corpus("ukraine-korea"), "actors", ["UKR", "FRA"]), by="")).alt)
        Dot chart of the mentions per 1,000 words: Ukraine, France.
        Highest: Ukraine, 33.1 (no interval); lowest: France, 2.76 (no interval).
    """
    if isinstance(table, Listing):
        return _draw_audit(table, name)
    if isinstance(table, pd.DataFrame):
        return _draw_articles(table, name)
    check_record(table, Estimates, "draw")
    forms: Mapping[str, Callable[[Estimates, str], Shown]] = {"cells": _draw_cells, "lines": _draw_lines, "dots": _draw_dots}
    if how and how not in forms:
        raise TableError(f"how={how!r} is not a form of chart. {name_choices(how, list(forms))}")
    return forms[how or _choose_form(table)](table, name)


def _choose_form(estimates: Estimates) -> str:
    """Choose the form of a chart by the shape of the table."""
    if "actor" in estimates.groups and estimates.beside is not None:
        return "cells"
    return "lines" if set(estimates.groups) & set(PERIODS) else "dots"


def _draw_dots(estimates: Estimates, name: str) -> Shown:
    """Draw dots with their intervals, from zero: one row a group, one panel an entry; without groups, the entries are the rows.

    Panels share their axis, so that entries can be compared too. One panel is sorted by value; several by name.
    """
    known, groups = check_some(estimates, "draw"), estimates.groups
    if known.empty:
        return draw_nothing(estimates, name, TOO_FEW)
    points = _find_points(estimates)
    marked = find_damaged(estimates.corpus) if estimates.kind == "sources" or estimates.measure.name == "voices" else set()
    marked &= set(known["outlet"]) if "outlet" in groups else set()
    points["row"] = [f"{row}†" if row in marked else row for row in points["row"]]
    points, left_out = _keep_highest(points, "panel" if groups else "row")
    if not groups:
        points["panel"] = ""
    panels, said = list(dict.fromkeys(points["panel"])), ""
    if len(panels) > 1:
        order = sorted(set(points["row"]), key=str.casefold)
        order = order if not set(groups) & set(PERIODS) else list(dict.fromkeys(points["row"]))
        said = "Sorted by name."
    else:
        order, said = list(points.sort_values("estimate", ascending=False, kind="stable")["row"]), "Sorted by value."
    parts = estimates.measure.name == "places"  # of one whole: to be compared across panels
    columns, own = min(2, len(panels)), _has_own_scales(points) and not parts
    lines = -(-len(panels) // columns)
    labels = [wrap_label(row, 19) for row in order]
    high = [1 + label.count("\n") for label in labels]
    height = sum(0.13 + 0.15 * lines for lines in high)
    height = max([height, *(0.1 * (above + below) * len(high) for above, below in pairwise(high))])  # no label on the next
    with use_style():
        title = max(0.25 + 0.2 * wrap_label(panel, 17).count("\n") for panel in panels)
        figure = start_figure(lines * (height + title + (0.25 if own else 0)) + 0.7)
        grid = figure.subplots(lines, columns, sharex=not own, sharey=True, squeeze=False)
        for axes, panel in zip(grid.flat, panels, strict=False):
            _draw_panel(axes, points[points["panel"] == panel], order)
            axes.set_xlim(_find_limits(points[points["panel"] == panel] if own else points))
            axes.set_title(wrap_label(panel, 17 if columns > 1 else 44))
        for axes in grid.flat[len(panels) :]:
            axes.set_axis_off()
        first: Axes = grid.flat[0]
        first.set_ylim(len(order) - 0.4, -0.6)
        first.set_yticks(range(len(order)), labels)
        for axes in grid.flat[max(0, len(panels) - columns) : len(panels)]:
            axes.xaxis.set_tick_params(labelbottom=True)
        if len(panels) == 1:
            for place, row in enumerate(points.set_index("row").loc[order].itertuples()):
                first.text(1.03, place, str(row.text), transform=first.get_yaxis_transform(), va="center", fontsize=11)
        figure.supxlabel(_name_axis(estimates), fontsize=11.5)
        png = draw_figure(figure)
    hollow = " A hollow dot has too few articles for an interval." if points["low"].isna().any() and points["low"].notna().any() else ""
    said = f"{said}{OWN_SCALES if own else ''}{left_out}{hollow}"
    caption = f"{_name_quantity(estimates)} Dots are estimates, lines their intervals. {said} {write_basis(estimates)}"
    damaged = f" † Quotation marks were lost or broken before we read them in over {DAMAGED:.0%} of its articles." if marked else ""
    return _finish(estimates, name, png, "Dot chart", caption + damaged)


def _draw_lines(estimates: Estimates, name: str) -> Shown:
    """Draw a line over periods in the band of its intervals, one panel an entry: bands on top of one another cannot be told apart.

    The line breaks where a period has no article: nothing is drawn over what is not known. It begins and ends with the first and last
    period that has an interval; articles without a date are not in it.
    """
    known = check_some(estimates, "draw")
    by = next((group for group in estimates.groups if group in PERIODS), "")
    if not by:
        raise TableError(f"draw: lines need a period. Estimate with one of by={', '.join(map(repr, PERIODS))}.")
    known = known[known[by] != "unknown"]
    if known.empty:
        return draw_nothing(estimates, name, "No article has a date: there is nothing to draw over time.")
    n_known, sure = known[by].nunique(), known.loc[known["low"].notna(), by]
    if not sure.empty:
        known = known[known[by].between(sure.min(), sure.max())]
    edges = n_known - known[by].nunique()
    undrawn = f" Before and after, {write_count(edges, by)} with too few articles not drawn." if edges else ""
    points = _find_points(replace(estimates, table=known), period=by)
    points, left_out = _keep_highest(points, "panel")
    panels, periods, own = list(dict.fromkeys(points["panel"])), list_periods(known[by], by), _has_own_scales(points)
    with use_style():
        figure = start_figure((2.2 if len(panels) == 1 else 1.45) * len(panels) + 0.7)
        grid = figure.subplots(len(panels), 1, sharex=True, squeeze=False)
        for axes, panel in zip(grid.flat, panels, strict=True):
            line = points[points["panel"] == panel].set_index("period").reindex(periods)
            places = list(range(len(periods)))
            axes.fill_between(places, line["low"], line["high"], color=PALE, linewidth=0)
            axes.plot(places, line["estimate"], color=BLUE, linewidth=1.8, marker="o", markersize=4)
            axes.set_title(wrap_label(panel, 44))
            axes.grid(axis="x", visible=False)
            axes.set_ylim(_find_limits(points[points["panel"] == panel] if own else points))
        _set_period_ticks(grid.flat[-1], periods)
        figure.supylabel(wrap_label(_name_axis(estimates), 26 if len(panels) == 1 else 40), fontsize=11.5)
        png = draw_figure(figure)
    empty = len(set(periods) - set(known[by]))
    gaps = f" {write_count(empty, by)} of {len(periods)} without an article: there the line breaks." if empty else ""
    bare = " A point without a band has too few articles for an interval." if known["low"].isna().any() else ""
    said = f"{OWN_SCALES if own else ''}{left_out}{gaps}{undrawn}{bare}"
    basis = write_basis(replace(estimates, table=known))
    caption = f"{_name_quantity(estimates)} Points are estimates, bands their intervals.{said} {basis}"
    return _finish(estimates, name, png, "Line chart", caption)


def _draw_cells(estimates: Estimates, name: str) -> Shown:
    """Draw a table of numbers as cells, the darker the higher.

    What is compared with chance is drawn in two colours: blue where it is more, orange where it is less, white where chance may be all.
    """
    known, rows, columns = check_some(estimates, "draw"), (estimates.groups or ["entry"])[0], "entry"
    if known.empty:
        return draw_nothing(estimates, name, TOO_FEW)
    if rows == columns or known.duplicated([rows, columns]).any():
        raise TableError("draw: cells need two columns, each pair once: an actor or a group, and the entry.")
    names = f"{rows.capitalize()} down, {columns} across."
    if estimates.is_mutual:  # a pair stands in two cells
        known = pd.concat([known, known.rename(columns={rows: columns, columns: rows})])
        order = list(dict.fromkeys(known[rows]))
        known = known[known[rows].isin(order[:MOST_ACROSS]) & known[columns].isin(order[:MOST_ACROSS])]
        names = "Actors down and across" + (f", only the first {MOST_ACROSS} of {len(order)}." if len(order) > MOST_ACROSS else ".")
    records = known.to_dict("records")
    points = known.assign(
        row=[write_group(row, [rows], estimates.labels) for row in records],
        panel=[write_entry(row, estimates) for row in records],
    )
    points, less_rows = _keep_highest(points, "row")
    points, less_columns = _keep_highest(points, "panel", MOST_ACROSS)
    down = list(dict.fromkeys(points["row"]))
    across = down if estimates.is_mutual else list(dict.fromkeys(points["panel"]))
    table = points.pivot(index="row", columns="panel", values="estimate").loc[down, across]
    unit, mark = estimates.measure.unit, "%" if len(across) > 4 else ""
    texts = table.map(lambda value: write_number(value, unit).removesuffix(mark) if pd.notna(value) else "–")
    said = "The darker the cell, the higher its number."
    if estimates.is_compared:
        sure = points.assign(shade=np.where((points["low"] > 1) | (points["high"] < 1), points["estimate"].clip(1 / 8, 8), 1))
        table = np.log2(sure.pivot(index="row", columns="panel", values="shade").loc[down, across]) / 6 + 0.5
        said = "Blue: more than by chance; orange: less; white: the interval includes 1, or there is none."
    png = draw_cells(table, texts, _name_axis(estimates), around=estimates.is_compared)
    caption = f"{_name_quantity(estimates)} {names} {said}"
    return _finish(estimates, name, png, "Heat map", f"{caption}{less_rows}{less_columns} {write_basis(estimates)}")


def draw_cells(table: pd.DataFrame, texts: pd.DataFrame, axis: str, *, around: bool = False) -> bytes:
    """Draw a table of numbers as cells, the darker the higher, with what stands in each and a name for the whole below; as PNG.

    With `around`, numbers from 0 to 1 are drawn in two colours, white at a half.

    Example:
        >>> table = pd.DataFrame({"a.com": [1.0]}, index=["b.com"])
        >>> draw_cells(table, table.astype(str), "stories")[1:4]
        b'PNG'
    """
    across, down = list(table.columns), list(table.index)
    top = 1.0 if around else float(table.to_numpy().max(where=table.notna().to_numpy(), initial=0)) or 1.0
    narrow, shades = len(across) > 4, _find_shades(["#E8935A", "#FFFFFF", "#6FB1DB"] if around else _BLUES)
    with use_style():
        figure = start_figure(0.5 * len(down) + (2.0 if narrow else 1.1))
        axes = figure.subplots()
        axes.imshow(table, cmap=shades, vmin=0, vmax=top, aspect="auto")
        for (down_place, across_place), value in _walk(table):
            ink, size = _choose_ink(shades(value / top)), 9.5 if len(across) > 8 else 10.5 if narrow else 12
            text = texts.iat[down_place, across_place]
            axes.text(across_place, down_place, text, ha="center", va="center", color=ink, fontsize=size)
        axes.xaxis.tick_top()
        axes.set_xticks(range(len(across)), [wrap_label(word, 16 if narrow else 13) for word in across], rotation=90 if narrow else 0)
        axes.set_yticks(range(len(down)), [wrap_label(word, 18) for word in down])
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        axes.set_xlabel(wrap_label(axis, 44))
        return draw_figure(figure)


def _draw_articles(table: pd.DataFrame, name: str) -> Shown:
    """Draw what `count_articles` gives: bars, lying for outlets, standing for periods and lengths; cells for stories and weeks."""
    by, others = str(table.columns[0]) if len(table.columns) else "none", [str(column) for column in table.columns[1:]]
    if others == list(table.iloc[:, 0]) and by == "outlet" and others:
        return _draw_shared(table, name)
    if by == "week" and others and others != ["n_articles", "n_words"]:
        return _draw_weeks(table, name)
    if others != ["n_articles", "n_words"] or table.empty:
        raise TableError(f"draw: {len(table)} rows of columns {by}, …; expected Estimates, an audit, or a table that count_articles gives.")
    lying = by not in (*PERIODS, "length")
    bars = table if lying else _trim_edges(table[table[by] != "unknown"] if (table[by] != "unknown").any() else table)
    bars = bars.assign(label=[write_group({by: value}, [by], {}) for value in bars[by]])
    most, fewest = bars.iloc[bars["n_articles"].to_numpy().argmax()], bars.iloc[bars["n_articles"].to_numpy().argmin()]
    if lying:
        bars = bars.sort_values("n_articles", ascending=False, kind="stable")
    numbers, places = [int(number) for number in bars["n_articles"]], list(range(len(bars)))
    with use_style():
        figure = start_figure(0.32 * len(bars) + 0.7 if lying else 3.0)
        axes = figure.subplots()
        if lying:
            axes.barh(places, numbers, color=BLUE, height=0.68)
            axes.set_yticks(places, [wrap_label(label, 20) for label in bars["label"]])
            axes.set_ylim(len(bars) - 0.4, -0.6)
            axes.set_xlim(0, max(numbers) * 1.18 or 1)
            for place, number in zip(places, numbers, strict=True):
                axes.text(number, place, f" {number:,}", va="center", fontsize=11)
            axes.grid(visible=False)
            axes.set_xticks([])
            axes.set_xlabel("articles")
        else:
            axes.bar(places, numbers, color=BLUE, width=0.8 if len(bars) < 40 else 1.0)
            axes.set_ylabel("articles")
            axes.grid(axis="x", visible=False)
            axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value == int(value) else "")
            _set_period_ticks(axes, [str(value).split("–")[0] for value in bars[by]], by in PERIODS)
            axes.set_xlabel("words in the article" if by == "length" else "")
        png = draw_figure(figure)
    n_articles = int(table["n_articles"].sum())
    total, left = f"{write_count(n_articles, 'article')} in all", write_count(n_articles - sum(numbers), "article")
    ends = f"Most: {most['label']}, {most['n_articles']:,}; fewest: {fewest['label']}, {fewest['n_articles']:,}."
    order = " Sorted by number." if lying else ""
    if sum(numbers) < n_articles:
        why = "far longer than the others" if by == "length" else "without a date or far from all others"
        order = f" Not drawn: {left} {why}; the data file has them."
    name = name or f"articles-by-{by}"
    alt = f"Bar chart of the number of articles by {by}, {total}. {ends}"
    caption = f"Number of articles by {by}, {total}.{order}"
    return Shown(name, alt, png=png, alt=alt, caption=caption, files={f"{name}.csv": write_csv(table)})


def _draw_shared(table: pd.DataFrame, name: str) -> Shown:
    """Draw how many stories each outlet shares with each other, as cells; on the diagonal, those it told more than once itself."""
    shared = table.set_index("outlet").astype(float)
    drawn = sorted(shared.sum().sort_values(ascending=False, kind="stable").index[:HIGHEST])
    texts = shared.map(lambda n: f"{n:,.0f}" if n else "·")
    png = draw_cells(shared.loc[drawn, drawn], texts.loc[drawn, drawn], "stories that both tell in the same words")
    pairs = {(one, other): int(shared.loc[one, other]) for one in shared.index for other in shared.columns if one < other}
    one, other = max(pairs, key=lambda pair: pairs[pair], default=("", ""))
    most = f"Most: {one} and {other}, {pairs[one, other]:,}." if any(pairs.values()) else "No two share any."
    left = f" Only the {HIGHEST} that share most are drawn." if len(shared) > HIGHEST else ""
    alt = f"Heat map of the stories shared two by two by {write_count(len(shared), 'outlet')}. {most}"
    caption = (
        f"Stories that two outlets tell in the same words; on the diagonal, those that one told more than once; a dot means none.{left}"
    )
    name = name or "shared-stories"
    return Shown(name, alt, png=png, alt=alt, caption=caption, files={f"{name}.csv": write_csv(table)})


def _draw_weeks(table: pd.DataFrame, name: str) -> Shown:
    """Draw the articles of each outlet week by week, as cells: where the collection begins, ends and has gaps."""
    dated = table[table["week"] != "unknown"].set_index("week").T.astype(float)
    first = dated.columns[(dated.sum() > 0.005 * dated.to_numpy().sum()).to_numpy().argmax()] if dated.size else ""
    drawn = dated.loc[:, dated.columns >= first].iloc[:, :MOST_WEEKS] if dated.size else dated
    texts = drawn.map(lambda n: f"{n:,.0f}" if n else "·")
    png = draw_cells(drawn.rename(columns=write_period).T, texts.rename(columns=write_period).T, "articles in the week from Monday")
    every = [week for week in drawn.columns if (drawn[week] > 0).all()]
    said = f"All outlets are there from the week of {write_period(every[0])}." if every else "In no week are all outlets there."
    left = " Earlier or later weeks with few articles are not drawn; the data file has them." if drawn.shape[1] < dated.shape[1] else ""
    alt = f"Heat map of the articles of {write_count(len(drawn), 'outlet')} in {write_count(drawn.shape[1], 'week')}. {said}"
    caption = f"Articles by outlet and week; a dot means none. {said} A trend that begins before shows the collection, not the news.{left}"
    name = name or "articles-by-outlet-and-week"
    return Shown(name, alt, png=png, alt=alt, caption=caption, files={f"{name}.csv": write_csv(table)})


def _draw_audit(listing: Listing, name: str) -> Shown:
    """Draw how much of each entry its most frequent pattern makes: an entry that is one word is that word under another name."""
    if listing.name != "audit":
        raise TableError(f"draw: a listing of {listing.name} has no chart. Give show_numbers the listing.")
    audit = listing.table
    first = audit.sort_values(["share", "pattern"], ascending=[False, True]).drop_duplicates("entry")
    first = first[first["n_mentions"] / first["share"] >= 10] if len(first) else first
    drawn = first.head(HIGHEST)
    names = [listing.labels["entry"].get(entry, entry) for entry in drawn["entry"]]
    places, shares = list(range(len(drawn))), [100 * float(share) for share in drawn["share"]]
    with use_style():
        figure = start_figure(0.66 * max(1, len(drawn)) + 0.8)
        axes = figure.subplots()
        axes.scatter(shares, places, s=42, color=BLUE, zorder=3)
        axes.axvline(100 * HEAVY, color=GREY, linestyle="--", linewidth=1.2)
        for place, share, pattern in zip(places, shares, drawn["pattern"], strict=True):
            side = ("right", -2.5) if share > 50 else ("left", 2.5)
            axes.text(share + side[1], place, wrap_label(pattern, 24), va="center", ha=side[0], fontsize=11)
        axes.set_yticks(places, [wrap_label(label, 20) for label in names])
        axes.set_ylim(max(1, len(drawn)) - 0.4, -0.6)
        axes.set_xlim(0, 103)
        axes.set_xlabel("% of the entry's mentions")
        png = draw_figure(figure)
    said = f"{write_count(int((first['share'] > HEAVY).sum()), 'entry')} above {100 * HEAVY:.0f}%"
    top = f"{said}. Highest: {names[0]}, {drawn['pattern'].iloc[0]!r}, {shares[0]:.1f}%." if names else "no entry has ten mentions."
    alt = f"Dot chart of the share of the most frequent pattern in its entry: {top}"
    left_out = f" Only the {HIGHEST} highest of {len(first)} are drawn; the data file has all." if len(first) > HIGHEST else ""
    caption = f"Share of the most frequent pattern in its entry, own mentions only. Dashed line: {100 * HEAVY:.0f}%; {said}.{left_out}"
    name = name or write_slug("audit", "chart", listing.codebook)
    return Shown(name, alt, png=png, alt=alt, caption=caption, files={f"{name}.csv": write_csv(audit)})


def find_damaged(corpus: Corpus) -> set[str]:
    """Find the outlets in which quotation marks were repaired in more than a tenth of the articles."""
    repaired = set(corpus.repairs.loc[corpus.repairs["step"] == "quotation marks", "article_id"])
    shares = corpus.articles["article_id"].isin(repaired).groupby(corpus.articles["outlet"]).mean()
    return {str(outlet) for outlet in shares.index[shares > DAMAGED]}


def wrap_label(text: str, width: int) -> str:
    r"""Break a long label into lines, at spaces if there are any, else after dots and hyphens, else anywhere.

    Example:
        >>> wrap_label("europe.chinadaily.com.cn", 18), wrap_label("War journalism", 10)
        ('europe.chinadaily.\ncom.cn', 'War\njournalism')
    """
    pieces = text if " " in text else text.replace(".", ". ").replace("-", "- ")
    lines = textwrap.wrap(pieces, width + (" " not in text), break_on_hyphens=False)
    return "\n".join(line if " " in text else line.replace(" ", "") for line in lines)


def draw_nothing(estimates: Estimates, name: str, said: str) -> Shown:
    """A chart that says why there is none: a page does not end because a corpus is small."""
    with use_style():
        figure = start_figure(0.6)
        figure.text(0.02, 0.5, said, va="center", fontsize=12)
        png = draw_figure(figure)
    return Shown(name or estimates.name, said, png=png, alt=said, caption=said, files=write_data(estimates, name))


def _find_points(estimates: Estimates, period: str = "") -> pd.DataFrame:
    """What is drawn: panel, row, period, and the numbers in the unit of the axis, each also as text."""
    known, unit = estimates.known, estimates.measure.unit
    records, groups = known.to_dict("records"), [group for group in estimates.groups if group != period]
    factor = 100 if is_share(unit) else 1
    entries, rows = [write_entry(row, estimates) for row in records], [write_group(row, groups, estimates.labels) for row in records]
    panels = [", ".join(word for word in pair if word) for pair in zip(entries, rows, strict=True)] if period else entries
    numbers = {column: known[column] * factor for column in ("estimate", "low", "high")}
    text = [write_number(row["estimate"], unit) for row in records]
    drawn = {"panel": panels, "row": rows if groups else entries, "period": known[period or "entry"].astype(str), "text": text}
    return pd.DataFrame({**drawn, **numbers}).reset_index(drop=True)


def _keep_highest(points: pd.DataFrame, column: str, most: int = HIGHEST) -> tuple[pd.DataFrame, str]:
    """Keep the panels or rows with the highest numbers, in their order, and say what was left out."""
    best = points.groupby(column, sort=False)["estimate"].max().sort_values(ascending=False, kind="stable")
    said = f" Only the {most} highest of {len(best)} are drawn; the data file has all." if len(best) > most else ""
    return points[points[column].isin(best.index[:most])].copy(), said


def _draw_panel(axes: Axes, points: pd.DataFrame, order: Sequence[str]) -> None:
    """Draw one panel: a dot and its interval in each row; a hollow dot where there is no interval."""
    places = [order.index(row) for row in points["row"]]
    axes.hlines(places, points["low"], points["high"], color=BLUE, linewidth=2.2)
    filled = ["white" if missing else BLUE for missing in points["low"].isna()]
    axes.scatter(points["estimate"], places, s=42, c=filled, edgecolors=BLUE, linewidths=1.5, zorder=3, clip_on=False)


def _trim_edges(bars: pd.DataFrame) -> pd.DataFrame:
    """Leave out the first and last half per cent of articles if that frees more than a quarter of the axis."""
    numbers = bars["n_articles"].to_numpy()
    before = numbers.cumsum() - numbers
    inner = bars[(before + numbers > 0.005 * numbers.sum()) & (before < 0.995 * numbers.sum())]
    return inner if 0 < len(inner) < 0.75 * len(bars) else bars


def _set_period_ticks(axes: Axes, periods: Sequence[str], is_date: bool = True) -> None:
    """Label at most five periods, evenly spaced."""
    places = list(range(0, len(periods), -(-len(periods) // 5)))
    axes.set_xticks(places, [wrap_label(write_period(periods[place]) if is_date else periods[place], 7) for place in places])
    axes.set_xlim(-0.6, len(periods) - 0.4)


def _walk(table: pd.DataFrame) -> Iterator[tuple[tuple[int, int], float]]:
    """The places and values of a table's cells."""
    for down, line in enumerate(table.to_numpy()):
        for across, value in enumerate(line):
            yield (down, across), float(value)


def _choose_ink(color: Sequence[float]) -> str:
    """Black or white, whichever has more contrast with a color: never less than 4.5 to 1 (WCAG 2.2, relative luminance)."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color[:3])
    return "white" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 else "black"


def _find_shades(colors: Sequence[str] = _BLUES) -> Colormap:
    """Shades from the lowest to the highest; grey where nothing is known."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("framebook", list(colors), bad="#F2F2F2")


def _has_own_scales(points: pd.DataFrame) -> bool:
    """Whether the panels differ so much that on one scale the lowest could not be read."""
    limits = [_find_limits(panel) for _, panel in points.groupby("panel")]
    tops = [top - bottom for bottom, top in limits]
    return max(tops) > 4 * min(tops)


def _find_limits(points: pd.DataFrame) -> tuple[float, float]:
    """Where an axis that holds zero begins and ends: it begins below only for scores below zero."""
    bottom, top = min(0.0, points[["estimate", "low"]].min().min()), max(0.0, points[["estimate", "high"]].max().max())
    return 1.06 * bottom, 1.06 * top or (0.0 if bottom else 1.0)


def _name_axis(estimates: Estimates) -> str:
    """The unit, as it stands at an axis."""
    unit = estimates.measure.unit
    return unit.replace("share of", "% of", 1) if is_share(unit) else unit


def _name_quantity(estimates: Estimates) -> str:
    """Unit and groups, as a caption begins; a unit that names the actor does so for the group."""
    unit = estimates.measure.unit
    groups = [group for group in estimates.groups if group not in unit]
    return f"{unit[:1].upper()}{unit[1:]}{' by ' if groups else ''}{' and '.join(groups)}."


def _finish(estimates: Estimates, name: str, png: bytes, kind: str, caption: str) -> Shown:
    """Put the chart together with its words and data."""
    known, groups = estimates.known, estimates.groups
    records = known.to_dict("records")
    entries = list(dict.fromkeys(write_entry(row, estimates) for row in records))
    entries += sorted({write_group(row, groups, estimates.labels) for row in records} - {*entries}) if estimates.is_mutual else []
    what = ", ".join(entries) if len(entries) <= 3 else write_count(len(entries), "entry")
    sizes = [write_count(known[group].nunique(dropna=False), group) for group in groups]
    where = f" in {' and '.join(sizes)}" if sizes and not estimates.is_mutual else ""
    alt = f"{kind} of the {estimates.measure.unit}: {what}{where}. {write_extremes(estimates)}"
    return Shown(name or estimates.name, alt, png=png, alt=alt, caption=caption, files=write_data(estimates, name))


@contextmanager
def use_style() -> Iterator[None]:
    """Our style, whatever the user's is, and the user's again afterwards."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield


def start_figure(height: float) -> Figure:
    """An empty figure that no window or global state knows of."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height), dpi=160, layout="constrained", facecolor="white")


def draw_figure(figure: Figure) -> bytes:
    """The figure as PNG, without date or version of the program.; `savefig` would draw it twice."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    file, canvas = io.BytesIO(), FigureCanvasAgg(figure)
    canvas.print_png(file, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return file.getvalue()
