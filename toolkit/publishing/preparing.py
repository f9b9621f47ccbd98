"""What pages share is made once, on all cores, before the first page runs: sentences, mentions and attributions of a corpus."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from toolkit.publishing.kernels import open_process

# In a process of its own, so that the build itself imports nothing heavy. What fails here fails again, with its reason, on a page.
_PREPARE = """
import json, sys
from toolkit.counting import prepare_corpus
for name, (codebooks, speech) in json.load(sys.stdin).items():
    try:
        prepare_corpus(name, codebooks, speech=speech, advance=lambda said: print(said, flush=True))
    except Exception as fault:
        print(f"{name}: not prepared, the pages say why: {fault}", flush=True)
"""


def prepare_shared(shared: Mapping[str, tuple[list[str], bool]], report: Callable[[str], object]) -> None:
    """Fill the cache of tables that pages share.

    Args:
        shared: As `find_shared` returns it.
        report: Called with a line on each step.
    """
    if not shared:
        return
    with open_process(_PREPARE) as process:
        process.stdin.write(json.dumps(shared))
        process.stdin.close()
        for line in process.stdout:
            report(line.rstrip())
        if process.wait():
            report("Preparing ended early; the pages make what they need themselves, and say what is wrong.")
