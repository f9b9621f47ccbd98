"""The plan of pages, checked parameters, papermill runs, pages, manifest, verification: the book."""

from toolkit.publishing.book import Build, build_book, clean_book, list_pages
from toolkit.publishing.parameters import parse_parameters
from toolkit.publishing.running import run_notebook
from toolkit.publishing.verify import verify_book

__all__ = ["Build", "build_book", "clean_book", "list_pages", "parse_parameters", "run_notebook", "verify_book"]
