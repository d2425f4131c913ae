#!/usr/bin/env bash
# Runs all tests, and first installs what is missing. They use a platform of their own: compose project tillstream-test, with its own ports,
# volumes and secrets. Arguments go to pytest. KEEP_COMPOSE=1 leaves that platform running afterwards.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
scripts/engine.sh
if ! command -v chromium >/dev/null; then
  if [ "$(id -u)" = 0 ] && grep -qsx 'ID=debian' /etc/os-release; then
    say "Installing Chromium for the browser tests from Debian's packages"
    install_chromium() { export DEBIAN_FRONTEND=noninteractive; apt-get -o DPkg::Lock::Timeout=300 update; apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends chromium; }
    quietly .build/logs/chromium.log "installing Chromium" install_chromium
  else
    quietly .build/logs/chromium.log "installing Chromium" .venv/bin/playwright install chromium
  fi
fi
scripts/secrets.sh
scripts/base_images.sh
say "Building the images (about 10 min on 2 cores the first time; later only the changed ones)"
scripts/build.sh
say "Running the tests"
# All of them side by side, on one platform; what must be alone comes last. Some of them, as they are named: one after another.
[ $# -gt 0 ] || set -- --numprocesses 3 --dist loadgroup --no-loadscope-reorder
exec .venv/bin/pytest "$@"
