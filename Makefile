# One command per target. `make run` and `make test` need nothing but Python 3.11 or newer and make.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8080
BIN = $(VENV)/bin
STAMP = $(VENV)/.installed

# A file of tests runs in one process, because its tests share a service. The slow ring begins. Much of it waits, so that
# there are two processes more than there are processors.
PYTEST = $(BIN)/python -m pytest -n $$(($$(nproc) + 2)) --dist loadfile --no-loadscope-reorder

.PHONY: help run compiled test test-cluster unit service system lint types check demo package bench bench-cluster bench-million bench-history soak attack clean

help:
	@echo "make run [PORT=8080]   start the service"
	@echo "make test              run the tests: all of the next three"
	@echo "make unit              run those that start no service"
	@echo "make service           run those of a real gunicorn, nginx and browser"
	@echo "make system [URL=…]    run those that know a URL and nothing else; without one a service is started"
	@echo "make test-cluster      run those of the engine for several hosts (needs postgresql, pgbouncer, iproute2 and faketime)"
	@echo "make check             lint, types, tests"
	@echo "make demo              start the service with a stub provider on loopback, which costs nothing"
	@echo "make contact-sheet     write pictures of the offline artist to ./scratch, to look at"
	@echo "make package           build wheel and sdist"
	@echo "make bench             compare the speed with frozen baselines (needs wrk and nginx, six minutes)"
	@echo "make bench-cluster     measure a host of several beside a data folder, and its gallery (postgresql, an hour)"
	@echo "make attack [MINUTES=…]  two hours of random harm to two services, with an audit every few minutes"
	@echo "make bench-history     measure what a long history costs (an hour, 10 GB below ./build)"
	@echo "make bench-million     measure the gallery with 100 to 1,000,000 pictures (half an hour, 10 GB of disk)"
	@echo "make soak              kill, stop and starve real services, then load one for ten minutes while it reloads"

# The interpreter is checked before anything is created, so that the message names the remedy.
$(STAMP): setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed ($$($(PYTHON) --version 2>&1) found): make run PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing: apt-get install python3-venv"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

run: $(STAMP)
	@$(BIN)/dalleserver run --port $(PORT)

# Tests start a thousand processes, which write no bytecode: each would compile all modules for itself.
compiled: $(STAMP)
	@$(BIN)/python -m compileall -q app dalle tests

test: compiled
	$(PYTEST) tests/service tests/system tests/unit

test-cluster: compiled
	$(PYTEST) tests/cluster

unit: compiled
	$(PYTEST) tests/unit

service: compiled
	$(PYTEST) tests/service

system: compiled
	$(PYTEST) tests/system $(if $(URL),--url $(URL))

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

check: lint types test

# The stub gets the next port; both end with this command.
demo: $(STAMP)
	@$(BIN)/python -m tests.stub_openai --port $$(($(PORT) + 1)) --latency 3 & stub=$$!; \
	  trap "kill $$stub 2>/dev/null" EXIT INT TERM; \
	  OPENAI_API_KEY=sk-demo OPENAI_BASE_URL=http://127.0.0.1:$$(($(PORT) + 1))/v1 \
	  TB_DALLE_DATA_DIR=$(CURDIR)/scratch/demo $(BIN)/dalleserver run --port $(PORT)

package: $(STAMP)
	$(BIN)/python -m build

# Ends with an error if a ratio misses its target; build/bench.json has all figures.
bench: $(STAMP)
	timeout -s INT 600 $(BIN)/python -m bench.speed

bench-cluster: $(STAMP)
	$(BIN)/python -m bench.cluster.served
	$(BIN)/python -m bench.cluster.pages
	$(BIN)/python -m bench.cluster.gallery

HISTORY = build/history
bench-million: $(STAMP)
	$(BIN)/python -m bench.million

# What a long history costs; the folder is removed.
bench-history: $(STAMP)
	rm -rf $(HISTORY)
	$(BIN)/python -m bench.history $(HISTORY)/data \
	  --calls 2000 --failures 100000 --locks 1000000 --texts 1000000 --journal 50
	rm -rf $(HISTORY)

# First the long form of tests/service/test_survival.py, and a LiteLLM proxy, which is installed below build/ at the
# first use. Part of it: python -m tests.soak "behind LiteLLM". Then large crowds and many deaths on several hosts.
soak: $(STAMP)
	$(BIN)/python -m tests.soak
	DALLE_LONG=1 $(BIN)/python -m pytest tests/cluster/test_payers.py tests/cluster/net
	$(BIN)/python -m bench.soak 600

# Random harm for as long as MINUTES says; another SEED does other things.
attack: $(STAMP)
	$(BIN)/python -m tests.soak.attack --minutes $(or $(MINUTES),120) --seed $(or $(SEED),1)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache

.PHONY: contact-sheet
contact-sheet: $(STAMP)
	$(BIN)/python -m bench.contact_sheet scratch
