"""The processes of a build: a kernel for each page, what is made before the first of them, and Jupyter Book. None is left of them."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from toolkit.tables import read_data

# nbformat's checks build a grammar of web addresses when they are imported, which takes a second; no notebook needs it. And who looks for
# objects that nobody holds any more after each 700 new ones, as Python does, spends a sixth of the time on it.
QUICK = "import gc, sys; gc.set_threshold(1_000_000); sys.modules['rfc3987_syntax'] = None"
# Imports nothing from the folder that it starts in, where a user's file may be called as one of Python's. And has the system end a process
# when the one that started it ends, also where that is killed (PR_SET_PDEATHSIG).
_FOLLOW = "import sys; sys.path[:] = filter(None, sys.path); import ctypes; sys.platform == 'linux' and ctypes.CDLL(None).prctl(1, 9)"
_KERNEL = f"{_FOLLOW}; {QUICK}; from ipykernel.kernelapp import launch_new_instance; launch_new_instance()"
_PREPARE = f"{QUICK}; import json; from toolkit.publishing.kernels import prepare_corpora; prepare_corpora(json.loads(sys.argv[1]))"


def prepare(shared: Mapping[str, tuple[list[str], bool]], report: Callable[[str], object]) -> None:
    """Have made what pages share, on all cores, before the first page runs: sentences, mentions and attributions of corpora.

    Args:
        shared: As `find_needs` returns it.
        report: Called with a line on each step.
    """
    with open_process(_PREPARE, json.dumps(shared)) as process:
        for line in process.stdout:
            report(line.rstrip())
        if process.wait():
            report("Preparing ended early; the pages make what they need themselves, and say what is wrong.")


def prepare_corpora(shared: Mapping[str, tuple[list[str], bool]]) -> None:
    """Fill the cache of tables that pages share, and print each step. What fails here fails again, with its reason, on a page.

    Of a corpus these are articles, sentences, mentions by codebook; where attributions are asked for, also names, and who says what.

    Args:
        shared: As `find_needs` returns it.
    """
    from toolkit import find_attributions, find_mentions, find_names, read_codebook, read_corpus

    for name, (codebooks, speech) in shared.items():
        try:
            print(f"{name}: articles", flush=True)
            corpus = read_corpus(name)
            for book in [read_codebook(one) for one in codebooks]:
                print(f"{name}: mentions of {book.id}", flush=True)
                found = find_mentions(corpus, book)
                if speech and book.kind == "actors":
                    print(f"{name}: names, and who says what", flush=True)
                    find_attributions(found)
                    find_names(found)
        except Exception as fault:
            print(f"{name}: not prepared, the pages say why: {fault}", flush=True)


@contextmanager
def open_process(code: str, *arguments: str, **options: Any) -> Iterator[Any]:
    """Start Python with code of ours, in the environment of kernels; afterwards neither it nor a child of it is left."""
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    command = [sys.executable, "-c", f"{_FOLLOW}\n{code}", *arguments]
    with subprocess.Popen(command, env=write_environment(), start_new_session=True, **(pipes | options)) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            with suppress(BrokenPipeError):  # of what it did not read any more
                process.stdin.close()  # type: ignore[union-attr]  # it is a pipe


def write_environment() -> dict[str, str]:
    """Write the environment of every kernel: ours, with all that could change a page's bytes fixed."""
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]))
    return {**os.environ, **read_data("kernels", "publishing"), "PYTHONPATH": path}


def write_manager_class(base: Path) -> type:
    """Write the class of kernel managers that papermill wants: sockets in a private folder, a fixed environment, an end with the build."""
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning.local_provisioner import LocalProvisioner

    AsyncKernelManager(parent=LocalProvisioner())  # traitlets looks up classes that are named as texts, which two threads at once cannot

    class Private(AsyncKernelManager):
        """A kernel that listens in a folder of its own."""

        def __init__(self, *args: Any, **options: Any) -> None:
            self.folder = tempfile.mkdtemp(dir=base)
            super().__init__(*args, transport="ipc", connection_file=f"{self.folder}/c", **options)
            self.ip = f"{self.folder}/s"

        def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
            return [sys.executable, "-c", _KERNEL, "-f", self.connection_file, *(extra_arguments or ())]

        async def start_kernel(self, *args: Any, **options: Any) -> None:  # type: ignore[override]
            options["env"] = {**write_environment(), "IPYTHONDIR": f"{self.folder}/ipython"}
            with open(os.devnull, "w") as nowhere:  # noqa: PTH123
                await super().start_kernel(*args, **options, stdout=nowhere, stderr=nowhere)

    return Private
