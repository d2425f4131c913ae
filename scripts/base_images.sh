#!/usr/bin/env bash
# Gets the two Debian base images: pulls them from a registry, or builds them with debootstrap where none answers.
# Copies the host's own CA certificates to .build/ca. Every image build adds them, for networks with a company's proxy or mirror.
. "$(dirname "$0")/lib.sh"

mkdir -p "$ROOT/.build/ca"
find "$ROOT/.build/ca" -type f -delete
for crt in /usr/local/share/ca-certificates/*.crt ${COMPANY_CA:-}; do
  [ -e "$crt" ] && cp "$crt" "$ROOT/.build/ca/"
done
printf 'Certificates of the host, for builds behind a company CA.\n' > "$ROOT/.build/ca/README"

make_base() {
  local suite=$1 dir
  dir=$(mktemp -d "/var/tmp/tillstream-$suite.XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$dir'" RETURN
  debootstrap --variant=minbase "$suite" "$dir"
  rm -rf "$dir"/var/cache/apt/archives/*.deb "$dir"/var/lib/apt/lists/* "$dir"/usr/share/doc/* "$dir"/usr/share/man/* "$dir"/usr/share/locale/*
  mkdir -p "$dir/usr/share/man/man1"
  tar -C "$dir" -c . | docker import --change 'CMD ["bash"]' - "debian:$suite-slim"
}

for suite in trixie bookworm; do
  image="debian:$suite-slim"
  docker image inspect "$image" >/dev/null 2>&1 && continue
  say "Getting the base image $image"
  if timeout 120 docker pull -q "$image" >/dev/null 2>&1; then continue; fi
  command -v debootstrap >/dev/null || die "$image cannot be pulled, and debootstrap is not installed to build it: check the network, or install debootstrap"
  [ "$(id -u)" = 0 ] || die "$image cannot be pulled, and building it with debootstrap needs root: check the network, or run this as root"
  note "it cannot be pulled; building it from Debian's packages"
  quietly "$ROOT/.build/logs/base-$suite.log" "building $image" make_base "$suite"
done
