#!/usr/bin/env bash
# A PostgreSQL server that speaks TLS only: makes certificates and a cluster in FOLDER and serves it on PORT of the
# loopback address. It becomes the server itself, which ends with whoever started it.
set -eu
folder=$1 port=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || bin=$(dirname "$(command -v postgres)")

# The server refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  user=nobody
  id postgres >/dev/null 2>&1 && user=postgres
  as=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups)
  chown "$user" "$folder"
fi
cd "$folder"
data=$folder/data
"${as[@]}" "$bin/initdb" --pgdata "$data" --username postgres --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync >&2
authority=(-subj "/CN=authority of the tests" -keyout "$data/ca.key" -out "$data/ca.crt")
"${as[@]}" openssl req -new -x509 -days 2 -nodes "${authority[@]}" 2>/dev/null
"${as[@]}" openssl req -new -nodes -subj /CN=localhost -keyout "$data/server.key" -out "$data/server.csr" 2>/dev/null
echo "subjectAltName=DNS:localhost" | "${as[@]}" tee "$data/names" >/dev/null
"${as[@]}" openssl x509 -req -in "$data/server.csr" -CA "$data/ca.crt" -CAkey "$data/ca.key" -CAcreateserial -days 1 \
  -extfile "$data/names" -out "$data/server.crt" 2>/dev/null
cp "$data/ca.crt" "$folder/ca.crt"
chmod 644 "$folder/ca.crt"
echo "hostssl all all 127.0.0.1/32 trust" | "${as[@]}" tee "$data/pg_hba.conf" >/dev/null
exec "${as[@]}" setpriv --pdeathsig INT "$bin/postgres" -D "$data" -k "$folder" -c listen_addresses=127.0.0.1 \
  -c "port=$port" -c ssl=on -c fsync=off -c shared_buffers=16MB >&2
