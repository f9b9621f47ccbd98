"""What several tests need: the project's folder, the built book, a browser."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

for name, examples in (("dev", 20), ("ci", 100)):
    settings.register_profile(name, max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "No browser for the browser tests. Install Chromium or Chrome, or name one: FRAMEBOOK_BROWSER=/path/to/chromium make test. "
    "Tried: FRAMEBOOK_BROWSER, an installed one, Debian's package (as root), Playwright's own download."
)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


def run_framebook(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does; the package is found from any folder."""
    environment = {**os.environ, "PYTHONPATH": str(cwd if (cwd / "toolkit").is_dir() else ROOT)}
    return subprocess.run([sys.executable, "-m", "toolkit", *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def framebook():
    return run_framebook


@pytest.fixture(scope="session")
def news_2017() -> Path:
    """The sample corpus, fetched once into the cache."""
    from toolkit.parsing import fetch_corpus

    return fetch_corpus("news-2017")


@pytest.fixture(scope="session")
def built(news_2017: Path) -> Path:
    """The book, built as `make book` builds it; only what changed is run."""
    with FileLock(Path(tempfile.gettempdir(), "framebook-book.lock")):  # a second process of pytest waits until the first has built it
        done = run_framebook("book", "build")
    assert done.returncode == 0, f"framebook book build ended with {done.returncode}:\n{done.stdout}\n{done.stderr[-4000:]}"
    return ROOT / "book" / "_build" / "html"


@pytest.fixture(scope="session")
def served(built: Path) -> Iterator[str]:
    """The built book on a loopback address."""
    with serve(built) as address:
        yield address


class serve:  # noqa: N801
    def __init__(self, folder: Path, pause: float = 0) -> None:
        class Quiet(SimpleHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def copyfile(self, source, outputfile) -> None:
                if not pause or "/evidence/" not in self.path:
                    return super().copyfile(source, outputfile)
                while part := source.read(40_000):
                    outputfile.write(part)
                    time.sleep(pause)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def serve_lab(folder: Path) -> Iterator[tuple[str, str]]:
    """A real JupyterLab on a loopback port in a folder, with nothing of the user's settings: its address and token."""
    token = secrets.token_hex(8)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JUPYTER_TOKEN": token, **{name: str(folder / name.lower()) for name in names}}
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    command += [f"--ServerApp.root_dir={folder}", "--allow-root", "--LabApp.expose_app_in_browser=True"]
    log = (folder / "log").open("w")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urlopen(f"{address}/api").close()
                break
            except URLError:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.5)
        yield address, token
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def find_browser() -> str:
    """The browser named in the environment, else an installed one, else Debian's when root, else Playwright's own download."""
    named = os.environ.get("FRAMEBOOK_BROWSER", "")
    if named:
        if not shutil.which(named):
            pytest.fail(f"FRAMEBOOK_BROWSER={named}: no such program. {NO_BROWSER}")
        return named
    installed = next(filter(None, map(shutil.which, BROWSERS)), None)
    if installed is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, env=environment, capture_output=True, check=False)
        installed = shutil.which("chromium")
    if installed is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, check=False)
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
        installed = path if Path(path).is_file() else None
    if installed is None:
        pytest.fail(NO_BROWSER)
    return installed


@pytest.fixture(scope="session")
def browser():
    """Chromium that asks for nothing by itself."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=flags)
        yield chromium
        chromium.close()
