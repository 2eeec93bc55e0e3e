#!/bin/sh
# While it loads its data, Redis answers with something else.
[ "$(REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli ping)" = PONG ]
