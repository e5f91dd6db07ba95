# From a bare Python >= 3.10 with pip: each target makes .venv and installs what it needs, once.
# A stamp per set of extras remembers it; a change of pyproject.toml installs again.

PYTHON ?= python3
VENV ?= .venv
# Neighbours share what is compiled: each process takes a stretch of tests, then of what is left.
PYTEST_ARGS ?= -n auto --dist worksteal
# Processes of which each has a thread for every processor wait for each other.
TEST_ENV ?= OMP_NUM_THREADS=1
BENCH_ARGS ?=
THIRDPARTY_ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
TUTORIAL := $(sort $(wildcard examples/custom_differentiation/*.py))

.PHONY: help demo test test-deep lint types bench thirdparty clean
.DEFAULT_GOAL := help

help:
	@echo "make demo   run the tutorial's examples and train two readers of digits"
	@echo "make test   run the tests and the doctests"
	@echo "make test-deep  the same with all cases, also costly ones like others"
	@echo "make lint   ruff"
	@echo "make types  pyright"
	@echo "make bench  measure against hand-written adjoints, autograd and JAX"
	@echo "make thirdparty  differentiate functions of published packages, write docs/thirdparty.md"
	@echo "make clean  remove $(VENV) and caches"

demo: $(VENV)/stamp-examples
	@set -e; for file in $(TUTORIAL); do \
		echo; echo "== $$file"; $(BIN)/python $$file; \
	done
	@echo; echo "== examples/digits.py"
	@$(BIN)/python examples/digits.py
	@echo; echo "== examples/lenet.py"
	@$(BIN)/python examples/lenet.py
	@echo; echo "See also examples/characters.py and examples/variational_autoencoder.py."

test: $(VENV)/stamp-dev
	@echo "== pytest"
	@$(TEST_ENV) $(BIN)/python -m pytest -m "not deep" $(PYTEST_ARGS)

test-deep: $(VENV)/stamp-dev
	@echo "== pytest, with deep cases"
	@$(TEST_ENV) $(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/stamp-dev
	@echo "== ruff"
	@$(BIN)/ruff check .

types: $(VENV)/stamp-types
	@echo "== pyright"
	@$(BIN)/pyright

bench: $(VENV)/stamp-bench
	@echo "== benchmarks/run.py"
	@$(BIN)/python -m benchmarks.run $(BENCH_ARGS)
	@echo "== benchmarks/nn.py"
	@$(BIN)/python -m benchmarks.nn

thirdparty: $(VENV)/stamp-thirdparty
	@echo "== tests/thirdparty/run.py"
	@$(BIN)/python -W ignore -m tests.thirdparty.run $(THIRDPARTY_ARGS)

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/stamp-venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "s2sdiff needs Python >= 3.10; name one with: make PYTHON=/path/to/python3"; exit 1; }
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		echo "== using the environment in $(VENV)"; \
	else \
		echo "== making an environment in $(VENV) with $$($(PYTHON) --version)"; \
		$(PYTHON) -m venv --clear $(VENV); \
	fi
	@touch $@

$(VENV)/stamp-%: pyproject.toml | $(VENV)/stamp-venv
	@echo "== installing s2sdiff[$*] into $(VENV)"
	@$(PIP) --editable '.[$*]'
	@touch $@

.PRECIOUS: $(VENV)/stamp-venv $(VENV)/stamp-%
