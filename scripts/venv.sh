#!/usr/bin/env bash
# Creates .venv for developers: the packages of the platform and of the tests, with the pinned versions of requirements/dev.txt.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
python=""
for candidate in python3.11 python3.12 python3.13 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  if [ "$(id -u)" = 0 ] && grep -qsx 'ID=debian' /etc/os-release; then
    say "Installing Python for the tests from Debian's packages"
    quietly .build/logs/python.log "installing Python" bash -c 'apt-get -o DPkg::Lock::Timeout=300 update && DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends python3-venv python3-pip'
    python=python3
  else die "the tests need Python 3.11 or newer with venv: install it"; fi
fi
say "Creating .venv for the tests"
rm -rf .venv
"$python" -m venv .venv
quietly .build/logs/venv.log "installing the tests' packages" .venv/bin/pip install --disable-pip-version-check -r requirements/dev.txt
printf '%s\n' "$ROOT" > "$(.venv/bin/python -c 'import site; print(site.getsitepackages()[0])')/tillstream.pth"
touch .venv/ready
