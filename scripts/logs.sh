#!/usr/bin/env bash
# The log of the services whose names begin with the word given; all of them without one.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
mapfile -t services < <(docker compose --profile tools config --services | grep "^${1:-}" | sort)
[ "${#services[@]}" -gt 0 ] || die "no service begins with '$1'; there are: $(docker compose config --services | sort | tr '\n' ' ')"
docker compose logs --tail "${TAIL:-200}" "${services[@]}"
