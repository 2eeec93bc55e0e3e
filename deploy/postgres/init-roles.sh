#!/bin/sh
# Run once by the PostgreSQL image, when its data folder is new (/docker-entrypoint-initdb.d).
# Needs POSTGRES_APP_PASSWORD and POSTGRES_MIGRATE_PASSWORD; roles.sql lies in the folder that
# ROLES_DIR names.
set -eu
: "${POSTGRES_APP_PASSWORD:?set it to the password of docuvault_app}"
: "${POSTGRES_MIGRATE_PASSWORD:?set it to the password of docuvault_migrate}"
psql --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --file "${ROLES_DIR:-/etc/docuvault}/roles.sql"
