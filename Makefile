# What a developer does with this project; `make help` lists it.
BIN := .venv/bin
CODE := kiosk firmware_bridge tests
BENCHES := $(patsubst tests/bench/bench_%.py,%,$(wildcard tests/bench/bench_*.py))
UV_COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --system-certs --universal --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help setup demo gallery references test check lint bench bench-all nightly check-arm lock assets guide translations clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## prepare this machine: system packages with apt, and .venv from the lock
	@bash .ci/setup

translations: setup ## bring the catalogues up to what the screens say; what is new there waits for a translation
	@$(BIN)/python .ci/catalogues.py update

demo: setup guide ## a whole visit on this machine; options in DEMO="--headless --visit-s 20"; SFU=janus through Janus
	$(BIN)/visit-kiosk demo $(DEMO) $(if $(SFU),--sfu $(SFU))

guide: setup ## render what is new in the spoken guide; without espeak-ng there is none, and nothing else is missing
	@$(BIN)/python .ci/make_speech.py || echo "The spoken guide could not be made. The rest works without it."

gallery: setup ## every screen in every language and look as pictures, and what is wrong with any, in build/gallery; QUICK=1 fewer
	$(BIN)/python -m tests.ui.gallery $(if $(QUICK),--quick)

references: setup ## draw anew the few screens that the tests compare, after they were changed on purpose
	$(BIN)/python -m tests.ui.references

test: setup ## every check and every test; goes on to the end whatever fails
	@$(BIN)/python .ci/run_tests.py $(MAKE) --no-print-directory lint

check: setup lint ## every check, and the tests that are fast: no journey, nothing marked slow
	@echo "== pytest: all but the journeys and what is slow"
	@$(BIN)/pytest -m "not journey and not slow"

lint: # what needs no run of the programs
	@echo "== ruff: format"
	@$(BIN)/ruff format --check --quiet .
	@echo "== ruff: rules"
	@$(BIN)/ruff check --quiet .
	@echo "== mypy"
	@$(BIN)/mypy $(CODE)
	@$(BIN)/mypy $(wildcard .ci/*.py)
	@echo "== import-linter"
	@$(BIN)/lint-imports

bench: setup ## the call beside Chromium, in one table; QUICK=1 shorter; LINKS=1 how links hold and services scale; BENCH=readers another one alone
	@$(BIN)/python -m tests.bench$(if $(BENCH),.bench_$(BENCH)) $(if $(LINKS),--links) $(if $(QUICK),--quick)

bench-all: setup ## every bench alone, one after the other; this takes hours
	@for name in $(BENCHES); do echo "== $$name"; $(BIN)/python -m "tests.bench.bench_$$name" || exit 1; done

nightly: setup ## what takes long: random and damaged bytes at each parser of the bridge, other ones each day; the whole gallery
	@$(BIN)/python -m tests.bench.bench_parsers --seed $(shell date +%Y%m%d)
	@$(BIN)/python -m tests.ui.gallery

check-arm: setup ## does all that is installed have a wheel for 64-bit ARM?
	@mkdir -p build
	@$(UV_COMPILE) --all-extras --constraint requirements.lock --format pylock.toml -o build/pylock.arm.toml
	@$(BIN)/python .ci/check_arm.py requirements.lock build/pylock.arm.toml

lock: setup ## choose anew the version and the hashes of every Python package
	$(UV_COMPILE) --all-extras --upgrade --generate-hashes --no-annotate \
		--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' -o requirements.lock

assets: setup ## build anew what lies in assets: fonts, what the programs read of the catalogues, the spoken guide
	@$(BIN)/python .ci/make_fonts.py assets/fonts
	@$(BIN)/python .ci/catalogues.py compile
	@$(BIN)/python .ci/make_speech.py

clean: ## remove all that was made here
	rm -rf .venv build .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
