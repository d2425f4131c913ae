# Shared by the scripts: messages (with colour on a terminal only), and bounded waits that name what they wait for.
set -Eeuo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
if [ -t 1 ]; then BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' OFF=$'\e[0m'; else BOLD='' DIM='' RED='' OFF=''; fi

say()  { printf '%s==>%s %s\n' "$BOLD" "$OFF" "$*"; }
note() { printf '    %s%s%s\n' "$DIM" "$*" "$OFF"; }
die()  { printf '%serror:%s %s\n' "$RED" "$OFF" "$*" >&2; exit 1; }

# wait_for SECONDS "what" command...: polls the command until it succeeds, or fails with a message that names what was awaited.
wait_for() {
  local limit=$1 what=$2 start=$SECONDS told=0; shift 2
  until "$@" >/dev/null 2>&1; do
    local waited=$((SECONDS - start))
    [ "$waited" -lt "$limit" ] || die "$what did not happen within ${limit} s"
    if [ $((waited - told)) -ge 10 ]; then note "waiting for $what: ${waited} s"; told=$waited; fi
    sleep 1
  done
}

# quietly LOG "what" command...: runs a long command with its output in LOG, prints how long it takes, and shows the end of LOG if it fails.
quietly() {
  local log=$1 what=$2 start=$SECONDS told=$SECONDS; shift 2
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 &
  local pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    if [ $((SECONDS - told)) -ge 15 ]; then told=$SECONDS; note "$what: $((SECONDS - start)) s ($(tail -n1 "$log" 2>/dev/null | tr -d '\r' | cut -c1-90))"; fi
  done
  if ! wait "$pid"; then tail -n 40 "$log" >&2; die "$what failed; the full output is in $log"; fi
  note "$what: done in $((SECONDS - start)) s"
}

# say_why_jobs: prints the last log lines of init-jobs if it failed; compose itself only names the service.
say_why_jobs() {
  [ "$(docker compose ps --all --format '{{.ExitCode}}' init-jobs 2>/dev/null || echo 0)" = 0 ] || docker compose logs --no-log-prefix --tail 5 init-jobs >&2
}

# The folder for the log and the pid of the Docker engine that these scripts start.
ENGINE_STATE=/var/lib/tillstream-engine
# A zombie process still has its name, but no executable.
is_daemon() { grep -qsx dockerd "/proc/$1/comm" && [ -e "/proc/$1/exe" ]; }
# The pid file may be from an earlier boot, and the pid may now belong to another process.
daemon_runs() { [ -s "$ENGINE_STATE/dockerd.pid" ] && is_daemon "$(cat "$ENGINE_STATE/dockerd.pid")"; }
