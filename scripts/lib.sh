# Shared by the set-up scripts: plain words on a pipe, colour on a terminal, bounded waits that name what they await.
set -Eeuo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
if [ -t 1 ]; then BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' OFF=$'\e[0m'; else BOLD='' DIM='' RED='' OFF=''; fi

say()  { printf '%s==>%s %s\n' "$BOLD" "$OFF" "$*"; }
note() { printf '    %s%s%s\n' "$DIM" "$*" "$OFF"; }
die()  { printf '%serror:%s %s\n' "$RED" "$OFF" "$*" >&2; exit 1; }

# wait_for SECONDS "what" command...: polls the command until it succeeds, or fails naming what was awaited.
wait_for() {
  local limit=$1 what=$2 start=$SECONDS told=0; shift 2
  until "$@" >/dev/null 2>&1; do
    local waited=$((SECONDS - start))
    [ "$waited" -lt "$limit" ] || die "$what did not happen within ${limit} s"
    if [ $((waited - told)) -ge 10 ]; then note "waiting for $what: ${waited} s"; told=$waited; fi
    sleep 1
  done
}

# quietly LOG "what" command...: runs a long command with its output in LOG, says how long it has taken, and shows the end of LOG on failure.
quietly() {
  local log=$1 what=$2 start=$SECONDS told=$SECONDS; shift 2
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 &
  local pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    if [ $((SECONDS - told)) -ge 15 ]; then told=$SECONDS; note "$what: $((SECONDS - start)) s ($(tail -n1 "$log" 2>/dev/null | tr -d '\r' | cut -c1-90))"; fi
  done
  if ! wait "$pid"; then tail -n 40 "$log" >&2; die "$what failed; its whole output is in $log"; fi
  note "$what: done in $((SECONDS - start)) s"
}

# say_why_jobs: where the jobs were not accepted, the last of what was said of it; compose only names the service.
say_why_jobs() {
  [ "$(docker compose ps --all --format '{{.ExitCode}}' init-jobs 2>/dev/null || echo 0)" = 0 ] || docker compose logs --no-log-prefix --tail 5 init-jobs >&2
}

# Where the Docker engine that we start keeps its log and its pid.
ENGINE_STATE=/var/lib/tillstream-engine
# A process that has ended has a name until its parent takes note of it, but no program any more.
is_daemon() { grep -qsx dockerd "/proc/$1/comm" && [ -e "/proc/$1/exe" ]; }
# The pid file may be of another boot, and the number another process's by now.
daemon_runs() { [ -s "$ENGINE_STATE/dockerd.pid" ] && is_daemon "$(cat "$ENGINE_STATE/dockerd.pid")"; }
