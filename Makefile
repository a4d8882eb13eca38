# make run    set up and serve on http://127.0.0.1:8000 (PORT= moves it); nothing else is needed
# make test   set up and run every test, with a PostgreSQL and a browser of its own
# make check  format, lint, types, imports, catalogues
# make bench  speed, as ratios against a named limit

PORT ?= 8000
BIN := .venv/bin
CATALOGUES := $(wildcard app/web/translations/*/LC_MESSAGES/messages.po)

.PHONY: setup run test check bench format translations lock

setup: .venv/run.done

.venv/run.done: requirements.txt bin/setup $(CATALOGUES)
	bin/setup requirements.txt
	touch $@

.venv/dev.done: requirements-dev.txt .venv/run.done
	bin/setup requirements-dev.txt
	touch $@

run: setup
	@$(BIN)/python -c "import socket; socket.create_connection(('127.0.0.1', $(PORT)), 1)" 2>/dev/null \
		&& { echo "Port $(PORT) is in use. Choose another: PORT=8080 make run" >&2; exit 1; } || true
	$(BIN)/flask --app wsgi db upgrade
	$(BIN)/flask --app wsgi seed
	PUBLIC_URL=$${PUBLIC_URL:-http://127.0.0.1:$(PORT)} $(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --workers 2 --blocking-threads 4 --no-ws wsgi:app

test: .venv/dev.done
	bin/test-services
	$(BIN)/pytest

check: .venv/dev.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python bin/catalogues.py check

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
