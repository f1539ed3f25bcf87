#!/usr/bin/env bash
# Runs a command beside a fresh PostgreSQL 15 that listens on a local socket only and goes away afterwards.
# The command finds it in JINGZHONG_TEST_DSN.
set -euo pipefail

bin=/usr/lib/postgresql/15/bin
# Memory-backed where there is such a folder: the suite makes a schema a test.
if [ -d /dev/shm ]; then dir=$(mktemp -d -p /dev/shm); else dir=$(mktemp -d); fi
as=()
if [ "$(id -u)" -eq 0 ]; then # PostgreSQL refuses to run as root
  chown postgres "$dir"
  as=(runuser -u postgres --)
fi
stop() {
  (cd / && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$dir"
}
trap stop EXIT
cd / # the server's user may not see the current folder
"${as[@]}" "$bin/initdb" -D "$dir/data" -U jingzhong -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
"${as[@]}" "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w \
  -o "-c listen_addresses='' -c unix_socket_directories='$dir' -c max_connections=400 -c max_locks_per_transaction=256" start >/dev/null
cd - >/dev/null
JINGZHONG_TEST_DSN="host=$dir user=jingzhong dbname=postgres" "$@"
