# The commands that people and CI both run. Each makes .venv itself.
PORT   ?= 8000
VENV   := .venv/.ready
TOOLS  := openapi/tools/node_modules/.ready
PYTHON := .venv/bin/python
LOCK   := .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header

.PHONY: run test check format lint types layers schema-drift lint-openapi breaking-changes migrations \
	deploy-check dockerfile clients fuzz openapi-tools bench schema fix lock

$(VENV): requirements/dev.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Schoolday needs Python 3.11 or later.")'
	@echo "Installing Schoolday into .venv (once) ..."
	@test -x $(PYTHON) || python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(TOOLS): openapi/tools/package-lock.json
	@command -v npm >/dev/null || { echo 'This needs Node 20.19 or later, with npm.' >&2; exit 1; }
	@echo "Installing what reads the OpenAPI document into openapi/tools/node_modules (once) ..."
	@npm ci --prefix openapi/tools --loglevel error
	@touch $@

openapi-tools: $(TOOLS)

run: export DJANGO_SETTINGS_MODULE ?= config.settings.local
run: $(VENV)             ## serve the demo schools on 127.0.0.1:8000
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py seed_demo --if-empty --base-url http://127.0.0.1:$(PORT)
	@.venv/bin/granian --interface wsgi --no-ws --host 127.0.0.1 --port $(PORT) \
		--workers 1 --blocking-threads 4 config.wsgi:application

test: $(VENV)            ## the whole suite: SQLite, then PostgreSQL + Redis where they answer
	@.ci/test

check: format lint types layers schema-drift lint-openapi breaking-changes migrations deploy-check \
	dockerfile  ## what CI asks beside the tests
format: $(VENV)       ; .venv/bin/ruff format --check .
lint: $(VENV)         ; .venv/bin/ruff check .
types: $(VENV)        ; .venv/bin/mypy
layers: $(VENV)       ; .venv/bin/lint-imports
schema-drift: $(VENV)
	@mkdir -p build
	@$(PYTHON) manage.py spectacular --validate --fail-on-warn --file build/schema.yaml
	@diff -u openapi/schema.yaml build/schema.yaml || { echo 'Run "make schema".' >&2; exit 1; }
lint-openapi: $(TOOLS)     ; .ci/lint-openapi
breaking-changes: $(TOOLS) ; .ci/breaking-changes
migrations: $(VENV)   ; $(PYTHON) manage.py makemigrations --check --dry-run
deploy-check: $(VENV) ; .ci/deploy-check
dockerfile: $(VENV)   ; .venv/bin/hadolint Dockerfile

clients: $(VENV) $(TOOLS)  ## generate clients, and let each talk to the service
	@$(PYTHON) -m tests.clients.run

fuzz: $(VENV)            ## ask the running service whatever its document allows, and what it does not
	@$(PYTHON) -m tests.live.fuzz

bench: $(VENV)           ## measure what docs/performance.md shows; ROWS=door for a part
	@command -v wrk >/dev/null && command -v redis-server >/dev/null || { \
		echo "Installing wrk and redis-server (once) ..."; \
		root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$root apt-get update -qq && $$root apt-get install -qq --yes wrk redis-server >/dev/null; }
	@$(PYTHON) -m bench

schema: $(VENV)          ## write openapi/schema.yaml anew
	@$(PYTHON) manage.py spectacular --validate --fail-on-warn --file openapi/schema.yaml

fix: $(VENV)             ## format, and mend what a machine can
	.venv/bin/ruff check --fix . && .venv/bin/ruff format .

lock: $(VENV)            ## write requirements/*.txt anew from pyproject.toml
	$(LOCK) --output-file requirements/base.txt
	$(LOCK) --group dev --constraint requirements/base.txt --output-file requirements/dev.txt
