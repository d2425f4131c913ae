#!/bin/bash
# Passes the secrets to Trino through environment variables of this process only (${ENV:…} in the configuration): `docker inspect` does not show them.
set -euo pipefail
secret() { cat "/run/secrets/$1"; }
LAKE_PASSWORD=$(secret postgres_lake_password) S3_PASSWORD=$(secret minio_lake_password) REDIS_PASSWORD=$(secret redis_reader_password)
export LAKE_PASSWORD S3_PASSWORD REDIS_PASSWORD
cd /data
# Let the optimising compiler (C2) compile only code that runs tens of thousands of times: for queries of a second it took two fifths of Trino's CPU.
mapfile -t options < /opt/etc/jvm.config
exec java "${options[@]}" -Dconfig=/opt/etc/config.properties -Dlog.levels-file=/opt/etc/log.properties -Dcatalog.config-dir=/opt/etc/catalog \
  -Dnode.environment=tillstream -Dnode.id=tillstream -Dnode.data-dir=/data -Dplugin.dir=/opt/trino/plugin -cp "/opt/trino/lib/*" io.trino.server.TrinoServer
