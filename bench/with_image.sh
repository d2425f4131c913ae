#!/usr/bin/env bash
# Builds the image tillstream/NAME:dev of a measurement from bench/NAME, and runs `python -m bench.NAME`: bench/with_image.sh peers --rounds 3.
. "$(dirname "$0")/../scripts/lib.sh"
cd "$ROOT"
name="$1"
shift
scripts/engine.sh
scripts/base_images.sh
[ -e .venv/ready ] || scripts/venv.sh
quietly ".build/logs/build-$name.log" "building the image of the $name" docker build --progress plain --build-context ca=.build/ca --tag "tillstream/$name:dev" "bench/$name"
exec .venv/bin/python -u -m "bench.$name" "$@"
