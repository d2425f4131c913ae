# Tillstream. `make` alone prints this help.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.ONESHELL:
.SHELLFLAGS := -Eeuo pipefail -c

export Q K
S ?=
FORMAT ?= table
PYTEST_ARGS ?=
COMPOSE := docker compose
TTY := $(shell [ -t 1 ] || echo -T)
TOOLS := $(COMPOSE) run --rm --no-deps --quiet-pull $(TTY) tools

##@ Run
.PHONY: up down reset ps logs urls
up: ## start the platform and keep trade flowing; installs what is missing
	@scripts/up.sh
down: ## stop it; data is kept
	@$(COMPOSE) --profile tools down --remove-orphans --timeout 60
reset: ## ask, then stop it and delete all its data (YES=1: do not ask)
	@scripts/reset.sh
ps: ## show the services
	@$(COMPOSE) ps --all --format 'table {{.Service}}\t{{.Status}}\t{{.Ports}}'
logs: ## show a service's log: make logs S=flink-jobmanager (S=flink: all that begin so)
	@scripts/logs.sh "$(S)"
urls: ## print each page's URL with its login
	@scripts/urls.sh

##@ Ask
.PHONY: sql redis search verify
sql: ## a query through Trino: make sql Q="select 1" FORMAT=table|tsv|json
	@: "$${Q:?give a query, as in make sql Q='select count(*) from lake.sales.lines'}"
	$(TOOLS) ask sql "$$Q" --format $(FORMAT)
redis: ## hot figures: make redis K='sales:by_minute:*'
	@: "$${K:?give a pattern, as in make redis K='sales:by_minute:*'}"
	@$(TOOLS) ask redis "$$K"
search: ## what customers wrote, by meaning: make search Q="the milk was sour" FORMAT=table|tsv|json
	@: "$${Q:?give a sentence, as in make search Q='the milk was sour'}"
	$(COMPOSE) exec -T search curl -sS --fail-with-body --max-time 60 --get --data-urlencode q@- -d format=$(FORMAT) http://127.0.0.1:8095/ <<<"$$Q"
verify: ## prove that nothing is lost and nothing is counted twice
	@$(TOOLS) verify

##@ Do
.PHONY: load reload marts digest reread upkeep evolve replay rebuild-hot dashboards drift jobs jobs-fill jobs-resume
evolve: ## deploy a contract that was changed in schemas/: registry, tables, jobs, rules, marts; refused with the reason where it is incompatible
	@scripts/evolve.sh
replay: ## send a source day again, faults off: make replay DAY=2017-03-04
	@$(TOOLS) produce replay '$(or $(DAY),$(error give a day of the source year: make replay DAY=2017-03-04))'
load: ## load a file of the landing bucket now: make load F=loyalty/members/2026-11-21/members-2026-11-21-1.csv.gz
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code load '$(or $(F),$(error give a file of the landing bucket; `make sql Q="select path, status, reason from lake.quality.files"` lists those that were seen))'
reload: ## load every dump of some business dates again, in order: make reload FROM=2026-10-01 TO=2026-10-31
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code reload '$(or $(FROM),$(error give the first business date: make reload FROM=2026-10-01 TO=2026-10-31))' '$(or $(TO),$(FROM))'
marts: ## build and test the marts now; some of them: make marts M="baskets sales_by_day"
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code marts $(M)
digest: ## what customers are unhappy and happy about, by department: make digest DAY=2026-11-24
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code digest $(DAY)
reread: ## let today's model read the texts and calls that another one read; its readings stand beside the others
	@READ="$(COMPOSE) run --rm --no-deps -T --entrypoint python3 init-jobs -m tillstream jobs reprocess"
	MODEL=$$($$READ --model)
	$(COMPOSE) run --rm --no-deps -T tools reprocess list "$$MODEL" | $$READ | $(COMPOSE) run --rm --no-deps -T tools reprocess save
upkeep: ## compact the lake, delete what is past its retention, expire snapshots, remove orphans: now
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code upkeep
rebuild-hot: ## empty Redis and fill it again from the hot topics
	@$(COMPOSE) run --rm --no-deps $(TTY) init-jobs python3 -m tillstream jobs rebuild hot_store
dashboards: ## import the dashboards again
	@$(COMPOSE) run --rm --no-deps $(TTY) init-dashboards
drift: ## fail where Superset differs from superset/
	@$(COMPOSE) run --rm --no-deps $(TTY) init-dashboards deploy dashboards --check
jobs-fill: ## after a power cut: move the ends of topics past what jobs have read and Kafka has lost
	@$(COMPOSE) run --rm --no-deps $(TTY) init-jobs python3 -m tillstream jobs fill
jobs-resume: ## start a job without its state, behind what it has committed: make jobs-resume J=sales
	@$(COMPOSE) run --rm --no-deps $(TTY) init-jobs python3 -m tillstream jobs resume '$(or $(J),$(error name a job: make jobs-resume J=sales))'
jobs: ## bring the running Flink jobs in line with the code
	@$(COMPOSE) build flink-jobmanager && $(COMPOSE) up -d --no-deps flink-jobmanager flink-taskmanager && $(COMPOSE) run --rm $(TTY) init-jobs

##@ Develop
.PHONY: build lint unit test drills power-cut fuzz bench bench-lake bench-peers ci
build: ## build the images
	@scripts/engine.sh && scripts/base_images.sh && scripts/secrets.sh && $(COMPOSE) build
lint: .venv/ready ## ruff and mypy
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy
unit: .venv/ready ## the tests that need no Docker
	@.venv/bin/pytest tests/unit --numprocesses 2 $(PYTEST_ARGS)
test: .venv/ready ## unit, integration, browser and fault tests; installs what is missing
	@scripts/test.sh $(PYTEST_ARGS)
drills: .venv/ready ## kill each other service too, on the tests' platform, and verify
	@scripts/test.sh tests/drills tests/faults/test_recovery.py -k "drills or after_all" $(PYTEST_ARGS)
power-cut: .venv/ready ## cut the power of the tests' platform and its Docker engine, start both again, and verify; as root
	@scripts/power_cut.sh $(PYTEST_ARGS)
fuzz: .venv/ready ## make up inputs for each door and hold the platform to its promise: make fuzz MINUTES=30 DOOR=avro|dumps|texts|photos
	@.venv/bin/python -m tests.fuzz --minutes '$(or $(MINUTES),30)' $(if $(DOOR),--door '$(DOOR)')
bench: ## measure a platform of its own, with no other running; see bench/README.md
	@bench/run.sh
bench-lake: ## files, bytes and query time of the lake before and after upkeep
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code bench-lake
bench-peers: .venv/ready ## the same work in Spark, plain Python and Quix Streams, in turns: make bench-peers PEERS="--rounds 3"
	@bench/peers/run.sh $(PEERS)
ci: lint test ## what CI runs

.venv/ready: requirements/dev.txt scripts/venv.sh
	@scripts/venv.sh

.PHONY: help
help:
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  \033[36m%-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST); echo
