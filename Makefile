# duban: "make run" shows what it does, "make test" checks it. Needs make and Python 3.11 or later.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
# The first Python on the path that is new enough; say make PYTHON=… to choose another.
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install

.DEFAULT_GOAL := help
.PHONY: help run test bench soak accuracy samples schema clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: $(VENV)/.run ## read the samples into outputs/ and print the summary
	$(BIN)/duban run samples

test: $(VENV)/.test ## style, types, layers and all tests
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto

bench: $(VENV)/.test ## speed against the libraries beneath, of the start, and of 10,000 notices into one inbox
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/formats.py --speed
	$(BIN)/python benchmarks/scans.py
	$(BIN)/python benchmarks/inbox.py
	$(BIN)/python benchmarks/compare.py $(or $(SHARED),../shared)

soak: $(VENV)/.test ## kill the watcher in 200 rounds of 60 files: each arrives exactly once
	$(BIN)/python tests/soak.py --rounds 200

accuracy: $(VENV)/.run ## score the records of real notices in SHARED (../shared) into docs/accuracy.md
	$(BIN)/python benchmarks/accuracy.py $(or $(SHARED),../shared) --write

samples: $(VENV)/.test ## build samples/ anew from samples/source
	$(BIN)/python samples/build/build.py

schema: $(VENV)/.run ## write schemas/notice.schema.json and docs/data-dictionary.md anew from the code
	$(BIN)/python -m schemas.generate
	$(BIN)/python -m pipeline.export.dictionary

clean: ## remove the environment, caches and what runs made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find outputs -mindepth 1 ! -name README.md -delete

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "duban needs Python 3.11 or later; install it, or say make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python can't make virtual environments. On Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: setup.cfg pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: setup.cfg pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[ocr,samples,test]'
	@touch $@ $(VENV)/.run
