# make run    set up, serve on http://127.0.0.1:8000 (PORT= moves it) and collect; nothing else is needed
# make lab    the same with made-up prices from a local stand-in for every source
# make test   set up and run every test, with a PostgreSQL and a browser of its own
# make check  format, lint, types, imports, catalogues
# make faults every fault of sources and of our own house, on both databases, counted
# make axe    every kind of page in every language, size and colour scheme, by axe and a ruler
# make lighthouse  the main pages by Lighthouse, which npx fetches unless LIGHTHOUSE names it
# make bench  speed, as ratios against a named limit

PORT ?= 8000
BIN := .venv/bin
CATALOGUES := $(wildcard app/web/translations/*/LC_MESSAGES/messages.po app/web/work/translations/*/LC_MESSAGES/work.po)

.PHONY: setup run lab faults axe lighthouse test check bench format translations lock

setup: .venv/run.done

.venv/run.done: requirements.txt bin/setup $(CATALOGUES)
	bin/setup requirements.txt
	touch $@

.venv/dev.done: requirements-dev.txt .venv/run.done
	bin/setup requirements-dev.txt
	touch $@

run: setup
	PORT=$(PORT) bin/serve

lab: setup
	PORT=$(PORT) bin/lab

test: .venv/dev.done
	bin/test-services
	$(BIN)/pytest -n 2 --dist loadfile

check: .venv/dev.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python bin/catalogues.py check

faults: .venv/dev.done
	bin/test-services
	MALLOC_ARENA_MAX=1 $(BIN)/python -m tests.faults

axe: .venv/dev.done
	bin/test-services
	$(BIN)/python -m tests.axe

lighthouse: .venv/dev.done
	bin/test-services
	$(BIN)/python -m tests.axe.lighthouse

bench: .venv/dev.done
	$(BIN)/python -m bench

format: .venv/dev.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

translations: .venv/dev.done
	$(BIN)/python bin/catalogues.py update

lock: .venv/dev.done
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header requirements-dev.in -o requirements-dev.txt
