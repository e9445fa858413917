# Two commands are all a newcomer needs: `make up` and `make test`. Both do the set-up first.

UV_VERSION := 0.13.9
# The first Python that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
# Looked for once, not wherever it is named.
PYTHON := $(PYTHON)
BIN := .venv/bin
UV := .venv-tools/bin/uv
# The environment is the project's own, whatever the caller's shell has activated.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
# Compiled modules are kept, whatever the caller's shell says: else each of the many processes compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
ifneq ($(CI),)
export UV_NO_PROGRESS := 1
endif
# Where the system keeps certificates, its own are trusted: networks with an inspecting proxy need that.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= 1
endif

# Each process has a session of its own, with its own servers; a file stays in one, for what its tests share. There is
# one process more than cores: while one waits for a server or a clock, another works. The longest files come first
# (tests/selection.py), and no core waits for them at the end.
CORES ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() + 1)')
PARALLEL = -n $(CORES) $(BY_FILE)
BY_FILE = --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# A browser keeps more than one core busy: as many processes as cores are enough.
BROWSERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count())')

# What stands first in a rule comes first: the forecast before what it foretells.
.NOTPARALLEL:
.PHONY: help setup foretell environment server up demo test test-full test-fast test-system check messages format bench

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: foretell .venv/.runtime server  ## make everything ready: Python packages, Temporal server (built once, minutes)

define need-python
@test -n "$(PYTHON)" || { echo "Python 3.11 atau lebih baru tidak ditemukan / Python 3.11 or newer not found" >&2; exit 1; }
endef

# Before anything long: what comes, how long it takes, how much disk. The machine's own Python says it.
foretell:
	$(need-python)
	@$(PYTHON) -m kawal.embedded.first_start $(if $(wildcard .venv/.runtime),,--packages)

environment: .venv/.dev

server: .venv/.runtime
	@KAWAL_FIRST_START_FORETOLD=1 $(BIN)/python -m kawal.embedded.setup

# Debian and its kin ship Python without venv; the package is named after the interpreter.
$(UV):
	$(need-python)
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		package=$(notdir $(PYTHON))-venv; \
		echo "Modul venv untuk Python tidak ditemukan; pasang dengan: apt install $$package / The venv module of Python was not found; install it: apt install $$package" >&2; \
		exit 1; }
	$(PYTHON) -m venv .venv-tools
	.venv-tools/bin/python -m pip install --quiet --disable-pip-version-check --no-input uv==$(UV_VERSION)

SYNC = $(UV) sync --locked --python "$$(command -v $(PYTHON))"

# Two stamps for one environment. Whoever runs Kawal gets what it needs, and whoever has the developer's packages keeps
# them (--inexact); the developer's stamp stands for both, so that neither goal ever undoes the other's work.
.venv/.runtime: pyproject.toml uv.lock | $(UV)
	$(SYNC) --no-dev --inexact
	@touch $@

.venv/.dev: pyproject.toml uv.lock | $(UV)
	$(SYNC)
	@touch .venv/.runtime $@

up: setup  ## run Kawal: PostgreSQL, Temporal server, worker; Ctrl-C stops them
	@exec $(BIN)/kawal up $(ARGS)

demo: setup  ## look around: the year 2022 behind the pages, one press signs in; Ctrl-C stops it, ARGS=--anew begins anew
	@KAWAL_FIRST_START_FORETOLD=1 $(BIN)/python -m kawal.embedded.setup --virtual-time
	@exec $(BIN)/kawal demo scenarios/kepri-2022.csv $(ARGS)

test: foretell environment setup  ## run all tests on real servers; nothing of the system's is needed
	@$(BIN)/python -m kawal.embedded.setup --virtual-time
	$(BIN)/python -m pytest $(PARALLEL) --ignore tests/system $(ARGS)

# As often as it takes to find what happens once in a thousand times: before a release, not at every change.
test-full: export KAWAL_LIVES := 1000
test-full: test  ## run them with the long campaign whole: a thousand lives

test-fast: environment  ## run the tests that need no server, within half a minute
	$(BIN)/python -m pytest $(PARALLEL) --ignore tests/system --fast $(ARGS)

# Programs of the system that no package of Python brings. They are installed where that is allowed; where one stays
# missing, the goal fails.
# Debian keeps servers' programs where only root looks.
test-system: export PATH := $(PATH):/usr/sbin
test-system: foretell environment setup  ## run the tests with the system's own programs (Debian's packages)
	@$(BIN)/python -m tools.system_packages
	@$(BIN)/python -m kawal.embedded.setup --virtual-time
	$(BIN)/python -m pytest tests/system -n $(BROWSERS) $(BY_FILE) $(ARGS)

check: environment  ## format, lint, types, import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m tools.messages --check

messages: environment  ## put every message into the catalogues, and compile them
	$(BIN)/python -m tools.messages

format: environment  ## put the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: foretell environment setup  ## measure speed and size
	@$(BIN)/python -m kawal.embedded.setup --virtual-time
	$(BIN)/python -m benchmarks $(ARGS)
