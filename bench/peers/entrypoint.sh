#!/bin/bash
# Runs a module of bench.peers. Spark's configuration is written with its secrets to a private folder: none is on a command line.
set -euo pipefail
umask 077
if [ "$1" = spark ]; then
  here=$(dirname "$0")
  mkdir -p "$SPARK_CONF_DIR" /tmp/aws
  cp "$here/log4j2.properties" "$SPARK_CONF_DIR/"
  { cat "$here/spark-defaults.conf"; printf 'spark.sql.catalog.lake.jdbc.password %s\n' "$(cat /run/secrets/postgres_lake_password)"; } > "$SPARK_CONF_DIR/spark-defaults.conf"
  printf '[default]\naws_access_key_id=lake\naws_secret_access_key=%s\n' "$(cat /run/secrets/minio_lake_password)" > /tmp/aws/credentials
  export AWS_SHARED_CREDENTIALS_FILE=/tmp/aws/credentials AWS_REGION=us-east-1
fi
exec python3 -m "bench.peers.$1"
