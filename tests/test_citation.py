"""One version and one citation everywhere: the package, CITATION.cff, and the book's page on licence and citation."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

import toolkit

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
PAGE = (ROOT / "book" / "licence.md").read_text("utf8")


def test_the_version_is_the_same_everywhere() -> None:
    said = subprocess.run([sys.executable, "-m", "toolkit", "--version"], capture_output=True, text=True, check=True).stdout
    in_bibtex, in_words = re.findall(r"version(?: +=)? [{]?([\d.]+)", PAGE)
    assert {toolkit.__version__, str(CITATION["version"]), in_bibtex, in_words, said.split()[-1]} == {PROJECT["version"]}


def test_the_citation_file_has_what_the_format_asks_for() -> None:
    known = {"cff-version", "message", "title", "abstract", "type", "authors", "version", "license", "keywords", "date-released"}
    assert {"cff-version", "message", "title", "authors"} <= set(CITATION) <= known
    assert CITATION["cff-version"] == "1.2.0" and CITATION["type"] == "software"
    assert CITATION["license"] == PROJECT["license"]
    assert all(set(author) == {"name"} for author in CITATION["authors"])


def test_the_book_shows_the_same_citation_as_bibtex() -> None:
    fields = dict(re.findall(r"^  (\w+) += [{](.+)[}],$", PAGE, re.MULTILINE))
    assert fields["author"] == "{" + " and ".join(author["name"] for author in CITATION["authors"]) + "}"
    assert (fields["title"], fields["license"]) == (CITATION["title"], CITATION["license"])
    assert f'copyright: "{fields["year"]}"' in (ROOT / "book" / "_config.yml").read_text("utf8")


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "toolkit" / "py.typed").is_file()
