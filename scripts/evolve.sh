#!/usr/bin/env bash
# Deploys the changed contracts of schemas/ while events flow. The registry comes first: a change that it refuses changes nothing. Can be run again.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
trap '[ $? = 0 ] || say_why_jobs' EXIT
began=$SECONDS

say "Registering the contracts"
quietly .build/logs/evolve-build.log "building the image with the contracts" docker compose --progress plain build init-topics
docker compose run --rm --no-deps $([ -t 1 ] || echo -T) init-schemas

for contract in schemas/topics/*.avsc; do
  topic=$(basename "$contract" .avsc)
  mkdir -p "schemas/released/$topic"
  last=$(find "schemas/released/$topic" -name '*.avsc' -printf '%f\n' | sort -n | tail -1)
  if [ -z "$last" ] || ! cmp -s "$contract" "schemas/released/$topic/$last"; then
    cp "$contract" "schemas/released/$topic/$((${last%.avsc} + 1)).avsc"
    say "Released as schemas/released/$topic/$((${last%.avsc} + 1)).avsc: commit this file"
  fi
done

say "Updating tables, jobs, rules and producers"
scripts/build.sh
quietly .build/logs/evolve.log "restarting the changed services" docker compose up --detach --remove-orphans
docker compose run --rm --no-deps $([ -t 1 ] || echo -T) tools await-ready

say "Updating the marts"
docker compose run --rm --no-deps $([ -t 1 ] || echo -T) batch-code marts
took=$((SECONDS - began))
say "Deployed after $((took / 60)) min $((took % 60)) s"
