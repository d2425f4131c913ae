#!/usr/bin/env bash
# Installs Chromium, if it is missing, for the browser tests and the diagrams.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
if command -v chromium >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && grep -qsx 'ID=debian' /etc/os-release; then
  say "Installing Chromium from Debian's packages"
  install_chromium() { export DEBIAN_FRONTEND=noninteractive; apt-get -o DPkg::Lock::Timeout=300 update; apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends chromium; }
  quietly .build/logs/chromium.log "installing Chromium" install_chromium
else
  quietly .build/logs/chromium.log "installing Chromium" .venv/bin/playwright install chromium
fi
