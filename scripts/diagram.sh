#!/usr/bin/env bash
# Draws docs/diagrams/ from the topology and the contracts. Chromium makes the PNGs, with the font Liberation Sans, which is as wide as Arial.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
scripts/chromium.sh
if ! compgen -G '/usr/share/fonts/truetype/liberation*' >/dev/null && [ "$(id -u)" = 0 ] && grep -qsx 'ID=debian' /etc/os-release; then
  install_font() { export DEBIAN_FRONTEND=noninteractive; apt-get -o DPkg::Lock::Timeout=300 update; apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends fonts-liberation; }
  quietly .build/logs/fonts.log "installing the font of the pictures" install_font
fi
exec .venv/bin/python -m docgen.diagrams
