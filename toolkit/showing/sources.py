"""Charts of sources, with a mark on outlets whose quotation marks were damaged before we read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from toolkit.codebooks.records import Codebook
from toolkit.parsing import Corpus
from toolkit.showing.charts import draw_nothing, draw_rates
from toolkit.showing.display import Chart
from toolkit.tables import check_table

DAMAGED = 0.1
"""Share of an outlet's articles with repaired quotation marks from which it is marked: at a tenth, what repair misses can move a number."""


def draw_sources(estimates: pd.DataFrame, corpus: Corpus, *, codebooks: Sequence[Codebook] = (), name: str = "") -> Chart:
    """Draw shares of sources as `draw_rates` does; a † marks outlets whose quotation marks were damaged at the source.

    Args:
        estimates: Estimates of sources, perhaps by outlet.
        corpus: The corpus, with its repairs.
        codebooks: Where labels are taken from.
        name: Of the chart and its files; made from the table if empty.

    Returns:
        The chart; its caption explains the mark where one is drawn.

    Raises:
        TableError: As `draw_rates`.

    Example:
        >>> from toolkit import read_corpus
        >>> draw_sources(pd.DataFrame(), read_corpus("ukraine-korea"))
        Traceback (most recent call last):
        ...
        toolkit.errors.TableError: table Estimates: columns are ; expected codebook, entry, ...
    """
    damaged = find_damaged(corpus)
    if check_table(estimates, "Estimates").empty:
        return draw_nothing(estimates, name or "sources", "No source of this kind: there is nothing to compare.")
    if "outlet" not in estimates or not set(damaged) & set(estimates["outlet"]):
        return draw_rates(estimates, codebooks=codebooks, name=name)
    marked = estimates.assign(outlet=[f"{outlet}†" if outlet in damaged else outlet for outlet in estimates["outlet"]])
    chart = draw_rates(marked, codebooks=codebooks, name=name)
    return replace(
        chart, caption=f"{chart.caption} † Quotation marks were lost or broken before we read them in over {DAMAGED:.0%} of its articles."
    )


def find_damaged(corpus: Corpus) -> list[str]:
    """Outlets in which quotation marks were repaired in more than a tenth of the articles."""
    repaired = set(corpus.repairs.loc[corpus.repairs["step"] == "quotation marks", "article_id"])
    shares = corpus.articles["article_id"].isin(repaired).groupby(corpus.articles["outlet"]).mean()
    return [str(outlet) for outlet in shares.index[shares > DAMAGED]]
