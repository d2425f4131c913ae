#!/bin/bash
# code: serves the definitions and runs the jobs.  web: Dagster's pages.  daemon: sensors, schedules and the queue.  docs: Data Docs.
# Any other argument is a command of `tillstream batch`.
set -euo pipefail
if [ -r /run/secrets/postgres_dagster_password ]; then DAGSTER_PASSWORD=$(cat /run/secrets/postgres_dagster_password); export DAGSTER_PASSWORD; fi
case "${1:-}" in
  code) exec python3 -m batch.dagster.serve ;;
  web) exec dagster-webserver --log-format json --host 0.0.0.0 --port 3000 --workspace /opt/dagster/workspace.yaml ;;
  daemon) exec dagster-daemon run --log-format json --workspace /opt/dagster/workspace.yaml ;;
  docs) exec python3 -m tillstream batch docs ;;
  # People read the output of a command: log text.
  *) LOG_FORMAT=text exec python3 -m tillstream batch "$@" ;;
esac
