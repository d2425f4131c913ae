#!/usr/bin/env bash
# Builds the images one after another: in parallel is no faster on two cores, and so a failure names its image.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
# One service per image. minio and trino come first because they take longest.
services=(minio trino flink-jobmanager superset batch-code init-topics kafka registry zookeeper postgres redis)
# The simulated company has a folder of its own, without which the platform runs alone.
[ -d producers ] && services+=(company-masters)
for service in "${services[@]}"; do
  quietly ".build/logs/build-$service.log" "building the image of $service" docker compose --progress plain --profile company build "$service"
done
