#!/bin/sh
# What the Redis image starts. The password goes in through a configuration on standard input:
# arguments can be read by every user of the machine.
set -eu
: "${REDIS_PASSWORD:?set it to the password of Redis, the one in REDIS_URL}"
case "$REDIS_PASSWORD" in
*[!A-Za-z0-9_-]*)
    echo "REDIS_PASSWORD may have letters, digits, - and _ only, because it stands in an address." >&2
    exit 1
    ;;
esac
exec redis-server - <<CONFIGURATION
bind ${LISTEN_ADDRESSES:-* -::*}
port 6379
requirepass $REDIS_PASSWORD
dir ${REDIS_DATA:-/var/lib/redis}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
CONFIGURATION
