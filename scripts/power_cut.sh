#!/usr/bin/env bash
# Simulates a power cut: kills the Docker engine with all containers, and keeps of the test volumes only what was written to their disk.
# It refuses to run if that would stop anything but the test platform. Arguments go to pytest.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
scripts/engine.sh
[ "$(id -u)" = 0 ] || die "the drill mounts a disk and kills the Docker engine: run it as root"
daemon_runs || die "the drill kills the Docker engine, and 'make up' did not start this one. Run the drill on a machine without a Docker engine."
others=$(docker ps --format '{{.Names}}' | grep -v '^tillstream-test-' || true)
[ -z "$others" ] || die "the drill kills every container of this engine. Stop these first ('make down'): $(tr '\n' ' ' <<<"$others")"
for tool in mkfs.ext4 mount losetup; do command -v "$tool" >/dev/null || die "the drill needs $tool"; done
exec scripts/test.sh tests/power_cut "$@"
