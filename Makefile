# Every verb is one call of the command `balans`, in the environment that `make setup` makes.
# Variables: REGION= (make region), REGIONS= (make book), ENGINE=inprocess|kernel, SCHEDULER=processes|serial, CHECK= (make
# regiocheck), PORT=.

ENGINE ?= inprocess
SCHEDULER ?= processes
PORT ?= 8000
CHECK ?= drempel-50000
READY := .venv/ready
RUN := .venv/bin/

.DEFAULT_GOAL := help
.PHONY: help setup process book region regiocheck serve lab test test-all check bench clean

help: ## print the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## make .venv with the locked packages (the other verbs do this by themselves)

$(READY): requirements.lock pyproject.toml
	@sh tools/setup.sh

process: $(READY) ## make the tables of data/processed
	@$(RUN)balans process

book: $(READY) ## make the book: _build/html/index.html   [REGIONS="a b"]
	@$(RUN)balans book --regions "$(REGIONS)" --engine $(ENGINE) --scheduler $(SCHEDULER)

region: $(READY) ## make the page of one region   REGION=parkstad-limburg
	@test -n "$(REGION)" || { echo "Say which region: make region REGION=parkstad-limburg" >&2; exit 2; }
	@$(RUN)balans region "$(REGION)" --engine $(ENGINE)

regiocheck: $(READY) ## what a key or norm does per region   [CHECK=drempel-50000 or CHECK=own.yml]
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
