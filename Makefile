# A fresh machine needs Python 3.11 or newer and make; everything else comes with the first command.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# The first Python here that is new enough; make PYTHON=... takes another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
READY := .venv/lock-installed

# File by file in their order: the tests of the API come first, as they want no worker in their process yet.
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: help run demo test chaos lint format lock clean

help: ## Say what there is
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 16

run: $(READY) ## Start everything on this machine; Ctrl-C stops it
	@exec $(BIN)/python -m dev.stack

demo: $(READY) ## On a running stack: walk demo contacts through two weeks in seconds
	@exec $(BIN)/python -m dev.demo

test: $(READY) ## Run every test; ARGS="-k consent" runs some
	@exec $(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

chaos: $(READY) ## Kill programs and cut providers amid enrollments; ARGS="--minutes 5 --seed 1"
	@exec $(BIN)/python -m dev.chaos $(ARGS)

lint: $(READY) ## Check style, types and the direction of imports
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/lint-imports --no-logo) || { echo "$$said"; exit 1; }

format: $(READY) ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

lock: ## Pin what pyproject.toml asks for; ARGS=--upgrade takes the newest of everything
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install -qq uv
	@.venv-lock/bin/uv pip compile $(LOCK) $(ARGS) --extra dev pyproject.toml -o requirements-dev.txt
	@.venv-lock/bin/uv pip compile $(LOCK) -c requirements-dev.txt pyproject.toml -o requirements.txt
	@rm -rf .venv-lock

# One lock for every platform and Python, with hashes, and without the name of any registry.
LOCK := --quiet --no-config --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header

clean: ## Remove the environment, the data and the caches
	@rm -rf .venv .data .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

# PostgreSQL runs as another user where we are root, hence the umask: it has to read its programs.
$(READY): requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; make PYTHON=/path/to/it" >&2; exit 1; }
	@echo "Setting up .venv; this happens once and takes about a minute." >&2
	@umask 022 && $(PYTHON) -m venv .venv && $(BIN)/python -m pip install \
		-qq --disable-pip-version-check --no-input --require-hashes -r requirements-dev.txt
	@touch $@
