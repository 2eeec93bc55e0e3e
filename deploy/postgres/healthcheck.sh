#!/bin/sh
# Over TCP, which is open only when the roles are made.
exec pg_isready --quiet --host=127.0.0.1
