# Every verb is one call of the command `balans`, in the environment that `make setup` makes.
# Variables: TABLES= (make data), CHECK= (make regiocheck), REGION= (make region), REGIONS= (make book), ENGINE=warm|kernel, SCHEDULER=processes|serial, PORT=.

ENGINE ?= warm
SCHEDULER ?= processes
PORT ?= 8000
CHECK ?= drempel-50000
READY := .venv/ready
RUN := .venv/bin/

.DEFAULT_GOAL := help
.PHONY: help setup data process book region regiocheck serve lab test test-all check bench clean

help: ## print the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## make .venv with the locked packages (the other verbs do this by themselves)

$(READY): requirements.lock pyproject.toml
	@sh tools/setup.sh

data: $(READY) ## refresh data/raw from the sources (needs a network)   [TABLES="70072ned"]
	@$(RUN)balans data --tables "$(TABLES)"

process: $(READY) ## make the tables of data/processed
	@$(RUN)balans process

book: $(READY) ## make the book: _build/html/index.html   [REGIONS="a b"]
	@$(RUN)balans book --regions "$(REGIONS)" --engine $(ENGINE:inprocess=warm) --scheduler $(SCHEDULER)

region: $(READY) ## make the page of one region   REGION=GM1680|CR39|PV31|my-region.yml
	@test -n "$(REGION)" || { echo "Say which region: make region REGION=parkstad-limburg (all: balans region list)" >&2; exit 2; }
	@$(RUN)balans region make "$(REGION)" --engine $(ENGINE:inprocess=warm)

regiocheck: $(READY) ## what a key or a norm does to each region   [CHECK=drempel-50000|my-check.yml]
	@$(RUN)balans regiocheck "$(CHECK)"

serve: $(READY) ## serve the built book on this machine   [PORT=8000]
	@$(RUN)balans serve --port $(PORT)

lab: $(READY) ## open the notebooks in JupyterLab
	@$(RUN)jupyter lab notebooks

test: $(READY) ## run the tests, the built book in a browser included
	@$(RUN)python -m pytest -q -m "not slow"

test-all: $(READY) ## run every test
	@$(RUN)python -m pytest -q

check: $(READY) ## lint, types, and every test with coverage
	@$(RUN)ruff check . && $(RUN)ruff format --check . && $(RUN)mypy
	@$(RUN)python -m pytest -q --cov --cov-report=term

bench: $(READY) ## measure: each benchmark beside its plain alternative
	@$(RUN)python -m pytest benchmarks -q --benchmark-only --benchmark-columns=median,min,rounds

clean: $(READY) ## remove everything that is generated
	@$(RUN)balans clean
