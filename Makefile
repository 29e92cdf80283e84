# Each command works from a bare clone and makes what it needs: its own .venv from a lock with hashes.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
# A browser for each test process is more than a small machine holds, so no more than this many.
WORKERS ?= 4

# Every server that a test starts would compile the portal anew, were the compiled files not kept.
export PYTHONDONTWRITEBYTECODE :=

PY := .venv/bin/python
# Twice as many as there are processors: half of the time a test waits for a browser or a server. In the order of
# their names, so that the long ones, which have a browser, begin first.
TEST := $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
HOUSE := tests/test_imports.py tests/test_house.py tests/test_texts.py

.PHONY: help run demo test test-fast test-deep mutate lint format bench bench-phone screens words lock
.DEFAULT_GOAL := help

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: .venv/.requirements ## the portal on this machine; HOST=0.0.0.0 for a phone in the same network, PORT=…
	@$(PY) -m tools.run --host $(HOST) --port $(PORT)

demo: .venv/.requirements ## a portal with a made-up practice, apart from your own data
	@SAYSO_DATA=data/demo $(PY) -m tools.run --demo --host $(HOST) --port $(PORT)

test: .venv/.requirements-dev ## every test, in a browser too
	@$(PYTHON) tools/machine.py
	@$(TEST)

test-fast: .venv/.requirements-dev ## every test that needs no browser
	@$(TEST) --ignore tests/browser

test-deep: .venv/.requirements-dev ## each law over ten thousand examples; a hundred phones while a replica is killed
	@$(PY) -m pytest -n auto --maxprocesses $(WORKERS) --hypothesis-profile deep tests/core/test_*_laws.py
	@$(PYTHON) tools/machine.py
	@SAYSO_TESTS=deep $(PY) -m pytest -n auto --maxprocesses $(WORKERS) --dist loadfile -k postgresql tests/core
	@PHONES=100 $(PY) -m pytest tests/browser/test_replicas.py
	@SAYSO_TESTS=deep $(PY) -m pytest tests/browser/test_access_client.py tests/browser/test_access_staff.py tests/browser/test_reception.py

mutate: .venv/.requirements-dev ## change the rules in small places, one at a time: a test has to notice; MODULE=core/policy.py for one
	@nice -n 19 $(PY) -m tools.mutate $(MODULE)

lint: .venv/.requirements-dev ## ruff, mypy, import direction, sizes, words
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@$(PY) -m pytest -q $(HOUSE)

format: .venv/.requirements-dev ## put the code in its one shape
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

bench: .venv/.requirements-dev ## measure, and print the table in the README
	@$(PY) -m bench
	@$(PY) -m bench.sheets
	@$(PY) -m bench.tokens
	@$(PY) -m bench.deidentify
	@$(PY) -m bench.imports
	@$(PY) -m bench.people
	@$(PY) -m bench.flow

bench-phone: .venv/.requirements-dev ## what a client waits for on a slow phone, beside plain Streamlit; some eight minutes
	@$(PYTHON) tools/machine.py --with-node
	@$(MAKE) --no-print-directory bench/lighthouse/node_modules/.package-lock.json || echo "Without Lighthouse, then."
	@$(PY) -m bench.phone_profile

bench/lighthouse/node_modules/.package-lock.json: bench/lighthouse/package-lock.json
	@cd bench/lighthouse && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

screens: .venv/.requirements-dev ## take the pictures in docs/screens again
	@$(PYTHON) tools/machine.py
	@$(PY) -m tools.screens

words: .venv/.requirements-dev ## bring the translations up to their templates, and say what is open
	@$(PY) -m tools.words

lock: .venv/.requirements-dev ## lock the requirements again; UPGRADE=--upgrade for newer ones
	@$(PY) -m tools.lock $(UPGRADE)

.venv/.requirements: requirements.txt
	@$(PYTHON) tools/environment.py requirements.txt

# The second lock holds everything of the first.
.venv/.requirements-dev: requirements-dev.txt
	@$(PYTHON) tools/environment.py requirements-dev.txt
	@touch .venv/.requirements
