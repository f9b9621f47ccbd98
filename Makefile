# make book | make test | make lab: each makes the environment it needs first. Python 3.11 or newer and make are all that must be there.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m
NEEDS := requirements.lock requirements-uv.lock pyproject.toml
# Named by what is in the files and not by their times: a clock may be set back.
READY := $(VENV)/.ready-$(shell cat $(NEEDS) | cksum | cut -d ' ' -f 1)

.PHONY: book quick test fuzz bench figures lab check registry lock clean help
.DELETE_ON_ERROR:

help:
	@echo "make book   build the book into book/_build/html/index.html"
	@echo "make quick  run the tests that take seconds: what to run on each change"
	@echo "make test   run all tests: units, notebooks, book, browser"
	@echo "make fuzz   read 20,000 damaged files of every format, 1,000 mixtures of two, 4,000 damaged codebooks, and find who says what"
	@echo "            in 1,000 confusing texts: no crash, no hang, nothing lost"
	@echo "make bench  read and count 10,000 and 100,000 articles, and write the table of the book (some minutes; nothing else may run)"
	@echo "make figures  compute the numbers of the book's prose anew (3 to 5 minutes)"
	@echo "make lab    open JupyterLab on notebooks/, at explore.ipynb"
	@echo "make check  ruff and mypy, as make test runs them"
	@echo "make registry  write the states of the bundled actors codebook anew from lists of countries"
	@echo "make lock   resolve the dependencies anew into requirements.lock"
	@echo "make clean  remove what was built (not the corpus in your cache)"

book: $(READY)
	$(RUN) toolkit corpus fetch news-2017
	$(RUN) toolkit book build

quick: $(READY)
	$(RUN) toolkit corpus fetch news-2017
	HYPOTHESIS_PROFILE=dev $(RUN) pytest -m "not slow and not alone" --numprocesses auto --dist worksteal

test: $(READY)
	$(RUN) toolkit corpus fetch news-2017
	$(RUN) pytest -m "not slow and not alone" --numprocesses auto --dist worksteal
	$(RUN) pytest -m "slow and not alone" --numprocesses 2 --dist worksteal
	$(RUN) pytest -m alone

fuzz: $(READY)
	$(RUN) tests.parsing.fuzzing 20000
	$(RUN) tests.fuzzing codebooks 4000
	$(RUN) tests.fuzzing texts 1000

bench: $(READY)
	$(RUN) toolkit corpus fetch news-2017
	$(RUN) tests.benchmarks.scale 10000 100000 --write

figures: $(READY)
	$(RUN) toolkit corpus fetch news-2017
	$(RUN) tests.benchmarks.write_figures

lab: $(READY)
	JUPYTER_CONFIG_PATH="$(CURDIR)/notebooks/jupyter$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}" $(RUN) jupyter lab notebooks/explore.ipynb

check: $(READY)
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy

registry: $(READY)
	$(RUN) tests.codebooks.build_states

$(READY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	$(RUN) uv pip sync --quiet --compile-bytecode --python $(VENV)/bin/python --require-hashes requirements.lock
	$(RUN) uv pip install --quiet --python $(VENV)/bin/python --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.ready*
	@touch $@

LOCK := uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links
lock: $(READY)
	$(RUN) $(LOCK) pyproject.toml --extra model --extra vectors --extra dask --extra remote --group dev --output-file requirements.lock
	echo uv | $(RUN) $(LOCK) - --output-file requirements-uv.lock

clean:
	rm -rf book/_build book/pages book/_toc.yml book/manifest.json
