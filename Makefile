# The whole platform on this machine. `make` alone tells what there is.
.DEFAULT_GOAL := help
.PHONY: help up down status logs reset demo test search faults check bench lock format generate venv

LOCAL := .venv/bin/python -m local
PACKAGES := libs services gateway deploy/local
TESTS := tests $(if $(wildcard bench/*.py),bench)
# More than there are cores, for tests mostly wait; each takes half a gigabyte.
WORKERS ?= 6
# Where it is set, each process that starts compiles our sources anew.
unexport PYTHONDONTWRITEBYTECODE
MIGRATIONS := $(wildcard services/*/migrations/*.sql libs/*/src/*/migrations/*.sql)

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: venv ## start everything and wait until it is healthy (UP_ARGS="--ports auto")
	@$(LOCAL) up $(UP_ARGS)

down: venv ## stop everything, keep the data
	@$(LOCAL) down

status: venv ## what runs, since when, with how much memory
	@$(LOCAL) status || true

logs: venv ## the last lines of all logs, or LOGS_ARGS="registry -f"
	@$(LOCAL) logs $(LOGS_ARGS)

reset: venv ## stop everything and delete all data (asks first; RESET_ARGS=--yes does not)
	@$(LOCAL) reset $(RESET_ARGS)

demo: venv ## a year in a minute: reports in three forms, review, targets, an alert (DEMO_ARGS="--reports 500")
	@.venv/bin/python -m local.demo $(DEMO_ARGS)

test: venv ## all tests, on real PostgreSQL and Kafka of their own (TEST_ARGS="-k alerts" WORKERS=2)
	@.venv/bin/pytest -n $(WORKERS) $(TEST_ARGS)

search: venv ## look for other inputs that break a rule than make test tries (SEARCH_ARGS="tests/activities")
	@.venv/bin/pytest -n $(WORKERS) -m hypothesis --hypothesis-profile=search $(SEARCH_ARGS)

faults: venv ## kill, stop, freeze and poison everything under load, and check what it cost (FAULTS_ARGS="-k kafka")
	@TANSIQ_FAULTS_SEED=$${TANSIQ_FAULTS_SEED:-$$(shuf -i 0-999999 -n 1)} TANSIQ_FAULTS_KILLS=10 TANSIQ_FAULTS_OUTAGE=30 .venv/bin/pytest -n 0 -s --durations=0 tests/faults $(FAULTS_ARGS)

check: venv ## formatting, lint, types, imports between rooms, migrations
	.venv/bin/ruff format --check $(PACKAGES) $(TESTS)
	.venv/bin/ruff check $(PACKAGES) $(TESTS)
	.venv/bin/mypy $(PACKAGES)
	@# Tests of one name stand in several folders, so they are known by their whole path.
	.venv/bin/mypy --explicit-package-bases $(TESTS)
	.venv/bin/lint-imports
	$(if $(MIGRATIONS),.venv/bin/squawk $(MIGRATIONS))

bench: venv ## measure against the limits of this machine (BENCH_ARGS="--rows 1000000")
	@.venv/bin/python -m bench $(BENCH_ARGS)

lock: venv ## choose dependencies afresh and pin them with their hashes
	.venv/bin/uv lock --quiet
	.venv/bin/uv export --quiet --all-packages --all-groups --no-header --no-annotate -o requirements.lock

generate: venv ## write anew what tests compare: event documents, schema.sql of each service, schema.graphql
	@.venv/bin/python -m testkit.generated

format: venv ## lay out the code and mend what can be mended
	.venv/bin/ruff check --fix-only --quiet $(PACKAGES) $(TESTS)
	.venv/bin/ruff format $(PACKAGES) $(TESTS)

venv:
	@deploy/local/make-venv
