#!/usr/bin/env bash
# Deploys what was changed in schemas/ while trade flows. The registry comes first: what it refuses changes nothing. Can be run again.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
trap '[ $? = 0 ] || say_why_jobs' EXIT
began=$SECONDS

say "Asking the registry"
quietly .build/logs/evolve-build.log "image with the contracts" docker compose --progress plain build init-topics
docker compose run --rm --no-deps $([ -t 1 ] || echo -T) init-schemas

for contract in schemas/topics/*.avsc; do
  topic=$(basename "$contract" .avsc)
  mkdir -p "schemas/released/$topic"
  last=$(find "schemas/released/$topic" -name '*.avsc' -printf '%f\n' | sort -n | tail -1)
  if [ -z "$last" ] || ! cmp -s "$contract" "schemas/released/$topic/$last"; then
    cp "$contract" "schemas/released/$topic/$((${last%.avsc} + 1)).avsc"
    say "Released as schemas/released/$topic/$((${last%.avsc} + 1)).avsc; commit it"
  fi
done

say "Bringing tables, jobs, rules and producers in line"
scripts/build.sh
quietly .build/logs/evolve.log "starting what has changed" docker compose up --detach --remove-orphans
docker compose --profile tools run --rm --no-deps $([ -t 1 ] || echo -T) tools await-ready

say "Bringing the marts in line"
docker compose run --rm --no-deps $([ -t 1 ] || echo -T) batch-code marts
took=$((SECONDS - began))
say "Deployed after $((took / 60)) min $((took % 60)) s"
