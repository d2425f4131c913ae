#!/usr/bin/env bash
# Makes the slides of docs/proposal/, and looks at them with Chromium and LibreOffice. First installs what is missing, where that can be done.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v soffice >/dev/null || missing+=(libreoffice-impress)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
fc-match Arial 2>/dev/null | grep -qE '^(Arial|Liberation)' || missing+=(fonts-liberation)
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && grep -qsx 'ID=debian' /etc/os-release; then
  say "Installing ${missing[*]} from Debian's packages"
  install_missing() { export DEBIAN_FRONTEND=noninteractive; apt-get -o DPkg::Lock::Timeout=300 update; apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"; }
  quietly .build/logs/slides.log "installing" install_missing
elif [[ " ${missing[*]} " == *" chromium "* ]]; then
  quietly .build/logs/slides.log "installing Chromium" .venv/bin/playwright install chromium
fi
exec .venv/bin/python -m docgen.slides
