#!/usr/bin/env bash
# Checks memory, disk and ports before anything is built, and prints what is missing.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
# In MB of a million bytes. It is what the platform takes at its peak (bench/README.md) and memory for the system's file cache. README.md has both
# figures too (a test compares them).
NEED_MEMORY_MB=10000 NEED_DISK_MB=16000
missing=()

memory=$(( $(docker info --format '{{.MemTotal}}') / 1000000 ))
[ "$memory" -ge "$NEED_MEMORY_MB" ] || missing+=("memory: Docker has $memory MB, $NEED_MEMORY_MB MB are needed: give it more (Docker Desktop: Settings, Resources)")

running=$(docker compose ps --services --status running 2>/dev/null | wc -l)
if [ "$running" -eq 0 ]; then
  if [ -r /proc/meminfo ]; then
    free=$(awk '/^MemAvailable/ {print int($2 * 1024 / 1000000)}' /proc/meminfo)
    [ "$free" -ge "$NEED_MEMORY_MB" ] || missing+=("free memory: $free MB are free, $NEED_MEMORY_MB MB are needed: close other programs")
  fi
  while IFS='=' read -r name port; do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then missing+=("port $port is in use: set another $name in .env"); fi
  done < <(grep -E '^[A-Z_]+_PORT=[0-9]+$' .env)
fi

root=$(docker info --format '{{.DockerRootDir}}')
[ -d "$root" ] || root=$ROOT
disk=$(df -Pk "$root" | awk 'NR == 2 {print int($4 * 1024 / 1000000)}')
images=$(docker image ls -q 'tillstream/*' | sort -u | wc -l)
[ "$images" -ge 10 ] && NEED_DISK_MB=5000
[ "$disk" -ge "$NEED_DISK_MB" ] || missing+=("disk: $disk MB are free on $root, $NEED_DISK_MB MB are needed: delete files")

if [ "${#missing[@]}" -gt 0 ]; then
  printf '    %s\n' "${missing[@]}" >&2
  die "this machine does not meet the requirements above"
fi
