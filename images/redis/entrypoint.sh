#!/bin/sh
# Creates the users from the secrets at each start: no password is in the image, on a command line or in the environment.
set -eu
hash() { printf %s "$(cat "/run/secrets/$1")" | sha256sum | cut -d' ' -f1; }
umask 077
{
  # Nobody can log in as the default user. But Redis replays its append-only file as this user, and without rights it would drop every
  # transaction in it.
  printf 'user default off resetpass ~* &* +@all\n'
  printf 'user writer on #%s ~* &* +@all -@dangerous +flushdb +info +keys\n' "$(hash redis_writer_password)"
  # Trino and the command line may only read the hot figures and the memory usage.
  printf 'user reader on #%s ~sales:* ~quality:* ~web:* ~inventory:* ~customers:* ~voice:* +@read +scan +ping +hello +auth +select +client -@dangerous +info\n' "$(hash redis_reader_password)"
  printf 'user superset on #%s ~superset:* ~_kombu* &* +@all -@dangerous +info +keys\n' "$(hash redis_superset_password)"
} > /tmp/users.acl
exec redis-server /opt/redis/redis.conf
