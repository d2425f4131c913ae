#!/usr/bin/env bash
# Measures a platform of its own (compose project tillstream-bench). Stop a running one first: two share two cores.
. "$(dirname "$0")/../scripts/lib.sh"
cd "$ROOT"
scripts/engine.sh
[ -e .venv/ready ] || scripts/venv.sh
for what in catch_up latency; do
  say "bench: $what"
  .venv/bin/python -u -m "bench.$what"
done
