"""What pages share is made once, on all cores, before the first page runs: sentences, mentions and attributions of a corpus."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from toolkit.publishing.kernels import write_environment

# In a process of its own, so that the build itself imports nothing heavy. What fails here fails again, with its reason, on a page.
_PREPARE = """
import json, sys
try:
    from toolkit.counting import prepare_corpus
except ImportError:
    sys.exit()
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
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    process: Any = subprocess.Popen([sys.executable, "-c", _PREPARE], env=write_environment(), start_new_session=True, **pipes)
    try:
        with process.stdin as asked:
            asked.write(json.dumps(shared))
        for line in process.stdout:
            report(line.rstrip())
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its own workers too
        process.wait()
