# Tillstream. `make` without a target prints the help.
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
# Without the folder of the simulated company, its services are neither built nor started.
ifeq ($(wildcard producers),)
export COMPOSE_PROFILES :=
endif

##@ Run
.PHONY: up down reset ps logs urls
up: ## install what is missing, start the platform, and wait until sales reach the dashboards
	@scripts/up.sh
down: ## stop the platform and keep its data
	@$(COMPOSE) --profile '*' down --remove-orphans --timeout 60
reset: ## stop the platform and delete all its data; asks first, unless YES=1
	@scripts/reset.sh
ps: ## show the services and their status
	@$(COMPOSE) ps --all --format 'table {{.Service}}\t{{.Status}}\t{{.Ports}}'
logs: ## show the log of the services whose names start with S: make logs S=flink-jobmanager
	@scripts/logs.sh "$(S)"
urls: ## print the URL and the login of each page
	@scripts/urls.sh

##@ Ask
.PHONY: sql redis search verify
sql: ## run a query through Trino: make sql Q="select 1" FORMAT=table|tsv|json
	@: "$${Q:?give a query, as in make sql Q='select count(*) from lake.sales.lines'}"
	$(TOOLS) ask sql "$$Q" --format $(FORMAT)
redis: ## show hot figures by a pattern of keys: make redis K='sales:by_minute:*'
	@: "$${K:?give a pattern, as in make redis K='sales:by_minute:*'}"
	@$(TOOLS) ask redis "$$K"
search: ## search customers' texts by meaning: make search Q="the milk was sour" FORMAT=table|tsv|json
	@: "$${Q:?give a sentence, as in make search Q='the milk was sour'}"
	$(COMPOSE) exec -T search curl -sS --fail-with-body --max-time 60 --get --data-urlencode q@- -d format=$(FORMAT) http://127.0.0.1:8095/ <<<"$$Q"
verify: ## prove that no event is lost and none is counted twice
	@$(TOOLS) verify

##@ Do
.PHONY: load reload marts digest reread upkeep evolve replay rebuild-hot dashboards drift jobs jobs-fill jobs-resume
evolve: ## deploy the changed contracts of schemas/ to registry, tables, jobs and marts; an incompatible change is refused
	@scripts/evolve.sh
replay: ## send a day of the source data again, without faults: make replay DAY=2017-03-04
	@$(COMPOSE) run --rm --no-deps --quiet-pull $(TTY) company-tools produce replay '$(or $(DAY),$(error give a day of the source year: make replay DAY=2017-03-04))'
load: ## load one file of the landing bucket now: make load F=loyalty/members/2026-11-21/members-2026-11-21-1.csv.gz
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code load '$(or $(F),$(error give a file of the landing bucket; `make sql Q="select path, status, reason from lake.quality.files"` lists the known files))'
reload: ## load all dumps of a range of business dates again: make reload FROM=2026-10-01 TO=2026-10-31
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code reload '$(or $(FROM),$(error give the first business date: make reload FROM=2026-10-01 TO=2026-10-31))' '$(or $(TO),$(FROM))'
marts: ## build and test all marts now, or some: make marts M="baskets sales_by_day"
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code marts $(M)
digest: ## write the digest of a day: what customers are happy and unhappy about: make digest DAY=2026-11-24
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code digest $(DAY)
reread: ## analyse older texts and calls with the current model; the earlier analyses stay
	@READ="$(COMPOSE) run --rm --no-deps -T --entrypoint python3 init-jobs -m tillstream jobs reprocess"
	MODEL=$$($$READ --model)
	$(COMPOSE) run --rm --no-deps -T tools reprocess list "$$MODEL" | $$READ | $(COMPOSE) run --rm --no-deps -T tools reprocess save
upkeep: ## run the lake's upkeep now: compact, apply retention, expire snapshots, remove orphan files
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code upkeep
rebuild-hot: ## empty Redis and refill it from the hot topics
	@$(COMPOSE) run --rm --no-deps $(TTY) init-jobs python3 -m tillstream jobs rebuild hot_store
dashboards: ## import the dashboards of superset/ again
	@$(COMPOSE) run --rm --no-deps $(TTY) init-dashboards
drift: ## fail if Superset differs from superset/
	@$(COMPOSE) run --rm --no-deps $(TTY) init-dashboards deploy dashboards --check
jobs-fill: ## after a power cut: move the ends of topics past the records that Kafka lost after jobs had read them
	@$(COMPOSE) run --rm --no-deps $(TTY) init-jobs python3 -m tillstream jobs fill
jobs-resume: ## start a job without its state, from its committed offsets: make jobs-resume J=sales
	@$(COMPOSE) run --rm --no-deps $(TTY) init-jobs python3 -m tillstream jobs resume '$(or $(J),$(error name a job: make jobs-resume J=sales))'
jobs: ## restart the Flink jobs whose code has changed
	@$(COMPOSE) build flink-jobmanager && $(COMPOSE) up -d --no-deps flink-jobmanager flink-taskmanager && $(COMPOSE) run --rm $(TTY) init-jobs

##@ Develop
.PHONY: build lint unit test drills power-cut fuzz bench bench-lake bench-peers bench-tiers costs diagram slides ci
build: ## build the images
	@scripts/engine.sh && scripts/base_images.sh && scripts/secrets.sh && $(COMPOSE) build
lint: .venv/ready ## run ruff and mypy
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy
unit: .venv/ready ## run the unit tests; they need no Docker
	@.venv/bin/pytest tests/unit --numprocesses 2 $(PYTEST_ARGS)
test: .venv/ready ## run the unit, integration, browser and fault tests; installs what is missing
	@scripts/test.sh $(PYTEST_ARGS)
drills: .venv/ready ## kill the remaining services of the test platform too, and verify
	@TEST_DUMP_DAYS=2 scripts/test.sh tests/drills tests/faults/test_recovery.py -k "drills or after_all" $(PYTEST_ARGS)
power-cut: .venv/ready ## simulate a power cut of the test platform and its Docker engine, and verify; needs root
	@scripts/power_cut.sh $(PYTEST_ARGS)
fuzz: .venv/ready ## test the platform's inputs with random data: make fuzz MINUTES=30 DOOR=avro|dumps|texts|photos
	@.venv/bin/python -m tests.fuzz --minutes '$(or $(MINUTES),30)' $(if $(DOOR),--door '$(DOOR)')
bench: ## measure a separate platform; no other may run; see bench/README.md
	@bench/run.sh
bench-lake: ## measure files, bytes and query time of the lake before and after upkeep
	@$(COMPOSE) run --rm --no-deps $(TTY) batch-code bench-lake
bench-peers: .venv/ready ## measure the same work in Spark, plain Python and Quix Streams: make bench-peers PEERS="--rounds 3"
	@bench/with_image.sh peers $(PEERS)
bench-tiers: .venv/ready ## measure hot and cold stores beside the running platform: make bench-tiers TIERS="--only redis,postgres"
	@bench/with_image.sh tiers $(TIERS)
diagram: .venv/ready ## draw the diagrams of docs/diagrams/ from the topology and the contracts
	@scripts/diagram.sh
slides: .venv/ready ## make the slides of docs/proposal/: a page, a PDF and a PowerPoint file
	@scripts/slides.sh
costs: .venv/ready ## compute the cost a month of three designs at three sizes from docs/costs/model.yaml
	@.venv/bin/python -m docgen.costs
ci: lint test ## run what CI runs

.venv/ready: requirements/dev.txt scripts/venv.sh
	@scripts/venv.sh

.PHONY: help
help:
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  \033[36m%-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST); echo
