# Everything a newcomer needs; each target works alone in a fresh clone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: setup run test lint lock stress evals browser clean

setup: $(VENV)/.ready  ## .venv with the locked packages

$(VENV)/.ready: requirements.lock pyproject.toml
	@echo "Lager .venv og henter pakker (første gang: noen minutter) …"
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Trenger Python 3.11, 3.12 eller 3.13. Prøv: make PYTHON=python3.12 run")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install torch==2.13.0
	$(PIP) install --no-deps -r requirements.lock
	$(PIP) install --no-deps -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(PIP) install --no-deps -r requirements-dev.lock
	@touch $@

run: setup  ## the chat on http://127.0.0.1:7860
	$(BIN)/exit-assistent serve

lint: $(VENV)/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

browser:
	@sh scripts/browser.sh

test: lint browser  ## lint, types, floors, and every test with real parts
	$(BIN)/pytest

stress: $(VENV)/.ready-dev browser  ## the full counts of the fuzz, kill and metamorphic tests; writes docs/stress.md
	$(BIN)/python -m tests.stress

evals: $(VENV)/.ready-dev
	$(BIN)/exit-assistent eval all

lock:  ## resolve again for all platforms (needs uv)
	sh scripts/lock.sh

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
