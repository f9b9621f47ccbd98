"""Draw who keeps company with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.counting.counts import Floats
from toolkit.estimating import Estimates
from toolkit.markup import write_count, write_csv, write_interval, write_number
from toolkit.showing.charts import BLUE, PALE, TOO_FEW, WIDTH, draw_figure, draw_nothing, start_figure, use_style, wrap_label
from toolkit.showing.display import Shown
from toolkit.showing.wording import check_some, write_basis, write_data

_LETTER, _LINE = 0.096, 0.185  # inches: mean width of a letter and height of a line of 11.5 points
_MARGIN = 0.06  # inches kept free around a node and its label


def draw_network(estimates: Estimates, name: str = "", most: int = 30) -> Shown:
    """Draw actors as a network: a line joins those that surely occur together more often than by chance.

    Args:
        estimates: Company compared with chance.
        name: Of the chart and its files.
        most: Lines drawn at most, the surest.

    Returns:
        The chart; its CSV files have every pair, and the articles that name each actor.

    Source: layout: Fruchterman and Reingold 1991, then nodes and labels that overlap are pushed apart.
    """
    known = check_some(estimates, "draw")
    if known.empty:
        return draw_nothing(estimates, name, TOO_FEW)
    sure = known[known["low"] > 1]
    edges = replace(estimates, table=sure).surest(most).table
    sizes, actors = _count_articles(estimates), estimates.focus
    texts = {actor: estimates.labels["actor"].get(actor, actor) for actor in sizes}
    nodes = [actor for actor in sizes if edges.empty or actor in {*edges["actor"], *edges["entry"]}]
    height = 1.4 + 0.29 * len(nodes)
    wrapped = [wrap_label(texts[node], 14) for node in nodes]
    radii = 0.05 + 0.2 * np.sqrt([sizes[node] / max(sizes.values()) for node in nodes])  # inches
    places = dict(zip(nodes, _lay_out(nodes, edges, wrapped, radii, height, estimates.resampling.seed), strict=True))
    with use_style():
        figure = start_figure(height)
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        for row in edges.to_dict("records"):
            ends = np.array([places[str(row["actor"])], places[str(row["entry"])]])
            axes.plot(ends[:, 0], ends[:, 1], color="#8FA9B8", linewidth=0.8 + 0.8 * np.log2(row["estimate"]), alpha=0.75, zorder=1)
        for node, label, radius in zip(nodes, wrapped, radii, strict=True):
            across, up = places[node]
            axes.scatter(across, up, s=(144 * radius) ** 2, c=BLUE if node in actors else PALE, edgecolors=BLUE, linewidths=1.3, zorder=2)
            box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.8}
            axes.text(across, up - radius - 0.03, label, ha="center", va="top", linespacing=1.1, bbox=box, zorder=3)
        axes.set(xlim=(0, WIDTH), ylim=(0, height))
        axes.set_axis_off()
        png = draw_figure(figure)
    unit, surest = estimates.measure.unit, edges.head(3).to_dict("records")
    said = [
        f"{texts[row['actor']]} and {texts[row['entry']]}, {write_number(row['estimate'])} ({write_interval(row['low'], row['high'])})"
        for row in surest
    ]
    alone = [texts[actor] for actor in sizes if actor not in nodes]
    left = f" Not tied to any: {', '.join(alone)}." if alone else ""
    drawn = f"{write_count(len(edges), 'line')}{', the surest,' if len(sure) > most else ''} of {len(known)} pairs"
    caption = (
        f"Who keeps company with whom: {drawn}, where the interval lies above chance. The larger a dot, the more articles name the actor; "
        f"the thicker a line, the more times as often as by chance.{left} {write_basis(estimates)}"
    )
    alt = f"Network of {write_count(len(nodes), 'actor')} and {write_count(len(edges), 'line')}."
    alt += f" Surest, {unit}: {'; '.join(said)}." if said else ""
    name = name or f"network-{estimates.measure.name.split('-')[-1]}"
    listed = pd.DataFrame({"actor": list(sizes), "n_articles": list(sizes.values())})
    files = write_data(estimates, name) | {f"{name}-actors.csv": write_csv(listed)}
    return Shown(name, alt, png=png, alt=alt, caption=caption, files=files)


def _count_articles(estimates: Estimates) -> dict[str, int]:
    """In how many articles each actor is named, in the order in which they come."""
    assert estimates.counts is not None, "company is counted"
    keys, values, sizes = estimates.counts.keys, estimates.counts.values, dict[str, int]()
    for side, name in (("actor", "n_actor"), ("entry", "n_entry")):
        for place, actor in enumerate(keys[side]):
            sizes.setdefault(str(actor), int((values[name][:, place] > 0).sum()))
    return sizes


def _lay_out(nodes: Sequence[str], edges: pd.DataFrame, labels: Sequence[str], radii: Floats, height: float, seed: int) -> Sequence[Floats]:
    """Place nodes so that tied ones are near and no node or label lies on another; in inches from below left."""
    import networkx as nx

    graph = nx.complete_graph(nodes)
    nx.set_edge_attributes(graph, 0.02, "weight")  # so that what is not tied does not drift out of sight
    graph.add_weighted_edges_from((actor, entry, 1) for actor, entry in zip(edges["actor"], edges["entry"], strict=True))
    laid: Mapping[str, Floats] = nx.spring_layout(graph, k=3 / len(nodes) ** 0.5, iterations=500, seed=seed)
    size = np.array([WIDTH, height])
    lines = [label.split("\n") for label in labels]
    wide, high = np.array([max(map(len, own)) for own in lines]), np.array([len(own) for own in lines])
    half = np.stack([np.maximum(radii, _LETTER * wide / 2), radii + _LINE * high / 2 + 0.03], axis=1) + _MARGIN
    drop = half[:, 1] - radii - _MARGIN  # a box of node and label reaches further down than up
    points = np.array([laid[node] for node in nodes])
    points = (points - points.min(axis=0)) / np.ptp(points, axis=0).clip(min=1e-9) * (size - 2 * half.max(axis=0)) + half.max(axis=0)
    later = np.tri(len(nodes), k=-1, dtype=bool)[..., None]  # of two in one place, who gives way upwards
    for _ in range(2000):
        apart = points[:, None] - points[None]
        overlap = half[:, None] + half[None] - np.abs(apart)
        touching = (overlap > 1e-6).all(axis=2) & ~np.eye(len(nodes), dtype=bool)
        if not touching.any():
            break
        least = overlap.argmin(axis=2)[..., None] == np.arange(2)
        push = np.where((apart > 0) | ((apart == 0) & later), 1, -1) * overlap * (least & touching[..., None])
        points = np.clip(points + 0.3 * push.sum(axis=1), half, size - half)
    return list(points + np.stack([np.zeros(len(nodes)), drop], axis=1))
