# Everything runs in .venv, made from the hash-locked requirements files. `make help` lists the commands.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
MINIMUM := 3.10

# The first interpreter that is new enough; PYTHON=/path/to/python overrides.
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python3.10 python
NEW_ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))
PYTHON ?= $(shell for p in $(CANDIDATES); do if $$p -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then echo $$p; break; fi; done)

# What runs the demo's stacks: embedded, pulumi (the Pulumi CLI and the alicloud provider), or auto.
ENGINE ?= embedded

.DEFAULT_GOAL := help
.PHONY: help setup demo test thorough check format bench fidelity lock clean python

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.run ## make the environment that Pulumi and the commands run in

demo: $(VENV)/.run ## the whole delegation, from clone to revoked, on this machine
	@$(BIN)/crossaccount demo --engine $(ENGINE)

test: $(VENV)/.dev check ## every check and every test
	@$(BIN)/python -m pytest --quiet --numprocesses auto

check: $(VENV)/.dev ## style, types and import rules
	@$(BIN)/ruff format --check --quiet . || { echo "run 'make format' to mend the formatting"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >.venv/.imports 2>&1 || { cat .venv/.imports; exit 1; }

format: $(VENV)/.dev ## rewrite the code in the house format
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

thorough: $(VENV)/.dev ## 10,000 generated pairs of policies compared, 1,000 requests each (minutes)
	@CROSSACCOUNT_PAIRS=10000 $(BIN)/python -m pytest -n auto -rP --log-level=INFO tests/property/test_generated_pairs.py

bench: $(VENV)/.bench ## speed, as ratios against peers in one run
	@$(BIN)/python -m benchmarks

fidelity: $(VENV)/.dev ## write docs/fidelity.md anew from the code
	@$(BIN)/python -m crossaccount.localcloud.fidelity >docs/fidelity.md.new && mv docs/fidelity.md.new docs/fidelity.md

lock: ## write the requirements files anew from pyproject.toml (needs uv on the PATH)
	@sh .ci/lock

clean: ## remove the environment, caches and trial states
	rm -rf $(VENV) .crossaccount .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

python:
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(NEW_ENOUGH)' >/dev/null 2>&1 || { \
	  echo "crossaccount needs Python $(MINIMUM) or newer with its venv module, and found none (set PYTHON=/path/to/python3; on Debian: apt install python3-venv)" >&2; exit 1; }

$(VENV)/.run: requirements.txt pyproject.toml | python
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the locked packages into $(VENV) (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "installing the locked test tools into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	@echo "installing the locked benchmark peers into $(VENV)/bench"
	@test -x $(VENV)/bench/bin/python || $(BIN)/python -m venv $(VENV)/bench
	@$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-bench.txt
	@touch $@
