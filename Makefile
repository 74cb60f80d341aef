# make demo    set up .venv and take the shipped example from data to report and package
# make test    set up .venv and run all checks and tests
# make clean   remove .venv and what tools leave behind
#
# Another interpreter: make PYTHON=python3.12 demo
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test clean environment FORCE
.DEFAULT_GOAL := help

help:
	@sed -n '/^#/!q;s/^# \{0,1\}//p' Makefile

demo: $(VENV)/ready
	@$(BIN)/guiju demo
	@echo "(命令 · the command: $(BIN)/guiju)"

test: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses auto

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/ready: $(VENV)/made-in pyproject.toml
	@$(PIP) --editable '.[excel,report,sign]'
	@touch $@

$(VENV)/ready-dev: $(VENV)/made-in pyproject.toml
	@$(PIP) --editable '.[dev]'
	@touch $(VENV)/ready $@

# The environment remembers its folder: when the project was moved or copied, it is made anew.
$(VENV)/made-in: FORCE
	@test "$$(cat $@ 2>/dev/null)" = "$$(pwd)" || $(MAKE) --no-print-directory environment

environment:
	@$(PYTHON) -c '' 2>/dev/null || { echo "cannot run $(PYTHON); name a Python 3.11 or newer: make PYTHON=python3.12 demo"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "guiju needs Python 3.11 or newer and $(PYTHON) is older; name another: make PYTHON=python3.12 demo"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) has no venv: apt install python3-venv, or name another Python: make PYTHON=python3.12 demo"; exit 1; }
	@echo "setting up $(VENV), once; this takes a minute"
	@$(PYTHON) -m venv --clear $(VENV)
	@pwd > $(VENV)/made-in
