"""Work on the parts of something large: on all cores or on a Dask cluster, in order, with few of them in memory; and show how far it is."""

import gc
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from threading import Thread
from typing import Any

_FEW = 4  # parts for which it does not pay to start processes


def map_parts(work: Callable[[Any], Any], parts: Iterable[Any], jobs: int | None = None) -> Iterator[Any]:  # Any: as `work` has it
    """Call a function for each part, in as many processes as there are cores if the parts are many.

    Where a `distributed.Client` is open, the workers of its cluster do it; another works again on the part of one that is lost.

    Args:
        work: A function of a module, or a `partial` of one; it does not start processes itself.
        parts: What it is called with; taken as they are needed.
        jobs: How many processes; None for one a core.

    Yields:
        What the function returned for each part, in their order, whatever the number of processes.

    Example:
        >>> list(map_parts(abs, [-1, 2]))
        [1, 2]
    """
    from loky import cpu_count, get_reusable_executor  # unlike the standard library's, it needs no `if __name__ == "__main__"`

    n_jobs, coming = jobs or int(os.environ.get("FRAMEBOOK_JOBS", 0)) or cpu_count(), iter(parts)
    first, client = list(islice(coming, _FEW)), None  # of a Dask cluster
    if "distributed" in sys.modules:
        from distributed import default_client, get_worker

        with suppress(ValueError):
            client = default_client()  # type: ignore[no-untyped-call]  # distributed has few types
        with suppress(ValueError):
            n_jobs = 1 if get_worker() else n_jobs  # a worker does not hand its part on
    if n_jobs == 1 or len(first) < _FEW:
        yield from map(work, chain(first, coming))
        return
    alone = {"FRAMEBOOK_JOBS": "1", "FRAMEBOOK_PROGRESS": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    pool: Any = client.get_executor(pure=False) if client else None
    pool = pool or get_reusable_executor(n_jobs, env=alone, initializer=_follow, initargs=(os.getpid(),))
    waiting: deque[Any] = deque()
    try:
        for part in chain(first, coming):
            waiting.append(pool.submit(work, part))
            if len(waiting) > (sum(client.nthreads().values()) if client else n_jobs):  # workers of a cluster come and go
                yield waiting.popleft().result()
        while waiting:  # and let go of each
            yield waiting.popleft().result()
    except BaseException:
        pool.shutdown(wait=False, **({} if client else {"kill_workers": True}))
        raise


def _follow(parent: int) -> None:
    """Let a process end with the one that started it, also where that is killed, and not by an interruption, after which that ends it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    gc.set_threshold(1_000_000)  # to look for garbage after each 700 new objects, as Python does, costs a tenth of the time
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=watch, daemon=True).start()


@contextmanager
def show_progress(what: str, total: int, unit: str) -> Iterator[Callable[[int], object]]:
    """Show a bar with a rate and the time left, while a block of code runs.

    Args:
        what: What is being done: `parsing sentences`.
        total: How much there is to do.
        unit: Of what: `sentence`; B for bytes.

    Yields:
        A function to be called with how much was done since it was called last.

    Example:
        >>> with show_progress("counting", 2, "article") as advance:
        ...     advance(2)
    """
    from tqdm import tqdm

    is_off = os.environ.get("FRAMEBOOK_PROGRESS") == "0"  # pages of a book keep no trace of how long they took
    out = sys.stdout if type(sys.stdout).__module__.startswith("ipykernel") else sys.stderr  # JupyterLab shows standard error on red
    shown = unit if unit == "B" else f" {unit}"
    with tqdm(file=out, total=total, desc=what, unit=shown, unit_scale=unit == "B", delay=2, leave=False, disable=is_off) as bar:
        yield bar.update
