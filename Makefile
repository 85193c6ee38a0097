# Needs Python 3.11 or newer with venv, and make; everything else is installed from locked hashes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test check crash faults protections lock docs clean

demo: $(VENV)/.demo
	@$(BIN)/st-wizard demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

# Half an hour and more: kills the wizard at every point of every change, and resumes it.
crash: $(VENV)/.dev
	$(BIN)/python -m tests.crash
	ST_WIZARD_STRIDE=5 ST_WIZARD_RACES=1000 $(BIN)/python -m pytest -n 2 tests/session/test_damage.py tests/session/test_races.py

# Every changing operation of both checklists meets every fault; SINGLY=1 makes a run for each.
faults: $(VENV)/.dev
	$(BIN)/python -m tests.crash.faults $(if $(SINGLY),--singly)

# Switches each protection off, in a copy, and sees its tests fail; ONLY="name name" chooses some.
# The rows go into docs/promises.md.
protections: $(VENV)/.dev
	$(BIN)/python -m tests.protections --write $(ONLY)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("st-wizard needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

# The locks name everything, so nothing is left to resolve: older versions of pip stumble over what
# is wanted with an extra and has its hash without.
$(VENV)/.demo: requirements/demo.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --no-deps --require-hashes -r requirements/demo.txt
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --no-deps --require-hashes -r requirements/dev.txt
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

# Needs uv. Locks hold hashes and no address, so that they work with any package index.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
lock:
	$(LOCK) --all-extras --group build pyproject.toml -o requirements/demo.txt
	$(LOCK) --all-extras --group build --group dev -c requirements/demo.txt pyproject.toml -o requirements/dev.txt

# Needs rsvg-convert, pngquant, chromium, and the font DejaVu Sans Mono.
docs: $(VENV)/.demo
	$(BIN)/python docs/make_pictures.py
	$(BIN)/python docs/make_region_pictures.py
	$(BIN)/python docs/make_report_pictures.py

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
