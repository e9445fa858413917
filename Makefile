# Two commands are all a newcomer needs: `make up` and `make test`. Both do the set-up first.

UV_VERSION := 0.13.9
# The first Python that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := .venv/bin
UV := .venv-tools/bin/uv
# The environment is the project's own, whatever the caller's shell has activated.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
ifneq ($(CI),)
export UV_NO_PROGRESS := 1
endif
# Where the system keeps certificates, its own are trusted: networks with an inspecting proxy need that.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= 1
endif

# Each core has a session of its own, with its own servers; a file stays in one, for what its tests share. In the order
# of the files the long ones come early, and no core waits for them at the end.
CORES ?= auto
PARALLEL := -n $(CORES) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: help setup environment server up test check messages format bench

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: environment server  ## make everything ready: Python environment, Temporal server (built once, minutes)

environment: .venv/.synced

server: .venv/.synced
	@$(BIN)/python -m kawal.embedded.setup

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 atau lebih baru tidak ditemukan / Python 3.11 or newer not found" >&2; exit 1; }
	$(PYTHON) -m venv .venv-tools
	.venv-tools/bin/python -m pip install --quiet --disable-pip-version-check --no-input uv==$(UV_VERSION)

.venv/.synced: pyproject.toml uv.lock | $(UV)
	$(UV) sync --locked --python "$$(command -v $(PYTHON))"
	@touch $@

up: setup  ## run Kawal: PostgreSQL, Temporal server, worker; Ctrl-C stops them
	@exec $(BIN)/kawal up $(ARGS)

test: setup  ## run all tests on real servers
	@$(BIN)/python -m kawal.embedded.setup --virtual-time
	$(BIN)/python -m pytest $(PARALLEL) $(ARGS)

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

bench: setup  ## measure speed and size
	@$(BIN)/python -m kawal.embedded.setup --virtual-time
	$(BIN)/python -m benchmarks $(ARGS)
