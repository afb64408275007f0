# Every verb is one call of the command `balans`, in the environment that `make setup` makes.
# Variables: TABLES= (make data), CHECK= (make regiocheck), REGION= (make region), REGIONS= (make book), ENGINE=warm|kernel, SCHEDULER=processes|serial, PORT=, MUTANTS=, UPGRADE= (make lock), PYTHON= and UV= (set-up).

ENGINE ?= warm
SCHEDULER ?= processes
PORT ?= 8000
CHECK ?= drempel-50000
RUN := .venv/bin/

.DEFAULT_GOAL := help
.PHONY: help setup ready lock architecture data process book region regiocheck serve lab test test-all check goldens mutants bench clean

help: ## print the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ready ## make .venv with the locked packages (the other verbs do this by themselves)   [PYTHON=python3.13 UV=]
	@echo ".venv is ready: $$($(RUN)python --version)"

# Looks at .venv/ready, and makes .venv when it is not of this folder, Python and lock; not by time, for a checkout of an
# older commit has older files, and a folder can be moved.
ready:
	@sh tools/setup.sh

lock: ready ## solve requirements.lock for every Python and platform, and check it (needs a network)   [UPGRADE=1]
	@$(RUN)python -m tools.lock $(if $(UPGRADE),--upgrade)

architecture: ready ## draw the rooms of the code into docs/architecture.md
	@$(RUN)python -m tools.draw_architecture

data: ready ## refresh data/raw from the sources (needs a network)   [TABLES="70072ned"]
	@$(RUN)balans data --tables "$(TABLES)"

process: ready ## make the tables of data/processed
	@$(RUN)balans process

book: ready ## make the book: _build/html/index.html   [REGIONS="a b"]
	@$(RUN)balans book --regions "$(REGIONS)" --engine $(ENGINE:inprocess=warm) --scheduler $(SCHEDULER)

region: ready ## make the page of one region   REGION=GM1680|CR39|PV31|my-region.yml
	@test -n "$(REGION)" || { echo "Say which region: make region REGION=parkstad-limburg (all: balans region list)" >&2; exit 2; }
	@$(RUN)balans region make "$(REGION)" --engine $(ENGINE:inprocess=warm)

regiocheck: ready ## what a key or a norm does to each region   [CHECK=drempel-50000|my-check.yml]
	@$(RUN)balans regiocheck "$(CHECK)"

serve: ready ## serve the built book on this machine   [PORT=8000]
	@$(RUN)balans serve --port $(PORT)

lab: ready ## open the notebooks in JupyterLab
	@$(RUN)jupyter lab notebooks

test: ready ## run the tests, the built book in a browser included
	@$(RUN)python -m pytest -q -m "not slow"

test-all: ready ## run every test
	@$(RUN)python -m pytest -q

check: ready ## lint, types, layers, and every test with coverage
	@$(RUN)ruff check . && $(RUN)ruff format --check . && $(RUN)mypy && $(RUN)lint-imports
	@$(RUN)python -m pytest -q --cov --cov-report=term

goldens: ready ## write down anew what every page says (tests/published), and show what changed
	@$(RUN)python -m tests.published.renew

mutants: ready ## put small faults into the code, and see that the tests notice   [MUTANTS="tasks region-"]
	@$(RUN)python -m tools.fixed_mutants $(MUTANTS)

bench: ready ## measure: each benchmark beside its plain alternative
	@$(RUN)python -m pytest benchmarks -q --benchmark-only --benchmark-columns=median,min,rounds

clean: ready ## remove everything that is generated
	@$(RUN)balans clean
