"""What is made before the first page runs: tables that pages share, and what a kernel would else make again for each page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress


def prepare_corpora(shared: Mapping[str, tuple[list[str], bool]]) -> None:
    """Fill the cache of tables that pages share, and print each step. What fails here fails again, with its reason, on a page.

    Args:
        shared: As `find_shared` returns it.
    """
    from toolkit.counting import prepare_corpus

    for name, (codebooks, speech) in shared.items():
        try:
            prepare_corpus(name, codebooks, speech=speech, advance=lambda said: print(said, flush=True))
        except Exception as fault:
            print(f"{name}: not prepared, the pages say why: {fault}", flush=True)


def warm_up(codebooks: Collection[str]) -> None:
    """Import, read or make what is made only when it is first asked for: the verbs, codebooks, and the fonts of charts.

    Args:
        codebooks: Known names or paths. Those that cannot be read are left to the pages.
    """
    import pandas as pd

    from toolkit.codebooks import read_codebook
    from toolkit.errors import ToolkitError
    from toolkit.showing.charts import draw_cells

    exec("from toolkit import *", {})
    draw_cells(pd.DataFrame({"a": [1.0]}, ["b"]), pd.DataFrame([["1"]]), "")
    for name in codebooks:
        with suppress(ToolkitError):
            read_codebook(name)
