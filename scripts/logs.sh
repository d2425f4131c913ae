#!/usr/bin/env bash
# Prints the log of the services whose names start with the argument; without one, of all services.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
mapfile -t services < <(docker compose --profile '*' config --services | grep "^${1:-}" | sort)
[ "${#services[@]}" -gt 0 ] || die "no service name starts with '$1'; the services are: $(docker compose config --services | sort | tr '\n' ' ')"
docker compose logs --tail "${TAIL:-200}" "${services[@]}"
