#!/bin/bash
# The storage is Postgres. With the default, in memory, every message in Kafka would have an unknown schema id after a restart.
set -euo pipefail
export APICURIO_STORAGE_KIND=sql APICURIO_STORAGE_SQL_KIND=postgresql
export APICURIO_DATASOURCE_URL="jdbc:postgresql://postgres:5432/registry" APICURIO_DATASOURCE_USERNAME=registry
APICURIO_DATASOURCE_PASSWORD="$(cat /run/secrets/postgres_registry_password)"; export APICURIO_DATASOURCE_PASSWORD
# The management port listens on every interface by default. Keep it inside the container.
export QUARKUS_MANAGEMENT_HOST=127.0.0.1 QUARKUS_MANAGEMENT_PORT=9000 QUARKUS_LOG_LEVEL=WARN
exec java -Xms128m -Xmx256m -XX:MaxMetaspaceSize=192m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:TrimNativeHeapInterval=30000 -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError -jar quarkus-run.jar
