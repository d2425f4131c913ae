#!/bin/bash
# Secrets reach Trino through its own ${ENV:…} and only in this process: docker inspect does not show them.
set -euo pipefail
secret() { cat "/run/secrets/$1"; }
LAKE_PASSWORD=$(secret postgres_lake_password) S3_USER=$(secret minio_root_user) S3_PASSWORD=$(secret minio_root_password) REDIS_PASSWORD=$(secret redis_reader_password)
export LAKE_PASSWORD S3_USER S3_PASSWORD REDIS_PASSWORD
mkdir -p /data/var
exec python3 /opt/trino/bin/launcher.py run --etc-dir /opt/etc --data-dir /data
