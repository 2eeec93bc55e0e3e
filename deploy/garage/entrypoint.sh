#!/bin/sh
# What the Garage image starts. Makes the bucket and a key for it alone, every time and before anybody
# else can connect; keys of earlier starts are removed: a new key is a new environment and a restart.
set -eu
: "${MINIO_ACCESS_KEY:?set it to GK and 24 hexadecimal digits}"
: "${MINIO_SECRET_KEY:?set it to 64 hexadecimal digits}"
bucket="${MINIO_BUCKET:-docuvault}"
data="${GARAGE_DATA:-/var/lib/garage}"
preparing=/tmp/preparing.toml
serving=/tmp/garage.toml
umask 077

# Garage's nodes know each other by it. There is one node; nobody else needs to know.
if [ ! -s "$data/rpc_secret" ]; then
    head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$data/rpc_secret.new"
    mv "$data/rpc_secret.new" "$data/rpc_secret"
fi

# configuration FILE ADDRESS
configuration() {
    cat >"$1" <<CONFIGURATION
metadata_dir = "$data/metadata"
data_dir = "$data/data"
db_engine = "sqlite"
metadata_fsync = true
data_fsync = true
replication_factor = 1
rpc_bind_addr = "127.0.0.1:3901"
rpc_public_addr = "127.0.0.1:3901"
rpc_secret = "$(cat "$data/rpc_secret")"

[s3_api]
api_bind_addr = "$2"
s3_region = "${MINIO_REGION:-us-east-1}"
CONFIGURATION
}
configuration "$preparing" 127.0.0.1:9001
configuration "$serving" "${LISTEN_ADDRESS:-[::]:9000}"
# For the health check alone. It has no token, so it changes nothing.
printf '\n[admin]\napi_bind_addr = "127.0.0.1:3903"\n' >>"$serving"
export RUST_LOG="${RUST_LOG:-warn}" NO_COLOR=1

garage() { command garage -c "$preparing" "$@"; }

(
    export GARAGE_DEFAULT_ACCESS_KEY="$MINIO_ACCESS_KEY" GARAGE_DEFAULT_SECRET_KEY="$MINIO_SECRET_KEY"
    export GARAGE_DEFAULT_BUCKET="$bucket"
    exec garage -c "$preparing" server --single-node --default-bucket
) &
preparation=$!
trap 'kill "$preparation" 2>/dev/null || true' EXIT
tries=0
until garage bucket info "$bucket" >/dev/null 2>&1; do
    if ! kill -0 "$preparation" 2>/dev/null || [ "$tries" -ge 150 ]; then
        echo "Garage could not be prepared. Its messages are above." >&2
        exit 1
    fi
    tries=$((tries + 1))
    sleep 0.2
done
# Garage gives its first key more than the application needs.
garage key deny --create-bucket "$MINIO_ACCESS_KEY" >/dev/null
garage bucket deny --owner "$bucket" --key "$MINIO_ACCESS_KEY" >/dev/null
for key in $(garage key list | tr ' \t' '\n\n' | grep '^GK'); do
    if [ "$key" != "$MINIO_ACCESS_KEY" ]; then garage key delete --yes "$key" >/dev/null; fi
done
kill "$preparation"
wait "$preparation" || true
trap - EXIT
rm "$preparing"

unset MINIO_ACCESS_KEY MINIO_SECRET_KEY
unset -f garage
exec garage -c "$serving" server --single-node
