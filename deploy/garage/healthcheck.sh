#!/bin/sh
exec wget -q -O /dev/null http://127.0.0.1:3903/health
