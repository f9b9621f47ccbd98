"""Kernels forked from a process that has everything imported: a page does not wait for imports, and sees nothing of another page.

Run as a program, this file is that process: it reads a request a line, forks, and answers with the process id. Linux only: on macOS,
forking after the system's own frameworks are loaded is not safe, so there each kernel starts by itself.
"""

import gc
import importlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import Any

from toolkit.errors import BuildError
from toolkit.parsing.outputs import open_aside
from toolkit.tables import read_data

FORKS = sys.platform == "linux"
_FACTS = read_data("kernels", "publishing")
# nbformat's checks build a grammar of web addresses when they are imported, which takes a second; no notebook needs it. And who looks for
# objects that nobody holds any more after each 700 new ones, as Python does, spends a sixth of the time on it.
QUICK = "import gc, sys; gc.set_threshold(1_000_000); sys.modules['rfc3987_syntax'] = None"
# Has the system end a process when the one that started it ends, also where that is killed (PR_SET_PDEATHSIG).
_FOLLOW = "import ctypes, sys; sys.platform == 'linux' and ctypes.CDLL(None).prctl(1, 9)"
_READY = "\x04\n"  # ends what is said while corpora are prepared


def serve() -> None:
    """Make what pages share, then fork a kernel for each request, until the build closes the pipe or is gone; then no kernel is left."""
    os.register_at_fork(after_in_child=partial(exec, _FOLLOW, {}))
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # ipykernel reads it on import; a kernel ends itself soon after its parent
    for name in ("ipykernel.kernelapp", *_FACTS["imports"]):
        importlib.import_module(name)
    from toolkit.publishing.preparing import prepare_corpora, warm_up

    shared = json.loads(sys.stdin.readline() or "{}")
    processes: Any = multiprocessing.get_context("fork" if FORKS else "spawn")
    preparing = processes.Process(target=prepare_corpora, args=(shared,))
    preparing.start()
    warm_up({name for codebooks, _ in shared.values() for name in codebooks})
    preparing.join()
    early = "Preparing ended early; the pages make what they need themselves, and say what is wrong.\n"
    print(early * bool(preparing.exitcode) + _READY, end="", flush=True)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombies: a process id that is still known is a kernel that still runs
    for request in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _become_kernel(**json.loads(request))
        print(pid, flush=True)


def _become_kernel(arguments: list[str], folder: str, settings: str) -> None:
    """Turn a fork into a kernel: with its own process group and folders, and without the pipes."""
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for pipe in range(3):
            os.dup2(nowhere, pipe)
        os.environ["IPYTHONDIR"] = settings
        os.chdir(folder)
        sys.argv[1:] = arguments
        importlib.import_module("ipykernel.kernelapp").launch_new_instance(arguments)
    finally:
        os._exit(0)


@dataclass(frozen=True)
class _Forked:
    """A kernel as jupyter_client expects a process to be: polled until it has ended. It is not our child, so only its id can be asked."""

    pid: int
    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return None
        return 1

    def wait(self) -> int:
        return 1

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)


@dataclass
class Kernels:
    """The kernels of one build: where their sockets are, the process they are forked from, and those that may be alive."""

    base: str
    parent: Any
    live: set[Any] = field(default_factory=set)
    stopping: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def prepare(self, shared: Mapping[str, tuple[list[str], bool]], report: Callable[[str], object]) -> None:
        """Have made what pages share, on all cores, before the first page runs: sentences, mentions and attributions of corpora.

        Args:
            shared: As `find_shared` returns it.
            report: Called with a line on each step.

        Raises:
            BuildError: When the process has ended that kernels are forked from.
        """
        with suppress(BrokenPipeError):  # it died; reading tells
            print(json.dumps(shared), file=self.parent.stdin, flush=True)
        for line in iter(self.parent.stdout.readline, _READY):
            if not line:
                raise BuildError("The process that pages are run from has ended; most often the memory was full. Use --jobs 1.")
            report(line.rstrip())

    def fork(self, command: list[str], folder: str, settings: str) -> _Forked:
        """Ask the parent for a kernel."""
        request = json.dumps({"arguments": command[command.index("-f") :], "folder": folder, "settings": settings})
        with self.lock:
            try:
                print(request, file=self.parent.stdin, flush=True)
                return _Forked(int(self.parent.stdout.readline()))
            except (OSError, ValueError) as fault:
                raise RuntimeError("the process that kernels are forked from has ended.") from fault

    def kill(self) -> None:
        """Kill every kernel, and let none start any more."""
        self.stopping.set()
        self.parent.kill()
        for kernel in list(self.live):
            with suppress(ProcessLookupError, AttributeError, TypeError):  # not started yet, or gone
                os.killpg(kernel.provisioner.pid, signal.SIGKILL)


@contextmanager
def open_kernels() -> Iterator[Kernels]:
    """Make room for the kernels of a build, and start to import what they need; afterwards nothing is left of it."""
    # Socket paths may have 107 bytes at most, and TMPDIR may be long.
    run = f"{QUICK}; del sys.path[0]; import runpy; runpy.run_path({__file__!r}, run_name='__main__')"
    with open_aside(Path("/tmp"), "framebook-kernels-") as base, open_process(run) as parent:
        yield Kernels(str(base), parent)


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
    return {**os.environ, **_FACTS["environment"], "PYTHONPATH": path}


def write_manager_class(kernels: Kernels) -> type:
    """Write the class of kernel managers that papermill wants: private sockets, a fixed environment, kernels forked where they can be."""
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning.local_provisioner import LocalProvisioner

    AsyncKernelManager(parent=LocalProvisioner())  # traitlets looks up classes that are named as texts, which two threads at once cannot

    class Forking(LocalProvisioner):
        """Forks a kernel in place of starting one."""

        async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
            self.process: Any = kernels.fork(cmd, options["cwd"], options["env"]["IPYTHONDIR"])
            self.pid = self.pgid = self.process.pid
            return self.connection_info

    class Private(AsyncKernelManager):
        """A kernel that listens in a folder of its own."""

        def __init__(self, *args: Any, **options: Any) -> None:
            self.folder = tempfile.mkdtemp(dir=kernels.base)
            super().__init__(*args, transport="ipc", connection_file=f"{self.folder}/c", **options)
            self.ip = f"{self.folder}/s"
            kernels.live.add(self)

        async def start_kernel(self, *args: Any, **options: Any) -> None:  # type: ignore[override]
            if kernels.stopping.is_set():
                raise RuntimeError("The build was stopped.")
            if FORKS:
                self.provisioner = Forking(parent=self, kernel_id="forked", kernel_spec=self.kernel_spec)
            options["env"] = {**write_environment(), "IPYTHONDIR": f"{self.folder}/ipython"}
            with open(os.devnull, "w") as nowhere:  # noqa: PTH123
                await super().start_kernel(*args, **options, stderr=nowhere)

    return Private


if __name__ == "__main__":
    serve()
