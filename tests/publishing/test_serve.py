from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from toolkit.errors import BuildError
from toolkit.publishing import serve_book

from ..conftest import ROOT
from .project import write_project


def wait_for(log: Path, end: str, *, seconds: int = 120) -> str:
    """Wait for a line that ends so; return what was said until then."""
    for _ in range(10 * seconds):
        said = log.read_text("utf8")
        if said.rstrip().endswith(end):
            return said
        time.sleep(0.1)
    pytest.fail(f"no line ended with {end!r}:\n{log.read_text('utf8')}")


def ask(address: str, path: str) -> bytes:
    """Ask for a path as it is written: urllib would tidy it up."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        return line.makefile("rb").read()


@pytest.mark.slow
def test_the_book_is_served_rebuilt_and_ended(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project", {"good-page": {}, "other-page": {"parameters": {"word": "arms"}}})
    log, environment = tmp_path / "log", {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "toolkit", "book", "serve", "--port", "0", "--root", str(root)]
    with log.open("w") as stream:
        server = subprocess.Popen(command, stdout=stream, stderr=subprocess.DEVNULL, env=environment)
    try:
        address = wait_for(log, "2 pages: 2 run, 0 unchanged.").split()[0]
        assert address.startswith("http://127.0.0.1:")
        assert b"A book" in urlopen(f"{address}/index.html").read()

        (root / "book" / "index.md").write_text("# Another book\n", "utf8")
        wait_for(log, "book/index.md changed: 2 pages: 0 run, 2 unchanged.")
        assert b"Another book" in urlopen(f"{address}/index.html").read()

        plan = root / "book" / "plan.yml"
        plan.write_text(plan.read_text().replace('"arms"', "3"), "utf8")
        wait_for(log, "parameter 'word' is 3 (int). Expected str, as in word = \"aid\".")
        plan.write_text(plan.read_text().replace('"word": 3', '"word": "tanks"'), "utf8")
        wait_for(log, "book/plan.yml changed: 2 pages: 1 run, 1 unchanged.")
        (root / "notebooks" / "texts" / "two.txt").write_text("Two\n\nA text.", "utf8")
        said = wait_for(log, "notebooks/texts/two.txt changed: 2 pages: 2 run, 0 unchanged.")
        assert len(said.splitlines()) == 6

        (tmp_path / "secret").write_text("secret")
        for path in ("/../plan.yml", "/%2e%2e/%2e%2e/plan.yml", "/..%2f..%2fplan.yml", f"/{tmp_path}/secret", "//etc/passwd"):
            assert b" 404 " in ask(address, path).splitlines()[0]
        with pytest.raises(HTTPError):
            urlopen(f"{address}/plan.yml")
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 130
        with pytest.raises(ConnectionRefusedError):
            ask(address, "/")
    finally:
        server.kill()


def test_a_port_that_is_taken_and_a_folder_without_a_plan_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as raised:
        serve_book(tmp_path, say=print)
    assert str(raised.value) == f"{tmp_path / 'book' / 'plan.yml'}: not found. Name the project with --root."
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "plan.yml").write_text("version: 1\n", "utf8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BuildError) as raised:
            serve_book(tmp_path, port=port, say=print)
    assert str(raised.value) == f"--port {port}: Address already in use. Give the number of a free one; 0 takes any."
