# Everything a newcomer needs: `make demo` and `make test`. Needs Python 3.11, git and make; installs into .venv alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-slow check clean

demo: $(READY)
	$(BIN)/live-scribe demo

# Tests of the service wait for it a good half of their time: more of them than there are cores may run.
test: $(READY)
	$(BIN)/python -m pytest -m "not slow" --numprocesses 4

test-slow: $(READY)
	$(BIN)/python -m pytest -m slow

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(MAKE) test

# Made anew when what is to be installed has changed.
$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[all,dev]"
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
