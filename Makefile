# Two commands on a fresh machine: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export DAGSTER_HOME := $(CURDIR)/.dagster
export DAGSTER_DISABLE_TELEMETRY := yes
# Empty, whatever the machine has: without compiled files every process of a test compiles the program anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup demo test types suite test-spark test-thorough lint bench bench-small dagster docs picture clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: $(READY) ## make the environment in .venv from the hash lock

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: apt-get install python3.11 python3.11-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The module venv is needed: apt-get install python3.11-venv"; exit 1; }
	@echo "Installing into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .ci/uv.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY) ## generate a small national delivery, settle it, show the settlement and the report's place
	@$(BIN)/isf demo

# Tests wait for browsers, disks and each other: with one process more than processors none is idle.
TESTERS = $(shell expr $$(nproc) + 1)

test: $(READY) ## run the linters and all tests, on all processors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/python -m tests.browser
	@$(MAKE) --no-print-directory -j2 types suite

types: $(READY) ## mypy alone
	@$(BIN)/mypy pipelines

suite: $(READY) ## the tests alone
	@$(BIN)/pytest -n $(TESTERS) --maxprocesses 8 --dist loadfile --no-loadscope-reorder

test-spark: $(READY) ## run the tests on a real cluster of this machine; installs Java 17 (as root) and Spark
	@command -v java >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -qq -y openjdk-17-jre-headless; } \
		|| { echo "Java 17 is needed: apt-get install openjdk-17-jre-headless"; exit 1; }
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --require-hashes -r requirements-spark.lock
	@$(BIN)/pytest tests/cluster

test-thorough: $(READY) ## the same tests with many more seeds and examples (hours)
	@ISF_TESTS=thorough $(MAKE) --no-print-directory test

lint: $(READY) ## ruff, mypy and the style of the SQL
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy pipelines
	@$(BIN)/pytest tests/unit/test_sql_style.py

bench: $(READY) ## measure on the national year (two to four hours); results in docs/benchmarks.md
	@$(BIN)/python -m tests.benchmarks.run

bench-small: $(READY) ## the cost of each step of a settlement at scale 0.02, beside the recorded; RECORD=1 writes it down
	@$(BIN)/python -m tests.benchmarks.budget $(if $(RECORD),--record)

dagster: $(READY) ## open the pipeline in Dagster's web page
	@mkdir -p $(DAGSTER_HOME) && cp pipelines/orchestration/dagster.yaml $(DAGSTER_HOME)/dagster.yaml
	@PYTHONWARNINGS=ignore::FutureWarning $(BIN)/dagster dev -w workspace.yaml

docs: $(READY) ## write the generated pages of docs/ anew
	@$(BIN)/python -m tests.docs.write

picture: $(READY) ## take the README's picture anew, of the demo's settlement page; needs Chromium
	@$(BIN)/python -m tests.docs.picture

clean: ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis build *.egg-info
