#!/bin/sh
# What the PostgreSQL image starts. Makes the data folder if it is new and the two roles every time,
# with the passwords of the environment, before anybody else can connect: a new password is a new
# environment and a restart. Arguments go to postgres: -c shared_buffers=512MB.
set -eu
PGDATA="${PGDATA:-/var/lib/postgresql/data}"
# The only writable place besides the data.
PGHOST=/tmp
export PGDATA PGHOST

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    # Beside it: a first start that is cut short leaves nothing that looks whole.
    rm -rf "$PGDATA.new"
    # The superuser has no password and comes in over the socket in this container alone.
    initdb --pgdata="$PGDATA.new" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
        --auth-local=peer --auth-host=scram-sha-256
    echo "host docuvault docuvault_app,docuvault_migrate all scram-sha-256" >>"$PGDATA.new/pg_hba.conf"
    mv "$PGDATA.new" "$PGDATA"
fi

pg_ctl --silent --wait --timeout=300 --options="-c listen_addresses= -k $PGHOST" start
made=0
sh "${ROLES_DIR:-/etc/docuvault}/init-roles.sh" || made=$?
pg_ctl --silent --wait --mode=fast stop
if [ "$made" -ne 0 ]; then exit "$made"; fi

unset POSTGRES_APP_PASSWORD POSTGRES_MIGRATE_PASSWORD
exec postgres -c "listen_addresses=${LISTEN_ADDRESSES:-*}" -k "$PGHOST" "$@"
