"""Charts that read on a phone: one call each, nothing by colour alone, words and data computed from the same rows."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.codebooks.records import Codebook
from toolkit.counting.counts import list_periods
from toolkit.errors import TableError
from toolkit.showing.display import Chart, write_csv
from toolkit.showing.wording import (
    PERIODS,
    check_one_quantity,
    find_groups,
    find_labels,
    is_share,
    write_basis,
    write_count,
    write_entry,
    write_extremes,
    write_group,
    write_name,
    write_number,
    write_period,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

WIDTH = 5.6  # inches: at 375 px a letter of 11.5 points is still 9.5 px high
TOO_FEW = "Too few mentions: there is nothing to compare."
OWN_SCALES = " Each panel has its own scale, from zero."
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


def draw_rates(estimates: pd.DataFrame, *, codebooks: Sequence[Codebook] = (), name: str = "") -> Chart:
    """Draw rates or shares as dots with their intervals, from zero: one row a group, one panel an entry.

    Panels share their axis, so that entries can be compared too. One panel is sorted by value; several by name.

    Args:
        estimates: Estimates of one quantity, with any group columns; without one, the entries are the rows.
        codebooks: Where labels are taken from.
        name: Of the chart and its files; made from the table if empty.

    Returns:
        The chart; its CSV file holds every row, drawn or not.

    Raises:
        TableError: When quantities are mixed or nothing is there to draw.

    Source: Cleveland and McGill 1984 (position on a common scale); our choice of panels.

    Example:
        >>> draw_rates(pd.DataFrame())
        Traceback (most recent call last):
        ...
        toolkit.errors.TableError: table Estimates: columns are ; expected codebook, entry, ...
    """
    known = check_one_quantity(estimates, "draw_rates")
    if known.empty:
        return draw_nothing(estimates, name, TOO_FEW)
    points = _find_points(known, codebooks)
    points, left_out = _keep_highest(points, "panel" if find_groups(known) else "row")
    if not find_groups(known):
        points["panel"] = ""
    panels, said = list(dict.fromkeys(points["panel"])), ""
    if len(panels) > 1:
        order = sorted(set(points["row"]), key=str.casefold)
        order = order if not set(find_groups(known)) & set(PERIODS) else list(dict.fromkeys(points["row"]))
        said = "Sorted by name."
    else:
        order, said = list(points.sort_values("estimate", ascending=False, kind="stable")["row"]), "Sorted by value."
    parts = known["quantity"].iloc[0] == "share of mentions"  # of one whole: to be compared across panels
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
            _draw_dots(axes, points[points["panel"] == panel], order)
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
        figure.supxlabel(_name_axis(known), fontsize=11.5)
        png = draw_figure(figure)
    hollow = " A hollow dot has too few articles for an interval." if points["low"].isna().any() and points["low"].notna().any() else ""
    said = f"{said}{OWN_SCALES if own else ''}{left_out}{hollow}"
    caption = f"{_name_quantity(known)} Dots are estimates, lines their intervals. {said} {write_basis(known)}"
    return _finish(estimates, codebooks, name, png, "Dot chart", caption)


def draw_trend(estimates: pd.DataFrame, *, codebooks: Sequence[Codebook] = (), name: str = "") -> Chart:
    """Draw rates or shares over days, weeks, months or years: a line in the band of its intervals, one panel an entry.

    The line breaks where a period has no article: nothing is drawn over what is not known. It begins and ends with the first and last
    period that has an interval; articles without a date are not in it.

    Args:
        estimates: Estimates of one quantity with a group column day, week, month or year.
        codebooks: Where labels are taken from.
        name: Of the chart and its files; made from the table if empty.

    Returns:
        The chart; its CSV file holds every row.

    Raises:
        TableError: When no period is among the groups, quantities are mixed or nothing is there to draw.

    Example:
        >>> draw_trend(pd.DataFrame())
        Traceback (most recent call last):
        ...
        toolkit.errors.TableError: table Estimates: columns are ; expected codebook, entry, ...
    """
    known = check_one_quantity(estimates, "draw_trend")
    by = _find_period(find_groups(known), "draw_trend: the table is grouped by", find_groups(known))
    known = known[known[by] != "unknown"]
    if known.empty:
        return draw_nothing(estimates, name, "No article has a date: there is nothing to draw over time.")
    n_known, sure = known[by].nunique(), known.loc[known["low"].notna(), by]
    if not sure.empty:
        known = known[known[by].between(sure.min(), sure.max())]
    edges = n_known - known[by].nunique()
    undrawn = f" Before and after, {write_count(edges, by)} with too few articles not drawn." if edges else ""
    points = _find_points(known, codebooks, period=by)
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
        figure.supylabel(wrap_label(_name_axis(known), 26 if len(panels) == 1 else 40), fontsize=11.5)
        png = draw_figure(figure)
    empty = len(set(periods) - set(known[by]))
    gaps = f" {write_count(empty, by)} of {len(periods)} without an article: there the line breaks." if empty else ""
    bare = " A point without a band has too few articles for an interval." if known["low"].isna().any() else ""
    said = f"{OWN_SCALES if own else ''}{left_out}{gaps}{undrawn}{bare}"
    caption = f"{_name_quantity(known)} Points are estimates, bands their intervals.{said} {write_basis(known)}"
    return _finish(estimates, codebooks, name, png, "Line chart", caption)


def draw_heatmap(
    estimates: pd.DataFrame, *, rows: str = "actor", columns: str = "entry", codebooks: Sequence[Codebook] = (), name: str = ""
) -> Chart:
    """Draw a table of numbers, the value in every cell and the cell the darker the higher it is.

    What is compared with chance is drawn in two colours: blue where it is more, orange where it is less, white where chance may be all.

    Args:
        estimates: Estimates of one quantity, one row for each pair of `rows` and `columns`.
        rows: The column that makes the rows: a group column or `entry`.
        columns: The column that makes the columns: likewise.
        codebooks: Where labels are taken from.
        name: Of the chart and its files; made from the table if empty.

    Returns:
        The chart; at most twelve rows and ten columns, those with the highest numbers; its CSV file holds all.

    Raises:
        TableError: When a column is not there, a pair stands twice, quantities are mixed or nothing is there to draw.

    Example:
        >>> draw_heatmap(pd.DataFrame())
        Traceback (most recent call last):
        ...
        toolkit.errors.TableError: table Estimates: columns are ; expected codebook, entry, ...
    """
    known = check_one_quantity(estimates, "draw_heatmap")
    if known.empty:
        return draw_nothing(estimates, name, TOO_FEW)
    allowed = [*find_groups(known), "entry"]
    if {rows, columns} - set(allowed) or known.duplicated([rows, columns]).any():
        raise TableError(f"draw_heatmap: rows '{rows}' and columns '{columns}' must be two of {', '.join(allowed)}, each pair once.")
    labels = find_labels(codebooks)
    records = known.to_dict("records")
    points = known.assign(
        row=[write_entry(row, labels) if rows == "entry" else write_group(row, [rows], labels) for row in records],
        panel=[write_entry(row, labels) if columns == "entry" else write_group(row, [columns], labels) for row in records],
    )
    points, less_rows = _keep_highest(points, "row")
    points, less_columns = _keep_highest(points, "panel", 10)
    across, down = list(dict.fromkeys(points["panel"])), list(dict.fromkeys(points["row"]))
    table = points.pivot(index="row", columns="panel", values="estimate").loc[down, across]
    unit, mark = str(known["unit"].iloc[0]), "%" if len(across) > 4 else ""
    texts = table.map(lambda value: write_number(value, unit).removesuffix(mark) if pd.notna(value) else "–")
    said = "The darker the cell, the higher its number."
    if "expected" in points:
        sure = points.assign(shade=np.where((points["low"] > 1) | (points["high"] < 1), points["estimate"].clip(1 / 8, 8), 1))
        table = np.log2(sure.pivot(index="row", columns="panel", values="shade").loc[down, across]) / 6 + 0.5
        said = "Blue: more than by chance; orange: less; white: the interval holds 1, or there is none."
    png = draw_cells(table, texts, _name_axis(known), around="expected" in points)
    caption = f"{_name_quantity(known)} {rows.capitalize()} down, {columns} across. {said}"
    return _finish(estimates, codebooks, name, png, "Heat map", f"{caption}{less_rows}{less_columns} {write_basis(known)}")


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
            ink, size = _choose_ink(shades(value / top)), 10.5 if narrow else 12
            text = texts.iat[down_place, across_place]
            axes.text(across_place, down_place, text, ha="center", va="center", color=ink, fontsize=size)
        axes.xaxis.tick_top()
        axes.set_xticks(range(len(across)), [wrap_label(word, 16 if narrow else 13) for word in across], rotation=90 if narrow else 0)
        axes.set_yticks(range(len(down)), [wrap_label(word, 18) for word in down])
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        axes.set_xlabel(wrap_label(axis, 44))
        return draw_figure(figure)


def draw_counts(table: pd.DataFrame, *, name: str = "") -> Chart:
    """Draw how many articles there are, as bars: lying for names such as outlets, standing for days, weeks, months and lengths.

    Args:
        table: What `count_articles` gives: the column counted by, then `n_articles` and `n_words`.
        name: Of the chart and its file; made from the table if empty.

    Returns:
        The chart.

    Raises:
        TableError: When the columns are others or there is no row.

    Example:
        >>> draw_counts(pd.DataFrame({"outlet": ["a.com", "b.com"], "n_articles": [2, 1], "n_words": [900, 300]})).alt
        'Bar chart of the number of articles by outlet, 3 articles in all. Most: a.com, 2; fewest: b.com, 1.'
    """
    by = str(table.columns[0]) if len(table.columns) else "none"
    if [str(column) for column in table.columns[1:]] != ["n_articles", "n_words"] or table.empty:
        raise TableError(f"draw_counts: {len(table)} rows of columns {by}, …; expected rows of what count_articles gives.")
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
        order = f" Not drawn: {left} without a date or far from all others; the data file has them."
    name = name or f"articles-by-{by}"
    alt = f"Bar chart of the number of articles by {by}, {total}. {ends}"
    return Chart(name, png, alt, f"Number of articles by {by}, {total}.{order}", {f"{name}.csv": write_csv(table)})


def wrap_label(text: str, width: int) -> str:
    r"""Break a long label into lines, at spaces if there are any, else after dots and hyphens, else anywhere.

    Example:
        >>> wrap_label("europe.chinadaily.com.cn", 18), wrap_label("War journalism", 10)
        ('europe.chinadaily.\ncom.cn', 'War\njournalism')
    """
    pieces = text if " " in text else text.replace(".", ". ").replace("-", "- ")
    lines = textwrap.wrap(pieces, width + (" " not in text), break_on_hyphens=False)
    return "\n".join(line if " " in text else line.replace(" ", "") for line in lines)


def draw_nothing(estimates: pd.DataFrame, name: str, said: str) -> Chart:
    """A chart that says why there is none: a page does not end because a corpus is small."""
    with use_style():
        figure = start_figure(0.6)
        figure.text(0.02, 0.5, said, va="center", fontsize=12)
        png = draw_figure(figure)
    name = name or write_name(estimates)
    return Chart(name, png, said, said, {f"{name}.csv": write_csv(estimates)})


def _find_points(known: pd.DataFrame, codebooks: Sequence[Codebook], period: str = "") -> pd.DataFrame:
    """What is drawn: panel, row, period, and the numbers in the unit of the axis, each also as text."""
    labels, records = find_labels(codebooks), known.to_dict("records")
    groups = [group for group in find_groups(known) if group != period]
    unit = str(known["unit"].iloc[0])
    factor = 100 if is_share(unit) else 1
    entries, rows = [write_entry(row, labels) for row in records], [write_group(row, groups, labels) for row in records]
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


def _draw_dots(axes: Axes, points: pd.DataFrame, order: Sequence[str]) -> None:
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


def _find_period(columns: Iterable[str], said: str, groups: Sequence[str]) -> str:
    """The first column that is a period."""
    for column in columns:
        if column in PERIODS:
            return column
    raise TableError(f"{said} {', '.join(groups) or 'nothing'}. Expected one of {', '.join(PERIODS)}. Estimate with by=['week'].")


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


def _name_axis(known: pd.DataFrame) -> str:
    """The unit, as it stands at an axis."""
    unit = str(known["unit"].iloc[0])
    return unit.replace("share of", "% of", 1) if is_share(unit) else unit


def _name_quantity(known: pd.DataFrame) -> str:
    """Unit and groups, as a caption begins; a unit that names the actor does so for the group."""
    unit = str(known["unit"].iloc[0])
    groups = [group for group in find_groups(known) if group not in unit]
    return f"{unit[:1].upper()}{unit[1:]}{' by ' if groups else ''}{' and '.join(groups)}."


def _finish(estimates: pd.DataFrame, codebooks: Sequence[Codebook], name: str, png: bytes, kind: str, caption: str) -> Chart:
    """Put the chart together with its words and data."""
    known, labels, groups = estimates[estimates["estimate"].notna()], find_labels(codebooks), find_groups(estimates)
    entries = list(dict.fromkeys(write_entry(row, labels) for row in known.to_dict("records")))
    what = ", ".join(entries) if len(entries) <= 3 else write_count(len(entries), "entry")
    sizes = [write_count(known[group].nunique(dropna=False), group) for group in groups]
    where = f" in {' and '.join(sizes)}" if sizes else ""
    name = name or write_name(estimates)
    alt = f"{kind} of the {known['unit'].iloc[0]}: {what}{where}. {write_extremes(known, labels)}"
    return Chart(name, png, alt, caption, {f"{name}.csv": write_csv(estimates)})


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
    """The figure as PNG, without date or version of the program."""
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()
