#!/usr/bin/env bash
# Runs all tests, and first installs what is missing. They use a platform of their own: compose project tillstream-test, with its own ports,
# volumes and secrets. Arguments go to pytest. KEEP_COMPOSE=1 leaves that platform running afterwards.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
scripts/engine.sh
scripts/chromium.sh
scripts/secrets.sh
scripts/base_images.sh
say "Building the images (about 10 min on 2 cores the first time; later only the changed ones)"
scripts/build.sh
say "Running the tests"
# All of them side by side, on one platform; what must be alone comes last. Some of them, as they are named: one after another.
[ $# -gt 0 ] || set -- --numprocesses 3 --dist loadgroup --no-loadscope-reorder
exec .venv/bin/pytest "$@"
