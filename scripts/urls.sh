#!/usr/bin/env bash
# Prints each page with its login. Passwords are printed on a terminal only; elsewhere their file is named.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
set -a; . ./.env; set +a
secret() { if [ -t 1 ]; then cat "$SECRETS_DIR/$1"; else printf 'see %s' "$SECRETS_DIR/$1"; fi; }
dashboard() { printf 'http://127.0.0.1:%s/superset/dashboard/%s/' "$SUPERSET_PORT" "$1"; }
printf '\n%-28s %-64s %s\n' Page URL Login
printf '%-28s %-64s %s\n' \
  'Sales — live' "$(dashboard sales-live)" "admin / $(secret superset_admin_password)" \
  'Shop behaviour — live' "$(dashboard shop-behaviour)" 'the same' \
  'Inventory — live' "$(dashboard inventory-live)" 'the same' \
  'Customers and loyalty' "$(dashboard customers-and-loyalty)" 'the same' \
  'Voice of the customer — live' "$(dashboard voice-of-the-customer)" 'the same' \
  'Data quality' "$(dashboard data-quality)" 'the same' \
  'Superset' "http://127.0.0.1:$SUPERSET_PORT/" 'the same' \
  'Flink' "http://127.0.0.1:$FLINK_PORT/" 'none (loopback only)' \
  'Trino' "http://127.0.0.1:$TRINO_PORT/" 'any name, no password (loopback only)' \
  'Dagster' "http://127.0.0.1:$DAGSTER_PORT/" 'none (loopback only)' \
  'Data Docs' "http://127.0.0.1:$DATA_DOCS_PORT/" 'none (loopback only)' \
  'MinIO' "http://127.0.0.1:$MINIO_CONSOLE_PORT/" "$(cat "$SECRETS_DIR/minio_root_user") / $(secret minio_root_password)" \
  'Schema registry' "http://127.0.0.1:$REGISTRY_PORT/apis/ccompat/v7/subjects" 'none (loopback only)'
printf '\n'
