from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from toolkit.publishing.documents import Notebook, read_notebook
from toolkit.publishing.inputs import Provenance, find_key, find_needs, find_provenance, find_reads

from .project import write_notebook

PROVENANCE = Provenance("0.1", "abc", (), "3.11", "code", "rooms", "lock")


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    write_notebook(tmp_path / "x.ipynb", "read_corpus(corpus)\nread_codebook('mine.yml')")
    (tmp_path / "mine.yml").write_text("a")
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "one.txt").write_text("one")
    return read_notebook(tmp_path / "x.ipynb")


def key(notebook: Notebook, folder: Path, provenance: Provenance = PROVENANCE, **values: object) -> str:
    return find_key(notebook, {"corpus": "texts", **values}, folder, provenance)


@pytest.mark.parametrize(
    "change",
    [
        lambda notebook: notebook["cells"][2].update(source="1"),
        lambda notebook: notebook["cells"][1]["metadata"].update(tags=["parameters", "x"]),
        lambda notebook: notebook["cells"].pop(),
    ],
)
def test_a_changed_cell_changes_the_key(notebook: Notebook, tmp_path: Path, change: Callable[[Notebook], object]) -> None:
    before = key(notebook, tmp_path)
    change(notebook)
    assert key(notebook, tmp_path) != before


def test_a_changed_parameter_corpus_codebook_code_lock_or_python_changes_the_key(notebook: Notebook, tmp_path: Path) -> None:
    keys = [key(notebook, tmp_path), key(notebook, tmp_path, seed=1), key(notebook, tmp_path, seed="1")]
    keys += [key(notebook, tmp_path, replace(PROVENANCE, **{name: "new"})) for name in ("rooms_sha256", "lock", "python")]
    (tmp_path / "texts" / "one.txt").write_text("two")
    keys.append(key(notebook, tmp_path))
    (tmp_path / "mine.yml").write_text("b")
    keys.append(key(notebook, tmp_path))
    assert len(set(keys)) == len(keys)


def test_outputs_ids_commit_and_place_do_not_change_the_key(notebook: Notebook, tmp_path: Path) -> None:
    before = key(notebook, tmp_path)
    notebook["metadata"]["kernelspec"] = {"name": "other"}
    notebook["cells"][2].update(id="other", outputs=[{}], execution_count=5)
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "texts").mkdir(parents=True)
    (elsewhere / "texts" / "one.txt").write_text("one")
    (elsewhere / "mine.yml").write_text("a")
    assert key(notebook, elsewhere, replace(PROVENANCE, commit="def", toolkit_sha256="new", changed=("toolkit/publishing/x.py",))) == before


def test_what_a_notebook_reads_is_found_in_order_and_once() -> None:
    source = 'books = [read_codebook(name), read_codebook("actors")]\nread_corpus(corpus, start=start); read_codebook("actors")\n%time'
    cells = [{"cell_type": "code", "source": part} for part in source.split("\n")]
    values = {"name": "frames", "corpus": "", "start": ""}
    assert find_reads({"cells": cells}, values) == (("codebook", "frames"), ("codebook", "actors"))


def test_what_pages_make_of_corpora_is_found_with_codebooks_and_paths_start_at_the_notebook(tmp_path: Path) -> None:
    def page(source: str) -> Notebook:
        return {"cells": [{"cell_type": "code", "source": source}]}

    pages = [
        (
            page('news = read_corpus(corpus)\nfind_mentions(news, "actors", actors)\nspeech = find_attributions(named)'),
            {"corpus": "news-2017"},
        ),
        (page("find_mentions(read_corpus(corpus), codebook)"), {"corpus": "news-2017", "codebook": "mine.yml"}),
        (page('read_corpus("texts")'), {}),
        (page("read_corpus(corpus)"), {"corpus": "texts"}),
        (page('read_corpus("ukraine-korea")'), {}),
    ]
    assert find_needs((notebook, values, tmp_path) for notebook, values in pages) == {
        "news-2017": (["actors", str(tmp_path / "mine.yml")], True),
        str(tmp_path / "texts"): ([], False),
        "ukraine-korea": ([], False),
    }


def test_only_a_pages_own_notebook_and_the_code_count_as_changed() -> None:
    changed = replace(PROVENANCE, changed=("notebooks/actors.ipynb",))
    assert changed.say_commit("actors") == "abc, with changes not committed"
    assert changed.say_commit("corpus") == "abc"
    assert replace(PROVENANCE, changed=("toolkit/x.py",)).say_commit("corpus") == "abc, with changes not committed"


def test_a_folder_that_is_no_checkout_says_so(tmp_path: Path) -> None:
    assert find_provenance(tmp_path).commit == "not a git checkout"


def test_provenance_is_the_same_twice() -> None:
    root = Path(__file__).parents[2]
    assert json.dumps(find_provenance(root).__dict__) == json.dumps(find_provenance(root).__dict__)


def test_the_version_to_cite_is_the_version_of_the_package() -> None:
    root = Path(__file__).parents[2]
    version = tomllib.loads((root / "pyproject.toml").read_text("utf8"))["project"]["version"]
    assert yaml.safe_load((root / "CITATION.cff").read_text("utf8"))["version"] == version
