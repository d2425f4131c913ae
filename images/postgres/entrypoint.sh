#!/bin/bash
# On the first start, creates a database cluster that accepts only passwords. On each start, adds the roles and databases that a new version of
# this image needs.
set -euo pipefail
if [ ! -s /data/PG_VERSION ]; then
  rm -rf /data/.new
  initdb -D /data/.new --username=postgres --pwfile=/run/secrets/postgres_admin_password --auth-host=scram-sha-256 --auth-local=peer --encoding=UTF8 --locale=C.UTF-8 >/dev/null
  echo "host all all all scram-sha-256" >> /data/.new/pg_hba.conf
  # Move PG_VERSION last: after a crash before that, the next start begins again.
  find /data -mindepth 1 -maxdepth 1 ! -name .new -exec rm -rf {} +
  find /data/.new -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv -t /data {} +
  mv /data/.new/PG_VERSION /data/ && rmdir /data/.new
fi
wanted=$(cat /opt/postgres/*.sql | sha256sum)
if [ "$(cat /data/.databases 2>/dev/null)" != "$wanted" ]; then
  pg_ctl -D /data -o "-c listen_addresses='' -k /tmp" -w start >/dev/null
  psql -h /tmp -v ON_ERROR_STOP=1 -q -f /opt/postgres/databases.sql
  psql -h /tmp -v ON_ERROR_STOP=1 -q -d lake -f /opt/postgres/iceberg_catalog.sql
  pg_ctl -D /data -m fast -w stop >/dev/null
  printf '%s' "$wanted" > /data/.databases
fi
exec postgres -D /data -c listen_addresses='*' -c max_connections=150 -c shared_buffers=64MB -c unix_socket_directories=/tmp -c log_min_messages=warning
