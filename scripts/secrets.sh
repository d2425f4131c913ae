#!/usr/bin/env bash
# Creates .env from .env.example, and generates each missing secret at random. Existing values are not changed.
. "$(dirname "$0")/lib.sh"

ENV_FILE="${1:-$ROOT/.env}"
if [ ! -e "$ENV_FILE" ]; then cp "$ROOT/.env.example" "$ENV_FILE"; fi
# Add the variables that a newer version of .env.example has.
[ -z "$(tail -c1 "$ENV_FILE")" ] || echo >> "$ENV_FILE"
grep -E '^[A-Z_]+=' "$ROOT/.env.example" | while IFS= read -r line; do grep -q "^${line%%=*}=" "$ENV_FILE" || printf '%s\n' "$line" >> "$ENV_FILE"; done
# The group of the Docker socket differs between hosts.
socket_group=$(stat -Lc %g /var/run/docker.sock 2>/dev/null || echo 0)
if ! grep -qx "DOCKER_GID=$socket_group" "$ENV_FILE"; then
  sed "s/^DOCKER_GID=.*/DOCKER_GID=$socket_group/" "$ENV_FILE" > "$ENV_FILE.new" && mv "$ENV_FILE.new" "$ENV_FILE"
fi

dir=$(sed -n 's/^SECRETS_DIR=//p' "$ENV_FILE")
case "$dir" in /*) ;; *) dir="$ROOT/${dir#./}" ;; esac
# Only the owner can enter the folder. The files are readable for all, because the users in the containers have other ids.
mkdir -p "$dir" && chmod 0700 "$dir"
for name in $(sed -n '/^secrets:/,$ s/^  \([a-z_]*\):.*/\1/p' "$ROOT/docker-compose.yml"); do
  [ -s "$dir/$name" ] && continue
  if [ "$name" = minio_root_user ]; then value="tillstream-$(head -c 4 /dev/urandom | od -An -tx1 | tr -d ' \n')"
  else value=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'); fi
  (umask 077; printf '%s' "$value" > "$dir/$name.new"); chmod 0444 "$dir/$name.new"; mv "$dir/$name.new" "$dir/$name"
done
