#!/usr/bin/env bash
# Stops the platform and deletes its data. The images, .env and the secrets are kept.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
if [ "${YES:-}" != 1 ]; then
  [ -t 0 ] || die "this deletes all data of Tillstream: confirm with 'make reset YES=1'"
  read -rp "Delete all data of Tillstream (topics, lake, dashboards, ledger)? Type 'delete': " answer
  [ "$answer" = delete ] || die "nothing was deleted"
fi
docker compose --profile '*' down --volumes --remove-orphans --timeout 30
