"""The numbers of the book's prose are those that the toolkit computes."""

from __future__ import annotations

import re

import yaml

from tests.benchmarks.write_figures import BOOK, ROOT, compute_corpus, name_table, read_figures

PAGES = {path.name: path.read_text("utf8") for path in sorted(BOOK.glob("*.md"))}


def test_the_figures_of_the_sample_corpus_are_those_that_are_computed() -> None:
    computed, tables = compute_corpus()
    written = read_figures()["corpus"]
    stale = {name: f"{written.get(name)} is now {text}" for name, text in computed.items() if written.get(name) != text}
    stale |= {name: "is written, but no longer computed" for name in written.keys() - computed.keys()}
    stale |= {
        f"_figures/{name}.md": f"is now\n{table}" for name, table in tables.items() if name_table(name).read_text("utf8") != f"{table}\n"
    }
    assert stale == {}, "Run make figures."


def test_every_figure_of_a_page_is_written_and_every_table_is_there() -> None:
    figures = {name for own in read_figures().values() for name in own}
    asked = {(page, name) for page, text in PAGES.items() for name in re.findall(r"\{\{ *(\w+) *\}\}", text)}
    assert {(page, name) for page, name in asked if name not in figures} == set()
    tables = [(page, name) for page, text in PAGES.items() for name in re.findall(r"\{include\} (_figures/\S+)", text)]
    assert [(page, name) for page, name in tables if not (BOOK / name).is_file()] == []


def test_what_cannot_take_a_figure_names_the_same_number() -> None:
    """The README and the titles of the plan are read without Sphinx."""
    figures = read_figures()["corpus"]
    plan = yaml.safe_load((BOOK / "plan.yml").read_text("utf8"))
    pages = [page for part in plan["parts"] for page in part.get("pages", [])]
    titles = {page["slug"]: page["title"] for page in pages}
    assert titles["corpus-news-2017"].startswith(f"{figures['n_articles']} articles")
    assert f"{figures['n_articles']} articles" in (ROOT / "README.md").read_text("utf8")
    leads = {page["slug"]: page.get("lead", "") for page in pages}
    assert f"TASS names Russia {figures['home_tass']} times as often" in leads["actors-ukraine-russia"]
    starts = {page["parameters"].get("start") for page in pages if page["parameters"]["corpus"] == "news-2017"}
    assert starts == {None, figures["first_full_week"]}
