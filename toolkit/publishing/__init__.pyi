from .book import Build as Build
from .book import build_book as build_book
from .book import clean_book as clean_book
from .book import list_pages as list_pages
from .parameters import parse_parameters as parse_parameters
from .running import run_notebook as run_notebook
from .verify import verify_book as verify_book
