#!/usr/bin/env bash
# Builds the image of the peers and measures them beside the sales job, on a platform of its own. Stop a running one first: two share two cores.
. "$(dirname "$0")/../../scripts/lib.sh"
cd "$ROOT"
scripts/engine.sh
scripts/base_images.sh
[ -e .venv/ready ] || scripts/venv.sh
quietly .build/logs/build-peers.log "building the image of the peers" docker build --progress plain --build-context ca=.build/ca --tag tillstream/peers:dev bench/peers
exec .venv/bin/python -u -m bench.peers "$@"
