"""The plan of pages, checked parameters, papermill runs, pages, manifest, verification: the book."""

from toolkit.publishing.book import Build, build_book, clean_book, list_pages
from toolkit.publishing.parameters import Parameter, check_parameters, parse_parameters, read_parameters
from toolkit.publishing.plan import Page, Plan, read_plan
from toolkit.publishing.running import run_notebook
from toolkit.publishing.verify import verify_book

__all__ = [
    "Build",
    "Page",
    "Parameter",
    "Plan",
    "build_book",
    "check_parameters",
    "clean_book",
    "list_pages",
    "parse_parameters",
    "read_parameters",
    "read_plan",
    "run_notebook",
    "verify_book",
]
