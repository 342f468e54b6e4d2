#!/usr/bin/env bash
# The keeper of the tests' PostgreSQL server: makes a cluster in FOLDER, serves it on a socket there, says that it is
# ready, and ends it when nobody holds a lock on USERS any more. If the keeper itself is killed, the kernel ends the server.
set -eu
folder=$1 users=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || bin=$(dirname "$(command -v postgres)")

# The server refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  user=nobody
  id postgres >/dev/null 2>&1 && user=postgres
  as=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups)
fi

rm -rf "$folder"
mkdir -m 700 "$folder"
[ "${#as[@]}" = 0 ] || chown "$user" "$folder"
cd "$folder"
trap 'rm -rf "$folder"' EXIT
"${as[@]}" "$bin/initdb" --pgdata "$folder/data" --username postgres --auth trust --encoding UTF8 --locale C.UTF-8 \
  --no-sync >&2
"${as[@]}" setpriv --pdeathsig INT "$bin/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off \
  -c full_page_writes=off -c max_connections=400 -c max_prepared_transactions=10 -c shared_buffers=64MB -c autovacuum=off >&2 &
server=$!
until "$bin/pg_isready" --quiet --host "$folder"; do
  kill -0 "$server"
  [ "$SECONDS" -lt 120 ]
  sleep 0.05
done
touch "$folder/ready"
echo ready
exec >/dev/null
while kill -0 "$server" 2>/dev/null; do
  sleep 1
  # Taken only when no test holds it; whoever comes now waits until this is over.
  exec 9>>"$users"
  if flock --exclusive --nonblock 9; then
    kill -INT "$server"
    wait "$server" || true
    exit 0
  fi
  exec 9>&-
done
