# `make help` lists what there is.  Everything runs inside .venv, as any user.

PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8000
ARGS   ?=
SURVEYS ?= 1000
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help run reset-demo test everyday lint format bench rigs pins install install-dev clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install ## install once, fill the demonstration once, start site and worker (PORT=8000)
	@$(BIN)/audit-engine demo
	@exec $(BIN)/audit-engine serve --port $(PORT)

reset-demo: install ## empty the demonstration and fill it again
	@$(BIN)/audit-engine demo --reset

test: install-dev ## the whole suite, on SQLite and on PostgreSQL (ARGS="-k name" for less, --thorough for more)
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal --database both $(ARGS)

everyday: install-dev ## the quicker part of it: on SQLite alone, without the browser
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m "not browser" $(ARGS)

lint: install-dev ## style, types and the import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: install-dev ## rewrite the files as `make lint` wants them
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: install-dev ## speed and size beside floors measured in the same run (ARGS="P1 P4" for less)
	@$(BIN)/python -m benchmarks $(ARGS)

rigs: install-dev ## attack small numbers and anonymity at full size: an hour (SURVEYS=100 RUNS=10 for less)
	@$(BIN)/python -m tests.rigs.small_numbers $(SURVEYS)
	@$(BIN)/python -m tests.rigs.linkage $(if $(RUNS),--runs $(RUNS))
	@$(BIN)/python -m tests.rigs.linkage --broken all --runs 3

pins: install-dev ## write constraints.txt from what is installed
	@$(BIN)/python .ci/pins.py > constraints.txt.new && mv constraints.txt.new constraints.txt

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or later is needed. On Debian 12: sudo apt-get install python3 python3-venv make"; \
	  echo "Another Python: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python cannot make virtual environments yet. On Debian: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: setup.cfg pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing into $(VENV), once: about a minute."
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: setup.cfg pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing into $(VENV) with the tools for tests, once: a minute or two."
	@$(PIP) install --constraint constraints.txt --editable '.[dev,postgres]'
	@touch $@ $(VENV)/.installed

clean: ## remove the virtual environment and the caches; what was entered stays
	@rm -rf $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
