"""One truth: a number that two pages show is the same, and the audit adds up to it. Real runs of the notebooks on one small corpus."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from toolkit import find_attributions, find_mentions, keep_entries, read_corpus
from toolkit.parsing import hash_source

ROOT = Path(__file__).parents[1]
ENTRIES = ["USA", "RUS"]


@pytest.fixture(scope="module")
def some(news_2017, tmp_path_factory) -> Path:
    """Forty articles of the sample corpus, as somebody's own table."""
    news = read_corpus("news-2017", outlets=["tass.com", "cnn.com"], start="2017-02-06")
    chosen = news.articles.sort_values("article_id").head(40)
    file = tmp_path_factory.mktemp("some") / "some.csv"
    chosen[["outlet", "published", "headline", "text", "url"]].to_csv(file, index=False)
    return file


@pytest.fixture(scope="module")
def pages(some, framebook, tmp_path_factory) -> dict[str, Path]:
    """The data of three notebooks, run with their own defaults but for corpus and actors."""
    folder, found = tmp_path_factory.mktemp("pages"), {}
    asked = {"actors": {"actors": ENTRIES}, "sourcing": {"actors": ENTRIES}, "codebook": {"codebook": "actors", "entries": ENTRIES}}
    for name, parameters in asked.items():
        given = [
            word for key, value in parameters.items() for word in ("-p", f"{key}={value if isinstance(value, str) else json.dumps(value)}")
        ]
        done = framebook("run", f"notebooks/{name}.ipynb", "-p", f"corpus={some}", *given, "--out", str(folder / f"{name}.ipynb"))
        assert done.returncode == 0, done.stderr
        found[name] = folder / f"{name}_data"
    return found


@pytest.mark.slow
def test_one_count_of_each_actor_on_the_actors_sourcing_and_audit_pages(pages) -> None:
    rates = pd.read_csv(pages["actors"] / "rates-by-outlet.csv").groupby("entry")["n_mentions"].sum()
    presence = pd.read_csv(pages["sourcing"] / "named-and-speaking-by-role.csv")
    named = presence[presence["role"] == "is named"].set_index("entry")["n_mentions"]
    audit = pd.read_csv(next(pages["codebook"].glob("audit-actors.csv"))).groupby("entry")["n_mentions"].sum()
    assert rates.to_dict() == named[ENTRIES].to_dict() == audit[ENTRIES].to_dict()
    assert (rates > 0).all()


@pytest.mark.slow
def test_the_article_page_counts_as_the_actors_page_does(framebook, tmp_path: Path) -> None:
    words = {"article": [], "actors": ["-p", 'actors=["KOR", "UKR"]']}
    counts = {}
    for name, given in words.items():
        done = framebook("run", f"notebooks/{name}.ipynb", "-p", "corpus=ukraine-korea", *given, "--out", str(tmp_path / f"{name}.ipynb"))
        assert done.returncode == 0, done.stderr
        table = pd.read_csv(tmp_path / f"{name}_data" / ("actors.csv" if name == "article" else "rates-by-outlet.csv"))
        counts[name] = table[table["entry"].isin(["KOR", "UKR"])].set_index("entry")["n_mentions"].to_dict()
    assert counts["article"] == counts["actors"] == {"KOR": 8, "UKR": 12}


def test_every_notebook_counts_actors_in_the_same_way_unless_a_parameter_says_otherwise() -> None:
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf8"))["cells"]
        source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "find_mentions":
                options = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                assert options in ({}, {"uses": "uses"}), f"{path.name}: {ast.unparse(node)}"


def test_sources_resolve_to_the_same_actors_whatever_is_counted() -> None:
    news = read_corpus("ukraine-korea")
    rows = [find_attributions(find_mentions(news, "actors", uses=uses)).rows for uses in ("strict", "lenient", "all")]
    for other in rows[1:]:
        pd.testing.assert_frame_equal(rows[0], other)
    pd.testing.assert_frame_equal(rows[0], find_attributions(keep_entries(find_mentions(news, "actors"), "KOR")).rows)


@pytest.mark.slow
def test_a_corpus_has_one_fingerprint_in_the_record_of_a_run_and_in_python(some, framebook, tmp_path: Path) -> None:
    assert hash_source(some) == read_corpus(some).sha256
    done = framebook("run", "notebooks/corpus.ipynb", "-p", f"corpus={some}", "--out", str(tmp_path / "x.ipynb"))
    assert done.returncode == 0, done.stderr
    assert read_corpus(some).sha256 in (tmp_path / "x.ipynb").read_text("utf8")


def test_every_script_behind_a_published_figure_leaves_out_the_learned_lines() -> None:
    for path in [*(ROOT / "tests" / "validity").glob("*.py"), *(ROOT / "tests" / "benchmarks").glob("*.py")]:
        calls = re.findall(r"split_sentences\([^)]*\)", path.read_text("utf8"))
        assert all("boilerplate=" in call for call in calls) or path.name in ("sentences.py", "stories.py"), f"{path.name}: {calls}"
