#!/usr/bin/env bash
# Ensures that a Docker engine with compose v2 and buildx answers. Where one does, this script does nothing.
# On Debian, as root, it installs them from Debian's packages and starts the daemon. Elsewhere it prints what to install.
. "$(dirname "$0")/lib.sh"

STATE=$ENGINE_STATE
TRIXIE_LIST=/etc/apt/sources.list.d/tillstream-trixie.sources

engine_answers()  { docker info >/dev/null 2>&1; }
plugins_answer()  { docker compose version >/dev/null 2>&1 && docker buildx version >/dev/null 2>&1; }

if engine_answers && plugins_answer; then exit 0; fi

is_debian=no
[ -r /etc/os-release ] && grep -qx 'ID=debian' /etc/os-release && is_debian=yes
if [ "$(id -u)" != 0 ] || [ "$is_debian" != yes ]; then
  die "no Docker engine with compose v2 and buildx answers.
       Install Docker Desktop, or docker engine >= 26 with the compose (>= 2.24) and buildx plugins, start it, and run this again.
       (On Debian, as root, 'make up' installs and starts them itself.)"
fi

install_packages() {
  # Debian 12 has engine 20.10, compose 1.29 and no buildx: too old for additional build contexts. Trixie's packages install on it. The pin
  # of 100 prevents that any other package comes from trixie. Check the available packages, not os-release, for the version: packages from
  # trixie also install its base-files.
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=300 update
  if [ ! -e "$TRIXIE_LIST" ] && ! apt-cache show docker-buildx >/dev/null 2>&1; then
    local uri
    uri=$(awk '/^URIs:/ {print $2; exit} /^deb / {for (i=2;i<=NF;i++) if ($i ~ /^https?:/) {print $i; exit}}' \
          $(grep -lE 'debian(\.org)?.*/debian/?$|/debian ' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list 2>/dev/null))
    [ -n "$uri" ] || die "no Debian mirror found in /etc/apt: add one, or install docker, compose v2 and buildx yourself"
    printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' "$uri" > "$TRIXIE_LIST"
    printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n' > /etc/apt/preferences.d/tillstream-trixie
    apt-get -o DPkg::Lock::Timeout=300 update
  fi
  local from=()
  [ -e "$TRIXIE_LIST" ] && from=(-t trixie)
  apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${from[@]}" \
    docker.io docker-cli docker-compose docker-buildx iptables
  apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends debootstrap ca-certificates
}

another_runs() { local pid; for pid in $(pgrep -x dockerd); do is_daemon "$pid" && return; done; return 1; }

start_daemon() {
  mkdir -p "$STATE"
  if [ -d /run/systemd/system ]; then systemctl start docker; return; fi
  # There is no init system: start the daemon in its own session, with a log and a pid file.
  daemon_runs && return
  another_runs || rm -f /var/run/docker.pid /var/run/docker/containerd/containerd.pid
  setsid dockerd >>"$STATE/dockerd.log" 2>&1 </dev/null &
  echo $! > "$STATE/dockerd.pid"
}

if ! command -v dockerd >/dev/null || ! plugins_answer; then
  say "No Docker engine answers. Installing these Debian packages:"
  note "docker.io, docker-cli, docker-compose (v2), docker-buildx, debootstrap; about 400 MB"
  quietly "$ROOT/.build/logs/engine.log" "installing the engine" install_packages
fi
if ! engine_answers; then
  say "Starting the Docker daemon (log: $STATE/dockerd.log)"
  start_daemon
  wait_for 60 "the Docker daemon to answer" docker info
fi
plugins_answer || die "docker compose v2 and buildx do not answer after the installation; see $ROOT/.build/logs/engine.log"
