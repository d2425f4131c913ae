#!/usr/bin/env bash
# Builds the images one after another: on two cores side by side is no faster, and a failure names its image.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
# One service of each image; minio and trino, the longest, first.
for service in minio trino flink-jobmanager superset batch-code init-topics kafka registry zookeeper postgres redis; do
  quietly ".build/logs/build-$service.log" "image of $service" docker compose --progress plain build "$service"
done
