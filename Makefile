# Each target is complete on a fresh machine with Python 3.11 or newer: it makes $(VENV), installs what it needs, then runs.
# A stamp in $(VENV) that is newer than pyproject.toml means: installed already.

VENV ?= .venv
BUILD ?= build
WORKERS ?= 2
MODEL := gaussian-full
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

# The first interpreter on PATH that is new enough; `make demo PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$p -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then echo $$p; exit; fi; done; echo python3)

PY := $(VENV)/bin/python
DERIVE := $(VENV)/bin/derive
PIP := $(PY) -m pip --disable-pip-version-check -qq install
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist loadgroup

.DELETE_ON_ERROR:
.PHONY: help demo test test-slow test-all lint format bench docs generate clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

$(PY):
	@$(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { \
	echo "derive needs Python 3.11 or newer, and $(PYTHON) is" \
	"$$($(PYTHON) --version 2>/dev/null || echo 'not found'); name another: make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/.installed-run: pyproject.toml | $(PY)
	@echo "installing derive into $(VENV)"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(PY)
	@echo "installing derive and what its tests need into $(VENV)"
	@$(PIP) --editable '.[test]'
	@touch $(VENV)/.installed-run $@

$(VENV)/.installed-dev: pyproject.toml | $(PY)
	@echo "installing derive, what its tests need and the static checks into $(VENV)"
	@$(PIP) --editable '.[dev]'
	@touch $(VENV)/.installed-run $(VENV)/.installed-test $@

demo: $(VENV)/.installed-run ## derive, verify and generate gaussian-full, then fit Old Faithful
	@mkdir -p $(BUILD)
	$(DERIVE) verify $(MODEL)
	$(DERIVE) generate $(MODEL) -o $(BUILD)/gaussian_full.py
	$(DERIVE) notebook $(MODEL) -o $(BUILD)/gaussian_full.ipynb
	$(DERIVE) show $(MODEL) --format html -o $(BUILD)/gaussian_full.html
	$(DERIVE) fit derive/datasets/faithful.csv --model $(MODEL) -k 2 --seed 0 \
		-o $(BUILD)/faithful.json --plot $(BUILD)/faithful.png
	@echo
	@echo "Left in $(BUILD)/:"
	@echo "  gaussian_full.html   the derivation, every step with its certificate; open it in a browser"
	@echo "  gaussian_full.py     the EM updates that follow from it: NumPy only, yours to copy"
	@echo "  gaussian_full.ipynb  derivation, code and EM on real data in one notebook"
	@echo "  faithful.json        the two components found in the eruptions of Old Faithful"
	@echo "  faithful.png         their picture"

test: $(VENV)/.installed-test ## run the tests (not the slow ones)
	$(PYTEST) -m 'not slow'

test-all: $(VENV)/.installed-test ## run every test, with many seeds and thousands of mutants
	$(PYTEST) --hypothesis-profile=thorough

test-slow: $(VENV)/.installed-test ## run the slow tests only: many seeds and thousands of mutants
	$(PYTEST) -m slow --hypothesis-profile=thorough

lint: $(VENV)/.installed-dev ## style, types, layers, and whether generated/ is current
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(DERIVE) generate --check

format: $(VENV)/.installed-dev ## put the code into shape
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

generate: $(VENV)/.installed-run ## write generated/ anew
	$(DERIVE) generate

docs: $(VENV)/.installed-run ## write the derivation of every model into docs/models/, and the output that README.md shows
	$(PY) docs/build.py

bench: $(VENV)/.installed-test ## time one EM iteration beside other programs and the machine's limit
	$(DERIVE) benchmark $(MODEL)

clean: ## remove everything that can be made again
	rm -rf $(VENV) $(BUILD) dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find derive generated templates tests -name __pycache__ -type d -prune -exec rm -rf {} +
