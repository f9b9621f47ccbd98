import gzip
import io
import os
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parsing.made import write_tar, write_zip
from toolkit.errors import CorpusError
from toolkit.parsing import archives
from toolkit.parsing.archives import is_hidden, unpack

BOMB = "it unpacks to far more than text does (a bomb?): unpack it yourself and give the files, if you trust it"


def unpacked(kind, content):
    return [(name, found if isinstance(found, str) else found.read()) for name, found in unpack(kind, io.BytesIO(content))]


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "C:\\a", "a\n/../b", "a..b", "a/b..", "a.txt.", "é/ü", "a:b", "x/C:"])
def test_odd_paths_are_names_and_no_more(name):
    assert unpacked("zip", write_zip({name: "It rains."})) == [(name, b"It rains.")]
    assert unpacked("tar", write_tar({name: b"It rains."}, "w")) == [(name, b"It rains.")]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(kind):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo("a")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    assert unpacked("tar", stream.getvalue()) == [("a", "a link or a device, no file")]


def test_locked_and_damaged_members_cost_themselves():
    content = bytearray(write_zip({"a.txt": b"It rains. " * 50, "b.txt": b"It snows."}))
    content[45] ^= 0xFF
    damaged = "it cannot be unpacked: it is damaged, locked with a password, or packed in another way"
    assert unpacked("zip", bytes(content)) == [("a.txt", damaged), ("b.txt", b"It snows.")]
    locked = bytearray(write_zip({"a.txt": b"It rains."}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert unpacked("zip", bytes(locked)) == [("a.txt", damaged)]


def test_a_bomb_is_stopped_and_the_rest_is_read(monkeypatch):
    monkeypatch.setattr(archives, "_SMALL", 100_000)
    assert unpacked("zip", write_zip({"bomb": bytes(3_000_000), "ok.txt": "It rains."})) == [("bomb", BOMB), ("ok.txt", b"It rains.")]
    assert unpacked("gzip", gzip.compress(bytes(3_000_000))) == [("", BOMB)]
    assert unpacked("gzip", gzip.compress(bytes(90_000)))[0][1] == bytes(90_000)


def test_a_tar_that_breaks_off_says_so():
    content = write_tar({"a": b"It rains.", "b": b"It snows."}, "w")
    for damaged in (content[:1024], content[:1024] + b"x" * 600, content[:700]):
        with pytest.raises((CorpusError, tarfile.TarError)):
            unpacked("tar", damaged)


def test_nothing_is_written_under_a_name_of_the_archive(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(archives, "_SMALL", 10)
    unpacked("zip", write_zip({"a.txt": "It rains on the town.", "../b.txt": "x"}))
    assert os.listdir(tmp_path) == []  # noqa: PTH208


@given(st.dictionaries(st.text("abc/", min_size=1).map(lambda name: f"x{name}y"), st.binary(max_size=99), max_size=5))
def test_members_come_out_as_they_went_in(members):
    assert unpacked("zip", write_zip(members)) == list(members.items())
    assert unpacked("tar", write_tar(members, "w")) == list(members.items())


@pytest.mark.parametrize(("path", "hidden"), [("a/.git/b", True), (".a", True), ("./a", False), ("../a", False), ("a/Thumbs.db", True)])
def test_hidden_files(path, hidden):
    assert is_hidden(path.split("/")) == hidden
