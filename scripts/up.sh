#!/usr/bin/env bash
# Starts the platform: engine, secrets, base images, images, services. Waits until live sales show on the dashboard.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
trap '[ $? = 0 ] || say_why_jobs' EXIT
began=$SECONDS

scripts/engine.sh
scripts/secrets.sh
scripts/preflight.sh
scripts/base_images.sh

say "Building the images (about 10 min on 2 cores the first time; later only the changed ones)"
scripts/build.sh

say "Starting the services"
quietly .build/logs/up.log "starting" docker compose up --detach --remove-orphans
docker compose run --rm --no-deps $([ -t 1 ] || echo -T) tools await-ready

scripts/urls.sh
took=$((SECONDS - began))
say "Up after $((took / 60)) min $((took % 60)) s. Stop it with 'make down'."
