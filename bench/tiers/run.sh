#!/usr/bin/env bash
# Builds the image of the stores and of their client, and measures hot and cold storage beside the running platform.
. "$(dirname "$0")/../../scripts/lib.sh"
cd "$ROOT"
scripts/engine.sh
scripts/base_images.sh
[ -e .venv/ready ] || scripts/venv.sh
quietly .build/logs/build-tiers.log "building the image of the tiers" docker build --progress plain --build-context ca=.build/ca --tag tillstream/tiers:dev bench/tiers
exec .venv/bin/python -u -m bench.tiers "$@"
